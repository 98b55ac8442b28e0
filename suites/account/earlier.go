package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// CleanUpOptions say what CleanUp looks for, and how.
type CleanUpOptions struct {
	Entries          []Entry       // of a journal: what it says was made, and whatever bears the names of its runs
	Prefix           string        // whatever a run named so; it is evidence.NamePrefix, or evidence.NamePrefix with the id of one run
	DryRun           bool          // only look
	Journal          *Journal      // where to note what is removed; nil: nowhere
	Timeout          time.Duration // the most that it may take, waiting for busy drives; 0 is the defaults of cleaning up and of a clone
	SettleTimeout    time.Duration // as for an account
	PollMin, PollMax time.Duration // as for an account
}

// CleanUpResult is what CleanUp found, and what became of it: of what was found, each is removed or left, or, in a dry run,
// neither.
type CleanUpResult struct {
	Found, Removed, Left []Resource
	// Doubtful is what a journal says was made and nothing proves, so that it is not touched.
	Doubtful []Resource
	Notes    []string
	// Looked says that the account was looked through: an empty journal, or one of another target, says of nothing where
	// to look.
	Looked bool
	// Settled says that all of it was seen, and that nothing is left or may be.
	Settled bool
}

// CleanUp finds what an earlier run left, by its journal or by its names, and removes what GET proves to be that run's.
// Nothing else is touched: no other run's, no library drive, nothing of the account's owner.
func CleanUp(ctx context.Context, client *client.Client, record *evidence.Record, o CleanUpOptions) (CleanUpResult, error) {
	o.PollMin = cmp.Or(o.PollMin, DefaultPollMin)
	o.PollMax = cmp.Or(o.PollMax, DefaultPollMax)
	o.SettleTimeout = cmp.Or(o.SettleTimeout, DefaultSettleTimeout)
	o.Timeout = cmp.Or(o.Timeout, DefaultCleanupTimeout+o.SettleTimeout+DefaultCloneTimeout)
	if client == nil || record == nil || client.Record() != record {
		return CleanUpResult{}, errors.New("cleanup: it needs a client and the record that the client writes")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	s := &earlierCleanup{options: o, library: map[string]bool{}, names: map[string]string{}, before: map[string]map[string]bool{}}
	s.removal = removal{
		client: client, pace: pace{o.PollMin, o.PollMax}, settle: o.SettleTimeout, patience: DefaultCleanupTimeout, scenario: "cleanup",
		prove: s.prove, gone: s.gone,
		ours: func(one Definition) bool { return s.ours(one.Name) && !s.protected(one.UUID) },
	}
	if err := s.read(client.Base()); err != nil {
		return s.result, err
	}
	if len(s.runs) == 0 && o.Prefix == "" {
		return s.result, nil
	}
	if err := s.find(ctx); err != nil || o.DryRun {
		return s.result, err
	}
	return s.result, s.delete(ctx)
}

// earlierCleanup is a CleanUp on its way.
type earlierCleanup struct {
	options CleanUpOptions
	removal removal
	runs    []string        // the ids of the journal's runs
	made    []*target       // by the journal, and not gone; in the order of making
	open    []Entry         // creates of which the journal does not say what became of them
	was     []claim         // by the journal, and gone
	claims  []string        // uuids that the journal says were made
	library map[string]bool // spellings of its uuids
	names   map[string]string
	before  map[string]map[string]bool // by run, the spellings of what was in the account before it, where the journal says so
	result  CleanUpResult

	mu    sync.Mutex
	notes []string
}

// read takes out of the options what to look for.
func (s *earlierCleanup) read(base *url.URL) error {
	if p := s.options.Prefix; p != "" {
		run, ok := ParsePrefix(p)
		if !ok {
			return fmt.Errorf("cleanup: the prefix %q is neither %q nor that with the id of a run, as the names of this suite begin; what is named otherwise is not removed", p, evidence.NamePrefix)
		}
		if run != "" {
			s.runs = append(s.runs, run)
		}
	}
	elsewhere := 0
	for _, e := range s.options.Entries {
		if !SameTarget(e.Target, base) {
			elsewhere++
			continue
		}
		if isRunID(e.Run) {
			if !slices.Contains(s.runs, e.Run) {
				s.runs = append(s.runs, e.Run)
			}
			s.replay(e)
		}
	}
	if elsewhere > 0 {
		s.note("%d entries of the journal are of another target than %s and are left alone", elsewhere, base.Redacted())
	}
	return nil
}

// replay follows the journal.
func (s *earlierCleanup) replay(e Entry) {
	same := func(o Entry) bool {
		return o.Run == e.Run && o.Kind == e.Kind && o.Scenario == e.Scenario && o.Step == e.Step
	}
	switch e.Event {
	case Before:
		if s.before[e.Run] == nil {
			s.before[e.Run] = map[string]bool{}
		}
		for _, uuid := range e.Held {
			s.before[e.Run][spelling(uuid)] = true
		}
	case Intend:
		s.open = append(s.open, e)
	case Made:
		s.open = slices.DeleteFunc(s.open, same)
		s.claims = append(s.claims, e.UUID)
		if isID(e.UUID) && (e.Kind == Drive || e.Kind == Server) {
			s.made = append(s.made, &target{entry: e, Resource: Resource{Kind: e.Kind, UUID: e.UUID, Name: e.Name, Source: e.Source, Scenario: e.Scenario, Step: e.Step}})
		}
	case Foreign:
		s.made = slices.DeleteFunc(s.made, func(t *target) bool {
			return t.entry.Run == e.Run && t.Kind == e.Kind && SameID(t.UUID, e.UUID)
		})
	case Gone:
		if e.UUID != "" && e.Kind == Drive {
			s.was = append(s.was, claim{kind: e.Kind, id: e.UUID, given: e.Name})
		}
		s.open = slices.DeleteFunc(s.open, func(o Entry) bool { return e.UUID == "" && same(o) })
		s.made = slices.DeleteFunc(s.made, func(t *target) bool { return t.Kind == e.Kind && SameID(t.UUID, e.UUID) })
	}
}

// SameTarget compares API bases as a person would: the last slash and the case of the host do not matter.
func SameTarget(target string, base *url.URL) bool {
	at, err := url.Parse(target)
	return err == nil && strings.EqualFold(at.Scheme, base.Scheme) && strings.EqualFold(at.Host, base.Host) &&
		strings.Trim(at.Path, "/") == strings.Trim(base.Path, "/")
}

// find finds what is there of ours, and changes nothing.
func (s *earlierCleanup) find(ctx context.Context) error {
	list := readList(func(step, target string) *evidence.Exchange {
		return s.removal.get(ctx, step, target)
	}, "look at the library", "libdrives/")
	if !list.complete {
		last := list.exchanges[len(list.exchanges)-1]
		return fmt.Errorf("cleanup: nothing is removed, for the library could not be read, and so not be told from what is ours: GET libdrives/ %s", Answered(last))
	}
	for _, one := range list.objects {
		s.library[spelling(one.UUID)], s.names[strings.ToLower(one.UUID)] = true, one.Name
	}
	s.findUnnamed(ctx)
	_, found, unseen := s.removal.find(ctx)
	targets := slices.Clone(s.made)
	for _, f := range found {
		if !slices.ContainsFunc(targets, func(t *target) bool { return t.Path() == f.Path() }) {
			targets = append(targets, f)
		}
	}
	s.result.Looked = true
	var group sync.WaitGroup
	for _, t := range targets {
		group.Go(func() {
			if missing := s.prove(ctx, t); missing != nil {
				t.left, t.absent = missing, missing.Gap == Absent
			}
		})
	}
	group.Wait()
	s.made = nil
	for _, t := range targets {
		switch {
		case t.left == nil:
			s.made = append(s.made, t)
			s.result.Found = append(s.result.Found, t.Resource)
		case t.absent && slices.Contains(found, t):
			s.note("%s is listed, but it is not there: %s", t, t.left)
		case t.absent:
		default:
			s.doubt(t)
		}
	}
	s.closeOpen()
	if unseen != nil {
		s.keepNotes()
		return fmt.Errorf("cleanup: whether anything is left could not be seen: %w", unseen)
	}
	if s.options.DryRun {
		for _, e := range s.open {
			s.note("the journal does not say what became of the step %s/%s; nothing has the name %q now", e.Scenario, e.Step, e.Name)
		}
		s.result.Settled = len(s.result.Found)+len(s.result.Doubtful) == 0
	}
	s.keepNotes()
	return ctx.Err()
}

// doubt notes what a journal says was made, and nothing proves.
func (s *earlierCleanup) doubt(t *target) {
	s.note("%s is left alone, though the journal says that it was made: %s", t, t.left)
	s.result.Doubtful = append(s.result.Doubtful, t.Resource)
}

// prove weighs a claim by what GET answers now: when it is found, and again before it is deleted. What is proven is known by
// its present name from then on.
func (s *earlierCleanup) prove(ctx context.Context, t *target) *MissingProof {
	missing := &MissingProof{Gap: BadID, Kind: t.Kind, ID: t.UUID}
	switch {
	case !isID(t.UUID):
		return missing
	}
	run := t.entry.Run
	c := claim{kind: t.Kind, id: t.UUID, given: t.entry.Name, source: t.entry.Source, asked: t.entry.Asked}
	if t.entry.Job != "" {
		c.jobs = []string{t.entry.Job} // its own definition may name it no more
	}
	p := prover{
		ask:       func(step, path string) *evidence.Exchange { return s.removal.get(ctx, step, path) },
		ours:      func(name string) bool { return run != "" && bearsRun(name, run) || s.ours(name) },
		others:    func(name string) bool { return bearsAnother(name, run) },
		protected: func(id string) bool { return s.protected(id) || s.before[run][spelling(id)] },
		made: func(c claim) []claim {
			return slices.DeleteFunc(slices.Clone(s.was), func(was claim) bool { return SameID(was.id, c.id) })
		},
		jobsProve: s.before[run] != nil,
		nameOf:    func(id string) string { return s.names[strings.ToLower(id)] },
		claimed: func(id string) bool {
			return slices.ContainsFunc(s.claims, func(claimed string) bool { return SameID(claimed, id) })
		},
	}
	until := time.Until(t.entry.Time.Add(s.options.SettleTimeout))
	limited, cancel := context.WithTimeout(ctx, until)
	defer cancel()
	for n := 0; ; n++ {
		step := "look at " + t.Kind + " " + t.UUID
		var one Definition
		if one, missing = p.weigh(c, s.removal.get(ctx, step, t.Path()), step); missing == nil {
			t.Name, t.Size, t.proven = one.Name, one.Size, true
			return nil
		}
		if t.proven && missing.Gap == NotShown {
			return nil // it was shown before, and an answer that shows nothing takes no proof away
		}
		if missing.Gap != Absent && missing.Gap != NotShown || !s.removal.pace.wait(limited, n) {
			return missing
		}
	}
}

// ours reports whether a name is one that the runs that are cleaned up after gave.
func (s *earlierCleanup) ours(name string) bool {
	if s.options.Prefix != "" {
		by := givenBy(name)
		return by != "" && (len(s.runs) == 0 || slices.Contains(s.runs, by))
	}
	return slices.ContainsFunc(s.runs, func(run string) bool { return bearsRun(name, run) })
}

// protected reports whether a drive is in the library. Then it is not ours, whatever its name or the journal says.
func (s *earlierCleanup) protected(uuid string) bool { return s.library[spelling(uuid)] }

// delete removes what was found, then looks again for what was not there yet.
func (s *earlierCleanup) delete(ctx context.Context) error {
	slices.Reverse(s.made)
	targets, unseen := s.removal.run(ctx, s.made, func(found []*target) bool {
		s.found(found)
		return slices.ContainsFunc(s.open, func(e Entry) bool { return time.Since(e.Time) < s.options.SettleTimeout })
	})
	s.result.Found = nil
	for _, t := range targets {
		var missing *MissingProof
		switch {
		case t.removed && t.never:
		case t.removed:
			t.Removed = true
			s.result.Removed = append(s.result.Removed, t.Resource)
			s.result.Found = append(s.result.Found, t.Resource)
		case errors.As(t.left, &missing) && !t.absent:
			s.doubt(t)
		default:
			s.result.Left = append(s.result.Left, t.Resource)
			s.result.Found = append(s.result.Found, t.Resource)
			s.note("%s is left: %s", t, t.left)
		}
	}
	for _, e := range s.open {
		s.note("nothing has the name %q of the step %s/%s, of which the journal does not say what became, so it left no %s", e.Name, e.Scenario, e.Step, e.Kind)
	}
	s.result.Settled = len(s.result.Left)+len(s.result.Doubtful) == 0 && unseen == nil
	s.keepNotes()
	if unseen != nil {
		return fmt.Errorf("cleanup: whether anything is left could not be seen: %w", unseen)
	}
	return nil
}

// found keeps what a further look found.
func (s *earlierCleanup) found(found []*target) {
	for _, t := range found {
		if !slices.ContainsFunc(s.made, func(m *target) bool { return m.Path() == t.Path() }) {
			s.made = append(s.made, t)
		}
	}
	s.closeOpen()
}

// closeOpen closes the creates that what was found answers.
func (s *earlierCleanup) closeOpen() {
	s.open = slices.DeleteFunc(s.open, func(e Entry) bool {
		return slices.ContainsFunc(s.made, func(t *target) bool { return t.Kind == e.Kind && Bears(t.Name, e.Name) })
	})
}

// gone notes in the journal that a resource is removed.
func (s *earlierCleanup) gone(kind, uuid string) {
	if s.options.Journal == nil {
		return
	}
	e := Entry{Event: Gone, Kind: kind, UUID: uuid}
	for _, t := range s.made {
		if t.Kind == kind && t.UUID == uuid {
			e.Name = cmp.Or(t.entry.Name, t.Name)
		}
	}
	if err := s.options.Journal.append(e); err != nil {
		s.note("%s", err)
	}
}

func (s *earlierCleanup) note(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, fmt.Sprintf(format, values...))
}

// keepNotes puts the notes into the result.
func (s *earlierCleanup) keepNotes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result.Notes = append(s.result.Notes, s.notes...)
	s.notes = nil
}
