package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
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

// JobsProve looks whether a clone of this run that its name proves to be ours would be proven by its job alone: only then a
// library drive is cloned without a name, for the job is all that will say whose the clone is. Its reads are under the step.
func (s *Writer) JobsProve(ctx context.Context, step string) bool {
	a := s.account
	p := a.prover(ctx, s.name)
	if !p.jobsProve {
		return false
	}
	a.mu.Lock()
	var clones []claim
	for _, o := range a.owned {
		if o.Kind == Drive && o.proven && !o.byJob && !o.deleting && a.library[strings.ToLower(o.Source)] {
			c := o.claim()
			for _, job := range o.jobs {
				c.jobs = append(c.jobs, job.UUID)
			}
			clones = append(clones, c)
		}
	}
	a.mu.Unlock()
	const most = 3 // one of them may have been deleted meanwhile, with its job
	for n, c := range clones[:min(len(clones), most)] {
		if p.provenByJob(c, Definition{}, numbered(step, n)) {
			a.mu.Lock()
			a.jobsProve = true
			a.mu.Unlock()
			return true
		}
	}
	return false
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
		if !isID(one.UUID) || one.nobodys || len(one.jobs) == 0 || a.known(one) || !a.bearsSource(one.Name, i.source) {
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
		if _, missing := a.adopt(intent{kind: Drive, source: i.source, derived: true, asked: i.asked, scenario: i.scenario, step: i.step}, one); missing != nil {
			continue
		}
		found++
		s.Get(ctx, at, Resource{Kind: Drive, UUID: one.UUID}.Path())
	}
	return found > 0
}

// known reports whether a listed drive needs no explanation: it was there before, is the library's or has a name that a run
// gave, or it is known to be ours, or was looked at before and is not.
func (a *Account) known(one Definition) bool {
	if a.protected(one.UUID) || a.ourName(one.Name) || bearsAnother(one.Name, a.config.Run) {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	low := strings.ToLower(one.UUID)
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

// bearsSource reports whether a name is made of that of a library drive, in any of the ways of clone_naming.
func (a *Account) bearsSource(name, source string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	of := a.libraryNames[strings.ToLower(source)]
	return of != "" && strings.HasPrefix(name, of)
}
