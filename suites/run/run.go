package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// ToolName is the name of the suite in reports and in the User-Agent.
const ToolName = "libdrives-conformance"

// Specs are the bodies that judge the requirements. They are passed in: a run does not know the documentation.
type Specs = judge.Suite

// T is what a run needs of a test: a way to fail it. *testing.T is one.
type T interface{ Fail() }

// Result is what a run came to. What it holds may leave the process: no secret of the run is in it.
type Result struct {
	Report *reports.Report // nil where the configuration was wrong and no request was sent
	Record *evidence.Shown // every exchange; nil where Report is
	Err    error           // *UsageError, *EndpointError, or nil

	kept   *recording // for WriteRecord; nil where Report is
	runner *runner    // for Seen; nil where Report is
}

// Close gives the temporary file back that the run's answers went to. What is asked of the record afterwards may be lost. Where it
// is not called, the file ends with the result.
func (r *Result) Close() {
	if r.Record != nil {
		r.Record.Close()
	}
}

// ExitCode is the exit code of the run as a process; see DESIGN: command line.
func (r *Result) ExitCode() int {
	var usage *UsageError
	switch {
	case errors.As(r.Err, &usage):
		return reports.ExitUsage
	case r.Report == nil:
		return reports.ExitIncomplete
	}
	return r.Report.ExitCode()
}

// Run judges an endpoint. It fails the test unless the endpoint conforms. Where the test has a context or a deadline,
// as *testing.T has, the run ends before it does. It leaves alone whatever Ginkgo suite the process has, unless the
// configuration says that the process is the run's own; several runs may be under way at once.
func Run(t T, c Config, specs *judge.Suite, show FindingText) *Result {
	ctx := context.Background()
	if test, ok := t.(interface{ Context() context.Context }); ok {
		ctx = test.Context()
	}
	if test, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, set := test.Deadline(); set {
			var cancel context.CancelFunc
			ctx, cancel = c.EndBefore(ctx, deadline)
			defer cancel()
		}
	}
	return RunContext(ctx, t, c, specs, show)
}

// EndBefore is a context that leaves a run enough time to clean up before a deadline at which the process is ended.
func (c Config) EndBefore(ctx context.Context, deadline time.Time) (context.Context, context.CancelFunc) {
	toCleanUp := 10 * time.Second
	if c.Target != "" && c.Profile != "" && c.Profile != requirement.ReadProfile {
		toCleanUp = 2 * time.Minute // clones may be busy for a while before they can be deleted
	}
	return context.WithDeadline(ctx, deadline.Add(-toCleanUp))
}

// RunContext is Run under a context of the caller's: when it is cancelled, the run ends as incomplete, with a report.
func RunContext(ctx context.Context, t T, c Config, specs *judge.Suite, show FindingText) *Result {
	result := run(ctx, c, specs)
	if result.ExitCode() != reports.ExitConforms {
		if test, ok := t.(interface{ Logf(string, ...any) }); ok {
			result.log(test.Logf, show)
		}
		t.Fail() // last: Ginkgo's T does not return from it
	}
	return result
}

// log writes why the run is not green, and each requirement that failed.
func (r *Result) log(logf func(string, ...any), show FindingText) {
	logf("%s", r.summary())
	if r.Report == nil {
		return
	}
	for _, judged := range r.Report.Results {
		if judged.FailsTheRun() {
			logf("%s", show(r.Report, judged))
		}
	}
}

// summary says in one line why the run is not green.
func (r *Result) summary() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return r.Report.Target + " " + r.Report.Conclusion()
}

func run(ctx context.Context, c Config, specs *judge.Suite) *Result {
	s, err := Open(c, specs)
	if err != nil {
		return &Result{Err: err}
	}
	s.Collect(ctx)
	return s.Result()
}

// startReference serves the embedded reference endpoint and makes it the target.
func (p *plan) startReference() (*fixtures.Endpoint, error) {
	options := p.Reference
	options.Username = cmp.Or(options.Username, fixtures.DefaultUsername)
	options.Password = cmp.Or(options.Password, fixtures.DefaultPassword)
	endpoint, err := fixtures.Start(options)
	if err != nil {
		return nil, fmt.Errorf("the embedded reference endpoint can't be started: %s", strings.TrimPrefix(err.Error(), "fixtures: "))
	}
	if p.base, err = parseTarget(endpoint.URL()); err != nil {
		return nil, err
	}
	p.Username, p.Password = options.Username, options.Password
	p.dial = endpoint.Dial()
	return endpoint, nil
}

// newRunner makes ready for a run, or for judging one again.
func newRunner(p *plan) (*runner, error) {
	schemas, err := schema.Compile()
	if err != nil {
		return nil, err
	}
	r := &runner{plan: p, id: account.NewRunID(), started: time.Now(), awaiting: map[string][]steps.Scenario{}, comparing: map[string]bool{}}
	r.evaluator = &judge.Evaluator{
		Specs:    p.specs.Spec,
		Outcomes: map[steps.Scenario]judge.Outcome{},
		BasePath: p.base.EscapedPath(), Parsed: judge.NewParsed(), Shared: p.Shared, Schemas: schemas, Sample: p.Sample, Seed: p.Seed, SettleTimeout: p.SettleTimeout,
	}
	for _, field := range schema.Fields() {
		r.evaluator.Fields = append(r.evaluator.Fields, field.Name)
	}
	return r, nil
}

