package suites_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

// TestALongListOfDrivesIsJudgedToItsEnd judges a scenario whose lists of drives come in pages: a clone on the last page is
// in the list, and one that is on none is not.
func TestALongListOfDrivesIsJudgedToItsEnd(t *testing.T) {
	t.Parallel()
	config := account(t, between(t, start(t, fixtures.Options{}), func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if strings.HasSuffix(r.URL.Path, "/drives/") || strings.HasSuffix(r.URL.Path, "/drives/detail/") {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "limit=0", "limit=1", 1)
		}
		return false
	}))
	config.Select = "CLONE-11,CLONE-18"
	run := suites.Run(&recorder{}, config)
	pages := 0
	for _, x := range run.Record.All() {
		if x.Step.Scenario == "licensed clone" && x.Step.Name == "drives" && x.Step.Part == "page" {
			pages++
		}
	}
	if pages == 0 {
		t.Fatal("the list of drives did not come in pages, so that nothing is shown")
	}
	for _, id := range []string{"CLONE-11", "CLONE-18"} {
		if r := result(t, run.Report, id); r.Verdict != reports.Pass {
			t.Errorf("%s is %s (%s), and the endpoint is sound:%s", id, r.Verdict, r.Reason, summary(run.Report))
		}
	}
}
