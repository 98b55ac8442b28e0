package html_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/suites/requirement"
)

func htmlOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return html.Write(b, r) })
}

// fullReport is a report in which every part of the page is there, and something is wrong with most.
func fullReport(t testing.TB) *reports.Report {
	t.Helper()
	r := example.Complete(t)
	r.Incomplete, r.Requests.Retried = "the deadline of the run came first", 3
	r.Waivers = append(r.Waivers, reports.WaiverOutcome{
		Waiver: reports.Waiver{Requirement: "GET-01", Reason: "ticket 13", Until: "2026-12-31"},
		State:  reports.WaiverStale, Says: "it passes; take the waiver out",
	})
	for i := range 9 {
		r.Requests.Slowest = append(r.Requests.Slowest, reports.Call{Exchange: 20 + i, Method: "GET", Path: fmt.Sprintf("/api/2.0/libdrives/?offset=%d", i),
			Status: 200, Duration: time.Duration(80-5*i) * time.Millisecond})
	}
	failing := r.Results[4].Findings[0].Exchange
	failing.Response.Leaks = []string{"body", "header Set-Cookie"}
	failing.Response.Header.Set("Set-Cookie", "[redacted]")
	r.Results[4].Exchanges = append(r.Results[4].Exchanges, failing)
	must := r.Results[4]
	must.Requirement, must.Waived = example.Lookup(t, "OWNER-05"), nil
	r.Results = append(r.Results, must)
	return r
}

// drives is a list of so many bytes and some, as an endpoint answers it, in which each drive has an owner.
func drives(size int, owner string) string {
	var b strings.Builder
	b.WriteString(`{"meta": {"limit": 0, "offset": 0, "total_count": 44}, "objects": [`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, `{"uuid": "%s", "name": "Drive %d", "owner": %s, "licenses": [{"amount": 1, "license": {"name": "msft_%d"}}], "tags": []}`,
			driveUUID(i), i, owner, i)
	}
	return b.String() + "]}"
}

func driveUUID(i int) string { return fmt.Sprintf("%08x-0a36-4f0b-8b5e-6d8f0d0f2b11", i) }

// wrongInEverything is a report of all requirements, of which so many fail, each with evidence of so many bytes of its
// own.
func wrongInEverything(t testing.TB, failing, size int) *reports.Report {
	t.Helper()
	r := example.MadeUp(t)
	r.Results = nil
	owned, sound := drives(size, `{"uuid": "5b4a"}`), drives(size, "null")
	for i, requirement := range example.Catalogue(t).All() {
		result := reports.Result{Requirement: requirement, Verdict: reports.Pass, Gated: gated(requirement), Subjects: 44}
		if i < failing {
			result.Verdict = reports.Fail
			x, against := example.Get(2*i+1, "/libdrives/?limit=0", owned), example.Get(2*i+2, "/libdrives/detail/", sound)
			result.Findings = []reports.Finding{{Subject: reports.Subject{Kind: "drive", UUID: driveUUID(i), Name: "Drive"}, Rule: "a library drive belongs to nobody",
				Differences: []reports.Difference{{In: reports.InBody, Path: "owner", Expected: "null", Found: `{"uuid": "5b4a"}`}}, Exchange: x}}
			if i%4 == 0 {
				result.Findings[0].Against = against
			}
		}
		r.Results = append(r.Results, result)
	}
	return r
}

func gated(r requirement.Requirement) bool { return requirement.Must.Gates(r.Level) }
