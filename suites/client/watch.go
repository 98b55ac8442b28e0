package client

import (
	"context"
	"errors"
	"net/http"

	"github.com/libdrives/conformance/suites/evidence"
)

// StillThereKey names the requests in the record that look whether the endpoint is still there.
const StillThereKey = "still there"

// watch notes how a request ended after its last attempt, and tells the run to end once nothing more is to be expected:
// where the endpoint answers nothing any more, or refuses one read after another for now. What may lie in the requests
// themselves is not concluded from: before the endpoint is called gone, it is asked for what it answered before.
func (c *Client) watch(ctx context.Context, s *sending, last answer) {
	if last.status == 0 && !wasSent(last.err) {
		return
	}
	if last.status != 0 {
		c.watchRefusals(ctx, s, last)
		c.watchPages(ctx, s, last)
		return
	}
	if ctx.Err() != nil {
		return
	}
	c.limits.mu.Lock()
	c.limits.unheard++
	unheard := c.limits.unheard
	c.limits.mu.Unlock()
	if s.aside || c.limits.halted.Load() || unheard < manyUnheard || !c.limits.looking.CompareAndSwap(false, true) {
		return
	}
	defer c.limits.looking.Store(false)
	x := c.lookAside(ctx)
	if x.Response == nil && ctx.Err() == nil {
		c.halt(&GoneError{InARow: unheard + 1, Request: c.requestLine(stillThere()), Failure: x.Failure})
	}
}

// watchRefusals counts reads that were refused for now to their last attempt. A write may be refused for what it asks
// for, such as room for a drive.
func (c *Client) watchRefusals(ctx context.Context, s *sending, last answer) {
	c.limits.mu.Lock()
	c.limits.unheard = 0
	switch {
	case !s.busy:
		c.limits.refused = 0
	case evidence.IsRead(s.request.Method) && asAccount(s.request.As):
		c.limits.refused++
	}
	refused := c.limits.refused
	c.limits.mu.Unlock()
	if s.aside || refused < manyRefused || ctx.Err() != nil || c.limits.halted.Load() || !c.limits.looking.CompareAndSwap(false, true) {
		return
	}
	defer c.limits.looking.Store(false)
	if look := c.lookAside(ctx); look.Response != nil && look.Obstacle() == evidence.NoObstacle {
		return // it lies in what was asked for
	}
	if ctx.Err() == nil {
		outage := Outage(last.exchange)
		outage.Request, outage.InARow = c.requestLine(s.request), refused
		c.halt(outage)
	}
}

// watchPages counts answers that are pages of HTML, whatever their status is: an endpoint that answered as the API before, and
// answers nothing but pages now, even to what it answered before, is out of service.
func (c *Client) watchPages(ctx context.Context, s *sending, last answer) {
	c.limits.mu.Lock()
	switch {
	case !last.exchange.SaysHTML():
		c.limits.pages = 0
	case last.exchange.IsPage():
		c.limits.pages++
	}
	pages := c.limits.pages
	c.limits.mu.Unlock()
	if s.aside || pages < manyPages || ctx.Err() != nil || c.limits.halted.Load() || !c.limits.looking.CompareAndSwap(false, true) {
		return
	}
	defer c.limits.looking.Store(false)
	if look := c.lookAside(ctx); look.IsPage() && ctx.Err() == nil {
		outage := Outage(look)
		outage.Request, outage.InARow = c.requestLine(stillThere()), pages+1
		c.halt(outage)
	}
}

// stillThere is the request that looks whether the endpoint is still there.
func stillThere() Request {
	return Request{
		Key: StillThereKey, Purpose: "see whether the endpoint is still there", Method: http.MethodGet, Path: "libdrives/", Query: "limit=1",
	}
}

// lookAside asks for what the endpoint answered before.
func (c *Client) lookAside(ctx context.Context) *evidence.Exchange {
	return c.send(ctx, sending{request: stillThere(), round: 1, aside: true})
}

// Silent reports whether the last request got no answer.
func (c *Client) Silent() bool {
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	return c.limits.unheard > 0
}

// wasSent reports whether a request without an answer left the machine, or would have.
func wasSent(err error) bool {
	var refused *ReadOnlyError
	return err != nil && !errors.As(err, &refused) && !errors.Is(err, errUnsent)
}

// errUnsent marks what kept a request from being sent that does not lie in the endpoint.
var errUnsent = errors.New("not sent")

// Outage is what an answer 429 or 503, or a gateway's, says.
func Outage(x *evidence.Exchange) *OutageError {
	e := &OutageError{Request: x.Request.Method + " " + x.Request.Path(), Status: x.Status()}
	if x.Response != nil {
		e.Page = x.SaysHTML()
		e.Words = Words(x)
	}
	return e
}
