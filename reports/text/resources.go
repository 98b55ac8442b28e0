package text

import (
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
)

// made says what the run made in the account.
func (t *text) made() {
	if made := t.r.Resources.Sentence(); made != "" {
		t.Line(made)
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
