package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// Writer writes to the account for one scenario, step after step. Every request of it goes into the record under
// "<scenario>/<step>", and the endpoint's log shows the same. A request that the account does not allow is not sent:
// its exchange, which is not in the record, says why in its Failure.
type Writer struct {
	account *Account
	name    string
	// clones is how many more clones the scenario may ask for; negative: as many as the account.
	clones int
	// disagrees says that the scenario waited in vain for two answers to tell the same.
	disagrees bool
}

// Writer is the door for the scenario of that name.
func (a *Account) Writer(name string) *Writer { return &Writer{account: a, name: name, clones: -1} }

// Account is the account that the scenario writes to.
func (s *Writer) Account() *Account { return s.account }

// Name is the scenario's name.
func (s *Writer) Name() string { return s.name }

// Allow bounds how many more clones the scenario may ask for.
func (s *Writer) Allow(clones int) { s.clones = clones }

// Key is a step's name in the record.
func (s *Writer) Key(step string) string { return s.name + "/" + step }

// End says why the scenario ends before its end. The first reason stays.
func (s *Writer) End(reason string) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if s.account.ended[s.name] == "" {
		s.account.ended[s.name] = reason
	}
}

// Cause is why a scenario did not come to a step, where more than the words of the reason hangs on it.
type Cause string

// The causes.
const (
	CauseMaxClones Cause = "max-clones" // it could have made a drive more than the run may make
	CauseHarm      Cause = "harm"       // the library was harmed, and the step could have destroyed more
	CauseUnproven  Cause = "unproven"   // nothing proves that what it was to write to is the run's own, or the library's
	CauseNoClock   Cause = "no clock"   // the endpoint says no time, so that no job says whether it is of this run
	CauseMade      Cause = "made"       // what should have been refused made a drive, which shows enough
)

// EndFor ends the scenario for a cause. The first one stays, as the first reason does.
func (s *Writer) EndFor(cause Cause, reason string) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if s.account.ended[s.name] == "" {
		s.account.ended[s.name], s.account.causes[s.name] = reason, cause
	}
}

// endBy ends the scenario by an error, which knows its cause where it has one.
func (s *Writer) endBy(step string, err error) {
	reason := fmt.Sprintf("the step %q was not sent: %s", step, err)
	var bound *boundError
	var missing *MissingProof
	switch {
	case errors.As(err, &bound):
		s.EndFor(CauseMaxClones, reason)
	case errors.Is(err, errHarmed):
		s.EndFor(CauseHarm, reason)
	case errors.As(err, &missing) && missing.Gap != Unasked:
		s.account.keepMissing(s.name, missing)
		s.EndFor(CauseUnproven, reason)
	default:
		s.End(reason)
	}
}

// Get reads a target: a path below the API base with its query. What the run made is looked for until it has had the time
// to be there.
func (s *Writer) Get(ctx context.Context, step, target string) *evidence.Exchange {
	if kind, id, rest := splitPath(target); kind != "" && rest == "" {
		if own, ours := s.account.find(kind, id); ours && !own.deleting {
			return s.getOwn(ctx, step, target, own)
		}
	}
	return s.ask(ctx, step, target)
}

// ask reads a target once.
func (s *Writer) ask(ctx context.Context, step, target string) *evidence.Exchange {
	x := s.account.ask(ctx, s.name, step, target)
	if path, query, _ := strings.Cut(target, "?"); query == "" {
		s.account.saw(path, x)
	}
	return x
}

// List reads the whole list at a path, such as "drives/": under the step what limit=0 answers, and where that is less
// than it counts itself, the pages after it under "<step> page 2" and so on.
func (s *Writer) List(ctx context.Context, step, path string) []*evidence.Exchange {
	return s.readList(ctx, step, path).exchanges
}

func (s *Writer) readList(ctx context.Context, step, path string) listing {
	return readList(func(step, target string) *evidence.Exchange { return s.account.ask(ctx, s.name, step, target) }, step, path)
}

// SendOption changes a request.
type SendOption func(*client.Request)

// As sends a request with other credentials.
func As(identity evidence.Identity) SendOption { return func(r *client.Request) { r.As = identity } }

// Send makes a request that makes and deletes nothing: a read, or a change of something that the run made. A body that
// is not nil is sent as JSON.
func (s *Writer) Send(ctx context.Context, step, method, target string, body any, o ...SendOption) *evidence.Exchange {
	path, query, _ := strings.Cut(target, "?")
	r := client.Request{Method: method, Path: path, Query: query}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return s.unsent(step, method, target, fmt.Sprintf("its body is no JSON: %s", err))
		}
		r.Body = encoded
	}
	for _, option := range o {
		option(&r)
	}
	if reason := s.forbidden(ctx, step, r); reason != "" {
		return s.unsent(step, method, target, reason)
	}
	return s.send(ctx, step, r)
}

// forbidden says why a request that should make nothing may not be sent; empty where it may.
func (s *Writer) forbidden(ctx context.Context, step string, r client.Request) string {
	if r.Method == "" || evidence.IsRead(r.Method) {
		return ""
	}
	kind, uuid, rest := splitPath(r.Path)
	query, err := url.ParseQuery(r.Query)
	switch {
	case !isPlainPath(r.Path):
		return impure
	case kind == "" || uuid == "" || rest != "" && rest != "action":
		return "only what the run made may be changed, and this path is not that of a drive or a server"
	case r.Method == http.MethodDelete:
		return "deleting is for Delete, which the journal knows of"
	case rest == "action" && (err != nil || !slices.Equal(query["do"], []string{"resize"})):
		return "an action that is not known to make nothing is for Clone or Probe"
	}
	if missing := s.account.prove(ctx, s.name, step, kind, uuid); missing != nil {
		return missing.Error()
	}
	return ""
}

// send makes a request that may be sent.
func (s *Writer) send(ctx context.Context, step string, r client.Request) *evidence.Exchange {
	r.Key, r.Step, r.Purpose = s.Key(step), s.account.config.StepOf(s.Key(step)), s.Key(step)
	if r.Method != "" && !evidence.IsRead(r.Method) {
		longer, cancel := untilAnswered(ctx, min(s.account.config.SettleTimeout, mostAnswering))
		defer cancel()
		ctx = longer
	}
	return s.account.config.Client.Send(ctx, r)
}

// mostAnswering is how long a write that is under way when the run is interrupted may take to be answered.
const mostAnswering = 5 * time.Second

// untilAnswered is a context that ends so long after another one. A write that is broken off may be carried out all the same, later
// than anybody looks, and what it made has to be found and proven then; its answer says what it made. What has not begun when the
// other one ends is not begun.
func untilAnswered(ctx context.Context, grace time.Duration) (longer context.Context, cancel context.CancelFunc) {
	if ctx.Err() != nil {
		return ctx, func() {}
	}
	longer, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			end()
		case <-longer.Done():
		}
	})
	return longer, func() {
		stop()
		end()
	}
}

// unsent is the exchange of a request that was not sent. It is not in the record, for nothing was said.
func (s *Writer) unsent(step, method, target, reason string) *evidence.Exchange {
	return &evidence.Exchange{
		Key: s.Key(step), Round: 1, Purpose: s.Key(step), Request: evidence.Request{Method: method, URL: target},
		Failure: "not sent: " + reason, Unsent: true,
	}
}
