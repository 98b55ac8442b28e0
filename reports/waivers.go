package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Waiver is a failure that is known and put up with for a while; see DESIGN: verdicts. A requirement may have several,
// distinguished by Match, so that each way in which it fails has a reason and a last day of its own.
type Waiver struct {
	Requirement string `json:"requirement"` // its id
	Reason      string `json:"reason"`      // why it is put up with, one line
	Until       string `json:"until"`       // the last day on which it is, in UTC, such as 2027-01-31
	Match       string `json:"match"`       // words that each finding has in it, as reports tell it in one line; empty is any failure
	Line        int    `json:"-"`           // of its file
}

// WaiverState is what became of a waiver.
type WaiverState string

// What becomes of a waiver. All but the first two fail the run, whatever the level of the requirement: a waiver that
// says what is not so has to be put right.
const (
	WaiverHolds     WaiverState = "holds"      // the requirement fails as it was expected to, or waits for such a one
	WaiverNotJudged WaiverState = "not judged" // the requirement was not selected, or it was skipped or blocked
	WaiverStale     WaiverState = "stale"      // the requirement passes, or of its waivers no finding needs this one
	WaiverExpired   WaiverState = "expired"    // its last day is over
	WaiverDiffers   WaiverState = "differs"    // the requirement fails in another way than Match says
)

// WaiverOutcome is a waiver and what became of it.
type WaiverOutcome struct {
	Waiver
	State WaiverState `json:"state"`
	Says  string      `json:"says"` // one sentence: what is so, and what would be right
}

// Fails reports whether what became of a waiver fails the run.
func (o WaiverOutcome) Fails() bool { return o.State != WaiverHolds && o.State != WaiverNotJudged }

// OneLine tells an outcome in one line.
func (o WaiverOutcome) OneLine() string {
	text := show.Visible(o.Requirement)
	if o.Line > 0 {
		text += fmt.Sprintf(" (line %d)", o.Line)
	}
	return fmt.Sprintf("%s %s: %s", text, o.State, show.OneLine(o.Says))
}

// WaiversFail reports whether a waiver fails the run.
func (r *Report) WaiversFail() bool {
	return slices.ContainsFunc(r.Waivers, WaiverOutcome.Fails)
}

// IsAdvisory reports whether a result is a failure above the gate.
func (r Result) IsAdvisory() bool { return r.Verdict == Fail && !r.Gated }

// IsWaived reports whether a result is a failure within the gate that is put up with.
func (r Result) IsWaived() bool { return r.Verdict == Fail && r.Gated && r.Waived != nil }

// FailsTheRun reports whether a result is a failure that nothing excuses.
func (r Result) FailsTheRun() bool { return r.Verdict == Fail && r.Gated && r.Waived == nil }

// Waive holds waivers against the results: a failure within the gate that they cover no longer fails the run, a
// requirement that waits for such a failure and has a waiver of its own no longer makes it incomplete, and what became of
// each waiver is reported in their order.
func (r *Report) Waive(waivers []Waiver) {
	r.Waivers = nil
	for i, result := range r.Results {
		r.Results[i].Waived = WaiverOf(result, waivers, r.Started)
	}
	r.waiveBlocked(waivers)
	results := r.ByID()
	for _, w := range waivers {
		w = w.Tidied()
		outcome := WaiverOutcome{Waiver: w, State: WaiverNotJudged, Says: "it was not selected, so the waiver was not needed"}
		if result := results[w.Requirement]; result != nil {
			outcome.State, outcome.Says = assess(w, *result, ofRequirement(waivers, w.Requirement), r)
		}
		r.Waivers = append(r.Waivers, outcome)
	}
}

// WaiverOf returns the waiver that keeps a result from failing a run that began at a time, or nil: where the result is
// no failure within the gate, or a finding of it is not covered by a waiver whose last day is not over.
func WaiverOf(result Result, waivers []Waiver, began time.Time) *Waiver {
	if result.Verdict != Fail || !result.Gated {
		return nil
	}
	candidates := ofRequirement(waivers, result.Requirement.ID)
	if len(candidates) == 0 {
		return nil
	}
	var first *Waiver
	for _, line := range result.lines() {
		by := covering(line, candidates, func(w Waiver) bool { return !w.over(began) })
		if by == nil {
			return nil
		}
		if first == nil {
			first = by
		}
	}
	return first
}

func ofRequirement(waivers []Waiver, id string) []Waiver {
	var found []Waiver
	for _, w := range waivers {
		if strings.EqualFold(w.Requirement, id) {
			found = append(found, w.Tidied())
		}
	}
	return found
}

// lines are the findings of a failure, in a line each.
func (r Result) lines() []string {
	if len(r.Findings) == 0 {
		return []string{r.Summary()}
	}
	return show.Each(r.Findings, Finding.summary)
}

// covering is the first of the waivers that matches a line and is wanted.
func covering(line string, waivers []Waiver, wanted func(Waiver) bool) *Waiver {
	for _, w := range waivers {
		if w.matches(line) && wanted(w) {
			return &w
		}
	}
	return nil
}

func (w Waiver) matches(line string) bool { return strings.Contains(line, show.OneLine(w.Match)) }

// over reports whether the last day of a waiver was over when a run began.
func (w Waiver) over(began time.Time) bool { return w.Until < began.UTC().Format(time.DateOnly) }

// assess says what became of a waiver. The others of its requirement count: a finding that one of them matches need not
// be matched by this one.
func assess(w Waiver, result Result, all []Waiver, r *Report) (WaiverState, string) {
	switch result.Verdict {
	case Pass:
		return WaiverStale, "it passes now: remove the waiver"
	case Blocked:
		return assessBlocked(w, result, r)
	case Fail:
	default:
		return WaiverNotJudged, fmt.Sprintf("it was skipped (%s), so the waiver was not needed", show.Brief(result.Because(), 300))
	}
	if w.over(r.Started) {
		return WaiverExpired, fmt.Sprintf("its last day, %s, is over and it still fails: put the failure right, or decide anew until when to put up with it", show.OneLine(w.Until))
	}
	anyone := func(Waiver) bool { return true }
	needed := false
	for _, line := range result.lines() {
		needed = needed || w.matches(line)
		if covering(line, all, anyone) == nil {
			return WaiverDiffers, fmt.Sprintf("it fails in another way than match says, %q: %s: put that right, or change the waiver%s", show.OneLine(w.Match), line, widened(&result, firstEdition))
		}
	}
	switch {
	case !needed:
		return WaiverStale, fmt.Sprintf("it fails, but no longer so that match says it, %q: remove this waiver", show.OneLine(w.Match))
	case !result.Gated:
		return WaiverHolds, fmt.Sprintf("it fails as expected, but the gate %s does not fail on it: the waiver has no effect in this run", r.Configuration.Level)
	}
	return WaiverHolds, "it fails as expected, and is put up with until " + show.OneLine(w.Until)
}

// WaivedUntil says until when and why a result is put up with.
func (r Result) WaivedUntil() string {
	return fmt.Sprintf("until %s: %s", show.OneLine(r.Waived.Until), show.Brief(r.Waived.Reason, 500))
}

// UnseenWaivers are the outcomes that no result tells of: those that waive no failure.
func (r *Report) UnseenWaivers() []WaiverOutcome {
	return slices.DeleteFunc(slices.Clone(r.Waivers), func(w WaiverOutcome) bool {
		return w.State == WaiverHolds && slices.ContainsFunc(r.Results, func(result Result) bool {
			return result.Verdict == Fail && result.Waived != nil && strings.EqualFold(result.Requirement.ID, w.Requirement)
		})
	})
}
