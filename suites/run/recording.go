package run

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// A record that is kept in a file holds, beside the exchanges, what a run knows and judges by. recordHead is what it
// knew when it began, recordTail what it knew at its end.
type (
	recordHead struct {
		Tool                  reports.Tool `json:"tool"`
		Edition               int          `json:"edition"` // of the catalogue by which it was judged then
		Name                  string       `json:"name,omitempty"`
		Target                string       `json:"target"`
		Embedded              bool         `json:"embedded"`
		reports.Configuration              // its sample is negative where it is all
		Started               time.Time    `json:"started"`
	}
	recordTail struct {
		Duration    time.Duration           `json:"nanoseconds"`
		Sent        int                     `json:"sent"`
		Retried     int                     `json:"retried"`
		Resources   reports.Resources       `json:"resources"`
		Settlings   []reports.Settling      `json:"settlings,omitempty"`
		Warnings    []string                `json:"warnings"`
		Incomplete  string                  `json:"incomplete"`
		Unreachable string                  `json:"unreachable"`      // why nothing could be judged
		Outage      bool                    `json:"outage,omitempty"` // the endpoint went out of service
		Gone        bool                    `json:"gone,omitempty"`   // the endpoint answered nothing any more
		Scenarios   map[string]scenarioLine `json:"stories"`
		Harm        []harmLine              `json:"harm,omitempty"`
		Plan        *reports.Plan           `json:"plan,omitempty"`
		InParts     bool                    `json:"in_parts,omitempty"` // of the lists of its large library, parts were asked for
	}
	scenarioLine struct {
		Skipped   string `json:"skipped,omitempty"`
		BlockedBy string `json:"blocked_by,omitempty"`
		Blocked   string `json:"blocked,omitempty"`
		Ended     string `json:"ended,omitempty"`
		Broken    bool   `json:"broken,omitempty"`
		Lacks     string `json:"lacks,omitempty"`

		Cause       reports.CauseKind `json:"cause,omitempty"`
		BlockedKind reports.CauseKind `json:"blocked_kind,omitempty"` // empty in a record of before there were kinds
		Made        bool              `json:"made,omitempty"`
	}
)

// recording is what WriteRecord writes beside the exchanges.
type recording struct {
	head recordHead
	tail recordTail
}

func line(o judge.Outcome, record *evidence.Record) scenarioLine {
	return scenarioLine{
		Skipped: record.Text(o.Skipped), BlockedBy: o.Blocked.Requirement, Blocked: record.Text(o.Blocked.Detail), BlockedKind: o.Blocked.Kind,
		Ended: record.Text(o.Ended), Broken: o.Broken, Lacks: o.Lacks, Cause: o.Cause, Made: o.Made,
	}
}

func (l scenarioLine) outcome() judge.Outcome {
	return judge.Outcome{Skipped: l.Skipped, Blocked: reports.Cause{Kind: l.BlockedKind, Requirement: l.BlockedBy, Detail: l.Blocked}, Ended: l.Ended, Cause: l.Cause, Made: l.Made, Broken: l.Broken, Lacks: l.Lacks}
}

// recording is what is known of the run now that it is over. unreachable is why nothing could be judged.
func (r *runner) recording(report *reports.Report, unreachable error) *recording {
	kept := &recording{
		head: recordHead{
			Tool: report.Tool, Edition: report.Edition, Name: report.Name, Target: report.Target, Embedded: report.Embedded,
			Configuration: r.configuration(), Started: report.Started,
		},
		tail: recordTail{
			Duration: report.Duration, Sent: report.Requests.Sent, Retried: report.Requests.Retried, Resources: report.Resources, Settlings: report.Settlings,
			Warnings: report.Warnings, Incomplete: report.Incomplete, Outage: r.evaluator.Outage, Gone: r.evaluator.Gone, Scenarios: map[string]scenarioLine{}, Plan: report.Plan,
			InParts: r.evaluator.Large(),
		},
	}
	if unreachable != nil {
		kept.tail.Unreachable = unreachable.Error()
	}
	for _, harm := range shownHarm(r.evaluator.Record, r.evaluator.Harm) {
		kept.tail.Harm = append(kept.tail.Harm, harmLineOf(harm))
	}
	for name, outcome := range r.evaluator.Outcomes {
		kept.tail.Scenarios[string(name)] = line(outcome, r.evaluator.Record)
	}
	return kept
}

