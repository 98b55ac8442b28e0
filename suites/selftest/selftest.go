// Package selftest tests the suite: it judges the reference endpoint with each of its faults and variants, through the
// same run as any endpoint, and says which faults were caught, by which requirements, and what was held against
// an endpoint that is legal.
//
// It must not know the command line or the formats of reports.
package selftest

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/run"
)

// Options say what to test and how.
type Options struct {
	Only      []string      // names of faults and variants, AllVariants, and ids of requirements whose faults are meant; empty is all
	CloneTime time.Duration // of the reference endpoint; 0 is DefaultCloneTime
	Timeout   time.Duration // of one run; 0 is DefaultTimeout
	Parallel  int           // runs under way at once; 0 is two for each core, of generated faults three: runs wait for clones and retries as long as they work
	Tool      reports.Tool  // the suite, as the matrix names it
	Observer  Observer      // is informed how it goes; may be nil
	Specs     *run.Specs    // the specs that are tested
}

// Defaults of a selftest.
const (
	DefaultCloneTime = 80 * time.Millisecond
	DefaultTimeout   = 4 * time.Minute // a run takes a fraction of a second, on a busy machine some; a fault that stalls must not stall the selftest
)

// Observer is informed how a selftest goes. Its method may be called from many goroutines.
type Observer interface {
	Tested(done, planned int, name string, ok bool)
}

