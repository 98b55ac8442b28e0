package waivers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/reports/yamlfile"
	"github.com/libdrives/conformance/suites/requirement"
)

// clientKeys are the keys of a waiver of a client.
func clientKeys() []string { return []string{"name", "reason", "until"} }

// ParseClient reads waivers of a client from YAML: a list of mappings with the keys name, of a variant or of a rule, reason and
// until. known are the names that there are. The error tells all that is wrong at once, a line each with its place.
func ParseClient(file string, text []byte, known []string) ([]reports.ClientWaiver, error) {
	entries, err := waiverEntries(file, text, "name: chunked")
	if err != nil {
		return nil, err
	}
	var errs []error
	var waivers []reports.ClientWaiver
	for _, entry := range entries {
		pairs := yamlfile.Pairs(entry)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a waiver: give name, reason and until, such as `- name: chunked`", file, yamlfile.Line(entry)))
			continue
		}
		var w reports.ClientWaiver
		lines, mistakes := readKeys(pairs, clientKeys(), []*string{&w.Name, &w.Reason, &w.Until})
		w.Name, w.Reason, w.Until = strings.TrimSpace(w.Name), show.OneLine(w.Reason), strings.TrimSpace(w.Until)
		for _, m := range clientMistakes(w, waivers, known) {
			if !slices.ContainsFunc(mistakes, func(known reports.Mistake) bool { return known.Key == m.Key }) {
				mistakes = append(mistakes, m)
			}
		}
		for _, m := range mistakes {
			line := m.Line
			if line == 0 {
				line = lines[m.Key]
			}
			if line == 0 {
				line = yamlfile.Line(pairs[0].Key)
			}
			errs = append(errs, fmt.Errorf("%s:%d: %s", file, line, m.Text))
		}
		waivers = append(waivers, w)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return waivers, nil
}

// clientMistakes are those of a waiver that follows others.
func clientMistakes(w reports.ClientWaiver, before []reports.ClientWaiver, known []string) []reports.Mistake {
	var found []reports.Mistake
	note := func(key, format string, values ...any) {
		found = append(found, reports.Mistake{Key: key, Text: fmt.Sprintf(format, values...)})
	}
	switch {
	case w.Name == "":
		note("name", "the waiver names nothing: give the name of a variant or a rule, such as chunked or content-type")
	case !slices.Contains(known, w.Name):
		note("name", "%v", &requirement.UnknownNameError{Kind: "variant or rule", Name: w.Name, Nearest: requirement.Nearest(w.Name, known), Hint: "client --list shows them"})
	case slices.ContainsFunc(before, func(other reports.ClientWaiver) bool { return other.Name == w.Name }):
		note("name", "%s is waived twice: leave one out", w.Name)
	}
	if w.Reason == "" {
		note("reason", "the waiver of %s has no reason: say why it is put up with", show.Visible(w.Name))
	}
	if _, err := time.Parse(time.DateOnly, w.Until); err != nil {
		note("until", "until is %q: give the last day on which it is put up with, such as 2027-01-31", w.Until)
	}
	return found
}
