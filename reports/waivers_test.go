package reports_test

import (
	junitreader "github.com/joshdk/go-junit"

	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/text"
)

// waived is the made-up report with waivers held against it.
func waived(t testing.TB, waivers ...reports.Waiver) *reports.Report {
	t.Helper()
	r := example.MadeUp(t)
	r.Results = append(r.Results[:7:7], r.Results[8:]...) // without the one that is blocked by what is not there
	r.Waive(waivers)
	return r
}

func resultOf(t testing.TB, r *reports.Report, id string) reports.Result {
	t.Helper()
	for _, result := range r.Results {
		if result.Requirement.ID == id {
			return result
		}
	}
	t.Fatalf("the report must have a result of %s", id)
	return reports.Result{}
}

func TestAWaiverDoesWhatItSays(t *testing.T) {
	owner := func(until, match string) reports.Waiver {
		return reports.Waiver{Requirement: "OWNER-02", Reason: "ticket 12", Until: until, Match: match}
	}
	other := func(id string) reports.Waiver {
		return reports.Waiver{Requirement: id, Reason: "why", Until: example.EverNext}
	}
	for name, c := range map[string]struct {
		waivers []reports.Waiver
		states  string // of each, in order
		waives  bool   // OWNER-02
		says    string // the first of them
	}{
		"holds":                    {[]reports.Waiver{owner(example.EverNext, "")}, "holds", true, "put up with until 2099-12-31"},
		"holds, in any case":       {[]reports.Waiver{{Requirement: "owner-02", Reason: "x", Until: " 2099-12-31 "}}, "holds", true, "as expected"},
		"the last day counts":      {[]reports.Waiver{owner("2026-03-04", "")}, "holds", true, "2026-03-04"},
		"the day after":            {[]reports.Waiver{owner("2026-03-03", "")}, "expired", false, "its last day, 2026-03-03, is over"},
		"match":                    {[]reports.Waiver{owner(example.EverNext, "owner: null;  found\nowner")}, "holds", true, "as expected"},
		"match is no pattern":      {[]reports.Waiver{owner(example.EverNext, "own.r")}, "differs", false, `"own.r"`},
		"match of something else":  {[]reports.Waiver{owner(example.EverNext, "owner: missing")}, "differs", false, `found owner: {"uuid": "5b4a0000"`},
		"passes":                   {[]reports.Waiver{other("LIST-01")}, "stale", false, "remove the waiver"},
		"not selected":             {[]reports.Waiver{other("CLONE-01")}, "not judged", false, "not selected"},
		"not selected and over":    {[]reports.Waiver{{Requirement: "CLONE-01", Reason: "x", Until: "2020-01-01"}}, "not judged", false, "not selected"},
		"skipped":                  {[]reports.Waiver{other("LIC-01")}, "not judged", false, "the library has no licensed drive"},
		"an advisory":              {[]reports.Waiver{other("LIST-04")}, "holds", false, "the gate must does not fail on it: the waiver has no effect"},
		"two, of which one serves": {[]reports.Waiver{owner(example.EverNext, "belongs to nobody"), owner(example.EverNext, "gone")}, "holds stale", true, "as expected"},
		"two, of which one is over": {
			[]reports.Waiver{owner(example.EverNext, "gone"), owner("2020-01-01", "belongs to nobody")}, "stale expired", false, `no longer so that match says it, "gone"`},
		"in the order of the file": {[]reports.Waiver{other("LIST-01"), owner(example.EverNext, ""), other("CLONE-01")}, "stale holds not judged", true, "passes now"},
	} {
		r := waived(t, c.waivers...)
		var states []string
		for _, w := range r.Waivers {
			states = append(states, string(w.State))
		}
		if got := strings.Join(states, " "); got != c.states {
			t.Errorf("%s: the waivers are %s, they should be %s", name, got, c.states)
			continue
		}
		if resultOf(t, r, "LIST-04").Waived != nil || resultOf(t, r, "LIST-01").Waived != nil {
			t.Errorf("%s: an advisory or a requirement that passes is waived, which says nothing", name)
		}
		if got := resultOf(t, r, "OWNER-02").Waived != nil; got != c.waives {
			t.Errorf("%s: OWNER-02 is waived: %v, it should be: %v", name, got, c.waives)
		}
		if !strings.Contains(r.Waivers[0].Says, c.says) {
			t.Errorf("%s: of the first waiver it is said %q, it should hold %q", name, r.Waivers[0].Says, c.says)
		}
	}
}

