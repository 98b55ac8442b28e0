package account

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

const (
	goneLooks    = 6  // how often in a row a drive may be 404 before it is given up
	unsoundLooks = 12 // how often in a row neither the job nor the drive may be answered soundly before both are given up
)

// unsoundTime is the longest that looks may go without a sound answer: what a write brings about may trail for so long.
const unsoundTime = 30 * time.Second

// UnsoundError says that waiting was given up, because what was looked at was not answered soundly.
type UnsoundError struct {
	Looks  int                // in a row
	Last   *evidence.Exchange // the last one
	During time.Duration
}

func (e *UnsoundError) Error() string {
	return fmt.Sprintf("%d looks in a row were not answered with what they asked for; the last one, %s %s, %s",
		e.Looks, e.Last.Request.Method, e.Last.Request.Path(), Answered(e.Last))
}

// soundness keeps count of looks that are not answered soundly.
type soundness struct {
	looks int
	since time.Time
}

// note notes a look. Where there were too many in a row without a sound answer, it says so.
func (s *soundness) note(sound bool, x *evidence.Exchange) *UnsoundError {
	if sound {
		s.looks = 0
		return nil
	}
	if s.looks++; s.looks == 1 {
		s.since = time.Now()
	}
	if during := time.Since(s.since); s.looks >= unsoundLooks || during > unsoundTime {
		return &UnsoundError{Looks: s.looks, Last: x, During: during}
	}
	return nil
}

// progress tells, now and then, that something is waited for.
type progress struct {
	client   *client.Client
	from     time.Time
	deadline time.Time
	next     time.Duration
}

// tellAgain is how long is waited before what is waited for is told once more.
const tellAgain = 30 * time.Second

func newProgress(c *client.Client, limited context.Context) *progress {
	deadline, _ := limited.Deadline()
	return &progress{client: c, from: time.Now(), deadline: deadline, next: client.ReportedWait}
}

// look says what is waited for, where that takes long.
func (t *progress) look(x *evidence.Exchange, state string) {
	if time.Since(t.from) < t.next {
		return
	}
	t.next = time.Since(t.from) + tellAgain
	t.client.Waiting(client.Wait{Request: x.Request.Method + " " + x.Request.Path(), For: time.Until(t.deadline), Reason: client.ForResource, Status: x.Status(), State: state})
}

// jobLook is what one look at a clone's job says.
type jobLook struct {
	readable     bool
	state        string
	progress     json.Number
	done, failed bool
}

func readJob(x *evidence.Exchange) jobLook {
	var body struct {
		State string `json:"state"`
		Data  struct {
			Progress json.Number `json:"progress"`
		} `json:"data"`
	}
	if !Succeeded(x) || json.Unmarshal(evidence.WithoutMark(x.Response.Body.Bytes()), &body) != nil {
		return jobLook{}
	}
	look := jobLook{readable: true, state: body.State, progress: body.Data.Progress}
	progress, err := body.Data.Progress.Float64()
	look.done = body.State == "success" || err == nil && progress >= 100
	look.failed = !look.done && slices.Contains([]string{"failed", "failure", "error", "aborted", "cancelled", "canceled"}, strings.ToLower(body.State))
	return look
}

// atRest are the statuses of a drive that nothing is being done to.
func atRest(status string) bool { return status == "unmounted" || status == "mounted" }

