package junit_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
)

// TestARunWithoutVerdictsDoesNotLookGreen: where no requirement fails and the run is not green all the same, those who
// count failures and errors in the JUnit file must not take it for green.
func TestARunWithoutVerdictsDoesNotLookGreen(t *testing.T) {
	for name, change := range map[string]func(*reports.Report){
		"unreachable": func(r *reports.Report) {
			r.Incomplete = "https://host/api/2.0/ can't be reached"
			for i := range r.Results {
				r.Results[i] = reports.Result{Requirement: r.Results[i].Requirement, Verdict: reports.Blocked, Reason: r.Incomplete}
			}
		},
		"a waiver is stale": func(r *reports.Report) {
			r.Results = r.Results[:1]
			r.Waive([]reports.Waiver{{Requirement: "LIST-01", Reason: "x", Until: example.EverNext}})
		},
		"a waiver is stale and something fails": func(r *reports.Report) {
			r.Waive([]reports.Waiver{{Requirement: "LIST-01", Reason: "x", Until: example.EverNext}})
		},
		"an advisory regressed": func(r *reports.Report) {
			passed := *r
			passed.Results = []reports.Result{r.Results[1]}
			passed.Results[0].Verdict = reports.Pass
			r.Results = []reports.Result{r.Results[0], r.Results[1]}
			r.Results[1].Gated = false
			r.Baseline = reports.Compare(&passed, r)
		},
		"something vanished": func(r *reports.Report) {
			r.Baseline = reports.Compare(example.Everything(t, 0), &reports.Report{})
			r.Results = r.Results[:1]
		},
		"nothing judged": func(r *reports.Report) { r.Results = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := example.Everything(t, 0)
			change(r)
			if r.ExitCode() == reports.ExitConforms {
				t.Fatalf("the run should not be green: %s", r.Conclusion())
			}
			root := tree(t, junitOf(t, r))
			suites := root.Named("testsuite")
			last := suites[len(suites)-1]
			if last.Attributes["name"] != "libdrives.run" || last.Attributes["errors"] != "1" || len(last.Named("error")) != 1 {
				t.Errorf("the last suite is %v, it should be libdrives.run with one error", last.Attributes)
			} else if message := last.Named("error")[0].Attributes["message"]; message != strings.Join(strings.Fields(r.Conclusion()), " ") {
				t.Errorf("the error is %q, it should say why the run is not green: %s", message, r.Conclusion())
			}
			for schema, rules := range map[string]map[string]form{"Ant": ant, "Jenkins": jenkins} {
				if broken := root.violations(rules); len(broken) > 0 {
					t.Errorf("the file breaks the %s schema: %v", schema, broken)
				}
			}
		})
	}
	root := tree(t, junitOf(t, example.Everything(t, 0)))
	for _, suite := range root.Named("testsuite") {
		if suite.Attributes["name"] == "libdrives.run" {
			t.Error("a run that came to its end has a suite of the run; it should have those of the areas only")
		}
	}
}
