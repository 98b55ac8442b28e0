package reports

import "time"

// ChangeKind is how a requirement's verdict changed from one report to the next.
type ChangeKind string

// The kinds of change. The first two fail a comparison.
const (
	Regressed    ChangeKind = "regressed"     // it failed the run not before, and does now
	Vanished     ChangeKind = "vanished"      // it was judged before, and is not now
	Fixed        ChangeKind = "fixed"         // it failed before, and passes now
	New          ChangeKind = "new"           // it was not judged before, and is now
	LevelChanged ChangeKind = "level changed" // its level is another one
	BecameUnsure ChangeKind = "unstable"      // reads differed in it now, and did not before
)

// Change is a requirement that is not as it was.
type Change struct {
	Kind        ChangeKind
	Requirement string // its id
	States      string // what it states
	Old, New    string // how it was and is, in a few words: "pass", "fail (must)", "not selected"
	Says        string // one sentence: what the new report says of it
}

// Comparison is what changed between two reports.
type Comparison struct {
	Old, New Side
	Changes  []Change // by kind in the order of the constants, within a kind in catalogue order
	Notes    []string // what makes the two hard to compare: another target, version, profile or gate; one sentence each
}

// Side is one of the reports that are compared.
type Side struct {
	Target  string
	Version string // of the tool
	Started time.Time
}

// Fails reports whether something regressed or vanished. A comparison that was not made does not fail.
func (c *Comparison) Fails() bool {
	if c == nil {
		return false
	}
	for _, change := range c.Changes {
		if change.Kind == Regressed || change.Kind == Vanished {
			return true
		}
	}
	return false
}