// TestEveryFindingHasToMatch: what a waiver is for must not hide another failure of the same requirement.
func TestEveryFindingHasToMatch(t *testing.T) {
	r := example.MadeUp(t)
	other := example.Owned(9)
	other.Expected, other.Found = "owner: null", "owner: missing"
	r.Results[4].Findings = append(r.Results[4].Findings, other)
	first := reports.Waiver{Requirement: "OWNER-02", Reason: "x", Until: example.EverNext, Match: `found owner: {"uuid"`}
	r.Waive([]reports.Waiver{first})
	if r.Waivers[0].State != reports.WaiverDiffers || r.Results[4].Waived != nil || !strings.Contains(r.Waivers[0].Says, "found owner: missing") {
		t.Errorf("the fifth finding is another failure: the waiver should differ and name it, it is %+v", r.Waivers[0])
	}
	second := first
	second.Match = "owner: missing"
	r.Waive([]reports.Waiver{first, second})
	if r.Waivers[0].State != reports.WaiverHolds || r.Waivers[1].State != reports.WaiverHolds || r.Results[4].Waived == nil {
		t.Errorf("two waivers cover both failures together, they are %+v", r.Waivers)
	}
	second.Until = "2020-01-01"
	r.Waive([]reports.Waiver{first, second})
	if r.Waivers[1].State != reports.WaiverExpired || r.Results[4].Waived != nil {
		t.Errorf("once the second waiver is over its finding fails the run, they are %+v", r.Waivers)
	}
}

func TestTheDayOfAWaiverIsOneInUTC(t *testing.T) {
	r := example.MadeUp(t)
	r.Started = time.Date(2026, 3, 5, 0, 30, 0, 0, time.FixedZone("", 3600)) // still the 4th in UTC
	if reports.WaiverOf(r.Results[4], []reports.Waiver{{Requirement: "OWNER-02", Until: "2026-03-04"}}, r.Started) == nil {
		t.Error("a run at 23:30 UTC of the last day is within it, whatever the machine's own zone says")
	}
}

// TestWhatWaitsForAWaivedFailureNeedsAWaiverOfItsOwn: green must not come from what was never judged.
func TestWhatWaitsForAWaivedFailureNeedsAWaiverOfItsOwn(t *testing.T) {
	waivers := []reports.Waiver{
		{Requirement: "OWNER-02", Reason: "ticket 12", Until: example.EverNext},
		{Requirement: "ATTACH-03", Reason: "needs OWNER-02", Until: example.EverNext},
		{Requirement: "ATTACH-06", Reason: "needs ATTACH-03", Until: example.EverNext},
	}
	for name, c := range map[string]struct {
		change func(r *reports.Report, w []reports.Waiver) []reports.Waiver
		code   int
		states string
	}{
		"none":        {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { return nil }, 1, ""},
		"failure":     {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { return w[:1] }, 3, "holds"},
		"and one":     {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { return w[:2] }, 3, "holds holds"},
		"all":         {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { return w }, 0, "holds holds holds"},
		"but failure": {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { return w[1:] }, 1, "not judged not judged"},
		"one is over": {func(_ *reports.Report, w []reports.Waiver) []reports.Waiver { w[1].Until = "2020-01-01"; return w }, 1, "holds expired not judged"},
		"it passes": {func(r *reports.Report, w []reports.Waiver) []reports.Waiver {
			r.Results = r.Results[1:]
			r.Results[0].Verdict = reports.Pass
			return w[:2]
		}, 1, "holds stale"},
		"for another reason": {func(r *reports.Report, w []reports.Waiver) []reports.Waiver {
			r.Results[1].BlockedBy = ""
			return w
		}, 3, "holds not judged not judged"},
	} {
		r := example.MadeUp(t)
		blocked := func(id, by string) reports.Result {
			return reports.Result{Requirement: example.Lookup(t, id), Verdict: reports.Blocked, Gated: true, Reason: "no owner", BlockedBy: by}
		}
		// The order is not that of who waits for whom.
		r.Results = []reports.Result{blocked("ATTACH-06", "ATTACH-03"), blocked("ATTACH-03", "OWNER-02"), r.Results[4]}
		r.Waive(c.change(r, slices.Clone(waivers)))
		var states []string
		for _, w := range r.Waivers {
			states = append(states, string(w.State))
		}
		if got := strings.Join(states, " "); got != c.states || r.ExitCode() != c.code {
			t.Errorf("%s: the waivers are %q and the exit code %d (%s), they should be %q and %d", name, got, r.ExitCode(), r.Conclusion(), c.states, c.code)
		}
	}
}

