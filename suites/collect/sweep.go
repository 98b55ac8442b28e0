package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// SweepOptions say what Sweep looks for, and how.
type SweepOptions struct {
	Entries          []Entry       // of a journal: what it says was made, and whatever bears the names of its runs
	Prefix           string        // whatever bears a name that begins so; it has to begin with evidence.NamePrefix
	DryRun           bool          // only look
	Journal          *Journal      // where to note what is removed; nil: nowhere
	Timeout          time.Duration // the most that it may take, waiting for busy drives; 0 is the defaults of cleaning up and of a clone
	PollMin, PollMax time.Duration // as for an account
}

// SweepResult is what Sweep found, and what became of it.
type SweepResult struct {
	Found, Removed, Left []Resource
	Notes                []string
}

// Sweep finds what an earlier run left, by its journal or by its names, and removes it. Nothing else is touched: no
// other run's, no library drive, nothing of the account's owner.
func Sweep(ctx context.Context, client *Client, record *evidence.Record, o SweepOptions) (SweepResult, error) {
	setDefault(&o.PollMin, DefaultPollMin)
	setDefault(&o.PollMax, DefaultPollMax)
	setDefault(&o.Timeout, DefaultCleanupTimeout+DefaultCloneTimeout)
	if client == nil || record == nil || client.record != record {
		return SweepResult{}, errors.New("cleanup: it needs a client and the record that the client writes")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	s := &sweeping{options: o, prefixes: map[string]bool{}, removed: map[string]bool{}, library: map[string]bool{}}
	s.broom = broom{client: client, pace: pace{o.PollMin, o.PollMax}, story: "cleanup", gone: s.gone, server: s.server}
	if err := s.read(client.config.Base); err != nil {
		return s.result, err
	}
	if err := s.look(ctx); err != nil || o.DryRun {
		return s.result, err
	}
	return s.result, s.clear(ctx)
}

// sweeping is a Sweep on its way.
type sweeping struct {
	options  SweepOptions
	broom    broom
	prefixes map[string]bool // how our names begin
	made     []Resource      // by the journal, and not gone; in the order of making
	open     []Entry         // creates of which the journal does not say what became of them
	library  map[string]bool // uuids
	removed  map[string]bool // paths
	result   SweepResult
}

// read takes out of the options what to look for.
func (s *sweeping) read(base *url.URL) error {
	if p := s.options.Prefix; p != "" {
		if !strings.HasPrefix(p, evidence.NamePrefix) {
			return fmt.Errorf("cleanup: the prefix %q does not begin with %q, as the names of this suite do; what is named otherwise is not removed", p, evidence.NamePrefix)
		}
		s.prefixes[p] = true
	}
	elsewhere := 0
	for _, e := range s.options.Entries {
		if !sameTarget(e.Target, base) {
			elsewhere++
			continue
		}
		if isRunID(e.Run) {
			s.prefixes[runPrefix(e.Run)] = true
			s.replay(e)
		}
	}
	if elsewhere > 0 {
		s.note("%d entries of the journal are of another target than %s and are left alone", elsewhere, base.Redacted())
	}
	return nil
}

// replay follows the journal.
func (s *sweeping) replay(e Entry) {
	same := func(o Entry) bool {
		return o.Run == e.Run && o.Kind == e.Kind && o.Story == e.Story && o.Step == e.Step
	}
	switch e.Event {
	case Intend:
		s.open = append(s.open, e)
	case Made:
		s.open = slices.DeleteFunc(s.open, same)
		if isUUID(e.UUID) && (e.Kind == Drive || e.Kind == Server) {
			s.made = append(s.made, Resource{Kind: e.Kind, UUID: e.UUID, Name: e.Name, Story: e.Story, Step: e.Step})
		}
	case Gone:
		s.open = slices.DeleteFunc(s.open, func(o Entry) bool { return e.UUID == "" && same(o) })
		s.made = slices.DeleteFunc(s.made, func(r Resource) bool { return r.Kind == e.Kind && strings.EqualFold(r.UUID, e.UUID) })
	}
}

// sameTarget compares API bases as a person would: the last slash and the case of the host do not matter.
func sameTarget(target string, base *url.URL) bool {
	at, err := url.Parse(target)
	return err == nil && strings.EqualFold(at.Scheme, base.Scheme) && strings.EqualFold(at.Host, base.Host) &&
		strings.Trim(at.Path, "/") == strings.Trim(base.Path, "/")
}

// look finds what is there of ours, and changes nothing.
func (s *sweeping) look(ctx context.Context) error {
	list := wholeList(func(step, target string) *evidence.Exchange {
		return s.broom.send(ctx, http.MethodGet, target, step)
	}, "look at the library", "libdrives/")
	if !list.complete {
		last := list.exchanges[len(list.exchanges)-1]
		return fmt.Errorf("cleanup: nothing is removed, for the library could not be read, and so not be told from what is ours: GET libdrives/ %s", answered(last))
	}
	for _, one := range list.objects {
		s.library[strings.ToLower(one.uuid)] = true
	}
	found, err := s.broom.find(ctx, s.hunt())
	if err != nil {
		s.note("%s", err)
	}
	for _, r := range s.made {
		if slices.ContainsFunc(found, func(f Resource) bool { return f.path() == r.path() }) {
			continue
		}
		x := s.broom.send(ctx, http.MethodGet, r.path(), "look at "+r.Kind+" "+r.UUID)
		if one, seen := objectOf(x); seen && strings.EqualFold(one.uuid, r.UUID) {
			if one.nobodys || s.protected(r.UUID) {
				s.note("%s is left alone: the journal says that it was made, but it is a library drive", r)
				continue
			}
			r.Name, r.Size = one.name, one.size
			found = append(found, r)
		} else if x.Status() != http.StatusNotFound {
			s.note("whether %s is still there could not be seen: it %s", r, answered(x))
		}
	}
	s.result.Found = slices.DeleteFunc(found, func(r Resource) bool { return s.isGhost(ctx, r) })
	return ctx.Err()
}

// isGhost reports whether something is only listed: then there is nothing to remove, now or ever.
func (s *sweeping) isGhost(ctx context.Context, r Resource) bool {
	x := s.broom.send(ctx, http.MethodGet, r.path(), "look at "+r.Kind+" "+r.UUID)
	ghost := x.Status() == http.StatusNotFound || x.Status() == http.StatusGone
	if ghost {
		s.note("%s is still listed, but it is gone: GET %s %s", r, r.path(), answered(x))
	}
	return ghost
}

// hunt finds by name.
func (s *sweeping) hunt() hunt {
	return hunt{
		ours: func(name string) bool {
			for prefix := range s.prefixes {
				if strings.HasPrefix(name, prefix) {
					return true
				}
			}
			return false
		},
		protected: s.protected,
	}
}

// protected reports whether a drive is in the library. Then it is not ours, whatever its name or the journal says.
func (s *sweeping) protected(uuid string) bool { return s.library[strings.ToLower(uuid)] }

// clear removes what was found, then looks again for what was not there yet.
func (s *sweeping) clear(ctx context.Context) error {
	left := map[Resource]error{}
	for _, r := range serversFirst(s.result.Found) {
		if s.removed[r.path()] {
			continue
		}
		if _, err := s.broom.remove(ctx, r); err != nil {
			left[r] = err
		}
	}
	unseen := s.broom.sweep(ctx, s.hunt(), s.resolve, left)
	for r, reason := range left {
		s.result.Left = append(s.result.Left, r)
		s.note("%s is left: %s", r, reason)
	}
	for _, r := range s.result.Found {
		if s.removed[r.path()] && left[r] == nil {
			s.result.Removed = append(s.result.Removed, r)
		}
	}
	for _, e := range s.open {
		s.note("a create whose answer was lost left nothing: %s %q of the step %s/%s", e.Kind, e.Name, e.Story, e.Step)
	}
	if unseen != nil {
		return fmt.Errorf("cleanup: whether anything is left could not be seen: %w", unseen)
	}
	return nil
}

// resolve notes what a further look found, and closes the creates that it answers. It reports whether one of those is
// still missing.
func (s *sweeping) resolve(found []Resource) bool {
	for _, r := range append(slices.Clone(found), s.result.Found...) {
		if !slices.ContainsFunc(s.result.Found, func(f Resource) bool { return f.path() == r.path() }) {
			s.result.Found = append(s.result.Found, r)
		}
		s.open = slices.DeleteFunc(s.open, func(e Entry) bool { return e.Kind == r.Kind && bears(r.Name, e.Name) })
	}
	return len(s.open) > 0
}

func (s *sweeping) server(uuid string) (Resource, bool) {
	at := slices.IndexFunc(s.result.Found, func(r Resource) bool { return r.Kind == Server && strings.EqualFold(r.UUID, uuid) })
	if at < 0 || s.removed[s.result.Found[at].path()] {
		return Resource{}, false
	}
	return s.result.Found[at], true
}

func (s *sweeping) gone(kind, uuid string) {
	r := Resource{Kind: kind, UUID: uuid}
	s.removed[r.path()] = true
	for i, f := range s.result.Found {
		if f.path() == r.path() {
			s.result.Found[i].Removed = true
			r = f
		}
	}
	if s.options.Journal == nil {
		return
	}
	if err := s.options.Journal.append(Entry{Event: Gone, Kind: kind, Name: r.Name, UUID: uuid}); err != nil {
		s.note("%s", err)
	}
}

func (s *sweeping) note(format string, values ...any) {
	s.result.Notes = append(s.result.Notes, fmt.Sprintf(format, values...))
}
