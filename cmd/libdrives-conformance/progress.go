package main

import (
	"io"
	"sync"
	"time"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/text"
)

// newProgress tells how a run goes, on stderr.
func newProgress(c console, s settings.Settings) text.Progress {
	var to io.Writer = c.stderr
	live := c.stderr.Terminal() && !s.Dumb && s.CI == settings.CINone // a CI server keeps what a live line writes over
	if live {
		to = c.stderr.File() // the live line asks it for its width
	}
	return newBackgroundProgress(text.NewProgress(to, text.ProgressOptions{
		Terminal: live, Color: colored(s.Color, c.stderr), Quiet: s.Quiet, Verbose: s.Verbose,
	}))
}

// newMatrixProgress tells on stderr how many runs against the reference endpoint go, where no settings say how.
func newMatrixProgress(c console, color settings.Color, quiet bool) *text.MatrixProgress {
	live := c.stderr.Terminal() && !settings.Dumb(c.environ) && settings.ServerOf(c.environ) == settings.CINone
	return text.NewMatrixProgress(c.stderr, text.ProgressOptions{Terminal: live, Color: colored(color, c.stderr), Quiet: quiet})
}

// toDrain is how long the end of the work waits for progress to be read that was not read until then.
const toDrain = 2 * time.Second

// backgroundProgress shows progress from a goroutine of its own. An output can take nothing for as long as it likes: a pager waits
// for its reader, a terminal was stopped with Ctrl-S. The work goes on meanwhile, and above all its end does, which
// removes what was made.
type backgroundProgress struct {
	to      text.Progress
	wake    chan struct{} // has a token while something may be waiting
	drained chan struct{} // closed once all is shown

	patience sync.Once // for what is not read: it is waited for once, however often Close is called

	mu      sync.Mutex
	waiting []event
	closed  bool
}

// event is something to show: what Collecting was called with, or any other call.
type event struct {
	call          func()
	done, planned int
	what          string
}

func newBackgroundProgress(to text.Progress) *backgroundProgress {
	u := &backgroundProgress{to: to, wake: make(chan struct{}, 1), drained: make(chan struct{})}
	go u.show()
	return u
}

// show shows what is waiting, in order, until it is closed.
func (u *backgroundProgress) show() {
	defer close(u.drained)
	for range u.wake {
		for {
			u.mu.Lock()
			waiting, closed := u.waiting, u.closed
			u.waiting = nil
			u.mu.Unlock()
			for _, e := range waiting {
				if e.call != nil {
					e.call()
				} else {
					u.to.Collecting(e.done, e.planned, e.what)
				}
			}
			if len(waiting) > 0 {
				continue
			}
			if closed {
				u.to.Close()
				return
			}
			break
		}
	}
}

// add has an event shown. Of requests for the same, only the latest numbers wait.
func (u *backgroundProgress) add(e event) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return
	}
	if n := len(u.waiting); n > 0 && e.call == nil && u.waiting[n-1].call == nil && u.waiting[n-1].what == e.what {
		last := &u.waiting[n-1]
		last.done, last.planned = max(last.done, e.done), max(last.planned, e.planned)
		return
	}
	u.waiting = append(u.waiting, e)
	u.wakeUp()
}

func (u *backgroundProgress) wakeUp() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

func (u *backgroundProgress) Collecting(done, planned int, what string) {
	u.add(event{done: done, planned: planned, what: what})
}
func (u *backgroundProgress) Judged(r reports.Result) { u.add(event{call: func() { u.to.Judged(r) }}) }
func (u *backgroundProgress) Note(line string)        { u.add(event{call: func() { u.to.Note(line) }}) }

// Close ends it once all is shown, or leaves it where it is when the output takes nothing.
func (u *backgroundProgress) Close() {
	u.mu.Lock()
	u.closed = true
	u.wakeUp()
	u.mu.Unlock()
	u.patience.Do(func() {
		select {
		case <-u.drained:
		case <-time.After(toDrain):
		}
	})
}
