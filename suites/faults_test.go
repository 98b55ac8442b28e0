package suites_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// recorder is a test that only notes whether it was failed.
type recorder struct{ failed bool }

func (r *recorder) Fail() { r.failed = true }

// failures are the requirements that failed, in order.
func failures(report *reports.Report) []string {
	var ids []string
	for _, result := range report.Results {
		if result.Verdict == reports.Fail {
			ids = append(ids, result.Requirement.ID)
		}
	}
	return ids
}

// TestTheHeadlineFaultsAreCaught judges the reference endpoint with the deviations that this suite exists for: exactly
// the requirement that each breaks fails. All faults, and all legal variants, are the selftest's business.
func TestTheHeadlineFaultsAreCaught(t *testing.T) {
	known := map[string]fixtures.Fault{}
	for _, fault := range fixtures.Faults() {
		known[fault.Name] = fault
	}
	for _, name := range []string{
		"owner-missing-through-drives", "library-drive-in-drives", "library-drive-in-drives-detail", "detail-amount-differs",
		"licences-gone-when-job-ends", "first-drive-listed-again", "meta-total-is-text",
	} {
		t.Run(name, func(t *testing.T) {
			fault, there := known[name]
			if !there {
				t.Fatalf("the reference endpoint has no fault %q", name)
			}
			var test recorder
			result := suites.Run(&test, suites.Config{Level: requirement.May, Reference: fixtures.Options{Faults: []string{name}}})
			if result.Report == nil {
				t.Fatalf("the run did not begin: %v", result.Err)
			}
			breaks := slices.Clone(fault.Breaks)
			slices.Sort(breaks)
			failed := failures(result.Report)
			slices.Sort(failed)
			if !slices.Equal(failed, breaks) {
				t.Errorf("the fault %q (%s) should fail exactly %s; failed are %s%s", name, fault.Why, strings.Join(breaks, ", "), strings.Join(failed, ", "), story(result.Report))
			}
			if !test.failed {
				t.Errorf("a run against the fault %q does not fail its test", name)
			}
		})
	}
}

// TestEveryRequirementHasASpec compares the catalogue with the specs.
func TestEveryRequirementHasASpec(t *testing.T) {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range catalogue.All() {
		if !suites.Judged(r.ID) {
			t.Errorf("%s has no spec", r.ID)
		}
	}
}

// story tells the findings and blocked requirements of a report, for a developer.
func story(report *reports.Report) string {
	var text strings.Builder
	for _, result := range report.Results {
		if result.Verdict == reports.Fail {
			f := result.Findings[0]
			text.WriteString("\n    " + result.Requirement.ID + " fails: " + f.Subject.String() + ": expected " + f.ExpectedText() + ", found " + f.FoundText())
		}
		if result.Verdict == reports.Blocked {
			text.WriteString("\n    " + result.Requirement.ID + " is blocked: " + result.Reason)
		}
	}
	return text.String()
}
