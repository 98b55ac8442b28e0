package reports

import (
	"fmt"
	"slices"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// Sentence says what the counts are.
func (c Counts) Sentence() string {
	return fmt.Sprintf("Judged %d of %s: %d failed, %d advisory, %d waived, %d passed; %d skipped, %d blocked.",
		c.Pass+c.Fail, show.Plural(c.Total(), "requirement"), c.Failed(), c.Advisory, c.Waived, c.Pass, c.Skip, c.Blocked)
}

// ReasonGroup is the requirements that were not judged for the same reason.
type ReasonGroup struct {
	Reason string
	IDs    []string
}

// ByReason groups what was skipped, or what was blocked, in the order of the results.
func (r *Report) ByReason(verdict Verdict) []ReasonGroup {
	var groups []ReasonGroup
	index := map[string]int{}
	for _, result := range r.Results {
		if result.Verdict != verdict {
			continue
		}
		reason := result.Because()
		at, found := index[reason]
		if !found {
			at = len(groups)
			index[reason] = at
			groups = append(groups, ReasonGroup{Reason: reason})
		}
		groups[at].IDs = append(groups[at].IDs, result.Requirement.ID)
	}
	return groups
}

// Remark is a sentence, and the requirement that it is about, if it is about one.
type Remark struct{ Requirement, Text string }

// UnstableRemarks are the differences between reads that did not persist, each once: with the requirement that met it where
// one did.
func (r *Report) UnstableRemarks() []Remark {
	var remarks []Remark
	seen := map[string]bool{}
	for _, result := range r.Results {
		for _, sentence := range result.Unstable {
			seen[sentence], seen[result.Requirement.ID+": "+sentence] = true, true
			remarks = append(remarks, Remark{result.Requirement.ID, sentence})
		}
	}
	for _, sentence := range r.Unstable {
		if !seen[sentence] {
			remarks = append(remarks, Remark{"", sentence})
		}
	}
	return remarks
}

// UnstableLines are the same in a line each.
func (r *Report) UnstableLines() []string {
	return show.Each(r.UnstableRemarks(), func(remark Remark) string {
		if remark.Requirement == "" {
			return remark.Text
		}
		return remark.Requirement + ": " + remark.Text
	})
}

// AreaTitle is the title of an area; empty of one that the report does not name.
func (r *Report) AreaTitle(name string) string {
	for _, area := range r.Areas {
		if area.Name == name {
			return area.Title
		}
	}
	return ""
}

// Section is an area with those of its requirements that were selected.
type Section struct {
	requirement.Area
	Results []Result
}

// Sections are the areas that have results, in catalogue order. A result of an area that the report doesn't name is
// kept under the area's own name: nothing that was selected may be missing.
func (r *Report) Sections() []Section {
	var all []Section
	index := map[string]int{}
	for _, area := range r.Areas {
		index[area.Name] = len(all)
		all = append(all, Section{Area: area})
	}
	for _, result := range r.Results {
		i, found := index[result.Requirement.Area]
		if !found {
			i = len(all)
			index[result.Requirement.Area] = i
			all = append(all, Section{Area: requirement.Area{Name: result.Requirement.Area, Title: result.Requirement.Area}})
		}
		all[i].Results = append(all[i].Results, result)
	}
	return slices.DeleteFunc(all, func(s Section) bool { return len(s.Results) == 0 })
}