func TestAWaiverThatIsNotRightFailsTheRun(t *testing.T) {
	for state, c := range map[reports.WaiverState]struct {
		code int
		says string
	}{
		reports.WaiverHolds: {0, "conforms"}, reports.WaiverNotJudged: {0, "conforms"},
		reports.WaiverStale:   {1, "does not conform: a waiver is stale"},
		reports.WaiverExpired: {1, "does not conform: a waiver is expired"},
		reports.WaiverDiffers: {1, "does not conform: a waiver is for another failure"},
	} {
		r := example.MadeUp(t)
		r.Results = r.Results[:1]
		r.Waivers = []reports.WaiverOutcome{{State: state}}
		if r.ExitCode() != c.code || r.Conclusion() != c.says {
			t.Errorf("a waiver that is %q makes exit code %d and %q, it should make %d and %q", state, r.ExitCode(), r.Conclusion(), c.code, c.says)
		}
	}
	r := example.MadeUp(t)
	r.Waivers = []reports.WaiverOutcome{{State: reports.WaiverStale}, {State: reports.WaiverStale}, {State: reports.WaiverExpired}}
	if want := "does not conform: 2 requirements failed, 2 waivers are stale, a waiver is expired"; r.Conclusion() != want {
		t.Errorf("the conclusion is %q, it should be %q", r.Conclusion(), want)
	}
}

