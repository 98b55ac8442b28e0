package suites_test

import (
	"slices"
	"strings"
	"testing"
	"time"

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

// TestEveryFaultIsCaught judges the reference endpoint with each of its faults: exactly the requirements that the fault
// breaks fail, of those that the suite has a spec for.
func TestEveryFaultIsCaught(t *testing.T) {
	caught := map[string]bool{}
	for _, fault := range fixtures.Faults() {
		breaks := slices.DeleteFunc(slices.Clone(fault.Breaks), func(id string) bool { return !suites.Judged(id) })
		if len(breaks) == 0 {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			var test recorder
			result := suites.Run(&test, suites.Config{Level: requirement.May, Reference: fixtures.Options{Faults: []string{fault.Name}, CloneTime: cloneTime(fault)}})
			if result.Report == nil {
				t.Fatalf("the run did not begin: %v", result.Err)
			}
			slices.Sort(breaks)
			failed := failures(result.Report)
			for _, id := range failed {
				caught[id] = true
			}
			slices.Sort(failed)
			if !slices.Equal(failed, breaks) {
				t.Errorf("the fault %q (%s) should fail exactly %s; failed are %s%s", fault.Name, fault.Why, strings.Join(breaks, ", "), strings.Join(failed, ", "), story(result.Report))
			}
			if !test.failed {
				t.Errorf("a run against the fault %q does not fail its test", fault.Name)
			}
		})
	}
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range catalogue.All() {
		if suites.Judged(r.ID) && !caught[r.ID] {
			t.Errorf("%s was never seen to fail: the reference endpoint has no fault that it catches", r.ID)
		}
	}
}

// cloneTime lets clones take so long that a fault in what is seen meanwhile is seen on a busy machine too.
func cloneTime(fault fixtures.Fault) time.Duration {
	if slices.ContainsFunc(fault.Breaks, func(id string) bool { return id == "CLONE-09" || id == "CLONE-11" || id == "LIC-04" }) {
		return 250 * time.Millisecond
	}
	return fixtures.DefaultCloneTime
}

// story tells the findings and blocked requirements of a report, for a developer.
func story(report *reports.Report) string {
	var text strings.Builder
	for _, result := range report.Results {
		if result.Verdict == reports.Fail {
			f := result.Findings[0]
			text.WriteString("\n    " + result.Requirement.ID + " fails: " + f.Subject + ": expected " + f.Expected + ", found " + f.Found)
		}
		if result.Verdict == reports.Blocked {
			text.WriteString("\n    " + result.Requirement.ID + " is blocked: " + result.Reason)
		}
	}
	return text.String()
}
