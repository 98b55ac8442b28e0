package account

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// Settles is something that a write brings about and that may take a while to show.
type Settles string

// What is waited for after a write.
const (
	CloneShown     Settles = "a clone can be got"
	CloneListed    Settles = "a clone is listed"
	CloneAtRest    Settles = "a clone is at rest once its job is done"
	JobShown       Settles = "a clone's job can be got"
	ServerShown    Settles = "a server can be got"
	NameShown      Settles = "a new name is shown"
	AttachedShown  Settles = "a server shows what was attached to it"
	MountedShown   Settles = "a drive that was attached is mounted"
	DetachedShown  Settles = "a drive that was taken off a server shows that"
	ListedAlike    Settles = "the lists of the library tell a drive as it tells itself"
	EntryShown     Settles = "every answer shows what was written"
	WritableAgain  Settles = "a drive that was written to can be written to again"
	LostFound      Settles = "what was made is listed, where the answer that says so was lost"
	DeletedGone    Settles = "a deleted drive can't be got"
	DeletedDelists Settles = "a deleted drive is in no list"
)

// settlings are all of them, in the order in which they are told.
var settlings = [...]Settles{
	CloneShown, JobShown, CloneListed, CloneAtRest, NameShown, ServerShown, AttachedShown, MountedShown, DetachedShown, ListedAlike, EntryShown, WritableAgain, LostFound, DeletedGone, DeletedDelists,
}

// Settling is how long something took to show after the writes that bring it about.
type Settling struct {
	What    Settles
	Times   int           // how often it was waited for
	Longest time.Duration // from the write to the look that showed it; 0 where the first one did
	Never   int           // how often it did not show before the settling time was over
}

// Settlings are how long what the writes brought about took to show, of all that was waited for.
func (a *Account) Settlings() []Settling {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []Settling
	for _, s := range a.settlings {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Settling) int {
		return cmp.Compare(slices.Index(settlings[:], a.What), slices.Index(settlings[:], b.What))
	})
	return list
}

// settled notes how long something took to show.
func (a *Account) settled(what Settles, took time.Duration, shows bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.settlings[what]
	if s == nil {
		s = &Settling{What: what}
		a.settlings[what] = s
	}
	s.Times++
	if shows {
		s.Longest = max(s.Longest, took)
	} else {
		s.Never++
	}
}

// awaitSettled looks for what a write should bring about, until a look shows it or the settling time since the write is over.
// Each look is in the record; the last one counts. The first is made in any case.
func (s *Writer) awaitSettled(ctx context.Context, what Settles, since time.Time, look func() (shows bool)) {
	limited, cancel := context.WithDeadline(ctx, since.Add(s.account.config.SettleTimeout))
	defer cancel()
	shows := look()
	if shows {
		since = time.Now() // nothing had to be waited for
	}
	for n, over := 0, limited.Err() != nil; !shows && !over; n++ {
		over = !s.account.pace.wait(limited, n)
		if ctx.Err() != nil {
			return
		}
		shows = look() // once more when the time is over
	}
	if !shows && ctx.Err() != nil {
		return // it was not waited for
	}
	s.account.settled(what, time.Since(since), shows)
}

// GetUntil reads a target, again under the same step, until the answer is as a write should have it, or the settling time
// is over.
func (s *Writer) GetUntil(ctx context.Context, step, target string, what Settles, wanted func(Definition) bool) *evidence.Exchange {
	var x *evidence.Exchange
	s.awaitSettled(ctx, what, time.Now(), func() bool {
		x = s.Get(ctx, step, target)
		one, seen := DefinitionOf(x)
		return seen && wanted(one)
	})
	return x
}

// ListUntil asks for a list again, under the same step, until it shows a drive, or does not, as a write should have
// brought about, or the settling time is over: the last answer counts. It returns where the drive is in it; -1 where it is not.
func (s *Writer) ListUntil(ctx context.Context, step, path, id string, there bool) (place int) {
	what := CloneListed
	if !there {
		what = DeletedDelists
	}
	s.awaitSettled(ctx, what, time.Now(), func() bool {
		list := s.readList(ctx, step, path)
		place = slices.IndexFunc(list.objects, func(one Definition) bool { return SameID(one.UUID, id) })
		return place >= 0 == there || !list.complete
	})
	return place
}

// EntryUntil asks for a list again, under the same step, until its entry of a drive is as a write should have it, or the settling
// time is over: the last answer counts.
func (s *Writer) EntryUntil(ctx context.Context, step, path, id string, what Settles, wanted func(Definition) bool) {
	s.awaitSettled(ctx, what, time.Now(), func() bool {
		list := s.readList(ctx, step, path)
		at := slices.IndexFunc(list.objects, func(one Definition) bool { return SameID(one.UUID, id) })
		return at < 0 || wanted(list.objects[at])
	})
}

// FoundUntil reads a list that is asked for one drive, again under the same step, until it shows the drive or the settling
// time is over.
func (s *Writer) FoundUntil(ctx context.Context, step, target, id string) {
	s.awaitSettled(ctx, CloneListed, time.Now(), func() bool {
		objects, _, isList := DefinitionsOf(s.Get(ctx, step, target))
		return !isList || slices.ContainsFunc(objects, func(one Definition) bool { return SameID(one.UUID, id) })
	})
}

// UnlessBusy makes a request of something that the scenario wrote to before, again under the same step while it is refused as
// what is busy is: that the write before it has come to its end may not show yet. The last answer counts.
func (s *Writer) UnlessBusy(ctx context.Context, send func() *evidence.Exchange) *evidence.Exchange {
	var x *evidence.Exchange
	s.awaitSettled(ctx, WritableAgain, time.Now(), func() bool {
		x = send()
		return x.Response == nil || !slices.Contains([]int{http.StatusForbidden, http.StatusConflict, http.StatusLocked}, x.Status())
	})
	return x
}

// getOwn reads a resource of ours. A new one may not be there yet, or not yet be ours to read: it is asked for again until
// the settling time since it was made is over.
func (s *Writer) getOwn(ctx context.Context, step, target string, own ownedCopy) *evidence.Exchange {
	what := CloneShown
	if own.Kind == Server {
		what = ServerShown
	}
	return s.getNew(ctx, step, target, what, own.made)
}

// getNew reads what came to be with a write: the job of a clone, or the clone itself.
func (s *Writer) getNew(ctx context.Context, step, target string, what Settles, made time.Time) *evidence.Exchange {
	var x *evidence.Exchange
	s.awaitSettled(ctx, what, made, func() bool {
		x = s.ask(ctx, step, target)
		return !unseen(x)
	})
	return x
}

// unseen reports whether an answer says that something is not there, or not to be had.
func unseen(x *evidence.Exchange) bool {
	return x.Response != nil && slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone}, x.Status())
}
