package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// Verdict is what judging a requirement came to; see DESIGN: verdicts.
type Verdict string

// The verdicts.
const (
	Pass    Verdict = "pass"    // every subject holds
	Fail    Verdict = "fail"    // a subject does not, shown by exchanges
	Skip    Verdict = "skip"    // not applicable: the endpoint has no material for it
	Blocked Verdict = "blocked" // could not be judged, because something it builds on failed
)

// Report is a whole run.
type Report struct {
	Tool          Tool
	Name          string // what the user calls the endpoint; empty where it has no name
	Target        string // the API base, without credentials
	Edition       int    // of the catalogue; 0 in a report of before there were any
	Embedded      bool   // the target is the reference endpoint that the suite carries
	Server        string // the Server header of the first answer, if it had one
	Configuration Configuration
	Areas         []requirement.Area // those of the catalogue, in order: the sections of a summary
	Started       time.Time
	Duration      time.Duration
	Requests      Requests
	Resources     Resources
	Settlings     []Settling      // how long what was written took to show, of all that was waited for
	Results       []Result        // every selected requirement once, in catalogue order
	Unstable      []string        // differences between reads that did not persist, one sentence each
	Warnings      []string        // what the reader should know beside the verdicts, one sentence each
	Incomplete    string          // why the run did not come to its end; empty where it did
	Waivers       []WaiverOutcome // what became of each waiver, in the order of their file
	Baseline      *Comparison     // with an earlier report; nil where none was given
	Withheld      string          // what was skipped because the user wanted nothing made, or no more; empty where nothing was
	Harm          []Harm          // what requests did to the library that can't be undone, in the order in which it was seen
	Plan          *Plan           // what was going to be made; nil where nothing was
	Blind         *BlindSpots     // what it would not have noticed; nil where nobody asked
}

// Tool is the suite that made the report.
type Tool struct {
	Name    string `json:"name"` // libdrives-conformance
	Version string `json:"version"`
	Commit  string `json:"commit"` // that it was built from; empty where that is not known, as in a report of an earlier version
	Date    string `json:"date"`   // of the commit, as of RFC 3339; likewise
}

// String is the tool in a line: its name and version, and the commit where it is known.
func (t Tool) String() string {
	if origin := t.Origin(); origin != "" {
		return t.Name + " " + t.Version + " (" + origin + ")"
	}
	return t.Name + " " + t.Version
}

// Origin says which commit the tool was built from, and of which day (in UTC) that is; empty where the commit is not known.
func (t Tool) Origin() string {
	if t.Commit == "" {
		return ""
	}
	const shortCommit = 12
	day, _, _ := strings.Cut(t.Date, "T")
	return strings.TrimSuffix("commit "+t.Commit[:min(shortCommit, len(t.Commit))]+" of "+day, " of ")
}

// Configuration is what the run was asked to do, as far as it matters to its verdicts.
type Configuration struct {
	Profile     requirement.Profile `json:"profile"`
	Level       requirement.Level   `json:"level"` // the gate
	Select      string              `json:"select"`
	LabelFilter string              `json:"label_filter"`
	Auth        string              `json:"auth"`   // basic or digest
	Sample      int                 `json:"sample"` // drives looked at one by one; 0 is all
	Seed        uint64              `json:"seed"`
	Strict      bool                `json:"strict"`              // what is skipped or unstable within the gate makes the run incomplete
	Reference   *Reference          `json:"reference,omitempty"` // how the embedded reference endpoint was shaped; nil with a target
}

// Reference is how the embedded reference endpoint was shaped: what a run of it needs to be repeated.
type Reference struct {
	Faults    []string `json:"faults"`
	Library   string   `json:"library"`    // the shape of its library; empty is the usual one
	Own       bool     `json:"own"`        // its library came from a file of the user's
	Drives    int      `json:"drives"`     // the size of its library; 0 is that of the hand-made one
	Latency   string   `json:"latency"`    // before each answer, as Go writes a duration; empty is none
	CloneTime string   `json:"clone_time"` // of the job of a clone; empty is the usual one
}

