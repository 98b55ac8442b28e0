package waivers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// clientKeys are the keys of a waiver of a client.
func clientKeys() []string { return []string{"name", "reason", "until"} }

// ParseClient reads waivers of a client from YAML: a list of mappings with the keys name, of a variant or of a rule, reason and
// until. known are the names that there are. The error tells all that is wrong at once, a line each with its place.
func ParseClient(file string, text []byte, known []string) ([]reports.ClientWaiver, error) {
	return readAll(form[reports.ClientWaiver]{
		keys: clientKeys(), needed: "name, reason and until", such: "name: chunked",
		fields: func(w *reports.ClientWaiver) []*string { return []*string{&w.Name, &w.Reason, &w.Until} },
		mistakes: func(w reports.ClientWaiver, before []reports.ClientWaiver) []reports.Mistake {
			return clientMistakes(tidiedClient(w), before, known)
		},
		tidied: tidiedClient,
	}, file, text)
}

func tidiedClient(w reports.ClientWaiver) reports.ClientWaiver {
	w.Name, w.Reason, w.Until = strings.TrimSpace(w.Name), show.OneLine(w.Reason), strings.TrimSpace(w.Until)
	return w
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
