package reports_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

const (
	base    = "https://cloud.example/api/2.0/"
	windows = "c7105ec8-0a36-4f0b-8b5e-6d8f0d0f2b11"
)

// hostile is what a malicious endpoint would name a drive.
const hostile = "<script>alert(\"1\")</script> & 'quoted' ]]> \x1b[2J\x1b[1;1H\x00\x07\u202egnp.exe\u2066 \u009b31m \xff\xfe\uffff\r\nnext\tline"

// load reads the catalogue once for all tests; it is read only.
var load = sync.OnceValues(requirement.Load)

func catalogue(t testing.TB) *requirement.Catalogue {
	t.Helper()
	c, err := load()
	if err != nil {
		t.Fatalf("the built-in catalogue must load: %v", err)
	}
	return c
}

func lookup(t testing.TB, id string) requirement.Requirement {
	t.Helper()
	r, err := catalogue(t).Lookup(id)
	if err != nil {
		t.Fatalf("the catalogue must have %s, which these tests are about: %v", id, err)
	}
	return r
}

func get(number int, path, body string) *evidence.Exchange {
	return &evidence.Exchange{
		Number: number, Key: "GET " + path, Take: 1, Attempt: 1,
		Request: evidence.Request{Method: "GET", URL: strings.TrimRight(base, "/") + path, Auth: "basic",
			Header: http.Header{"Accept": {"application/json"}, "Authorization": {"Basic [redacted]"}}},
		Response: &evidence.Response{Status: 200, Proto: "HTTP/1.1", Body: []byte(body), WireSize: len(body),
			Header: http.Header{"Content-Type": {"application/json"}, "X-Noise": {"of no interest"}}},
		Duration: 48 * time.Millisecond,
	}
}

func owned(number int) reports.Finding {
	return reports.Finding{
		Subject: fmt.Sprintf("drive %s  %q", windows, "Windows Server 2022"), Rule: "a library drive belongs to nobody",
		Expected: "owner: null", Found: `owner: {"uuid": "5b4a0000", "email": "x@example.com"}`,
		Exchange: get(number, "/drives/"+windows+"/", `{"owner": {"uuid": "5b4a0000", "email": "x@example.com"}}`),
	}
}

// madeUp is a report with a result of every kind.
func madeUp(t testing.TB) *reports.Report {
	t.Helper()
	result := func(id string, verdict reports.Verdict) reports.Result {
		r := lookup(t, id)
		return reports.Result{Requirement: r, Verdict: verdict, Gated: requirement.Must.Gates(r.Level), Subjects: 41,
			Duration: 1499 * time.Microsecond}
	}
	r := &reports.Report{
		Tool: reports.Tool{Name: "libdrives-conformance", Version: "1.2.3"}, Target: base, Server: "nginx",
		Configuration: reports.Configuration{Profile: requirement.ReadProfile, Level: requirement.Must, Auth: "basic", Sample: 200, Seed: 1},
		Areas:         catalogue(t).Areas(),
		Started:       time.Date(2026, 3, 4, 5, 6, 7, 890, time.FixedZone("", 3600)), Duration: 4200 * time.Millisecond,
		Requests: reports.Requests{Sent: 412, Retried: 3},
		Warnings: []string{"the certificate was not checked"},
	}
	r.Results = []reports.Result{
		result("LIST-01", reports.Pass), result("LIST-04", reports.Fail), result("DETAIL-02", reports.Fail),
		result("GET-01", reports.Pass), result("OWNER-02", reports.Fail), result("LIC-01", reports.Skip),
		result("LIC-04", reports.Skip), result("LIC-09", reports.Blocked), result("ATTACH-01", reports.Skip),
	}
	list, detail := get(3, "/libdrives/?limit=0", `{"objects": []}`), get(4, "/libdrives/detail/?limit=0", `{"objects": [{}]}`)
	r.Results[1].Findings = []reports.Finding{{Subject: "drive 1  \"Debian\"", Found: "no os", Rule: "every field is there", Exchange: list}}
	r.Results[2].Findings = []reports.Finding{{Subject: "/libdrives/detail/", Expected: "0 drives", Found: "1 drive\nand more\n",
		Rule: "both lists are the same", Exchange: detail, Against: list}}
	r.Results[2].Unstable = []string{"drive 2: not in the second list; taken again, it did not show (requests 3)"}
	r.Unstable = append([]string{"the run saw drive 9 come and go"}, r.Results[2].Unstable...)
	r.Results[4].Findings = []reports.Finding{owned(5), owned(6), owned(7), owned(8)}
	r.Results[5].Reason, r.Results[6].Reason = "the library has no licensed drive", "the library has no licensed drive"
	r.Results[7].Reason, r.Results[7].BlockedBy = "the clone never ended", "CLONE-01"
	r.Results[8].Reason = "the library has no CDROM"
	return r
}

// attacked is a report in which everything that comes from the endpoint is hostile.
func attacked(t testing.TB) *reports.Report {
	t.Helper()
	r := madeUp(t)
	long := strings.Repeat(hostile+"ü", 64<<10/len(hostile)+1)
	x := get(9, "/libdrives/"+hostile+"/", long)
	x.Response.Header.Set("Server", hostile)
	x.Failure = hostile
	r.Server, r.Incomplete, r.Unstable, r.Warnings = hostile, hostile, []string{hostile}, []string{long}
	r.Target = base + hostile
	r.Harm = []reports.Harm{{Kind: reports.HarmEdited, UUID: hostile, Name: long, Method: "PUT", Path: "/libdrives/" + hostile + "/", Exchange: x, Requirements: []string{"METHOD-08"}}}
	r.Plan = &reports.Plan{DryRun: true, Scenarios: []reports.PlannedScenario{{Name: "side by side", Clones: []reports.PlannedClone{{Source: hostile, Name: long}}}}}
	for i := range r.Results {
		r.Results[i].Reason, r.Results[i].Unstable = hostile+strings.Repeat("x", i), []string{long}
		for j := range r.Results[i].Findings {
			r.Results[i].Findings[j] = reports.Finding{Subject: "drive " + windows + "  " + long, Rule: hostile, Expected: long, Found: long,
				Exchange: x, Against: x}
		}
	}
	r.Results[3].Requirement.States = hostile
	return r
}

// render runs a writer of a report and returns what it wrote.
func render(t testing.TB, write func(b *strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	return b.String()
}

func junit(t testing.TB, r *reports.Report) string {
	t.Helper()
	return render(t, func(b *strings.Builder) error { return reports.JUnit(b, r) })
}

func text(t testing.TB, r *reports.Report, o reports.TextOptions) string {
	t.Helper()
	return render(t, func(b *strings.Builder) error { return reports.Text(b, r, o) })
}
