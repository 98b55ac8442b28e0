package text

import (
	"fmt"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// waivers tells what became of those that no failure is shown with: first the ones that fail the run.
func (t *text) waivers() {
	var wrong, others []string
	for _, w := range t.r.UnseenWaivers() {
		if w.Fails() {
			wrong = append(wrong, w.OneLine())
		} else {
			others = append(others, w.OneLine())
		}
	}
	t.sentences("Waivers that are not right: these fail the run", wrong)
	if !t.o.Quiet {
		t.sentences("Other waivers", others)
	}
}

// baseline tells what changed since an earlier report; in a quiet report, what is worse.
func (t *text) baseline() {
	c := t.r.Baseline
	if c == nil || t.o.Quiet && !c.Fails() {
		return
	}
	t.title("Since the baseline of " + show.OneLine(c.Old.OneLine()))
	if !t.o.Quiet {
		notesOf(t.Printer, c)
	}
	for _, kind := range reports.ChangeKinds() {
		if c.Count(kind) == 0 || t.o.Quiet && !kind.Worse() {
			continue
		}
		t.Line("  " + t.In(plaintext.Bold, string(kind)))
		changesAlike(t.Printer, c, kind)
	}
	t.Line("  " + show.OneLine(c.Conclusion()))
	t.Line("")
}

// unblock says what to do about blocked requirements.
func (t *text) unblock() string {
	first := t.r.Stuck()[0]
	if t.r.PutUpWith(first.BlockedBy) {
		return fmt.Sprintf("Next: %s can't be judged while %s fails: where that is put up with, waive it too, or leave it out with --label-filter '!%[1]s'.",
			first.Requirement.ID, first.BlockedBy)
	}
	return fmt.Sprintf("Next: see what %s is blocked by, put it right or select it too, and run again.", first.Requirement.ID)
}
