package reports

// Waiver is a failure that is known and put up with for a while; see DESIGN: verdicts.
type Waiver struct {
	Requirement string // its id
	Reason      string // why it is put up with, one line
	Until       string // the last day on which it is, such as 2027-01-31
	Match       string // what the failure has to say; empty is anything
	Line        int    // of its file
}

// WaiverState is what became of a waiver.
type WaiverState string

// What becomes of a waiver. All but the first two fail the run.
const (
	WaiverHolds     WaiverState = "holds"      // the requirement fails as it was expected to
	WaiverNotJudged WaiverState = "not judged" // the requirement was not selected, or it was skipped or blocked
	WaiverStale     WaiverState = "stale"      // the requirement passes
	WaiverExpired   WaiverState = "expired"    // its last day is over
	WaiverDiffers   WaiverState = "differs"    // the requirement fails in another way than Match says
)

// WaiverOutcome is a waiver and what became of it.
type WaiverOutcome struct {
	Waiver
	State WaiverState
	Says  string // one sentence: what is so, and what would be right
}

// waiversFail reports whether a waiver fails the run.
func (r *Report) waiversFail() bool {
	for _, w := range r.Waivers {
		if w.State != WaiverHolds && w.State != WaiverNotJudged {
			return true
		}
	}
	return false
}
