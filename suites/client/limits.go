package client

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// The bounds that no configuration widens.
const (
	mostBeginning = 1 << 20          // how much is kept of a body that is over a bound: enough to see what it is
	longestWait   = 60 * time.Second // the run's patience: the most that all waits of one request may take by Retry-After
	ReportedWait  = 2 * time.Second  // a wait that is longer is reported
	manyRefused   = 6                // requests in a row that were refused for now to the last attempt, before the endpoint is looked at once more
	manyPages     = 8                // answers in a row that were pages of HTML, before the endpoint is looked at once more
	manyUnheard   = 8                // requests in a row without any answer, before the endpoint is looked at once more
)

// BodyError says that the body of an answer is over a bound of the run.
type BodyError struct {
	Exchange int    // its number in the record
	Request  string // method and path
	Bound    Bound
	Limit    int64
}

// Bound is what an answer was over.
type Bound int

// The bounds of answers.
const (
	OneBody   Bound = iota // the length of one body, unpacked
	AllBodies              // what all answers of the run hold together
	Entries                // the entries of one array or object
	Values                 // the values in one body
	OneEntry               // the length of one entry of a list
)

func (e *BodyError) Error() string {
	return fmt.Sprintf("the answer to %s (exchange %d) is over a bound of this run: %s", e.Request, e.Exchange, e.what())
}

// what says which bound, as the exchange's Failure does.
func (e *BodyError) what() string {
	switch e.Bound {
	case AllBodies:
		return fmt.Sprintf("the answers of the run hold more than %s in all, of which no more is kept", size(e.Limit))
	case Entries:
		return fmt.Sprintf("the body has an array or object of more than %d entries, which are not looked into", e.Limit)
	case OneEntry:
		return fmt.Sprintf("an entry of the list is longer than %s, and is not looked into", size(e.Limit))
	case Values:
		return fmt.Sprintf("the body holds more than %d values, which are not looked into", e.Limit)
	}
	return fmt.Sprintf("the body is longer than %s, of which no more is read", size(e.Limit))
}

// OutageError says that the endpoint is out of service, or will not serve this account, for longer than the run waits.
type OutageError struct {
	Request    string // method and path
	Status     int
	RetryAfter time.Duration // what it asks for; 0 where it does not say
	Page       bool          // it answers with a page of HTML, as what stands before an endpoint does
	Words      string        // its own message; may be empty
	InARow     int           // how many requests were answered so one after another; 0 where one was enough
}

func (e *OutageError) Error() string {
	text := fmt.Sprintf("the endpoint is out of service: %s was answered %d %s", e.Request, e.Status, http.StatusText(e.Status))
	if e.Status == http.StatusTooManyRequests {
		text = fmt.Sprintf("the endpoint refuses further requests: %s was answered %d %s", e.Request, e.Status, http.StatusText(e.Status))
	}
	if e.Page {
		text += " with a page of HTML"
	}
	if e.Words != "" {
		text += fmt.Sprintf(" (%q)", e.Words)
	}
	if e.InARow > 0 {
		text += fmt.Sprintf(", as the %d requests before it were to their last attempt", e.InARow-1)
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf("; by Retry-After it asks to wait %s, which is longer than this run waits", e.RetryAfter)
	}
	return text
}

// GoneError says that the endpoint answers nothing any more.
type GoneError struct {
	InARow  int    // requests without an answer one after another
	Request string // method and path of the last one
	Failure string // what became of it
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("the endpoint is gone: %d requests in a row got no answer; the last one, %s: %s", e.InARow, e.Request, e.Failure)
}

// RateError says that the run's own rate is too low for its time.
type RateError struct {
	Rate float64 // requests a second
}

func (e *RateError) Error() string {
	return fmt.Sprintf("its rate of %g requests a second lets no more through in the run's time: it needs more time, or a higher rate", e.Rate)
}

// HeldBack is that the client's own rate was too low for the time that a run had; nil where it was not.
func (c *Client) HeldBack() error {
	if !c.limits.heldBack.Load() {
		return nil
	}
	return &RateError{c.config.Rate}
}

// Wait is something that a client waits for.
type Wait struct {
	Request string        // method and path
	For     time.Duration // how long at most
	Reason  WaitReason    //
	Status  int           // of the answer after which it waits; 0 where there is none
	State   string        // of what is waited for, as the endpoint tells it; may be empty
}

