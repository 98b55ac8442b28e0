package selftest

import (
	"cmp"
	"context"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/fixtures/generated"
	"github.com/libdrives/conformance/reports"
)

// GeneratedOptions say which generated faults are judged.
type GeneratedOptions struct {
	Options
	Sample int    // how many of them, drawn by the seed; 0 is all
	Seed   uint64 // of the faults and of the sample
	Whole  bool   // judge each by all requirements at once; without it, first by those that are most likely to notice it, with the same outcome
}

// clonesTake is how many times as long as it should a clone may take: one that never says that it is done has a run wait until its
// time is over.
const clonesTake = 200

// RunGenerated judges the reference endpoint with faults that were made by code. Where the context ends first, the error is its
// cause, and what was not judged has it as its problem.
func RunGenerated(ctx context.Context, o GeneratedOptions) (*reports.Generated, error) {
	all := generated.All(o.Seed)
	sample := generated.Sample(all, o.Sample, o.Seed)
	conversation, err := generated.NewConversation()
	if err != nil {
		return nil, err
	}
	const forEachCore = 3 // their runs are short, and those of clones that never end wait for most of their time
	o.Parallel = cmp.Or(o.Parallel, forEachCore*runtime.GOMAXPROCS(0))
	s := newSelftest(o.Options, len(sample))
	s.cloneTimeout = clonesTake * s.CloneTime
	g := &reports.Generated{Tool: s.tool(), Started: time.Now(), Seed: o.Seed, Made: len(all), Faults: make([]reports.GeneratedOutcome, len(sample))}
	var group errgroup.Group
	group.SetLimit(s.Parallel)
	for i, fault := range sample {
		group.Go(func() error {
			g.Faults[i] = s.generated(ctx, fault, conversation, o.Whole)
			s.tested(ctx, fault.Name(), g.Faults[i].Good())
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	g.Duration = time.Since(g.Started)
	return g, context.Cause(ctx)
}

// generated judges one generated fault. What shows nowhere in the fixed conversation is not judged. What the table decides is
// judged first by the requirements that it names, and the rest by those of its place, which takes a part of the time: a requirement
// selected alone comes to the verdict that it comes to among all.
func (s *selftest) generated(ctx context.Context, fault generated.Fault, conversation *generated.Conversation, whole bool) (outcome reports.GeneratedOutcome) {
	began := time.Now()
	outcome = reports.GeneratedOutcome{Name: fault.Name(), Operator: fault.Operator, Place: fault.Place, Condition: fault.Condition, Breaks: fault.Breaks}
	defer func() { outcome.Duration = time.Since(began) }()
	if ctx.Err() != nil {
		outcome.Problem = notTested(ctx).Error()
		return outcome
	}
	tells, err := conversation.Tells(fault)
	switch {
	case err != nil:
		outcome.Problem = err.Error()
		return outcome
	case !tells:
		outcome.Outcome = reports.Unseen
		return outcome
	}
	selections := selectionsFor(fault)
	if whole {
		selections = [][]string{nil}
	}
	for _, ids := range selections {
		report, err := s.run(ctx, fixtures.Options{Bend: fault.Bend(), WithoutNetwork: true}, "basic", ids...)
		if err != nil {
			outcome.Problem = err.Error()
			return outcome
		}
		outcome.Judge(report, fault.Comes)
		if outcome.Outcome == reports.Killed && (ids == nil || fault.Comes || len(outcome.Failed) > 0) {
			return outcome // what a part of the requirements leaves incomplete, all may not
		}
	}
	if outcome.Outcome == reports.Survived {
		switch {
		case fault.Open != "" && fault.Beside:
			outcome.Outcome, outcome.Reason = reports.Explained, fault.Open
		case fault.Open != "":
			outcome.Outcome, outcome.Reason = reports.Equivalent, fault.Open
		}
	}
	return outcome
}
