package reports_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/text"
)

// TestTheBaselineIsAPartOfTheVerdict: what got worse fails a run that would be green, and never makes it greener.
func TestTheBaselineIsAPartOfTheVerdict(t *testing.T) {
	green := func() *reports.Report {
		r := example.MadeUp(t)
		r.Results = r.Results[:2] // one passes, one fails as an advisory
		return r
	}
	for name, c := range map[string]struct {
		old, new func(r *reports.Report)
		code     int
		says     string
	}{
		"alike": {func(*reports.Report) {}, func(*reports.Report) {}, 0, "conforms"},
		"an advisory regressed": {func(r *reports.Report) { passes(&r.Results[1]) }, func(*reports.Report) {}, 1,
			"does not conform: 1 requirement regressed since the baseline"},
		"one vanished": {func(*reports.Report) {}, func(r *reports.Report) { skips(&r.Results[1]) }, 1,
			"does not conform: 1 requirement vanished since the baseline"},
		"both": {func(r *reports.Report) {
			passes(&r.Results[1])
			r.Results = append(r.Results, example.MadeUp(t).Results[2:5]...)
		}, func(*reports.Report) {}, 1,
			"does not conform: 1 requirement regressed and 3 requirements vanished since the baseline"},
		"a failure too": {func(r *reports.Report) { passes(&r.Results[1]) }, func(r *reports.Report) { r.Results = append(r.Results, example.MadeUp(t).Results[2]) }, 1,
			"does not conform: 1 requirement failed, 1 requirement regressed since the baseline"},
		"waived": {func(*reports.Report) {}, func(r *reports.Report) { r.Results[0] = example.MadeUp(t).Results[4]; puttingUp(&r.Results[0]) }, 1,
			"does not conform: 1 requirement vanished since the baseline"},
		"cut off": {func(*reports.Report) {}, func(r *reports.Report) { blocks(&r.Results[0]); r.Incomplete = "interrupted" }, 3, "incomplete: interrupted"},
		"blocked": {func(*reports.Report) {}, func(r *reports.Report) { blocks(&r.Results[0]) }, 3, "incomplete: requirements are blocked"},
		"regressed before it was cut off": {func(r *reports.Report) { passes(&r.Results[1]) }, func(r *reports.Report) { r.Incomplete = "interrupted" }, 1,
			"does not conform: 1 requirement regressed since the baseline"},
		"nothing judged": {func(*reports.Report) {}, func(r *reports.Report) { r.Results = nil }, 4, "nothing was judged"},
	} {
		old, r := green(), green()
		c.old(old)
		c.new(r)
		r.Baseline = reports.Compare(old, r)
		if r.ExitCode() != c.code || r.Conclusion() != c.says {
			t.Errorf("%s: the run comes to %d, %q, it should come to %d, %q", name, r.ExitCode(), r.Conclusion(), c.code, c.says)
		}
	}
}

func TestTextTellsWhatChangedSinceTheBaseline(t *testing.T) {
	old, r := twoReports(t)
	old.Tool.Version = "1.2.2"
	r.Baseline = reports.Compare(old, r)
	got := textOf(t, r, text.Options{})
	for what, want := range map[string]string{
		"the baseline":   "\nSince the baseline of 2026-03-04T04:06:07Z " + example.Base + " (version 1.2.2)\n\n  another version of the suite: 1.2.2 before, 1.2.3 now\n",
		"the worse":      "\n  regressed\n  pass → fail (must): drive " + example.Windows,
		"the better":     "\n  fixed\n  fail (must) → pass: it holds\n    DETAIL-02  The detail list",
		"the conclusion": "\n  worse: 1 regressed, 2 vanished, 1 fixed, 2 new (1 of them failing), 1 unstable\n",
		"the closing":    "\ndoes not conform: 2 requirements failed, 1 requirement regressed and 2 requirements vanished since the baseline. ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text should hold %s, %q:\n%s", what, want, got)
		}
	}
	quiet := textOf(t, r, text.Options{Quiet: true})
	if !strings.Contains(quiet, "\n  vanished\n") || strings.Contains(quiet, "fixed\n") {
		t.Errorf("a quiet text should hold what is worse and nothing else:\n%s", quiet)
	}
	r = example.MadeUp(t)
	r.Results = r.Results[:1]
	r.Baseline = reports.Compare(example.MadeUp(t), r)
	if got := textOf(t, r, text.Options{Quiet: true}); !strings.Contains(got, "Next: see to what is worse than in the baseline") {
		t.Errorf("where nothing but the baseline fails the run, the text should say what to do:\n%s", got)
	}
	r.Baseline = reports.Compare(r, r)
	if got := textOf(t, r, text.Options{Quiet: true}); strings.Contains(got, "baseline") {
		t.Errorf("where nothing is worse, a quiet text has nothing to tell of the baseline:\n%s", got)
	}
	if got := textOf(t, r, text.Options{}); !strings.Contains(got, "  not worse: 0 regressed, 0 vanished\n") {
		t.Errorf("that nothing is worse should be told:\n%s", got)
	}
}
