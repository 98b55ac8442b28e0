package reports

import (
	"slices"
	"time"

	"github.com/libdrives/conformance/suites/requirement"
)

// Matrix is what a selftest found: each fault of the reference endpoint against the requirements that it breaks, and
// each variant, on which nothing may fail.
type Matrix struct {
	Tool         Tool
	Requirements []requirement.Requirement // the whole catalogue, in order
	Areas        []requirement.Area
	Faults       []FaultOutcome   // in the order of their declaration
	Variants     []VariantOutcome // likewise
	Started      time.Time
	Duration     time.Duration
	Partial      bool // only some faults or variants were asked for, so that nothing is said of requirements without one
}

// FaultOutcome is a run against one fault.
type FaultOutcome struct {
	Name       string
	Why        string        // what goes wrong and why it matters to a user
	Breaks     []string      // the requirements that should fail
	Killed     []string      // of these, those that did
	Survived   []string      // of these, those that were judged and did not
	NotJudged  []string      // of these, those that the run did not come to: it was interrupted, or its time was over
	Collateral []string      // requirements that failed and should not
	Misblamed  []string      // requirements that were not judged, for a cause that is none of what failed
	Problem    string        // why the fault could not be judged at all
	Duration   time.Duration // of the run
	Detail     string        // what was found of survivors and collateral, for a developer
}

// Caught reports whether the fault made exactly what it breaks fail, and nothing else is blamed for what it kept from being
// judged.
func (f FaultOutcome) Caught() bool {
	return f.Problem == "" && len(f.Survived) == 0 && len(f.NotJudged) == 0 && len(f.Collateral) == 0 && len(f.Misblamed) == 0 && len(f.Killed) > 0
}

// Wrong reports whether the fault was judged, and did not come out as it should.
func (f FaultOutcome) Wrong() bool {
	return !f.Caught() && (len(f.Survived)+len(f.Collateral)+len(f.Misblamed) > 0 || f.Problem == "" && len(f.NotJudged) == 0)
}

// VariantOutcome is a run against one variant.
type VariantOutcome struct {
	Name     string
	Why      string
	Failed   []string // requirements that failed, each a false accusation
	Blocked  []string // requirements that could not be judged though nothing is wrong, and that may not be blocked on it
	Skipped  []string // requirements that were skipped and may not be on it
	Problem  string
	Duration time.Duration
	Detail   string
}

// Clean reports whether nothing was held against the variant.
func (v VariantOutcome) Clean() bool {
	return v.Problem == "" && len(v.Failed) == 0 && len(v.Blocked) == 0 && len(v.Skipped) == 0
}

// Wrong reports whether something was held against the variant.
func (v VariantOutcome) Wrong() bool { return len(v.Failed)+len(v.Blocked)+len(v.Skipped) > 0 }

// Score adds a matrix up.
type Score struct {
	Faults             int `json:"faults"`
	FaultsKilled       int `json:"faults_killed"` // those of which every broken requirement failed
	Requirements       int `json:"requirements"`
	RequirementsKilled int `json:"requirements_killed"`       // those that some fault made fail
	KilledAlone        int `json:"requirements_killed_alone"` // those that some fault made fail alone
	NotJudged          int `json:"not_judged"`                // faults and variants of which the run ended too early to say anything
	Collateral         int `json:"collateral"`                // failures outside the declared ones
	Misblamed          int `json:"misblamed"`                 // requirements not judged for a cause that is none of what failed
	Variants           int `json:"variants"`
	VariantsClean      int `json:"variants_clean"`
	FalseFailures      int `json:"false_failures"` // failures on variants
}

// Score adds the matrix up.
func (m *Matrix) Score() Score {
	s := Score{Faults: len(m.Faults), Requirements: len(m.Requirements), Variants: len(m.Variants)}
	for _, f := range m.Faults {
		switch {
		case f.Problem == "" && len(f.Survived) == 0 && len(f.NotJudged) == 0 && len(f.Killed) > 0:
			s.FaultsKilled++
		case !f.Wrong():
			s.NotJudged++
		}
		s.Collateral += len(f.Collateral)
		s.Misblamed += len(f.Misblamed)
	}
	killed, alone, _ := m.killed()
	s.RequirementsKilled, s.KilledAlone = len(killed), len(alone)
	for _, v := range m.Variants {
		switch {
		case v.Clean():
			s.VariantsClean++
		case !v.Wrong():
			s.NotJudged++
		}
		s.FalseFailures += len(v.Failed)
	}
	return s
}

// killed are the requirements that some fault made fail, and those that one made fail alone; unkilled are those that
// none did, in catalogue order.
func (m *Matrix) killed() (killed, alone map[string]bool, unkilled []string) {
	killed, alone = map[string]bool{}, map[string]bool{}
	for _, f := range m.Faults {
		for _, id := range f.Killed {
			killed[id] = true
			if len(f.Killed) == 1 && len(f.Collateral) == 0 {
				alone[id] = true
			}
		}
	}
	for _, r := range m.Requirements {
		if !killed[r.ID] {
			unkilled = append(unkilled, r.ID)
		}
	}
	return killed, alone, unkilled
}

// Unkilled are the requirements that no fault made fail, in catalogue order. Where only some faults were asked for,
// nothing is said of them, and so it is of what a fault breaks that was not judged.
func (m *Matrix) Unkilled() []string {
	if m.Partial {
		return nil
	}
	_, _, unkilled := m.killed()
	return slices.DeleteFunc(unkilled, func(id string) bool {
		return slices.ContainsFunc(m.Faults, func(f FaultOutcome) bool { return !f.Caught() && !f.Wrong() && slices.Contains(f.Breaks, id) })
	})
}

// OK reports whether the suite catches what it should and nothing else: every fault killed, no collateral, no false
// failure on a variant, and, unless only some were asked for, no requirement without a fault.
func (m *Matrix) OK() bool {
	return !slices.ContainsFunc(m.Faults, func(f FaultOutcome) bool { return !f.Caught() }) &&
		!slices.ContainsFunc(m.Variants, func(v VariantOutcome) bool { return !v.Clean() }) &&
		len(m.Unkilled()) == 0
}

// Wrong reports whether something that was judged is not as it should be.
func (m *Matrix) Wrong() bool {
	return slices.ContainsFunc(m.Faults, FaultOutcome.Wrong) || slices.ContainsFunc(m.Variants, VariantOutcome.Wrong) || len(m.Unkilled()) > 0
}