// connect makes the client of a run that talks to its target, and the record of what it says. halt ends the run, with its
// cause.
func (r *runner) connect(halt func(error)) (err error) {
	r.client, r.evaluator.Record, err = r.newClient(r.Profile == requirement.ReadProfile || r.DryRun, halt)
	return err
}

// runner is one run under way.
type runner struct {
	*plan
	id        string // is in the name of everything that the run makes
	resources reports.Resources
	settlings []reports.Settling // how long what was written took to show
	planned   *reports.Plan      // what was going to be made; nil where nothing was
	warnings  []string           // what a reader of the report should know beside the verdicts
	evaluator *judge.Evaluator
	client    *client.Client // nil where a record is judged
	kept      *recording     // of the run whose record is judged; nil where it is judged as it goes
	started   time.Time
	awaiting  map[string][]steps.Scenario // by requirement, the scenarios that its body looks at and that were not run yet
	comparing map[string]bool             // the requirements that compare whatever was read
}

// result puts the report together.
func (r *runner) result(results []reports.Result, incomplete string, err error) *Result {
	report := &reports.Report{
		Tool:          reports.Tool{Name: ToolName, Version: r.Version, Commit: r.Commit, Date: r.CommitDate},
		Name:          r.Name,
		Target:        r.base.String(),
		Edition:       r.catalogue.Edition(),
		Embedded:      r.Target == "",
		Configuration: r.configuration(),
		Areas:         r.catalogue.Areas(),
		Started:       r.started,
		Duration:      time.Since(r.started),
		Requests:      r.requests(),
		Results:       results,
		Resources:     r.resources,
		Settlings:     r.settlings,
		Warnings:      r.warnings,
		Incomplete:    incomplete,
		Withheld:      withheld(results),
		Harm:          shownBy(r.evaluator.Harm, results),
		Plan:          r.planned,
	}
	report.Configuration.Sample = max(r.Sample, 0)
	for _, result := range results {
		for _, difference := range result.Unstable {
			report.Unstable = append(report.Unstable, result.Requirement.ID+": "+difference)
		}
	}
	for _, x := range r.evaluator.Record.All() {
		if x.Response != nil && report.Server == "" {
			report.Server = x.Response.Header.Get("Server")
		}
	}
	report, err = r.shown(report), shownError(r.evaluator.Record, err)
	if r.kept != nil {
		report.Duration = r.kept.tail.Duration
		report.Configuration.Reference = r.kept.head.Reference // nothing of it was started now
	} else {
		r.kept = r.recording(report, err)
	}
	report.Waive(r.shownWaivers())
	if r.Baseline != nil { // after the waivers, because a failure that is waived is no regression
		report.Baseline = reports.CompareChosen(r.Baseline, report, func(id string) bool { return !r.aside[id] })
	}
	return &Result{Report: report, Record: r.evaluator.Record.Shown(), Err: err, kept: r.kept, runner: r}
}

// configuration is what the run was asked to do.
func (p *plan) configuration() reports.Configuration {
	c := reports.Configuration{Profile: p.Profile, Level: p.Level, Select: p.Select, LabelFilter: p.LabelFilter, Auth: p.Auth, Sample: p.Sample, Seed: p.Seed, Strict: p.Strict}
	if p.Target == "" {
		o := p.Reference
		c.Reference = &reports.Reference{Faults: append([]string{}, o.Faults...), Library: o.Library, Own: o.Own != nil, Drives: o.Drives, Latency: given(o.Latency), CloneTime: given(o.CloneTime)}
	}
	return c
}

// given is a duration as a flag takes it, or nothing where it is the usual one.
func given(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// withheld says how many requirements were skipped because the user wanted nothing made, or no more than so many drives.
// What the endpoint has no material for is another thing: of that there is no more to judge.
func withheld(results []reports.Result) string {
	for _, cause := range []reports.CauseKind{reports.CauseDryRun, reports.CauseMaxClones} { // one run has one of them: a dry run counts no drives
		skipped := 0
		for _, result := range results {
			if result.Verdict == reports.Skip && result.Cause.Kind == cause {
				skipped++
			}
		}
		if skipped > 0 {
			return fmt.Sprintf("%d skipped: %s", skipped, cause)
		}
	}
	return ""
}

// judgeNothing is every selected requirement, blocked for one cause.
func (r *runner) judgeNothing(cause reports.Cause) []reports.Result {
	results := make([]reports.Result, len(r.selected))
	for i, requirement := range r.selected {
		results[i] = reports.Result{Requirement: requirement, Gated: r.Level.Gates(requirement.Level)}
		results[i].NotJudged(reports.Blocked, cause)
	}
	return results
}
