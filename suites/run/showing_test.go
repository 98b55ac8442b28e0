package run

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

// TestNothingInAReportIsForgotten fills every text of a report with a secret. What still holds it after it was made ready
// to be shown is what the user gave, what the suite says itself, and nothing else: a text that is added to the report is
// shown without secrets, or this test fails.
func TestNothingInAReportIsForgotten(t *testing.T) {
	const secret = "correct horse battery staple"
	record := evidence.NewRecord(evidence.NewRedactor(secret))
	x := record.Add(evidence.Exchange{})
	var report reports.Report
	fill(reflect.ValueOf(&report).Elem(), secret, x)
	r := &runner{evaluator: &judge.Evaluator{Record: record}}
	shown := r.shown(&report)
	var held []string
	search(reflect.ValueOf(*shown), "", func(path, text string) {
		if strings.Contains(text, secret) {
			held = append(held, path)
		}
	})
	ours := []string{"Tool", "Target", "Configuration", "Areas", "Results.Requirement", "Results.Waived", "Results.BlockedBy", "Results.Findings.Rule",
		"Results.Verdict",
		"Results.Cause.Kind", "Results.Cause.Requirement", "Results.Cause.Scenario", "Results.Cause.Step",
		"Results.Findings.Subject.Kind", "Results.Findings.Differences.In", "Results.Findings.Differences.Drive.Kind", "Settlings.What", "Harm.Kind", "Harm.Method", "Harm.Returned", "Harm.Requirements", "Plan.Scenarios.Name", "Resources.Made.Kind", "Resources.Left.Kind", "Requests", "Waivers", "Baseline",
		"Name", "Blind.Spots.Area", "Blind.Spots.Requirements", "Blind.Spots.Fault"}
	for _, path := range held {
		if strings.Contains(path, ".Request.") && slices.ContainsFunc([]string{".Method", ".As", ".Auth"}, func(own string) bool { return strings.HasSuffix(path, own) }) {
			continue // of an exchange
		}
		if !slices.ContainsFunc(ours, func(known string) bool { return path == known || strings.HasPrefix(path, known+".") }) {
			t.Errorf("a secret in %s of a report is shown", path)
		}
	}
	if len(held) < len(ours)-2 {
		t.Errorf("just %v were filled: the test looks at too little", held)
	}
}

// fill sets every text below a value.
func fill(v reflect.Value, text string, x *evidence.Exchange) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text, x)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text, x)
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*evidence.Exchange]() {
			filled := *x
			fill(reflect.ValueOf(&filled).Elem(), text, x)
			v.Set(reflect.ValueOf(&filled))
		} else {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), text, x)
		}
	}
}

// search tells of every text below a value, and by which fields it is reached.
func search(v reflect.Value, path string, visit func(path, text string)) {
	switch v.Kind() {
	case reflect.String:
		visit(strings.TrimPrefix(path, "."), v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				search(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[[]byte]() {
			visit(strings.TrimPrefix(path, "."), string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			search(v.Index(i), path, visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			search(v.Elem(), path, visit)
		}
	}
}

// TestWhatIsSaidMeanwhileHoldsNoSecret watches a run through an observer.
func TestWhatIsSaidMeanwhileHoldsNoSecret(t *testing.T) {
	const secret = "correct horse battery staple"
	var said []string
	d := discreet{listener{&said}, evidence.NewRecord(evidence.NewRedactor(secret))}
	d.Note("a note about " + secret)
	d.Collecting(1, 2, "asking for "+secret)
	if err := shownError(d.record, &EndpointError{fmt.Errorf("it redirects to /%s", secret)}); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("the error is told as %v", err)
	}
	if all := strings.Join(said, "\n"); len(said) != 2 || strings.Contains(all, secret) || !strings.Contains(all, evidence.Redacted) {
		t.Errorf("what is said is %q", said)
	}
}

type listener struct{ said *[]string }

func (l listener) Collecting(_, _ int, what string) { *l.said = append(*l.said, what) }
func (l listener) Judged(reports.Result)            {}
func (l listener) Note(line string)                 { *l.said = append(*l.said, line) }
