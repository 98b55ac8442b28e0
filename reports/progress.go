package reports

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Progress tells a person how a run goes, while it goes. Its methods may be called from many goroutines at once.
type Progress interface {
	Collecting(done, planned int, what string) // requests answered, requests known of, and what they are for
	Judged(Result)                             // a requirement was judged
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
	return &plain{w: w, paint: paint{o.Color}, verbose: o.Verbose, started: time.Now(), told: map[string]bool{}}
}

type quiet struct{}

func (quiet) Collecting(int, int, string) {}
func (quiet) Judged(Result)               {}
func (quiet) Note(string)                 {}
func (quiet) Close()                      {}

// The bounds of plain progress: a CI log keeps every line for ever.
const (
	plainInterval = 5 * time.Second // between lines about the same phase
	plainPhases   = 30              // phases that get a line as they begin
)

// plain is progress for a file or a pipe: a line when a phase begins, one every few seconds, and one at the end.
type plain struct {
	paint
	w       io.Writer
	verbose bool
	started time.Time

	mu             sync.Mutex
	closed         bool
	told           map[string]bool // phases that had their line
	latest         time.Time       // of the last line about requests
	done, planned  int
	judged, failed int
}

func (p *plain) Collecting(done, planned int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.planned = max(p.done, done), max(p.planned, planned)
	begins := !p.told[what] && len(p.told) < plainPhases
	if p.closed || !begins && time.Since(p.latest) < plainInterval {
		return
	}
	if begins {
		p.told[what] = true
	}
	p.latest = time.Now()
	p.say(fmt.Sprintf("%d of %s: %s", p.done, plural(p.planned, "request"), brief(what, mostWidth)))
}

func (p *plain) Judged(r Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Verdict == Pass || r.Verdict == Fail {
		p.judged++
	}
	if r.failsTheRun() {
		p.failed++
	}
	if p.verbose && !p.closed {
		p.say(judgedLine(p.paint, r))
	}
}

func (p *plain) Note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.say(oneLine(line))
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
		p.say(fmt.Sprintf("%s answered, %s judged, %d failed", plural(p.done, "request"), plural(p.judged, "requirement"), p.failed))
	}
}

// say writes a line with the time since the beginning; the lock is held.
func (p *plain) say(line string) {
	_, _ = fmt.Fprintf(p.w, "%7.1f s  %s\n", time.Since(p.started).Seconds(), line)
}

// judgedLine tells of one requirement judged.
func judgedLine(p paint, r Result) string {
	verdict, color, rest := string(r.Verdict), green, brief(r.Requirement.States, 80)
	switch {
	case r.failsTheRun():
		color, rest = red, r.summary()
	case r.Verdict == Fail && r.Waived != nil:
		verdict, color, rest = "waived", yellow, r.summary()
	case r.Verdict == Fail:
		verdict, color, rest = "advisory", yellow, r.summary()
	case r.Verdict != Pass:
		color, rest = yellow, oneLine(because(r))
	}
	return p.in(color, fmt.Sprintf("%-8s", verdict)) + "  " + r.Requirement.ID + "  " + clip(rest, mostWidth)
}
