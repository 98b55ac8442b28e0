package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// broom removes what somebody proved to be ours, and looks for it. It proves nothing itself.
type broom struct {
	client *Client
	pace   pace
	story  string // begins the keys of its exchanges
	number int
	// server finds one of our servers that is still there, for a drive that it has can't be deleted.
	server func(uuid string) (Resource, bool)
	// gone is told of everything that is removed, as soon as it is.
	gone func(kind, uuid string)
}

// deleteTries bounds how often a drive that nothing keeps busy is tried to be deleted: then it is the endpoint that
// does not want to.
const deleteTries = 4

func (b *broom) send(ctx context.Context, method, target, what string) *evidence.Exchange {
	b.number++
	key := fmt.Sprintf("%s/%d %s", b.story, b.number, what)
	path, query, _ := strings.Cut(target, "?")
	return b.client.Send(ctx, Request{Key: key, Purpose: key, Method: method, Path: path, Query: query})
}

// remove deletes a resource. What is busy is waited for, as long as the context lasts; a drive that one of our servers
// has is deleted after the server. It returns why the resource is left, or nil; absent says that it was not there.
func (b *broom) remove(ctx context.Context, r Resource) (absent bool, err error) {
	for n, tries := 0, 0; ; n++ {
		x := b.send(ctx, http.MethodDelete, r.path(), "delete "+r.Kind+" "+r.UUID)
		if isGone(x) {
			b.gone(r.Kind, r.UUID)
			return x.Status() >= 400, nil
		}
		look := b.send(ctx, http.MethodGet, r.path(), "look at "+r.Kind+" "+r.UUID)
		if look.Status() == http.StatusNotFound || look.Status() == http.StatusGone {
			b.gone(r.Kind, r.UUID)
			return true, nil
		}
		one, seen := objectOf(look)
		freed, err := b.free(ctx, one.mountedOn)
		if err != nil {
			return false, err
		}
		if freed {
			continue
		}
		if !seen || r.Kind == Server || atRest(one.status) {
			tries++
		}
		if tries >= deleteTries {
			return false, fmt.Errorf("deleting it %s", answered(x))
		}
		if !b.pace.wait(ctx, n) {
			return false, fmt.Errorf("deleting it %s, its status was %q, and there was no more time to wait", answered(x), one.status)
		}
	}
}

// free deletes our servers among those that have a drive. It reports whether there were any.
func (b *broom) free(ctx context.Context, servers []shown) (bool, error) {
	freed := false
	for _, one := range servers {
		server, ours := b.server(one.uuid)
		if !ours {
			return freed, fmt.Errorf("it is mounted on the server %s %q, which is not of this run", one.uuid, one.name)
		}
		if _, err := b.remove(ctx, server); err != nil {
			return freed, fmt.Errorf("it is mounted on %s, which is left: %w", server, err)
		}
		freed = true
	}
	return freed, nil
}

// hunt is what a broom looks for in the account.
type hunt struct {
	ours      func(name string) bool // whether the name proves it ours
	protected func(uuid string) bool // whether it is not ours whatever it is named
}

var errUnseen = errors.New("could not be looked through")

// find looks through the account for what is ours by its name. What is nobody's is the library's, and never ours.
func (b *broom) find(ctx context.Context, h hunt) ([]Resource, error) {
	var found []Resource
	var unseen []error
	for _, place := range []struct{ kind, path string }{{Drive, "drives/detail/"}, {Server, "servers/"}} {
		list := wholeList(func(step, target string) *evidence.Exchange {
			return b.send(ctx, http.MethodGet, target, step)
		}, "look for "+place.kind+"s", place.path)
		if !list.complete {
			last := list.exchanges[len(list.exchanges)-1]
			unseen = append(unseen, fmt.Errorf("%s %w: it %s", place.path, errUnseen, answered(last)))
		}
		for _, one := range list.objects {
			if h.ours(one.name) && isUUID(one.uuid) && !one.nobodys && !h.protected(one.uuid) {
				found = append(found, Resource{Kind: place.kind, UUID: one.uuid, Name: one.name, Size: one.size})
			}
		}
	}
	return found, errors.Join(unseen...)
}

const (
	rounds    = 4 // how often what is found again, though it was deleted, is deleted again
	lostLooks = 6 // how often the account is looked through for what a lost create may yet make
)

// sweep looks for what is ours and removes it, until nothing is found; while something may still appear, a few times
// more. What is in left already is not tried again, and what can't be removed is added to it.
func (b *broom) sweep(ctx context.Context, h hunt, missing func(found []Resource) bool, left map[Resource]error) error {
	done := map[string]bool{}
	for r := range left {
		done[r.path()] = true
	}
	for n, round := 0, 1; ; n++ {
		found, unseen := b.find(ctx, h)
		found = slices.DeleteFunc(found, func(r Resource) bool { return done[r.path()] })
		if len(found) > 0 {
			round++
		}
		awaited := missing(found) && n < lostLooks
		if len(found) == 0 && !awaited {
			return unseen
		}
		for _, r := range serversFirst(found) {
			if round > rounds {
				left[r] = errors.New("deleting it is answered as if it were done, and it is still listed")
				continue
			}
			absent, err := b.remove(ctx, r)
			if err != nil {
				left[r] = err
			}
			// What is listed though it is not there to be deleted is a ghost: nobody has it.
			done[r.path()] = done[r.path()] || err != nil || absent
		}
		if round > rounds {
			return unseen
		}
		if !b.pace.wait(ctx, n) {
			return fmt.Errorf("the account %w to the end: there was no more time", errUnseen)
		}
	}
}

// serversFirst is the order in which to remove what was found: a drive can't go while a server has it, and the youngest
// first, for an older drive may be what a younger one is being cloned from.
func serversFirst(found []Resource) []Resource {
	var ordered []Resource
	for _, kind := range []string{Server, Drive} {
		for _, r := range slices.Backward(found) {
			if r.Kind == kind {
				ordered = append(ordered, r)
			}
		}
	}
	return ordered
}
