package account

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// creating is a create that was sent, with the time that it took: what else came of the same drive meanwhile can't be told
// from what it made.
type creating struct {
	source, scenario string
	began, ended     time.Time // ended is zero as long as it is under way
}

// underWay notes that a create is about to be sent. What it returns notes that the answer was dealt with.
func (a *Account) underWay(i intent) (done func()) {
	c := &creating{source: i.source, scenario: i.scenario, began: time.Now()}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.creating = append(a.creating, c)
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		c.ended = time.Now()
	}
}

// aloneSince reports whether no other scenario than the intent's asked for something of the same source since a moment.
func (a *Account) aloneSince(i intent, since time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !slices.ContainsFunc(a.creating, func(c *creating) bool {
		return c.scenario != i.scenario && SameID(c.source, i.source) && (c.ended.IsZero() || c.ended.After(since))
	})
}

func (a *Account) jobsProved() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.jobsProve
}

// JobsProve looks whether a clone of this run that is proven to be ours would be proven by its job alone: only then a
// library drive is cloned without a name, for the job is all that will say whose the clone is. Where clones have other names than
// they were given, nobody knows which one without a name will have. Its reads are under the step. It returns nil where it is so,
// and else what is missing.
func (s *Writer) JobsProve(ctx context.Context, step string) *JobGap {
	a := s.account
	p := a.prover(ctx, s.name)
	if !p.jobsProve {
		return &JobGap{Unlisted: true}
	}
	a.mu.Lock()
	var clones []claim
	for _, o := range a.owned {
		shown, _ := DefinitionOf(o.seen)
		if o.Kind == Drive && o.proven && !o.deleting && shown.Name == o.Name && a.library[strings.ToLower(o.Source)] {
			c := o.claim()
			for _, job := range o.jobs {
				c.jobs = append(c.jobs, job.UUID)
			}
			clones = append(clones, c)
		}
	}
	a.mu.Unlock()
	gap := &JobGap{}
	const most = 3 // one of them may have been deleted meanwhile, with its job
	for n, c := range clones[:min(len(clones), most)] {
		found := p.gapOfJobs(c, Definition{}, numbered(step, n))
		if found == nil {
			a.mu.Lock()
			a.jobsProve = true
			a.mu.Unlock()
			return nil
		}
		if gap.Field == "" { // a job that was answered says more than one that is gone
			gap = found
		}
	}
	return gap
}

// UnnamedStep is the name of the nth look at a drive that a request made under a name that is not ours; see package steps.
func UnnamedStep(step string, n int) string { return fmt.Sprintf("%s unnamed %d", step, n) }

// findUnnamed finds in the list of the account's drives, as it is after a request that should have made nothing, what the
// request made all the same under a name that is not ours: it is new, has the name of its source, and a job that began while
// the request was under way names it together with its source. What is not proven so is left alone: somebody else may have
// made it. Where it is proven, it is ours, and the look at it is in the record under UnnamedStep.
func (s *Writer) findUnnamed(ctx context.Context, step string, i intent, since time.Time, listed []Definition) (made bool) {
	a := s.account
	if i.kind != Drive || i.source == "" || i.asked.IsZero() {
		return false
	}
	answered := a.config.Client.EndpointTime()
	found := 0
	for _, one := range listed {
		if !isID(one.UUID) || one.nobodys || len(one.jobs) == 0 || !derivesFrom(one.Name, a.libraryName(i.source)) || a.known(one, i.source) {
			continue
		}
		if !a.aloneSince(i, since) {
			a.Note(fmt.Sprintf("%s: drive %q %q may have come of it, or of another request of this run, and is left alone", s.Key(step), clipped(one.UUID), clipped(one.Name)))
			continue
		}
		c := claim{kind: Drive, id: one.UUID, source: i.source, asked: i.asked, until: answered}
		at := UnnamedStep(step, found+1)
		p := a.prover(ctx, s.name)
		if !p.jobsProve || !p.provenByJob(c, one, step+" new") {
			continue
		}
		if _, missing := a.adopt(intent{kind: Drive, source: i.source, asked: i.asked, scenario: i.scenario, step: i.step}, one); missing != nil {
			continue
		}
		found++
		s.Get(ctx, at, Resource{Kind: Drive, UUID: one.UUID}.Path())
	}
	return found > 0
}

