package selftest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/libdrives/conformance/fixtures/generated"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/selftest"
)

func TestGeneratedFaultsAreJudged(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	g, err := selftest.RunGenerated(t.Context(), selftest.GeneratedOptions{Options: selftest.Options{Specs: suites.Specs()}, Sample: 2, Seed: 4})
	if err != nil {
		t.Fatalf("two generated faults must be judged: %v", err)
	}
	if len(g.Faults) != 2 || g.Made < 5000 || g.Seed != 4 {
		t.Errorf("%d of %d faults are judged by seed %d; it should be two of thousands by seed 4", len(g.Faults), g.Made, g.Seed)
	}
	for _, o := range g.Faults {
		if o.Problem != "" || !slices.Contains(reports.GeneratedKinds[:], o.Outcome) {
			t.Errorf("%s comes to %q, with the problem %q", o.Name, o.Outcome, o.Problem)
		}
	}
}

// TestWhatIsAskedFirstDecidesNoOutcome judges faults by all requirements at once, too.
func TestWhatIsAskedFirstDecidesNoOutcome(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	judged := func(whole bool) []reports.GeneratedOutcome {
		g, err := selftest.RunGenerated(t.Context(), selftest.GeneratedOptions{Options: selftest.Options{Specs: suites.Specs()}, Sample: 12, Seed: 6, Whole: whole})
		if err != nil {
			t.Fatalf("a dozen generated faults must be judged: %v", err)
		}
		return g.Faults
	}
	fast := judged(false)
	for i, slow := range judged(true) {
		if fast[i].Name != slow.Name || fast[i].Outcome != slow.Outcome {
			t.Errorf("%s is %s by those that are asked first (%v); by all requirements it is %s (%v)", slow.Name, fast[i].Outcome, fast[i].Failed, slow.Outcome, slow.Failed)
		}
	}
}

func TestWhatAGeneratedFaultBreaksIsARequirement(t *testing.T) {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the catalogue must load: %v", err)
	}
	for _, f := range generated.All(1) {
		for _, id := range f.Breaks {
			if _, err := catalogue.Lookup(id); err != nil {
				t.Errorf("%s breaks %s: %v", f.Name(), id, err)
			}
		}
	}
}

func TestWhatBecomesOfAGeneratedFault(t *testing.T) {
	failed := func(ids ...string) *reports.Report {
		r := &reports.Report{}
		for _, id := range ids {
			r.Results = append(r.Results, reports.Result{Requirement: requirement.Requirement{ID: id}, Verdict: reports.Fail, Gated: true})
		}
		if len(ids) == 0 {
			r.Results = []reports.Result{{Requirement: requirement.Requirement{ID: "LIST-01"}, Verdict: reports.Pass, Gated: true}}
		}
		return r
	}
	unstable := failed()
	unstable.Unstable = []string{"LIST-07: the order"}
	incomplete := failed()
	incomplete.Incomplete = "it was ended"
	for _, c := range []struct {
		breaks []string
		comes  bool
		report *reports.Report
		want   reports.GeneratedKind
	}{
		{nil, false, failed("LIST-01"), reports.Killed},
		{[]string{"LIST-01", "LIST-02"}, false, failed("LIST-02"), reports.Killed},
		{[]string{"LIST-02"}, false, failed("LIST-01"), reports.Elsewhere},
		{nil, false, failed(), reports.Survived},
		{[]string{"LIST-02"}, false, failed(), reports.Survived},
		{nil, true, unstable, reports.Killed},
		{[]string{"LIST-02"}, true, unstable, reports.Killed},
		{nil, false, unstable, reports.Survived},
		{nil, false, incomplete, reports.Killed},
		{[]string{"LIST-02"}, false, incomplete, reports.Elsewhere},
	} {
		o := reports.GeneratedOutcome{Breaks: c.breaks}
		if o.Judge(c.report, c.comes); o.Outcome != c.want {
			t.Errorf("what breaks %v and comes and goes (%t) is %s by a run in which %v failed; it should be %s", c.breaks, c.comes, o.Outcome, o.Failed, c.want)
		}
	}
}

func TestGeneratedFaultsThatWereNotJudgedSaySo(t *testing.T) {
	ctx, stopped := ended(t)
	g, err := selftest.RunGenerated(ctx, selftest.GeneratedOptions{Options: selftest.Options{Specs: suites.Specs()}, Sample: 3})
	if !errors.Is(err, stopped) || len(g.Faults) != 3 || g.OK() {
		t.Errorf("of an ended selftest the error is %v, and %+v is fine: %t", err, g.Faults, g.OK())
	}
}

// ended is a context that has ended, and its cause.
func ended(t *testing.T) (context.Context, error) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped)
	return ctx, stopped
}
