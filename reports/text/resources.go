package text

import (
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
)

// made says what the run made in the account.
func (t *text) made() {
	if made := t.r.Resources.Sentence(); made != "" {
		t.Line(made)
		for _, line := range t.r.Trailed() {
			t.Line(line)
		}
		t.Line("")
	}
}

// left names what could not be removed: it goes on costing money.
func (t *text) left() {
	if len(t.r.Resources.Left) == 0 {
		return
	}
	t.title(t.In(plaintext.Red, "Left behind in the account"))
	for _, r := range t.r.Resources.Left {
		t.Line("  " + reports.Title(r))
	}
	t.Line("")
}

// harm says first of all what the run did that can't be undone.
func (t *text) harm() {
	for _, line := range t.r.HarmLines() {
		t.Line(t.In(plaintext.Red, line))
	}
	if len(t.r.Harm) > 0 {
		t.Line("")
	}
}

// plan says what a dry run would make.
func (t *text) plan() {
	if !t.r.Dry() {
		return
	}
	t.Line(t.In(plaintext.Bold, reports.NothingMade))
	for i, line := range t.r.Plan.Lines() {
		if i == 0 {
			line = "It " + line
		} else {
			line = "  " + line
		}
		t.Line(line)
	}
	t.Line("")
}