// Requests counts what was sent.
type Requests struct {
	Sent    int      // every attempt
	Retried int      // of these, how many repeated one that had met a transient refusal
	Latency *Latency // how long answers took; nil where there is none, and in a report of before it was told
	Slowest []Call   // at most ten, slowest first
	Retries []Call   // those that met a transient refusal and were repeated, in order; at most a hundred
}

// Call is an exchange in one line.
type Call struct {
	Exchange int           `json:"exchange"` // its number
	Method   string        `json:"method"`
	Path     string        `json:"path"`    // with the query, its beginning
	Status   int           `json:"status"`  // 0 where no response came
	Failure  string        `json:"failure"` // why no whole response came
	Duration time.Duration `json:"-"`
}

// Result is one requirement, judged.
type Result struct {
	Requirement requirement.Requirement
	Verdict     Verdict
	Gated       bool           // a failure of it fails the run, unless it is waived
	Waived      *Waiver        // why its failure, or that it is blocked by one, is put up with; nil where nothing waives it
	Reason      string         // why it was skipped or blocked, one line
	BlockedBy   string         // the requirement that has to hold first, where there is one
	Stack       string         // where the suite itself failed, for whoever mends it
	Cause       Cause          // the reason as data
	Subjects    int            // how many drives, pages or answers were looked at
	Looked      map[string]int // of one that failed: how many of them are of each kind; nil where that is not known
	Covered     *Coverage      // of the lists of a large library that were looked at in part; nil where there is none
	Findings    []Finding
	Unstable    []string // differences that did not persist
	Duration    time.Duration
	Exchanges   []*evidence.Exchange // those that the verdict rests on, in order
}

// Coverage is how many entries of lists were looked at, and how many these lists have.
type Coverage struct {
	Entries int `json:"entries"`
	Of      int `json:"of"`
}

// String says it in words; empty where there is no list of which a part was looked at.
func (c *Coverage) String() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%d of %d entries of long lists", c.Entries, c.Of)
}

// Finding is one way in which a requirement does not hold.
type Finding struct {
	Subject     Subject
	Rule        string // what should hold of it, in words
	Differences []Difference
	Expected    string             // in words, where the differences alone don't say it; may be several lines
	Found       string             // likewise
	Under       string             // the place in a body below which all of it stands
	Compared    *Sides             // names the two sides, where two answers were compared
	Exchange    *evidence.Exchange // the one that shows it
	Against     *evidence.Exchange // the one it was compared with, if it was
}

// Counts are the verdicts of a report, added up.
type Counts struct {
	Pass     int `json:"pass"`
	Fail     int `json:"fail"`
	Advisory int `json:"advisory"` // of the failures, those above the gate
	Waived   int `json:"waived"`   // of the failures, those within the gate that a waiver holds for
	Skip     int `json:"skip"`
	Blocked  int `json:"blocked"`
}

// Failed is the number of failures that fail the run.
func (c Counts) Failed() int { return c.Fail - c.Advisory - c.Waived }

// Total is the number of requirements counted.
func (c Counts) Total() int { return c.Pass + c.Fail + c.Skip + c.Blocked }

// Counts adds up the verdicts.
func (r *Report) Counts() Counts { return Count(r.Results) }

func Count(results []Result) Counts {
	var c Counts
	for _, result := range results {
		switch result.Verdict {
		case Pass:
			c.Pass++
		case Skip:
			c.Skip++
		case Blocked:
			c.Blocked++
		case Fail:
			c.Fail++
			switch {
			case result.IsAdvisory():
				c.Advisory++
			case result.IsWaived():
				c.Waived++
			}
		}
	}
	return c
}

// The exit codes of a run; see DESIGN: command line.
const (
	ExitConforms      = 0 // conforms
	ExitDoesNot       = 1 // a gated requirement failed, a waiver is stale, expired or differs, or the baseline regressed
	ExitUsage         = 2 // wrong usage or configuration, said before any request
	ExitIncomplete    = 3 // the endpoint can't be reached, or the run is incomplete
	ExitNothingJudged = 4 // nothing was judged
	ExitLeftBehind    = 5 // it conforms, but something was left behind
)

