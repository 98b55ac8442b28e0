package run

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

// collectFor runs the specs' bodies to learn what they want, asks for it, and does so again with those that wanted
// something until none wants more. It returns those that find a difference between two answers.
//
// Bodies are run while requests are under way, each once all that it wanted has come. What is asked for next, and what for, is the
// same in every run all the same: it does not hang on which of the answers came first.
func (r *runner) collectFor(ctx context.Context, ids []string, round int) (differing []string, err error) {
	c := &collecting{runner: r, round: round, wants: map[string][]*judge.Asked{}}
	c.run(ids)
	for range maxRounds {
		c.runAgain()
		if len(c.wants) == 0 {
			slices.SortFunc(c.differing, r.catalogue.Compare)
			return c.differing, nil
		}
		if !c.ask(ctx) {
			return nil, context.Cause(ctx)
		}
	}
	return nil, fmt.Errorf("the plan did not come to an end within %d rounds", maxRounds)
}

// collecting is a collectFor under way.
type collecting struct {
	*runner
	round     int
	wants     map[string][]*judge.Asked // by the requirements that want something
	differing []string

	planned, done atomic.Int64
}

// run runs the bodies of requirements on all cores, and notes what they want.
func (c *collecting) run(ids []string) {
	notes := make([]func(), len(ids))
	onAllCores(len(ids), func(i int) {
		id := ids[i]
		e := c.evaluator.Evaluate(id, c.specs.Spec(id), c.round, true)
		notes[i] = func() {
			c.awaiting[id] = e.Awaited
			if e.Compares {
				c.comparing[id] = true
			}
			delete(c.wants, id)
			switch {
			case len(e.Wants) > 0:
				c.wants[id] = e.Wants
			case e.Unsure():
				c.differing = append(c.differing, id)
			}
		}
	})
	for _, note := range notes { // in their order
		note()
	}
}

// onAllCores does a work for each number below n, on as many goroutines as there are cores to run them.
func onAllCores(n int, work func(i int)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error {
			work(i)
			return nil
		})
	}
	_ = group.Wait() // no work fails
}

// waiting are the requirements that want something, in the order of the catalogue.
func (c *collecting) waiting() []string {
	return slices.SortedFunc(maps.Keys(c.wants), c.catalogue.Compare)
}

// came reports whether a read was answered.
func (c *collecting) came(read *judge.Asked) bool {
	return c.evaluator.Record.Answer(read.Key(), c.round) != nil
}

// runAgain runs the bodies of which something that they wanted has come, until there is none.
func (c *collecting) runAgain() {
	for range maxRounds {
		again := slices.DeleteFunc(c.waiting(), func(id string) bool { return !slices.ContainsFunc(c.wants[id], c.came) })
		if len(again) == 0 {
			return
		}
		c.run(again)
	}
}

// ask asks for all that is wanted, and runs bodies as it comes. It reports false where the run was ended.
func (c *collecting) ask(ctx context.Context) bool {
	waiting := c.waiting()
	var all wantedReads
	for _, id := range waiting {
		for _, read := range c.wants[id] {
			all.add(read, id)
		}
	}
	var opening string // the key of the read that opens the way for many
	var after []string // those that want it alone
	early := !c.evaluator.Settled
	if early { // else what a body compares is all that has come
		opening, after = c.opening(waiting)
		all.begin(opening)
	}
	a := &answers{wake: make(chan struct{}, 1)}
	c.send(ctx, a, all.wants())
	left := stillMissing{by: map[string][]*waiter{}, missing: map[string]*waiter{}}
	if early {
		left.wait(c, slices.DeleteFunc(waiting, func(id string) bool { return slices.Contains(after, id) }))
	}
	for {
		keys, more := a.take()
		if !more {
			return ctx.Err() == nil
		}
		for _, key := range keys {
			if key == opening {
				c.send(ctx, a, c.wantedAfter(after, all))
				left.wait(c, after)
			}
			left.came(key)
		}
		for ready := left.ready(); len(ready) > 0; ready = left.ready() {
			c.run(ready)
			left.wait(c, ready)
		}
	}
}

