// Package example makes up reports for the tests of the formats. Only tests import it.
package example

import (
	"fmt"
	"io"
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
	Base    = "https://cloud.example/api/2.0/"
	Commit  = "0123456789abcdef0123456789abcdef01234567"
	Windows = "c7105ec8-0a36-4f0b-8b5e-6d8f0d0f2b11"
)

// Hostile is what a malicious endpoint would name a drive.
const Hostile = "<script>alert(\"1\")</script> & 'quoted' ]]> \x1b[2J\x1b[1;1H\x00\x07\u202egnp.exe\u2066 \u009b31m \xff\xfe\uffff\r\nnext\tline"

// load reads the catalogue once for all tests; it is read only.
var load = sync.OnceValues(requirement.Load)

func Catalogue(t testing.TB) *requirement.Catalogue {
	t.Helper()
	c, err := load()
	if err != nil {
		t.Fatalf("the built-in catalogue must load: %v", err)
	}
	return c
}

func Lookup(t testing.TB, id string) requirement.Requirement {
	t.Helper()
	r, err := Catalogue(t).Lookup(id)
	if err != nil {
		t.Fatalf("the catalogue must have %s, which these tests are about: %v", id, err)
	}
	return r
}

func Get(number int, path, body string) *evidence.Exchange {
	return &evidence.Exchange{
		Number: number, Key: "GET " + path, Round: 1, Attempt: 1,
		Request: evidence.Request{Method: "GET", URL: strings.TrimRight(Base, "/") + path, Auth: "basic",
			Header: http.Header{"Accept": {"application/json"}, "Authorization": {"Basic [redacted]"}}},
		Response: &evidence.Response{Status: 200, Proto: "HTTP/1.1", Body: evidence.BodyOf([]byte(body)), WireSize: len(body),
			Header: http.Header{"Content-Type": {"application/json"}, "X-Noise": {"of no interest"}}},
		Duration: 48 * time.Millisecond,
	}
}

func Owned(number int) reports.Finding {
	return reports.Finding{
		Subject: reports.Subject{Kind: reports.KindDrive, UUID: Windows, Name: "Windows Server 2022"}, Rule: "a library drive belongs to nobody",
		Differences: []reports.Difference{{In: reports.InBody, Path: "owner", Expected: "null", Found: `{"uuid": "5b4a0000", "email": "x@example.com"}`}},
		Exchange:    Get(number, "/drives/"+Windows+"/", `{"owner": {"uuid": "5b4a0000", "email": "x@example.com"}}`),
	}
}

// MadeUp is a report with a result of every kind.
func MadeUp(t testing.TB) *reports.Report {
	t.Helper()
	result := func(id string, verdict reports.Verdict) reports.Result {
		r := Lookup(t, id)
		if id == "OWNER-02" { // in words that a later edition of the catalogue does not change
			r.States = "`owner` is there and null in that answer. Absent is not null."
		}
		return reports.Result{Requirement: r, Verdict: verdict, Gated: requirement.Must.Gates(r.Level), Subjects: 41,
			Duration: 1499 * time.Microsecond}
	}
	r := &reports.Report{
		Tool: reports.Tool{Name: "libdrives-conformance", Version: "1.2.3", Commit: Commit, Date: "2026-03-01T22:15:00Z"}, Target: Base, Server: "nginx",
		Configuration: reports.Configuration{Profile: requirement.ReadProfile, Level: requirement.Must, Auth: "basic", Sample: 200, Seed: 1},
		Areas:         Catalogue(t).Areas(),
		Started:       time.Date(2026, 3, 4, 5, 6, 7, 890, time.FixedZone("", 3600)), Duration: 4200 * time.Millisecond,
		Requests: reports.Requests{Sent: 412, Retried: 3},
		Warnings: []string{"the certificate was not checked"},
	}
	r.Results = []reports.Result{
		result("LIST-01", reports.Pass), result("LIST-04", reports.Fail), result("DETAIL-02", reports.Fail),
		result("GET-01", reports.Pass), result("OWNER-02", reports.Fail), result("LIC-01", reports.Skip),
		result("LIC-04", reports.Skip), result("LIC-09", reports.Blocked), result("ATTACH-01", reports.Skip),
	}
	list, detail := Get(3, "/libdrives/?limit=0", `{"objects": []}`), Get(4, "/libdrives/detail/?limit=0", `{"objects": [{}]}`)
	r.Results[1].Findings = []reports.Finding{{Subject: reports.Subject{Kind: reports.KindDrive, UUID: "1", Name: "Debian"}, Found: "no os", Rule: "every field is there", Exchange: list}}
	r.Results[2].Findings = []reports.Finding{{Subject: reports.InWords("/libdrives/detail/"), Expected: "0 drives", Found: "1 drive\nand more\n",
		Rule: "both lists are the same", Exchange: detail, Against: list}}
	r.Results[2].Unstable = []string{"drive 2: not in the second list; taken again, it did not show (requests 3)"}
	r.Unstable = append([]string{"the run saw drive 9 come and go"}, r.Results[2].Unstable...)
	r.Results[4].Findings = []reports.Finding{Owned(5), Owned(6), Owned(7), Owned(8)}
	for i := range r.Results[4].Findings[1:] { // of other drives
		f := &r.Results[4].Findings[i+1]
		f.Subject.UUID = fmt.Sprintf("%s%d", Windows[:len(Windows)-1], i+5)
	}
	r.Results[5].Reason, r.Results[6].Reason = "the library has no licensed drive", "the library has no licensed drive"
	r.Results[7].Reason, r.Results[7].BlockedBy = "the clone never ended", "CLONE-01"
	r.Results[8].Reason = "the library has no CDROM"
	return r
}

