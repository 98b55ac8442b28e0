package account

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// removal deletes what is proven to be ours, and verifies that it is gone: GET answers 404 or 410, and no list shows it.
// It proves nothing itself.
type removal struct {
	client *client.Client
	pace   pace
	settle time.Duration // how long a deletion that has started may take
	// patience is how long it goes on where nothing is answered at all.
	patience time.Duration
	scenario string // begins the keys of its exchanges
	number   atomic.Int64
	// prove makes sure that a resource is ours, before its first DELETE.
	prove func(ctx context.Context, t *target) *MissingProof
	// ours says whether what a list shows is ours by its name.
	ours func(one Definition) bool
	// gone is told of everything that is removed, as soon as that is verified.
	gone func(kind, uuid string)
}

// target is a resource that is to be removed.
type target struct {
	Resource
	entry    Entry     // of a journal that names it
	deadline time.Time // until when it may go on being shown; zero: no deletion has started
	proven   bool      // the proof was given
	absent   bool      // GET answers 404 or 410
	never    bool      // and did before anything was deleted
	removed  bool      // and no list shows it
	left     error     // why it is not removed
	again    int       // deletions that did not begin though they were answered as if they had
}

// started notes that the deletion has started.
func (t *target) started(settle time.Duration) {
	if t.deadline.IsZero() {
		t.deadline = time.Now().Add(settle)
	}
}

// deleteTries bounds how often a resource that nothing keeps busy is tried to be deleted: then it is the endpoint that
// does not want to.
const deleteTries = 4

var (
	errNoTime = errors.New("there was no more time to wait")
	errUnseen = errors.New("could not be looked through")
)

func (r *removal) send(ctx context.Context, method, path, what string) *evidence.Exchange {
	path, query, _ := strings.Cut(path, "?")
	key := fmt.Sprintf("%s/%d %s", r.scenario, r.number.Add(1), what)
	return r.client.Send(ctx, client.Request{Key: key, Purpose: key, Method: method, Path: path, Query: query})
}

// get asks as a prover asks.
func (r *removal) get(ctx context.Context, what, path string) *evidence.Exchange {
	return r.send(ctx, http.MethodGet, path, what)
}

// run removes the targets, and whatever else a look at the lists finds to be ours. awaited reports, of what was found,
// whether a create whose answer was lost may still bring something to light. It returns all targets, and why the account
// could not be looked through to the end.
func (r *removal) run(ctx context.Context, targets []*target, awaited func(found []*target) bool) ([]*target, error) {
	if err := r.awaitAnswer(ctx); err != nil {
		for _, t := range targets {
			t.left = err
		}
		return targets, err
	}
	for n := 0; ; n++ {
		r.deleteAll(ctx, targets)
		listed, found, unseen := r.find(ctx)
		waiting := false
		for _, t := range targets {
			waiting = r.verify(t, listed[t.Path()]) || waiting
		}
		fresh := slices.DeleteFunc(slices.Clone(found), func(f *target) bool {
			return slices.ContainsFunc(targets, func(t *target) bool { return t.Path() == f.Path() })
		})
		retryMounted(targets, fresh)
		targets = append(targets, fresh...)
		if !awaited(found) && !waiting && len(fresh) == 0 {
			return targets, unseen
		}
		if !r.pace.wait(ctx, n) {
			for _, t := range targets {
				if !t.removed && t.left == nil {
					t.left = errNoTime
				}
			}
			return targets, errors.Join(unseen, fmt.Errorf("the account %w to the end: %w", errUnseen, errNoTime))
		}
	}
}