// WriteRecord writes everything that Judge needs to judge the run again: all exchanges, without secrets, and how the run
// went. It writes an exchange at a time.
func (r *Result) WriteRecord(to io.Writer) error {
	if r.Record == nil || r.kept == nil {
		return errors.New("there is no record: the run did not begin")
	}
	return evidence.WriteRecord(to, r.kept.head, r.Record.All(), r.kept.tail)
}

// RecordError says that what should be a record is none, or is damaged.
type RecordError struct{ Err error }

func (e *RecordError) Error() string { return "the record can't be judged: " + e.Err.Error() }

func (e *RecordError) Unwrap() error { return e.Err }

// Judge judges a run again by the record of it that WriteRecord wrote: offline, with the specs of this version. Of the
// configuration it takes what says which verdicts count and who is informed (Level, Strict, Select, LabelFilter, Waivers, Baseline,
// Name, Version, Commit, CommitDate, Observer); what is not said there, and everything else, is as it was in the run. What the record holds no
// exchange for is skipped, unless the run itself was ended early. What is no record is a *UsageError around a *RecordError.
func Judge(from io.Reader, c Config, specs *judge.Suite) *Result {
	kept := &recording{}
	record, err := evidence.ReadRecord(from, &kept.head, &kept.tail)
	if err != nil {
		return &Result{Err: &UsageError{&RecordError{err}}}
	}
	p, err := kept.head.config(c).resolve(specs)
	if err != nil {
		return &Result{Err: err}
	}
	if p.base, err = parseTarget(kept.head.Target); err != nil {
		return &Result{Err: &UsageError{&RecordError{fmt.Errorf("its %w", err)}}}
	}
	r, err := newRunner(p)
	if err != nil {
		return &Result{Err: &UsageError{err}}
	}
	for _, x := range record.All() {
		if x.Step.Scenario == "" { // a record of an older version says it in the key alone
			x.Step = scenarios.StepOf(x.Key)
		}
	}
	r.evaluator.Record, r.evaluator.Saved, r.evaluator.Offline = record, true, kept.tail.Incomplete == ""
	r.evaluator.WholeLists = !kept.tail.InParts
	r.evaluator.Outage, r.evaluator.Gone = kept.tail.Outage, kept.tail.Gone
	for name, line := range kept.tail.Scenarios {
		r.evaluator.Outcomes[steps.Scenario(name)] = line.outcome()
	}
	for _, line := range kept.tail.Harm {
		r.evaluator.Harm = append(r.evaluator.Harm, line.harm(record))
	}
	r.planned = kept.tail.Plan
	r.started, r.resources, r.settlings, r.warnings, r.kept = kept.head.Started, kept.tail.Resources, kept.tail.Settlings, kept.tail.Warnings, kept
	if kept.tail.Unreachable != "" {
		err := errors.New(kept.tail.Unreachable)
		return r.result(r.judgeNothing(reports.Cause{Kind: reports.CauseUnreachable, Detail: err.Error()}), kept.tail.Incomplete, &EndpointError{err})
	}
	return r.result(r.judge(), kept.tail.Incomplete, nil)
}

// config is the configuration of the run, with what is asked for now.
func (h recordHead) config(now Config) Config {
	then := Config{
		Name: cmp.Or(now.Name, h.Name), Auth: h.Auth, Profile: h.Profile, Level: h.Level, Select: h.Select, LabelFilter: h.LabelFilter, Sample: h.Sample, Seed: h.Seed,
		Version: now.Version, Commit: now.Commit, CommitDate: now.CommitDate, Observer: now.Observer, Waivers: now.Waivers, Baseline: now.Baseline,
		OwnsProcess: now.OwnsProcess, Strict: h.Strict || now.Strict,
	}
	if !h.Embedded {
		then.Target = h.Target
	}
	if now.Select != "" || now.LabelFilter != "" {
		then.Select, then.LabelFilter = now.Select, now.LabelFilter
	}
	if now.Level != "" {
		then.Level = now.Level
	}
	return then
}
