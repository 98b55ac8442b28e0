package text

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Progress tells a person how a run goes, while it goes. Its methods may be called from many goroutines at once.
type Progress interface {
	Collecting(done, planned int, what string) // requests answered, requests known of, and what they are for
	Judged(reports.Result)                     // a requirement was judged
	Note(line string)                          // something worth a line
	Close()                                    // ends it; what is written next starts on a fresh line
}

// ProgressOptions say how progress is shown.
type ProgressOptions struct {
	Terminal bool // the writer is a terminal: a live line; else plain lines, few of them
	Color    bool // with ANSI colours
	Quiet    bool // nothing at all
	Verbose  bool // also a line for each requirement judged
}

// NewProgress shows progress on w until it is closed. Errors of w are ignored: a run does not end because nobody
// watches it.
func NewProgress(w io.Writer, o ProgressOptions) Progress {
	switch {
	case o.Quiet:
		return quiet{}
	case o.Terminal:
		return newLive(w, o)
	}
	return &plain{w: w, Paint: plaintext.Paint{Color: o.Color}, verbose: o.Verbose, started: time.Now(), printed: map[string]bool{}}
}

type quiet struct{}

func (quiet) Collecting(int, int, string) {}
func (quiet) Judged(reports.Result)       {}
func (quiet) Note(string)                 {}
func (quiet) Close()                      {}

// The bounds of plain progress: a CI log keeps every line for ever.
const (
	plainInterval = 5 * time.Second // between lines about the same phase
	plainPhases   = 30              // phases that get a line as they begin
)

// plain is progress for a file or a pipe: a line when a phase begins, one every few seconds, and one at the end.
type plain struct {
	plaintext.Paint
	w       io.Writer
	verbose bool
	started time.Time

	mu      sync.Mutex
	closed  bool
	printed map[string]bool // phases that had their line
	latest  time.Time       // of the last line about requests
	progressCounts
}

// progressCounts are how far a run has come.
type progressCounts struct {
	done, planned  int // requests
	judged, failed int // requirements
}

func (c *progressCounts) count(r reports.Result) {
	if r.Judged() {
		c.judged++
	}
	if r.FailsTheRun() {
		c.failed++
	}
}

func (c *progressCounts) collecting(done, planned int) {
	c.done, c.planned = max(c.done, done), max(c.planned, planned)
}

func (p *plain) Collecting(done, planned int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.collecting(done, planned)
	begins := !p.printed[what] && len(p.printed) < plainPhases
	if p.closed || !begins && time.Since(p.latest) < plainInterval {
		return
	}
	if begins {
		p.printed[what] = true
	}
	p.latest = time.Now()
	p.say(fmt.Sprintf("%d of %s: %s", p.done, show.Plural(p.planned, "request"), show.Brief(what, show.MostWidth)))
}

func (p *plain) Judged(r reports.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count(r)
	if p.verbose && !p.closed {
		p.say(judgedLine(p.Paint, r))
	}
}

func (p *plain) Note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.say(show.OneLine(line))
	}
}

func (p *plain) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	if p.done > 0 || p.judged > 0 {
		p.say(fmt.Sprintf("%s answered, %s judged, %d failed", show.Plural(p.done, "request"), show.Plural(p.judged, "requirement"), p.failed))
	}
}

// say writes a line with the time since the beginning; the lock is held.
func (p *plain) say(line string) {
	_, _ = fmt.Fprintf(p.w, "%7.1f s  %s\n", time.Since(p.started).Seconds(), line)
}

// judgedLine tells of one requirement judged.
func judgedLine(p plaintext.Paint, r reports.Result) string {
	verdict, color, rest := string(r.Verdict), plaintext.Green, show.Brief(r.Requirement.States, 80)
	switch {
	case r.FailsTheRun():
		color, rest = plaintext.Red, r.Summary()
	case r.IsWaived():
		verdict, color, rest = "waived", plaintext.Yellow, r.Summary()
	case r.IsAdvisory():
		verdict, color, rest = "advisory", plaintext.Yellow, r.Summary()
	case r.Verdict != reports.Pass:
		color, rest = plaintext.Yellow, show.OneLine(r.Because())
	}
	return p.In(color, fmt.Sprintf("%-8s", verdict)) + "  " + r.Requirement.ID + "  " + show.Clip(rest, show.MostWidth)
}
