package reports

import (
	"fmt"
	"strings"
)

// A failure often keeps other requirements from being judged. Where it is put up with, they are still not judged, and
// nothing may be green by that alone: each of them needs a waiver of its own. It holds as long as what blocks the
// requirement is put up with, and is stale as soon as the requirement can be judged and passes.

// waiveBlocked finds the waivers of what waits for something that is put up with, which may be waiting itself.
func (r *Report) waiveBlocked(waivers []Waiver) {
	for found := true; found; {
		found = false
		for i, result := range r.Results {
			if result.Verdict != Blocked || result.Waived != nil || !r.putUpWith(result.BlockedBy) {
				continue
			}
			by := covering(blockedLine(result), ofRequirement(waivers, result.Requirement.ID), func(w Waiver) bool { return !w.over(r.Started) })
			if by != nil {
				r.Results[i].Waived, found = by, true
			}
		}
	}
}

func blockedLine(result Result) string { return oneLine(because(result)) }

// putUpWith reports whether a requirement does not hold, and the run is not to fail for it.
func (r *Report) putUpWith(id string) bool {
	result := r.byID()[strings.ToUpper(id)]
	return result != nil && (result.Verdict == Fail && !result.failsTheRun() || result.Verdict == Blocked && result.Waived != nil)
}

// failing reports whether a requirement fails the run.
func (r *Report) failing(id string) bool {
	result := r.byID()[strings.ToUpper(id)]
	return result != nil && result.Verdict == Fail && result.failsTheRun()
}

// assessBlocked says what became of the waiver of a requirement that is blocked.
func assessBlocked(w Waiver, result Result, r *Report) (WaiverState, string) {
	why := brief(because(result), 300)
	switch {
	case r.failing(result.BlockedBy):
		return WaiverNotJudged, fmt.Sprintf("it is blocked by %s, which fails the run: the waiver counts once that is put up with", visible(result.BlockedBy))
	case !r.putUpWith(result.BlockedBy) || !w.matches(blockedLine(result)):
		return WaiverNotJudged, fmt.Sprintf("it is blocked (%s), so the waiver was not needed", why)
	case w.over(r.Started):
		return WaiverExpired, fmt.Sprintf("its last day, %s, is over and it is still blocked (%s): put right what blocks it, or decide anew until when to put up with it", oneLine(w.Until), why)
	}
	return WaiverHolds, fmt.Sprintf("it is blocked by %s, which is put up with, and so is this until %s", visible(result.BlockedBy), oneLine(w.Until))
}

// stuck are the requirements that are blocked and make the run incomplete.
func (r *Report) stuck() []Result {
	var found []Result
	for _, result := range r.Results {
		if result.Verdict == Blocked && result.Waived == nil {
			found = append(found, result)
		}
	}
	return found
}
