package suites_test

import (
	"slices"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures/hostile"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestALostAnswerBlocksNoMoreThanItself loses the answers to writes that are carried out, as later looks show: what the answers
// should have been is blocked, and everything else is judged.
func TestALostAnswerBlocksNoMoreThanItself(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, itself := range map[string][]string{
		"clones-lost-by-reset": {
			"AUTH-07", "AUTH-08", "CLONE-01", "CLONE-02", "CLONE-04", "CLONE-08", "CLONE-16", "CLONE-17", "CLONE-20", "LIC-10", "ROBUST-04",
			"AUTH-09", "CLONE-13", "LIC-15", "ATTACH-10",
		},
		"servers-lost-by-504":   {"ATTACH-04", "ATTACH-05"},
		"deletions-lost-by-504": {"AUTH-07", "CLONE-18"},
		"resizes-lost-by-504":   {"LIC-08", "METHOD-15", "ROBUST-04"},
		"edits-lost-by-504":     {"AUTH-07", "ROBUST-04", "LIC-05", "LIC-06", "LIC-07", "LIC-13", "LIC-14", "ATTACH-01", "ATTACH-05", "ATTACH-06", "ATTACH-09", "ATTACH-10"},
	} {
		t.Run(name, func(t *testing.T) {
			behaviour, known := hostile.Find(name)
			if !known {
				t.Fatal("there is no such behaviour")
			}
			front, world := behind(t, behaviour, 1)
			config := account(t, front.URL())
			config.Level = requirement.May
			if !soaking() {
				config.Select = whatWrites + ",AUTH-09"
			}
			impatient(&config)
			config.RequestTimeout, config.CloneTimeout, config.Timeout = 5*time.Second, 5*time.Second, time.Minute
			run := suites.Run(&recorder{}, config)
			if run.Report == nil {
				t.Fatalf("the run must begin: %v", run.Err)
			}
			for _, r := range run.Report.Results {
				if r.Verdict != reports.Pass && !slices.Contains(itself, r.Requirement.ID) {
					t.Errorf("%s is %s (%s); it does not rest on an answer that was lost", r.Requirement.ID, r.Verdict, r.Reason)
				}
			}
			if names := left(front, world); len(names) > 0 {
				t.Errorf("left in the account are %q", names)
			}
		})
	}
}