// awaitAnswer waits, at growing intervals, until an endpoint that answered nothing last answers again: it may be back while
// there is still something to be removed.
func (r *removal) awaitAnswer(ctx context.Context) error {
	if !r.client.Silent() {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	for n := 0; ; n++ {
		x := r.get(ctx, "see whether the endpoint answers again", "libdrives/?limit=1")
		if x.Response != nil {
			return nil
		}
		if !r.pace.wait(limited, n) {
			return r.unheard(x)
		}
	}
}

// unheard says that an endpoint answered nothing for as long as is waited.
func (r *removal) unheard(last *evidence.Exchange) error {
	return fmt.Errorf("the endpoint answered nothing for %s: %s", r.patience, last.Failure)
}

// verify holds a target against the lists. It reports whether it is to be looked for again.
func (r *removal) verify(t *target, listed bool) (again bool) {
	switch {
	case t.removed || t.left != nil && !t.absent:
		return false
	case !t.absent:
		return true
	case !listed:
		t.removed, t.left = true, nil
		r.gone(t.Kind, t.UUID)
		return false
	case time.Now().Before(t.deadline):
		return true
	}
	t.left = errors.New("it is still listed, though GET of it answers that it is not there")
	return false
}

// find asks for the lists once, for all: what they show by its path, and what of that is ours by its name.
func (r *removal) find(ctx context.Context) (listed map[string]bool, found []*target, unseen error) {
	listed = map[string]bool{}
	var errs []error
	for _, place := range []struct{ kind, path string }{{Drive, "drives/"}, {Drive, "drives/detail/"}, {Server, "servers/"}} {
		list := readList(func(step, path string) *evidence.Exchange { return r.get(ctx, step, path) }, "look through "+place.path, place.path)
		if !list.complete {
			last := list.exchanges[len(list.exchanges)-1]
			errs = append(errs, fmt.Errorf("%s %w: it %s", place.path, errUnseen, Answered(last)))
		}
		for _, one := range list.objects {
			if !isID(one.UUID) {
				continue
			}
			t := &target{Resource: Resource{Kind: place.kind, UUID: one.UUID, Name: one.Name, Size: one.Size}}
			listed[t.Path()] = true
			known := slices.ContainsFunc(found, func(f *target) bool { return f.Path() == t.Path() })
			if !known && r.ours(one) {
				found = append(found, t)
			}
		}
	}
	return listed, found, errors.Join(errs...)
}

// deleteAll deletes the targets side by side, so that one that stays busy does not use up the time of the others:
// servers first, for at most half of the time, for a drive can't go while a server has it.
func (r *removal) deleteAll(ctx context.Context, targets []*target) {
	servers, cancel := ctx, context.CancelFunc(func() {})
	if deadline, set := ctx.Deadline(); set {
		servers, cancel = context.WithDeadline(ctx, time.Now().Add(time.Until(deadline)/2))
	}
	defer cancel()
	for _, kind := range []string{Server, Drive} {
		limited := servers
		if kind == Drive {
			limited = ctx
		}
		var group sync.WaitGroup
		for _, t := range targets {
			if t.Kind == kind && !t.absent && t.left == nil {
				group.Go(func() { t.left = r.delete(limited, t, targets) })
			}
		}
		group.Wait()
	}
}

// delete deletes a resource, once it is proven, and looks at it until it is gone. What is busy is waited for as long as
// the context lasts, and what is being deleted until the settling time is over. It returns why the resource is left.
func (r *removal) delete(ctx context.Context, t *target, all []*target) error {
	if t.deadline.IsZero() {
		if missing := r.prove(ctx, t); missing != nil {
			if t.absent = missing.Gap == Absent; t.absent {
				t.never = true
				t.started(r.settle) // a list may trail
			}
			return missing
		}
	}
	var refused *evidence.Exchange
	heard := time.Now()
	for n, tries := 0, 0; ; n++ {
		if t.deadline.IsZero() {
			if refused = r.send(ctx, http.MethodDelete, t.Path(), "delete "+t.Kind+" "+t.UUID); IsGone(refused) {
				t.started(r.settle)
			}
		}
		look := r.get(ctx, "look at "+t.Kind+" "+t.UUID, t.Path())
		if look.Status() == http.StatusNotFound || look.Status() == http.StatusGone {
			t.absent = true
			t.started(r.settle)
			return nil
		}
		one, seen := DefinitionOf(look)
		silent := look.Response == nil
		if !silent {
			heard = time.Now()
		} else if time.Since(heard) > r.patience {
			return r.unheard(look)
		}
		if t.deadline.IsZero() {
			mounted, err := mountedStill(one, all)
			if err != nil {
				return err
			}
			if !silent && (!seen || t.Kind == Server || atRest(one.Status) && !mounted) {
				tries++ // who answers nothing may come back
			}
			if tries >= deleteTries {
				return fmt.Errorf("deleting it %s", Answered(refused))
			}
		} else if time.Now().After(t.deadline) {
			return fmt.Errorf("its deletion was answered as if it had started, and after %s it is still there: GET of it %s, its status is %q",
				r.settle, Answered(look), one.Status)
		} else if n%goneLooks == goneLooks-1 && t.again < deleteTries && (t.Kind == Server || atRest(one.Status)) {
			t.again++
			r.send(ctx, http.MethodDelete, t.Path(), "delete "+t.Kind+" "+t.UUID+" again")
		}
		if !r.pace.wait(ctx, n) {
			if refused == nil || IsGone(refused) {
				return fmt.Errorf("it is being deleted, its status was %q, and %w", one.Status, errNoTime)
			}
			return fmt.Errorf("deleting it %s, its status was %q, and %w", Answered(refused), one.Status, errNoTime)
		}
	}
}

// mountedStill reports whether a drive is to be waited for because a server that is being removed has it. On a server
// that stays, it is left too.
func mountedStill(one Definition, all []*target) (bool, error) {
	waiting := false
	for _, on := range one.mountedOn {
		at := slices.IndexFunc(all, func(t *target) bool { return t.Kind == Server && SameID(t.UUID, on.UUID) })
		if at < 0 {
			return false, &mountedElsewhere{on.UUID, on.Name}
		}
		server := all[at]
		if server.left != nil {
			return false, fmt.Errorf("it is mounted on %s, which is left: %w", server, server.left)
		}
		waiting = waiting || time.Now().Before(server.deadline)
	}
	return waiting, nil
}

// mountedElsewhere says that a drive is left because a server has it that is not known to be the run's.
type mountedElsewhere struct{ server, name string }

func (m *mountedElsewhere) Error() string {
	return fmt.Sprintf("it is mounted on the server %s %q, which is not of this run", m.server, m.name)
}

// retryMounted takes up again the drives that were left because of a server that has been found to be the run's since: the
// answer to its create may have been lost.
func retryMounted(targets, fresh []*target) {
	for _, t := range targets {
		var on *mountedElsewhere
		if errors.As(t.left, &on) && slices.ContainsFunc(fresh, func(f *target) bool { return f.Kind == Server && SameID(f.UUID, on.server) }) {
			t.left = nil
		}
	}
}
