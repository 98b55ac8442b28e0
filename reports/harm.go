package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// Harm is what a request of the run did to the library that a sound endpoint does not let it do, and that the run can't
// undo by cleaning up. It is reported before anything else.
type Harm struct {
	Kind         evidence.HarmKind      `json:"kind"`
	UUID         string                 `json:"uuid"` // of the library drive
	Name         string                 `json:"name"`
	Method       string                 `json:"method"` // of the request that was carried out
	Path         string                 `json:"path"`
	Returned     evidence.Returned      `json:"returned"`       // of a drive that was edited
	Requirements []string               `json:"requirements"`   // that fail for it, the one that shows it first
	More         []evidence.HarmedDrive `json:"more,omitempty"` // the other library drives to which the request did the same
	Exchange     *evidence.Exchange     `json:"-"`
}

// String says what was done, to which drive and by what, in one line.
func (h Harm) String() string {
	drive := fmt.Sprintf("the library drive %s %q%s", show.Brief(h.UUID, show.MostName), show.Brief(h.Name, show.MostName), h.more())
	path := show.Brief(h.Path, show.MostSentence)
	if h.UUID != "" {
		path = strings.Replace(path, h.UUID, "LIB", 1)
	}
	request := show.Brief(h.Method, show.MostName) + " " + path
	refused := ": the endpoint carried out " + request + ", which it has to refuse"
	switch h.Kind {
	case evidence.HarmDeleted:
		return "this run deleted " + drive + refused
	case evidence.HarmDeletedWithServer:
		return "this run deleted " + drive + ": the endpoint carried out " + request + " on the library too, which it has to spare"
	case evidence.HarmUnlisted:
		return "this run took " + drive + " off the list" + refused
	case evidence.HarmAdded:
		return "this run added " + drive + refused
	}
	text := "this run edited " + drive + refused
	switch h.Returned {
	case evidence.GivenBack:
		return text + "; its old definition was given back, and the drive is as it was"
	case evidence.NotAccepted:
		return text + "; the endpoint did not take its old definition back, and the drive is not as it was"
	}
	return text
}

// more says to how many other drives the request did the same, and names some.
func (h Harm) more() string {
	const named = 3
	if len(h.More) == 0 {
		return ""
	}
	text := fmt.Sprintf(" and %s (", show.Plural(len(h.More), "other library drive"))
	for i, d := range h.More[:min(len(h.More), named)] {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s %q", show.Brief(d.UUID, show.MostName), show.Brief(d.Name, show.MostName))
	}
	if len(h.More) > named {
		text += fmt.Sprintf(" and %d more", len(h.More)-named)
	}
	return text + ")"
}

// HarmLines are what is to be said of harm, a line each.
func (r *Report) HarmLines() []string { return show.Each(r.Harm, Harm.String) }

// harmFails reports whether harm fails the run: unless each is shown by a failure that a waiver puts up with.
func (r *Report) harmFails() bool {
	return slices.ContainsFunc(r.Harm, func(h Harm) bool {
		return !slices.ContainsFunc(r.Results, func(result Result) bool {
			return result.Verdict == Fail && result.Waived != nil && slices.Contains(h.Requirements, result.Requirement.ID)
		})
	})
}