func TestAWaivedFailureIsToldAndNotHidden(t *testing.T) {
	r := waived(t, reports.Waiver{Requirement: "OWNER-02", Reason: "ticket 12", Until: example.EverNext, Line: 1},
		reports.Waiver{Requirement: "LIST-01", Reason: "x", Until: example.EverNext, Line: 4},
		reports.Waiver{Requirement: "LIC-01", Reason: "x", Until: example.EverNext})
	got := textOf(t, r, text.Options{})
	for what, want := range map[string]string{
		"a section":         "\nWaived: these fail, and are put up with\n\nOWNER-02  must   Recognizing library drives\n",
		"until and why":     "\n  waived    until 2099-12-31: ticket 12\n",
		"the evidence":      "\n  found     owner: {\"uuid\": \"5b4a0000\"",
		"a column":          "passed  failed  waived  advisory  skipped  blocked\n",
		"the sum":           "\nall                                2       1       1         1        3        -\n",
		"what is not right": "\nWaivers that are not right: these fail the run\n\n  LIST-01 (line 4) stale: it passes now: remove the waiver\n",
		"the rest":          "\nOther waivers\n\n  LIC-01 not judged: it was skipped (the library has no licensed drive), so the waiver was not",
		"the closing line":  "a waiver is stale. Judged 5 of 8 requirements: 2 passed, 1 failed, 1 waived, 1 advisory; 3 skipped, 0 blocked.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text should hold %s, %q:\n%s", what, want, got)
		}
	}
	if strings.Count(got, "OWNER-02  must") != 1 {
		t.Errorf("a waived failure should be told once, and not among those that fail the run:\n%s", got)
	}
	if colored := textOf(t, r, text.Options{Color: true}); !strings.Contains(colored, "OWNER-02\x1b[0m  \x1b[33mmust") {
		t.Errorf("a waived failure is no red one:\n%q", colored)
	}
	if quiet := textOf(t, r, text.Options{Quiet: true}); !strings.Contains(quiet, "LIST-01 (line 4) stale") || strings.Contains(quiet, "LIC-01") {
		t.Errorf("a quiet text should hold the waivers that fail the run, and no others:\n%s", quiet)
	}
	suites, err := junitreader.Ingest([]byte(junitOf(t, r)))
	if err != nil || len(suites) < 4 {
		t.Fatalf("a public reader should find a suite for each section: %d, %v", len(suites), err)
	}
	owner := suites[3]
	if owner.Totals.Failed != 0 || owner.Totals.Skipped != 1 || !strings.HasPrefix(owner.Tests[0].Message, "waived until 2099-12-31: ticket 12; drive "+example.Windows) {
		t.Errorf("in JUnit a waived failure is skipped, with until, why and how it fails: %+v", owner)
	}
	if document := junitOf(t, r); !strings.Contains(document, "waived    until 2099-12-31: ticket 12\n") || !strings.Contains(document, "  repeat    curl") {
		t.Errorf("in JUnit the evidence of a waived failure is the text of skipped:\n%s", document)
	}
	for name, o := range map[string]text.ProgressOptions{"plain": {Verbose: true}, "live": {Verbose: true, Terminal: true}} {
		var b strings.Builder
		p := text.NewProgress(&b, o)
		p.Judged(resultOf(t, r, "OWNER-02"))
		p.Close()
		if !strings.Contains(b.String(), "waived    OWNER-02") {
			t.Errorf("%s progress should tell the waived failure as that: %q", name, b.String())
		}
		if name == "plain" && !strings.Contains(b.String(), "1 requirement judged, 0 failed") {
			t.Errorf("a waived failure does not count as failed while the run goes: %q", b.String())
		}
	}
}

func TestOnlyWaiversMakeTheRunRedAndTheTextSaysWhatToDo(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[:1]
	r.Waive([]reports.Waiver{{Requirement: "LIST-01", Reason: "x", Until: example.EverNext}})
	got := textOf(t, r, text.Options{Quiet: true})
	if want := "Next: put the waivers right"; !strings.Contains(got, want) {
		t.Errorf("where nothing but a waiver fails, the text should say %q:\n%s", want, got)
	}
	r = example.MadeUp(t)
	r.Results = []reports.Result{r.Results[4], {Requirement: example.Lookup(t, "ATTACH-03"), Verdict: reports.Blocked, BlockedBy: "OWNER-02"}}
	r.Waive([]reports.Waiver{{Requirement: "OWNER-02", Reason: "x", Until: example.EverNext}})
	if got := textOf(t, r, text.Options{Quiet: true}); !strings.Contains(got, "waive it too, or leave it out with --label-filter '!ATTACH-03'") {
		t.Errorf("where a waived failure blocks, the text should say what to do:\n%s", got)
	}
}

func TestHostileTextCannotHijackThroughWaivers(t *testing.T) {
	r := example.Attacked(t)
	r.Waive([]reports.Waiver{{Requirement: "OWNER-02", Reason: example.Hostile, Until: example.Hostile, Match: example.Hostile}, {Requirement: "DETAIL-02", Reason: example.Hostile, Until: example.EverNext},
		{Requirement: "LIC-01", Until: example.Hostile}})
	for name, written := range map[string]string{"text": textOf(t, r, text.Options{Verbose: true}), "JUnit": junitOf(t, r), "says": fmt.Sprint(r.Waivers[0].Says, r.Waivers[2].Says)} {
		for _, c := range written {
			if c < ' ' && c != '\n' || 0x7f <= c && c < 0xa0 || c == '\u202e' {
				t.Errorf("%s holds %U: a control character reaches whoever shows it", name, c)
				break
			}
		}
	}
}
