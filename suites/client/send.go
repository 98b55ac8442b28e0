package client

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/libdrives/conformance/suites/evidence"
)

const (
	longestDelay = 10 * time.Second // the most to which the delay between attempts grows by itself
	lostReads    = 2                // further attempts at a read whose answer was lost on the way
)

// sending is a request on its way, through all its attempts.
type sending struct {
	request  Request
	round    int
	attempts int
	lost     int                  // attempts whose answer was lost on the way
	waited   time.Duration        // as Retry-After asked
	busy     bool                 // the last answer was a refusal for now, or a gateway's
	aside    bool                 // it is the client's own look whether the endpoint is still there
	renewed  bool                 // a stale nonce was replaced
	heard    func(*http.Response) // called with each response before it is recorded; may be nil
}

// send makes the request.
func (c *Client) send(ctx context.Context, s sending) *evidence.Exchange {
	if s.request.As.Wrong() {
		return c.sendWrong(ctx, s)
	}
	return c.sendOn(ctx, s)
}

// sendOn makes the request, again where its answer says that this may help.
func (c *Client) sendOn(ctx context.Context, s sending) *evidence.Exchange {
	s.request.Method = cmp.Or(s.request.Method, http.MethodGet)
	if bySession := s.request.As == evidence.BySession || s.request.As == evidence.BySessionOnly; bySession && s.heard == nil && s.request.Key != evidence.LogoutKey {
		s.heard = c.adoptCookies // a logout's are not taken: what was good before is tried once more
	}
	delays := backoff.NewExponentialBackOff()
	delays.InitialInterval = c.config.RetryDelay
	delays.MaxInterval = longestDelay
	delays.Multiplier = 2
	var last answer
	attempt := func() (*evidence.Exchange, error) {
		last = c.authorized(ctx, &s)
		return last.exchange, c.again(ctx, &s, last)
	}
	notify := func(why error, wait time.Duration) {
		w := Wait{Request: c.requestLine(s.request), For: wait, Reason: ByBackoff, Status: last.status}
		if errors.As(why, new(*backoff.RetryAfterError)) {
			w.Reason = ByRetryAfter
		}
		c.Waiting(w)
	}
	// The error only said whether to go on: what happened is in the exchange.
	exchange, _ := backoff.Retry(ctx, attempt, backoff.WithBackOff(delays), backoff.WithNotify(notify),
		backoff.WithMaxTries(uint(c.config.Retries)+1), backoff.WithMaxElapsedTime(0))
	c.watch(ctx, &s, last)
	return exchange
}

// again returns nil where the answer stands, and otherwise why another attempt is worth it; after how long is for
// backoff, unless the endpoint said so.
func (c *Client) again(ctx context.Context, s *sending, answered answer) error {
	s.busy = false
	if s.request.NoRetry {
		return nil
	}
	obstacle := answered.exchange.Obstacle()
	if s.request.As.Wrong() && lockout(answered.status) {
		return nil // it is not asked for again, which would lock the account for longer
	}
	s.busy = obstacle == evidence.Busy || obstacle == evidence.Gateway
	if obstacle != evidence.Busy {
		// A body that can't be unpacked may have been cut off before it came to what sent it.
		if !evidence.IsRead(s.request.Method) || obstacle == evidence.NoObstacle && !hasFault(answered.err, badPacking) || s.lost == lostReads {
			return nil
		}
		s.lost++
		if obstacle == evidence.Broken {
			c.idle() // what broke one connection may have broken those that nobody uses
		}
		return errors.Join(errLost, answered.err)
	}
	wait := retryAfter(answered.header, time.Now())
	deadline, ends := ctx.Deadline()
	switch {
	case wait == 0:
		return errors.New(http.StatusText(answered.status))
	case wait > longestWait || ends && time.Now().Add(wait).After(deadline):
		if asAccount(s.request.As) {
			outage := Outage(answered.exchange)
			outage.Request, outage.RetryAfter = c.requestLine(s.request), wait
			c.halt(outage)
		}
		return nil
	case s.waited+wait > longestWait:
		return nil // it asked for that much already, and is no better
	}
	s.waited += wait
	return &backoff.RetryAfterError{Duration: wait}
}

// errLost says that an answer was lost on the way to the client.
var errLost = errors.New("the answer was lost on the way")

// asAccount reports whether a request is the account's own: what is refused to nobody, or to who has a wrong password, is
// not refused to the run.
func asAccount(as evidence.Identity) bool {
	return as != evidence.Nobody && !as.Wrong()
}

// retryAfter is how long the endpoint asks to wait: zero where it does not say, or says nothing that makes sense. A date
// is measured by the answer's own, for the two clocks may differ.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if when, err := http.ParseTime(text); err == nil {
		if its, err := http.ParseTime(header.Get("Date")); err == nil {
			now = its
		}
		wait = when.Sub(now)
	}
	return max(wait, 0)
}

// authorized makes an attempt with the credentials of the request's identity. Under Digest, an attempt that is refused
// for its old nonce is followed by one with the new nonce.
func (c *Client) authorized(ctx context.Context, s *sending) answer {
	signed, err := c.sign(ctx, s.request)
	if err != nil {
		return c.unsent(s, err)
	}
	answered := c.attempt(ctx, s, signed)
	if fresh := c.renewal(s, signed, answered); fresh != nil {
		s.renewed = true
		renewed, err := c.signDigest(s.request, fresh, 1, c.config.Password)
		if err != nil {
			return answered
		}
		answered = c.attempt(ctx, s, renewed)
		if answered.status != 0 && answered.status != http.StatusUnauthorized {
			// Published only now, so that no request overtakes this one with a higher count: some servers mind.
			c.digest.publish(fresh)
		}
	}
	return answered
}

// unsent records a request that could not be sent at all.
func (c *Client) unsent(s *sending, err error) answer {
	x := c.begin(s)
	x.Request.URL = absolute(c.base(s.request), s.request.Path, s.request.Query)
	x.Failure, x.Unsent = Diagnose(err), true
	return answer{exchange: c.record.Add(x), err: errors.Join(errUnsent, err)}
}

// begin makes the exchange of the next attempt.
func (c *Client) begin(s *sending) evidence.Exchange {
	s.attempts++
	x := evidence.Exchange{
		Key: s.request.Key, Step: s.request.Step, Round: s.round, Attempt: s.attempts, Purpose: s.request.Purpose, Started: time.Now(),
		Request: evidence.Request{
			Method: s.request.Method, Body: s.request.Body, As: s.request.As, Auth: c.config.Auth,
		},
	}
	switch s.request.As {
	case evidence.BySession, evidence.BySessionOnly:
		x.Request.Login, x.Request.Logout = c.sessionURLs()
	}
	if s.request.Key == evidence.LoginKey {
		x.Request.Login = c.accountURL("do=login")
	}
	return x
}
