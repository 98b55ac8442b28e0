package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// AreaSum is what a matrix says of the requirements of one area.
type AreaSum struct {
	requirement.Area
	Faults       int      // faults that break one of them
	Requirements int      // how many there are
	Killed       int      // of these, those that some fault made fail
	Alone        int      // of these, those that some fault made fail alone
	Unkilled     []string // those that no fault made fail, where all faults were asked for
}

// AreaSums adds the matrix up by area. Where only some faults were asked for, areas that none of them is about are left
// out.
func (m *Matrix) AreaSums() []AreaSum {
	killed, alone, _ := m.killed()
	unkilled := m.Unkilled()
	var sums []AreaSum
	for _, area := range m.Areas {
		sum := AreaSum{Area: area}
		for _, r := range m.Requirements {
			if r.Area != area.Name {
				continue
			}
			sum.Requirements++
			if killed[r.ID] {
				sum.Killed++
			}
			if alone[r.ID] {
				sum.Alone++
			}
			if slices.Contains(unkilled, r.ID) {
				sum.Unkilled = append(sum.Unkilled, r.ID)
			}
		}
		for _, f := range m.Faults {
			if slices.ContainsFunc(f.Breaks, func(id string) bool { return strings.HasPrefix(id, area.Name+"-") }) {
				sum.Faults++
			}
		}
		if sum.Faults > 0 || sum.Killed > 0 || !m.Partial {
			sums = append(sums, sum)
		}
	}
	return sums
}

// Outcome is what became of one requirement under a fault.
type Outcome struct{ ID, Mark string }

// The marks of an outcome.
const (
	MarkKilled     = "killed"
	MarkSurvived   = "survived"
	MarkNotJudged  = "not judged"
	markCollateral = "collateral"
	markMisblamed  = "misblamed"
)

// Outcomes are those of the requirements that the fault breaks, as it declares them, and then the collateral and what
// was not judged for a wrong cause.
func (f FaultOutcome) Outcomes() []Outcome {
	var list []Outcome
	for _, id := range f.Breaks {
		mark := MarkNotJudged
		switch {
		case slices.Contains(f.Killed, id):
			mark = MarkKilled
		case slices.Contains(f.Survived, id):
			mark = MarkSurvived
		}
		list = append(list, Outcome{id, mark})
	}
	for _, id := range f.Collateral {
		list = append(list, Outcome{id, markCollateral})
	}
	for _, id := range f.Misblamed {
		list = append(list, Outcome{id, markMisblamed})
	}
	return list
}

// OutcomesText names the outcomes in one line; what was killed, which is what should be, goes without saying.
func OutcomesText(outcomes []Outcome, emphasis func(string) string) string {
	parts := make([]string, len(outcomes))
	for i, o := range outcomes {
		parts[i] = o.ID
		if o.Mark != MarkKilled {
			parts[i] = emphasis(o.Mark + " " + o.ID)
		}
	}
	return strings.Join(parts, ", ")
}

// Outcomes are those of the requirements that were held against the variant.
func (v VariantOutcome) Outcomes() []string {
	var parts []string
	for _, id := range v.Failed {
		parts = append(parts, "failed "+id)
	}
	for _, id := range v.Blocked {
		parts = append(parts, "blocked "+id)
	}
	for _, id := range v.Skipped {
		parts = append(parts, "skipped "+id)
	}
	return parts
}

// Problem is a fault or variant that did not come out as it should.
type Problem struct {
	Name, Why string
	Summary   string // the outcomes in one line
	Lines     []string
	NotJudged bool // it came to nothing that could be right or wrong
}

// Problems are all of them, faults first.
func (m *Matrix) Problems() []Problem {
	var list []Problem
	plainly := func(text string) string { return text }
	for _, f := range m.Faults {
		if f.Caught() {
			continue
		}
		p := Problem{f.Name, show.OneLine(f.Why), OutcomesText(f.Outcomes(), plainly), detailLines(f.Problem, f.Detail), !f.Wrong()}
		if len(f.Breaks) == 0 {
			p.Lines = append(p.Lines, "it declares no requirement that it breaks")
		}
		list = append(list, p)
	}
	for _, v := range m.Variants {
		if !v.Clean() {
			list = append(list, Problem{v.Name, show.OneLine(v.Why), strings.Join(v.Outcomes(), ", "), detailLines(v.Problem, v.Detail), !v.Wrong()})
		}
	}
	return list
}

func detailLines(problem, detail string) []string {
	var lines []string
	for _, text := range []string{problem, detail} {
		if strings.TrimSpace(text) != "" {
			lines = append(lines, show.VisibleLines(text)...)
		}
	}
	return lines
}

// Figure is a line of the score: what is counted, how many there are and, where there are only so many, of how many.
type Figure struct {
	Name  string
	Count string
	Good  bool
}

// Figures are the score in the order in which it is reported.
func (m *Matrix) Figures() []Figure {
	s := m.Score()
	of := func(n, all int) string { return fmt.Sprintf("%d of %d", n, all) }
	requirements := Figure{"requirements that some fault makes fail", of(s.RequirementsKilled, s.Requirements), s.RequirementsKilled == s.Requirements}
	if m.Partial {
		requirements.Count, requirements.Good = fmt.Sprint(s.RequirementsKilled), true
	}
	figures := []Figure{
		{"faults killed", of(s.FaultsKilled, s.Faults), s.FaultsKilled == s.Faults},
		requirements,
		{"of these, those that some fault makes fail alone", fmt.Sprint(s.KilledAlone), true},
		{"failures beside the declared ones", fmt.Sprint(s.Collateral), s.Collateral == 0},
		{"requirements not judged for a cause that did not fail", fmt.Sprint(s.Misblamed), s.Misblamed == 0},
		{"variants on which nothing fails", of(s.VariantsClean, s.Variants), s.VariantsClean == s.Variants},
		{"false failures on variants", fmt.Sprint(s.FalseFailures), s.FalseFailures == 0},
	}
	if s.NotJudged > 0 {
		figures = append(figures, Figure{"faults and variants not judged", fmt.Sprint(s.NotJudged), false})
	}
	return figures
}

// Conclusion is the whole matrix in one sentence.
func (m *Matrix) Conclusion() string {
	switch {
	case m.OK() && m.Partial:
		return "All that was asked for is as it should be; the rest was not tested."
	case m.OK():
		return "The suite catches every fault, and accuses nobody who is sound."
	}
	if n := m.Score().NotJudged; !m.Wrong() && n > 0 {
		return fmt.Sprintf("Of what was judged all is as it should be; faults and variants not judged: %d.", n)
	}
	return "The suite is not as it should be."
}
