package suites_test

import (
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestARequirementSelectedAloneTellsWhatItTellsAmongAll selects what a fault breaks and nothing else. What it relies on is then
// asked for by nobody but it, and has to be asked for early enough, and again where it differs.
func TestARequirementSelectedAloneTellsWhatItTellsAmongAll(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, c := range []struct{ fault, id string }{
		{"detail-status-is-a-number", "DETAIL-02"},
		{"library-drive-in-drives-after-its-clone-is-deleted", "HIDE-04"},
		{"library-cdrom-in-drives-detail-once-detached", "HIDE-04"},
		{"library-cdrom-in-drives-after-detach", "HIDE-04"},
		{"clone-other-media-refused", "CLONE-06"},
		{"clone-on-ssd-unasked", "CLONE-06"},
		{"clone-request-sheds-licences", "LIC-10"},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			run := suites.Run(&recorder{}, suites.Config{
				Profile: requirement.FullProfile, Level: requirement.May, Select: c.id, Reference: fixtures.Options{Faults: []string{c.fault}},
			})
			if run.Report == nil {
				t.Fatalf("the run did not begin: %v", run.Err)
			}
			if result := run.Report.Results[0]; result.Verdict != reports.Fail {
				t.Errorf("%s is %s (%s), want fail", c.id, result.Verdict, result.Reason)
			}
		})
	}
}