// Run judges the reference endpoint with each fault and each variant. An unknown name in Only is an error that names
// the nearest known one, and comes without a matrix. Where the context ends first, the matrix says of each fault and
// variant that was left that it was, and the error is the context's cause.
func Run(ctx context.Context, o Options) (*reports.Matrix, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	faults, variants, err := choose(catalogue, o.Only)
	if err != nil {
		return nil, err
	}
	s := newSelftest(o, len(faults)+len(variants))
	m := &reports.Matrix{
		Tool: s.tool(), Requirements: catalogue.All(), Areas: catalogue.Areas(), Started: time.Now(), Partial: len(o.Only) > 0,
		Faults: make([]reports.FaultOutcome, len(faults)), Variants: make([]reports.VariantOutcome, len(variants)),
	}
	var group errgroup.Group
	group.SetLimit(s.Parallel)
	for i, fault := range faults {
		group.Go(func() error {
			m.Faults[i] = s.fault(ctx, fault)
			s.tested(ctx, fault.Name, !m.Faults[i].Wrong())
			return nil
		})
	}
	for i, variant := range variants {
		group.Go(func() error {
			m.Variants[i] = s.variant(ctx, variant)
			s.tested(ctx, variant.Name, !m.Variants[i].Wrong())
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	m.Duration = time.Since(m.Started)
	return m, context.Cause(ctx)
}

type selftest struct {
	Options
	planned      int
	shared       *run.Shared   // most faults leave the library as it is
	cloneTimeout time.Duration // the most that a clone may take; 0 is the run's default

	mu   sync.Mutex
	done int
}

func newSelftest(o Options, planned int) *selftest {
	s := &selftest{Options: o, planned: planned, shared: run.NewShared()}
	s.CloneTime = cmp.Or(s.CloneTime, DefaultCloneTime)
	s.Timeout = cmp.Or(s.Timeout, DefaultTimeout)
	s.Parallel = cmp.Or(s.Parallel, 2*runtime.GOMAXPROCS(0))
	return s
}

// tool is the suite, as a report names it.
func (s *selftest) tool() reports.Tool {
	return reports.Tool{Name: run.ToolName, Version: s.Tool.Version, Commit: s.Tool.Commit, Date: s.Tool.Date}
}

// tested tells that one was tested. What was not because the selftest was ended is not worth a line each.
func (s *selftest) tested(ctx context.Context, name string, ok bool) {
	if ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	if s.Observer != nil {
		s.Observer.Tested(s.done, s.planned, name, ok)
	}
}

// failing is the test that a run fails; the report is what counts.
type failing struct{}

func (failing) Fail() {}

// run judges the reference endpoint as the options shape it, by the requirements that are named, or by all.
func (s *selftest) run(ctx context.Context, options fixtures.Options, auth string, ids ...string) (*reports.Report, error) {
	if options.CloneTime == 0 {
		options.CloneTime = s.CloneTime
	}
	if ctx.Err() != nil {
		return nil, notTested(ctx)
	}
	result := run.RunContext(ctx, failing{}, run.Config{
		Level: requirement.May, Profile: requirement.FullProfile, Select: strings.Join(ids, ","), Reference: options, Auth: auth, Version: s.Tool.Version, Timeout: s.Timeout, CloneTimeout: s.cloneTimeout,
		VerdictsOnly: true, Shared: s.shared,
		RetryDelay: 5 * time.Millisecond, // the reference endpoint is on this machine: there is nobody to be spared
	}, s.Specs, nil)
	switch {
	case ctx.Err() != nil:
		return nil, notTested(ctx)
	case result.Report == nil:
		return nil, result.Err
	}
	return result.Report, nil
}

// notTested is why a fault or variant has no outcome: a run that was ended half way says nothing of it.
func notTested(ctx context.Context) error { return fmt.Errorf("not tested: %w", context.Cause(ctx)) }

// fault is a run against one fault.
func (s *selftest) fault(ctx context.Context, fault fixtures.Fault) reports.FaultOutcome {
	began := time.Now()
	outcome := reports.FaultOutcome{Name: fault.Name, Why: fault.Why, Breaks: fault.Breaks}
	report, err := s.run(ctx, fixtures.Options{Faults: []string{fault.Name}}, cmp.Or(fault.Login, "basic"))
	outcome.Duration = time.Since(began)
	if err != nil {
		outcome.Problem, outcome.NotJudged = err.Error(), fault.Breaks
		return outcome
	}
	for _, result := range report.Results {
		id, failed, declared := result.Requirement.ID, result.Verdict == reports.Fail, slices.Contains(fault.Breaks, result.Requirement.ID)
		switch {
		case failed && declared:
			outcome.Killed = append(outcome.Killed, id)
		case failed:
			outcome.Collateral = append(outcome.Collateral, id)
		case declared && report.Incomplete != "" && !result.Judged():
			outcome.NotJudged = append(outcome.NotJudged, id)
		case declared:
			outcome.Survived = append(outcome.Survived, id)
		}
		if failed != declared && !slices.Contains(outcome.NotJudged, id) {
			outcome.Detail += detail(result)
		}
	}
	if len(outcome.NotJudged) > 0 {
		outcome.Problem = "the run is incomplete: " + report.Incomplete
		return outcome
	}
	blame(&outcome, report.Results)
	for _, id := range fault.Breaks {
		if !slices.Contains(outcome.Killed, id) && !slices.Contains(outcome.Survived, id) {
			outcome.Survived = append(outcome.Survived, id)
			outcome.Detail += fmt.Sprintf("%s is not judged\n", id)
		}
	}
	if report.Incomplete != "" {
		outcome.Detail += "the run is incomplete: " + report.Incomplete + "\n"
	}
	return outcome
}

// blame notes which requirements were not judged for a cause that is none of what failed: on the reference endpoint with one
// fault there is material for all of them, and nothing else keeps them from being judged.
func blame(outcome *reports.FaultOutcome, results []reports.Result) {
	for _, result := range results {
		if result.Verdict != reports.Blocked && result.Verdict != reports.Skip {
			continue
		}
		failed := slices.ContainsFunc(results, func(r reports.Result) bool {
			return r.Verdict == reports.Fail && r.Requirement.ID == result.BlockedBy
		})
		if !failed {
			outcome.Misblamed = append(outcome.Misblamed, result.Requirement.ID)
			outcome.Detail += detail(result)
		}
	}
}

// variant is a run against one variant.
func (s *selftest) variant(ctx context.Context, variant fixtures.Variant) reports.VariantOutcome {
	began := time.Now()
	outcome := reports.VariantOutcome{Name: variant.Name, Why: variant.Why}
	report, err := s.run(ctx, fixtures.Options{Variants: []string{variant.Name}}, "basic")
	outcome.Duration = time.Since(began)
	if err != nil {
		outcome.Problem = err.Error()
		return outcome
	}
	if report.Incomplete != "" {
		outcome.Problem = "the run is incomplete: " + report.Incomplete
	}
	for _, result := range report.Results {
		switch result.Verdict {
		case reports.Fail:
			outcome.Failed = append(outcome.Failed, result.Requirement.ID)
			outcome.Detail += detail(result)
		case reports.Blocked, reports.Skip:
			list := &outcome.Blocked
			if result.Verdict == reports.Skip {
				list = &outcome.Skipped
			}
			if outcome.Problem == "" && !slices.Contains(variant.May, result.Requirement.ID) {
				*list = append(*list, result.Requirement.ID)
				outcome.Detail += detail(result)
			}
		}
	}
	return outcome
}

// detail is a verdict for a developer.
func detail(result reports.Result) string {
	if len(result.Findings) == 0 {
		return fmt.Sprintf("%s: %s %s\n", result.Requirement.ID, result.Verdict, result.Reason)
	}
	f := result.Findings[0]
	where := ""
	if f.Exchange != nil {
		where = f.Exchange.Request.Method + " " + f.Exchange.Request.Path() + ": "
	}
	text := fmt.Sprintf("%s: %s%s; %s: expected %s, found %s", result.Requirement.ID, where, f.Subject, f.Rule, f.ExpectedText(), f.FoundText())
	if len(text) > 600 {
		text = strings.ToValidUTF8(text[:600], "") + "…"
	}
	return text + "\n"
}
