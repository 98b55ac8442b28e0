package collect

import (
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
	longestDelay      = 10 * time.Second // the most to which the delay between attempts grows by itself
	longestRetryAfter = 60 * time.Second // the most that a Retry-After is given: who says more is as good as down
	lostReads         = 2                // further attempts at a read whose connection broke before an answer
)

// sending is a request on its way, through all its attempts.
type sending struct {
	request  Request
	take     int
	attempts int
	lost     int                  // attempts that ended without an answer
	renewed  bool                 // a stale nonce was replaced
	heard    func(*http.Response) // told of each response before it is recorded; may be nil
}

// send makes the request, again where its answer says that this may help.
func (c *Client) send(ctx context.Context, s sending) *evidence.Exchange {
	setDefault(&s.request.Method, http.MethodGet)
	delays := backoff.NewExponentialBackOff()
	delays.InitialInterval = c.config.RetryDelay
	delays.MaxInterval = longestDelay
	delays.Multiplier = 2
	attempt := func() (*evidence.Exchange, error) {
		answered := c.authorized(ctx, &s)
		return answered.exchange, c.again(&s, answered)
	}
	// The error only said whether to go on: what happened is in the exchange.
	exchange, _ := backoff.Retry(ctx, attempt, backoff.WithBackOff(delays),
		backoff.WithMaxTries(uint(c.config.Retries)+1), backoff.WithMaxElapsedTime(0))
	return exchange
}

// again returns nil where the answer stands, and otherwise why another attempt is worth it; after how long is for
// backoff, unless the endpoint said so.
func (c *Client) again(s *sending, answered answer) error {
	if s.request.NoRetry {
		return nil
	}
	if answered.err != nil && answered.status == 0 {
		s.lost++
		if isRead(s.request.Method) && s.lost <= lostReads && connectionLost(answered.err) {
			return answered.err
		}
		return nil
	}
	if answered.status != http.StatusTooManyRequests && answered.status != http.StatusServiceUnavailable {
		return nil
	}
	if wait := retryAfter(answered.header, time.Now()); wait > 0 {
		return &backoff.RetryAfterError{Duration: wait}
	}
	return errors.New(http.StatusText(answered.status))
}

// retryAfter is how long the endpoint asks to wait: zero where it does not say, or says nothing that makes sense.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if when, err := http.ParseTime(text); err == nil {
		wait = when.Sub(now)
	}
	return min(max(wait, 0), longestRetryAfter)
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
	return answer{exchange: c.record.Add(x), err: err}
}

// begin makes the exchange of the next attempt.
func (c *Client) begin(s *sending) evidence.Exchange {
	s.attempts++
	return evidence.Exchange{
		Key: s.request.Key, Take: s.take, Attempt: s.attempts, Purpose: s.request.Purpose, Started: time.Now(),
		Request: evidence.Request{
			Method: s.request.Method, Body: s.request.Body, As: s.request.As, Auth: c.config.Auth,
		},
	}
}
