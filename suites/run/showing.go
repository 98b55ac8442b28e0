package run

import (
	"errors"
	"slices"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// What was judged leaves the run through here and no other way: reports, what is said while it goes on, errors. Verdicts
// are in by then, so that none of them depends on what a secret is.

// shown is a report without secrets. What the user gave (the target, the configuration, the reasons of waivers) and the
// suite's own words (statements, rules) stay.
func (r *runner) shown(report *reports.Report) *reports.Report {
	record := r.evaluator.Record
	kept := *report
	kept.Server, kept.Incomplete, kept.Withheld = record.Text(report.Server), record.Text(report.Incomplete), record.Text(report.Withheld)
	kept.Unstable, kept.Warnings = shownTexts(record, report.Unstable), shownTexts(record, report.Warnings)
	kept.Resources = reports.Resources{Made: shownResources(record, report.Resources.Made), Left: shownResources(record, report.Resources.Left)}
	kept.Blind = report.Blind.Through(func(text string) string { return record.Text(text) })
	kept.Harm, kept.Plan = shownHarm(record, report.Harm), shownPlan(record, report.Plan)
	kept.Results = slices.Clone(report.Results)
	for i, result := range report.Results {
		kept.Results[i] = r.shownResult(result)
	}
	return &kept
}

// shownResult is a result without secrets, and with the exchanges as they are shown.
func (r *runner) shownResult(result reports.Result) reports.Result {
	record := r.evaluator.Record
	plainly := func(text string) string { return record.Text(text) }
	result.Reason, result.Stack, result.Cause = record.Text(result.Reason), record.Text(result.Stack), result.Cause.Through(plainly)
	result.Unstable = shownTexts(record, result.Unstable)
	result.Findings = slices.Clone(result.Findings)
	for i, f := range result.Findings {
		text := func(text string) string { return record.Text(text, f.Exchange, f.Against) }
		shown := f.Through(text)
		shown.Exchange, shown.Against = record.Redacted(f.Exchange), record.Redacted(f.Against)
		result.Findings[i] = shown
	}
	result.Exchanges = record.RedactedAll(result.Exchanges)
	return result
}

// shownWaivers are the waivers with what they match as findings show it.
func (r *runner) shownWaivers() []reports.Waiver {
	waivers := slices.Clone(r.Waivers)
	for i := range waivers {
		waivers[i].Match = r.evaluator.Record.Text(waivers[i].Match)
	}
	return waivers
}

func shownTexts(record *evidence.Record, texts []string) []string {
	texts = slices.Clone(texts)
	for i, text := range texts {
		texts[i] = record.Text(text)
	}
	return texts
}

func shownResources(record *evidence.Record, resources []reports.Resource) []reports.Resource {
	resources = slices.Clone(resources)
	for i, r := range resources {
		resources[i].UUID, resources[i].Name, resources[i].Source = record.Identifier(r.UUID), record.Identifier(r.Name), record.Identifier(r.Source)
	}
	return resources
}

func shownHarm(record *evidence.Record, harm []reports.Harm) []reports.Harm {
	harm = slices.Clone(harm)
	for i, h := range harm {
		harm[i].UUID, harm[i].Name, harm[i].Path = record.Identifier(h.UUID), record.Identifier(h.Name), record.Identifier(h.Path)
		harm[i].More = slices.Clone(h.More)
		for j, drive := range h.More {
			harm[i].More[j] = evidence.HarmedDrive{UUID: record.Identifier(drive.UUID), Name: record.Identifier(drive.Name)}
		}
		harm[i].Exchange = record.Redacted(h.Exchange)
	}
	return harm
}

func shownPlan(record *evidence.Record, plan *reports.Plan) *reports.Plan {
	if plan == nil {
		return nil
	}
	kept := *plan
	kept.Scenarios = slices.Clone(plan.Scenarios)
	for i, scenario := range plan.Scenarios {
		clones := slices.Clone(scenario.Clones)
		for j, clone := range clones {
			clones[j].Source, clones[j].Name = record.Identifier(clone.Source), record.Identifier(clone.Name)
		}
		kept.Scenarios[i].Clones = clones
	}
	return &kept
}

// shown is what was found without secrets.
func (done Cleanup) shown(record *evidence.Record) Cleanup {
	done.Found, done.Removed, done.Left = shownResources(record, done.Found), shownResources(record, done.Removed), shownResources(record, done.Left)
	done.Doubtful, done.Notes = shownResources(record, done.Doubtful), shownTexts(record, done.Notes)
	return done
}

// shownError is an error of the same kind without secrets.
func shownError(record *evidence.Record, err error) error {
	if err == nil {
		return nil
	}
	text := record.Text(err.Error())
	var ofEndpoint *EndpointError
	switch {
	case text == err.Error():
		return err
	case errors.As(err, &ofEndpoint):
		return &EndpointError{errors.New(text)}
	}
	return errors.New(text)
}

// discreet is an observer that is shown no secret.
type discreet struct {
	next   Observer
	record *evidence.Record
}

func (d discreet) Collecting(done, planned int, what string) {
	d.next.Collecting(done, planned, d.record.Redactor().String(what))
}
func (d discreet) Judged(result reports.Result) { d.next.Judged(result) } // as shownResult made it
func (d discreet) Note(line string)             { d.next.Note(d.record.Text(line)) }
