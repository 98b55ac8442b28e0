package account

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Leftovers is what a run could not remove.
type Leftovers struct {
	Left  []Resource // still there, or, without a uuid, perhaps there and not to be told from others'
	Notes []string   // what else is to be said of the account
	// Settled says that all of the account was seen, and that nothing of the run is left in it or may be.
	Settled bool
}

// Cleanup removes everything that was made and is proven to be, the youngest first, and goes on past what can't be
// removed; then it looks whether anything of the run's name is left, made by an answer that was lost or by a request that
// was refused, and whether what it deleted is gone. From its first call on nothing more is made. It outlives the context
// it is given, but not by more than the account's limits; called again, it tries again what is left.
func (a *Account) Cleanup(ctx context.Context) Leftovers {
	a.surveys.Lock() // one at a time, and not while the account is looked over
	defer a.surveys.Unlock()
	a.mu.Lock()
	a.closed = true
	written, cleaned := a.written, a.cleaned
	a.mu.Unlock()
	if !written {
		return Leftovers{Settled: true}
	}
	if cleaned != nil {
		return *cleaned
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cleanupTime())
	defer cancel()
	r := &removal{
		client: a.config.Client, pace: a.pace, settle: a.config.SettleTimeout, patience: a.config.CleanupTimeout, scenario: "cleanup", gone: a.removed,
		ours: func(one Definition) bool { return a.ourName(one.Name) && !a.protected(one.UUID) },
		prove: func(ctx context.Context, t *target) *MissingProof {
			return a.proveNow(ctx, "cleanup", t.Kind+" "+t.UUID, t.Kind, t.UUID)
		},
	}
	a.findLost(bounded, a.Writer("cleanup"), time.Time{})
	targets, unseen := r.run(bounded, a.targets(), a.resolve)
	return a.leftovers(targets, unseen)
}

// targets are what is to be removed, the youngest first. What could not be proven while the scenarios ran is tried
// again.
func (a *Account) targets() []*target {
	a.mu.Lock()
	defer a.mu.Unlock()
	var targets []*target
	for _, o := range slices.Backward(a.owned) {
		if o.Removed {
			continue
		}
		o.missing = nil
		t := &target{Resource: o.Resource, absent: o.absent}
		if o.deleting {
			t.started(a.config.SettleTimeout)
		}
		targets = append(targets, t)
	}
	return targets
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

// resolve takes what a look found for ours. It reports whether a create whose answer was lost may still show what it made.
func (a *Account) resolve(found []*target) bool {
	for _, t := range found {
		i := intent{kind: t.Kind, name: t.Name, scenario: "cleanup", step: "look"}
		a.mu.Lock()
		at := slices.IndexFunc(a.lost, func(l lostCreate) bool { return l.kind == t.Kind && Bears(t.Name, l.name) })
		if at >= 0 {
			i = a.lost[at].intent
		}
		a.mu.Unlock()
		if _, missing := a.adopt(i, Definition{UUID: t.UUID, Name: t.Name, Size: t.Size}); missing != nil {
			a.Note(fmt.Sprintf("%s: %s", t, missing))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.lost, func(l lostCreate) bool { return time.Since(l.sent) < a.config.SettleTimeout })
}

// leftovers says what is left, and notes what became of the creates whose answers were lost.
func (a *Account) leftovers(targets []*target, unseen error) Leftovers {
	var found Leftovers
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range targets {
		o := a.lookup(t.Kind, t.UUID)
		switch {
		case o == nil || t.left == nil && o.proven:
		case t.left == nil: // neither GET nor a list shows what an answer named
			a.unclaim(o)
		case o.proven || a.ourName(t.Name) && t.absent: // the latter is listed under our name, and that is all
			o.missing = nil
			found.Left = append(found.Left, t.Resource)
			found.Notes = append(found.Notes, fmt.Sprintf("%s is left: %s", t, t.left))
		default:
			found.Notes = append(found.Notes, fmt.Sprintf("%s is left alone, which the answer to the step %s/%s names: %s", t, t.Scenario, t.Step, t.left))
			a.unclaim(o)
		}
	}
	slices.SortFunc(found.Left, func(a, b Resource) int { return strings.Compare(a.String(), b.String()) })
	slices.Sort(found.Notes)
	for _, l := range a.lost {
		if unseen != nil || l.mayBeThere() {
			found.Left = append(found.Left, Resource{Kind: l.kind, Name: l.name, Source: l.source, Scenario: l.scenario, Step: l.step})
			found.Notes = append(found.Notes, fmt.Sprintf("whether %s %q was made by the step %s/%s is not known: %s", l.kind, l.name, l.scenario, l.step, l.outcome()))
			continue
		}
		found.Notes = append(found.Notes, fmt.Sprintf("nothing has the name %q of the step %s/%s, so it left no %s: %s", l.name, l.scenario, l.step, l.kind, l.outcome()))
	}
	if unseen != nil {
		found.Notes = append(found.Notes, "whether anything else is left could not be seen: "+unseen.Error())
	}
	found.Notes = append(slices.Clone(a.notes), found.Notes...)
	found.Settled = len(found.Left) == 0 && unseen == nil
	if found.Settled {
		a.cleaned = &found
	}
	return found
}

// unclaim turns what could not be proven into a create of which nobody knows what it made, unless something else was
// found to be its result. The caller holds the lock.
func (a *Account) unclaim(o *owned) {
	if o.missing == nil {
		o.missing = &MissingProof{Gap: Unasked, Kind: o.Kind, ID: o.UUID}
	}
	same := func(kind, name, scenario, step string) bool {
		return kind == o.Kind && scenario == o.Scenario && step == o.Step && name == o.given
	}
	known := slices.ContainsFunc(a.owned, func(other *owned) bool {
		return other != o && other.proven && (same(other.Kind, other.given, other.Scenario, other.Step) || other.Kind == o.Kind && Bears(other.Name, o.given))
	}) || slices.ContainsFunc(a.lost, func(l lostCreate) bool { return same(l.kind, l.name, l.scenario, l.step) })
	if known {
		return
	}
	i := intent{kind: o.Kind, name: o.given, source: o.Source, scenario: o.Scenario, step: o.Step}
	a.lost = append(a.lost, lostCreate{intent: i, sent: o.made, status: http.StatusOK, claimed: o.missing})
}

// mayBeThere reports whether something may have been made though nothing has its name: the endpoint said that it made
// something, and what it named is there, but not to be told from what is somebody else's.
func (l lostCreate) mayBeThere() bool {
	if l.name == "" && l.claimed == nil {
		return l.status == 0 || l.status/100 == 2 // it has a name that the endpoint gave, by which nobody can look for it
	}
	return l.status/100 == 2 && l.claimed != nil && l.claimed.Gap != Absent
}

// outcome says why nobody knows what a create made.
func (l lostCreate) outcome() string {
	switch {
	case l.claimed != nil:
		return l.claimed.Error()
	case l.status == 0:
		return "its answer was lost"
	case l.status/100 == 2:
		return fmt.Sprintf("its answer %d names nothing that was made", l.status)
	}
	return fmt.Sprintf("it was answered %d", l.status)
}
