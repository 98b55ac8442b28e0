package selftest

import (
	"context"
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
}

// RunGenerated judges the reference endpoint with faults that were made by code. Where the context ends first, the error is its
// cause, and what was not judged has it as its problem.
func RunGenerated(ctx context.Context, o GeneratedOptions) (*reports.Generated, error) {
	all := generated.All(o.Seed)
	sample := generated.Sample(all, o.Sample, o.Seed)
	conversation, err := generated.NewConversation()
	if err != nil {
		return nil, err
	}
	s := newSelftest(o.Options, len(sample))
	g := &reports.Generated{Tool: s.tool(), Started: time.Now(), Seed: o.Seed, Made: len(all), Faults: make([]reports.GeneratedOutcome, len(sample))}
	var group errgroup.Group
	group.SetLimit(s.Parallel)
	for i, fault := range sample {
		group.Go(func() error {
			g.Faults[i] = s.generated(ctx, fault, conversation)
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

// generated is a run against one generated fault.
func (s *selftest) generated(ctx context.Context, fault generated.Fault, conversation *generated.Conversation) reports.GeneratedOutcome {
	began := time.Now()
	outcome := reports.GeneratedOutcome{Name: fault.Name(), Operator: fault.Operator, Place: fault.Place, Condition: fault.Condition, Breaks: fault.Breaks}
	report, err := s.run(ctx, fixtures.Options{Bend: fault.Bend()}, "basic")
	if err != nil {
		outcome.Problem = err.Error()
		return outcome
	}
	outcome.Judge(report, fault.Comes)
	if outcome.Outcome == reports.Survived {
		switch tells, err := conversation.Tells(fault); {
		case err != nil:
			outcome.Problem = err.Error()
		case !tells:
			outcome.Outcome = reports.Unseen
		case fault.Open != "" && fault.Beside:
			outcome.Outcome, outcome.Reason = reports.Explained, fault.Open
		case fault.Open != "":
			outcome.Outcome, outcome.Reason = reports.Equivalent, fault.Open
		}
	}
	outcome.Duration = time.Since(began)
	return outcome
}
