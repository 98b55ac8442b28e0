package reports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
)

// only is the made-up report with one requirement, or none, that stands in it as it is reported.
func only(t testing.TB, change func(*reports.Result)) *reports.Report {
	t.Helper()
	r := example.MadeUp(t)
	r.Unstable = nil
	r.Results = r.Results[4:5]
	r.Results[0].Verdict = ""
	change(&r.Results[0])
	if r.Results[0].Verdict != reports.Fail {
		r.Results[0].Findings = nil
	}
	if r.Results[0].Verdict == "" {
		r.Results = nil
	}
	return r
}

// The ways in which a requirement stands in a report.
var (
	absent    = func(*reports.Result) {}
	passes    = func(r *reports.Result) { r.Verdict = reports.Pass }
	fails     = func(r *reports.Result) { r.Verdict = reports.Fail }
	advises   = func(r *reports.Result) { r.Verdict, r.Gated, r.Requirement.Level = reports.Fail, false, "should" }
	puttingUp = func(r *reports.Result) {
		r.Verdict, r.Waived = reports.Fail, &reports.Waiver{Requirement: "OWNER-02", Reason: "ticket 12", Until: example.EverNext}
	}
	skips   = func(r *reports.Result) { r.Verdict, r.Reason = reports.Skip, "the library is empty" }
	blocks  = func(r *reports.Result) { r.Verdict, r.Reason, r.BlockedBy = reports.Blocked, "no answer", "GET-01" }
	waiting = func(r *reports.Result) {
		blocks(r)
		r.Waived = &reports.Waiver{Reason: "ticket 12", Until: example.EverNext}
	}
	softer = func(r *reports.Result) { r.Verdict, r.Requirement.Level, r.Gated = reports.Pass, "should", false }
	shaky  = func(r *reports.Result) { r.Verdict, r.Unstable = reports.Pass, []string{"drive 2 came and went"} }
)

func TestCompareByWhatBecameOfARequirement(t *testing.T) {
	for name, c := range map[string]struct {
		old, new func(*reports.Result)
		changes  string // kind, old and new of each
		says     string
		code     int
	}{
		"passes still":              {passes, passes, "", "", 0},
		"fails still":               {fails, fails, "", "", 0},
		"is not judged still":       {skips, blocks, "", "", 0},
		"is never there":            {absent, absent, "", "", 0},
		"fails":                     {passes, fails, "regressed: pass → fail (must)", "a library drive belongs to nobody", 1},
		"fails, as an advisory":     {softer, advises, "regressed: pass → fail (should, advisory)", "a library drive belongs to nobody", 1},
		"fails, waived":             {passes, puttingUp, "", "", 0},
		"is not waived any more":    {puttingUp, fails, "regressed: fail (must, waived) → fail (must)", "belongs to nobody", 1},
		"is waived":                 {fails, puttingUp, "", "", 0},
		"passes now":                {fails, passes, "fixed: fail (must) → pass", "it holds", 0},
		"passes, and was waived":    {puttingUp, passes, "fixed: fail (must, waived) → pass", "it holds", 0},
		"passes, was an advisory":   {advises, softer, "fixed: fail (should, advisory) → pass", "it holds", 0},
		"is gone":                   {passes, absent, "vanished: pass → not in the report", "no verdict", 1},
		"failed and is gone":        {fails, absent, "vanished: fail (must) → not in the report", "no verdict", 1},
		"is skipped":                {passes, skips, "vanished: pass → skip", "the library is empty", 1},
		"failed and is skipped":     {fails, skips, "vanished: fail (must) → skip", "the library is empty", 1},
		"is blocked":                {passes, blocks, "vanished: pass → blocked", "no answer (GET-01 has to hold first)", 1},
		"is blocked and waived":     {passes, waiting, "", "", 0},
		"was skipped and is gone":   {skips, absent, "", "", 0},
		"is judged, and passes":     {skips, passes, "new: skip → pass", "it holds", 0},
		"is judged, and fails":      {blocks, fails, "new: blocked → fail (must)", "belongs to nobody", 0},
		"is there, and passes":      {absent, passes, "new: not in the report → pass", "it holds", 0},
		"is there, and fails":       {absent, fails, "new: not in the report → fail (must)", "belongs to nobody", 0},
		"has another level":         {passes, softer, "level changed: must → should", "a failure of it does not fail the run", 0},
		"has a firmer level":        {softer, fails, "regressed: pass → fail (must), level changed: should → must", "belongs to nobody", 1},
		"a firmer level, and fails": {advises, fails, "level changed: should → must", "a failure of it fails the run", 0},
		"is unsure":                 {passes, shaky, "unstable: pass → pass, unstable", "drive 2 came and went", 0},
		"is unsure still":           {shaky, shaky, "", "", 0},
		"is fixed, but unsure":      {fails, shaky, "fixed: fail (must) → pass, unstable: fail (must) → pass, unstable", "it holds", 0},
	} {
		comparison := reports.Compare(only(t, c.old), only(t, c.new))
		var changes []string
		for _, change := range comparison.Changes {
			changes = append(changes, fmt.Sprintf("%s: %s → %s", change.Kind, change.Old, change.New))
			if change.Requirement != "OWNER-02" || change.States == "" {
				t.Errorf("%s: the change should name the requirement and what it states: %+v", name, change)
			}
		}
		if got := strings.Join(changes, ", "); got != c.changes {
			t.Errorf("%s: the changes are %q, they should be %q", name, got, c.changes)
			continue
		}
		if len(changes) > 0 && !strings.Contains(comparison.Changes[0].Says, c.says) {
			t.Errorf("%s: it is said %q, it should hold %q", name, comparison.Changes[0].Says, c.says)
		}
		if comparison.ExitCode() != c.code || comparison.Fails() != (c.code == 1) {
			t.Errorf("%s: the exit code is %d, it should be %d", name, comparison.ExitCode(), c.code)
		}
		want := "not worse: "
		if c.code == 1 {
			want = "worse: "
		}
		if !strings.HasPrefix(comparison.Conclusion(), want) {
			t.Errorf("%s: the conclusion %q does not agree with exit code %d", name, comparison.Conclusion(), c.code)
		}
	}
}