// AwaitClone waits until a clone's job is done and the clone at rest, at most as long as a clone may take. Every look is
// in the record: "<step> poll N drive", then "<step> poll N job", so that a job that still runs ran when the drive was
// looked at. The last looks are "<step>", at the job, then "<step> drive". It returns the last look at the job, or at the
// drive where there is no job to look at.
func (s *Writer) AwaitClone(ctx context.Context, step string, clone *Resource) (*evidence.Exchange, bool) {
	own, known := ownedCopy{}, false
	if clone != nil {
		own, known = s.account.find(Drive, clone.UUID)
	}
	if !known {
		return s.unsent(step, http.MethodGet, "jobs/", "there is no such clone to wait for"), false
	}
	limited, cancel := context.WithTimeout(ctx, s.account.config.CloneTimeout)
	defer cancel()
	w := cloneWait{writer: s, step: step, clone: own, progress: newProgress(s.account.config.Client, limited)}
	for n := 0; ; n++ { // the limit is for waiting: a look is not broken off by it
		over := w.look(ctx, n+1)
		// The first look serves as the proof. What nothing proves to be our clone is not waited for.
		if _, reason := s.own(ctx, step, Drive, clone); reason != "" {
			return s.Get(ctx, step+" drive", own.Path()), false
		}
		if over || !pass(limited, w.interval(n)) {
			break
		}
	}
	w.noteRest()
	done := w.over && !w.job.failed
	if w.unsound != nil && ctx.Err() == nil {
		s.End("the clone was waited for no longer: " + w.unsound.Error())
	}
	last := w.finish(ctx)
	if final := readJob(last); !done && final.done && ctx.Err() == nil {
		done = true // it ended just as the time was up
	}
	return last, done
}

// cloneWait is what waiting for a clone has seen so far.
type cloneWait struct {
	writer *Writer
	step   string
	clone  ownedCopy
	job    jobLook
	over   bool      // nothing more is to be waited for
	done   time.Time // when the job was seen to be done
	doneAt int       // the look that saw it
	rested bool      // the last look at the drive saw it at rest

	soundness soundness
	unsound   *UnsoundError // why it was given up
	progress  *progress
}

// look looks once at both. It reports whether that was enough.
func (w *cloneWait) look(ctx context.Context, n int) bool {
	drive := w.writer.Get(ctx, fmt.Sprintf("%s poll %d drive", w.step, n), w.clone.Path())
	one, seen := DefinitionOf(drive)
	if len(w.clone.jobs) == 0 {
		w.clone.jobs = one.jobs // an answer without jobs can be made up for by the drive's own definition
	}
	if path := w.jobPath(); path != "" {
		w.job = readJob(w.writer.getNew(ctx, fmt.Sprintf("%s poll %d job", w.step, n), path, JobShown, w.clone.made))
	}
	if ctx.Err() != nil {
		return true
	}
	w.unsound = w.soundness.note(seen || w.job.readable, drive)
	if w.job.done && w.done.IsZero() {
		w.done, w.doneAt = time.Now(), n
	}
	w.rested = seen && one.Status == "unmounted" // nobody has attached it yet
	switch {
	case w.job.failed:
		w.over = true
	case w.job.done:
		w.over = w.rested || time.Since(w.done) > w.writer.account.config.SettleTimeout
	case !w.job.readable:
		// Without a job to ask, the drive has to tell; once more than once, for it may be at rest before it begins.
		w.over = seen && atRest(one.Status) && n > 1
	}
	if !w.over {
		w.progress.look(drive, fmt.Sprintf("a clone: its status is %q, its job's state %q at a progress of %s", one.Status, w.job.state, orNone(w.job.progress)))
	}
	return w.over || w.unsound != nil
}

// interval is how long after the nth look the next one comes. Once the job is done, the drive follows soon.
func (w *cloneWait) interval(n int) time.Duration {
	a := w.writer.account
	if !w.done.IsZero() {
		return a.pace.interval(n - w.doneAt)
	}
	progress, _ := w.job.progress.Float64() // of what is no number nothing is forecast
	a.mu.Lock()
	took := a.cloneTook
	a.mu.Unlock()
	return a.pace.before(forecast{elapsed: time.Since(w.clone.made), progress: progress, took: took})
}