// WaitReason says why something is waited for.
type WaitReason int

// The reasons to wait.
const (
	ByRetryAfter WaitReason = iota // the endpoint asks for it
	ByBackoff                      // it was refused for now, and is tried again
	ForAnswer                      // the request is sent, and no answer came yet
	ForResource                    // something is under way in the account
)

// String says in a line what is waited for.
func (w Wait) String() string {
	switch w.Reason {
	case ByRetryAfter:
		return fmt.Sprintf("waiting %s, as the endpoint asks by Retry-After with its answer %d: %s", w.For.Round(time.Second), w.Status, w.Request)
	case ByBackoff:
		if w.Status == 0 {
			return fmt.Sprintf("waiting %s before another attempt, for the answer was lost on the way: %s", w.For.Round(time.Second), w.Request)
		}
		return fmt.Sprintf("waiting %s before another attempt, for the answer was %d: %s", w.For.Round(time.Second), w.Status, w.Request)
	case ForResource:
		return fmt.Sprintf("waiting for %s, %s at most: %s", w.State, w.For.Round(time.Second), w.Request)
	}
	return fmt.Sprintf("waiting for an answer, %s at most: %s", w.For.Round(time.Second), w.Request)
}

// limits are what a client keeps count of to see that a run has to end.
type limits struct {
	held     atomic.Int64 // bytes of the headers of answers
	halted   atomic.Bool  // the run was asked to end: what is still asked for is cleaning up
	heldBack atomic.Bool  // the rate let a request through no more before the time was up
	looking  atomic.Bool  // one request looks whether the endpoint is still there

	mu       sync.Mutex
	library  librarySeen
	unheard  int       // requests in a row without an answer
	refused  int       // requests in a row that were refused to the last attempt
	pages    int       // answers in a row that were pages of HTML
	reported time.Time // until when a wait was reported
}

// reserve is the part of the bound for all answers that is kept for cleaning up after it was reached.
const reserve = 8

// reserve counts bytes of an answer that are about to be kept. It reports false where they are over the bound; late says that
// the request was made after the run was asked to end.
func (c *Client) reserve(n int64, late bool) bool {
	most := c.config.MaxHeld
	if late {
		most += most / reserve
	}
	if c.limits.held.Add(n)+c.record.Held() > most {
		c.limits.held.Add(-n)
		return false
	}
	return true
}

// halt tells the run, once, that it has to end, and why.
func (c *Client) halt(cause error) {
	if c.limits.halted.CompareAndSwap(false, true) && c.config.Halt != nil {
		c.config.Halt(cause)
	}
}

// Waiting tells of a wait that a person would wonder about. Where many requests wait at once for the same reason, it is
// reported once.
func (c *Client) Waiting(w Wait) {
	if c.config.Waiting == nil || w.For <= ReportedWait {
		return
	}
	c.limits.mu.Lock()
	until := time.Now().Add(w.For)
	fresh := w.Reason == ForResource || until.After(c.limits.reported.Add(ReportedWait))
	if fresh && w.Reason != ForResource {
		c.limits.reported = until
	}
	c.limits.mu.Unlock()
	if fresh {
		c.config.Waiting(w)
	}
}

// requestLine names a request in what is reported of it.
func (c *Client) requestLine(r Request) string {
	const longest = 200
	line := r.Method + " " + evidence.Request{URL: absolute(c.base(r), r.Path, r.Query)}.Path()
	if len(line) > longest {
		line = line[:longest] + "…"
	}
	return c.record.Redactor().String(line)
}

// What a reader makes of JSON takes many times the room of its text where that is many small values, so a body is bounded
// in them too, before anybody looks into it.
const (
	mostEntries = 100_000   // of one array or object: a library has some dozens of drives, or some thousands
	mostValues  = 2_000_000 // in one body: 20 for each of so many entries
	lightBody   = mostEntries
)

// overweight says which bound of what can be looked into a body is over. widened is that the user said how long bodies may be.
func overweight(body *evidence.Incoming, mostValues int64, widened bool) (bound Bound, limit int64, over bool) {
	switch counts := body.Counts(); {
	case !widened && body.Long():
		return OneEntry, evidence.LongestEntry, true
	case body.Len() <= lightBody: // it has no room for as many
	case counts.Longest > mostEntries:
		return Entries, mostEntries, true
	case counts.Values > mostValues:
		return Values, mostValues, true
	}
	return 0, 0, false
}
