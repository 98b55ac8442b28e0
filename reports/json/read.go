package json

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// Read reads a report that Write wrote, by this version of the suite or another, so that it can be compared. The
// exchanges are not read: findings are there without them. The error says what is wrong with the document.
func Read(from io.Reader) (*reports.Report, error) {
	decoder := json.NewDecoder(from)
	var whole struct {
		jsonReport
		Exchanges skipped `json:"exchanges"`
	}
	if err := decoder.Decode(&whole); err != nil {
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return nil, errors.New("it is empty: give a report that --json wrote")
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errors.New("it ends in the middle: give a whole report that --json wrote")
		case errors.As(err, &syntax):
			return nil, fmt.Errorf("it is not JSON (%w, at byte %d): give a report that --json wrote", err, syntax.Offset)
		}
		return nil, fmt.Errorf("it is not a report that --json wrote: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the report: give a file that --json wrote")
	}
	document := whole.jsonReport
	switch {
	case document.Format == 0 || document.Tool.Name == "" || document.Requirements == nil:
		return nil, errors.New("it is JSON, but not a report of a run: give a file that run --json wrote")
	case document.Format > Format:
		return nil, fmt.Errorf("it is of format %d, and this version reads up to format %d: use version %s or newer", document.Format, Format, document.Tool.Version)
	}
	return document.report()
}

// skipped is a part of a document that is not read: exchanges are most of a report, and a board reads thousands.
type skipped struct{}

// UnmarshalJSON takes whatever stands there.
func (*skipped) UnmarshalJSON([]byte) error { return nil }

// report is what the document tells.
func (d jsonReport) report() (*reports.Report, error) {
	started, err := moment(d.Started)
	if err != nil {
		return nil, err
	}
	r := &reports.Report{
		Tool: d.Tool, Edition: d.Edition, Name: d.Name, Target: d.Target, Embedded: d.Embedded, Server: d.Server, Started: started, Duration: fromSeconds(d.Seconds),
		Configuration: d.Configuration,
		Requests:      reports.Requests{Sent: d.Requests.Sent, Retried: d.Requests.Retried, Latency: d.Requests.Latency.latency(), Slowest: show.Each(d.Requests.Slowest, jsonCall.call), Retries: show.Each(d.Requests.Retries, jsonCall.call)},
		Resources:     d.Resources,
		Settlings: show.Each(d.Settlings, func(s jsonSettling) reports.Settling {
			return reports.Settling{What: s.What, Times: s.Times, Longest: fromSeconds(s.Longest), Never: s.Never}
		}),
		Harm:       show.Each(d.Harm, func(h jsonHarm) reports.Harm { return h.Harm }),
		Incomplete: d.Incomplete, Withheld: d.Withheld, Unstable: d.Unstable, Warnings: d.Warnings,
		Areas: d.Areas, Waivers: d.Waivers,
	}
	if d.Plan != nil {
		r.Plan = &reports.Plan{DryRun: d.Plan.DryRun, MaxClones: d.Plan.MaxClones, Scenarios: d.Plan.Scenarios}
	}
	if b := d.BlindSpots; b != nil {
		r.Blind = &b.BlindSpots
		r.Blind.Limit, r.Blind.Duration = fromSeconds(b.Limit), fromSeconds(b.Seconds)
	}
	if r.Baseline, err = d.Baseline.comparison(); err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	seen := map[string]bool{}
	for _, result := range d.Requirements {
		switch result.Verdict {
		case reports.Pass, reports.Fail, reports.Skip, reports.Blocked:
		default:
			return nil, fmt.Errorf("the verdict of %q is %q, and should be pass, fail, skip or blocked", result.ID, result.Verdict)
		}
		if result.ID == "" || seen[result.ID] {
			return nil, fmt.Errorf("the requirement %q is there twice or has no id", result.ID)
		}
		seen[result.ID] = true
		r.Results = append(r.Results, result.result())
	}
	return r, nil
}

func (l *jsonLatency) latency() *reports.Latency {
	if l == nil {
		return nil
	}
	return &reports.Latency{
		Answers: l.Answers, Sum: fromSeconds(l.Sum), Median: fromSeconds(l.Median), P90: fromSeconds(l.P90), P99: fromSeconds(l.P99), Most: fromSeconds(l.Most),
	}
}

// moment reads when a run began.
func moment(started string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, started)
	if err != nil {
		return t, fmt.Errorf("started is %q, and should be a time such as 2026-03-04T05:06:07.000Z", started)
	}
	return t, nil
}

// comparison reads the one with a baseline, where there is one: the report may fail for it alone.
func (d *jsonComparison) comparison() (*reports.Comparison, error) {
	if d == nil {
		return nil, nil
	}
	c := &reports.Comparison{Changes: d.Changes, Notes: d.Notes}
	for side, read := range map[*reports.Side]jsonSide{&c.Old: d.Old, &c.New: d.New} {
		started, err := moment(read.Started)
		if err != nil {
			return nil, err
		}
		*side = reports.Side{Target: read.Target, Version: read.Version, Started: started}
	}
	return c, nil
}

func (d jsonRequirement) result() reports.Result {
	r := reports.Result{
		Requirement: requirement.Requirement{
			ID: d.ID, Area: d.Area, Level: d.Level, Effect: d.Effect, Source: d.Source, States: d.States, Widened: d.Widened, Documentation: d.Read,
		},
		Verdict: d.Verdict, Gated: d.Gated, Reason: d.Reason, BlockedBy: d.BlockedBy, Stack: d.Stack, Cause: reports.Cause{Kind: d.Cause, Requirement: d.BlockedBy, RemovedFrom: d.RemovedFrom}, Subjects: d.Subjects, Covered: d.Covered, Unstable: d.Unstable,
		Duration: fromSeconds(d.Seconds),
		Findings: show.Each(d.Findings, jsonFinding.finding),
	}
	if d.Waived != nil {
		r.Waived = &reports.Waiver{Requirement: d.ID, Reason: d.Waived.Reason, Until: d.Waived.Until}
	}
	return r
}

// finding is without its exchanges. Earlier versions wrote words only, and of the differences not all that their words are
// made of.
func (f jsonFinding) finding() reports.Finding {
	made := reports.Finding{Subject: f.About, Rule: f.Rule, Expected: f.Expected, Found: f.Found}
	if f.About == (reports.Subject{}) {
		made.Subject = reports.InWords(f.Subject)
	}
	if f.Words != nil {
		made.Expected, made.Found, made.Under, made.Compared = f.Words.Expected, f.Words.Found, f.Words.Under, f.Words.Compared
		made.Differences = f.Differences
	}
	return made
}

func (d jsonCall) call() reports.Call {
	d.Duration = fromSeconds(d.Seconds)
	return d.Call
}

func fromSeconds(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// ReadFile reads the report in a file. The error names the file, what is wrong with it and what would be right.
func ReadFile(path string) (*reports.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	report, err := Read(bufio.NewReader(file))
	var inPath *fs.PathError
	switch {
	case errors.As(err, &inPath): // a folder opens, and fails when it is read
		return nil, unreadable(path, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", show.Visible(path), err)
	}
	return report, nil
}

func unreadable(path string, err error) error {
	cause := err
	var inPath *fs.PathError
	if errors.As(err, &inPath) {
		cause = inPath.Err
	}
	return fmt.Errorf("can't read %s: %w (give a report that run --json wrote)", show.Visible(path), cause)
}