// ExitCode is the code of a run that began. What was shown (a gated failure, a waiver that is not right, a regression)
// outweighs incompleteness; a blocked requirement without a failed one makes the run incomplete, unless it is waived
// together with what blocks it. That something vanished since the baseline counts where the run was complete: what it did not come to is
// reported by being incomplete. What was left behind is reported in every case, and spoils what would be green.
func (r *Report) ExitCode() int {
	c := r.Counts()
	switch {
	case c.Failed() > 0 || r.harmFails() || r.WaiversFail() || r.Baseline.Count(Regressed) > 0:
		return ExitDoesNot
	case r.Incomplete != "" || len(r.Stuck()) > 0:
		return ExitIncomplete
	case c.Pass+c.Fail == 0:
		return ExitNothingJudged
	case r.unsettled() != "":
		return ExitIncomplete
	case r.Baseline.Fails():
		return ExitDoesNot
	case len(r.Resources.Left) > 0:
		return ExitLeftBehind
	}
	return ExitConforms
}

// beside says why a run fails, where failed requirements are not all of it.
func (r *Report) beside() string {
	var why []string
	for _, state := range []WaiverState{WaiverStale, WaiverExpired, WaiverDiffers} {
		n := show.Count(r.Waivers, func(w WaiverOutcome) bool { return w.State == state })
		words := map[WaiverState]string{WaiverStale: "stale", WaiverExpired: "expired", WaiverDiffers: "for another failure"}[state]
		switch {
		case n == 1:
			why = append(why, "a waiver is "+words)
		case n > 1:
			why = append(why, fmt.Sprintf("%d waivers are %s", n, words))
		}
	}
	if r.Baseline.Fails() {
		why = append(why, r.Baseline.worse())
	}
	if r.harmFails() {
		why = append(why, "the library was harmed")
	}
	if len(why) == 0 {
		return ""
	}
	if n := r.Counts().Failed(); n > 0 {
		why = append([]string{show.Plural(n, "requirement") + " failed"}, why...)
	}
	return ": " + strings.Join(why, ", ")
}

// Conclusion says in one line what the run came to; the line and the exit code always agree.
func (r *Report) Conclusion() string {
	switch r.ExitCode() {
	case ExitDoesNot:
		return "does not conform" + r.beside()
	case ExitIncomplete:
		if r.Incomplete != "" {
			return "incomplete: " + r.Incomplete
		}
		if unsettled := r.unsettled(); unsettled != "" && len(r.Stuck()) == 0 {
			return "incomplete: " + unsettled
		}
		return "incomplete: requirements are blocked"
	case ExitNothingJudged:
		return "nothing was judged"
	case ExitLeftBehind:
		return "conforms, but left " + show.Plural(len(r.Resources.Left), "resource") + " behind in the account"
	}
	c := r.Counts()
	judged := c.Pass + c.Fail
	switch {
	case judged == c.Total():
		return "conforms"
	case r.Withheld != "":
		return fmt.Sprintf("conforms as far as it was judged: %d of %d (%s)", judged, c.Total(), r.Withheld)
	}
	return fmt.Sprintf("conforms as far as it was judged: %d of %d", judged, c.Total())
}

// unsettled says what of the gate was not judged for certain, where a strict run was asked for; nothing where that is not so.
func (r *Report) unsettled() string {
	if !r.Configuration.Strict {
		return ""
	}
	var parts []string
	skipped := show.Count(r.Results, func(x Result) bool { return x.Gated && x.Verdict == Skip })
	unstable := show.Count(r.Results, func(x Result) bool { return x.Gated && x.Verdict != Skip && len(x.Unstable) > 0 })
	if skipped > 0 {
		parts = append(parts, show.Plural(skipped, "requirement")+" skipped")
	}
	if unstable > 0 {
		parts = append(parts, show.Plural(unstable, "requirement")+" unstable")
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + ", which a strict run does not put up with"
}

// Unsettled reports whether the run is incomplete for nothing but what a strict run does not put up with.
func (r *Report) Unsettled() bool {
	return r.ExitCode() == ExitIncomplete && r.Incomplete == "" && len(r.Stuck()) == 0
}

// Drives is how many drives are looked at one by one, as its flag says it.
func (c Configuration) Drives() string {
	if c.Sample <= 0 {
		return "all"
	}
	return strconv.Itoa(c.Sample)
}
