package reports

import (
	"fmt"

	"github.com/libdrives/conformance/reports/internal/show"
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

// UnstableLines are the differences between reads that did not persist, with the requirement that met them where one did.
func (r *Report) UnstableLines() []string {
	var lines []string
	told := map[string]bool{}
	for _, result := range r.Results {
		for _, sentence := range result.Unstable {
			told[sentence] = true
			lines = append(lines, result.Requirement.ID+": "+sentence)
		}
	}
	for _, sentence := range r.Unstable {
		if !told[sentence] {
			lines = append(lines, sentence)
		}
	}
	return lines
}
