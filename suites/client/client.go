package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/libdrives/conformance/suites/evidence"
)

// Client is the one door to the endpoint. Whatever goes through it, each attempt, is in its record. It may be used by
// many goroutines at once.
type Client struct {
	config    Config
	record    *evidence.Record
	transport http.RoundTripper
	proxy     func(*http.Request) (*url.URL, error) // the proxy of a request; nil where it has none
	idle      func()                                // closes connections that nobody uses
	slots     *semaphore.Weighted                   // held while an attempt is under way, not while waiting for the next
	limiter   *rate.Limiter                         // nil: no limit
	digest    digestState
	session   sessionState
	unpackers sync.Pool // of gzip bodies
	rooms     sync.Pool // to read bodies into
	limits    limits
	wrong     wrongState
	sent      atomic.Int64
	retried   atomic.Int64
	clock     atomic.Int64 // the latest Date of an answer, in seconds since 1970; 0: none had one
}

// Stats counts what a client sent.
type Stats struct {
	Sent    int // requests, each attempt and each digest handshake counted
	Retried int // those of them that repeated one before
}

// New makes a client whose exchanges go into the record. The account's secrets are made known to the record's redactor.
func New(c Config, record *evidence.Record) (*Client, error) {
	c, err := c.complete()
	if record == nil {
		err = errors.Join(err, errors.New("record: it is missing; every exchange needs a place"))
	}
	if err != nil {
		return nil, err
	}
	base := *c.Base
	c.Base = &base
	record.Redactor().AddCredentials(c.Username, c.Password)
	transport := newTransport(c)
	client := &Client{
		config:    c,
		record:    record,
		transport: perKind{reads: transport, writes: freshConnections(transport)},
		proxy:     transport.Proxy,
		idle:      transport.CloseIdleConnections,
		slots:     semaphore.NewWeighted(int64(c.Concurrency)),
		digest:    digestState{turn: make(chan struct{}, 1)},
	}
	if c.ReadOnly {
		client.transport = readOnly{client.transport}
	}
	if c.Rate > 0 {
		// A burst of one spreads the requests evenly: a limit of ten a second is never ten at once.
		client.limiter = rate.NewLimiter(rate.Limit(c.Rate), 1)
	}
	return client, nil
}

// Request is any request that a client can send. Header lines are as in evidence.Read.
type Request struct {
	Key         string        // its name in the record
	Step        evidence.Step // the step of a scenario that it is of
	Purpose     string        // why it is sent, for the record and for the endpoint's log
	Method      string        // "" means GET
	Path        string        // below the API base, escaped as it is sent
	Rooted      bool          // the path is one of the host, as a resource_uri is: it begins with a slash
	Query       string        // escaped as it is sent, without the question mark
	Header      string        // headers beyond the usual ones, one "Name: value" a line; "Name:" leaves a usual one out
	Body        []byte
	ContentType string            // of the body; "" means application/json where there is one
	As          evidence.Identity // with whose credentials
	NoRetry     bool              // the first answer counts, whatever it is
	MaxBody     int64             // the longest body that is read of its answer; 0 is the client's
}

// Do makes a read and keeps it in the record under the read's key and the round. What went wrong is in the exchange's
// Failure; it is never nil.
func (c *Client) Do(ctx context.Context, r evidence.Read, round int, purpose string) *evidence.Exchange {
	return c.send(ctx, sending{round: round, request: Request{
		Key: r.Key(), Purpose: purpose, Method: r.Verb(), Path: r.Path, Rooted: r.Rooted, Query: r.Query, Header: r.Header, As: r.As, MaxBody: c.longest(r),
	}})
}

// Send makes any request and keeps it in the record. A read is sent again when its answer was lost on the way: a gateway
// answered in the endpoint's place, or the connection broke. A write never is, for what became of it is unknown. A 429 or
// 503 says that nothing was done, so both are sent again after it, unless NoRetry is set.
func (c *Client) Send(ctx context.Context, r Request) *evidence.Exchange {
	return c.send(ctx, sending{request: r, round: 1})
}

// AuthenticateBy changes how evidence.Account authenticates, "basic" or "digest". No request may be under way.
func (c *Client) AuthenticateBy(auth string) { c.config.Auth = auth }

// Base is the API base that the client talks to.
func (c *Client) Base() *url.URL { return c.config.Base }

// Record is where the client's exchanges are kept.
func (c *Client) Record() *evidence.Record { return c.record }

// Stats counts what was sent so far.
func (c *Client) Stats() Stats {
	return Stats{Sent: int(c.sent.Load()), Retried: int(c.retried.Load())}
}

// EndpointTime is the latest time that an answer reported in its Date: what the endpoint dates later came later. It is zero
// where none reported any.
func (c *Client) EndpointTime() time.Time {
	if seconds := c.clock.Load(); seconds > 0 {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Time{}
}

// readClock keeps the time that an answer tells.
func (c *Client) readClock(header http.Header) {
	at, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	for dated, known := at.Unix(), c.clock.Load(); dated > known; known = c.clock.Load() {
		if c.clock.CompareAndSwap(known, dated) {
			return
		}
	}
}

// Close gives back the connections that are kept open.
func (c *Client) Close() { c.idle() }