// opening is the read that most of the requirements want alone, such as the list, and those that do. What they want next is asked
// for as soon as it has come.
func (c *collecting) opening(waiting []string) (key string, after []string) {
	const many = 4
	alone := map[string][]string{}
	for _, id := range waiting {
		if wants := c.wants[id]; len(wants) == 1 {
			alone[wants[0].Key()] = append(alone[wants[0].Key()], id)
		}
	}
	for _, id := range waiting { // in their order
		if wants := c.wants[id]; len(wants) == 1 && len(alone[wants[0].Key()]) > max(many-1, len(after)) {
			key, after = wants[0].Key(), alone[wants[0].Key()]
		}
	}
	return key, after
}

// wantedAfter runs the bodies that wanted one read alone, and returns what they want beside what is under way. Of that they see
// nothing yet, whether it has come or not.
func (c *collecting) wantedAfter(ids []string, underWay wantedReads) []client.Want {
	c.evaluator.UnderWay = map[string]bool{}
	for _, read := range underWay.reads[1:] {
		c.evaluator.UnderWay[read.Key()] = true
	}
	var more wantedReads
	c.run(ids)
	for _, id := range ids {
		for _, read := range c.wants[id] {
			if !c.evaluator.UnderWay[read.Key()] {
				more.add(read, id)
			}
		}
	}
	c.evaluator.UnderWay = nil
	return more.wants()
}

// send asks for reads, and does not wait for them.
func (c *collecting) send(ctx context.Context, a *answers, wants []client.Want) {
	c.planned.Add(int64(len(wants)))
	tell := func(done int64) { c.Observer.Collecting(int(done), int(c.planned.Load()), phase(c.round)) }
	tell(c.done.Load())
	a.begin()
	go func() {
		defer a.end()
		// That the run was ended shows in the context.
		_ = c.client.Collect(ctx, wants, c.round, func(x *evidence.Exchange) {
			tell(c.done.Add(1))
			a.add(x.Key)
		})
	}()
}

// answers are the keys of the reads that were answered, on their way from those who ask to the one who plans: nobody waits for him.
type answers struct {
	wake chan struct{}

	mu      sync.Mutex
	keys    []string
	sending int // how many are still asking
}

func (a *answers) add(key string) { a.change(func() { a.keys = append(a.keys, key) }) }
func (a *answers) begin()         { a.change(func() { a.sending++ }) }
func (a *answers) end()           { a.change(func() { a.sending-- }) }

func (a *answers) change(change func()) {
	a.mu.Lock()
	change()
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default: // it is said already
	}
}

// take waits for answers; more is false where none will come.
func (a *answers) take() (keys []string, more bool) {
	for {
		a.mu.Lock()
		keys, more = a.keys, a.sending > 0 || len(a.keys) > 0
		a.keys = nil
		a.mu.Unlock()
		if len(keys) > 0 || !more {
			return keys, more
		}
		<-a.wake
	}
}

// stillMissing is what requirements wait for.
type stillMissing struct {
	by      map[string][]*waiter // the requirements, by the keys of the reads that are missing
	missing map[string]*waiter   // by requirement
	done    []string             // nothing is missing for these any more
}

// waiter is a requirement that waits, with how many reads it waits for. Of a large library many requirements wait for
// thousands each.
type waiter struct {
	id    string
	count int
}

// wait has requirements wait for what they want and is not there.
func (m *stillMissing) wait(c *collecting, ids []string) {
	for _, id := range ids {
		waits := m.missing[id]
		if waits == nil {
			waits = &waiter{id: id}
			m.missing[id] = waits
		}
		for _, read := range c.wants[id] {
			if !c.came(read) {
				m.by[read.Key()] = append(m.by[read.Key()], waits)
				waits.count++
			}
		}
		if len(c.wants[id]) > 0 && waits.count == 0 {
			m.done = append(m.done, id)
		}
	}
}

// came notes that a read was answered.
func (m *stillMissing) came(key string) {
	for _, waits := range m.by[key] {
		if waits.count--; waits.count == 0 {
			m.done = append(m.done, waits.id)
		}
	}
	delete(m.by, key)
}

// ready are the requirements for which nothing is missing any more, each once.
func (m *stillMissing) ready() (ids []string) {
	ids, m.done = m.done, nil
	return ids
}