// findLost finds what unnamed clones made of which no answer says so: each is looked for once.
func (a *Account) findLost(ctx context.Context, s *Writer, since time.Time) {
	a.mu.Lock()
	var lost []lostCreate
	for _, l := range a.lost {
		if l.kind == Drive && l.name == "" && l.source != "" && l.claimed == nil {
			lost = append(lost, l)
		}
	}
	a.mu.Unlock()
	for _, l := range lost {
		step := "look for what came of " + l.step
		if since.IsZero() {
			since = l.sent
		}
		if !s.findUnnamed(ctx, step, l.intent, since, s.readList(ctx, step, "drives/detail/").objects) {
			continue
		}
		a.mu.Lock()
		a.lost = slices.DeleteFunc(a.lost, func(other lostCreate) bool {
			return other.name == "" && other.scenario == l.scenario && other.step == l.step
		})
		a.mu.Unlock()
	}
}

// known reports whether a listed drive needs no explanation: it was there before, is the library's or has a name that a run
// gave, or it is known to be ours, or was looked at before and is not.
func (a *Account) known(one Definition, source string) bool {
	if a.protected(one.UUID) || a.ourName(one.Name) || bearsAnother(one.Name, a.config.Run) {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	low := strings.ToLower(source + " " + one.UUID)
	if a.strangers[low] || a.lookup(Drive, one.UUID) != nil {
		return true
	}
	a.strangers[low] = true
	return false
}

// Named keeps the names of library drives, by which the clones that nobody named are known.
func (a *Account) Named(names map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for uuid, name := range names {
		a.libraryNames[strings.ToLower(uuid)] = name
	}
}

func (a *Account) libraryName(id string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.libraryNames[strings.ToLower(id)]
}

// derived is what an endpoint adds to the name of a drive where a clone of it is given none: a number, a date, a time.
var derived = regexp.MustCompile(`^(?:[^\pL\pN]{0,3}[0-9].*)?$`)

// derivesFrom reports whether a name is made of that of a library drive, in any of the ways of clone_naming.
func derivesFrom(name, source string) bool {
	added, of := strings.CutPrefix(name, source)
	return source != "" && of && derived.MatchString(added)
}

// longestCreate is how long after a create was asked for its job may begin, where nobody knows when it was answered.
const longestCreate = 2 * time.Minute

// findUnnamed finds in the account what clones without a name made of which a journal does not say what became: what has the
// name of its source, and a job that began when the clone was asked for and names both. Where there are more than the journal
// asked for, nobody can tell whose they are.
func (s *earlierCleanup) findUnnamed(ctx context.Context) {
	var listed []Definition
	asked := map[string][]Entry{} // by source
	for _, e := range s.open {
		if e.Kind == Drive && e.Name == "" && e.Source != "" && !e.Asked.IsZero() && s.before[e.Run] != nil {
			asked[e.Source] = append(asked[e.Source], e)
		}
	}
	if len(asked) > 0 {
		listed = readList(func(step, target string) *evidence.Exchange { return s.removal.get(ctx, step, target) }, "look for clones without a name", "drives/detail/").objects
	}
	for _, source := range slices.Sorted(maps.Keys(asked)) {
		entries, name := asked[source], s.names[strings.ToLower(source)]
		p := prover{ask: func(step, path string) *evidence.Exchange { return s.removal.get(ctx, step, path) }}
		var found []Definition
		for _, one := range listed {
			claimed := slices.ContainsFunc(s.claims, func(id string) bool { return SameID(id, one.UUID) })
			if name == "" || claimed || s.protected(one.UUID) || !derivesFrom(one.Name, name) {
				continue
			}
			if slices.ContainsFunc(entries, func(e Entry) bool {
				return !s.before[e.Run][spelling(one.UUID)] && p.provenByJob(claim{kind: Drive, id: one.UUID, source: source, asked: e.Asked, until: e.Asked.Add(longestCreate)}, one, "look at drive "+one.UUID)
			}) {
				found = append(found, one)
			}
		}
		for i, one := range found {
			r := Resource{Kind: Drive, UUID: one.UUID, Name: one.Name, Source: source}
			if len(found) > len(entries) {
				s.note("%s may have come of this run's clone without a name, or be somebody else's, and is left alone", r)
				s.result.Doubtful = append(s.result.Doubtful, r)
				continue
			}
			e := entries[i]
			s.claims = append(s.claims, one.UUID)
			r.Scenario, r.Step = e.Scenario, e.Step
			s.made = append(s.made, &target{entry: e, Resource: r})
			s.open = slices.DeleteFunc(s.open, func(o Entry) bool { return o.Run == e.Run && o.Scenario == e.Scenario && o.Step == e.Step })
		}
	}
}
