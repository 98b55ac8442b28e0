package run

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Seen is what a run saw of an endpoint's library, licences and settings, so that they can be served again.
type Seen struct {
	Total            int      // how many drives the library has
	Drives, Licences []string // definitions, each as JSON: of the drives, no more than were asked for, those first that tell most
	DefaultLimit     int      // 0 where it was not seen
	CloneNaming      string   // empty where it was not seen
	Filters          []UntoldFilter
}

// UntoldFilter is a wrong way to filter that the library has no drives to tell from the right one, with what it lacks and what
// would tell it, in which a % stands for the filter's field.
type UntoldFilter struct{ Filter, Way, Lacks, Opens string }

// errNothingSeen says that there is no library to serve again.
var errNothingSeen = errors.New("the run saw no list of the library")

// Seen is what the run saw. Of a library of more drives than most, those are there that tell most. It has to be called
// before Close.
func (r *Result) Seen(most int) (*Seen, error) {
	if r.runner == nil {
		return nil, errNothingSeen
	}
	return r.runner.seen(most)
}

func (r *runner) seen(most int) (*Seen, error) {
	var seen *Seen
	// Each in an evaluation of its own: where one of them was not asked for, the others are there all the same.
	r.evaluator.Evaluate("", func(lib *judge.Library) {
		found := &Seen{Total: len(material.Distinct(lib))}
		for _, drive := range material.Foremost(lib, most) {
			found.Drives = append(found.Drives, drive.JSON().Raw)
		}
		for _, spot := range material.BlindSpots(lib) {
			found.Filters = append(found.Filters, UntoldFilter(spot))
		}
		seen = found
	}, 1, true)
	if seen == nil {
		return nil, errNothingSeen
	}
	r.evaluator.Evaluate("", func(lib *judge.Library) {
		for _, licence := range lib.ListAt(judge.LicensesPath, "", "GET /"+judge.LicensesPath).Drives {
			seen.Licences = append(seen.Licences, licence.JSON().Raw)
		}
	}, 1, true)
	r.evaluator.Evaluate("", func(lib *judge.Library) {
		limit, _ := judge.WholeNumber(lib.PublishedSchema().JSON().Get("default_limit"))
		seen.DefaultLimit = int(min(max(limit, 0), 1<<20))
	}, 1, true)
	for _, x := range r.evaluator.Record.All() {
		if x.Request.Method != http.MethodGet || !strings.HasSuffix(x.Request.Path(), "/profile/") || x.Status() != http.StatusOK {
			continue
		}
		if profile := bodyOf(x); evidence.CheckSyntax(profile, judge.MaxDepth) == nil { // as for every body that is looked into
			seen.CloneNaming = gjson.GetBytes(profile, "clone_naming").String()
		}
	}
	return seen, nil
}
