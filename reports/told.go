package reports

import "fmt"

// sentence says what the counts are.
func (c Counts) sentence() string {
	return fmt.Sprintf("Judged %d of %s: %d failed, %d advisory, %d waived, %d passed; %d skipped, %d blocked.",
		c.Pass+c.Fail, plural(c.Total(), "requirement"), c.Failed(), c.Advisory, c.Waived, c.Pass, c.Skip, c.Blocked)
}

// reasonGroup is the requirements that were not judged for the same reason.
type reasonGroup struct {
	reason string
	ids    []string
}

// byReason groups what was skipped, or what was blocked, in the order of the results.
func (r *Report) byReason(verdict Verdict) []reasonGroup {
	var groups []reasonGroup
	index := map[string]int{}
	for _, result := range r.Results {
		if result.Verdict != verdict {
			continue
		}
		reason := because(result)
		at, found := index[reason]
		if !found {
			at = len(groups)
			index[reason] = at
			groups = append(groups, reasonGroup{reason: reason})
		}
		groups[at].ids = append(groups[at].ids, result.Requirement.ID)
	}
	return groups
}

// unstable are the differences between reads that did not persist, with the requirement that met them where one did.
func (r *Report) unstable() []string {
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
