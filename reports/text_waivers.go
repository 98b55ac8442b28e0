package reports

import (
	"fmt"
	"slices"
	"strings"
)

// waivers tells what became of those that no failure is shown with: first the ones that fail the run.
func (t *text) waivers() {
	var wrong, others []string
	for _, w := range t.r.unseenWaivers() {
		if w.fails() {
			wrong = append(wrong, w.line())
		} else {
			others = append(others, w.line())
		}
	}
	t.sentences("Waivers that are not right: these fail the run", wrong)
	if !t.o.Quiet {
		t.sentences("Other waivers", others)
	}
}

// unseenWaivers are the outcomes that no result tells of: those that waive no failure.
func (r *Report) unseenWaivers() []WaiverOutcome {
	return slices.DeleteFunc(slices.Clone(r.Waivers), func(w WaiverOutcome) bool {
		return w.State == WaiverHolds && slices.ContainsFunc(r.Results, func(result Result) bool {
			return result.Verdict == Fail && result.Waived != nil && strings.EqualFold(result.Requirement.ID, w.Requirement)
		})
	})
}

// baseline tells what changed since an earlier report; in a quiet report, what is worse.
func (t *text) baseline() {
	c := t.r.Baseline
	if c == nil || t.o.Quiet && !c.Fails() {
		return
	}
	t.title("Since the baseline of " + oneLine(c.Old.text()))
	if !t.o.Quiet {
		t.notes(c)
	}
	for _, kind := range changeKinds() {
		if c.count(kind) == 0 || t.o.Quiet && kind != Regressed && kind != Vanished {
			continue
		}
		t.line("  " + t.in(bold, string(kind)))
		t.changes(c, kind)
	}
	t.line("  " + oneLine(c.Conclusion()))
	t.line("")
}

// unblock says what to do about blocked requirements.
func (t *text) unblock() string {
	first := t.r.stuck()[0]
	if t.r.putUpWith(first.BlockedBy) {
		return fmt.Sprintf("Next: %s can't be judged while %s fails: where that is put up with, waive it too, or leave it out with --label-filter '!%[1]s'.",
			first.Requirement.ID, first.BlockedBy)
	}
	return fmt.Sprintf("Next: see what %s is blocked by, put it right or select it too, and run again.", first.Requirement.ID)
}
