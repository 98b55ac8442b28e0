package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// A failure often keeps other requirements from being judged. Where it is put up with, they are still not judged, and
// nothing may be green by that alone: each of them needs a waiver of its own. It holds as long as what blocks the
// requirement is put up with, and is stale as soon as the requirement can be judged and passes.

// waiveBlocked finds the waivers of what waits for something that is put up with, which may be waiting itself.
func (r *Report) waiveBlocked(waivers []Waiver) {
	for found := true; found; {
		found = false
		for i, result := range r.Results {
			if result.Verdict != Blocked || result.Waived != nil || !r.PutUpWith(result.BlockedBy) {
				continue
			}
			by := covering(blockedLine(result), ofRequirement(waivers, result.Requirement.ID), func(w Waiver) bool { return !w.over(r.Started) })
			if by != nil {
				r.Results[i].Waived, found = by, true
			}
		}
	}
}

func blockedLine(result Result) string { return show.OneLine(result.Because()) }

// PutUpWith reports whether a requirement does not hold, and the run is not to fail for it.
func (r *Report) PutUpWith(id string) bool {
	result := r.ByID()[strings.ToUpper(id)]
	return result != nil && (result.Verdict == Fail && !result.FailsTheRun() || result.Verdict == Blocked && result.Waived != nil)
}

// failing reports whether a requirement fails the run.
func (r *Report) failing(id string) bool {
	result := r.ByID()[strings.ToUpper(id)]
	return result != nil && result.Verdict == Fail && result.FailsTheRun()
}

// assessBlocked says what became of the waiver of a requirement that is blocked.
func assessBlocked(w Waiver, result Result, r *Report) (WaiverState, string) {
	why := show.Brief(result.Because(), 300)
	switch {
	case r.failing(result.BlockedBy):
		return WaiverNotJudged, fmt.Sprintf("it is blocked by %s, which fails the run: the waiver counts once that is put up with", show.Visible(result.BlockedBy))
	case !r.PutUpWith(result.BlockedBy) || !w.matches(blockedLine(result)):
		return WaiverNotJudged, fmt.Sprintf("it is blocked (%s), so the waiver was not needed", why)
	case w.over(r.Started):
		return WaiverExpired, fmt.Sprintf("its last day, %s, is over and it is still blocked (%s): put right what blocks it, or decide anew until when to put up with it", show.OneLine(w.Until), why)
	}
	return WaiverHolds, fmt.Sprintf("it is blocked by %s, which is put up with, and so is this until %s", show.Visible(result.BlockedBy), show.OneLine(w.Until))
}

// Stuck are the requirements that are blocked and make the run incomplete.
func (r *Report) Stuck() []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(result Result) bool { return result.Verdict != Blocked || result.Waived != nil })
}
