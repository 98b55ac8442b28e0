package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
)

// Session is a run whose halves are called one by one, for whoever has a tree of tests to put the requirements into. Open
// checks what is asked for and sends nothing. Collect talks to the endpoint, and leaves nothing behind in the account.
// Result and TestOutcome judge and send nothing, from whatever goroutine.
type Session struct {
	plan       *plan
	observer   *careful
	runner     *runner // nil before Collect, and where it could not begin
	incomplete string
	failed     error // *UsageError or *EndpointError

	once   sync.Once
	result *Result
}

// Open checks the configuration. The error is a *UsageError.
func Open(c Config, specs *judge.Suite) (*Session, error) {
	p, err := c.check(specs)
	if err != nil {
		return nil, err
	}
	observer := &careful{observer: p.Observer}
	p.Observer = observer
	return &Session{plan: p, observer: observer}, nil
}

// Requirements are those that are judged, in the order of the catalogue.
func (s *Session) Requirements() []requirement.Requirement { return slices.Clone(s.plan.selected) }

// Narrow leaves of the requirements those that are wanted. It has to be called before Collect.
func (s *Session) Narrow(wanted func(id string) bool) {
	left := slices.DeleteFunc(slices.Clone(s.plan.selected), func(r requirement.Requirement) bool { return !wanted(r.ID) })
	if len(left) == len(s.plan.selected) {
		return
	}
	for _, r := range s.plan.selected {
		s.plan.aside[r.ID] = true
	}
	ids := make([]string, len(left))
	for i, r := range left {
		delete(s.plan.aside, r.ID)
		ids[i] = r.ID
	}
	s.plan.selected, s.plan.Select, s.plan.LabelFilter = left, strings.Join(ids, ","), "" // as reports tell it, and a record is judged
}

// Collect asks the endpoint for everything that the requirements look at, runs their scenarios and removes what those
// made. Where the endpoint can't be reached, or is not one of this API, the result has an error. Where the context ends
// first, what is there is judged, and the run is incomplete.
func (s *Session) Collect(ctx context.Context) { s.failed = s.collect(ctx) }

func (s *Session) collect(ctx context.Context) error {
	p := s.plan
	if p.Target == "" {
		endpoint, err := p.startReference()
		if err != nil {
			return &UsageError{err}
		}
		defer func() { _ = endpoint.Close() }() // whatever it holds ends with it
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.Timeout, fmt.Errorf("the run's timeout of %v is over", p.Timeout))
	defer cancel()
	ctx, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	r, err := newRunner(p)
	if err != nil {
		return &UsageError{err}
	}
	if err := r.connect(halt); err != nil {
		return &UsageError{err}
	}
	defer r.client.Close()
	s.runner = r
	if len(p.selected) == 0 {
		return nil
	}
	p.Observer.Note(fmt.Sprintf("judging %s: profile %s, %s", p.base, p.Profile, counted(len(p.selected), "requirement")))
	if err := r.preflight(ctx); err != nil {
		return &EndpointError{err}
	}
	if err := r.collect(ctx); err != nil {
		if slow := r.client.HeldBack(); slow != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("%w: %w", err, slow)
		}
		s.incomplete = fmt.Sprintf("it was ended early: %v", err)
		r.evaluator.Outage = errors.As(err, new(*client.OutageError))
		r.evaluator.Gone = errors.As(err, new(*client.GoneError))
	}
	return nil
}

// Result is what the run came to. Where nothing was judged yet, it judges.
func (s *Session) Result() *Result {
	s.once.Do(func() { s.result = s.judge() })
	return s.result
}

func (s *Session) judge() *Result {
	var unreachable *EndpointError
	switch {
	case s.runner == nil:
		return &Result{Err: s.failed}
	case errors.As(s.failed, &unreachable):
		return s.runner.result(s.runner.judgeNothing(reports.Cause{Kind: reports.CauseUnreachable, Detail: unreachable.Error()}), unreachable.Error(), unreachable)
	}
	results := s.runner.judge()
	if s.incomplete == "" {
		s.incomplete = s.observer.failed()
	}
	return s.runner.result(results, s.incomplete, nil)
}

// TestOutcome is a verdict as a test has it: it fails, it is skipped with a reason, or it passes. A failure above the gate, or
// one that is waived, is skipped. What is blocked is skipped where something else fails, and fails where nothing does:
// a run that could not judge it is not green. Where the endpoint can't be judged at all, the error of the result says so.
type TestOutcome struct {
	Result  reports.Result
	Fails   bool
	Skipped string // the reason; empty where it fails or passes
}

// TestOutcome is the verdict of a requirement that is judged.
func (s *Session) TestOutcome(id string) TestOutcome {
	result := s.Result()
	if result.Report == nil {
		return TestOutcome{Skipped: "the run did not begin: " + result.summary()}
	}
	judged := result.Report.ByID()[id]
	if judged == nil {
		return TestOutcome{Skipped: "nothing was asked for it"}
	}
	outcome := TestOutcome{Result: *judged}
	switch judged.Verdict {
	case reports.Fail:
		outcome.Fails = judged.FailsTheRun()
		if !outcome.Fails {
			outcome.Skipped = judged.Kind() + ": " + judged.Message()
		}
	case reports.Skip:
		outcome.Skipped = judged.Message()
	case reports.Blocked:
		outcome.Fails = s.failed == nil && result.ExitCode() == reports.ExitIncomplete && judged.Waived == nil
		if !outcome.Fails {
			outcome.Skipped = "blocked: " + judged.Message()
		}
	}
	return outcome
}

// asked reports whether a requirement is one of those that were collected for.
func (s *Session) asked(id string) bool {
	return slices.ContainsFunc(s.plan.selected, func(r requirement.Requirement) bool { return r.ID == id })
}

// Beyond is why the run is not green although no requirement says so: something that it made is left, a waiver is not
// right, or it is worse than its baseline. It is empty where there is no such reason.
func (s *Session) Beyond() string {
	result := s.Result()
	if result.ExitCode() == reports.ExitConforms {
		return ""
	}
	for _, r := range s.plan.selected {
		if s.TestOutcome(r.ID).Fails {
			return ""
		}
	}
	return result.summary()
}
