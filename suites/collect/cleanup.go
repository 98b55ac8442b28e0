package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Leftovers is what a run could not remove.
type Leftovers struct {
	Left  []Resource // still there, or, without a uuid, perhaps there and not to be seen
	Notes []string   // what else is to be said of the account
}

// Cleanup removes everything that was made, the youngest first, and goes on past what can't be removed; then it looks
// whether anything of the run's name is left, made by an answer that was lost or by a request that was refused. From its
// first call on nothing more is made. It outlives the context it is given, but not by more than the account's limits;
// called again, it tries again what is left.
func (a *Account) Cleanup(ctx context.Context) Leftovers {
	a.surveys.Lock() // one at a time, and not while the account is looked over
	defer a.surveys.Unlock()
	a.mu.Lock()
	a.closed = true
	written, cleaned := a.written, a.cleaned
	a.mu.Unlock()
	if !written {
		return Leftovers{}
	}
	if cleaned != nil {
		return *cleaned
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cleanupTime())
	defer cancel()
	b := &broom{client: a.config.Client, pace: a.pace, story: "cleanup", gone: a.removed, server: a.server}
	left := map[Resource]error{}
	for _, r := range slices.Backward(a.Made()) {
		if a.isRemoved(r) {
			continue
		}
		if _, err := b.remove(bounded, r); err != nil {
			left[r] = err
		}
	}
	unseen := b.sweep(bounded, hunt{a.ourName, a.protected}, a.resolve, left)
	return a.leftovers(left, unseen)
}

// cleanupTime is how long cleaning up may take: the clones under way may be busy until their own time is up.
func (a *Account) cleanupTime() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	remaining := time.Duration(0)
	if len(a.lost) > 0 {
		remaining = a.config.CloneTimeout
	}
	for _, o := range a.owned {
		if o.Kind == Drive && !o.Removed {
			remaining = max(remaining, time.Until(o.made.Add(a.config.CloneTimeout)))
		}
	}
	return a.config.CleanupTimeout + remaining
}

// server finds a server of ours that is still there.
func (a *Account) server(uuid string) (Resource, bool) {
	o, ok := a.find(Server, uuid)
	return o.Resource, ok && !o.Removed
}

func (a *Account) isRemoved(r Resource) bool {
	o, ok := a.find(r.Kind, r.UUID)
	return ok && o.Removed
}

// resolve makes what a look found ours, and with it the creates whose answers were lost. It reports whether one of those
// is still missing.
func (a *Account) resolve(found []Resource) bool {
	for _, r := range found {
		i := intent{kind: r.Kind, name: r.Name, story: "cleanup", step: "look"}
		a.mu.Lock()
		at := slices.IndexFunc(a.lost, func(l intent) bool {
			return l.kind == r.Kind && bears(r.Name, l.name)
		})
		if at >= 0 {
			i = a.lost[at]
		}
		a.mu.Unlock()
		if _, err := a.adopt(i, shown{uuid: r.UUID, name: r.Name, size: r.Size}); err != nil {
			a.note(fmt.Sprintf("%s: %s", r, err))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.lost) > 0
}

// leftovers says what is left, and notes what became of the creates whose answers were lost.
func (a *Account) leftovers(left map[Resource]error, unseen error) Leftovers {
	var found Leftovers
	for r, reason := range left {
		found.Left = append(found.Left, r)
		found.Notes = append(found.Notes, fmt.Sprintf("%s is left: %s", r, reason))
	}
	slices.SortFunc(found.Left, func(a, b Resource) int { return strings.Compare(a.String(), b.String()) })
	slices.Sort(found.Notes)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range a.lost {
		if unseen != nil {
			found.Left = append(found.Left, Resource{Kind: i.kind, Name: i.name, Source: i.source, Story: i.story, Step: i.step})
			found.Notes = append(found.Notes, fmt.Sprintf("whether %s %q was made is not known: its create's answer was lost", i.kind, i.name))
			continue
		}
		found.Notes = append(found.Notes, fmt.Sprintf("a create whose answer was lost left nothing: %s %q of the step %s/%s", i.kind, i.name, i.story, i.step))
	}
	if unseen != nil {
		found.Notes = append(found.Notes, "whether anything else is left could not be seen: "+unseen.Error())
	}
	found.Notes = append(slices.Clone(a.notes), found.Notes...)
	if len(found.Left) == 0 && unseen == nil {
		a.cleaned = &found
	}
	return found
}