// twoReports are an old and a new report with a change of most kinds.
func twoReports(t testing.TB) (old, new *reports.Report) {
	old, new = example.MadeUp(t), example.MadeUp(t)
	new.Started = old.Started.Add(24 * time.Hour)
	old.Results[4].Verdict, old.Results[4].Findings = reports.Pass, nil // regressed
	new.Results[2].Verdict, new.Results[2].Findings = reports.Pass, nil // fixed
	old.Results[2].Unstable = nil
	new.Results[3].Verdict, new.Results[3].Reason = reports.Skip, "none there" // vanished
	new.Results[5].Verdict, new.Results[6].Verdict = reports.Pass, reports.Fail
	new.Results[6].Findings = []reports.Finding{example.Owned(9)}
	new.Results = new.Results[1:] // LIST-01 vanished
	return old, new
}

func TestTheChangesAreInOrderAndTheConclusionCountsThem(t *testing.T) {
	c := reports.Compare(twoReports(t))
	var got []string
	for _, change := range c.Changes {
		got = append(got, string(change.Kind)+" "+change.Requirement)
	}
	want := "regressed OWNER-02, vanished LIST-01, vanished GET-01, fixed DETAIL-02, new LIC-01, new LIC-04, unstable DETAIL-02"
	if strings.Join(got, ", ") != want {
		t.Errorf("the changes are %v, by kind and then in catalogue order they are %s", got, want)
	}
	if want := "worse: 1 regressed, 2 vanished, 1 fixed, 2 new (1 of them failing), 1 unstable"; c.Conclusion() != want {
		t.Errorf("the conclusion is %q, it should be %q", c.Conclusion(), want)
	}
	if old, same := example.MadeUp(t), example.MadeUp(t); len(reports.Compare(old, same).Changes)+len(reports.Compare(old, same).Notes) > 0 {
		t.Errorf("a report compared with its like has nothing to tell: %+v", reports.Compare(old, same))
	}
}

func TestTheNotesSayWhatMakesReportsHardToCompare(t *testing.T) {
	for want, change := range map[string]func(old, new *reports.Report){
		"another target: " + example.Base + " before, https://other/ now":                  func(_, new *reports.Report) { new.Target = "https://other/" },
		"another target: " + example.Base + " before, the embedded reference endpoint now": func(_, new *reports.Report) { new.Embedded = true },
		"another version of the suite: 1.2.3 before, 1.3.0 now":                            func(_, new *reports.Report) { new.Tool.Version = "1.3.0" },
		"another profile: read before, full now":                                           func(_, new *reports.Report) { new.Configuration.Profile = "full" },
		"another gate: must before, should now":                                            func(_, new *reports.Report) { new.Configuration.Level = "should" },
		"another selection: everything before, LIC now":                                    func(_, new *reports.Report) { new.Configuration.Select = "LIC" },
		"another label filter: must before, none now":                                      func(old, _ *reports.Report) { old.Configuration.LabelFilter = "must" },
		"another way to log in: basic before, digest now":                                  func(_, new *reports.Report) { new.Configuration.Auth = "digest" },
		"another sample of drives: 200 before, all now":                                    func(_, new *reports.Report) { new.Configuration.Sample = 0 },
		"another seed: 1 before, 2 now":                                                    func(_, new *reports.Report) { new.Configuration.Seed = 2 },
		"the old run is incomplete (cut off): what it did not judge can't have":            func(old, _ *reports.Report) { old.Incomplete = "cut off" },
		"the new run is incomplete (cut off): what it did not judge is reported as":        func(_, new *reports.Report) { new.Incomplete = "cut off" },
		"the new run began before the old one: are the two reports in the right":           func(old, _ *reports.Report) { old.Started = old.Started.Add(1) },
		"OWNER-02 passed before and is now failing, waived until 2099-12-31: ticket":       func(old, new *reports.Report) { passes(&old.Results[4]); puttingUp(&new.Results[4]) },
		"OWNER-02 passed before and is now blocked, waived until 2099-12-31: ticket":       func(old, new *reports.Report) { passes(&old.Results[4]); waiting(&new.Results[4]) },
	} {
		old, new := example.MadeUp(t), example.MadeUp(t)
		change(old, new)
		if notes := reports.Compare(old, new).Notes; len(notes) != 1 || !strings.HasPrefix(notes[0], want) {
			t.Errorf("the notes are %q, there should be one that begins with %q", notes, want)
		}
	}
	old, new := example.MadeUp(t), example.MadeUp(t)
	old.Embedded, new.Embedded, old.Target, new.Target = true, true, "http://127.0.0.1:1/", "http://127.0.0.1:2/"
	if notes := reports.Compare(old, new).Notes; len(notes) > 0 {
		t.Errorf("the embedded endpoint is the same at every port, and needs no note: %q", notes)
	}
}