// Attacked is a report in which everything that comes from the endpoint is hostile.
func Attacked(t testing.TB) *reports.Report {
	t.Helper()
	r := MadeUp(t)
	long := strings.Repeat(Hostile+"ü", 64<<10/len(Hostile)+1)
	x := Get(9, "/libdrives/"+Hostile+"/", long)
	x.Response.Header.Set("Server", Hostile)
	x.Failure = Hostile
	r.Server, r.Incomplete, r.Unstable, r.Warnings = Hostile, Hostile, []string{Hostile}, []string{long}
	r.Target = Base + Hostile
	r.Harm = []reports.Harm{{Kind: evidence.HarmEdited, UUID: Hostile, Name: long, Method: "PUT", Path: "/libdrives/" + Hostile + "/", Exchange: x, Requirements: []string{"METHOD-08"}}}
	r.Plan = &reports.Plan{DryRun: true, Scenarios: []reports.PlannedScenario{{Name: "side by side", Clones: []reports.PlannedClone{{Source: Hostile, Name: long}}}}}
	for i := range r.Results {
		r.Results[i].Reason, r.Results[i].Unstable = Hostile+strings.Repeat("x", i), []string{long}
		for j := range r.Results[i].Findings {
			r.Results[i].Findings[j] = reports.Finding{Subject: reports.Subject{Kind: reports.KindDrive, UUID: Windows, Words: long}, Rule: Hostile, Expected: long, Found: long,
				Exchange: x, Against: x}
		}
	}
	r.Results[3].Requirement.States = Hostile
	return r
}

// Render runs a writer of a report and returns what it wrote.
func Render(t testing.TB, write func(b *strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	return b.String()
}

// Complete is a report in which every part of one is there.
func Complete(t testing.TB) *reports.Report {
	t.Helper()
	r := MadeUp(t)
	r.Requests.Slowest = []reports.Call{{Exchange: 3, Method: "GET", Path: "/api/2.0/libdrives/?limit=0", Status: 200, Duration: 90e6}}
	r.Requests.Retries = []reports.Call{{Exchange: 2, Method: "GET", Path: "/api/2.0/libdrives/", Status: 503, Duration: 1e6}}
	r.Resources.Made = []reports.Resource{{Kind: "drive", UUID: Windows, Name: "libdrives-conformance-1", Source: Windows, Size: 1 << 30, Removed: true}}
	r.Resources.Left = []reports.Resource{{Kind: "server", UUID: Windows, Name: "libdrives-conformance-2"}}
	waiver := reports.Waiver{Requirement: "OWNER-02", Reason: "ticket 12", Until: "2026-12-31", Line: 3}
	r.Results[4].Waived = &waiver
	r.Waivers = []reports.WaiverOutcome{{Waiver: waiver, State: reports.WaiverHolds, Says: "it fails as expected"}}
	r.Baseline = &reports.Comparison{
		Old: reports.Side{Target: Base, Version: "1.2.2", Started: r.Started}, New: reports.Side{Target: Base, Version: "1.2.3", Started: r.Started},
		Changes: []reports.Change{{Kind: reports.Regressed, Requirement: "LIST-04", States: "…", Old: "pass", New: "fail (should)", Says: "no os"}},
		Notes:   []string{"another version"},
	}
	return r
}

// FullDisk is a writer that is full.
type FullDisk struct{}

func (FullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// Everything is a report that selects the whole catalogue, with verdicts in turn.
func Everything(t testing.TB, findings int) *reports.Report {
	r := MadeUp(t)
	r.Results = nil
	for i, requirement := range Catalogue(t).All() {
		result := reports.Result{Requirement: requirement, Duration: time.Duration(i) * 777 * time.Microsecond, Subjects: findings, Reason: "why"}
		result.Verdict = []reports.Verdict{reports.Pass, reports.Fail, reports.Skip, reports.Blocked}[i%4]
		result.Gated = i%3 != 0
		if findings > 0 {
			result.Verdict = reports.Fail
		}
		for j := range findings {
			f := Owned(j + 1)
			f.Found += strings.Repeat(" and so on", 30)
			f.Differences[0].Value = requirement.ID // another value each, lest one of them tells for all
			result.Findings = append(result.Findings, f)
		}
		r.Results = append(r.Results, result)
	}
	return r
}

// Same compares whole texts and shows both where they differ.
func Same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s reads\n%s\nit should read\n%s", what, got, want)
	}
}

func Few(t *testing.T) []requirement.Requirement {
	return []requirement.Requirement{
		Lookup(t, "LIST-01"),
		{ID: "X-01", Area: "X", Level: requirement.May, Effect: requirement.Probe, Source: "a | b", States: "`<a|b>` is <not> a_b*.\nNor c."},
	}
}

const EverNext = "2099-12-31"

// Harm is a library drive that a run deleted.
func Harm() reports.Harm {
	return reports.Harm{
		Kind: evidence.HarmDeleted, UUID: Windows, Name: "Windows Server 2022", Method: "DELETE", Path: "/libdrives/" + Windows + "/",
		Requirements: []string{"METHOD-08", "METHOD-06"},
	}
}

// Planned is a complete report of a run that did harm and made nothing else.
func Planned(t testing.TB) *reports.Report {
	t.Helper()
	r := Complete(t)
	r.Harm = []reports.Harm{Harm()}
	r.Plan = &reports.Plan{DryRun: true, MaxClones: 9, Scenarios: []reports.PlannedScenario{
		{Name: "side by side", Clones: []reports.PlannedClone{{Source: Windows, Name: "Windows", Size: 1 << 30}}, Servers: 1, Refused: 2},
	}}
	return r
}
