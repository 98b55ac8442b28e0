package judge_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

func TestAPanicInASpecAccusesNobodyAndKeepsItsStack(t *testing.T) {
	var none []string
	e := judge.Evaluator{Record: evidence.NewRecord(nil)}
	r := e.Judge("LIST-01", func(*judge.Library) { _ = none[3] })
	if r.Verdict != reports.Blocked || r.Cause.Kind != reports.CauseSuite || !strings.Contains(r.Reason, "please report it") {
		t.Errorf("a panic in a spec gives %s, %+v; it should be blocked by the suite", r.Verdict, r.Cause)
	}
	if !strings.Contains(r.Stack, "crash_test.go") {
		t.Errorf("the stack should show where it failed:\n%s", r.Stack)
	}
}
