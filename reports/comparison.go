package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
)

// ChangeKind is how a requirement's verdict changed from one report to the next.
type ChangeKind string

// The kinds of change. The first two fail a comparison, at every level: a baseline is there so that nothing gets worse.
const (
	// Regressed: it passed before and fails now, be that within the gate or as an advisory; or its failure was waived
	// before and is not now. A failure that is waived now is no regression: somebody decided to put up with it.
	Regressed ChangeKind = "regressed"
	// Vanished: it was judged before, and now it is skipped, blocked or not in the report; unless it is blocked by a
	// failure that is waived, and is waived itself.
	Vanished ChangeKind = "vanished"
	// Fixed: it failed before, and passes now.
	Fixed ChangeKind = "fixed"
	// New: it was not judged before, and is now, whether it passes or fails.
	New ChangeKind = "new"
	// LevelChanged: its level is another one. What became of its verdict is reported beside that.
	LevelChanged ChangeKind = "level changed"
	// BecameUnsure: reads differed in it now, and did not before. What became of its verdict is reported beside that.
	BecameUnsure ChangeKind = "unstable"
)

// ChangeKinds are all kinds, in the order in which they are reported.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{Regressed, Vanished, Fixed, New, LevelChanged, BecameUnsure}
}

// Worse reports whether a change of the kind fails a comparison.
func (k ChangeKind) Worse() bool { return k == Regressed || k == Vanished }

// Title is the kind as a heading.
func (k ChangeKind) Title() string { return strings.ToUpper(string(k[:1])) + string(k[1:]) }

// Change is a requirement that is not as it was.
type Change struct {
	Kind        ChangeKind `json:"kind"`
	Requirement string     `json:"requirement"` // its id
	States      string     `json:"states"`      // what it states
	Old         string     `json:"old"`         // how it was, in a few words: "pass", "fail (must)", "not in the report"
	New         string     `json:"new"`         // how it is, likewise
	Says        string     `json:"says"`        // one sentence: what the new report says of it
	Fails       bool       `json:"fails"`       // it does not hold in the new report
}

// Comparison is what changed between two reports.
type Comparison struct {
	Old, New Side
	Changes  []Change // by kind in the order of the constants, within a kind in catalogue order
	Notes    []string // what else a reader has to know: another target, version, profile or gate; one sentence each
}

// Side is one of the reports that are compared.
type Side struct {
	Target  string
	Version string // of the tool
	Started time.Time
}

// Fails reports whether something regressed or vanished. A comparison that was not made does not fail.
func (c *Comparison) Fails() bool { return c.Count(Regressed)+c.Count(Vanished) > 0 }

// ExitCode is that of the command which compares: 1 where something regressed or vanished, else 0.
func (c *Comparison) ExitCode() int {
	if c.Fails() {
		return ExitDoesNot
	}
	return ExitConforms
}

// Count is the number of changes of a kind.
func (c *Comparison) Count(kind ChangeKind) int {
	if c == nil {
		return 0
	}
	return show.Count(c.Changes, func(change Change) bool { return change.Kind == kind })
}

// newFailures is how many of those that were not judged before fail now.
func (c *Comparison) newFailures() int {
	return show.Count(c.Changes, func(change Change) bool { return change.Kind == New && change.Fails })
}

// Conclusion says in one line what the comparison came to; the line and the exit code always agree.
func (c *Comparison) Conclusion() string {
	verdict := "not worse"
	if c.Fails() {
		verdict = "worse"
	}
	var parts []string
	for _, kind := range ChangeKinds() {
		n := c.Count(kind)
		switch {
		case n == 0 && !kind.Worse():
		case kind == New && c.newFailures() > 0:
			parts = append(parts, fmt.Sprintf("%d %s (%d of them failing)", n, kind, c.newFailures()))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, kind))
		}
	}
	return verdict + ": " + strings.Join(parts, ", ")
}

// worse says in words why the comparison fails.
func (c *Comparison) worse() string {
	var parts []string
	if n := c.Count(Regressed); n > 0 {
		parts = append(parts, show.Plural(n, "requirement")+" regressed")
	}
	if n := c.Count(Vanished); n > 0 {
		parts = append(parts, show.Plural(n, "requirement")+" vanished")
	}
	return strings.Join(parts, " and ") + " since the baseline"
}

// OneLine names a side in one line.
func (s Side) OneLine() string {
	return show.Timestamp(s.Started)[:len("2006-01-02T15:04:05")] + "Z  " + show.Brief(s.Target, 200) + " (version " + show.Brief(s.Version, 60) + ")"
}
