package reports_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/text"
)

func TestACauseIsOneSentence(t *testing.T) {
	for want, cause := range map[string]reports.Cause{
		"the library has no CDROM":                                                    {Kind: reports.CauseMaterial, Detail: "the library has no CDROM"},
		"OWNER-02 has to hold first: /x answers 500":                                  {Kind: reports.CauseAnswer, Requirement: "OWNER-02", Detail: "/x answers 500"},
		"the scenario “s” did not come to “rename”: it took too long":                 {Kind: reports.CauseScenario, Scenario: "s", Step: "rename", Detail: "it took too long"},
		"CLONE-10 has to hold first: the scenario “s” did not come to “rename”: gone": {Kind: reports.CauseScenario, Requirement: "CLONE-10", Scenario: "s", Step: "rename", Detail: "gone"},
		"the record holds no exchange for GET /libdrives/":                            {Kind: reports.CauseNotRecorded, Exchange: "GET /libdrives/"},
		"the record does not hold the scenario “s”":                                   {Kind: reports.CauseNotRecorded, Scenario: "s"},
		"the record holds no step “rename” of the scenario “s”":                       {Kind: reports.CauseNotRecorded, Scenario: "s", Step: "rename"},
		"the run ended before GET /libdrives/ was asked for":                          {Kind: reports.CauseRunEnded, Exchange: "GET /libdrives/"},
		"the run ended before the scenario “s” was run":                               {Kind: reports.CauseRunEnded, Scenario: "s"},
		"the suite itself failed (please report it): index of range":                  {Kind: reports.CauseSuite, Detail: "index of range"},
	} {
		var r reports.Result
		r.NotJudged(reports.Blocked, cause)
		if r.Reason != want || r.Because() != want || r.BlockedBy != cause.Requirement {
			t.Errorf("%+v reads %q, blocked by %q; it should read %q", cause, r.Because(), r.BlockedBy, want)
		}
	}
}

// TestAFailureOfTheSuiteKeepsItsStack: "please report it" has something to report.
func TestAFailureOfTheSuiteKeepsItsStack(t *testing.T) {
	r := example.MadeUp(t)
	r.Results[7].NotJudged(reports.Blocked, reports.Cause{Kind: reports.CauseSuite, Detail: "index out of range"})
	r.Results[7].Stack = "goroutine 1 [running]:\nspecs.go:12 \x1b[2J"
	for format, written := range map[string]string{"a verbose text": textOf(t, r, text.Options{Verbose: true}), "JUnit": junitOf(t, r), "HTML": htmlOf(t, r)} {
		if !strings.Contains(written, "specs.go:12") || strings.Contains(written, "\x1b[2J") {
			t.Errorf("%s should show where the suite failed, made safe:\n%s", format, written)
		}
	}
}

func TestAWiderStatementIsTold(t *testing.T) {
	old, later := example.MadeUp(t), example.MadeUp(t)
	old.Edition, later.Edition = 1, 2
	old.Results[3].Requirement.Widened, later.Results[3].Requirement.Widened = 0, 0
	later.Results[3].Verdict, later.Results[3].Findings = reports.Fail, []reports.Finding{example.Owned(1)}
	const wider = "the statement is wider now, since edition 2 of the catalogue"
	if c := reports.Compare(old, later); len(c.Changes) != 1 || strings.Contains(c.Changes[0].Says, wider) {
		t.Errorf("a statement that is as it was should not be called wider: %+v", c.Changes)
	}
	later.Results[3].Requirement.Widened = 2
	if c := reports.Compare(old, later); len(c.Changes) != 1 || !strings.Contains(c.Changes[0].Says, wider) {
		t.Errorf("what regressed because the statement is wider should say so: %+v", c.Changes)
	}
	if c := reports.Compare(later, later); len(c.Changes) != 0 {
		t.Errorf("two reports of one edition have the same statement: %+v", c.Changes)
	}
	later.Waive([]reports.Waiver{{Requirement: "GET-01", Reason: "x", Until: example.EverNext, Match: "something else"}})
	if w := later.Waivers[0]; w.State != reports.WaiverDiffers || !strings.Contains(w.Says, wider) {
		t.Errorf("a waiver that no longer matches should say that the statement is wider: %+v", w)
	}
}
