package suites_test

import (
	"slices"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestADifferenceThatDoesNotPersistIsTold judges a library that its provider works on meanwhile: nobody is accused, and the
// report says what did not stay as it was.
func TestADifferenceThatDoesNotPersistIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, variant := range []string{"description-corrected", "library-grows", "library-shrinks"} {
		t.Run(variant, func(t *testing.T) {
			run := suites.RunContext(t.Context(), &recorder{}, suites.Config{
				Profile: requirement.ReadProfile, Level: requirement.May, Reference: fixtures.Options{Variants: []string{variant}},
			})
			if run.Report == nil {
				t.Fatalf("the run came to nothing: %v", run.Err)
			}
			if failed := failures(run.Report); len(failed) > 0 {
				t.Errorf("a library that changed once was accused by %v:%s", failed, accusations(run.Report))
			}
			if len(run.Report.Unstable) == 0 {
				t.Error("two answers differed, and the report does not say so")
			}
		})
	}
}

// TestAnOrderThatIsNotKeptIsNamedEachTime judges lists in another order each time, by chance: LIST-07 says so in every run,
// PAGE-02 fails for it, and nobody else is accused, also where few requirements were asked for.
func TestAnOrderThatIsNotKeptIsNamedEachTime(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for range 4 {
		for _, selected := range []string{"LIST,FIELDS,DETAIL,PAGE,FORMAT", "LIST-07"} {
			run := suites.RunContext(t.Context(), &recorder{}, suites.Config{
				Profile: requirement.ReadProfile, Level: requirement.May, Select: selected, Reference: fixtures.Options{Faults: []string{"order-is-never-kept"}},
			})
			if run.Report == nil {
				t.Fatalf("the run came to nothing: %v", run.Err)
			}
			want := []string{"LIST-07"}
			if selected != "LIST-07" {
				want = append(want, "PAGE-02")
			}
			if failed := failures(run.Report); !slices.Equal(failed, want) {
				t.Errorf("of %s failed are %v, expected are %v:%s", selected, failed, want, accusations(run.Report))
			}
			for _, result := range run.Report.Results {
				if result.Requirement.ID == "PAGE-02" && result.Verdict == reports.Fail && !slices.ContainsFunc(result.Findings, func(f reports.Finding) bool { return len(f.Rule) > 9 && f.Rule[len(f.Rule)-9:] == "(LIST-07)" }) {
					t.Errorf("no finding of PAGE-02 names LIST-07 as its cause: %v", result.Findings)
				}
			}
		}
	}
}
