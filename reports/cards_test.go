package reports_test

import (
	"reflect"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestOneCauseIsToldOnce has one wrong size that several requirements fail by.
func TestOneCauseIsToldOnce(t *testing.T) {
	finding := func(uuid, path, found, value string) reports.Finding {
		return reports.Finding{
			Subject:     reports.Subject{Kind: reports.KindDrive, UUID: uuid},
			Differences: []reports.Difference{{In: reports.InBody, Path: path, Found: found, Value: value}},
		}
	}
	fails := func(id string, gated bool, findings ...reports.Finding) reports.Result {
		return reports.Result{Requirement: requirement.Requirement{ID: id}, Verdict: reports.Fail, Gated: gated, Findings: findings}
	}
	blocked := reports.Result{Requirement: requirement.Requirement{ID: "CLONE-01"}}
	blocked.NotJudged(reports.Blocked, reports.Cause{Kind: reports.CauseAnswer, Requirement: "LIST-06", Detail: "…"})
	size := finding("A", "size", `is a string, must be an integer: "12"`, `"12"`)
	r := &reports.Report{Results: []reports.Result{
		fails("LIST-06", false, finding("A", "size", `"12"`, "")), // it stands first, and does not fail the run
		fails("LIST-03", true, size, finding("B", "name", "is missing", "nothing")),
		fails("GET-02", true, size),
		fails("GET-03", true, size, finding("C", "size", `"13"`, "")), // fails for more
		fails("OWNER-07", true, finding("B", "size", `"12"`, "")),     // another drive
		fails("LIST-01", true, reports.Finding{Subject: reports.InWords("the list"), Differences: size.Differences}),
		blocked,
	}}
	want := map[string]reports.Shared{
		"LIST-03": {Fails: []string{"GET-02", "LIST-06"}, Blocks: []string{"CLONE-01"}}, "GET-02": {By: "LIST-03"}, "LIST-06": {By: "LIST-03"},
	}
	if got := r.Shared(); !reflect.DeepEqual(got, want) {
		t.Errorf("the values are shared so: %+v, want %+v", got, want)
	}
	lines := want["LIST-03"].Lines()
	if expected := []string{"by the same value, GET-02, LIST-06 fail too", "it keeps CLONE-01 from being judged"}; !reflect.DeepEqual(lines, expected) {
		t.Errorf("it reads %q, want %q", lines, expected)
	}
}
