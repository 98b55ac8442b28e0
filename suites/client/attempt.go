package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// answer is how an attempt ended: the exchange as it is in the record, and of what came only that which the client
// needs to go on.
type answer struct {
	exchange *evidence.Exchange
	status   int         // 0 where no response came
	header   http.Header // as it came
	err      error       // why no whole response came
}

// attempt sends the request once and records what came back.
func (c *Client) attempt(ctx context.Context, s *sending, signed signature) answer {
	if err := c.admit(ctx); err != nil {
		return c.unsent(s, err)
	}
	if err := c.countWrong(s.request.As); err != nil {
		c.slots.Release(1)
		return c.unsent(s, err)
	}
	defer c.slots.Release(1)
	limited, cancel := context.WithTimeout(ctx, c.config.RequestTimeout)
	defer cancel()
	var at stage
	request, err := c.build(at.watch(limited), s.request, signed)
	if err != nil {
		return c.unsent(s, err)
	}
	late := c.limits.halted.Load()
	x := c.begin(s)
	x.Request.URL = absolute(c.base(s.request), s.request.Path, s.request.Query)
	x.Request.Header = sentHeader(request)
	secrets := signed.secrets
	slow := time.AfterFunc(ReportedWait, func() {
		c.Waiting(Wait{Request: c.requestLine(s.request), For: c.config.RequestTimeout, Reason: ForAnswer})
	})
	defer slow.Stop()
	response, err := c.transport.RoundTrip(request)
	if err == nil {
		err = c.proxyRefused(request, response)
	}
	c.count(x.Attempt, err)
	result := answer{err: err}
	var over *BodyError
	if err == nil {
		at.set(readingBody)
		result.status, result.header = response.StatusCode, response.Header
		c.readClock(response.Header)
		x.Response = &evidence.Response{Status: response.StatusCode, Proto: response.Proto, Header: response.Header}
		over, result.err = c.readBody(x.Response, s.request, response, late)
		if s.heard != nil {
			s.heard(response)
		}
		secrets = append(secrets, sessionCookies(response)...)
	}
	x.Duration = time.Since(x.Started)
	if over != nil {
		result.err, x.Failure = over, over.what()
	} else if result.err != nil {
		x.Unsent = err != nil && at.now.Load() < sendingRequest
		result.err = at.explain(ctx, limited, c.config.RequestTimeout, c.throughProxy(request, result.err))
		x.Failure, x.Broken, x.BadCoding = Diagnose(result.err), cutOff(result.err), hasFault(result.err, badPacking, unknownCoding)
	} else if tlsExpected(request, x.Response) {
		x.Failure = Diagnose(errTLSExpected)
	}
	result.exchange = c.record.Add(x, secrets...)
	if over != nil {
		over.Exchange = result.exchange.Number
		c.halt(over)
	}
	return result
}

// count counts an attempt, unless the transport refused to let it out.
func (c *Client) count(attempt int, err error) {
	var refused *ReadOnlyError
	if errors.As(err, &refused) {
		return
	}
	c.sent.Add(1)
	if attempt > 1 {
		c.retried.Add(1)
	}
}

// admit waits until a further request may be under way.
func (c *Client) admit(ctx context.Context) error {
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return &Interruption{ctx.Err()}
	}
	if c.limiter == nil {
		return nil
	}
	if err := c.limiter.Wait(ctx); err != nil {
		c.slots.Release(1)
		if ctx.Err() != nil {
			return &Interruption{ctx.Err()}
		}
		// The limiter sees ahead that the context ends before it is this request's turn. Those before it still have theirs.
		c.limits.heldBack.Store(true)
		<-ctx.Done()
		return &RateError{c.config.Rate}
	}
	return nil
}

// build makes the request as it will be sent.
func (c *Client) build(ctx context.Context, r Request, signed signature) (*http.Request, error) {
	target, err := locate(c.base(r), r.Path, r.Query)
	if err != nil {
		return nil, err
	}
	header, err := c.headers(r, signed.header)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, c.config.Base.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("the method %q can't be sent: it is no HTTP token", r.Method)
	}
	if evidence.IsRead(r.Method) {
		request.GetBody = nil
		if len(r.Body) == 0 {
			request.Body = unrepeatable{}
		}
	}
	request.URL = target
	if host := header.Get("Host"); host != "" {
		request.Host = host
		header.Del("Host")
	}
	if _, given := header["User-Agent"]; !given {
		header["User-Agent"] = nil // else Go would send its own
	}
	request.Header = header
	return request, nil
}

// sentHeader is a copy of the headers for the record.
func sentHeader(request *http.Request) http.Header {
	header := request.Header.Clone()
	if len(header["User-Agent"]) == 0 {
		header.Del("User-Agent")
	}
	if request.Host != request.URL.Host {
		header.Set("Host", request.Host)
	}
	return header
}

// errTLSExpected says that a server that speaks TLS was spoken to in plain HTTP.
var errTLSExpected = errors.New("the endpoint speaks TLS on this port, but was spoken to in plain HTTP: use https:// in the target")

// tlsExpected recognizes the answers by which servers in wide use say so.
func tlsExpected(request *http.Request, response *evidence.Response) bool {
	if request.URL.Scheme != "http" || response.Status != http.StatusBadRequest {
		return false
	}
	body := strings.ToLower(string(response.Body.Beginning(4096)))
	return strings.Contains(body, "http request to an https server") || // Go
		strings.Contains(body, "plain http request was sent to https port") || // nginx
		strings.Contains(body, "speaking plain http to an ssl-enabled server") // Apache
}