// noteRest notes how long the clone took, and how long to be at rest once its job was done.
func (w *cloneWait) noteRest() {
	if w.done.IsZero() {
		return
	}
	a := w.writer.account
	a.settled(CloneAtRest, time.Since(w.done), w.rested)
	if a.config.Cloned != nil {
		a.config.Cloned(w.done.Sub(w.clone.made))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cloneTook = w.done.Sub(w.clone.made)
}

// finish takes the last looks: at the job, then at the drive.
func (w *cloneWait) finish(ctx context.Context) *evidence.Exchange {
	var last *evidence.Exchange
	if path := w.jobPath(); path != "" {
		last = w.writer.getNew(ctx, w.step, path, JobShown, w.clone.made)
	}
	drive := w.writer.Get(ctx, w.step+" drive", w.clone.Path())
	if last == nil {
		last = drive
	}
	return last
}

// jobPath is where the clone's job is below the API base. Its resource_uri says where, but only a path on this endpoint
// is asked.
func (w *cloneWait) jobPath() string {
	if len(w.clone.jobs) == 0 {
		return ""
	}
	job := w.clone.jobs[0]
	base := w.writer.account.config.Client.Base()
	if at, err := url.Parse(job.uri); err == nil && job.uri != "" && (at.Host == "" || at.Host == base.Host) {
		if path, ok := strings.CutPrefix(at.EscapedPath(), base.EscapedPath()); ok && path != "" {
			return path
		}
	}
	if !isID(job.UUID) {
		return ""
	}
	return ResourcePath("jobs", job.UUID)
}

// AwaitStatus waits until a drive of ours has one of the statuses, at most as long as a clone may take. Every look is in
// the record as "<step> poll N", the last one as "<step>".
func (s *Writer) AwaitStatus(ctx context.Context, step string, drive *Resource, statuses ...string) (*evidence.Exchange, bool) {
	return s.await(ctx, step, drive, func(x *evidence.Exchange) bool {
		one, seen := DefinitionOf(x)
		return seen && slices.Contains(statuses, one.Status)
	}, func(n int, x *evidence.Exchange) bool { return n < goneLooks || x.Status() != http.StatusNotFound })
}

// AwaitGone waits until a deleted drive is 404: its deletion has only started, and has until the settling time is over.
func (s *Writer) AwaitGone(ctx context.Context, step string, drive *Resource) (*evidence.Exchange, bool) {
	until := time.Now().Add(s.account.config.SettleTimeout)
	began := time.Now()
	last, gone := s.await(ctx, step, drive, func(x *evidence.Exchange) bool {
		return x.Status() == http.StatusNotFound
	}, func(int, *evidence.Exchange) bool { return time.Now().Before(until) })
	s.account.settled(DeletedGone, time.Since(began), gone)
	return last, gone
}

// await looks at a drive until it is as wanted, or going on is of no use, or the time is up.
func (s *Writer) await(ctx context.Context, step string, drive *Resource, wanted func(*evidence.Exchange) bool, worth func(n int, x *evidence.Exchange) bool) (*evidence.Exchange, bool) {
	own, known := ownedCopy{}, false
	if drive != nil {
		own, known = s.account.find(Drive, drive.UUID)
	}
	if !known {
		return s.unsent(step, http.MethodGet, "drives/", "there is no such drive to wait for"), false
	}
	limited, cancel := context.WithTimeout(ctx, s.account.config.CloneTimeout)
	defer cancel()
	var sound soundness
	waited := newProgress(s.account.config.Client, limited)
	for n := 1; ; n++ {
		x := s.Get(ctx, fmt.Sprintf("%s poll %d", step, n), own.Path())
		if wanted(x) || !worth(n, x) {
			break
		}
		one, seen := DefinitionOf(x)
		if unsound := sound.note(seen, x); unsound != nil && ctx.Err() == nil {
			s.End("the drive was waited for no longer: " + unsound.Error())
			break
		}
		waited.look(x, fmt.Sprintf("a drive: its status is %q", one.Status))
		if !s.account.pace.wait(limited, n-1) {
			break
		}
	}
	last := s.Get(ctx, step, own.Path())
	return last, wanted(last)
}

// Unfinished says how far a clone came.
func (s *Writer) Unfinished(last *evidence.Exchange) string {
	look := readJob(last)
	switch {
	case look.failed:
		return fmt.Sprintf("the clone failed: its job ended in the state %q", look.state)
	case look.readable && look.state != "":
		return fmt.Sprintf("the clone did not end within %s: its job is in the state %q at a progress of %s", s.account.config.CloneTimeout, look.state, orNone(look.progress))
	}
	return fmt.Sprintf("the clone did not end within %s: the last look at it %s", s.account.config.CloneTimeout, Answered(last))
}

func orNone(n json.Number) string {
	if n == "" {
		return "nothing that it says"
	}
	return n.String()
}
