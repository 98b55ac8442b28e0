package board

import (
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// The bounds of texts that an endpoint may have had a part in, in characters.
const (
	mostMessage = 240
	mostName    = 80
)

// Run is what the board keeps of a report: a fleet's reports have no room in memory side by side.
type Run struct {
	Name         string // that the user gave the endpoint; may be empty
	Target       string
	Profile      requirement.Profile
	File         string // of the report
	Page         string // of the report for people, as the board's page links to it; empty where there is none
	Version      string // of the suite
	Edition      int
	Started      time.Time
	Duration     time.Duration
	ExitCode     int
	Conclusion   string
	Harm         []string
	Counts       reports.Counts
	Sent         int
	Latency      *reports.Latency
	Left         int  // what may be left in the account
	Unreported   bool // the run left no report; the conclusion says why
	Areas        []requirement.Area
	Requirements []requirement.Requirement // in the order of the report

	kinds    map[string]Kind
	messages map[string]string
	unstable map[string]bool
}

// Condense keeps of a report what the board shows. The file names it, and page is where the page for people lies.
func Condense(r *reports.Report, file, page string) Run {
	run := Run{
		Name: show.Brief(r.Name, mostName), Target: show.Brief(r.TargetName(), 2*mostName), Profile: r.Configuration.Profile, File: show.Visible(file), Page: page,
		Version: show.Brief(r.Tool.Version, mostName), Edition: r.Edition, Started: r.Started, Duration: r.Duration,
		ExitCode: r.ExitCode(), Conclusion: show.Brief(r.Conclusion(), mostMessage), Harm: r.HarmLines(), Counts: r.Counts(),
		Sent: r.Requests.Sent, Latency: r.Requests.Latency, Left: len(r.Resources.Left), Areas: r.Areas,
		kinds: map[string]Kind{}, messages: map[string]string{}, unstable: map[string]bool{},
	}
	for _, result := range r.Results {
		id := result.Requirement.ID
		run.Requirements = append(run.Requirements, result.Requirement)
		run.kinds[id] = kindOf(result)
		if message := result.Message(); message != "" {
			run.messages[id] = show.Brief(message, mostMessage)
		}
		if len(result.Unstable) > 0 {
			run.unstable[id] = true
		}
	}
	return run
}

// called is what the endpoint is called.
func (r Run) called() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Target
}

// Kind is how a requirement stands in the run.
func (r Run) Kind(id string) Kind {
	if kind, there := r.kinds[id]; there {
		return kind
	}
	return Absent
}

// conforms reports whether the run came to what is green.
func (r Run) conforms() bool {
	return !r.Unreported && (r.ExitCode == reports.ExitConforms || r.ExitCode == reports.ExitLeftBehind)
}

// alike reports whether two runs came to the same: conforming, failing, or nothing that can be said.
func alike(a, b Run) bool { return a.state() == b.state() }

// state is good, bad or unsure.
func (r Run) state() string {
	switch {
	case r.conforms():
		return "good"
	case r.ExitCode == reports.ExitDoesNot:
		return "bad"
	}
	return "unsure"
}

// Unreported is a run that left no report: it says of no requirement anything, but that it was tried.
func Unreported(name, target, file string, started time.Time, code int, why string) Run {
	if why == "" {
		why = "no report was written"
	}
	return Run{
		Name: show.Brief(name, mostName), Target: show.Brief(target, 2*mostName), File: show.Visible(file), Started: started, ExitCode: code,
		Conclusion: show.Brief(why, mostMessage), Unreported: true,
	}
}
