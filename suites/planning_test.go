package suites_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestWhatIsAskedForDoesNotHangOnWhichAnswerComesFirst judges one endpoint whose list comes before all other answers, and after
// most of those that are asked for with it.
func TestWhatIsAskedForDoesNotHangOnWhichAnswerComesFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{Drives: 158})
	asked := func(late func(list bool) time.Duration) (requests []string) {
		target := between(t, endpoint, func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			select {
			case <-time.After(late(strings.HasSuffix(r.URL.Path, "/libdrives/") && r.URL.RawQuery == "limit=0")):
			case <-r.Context().Done():
			}
			return false
		})
		config := account(t, target)
		config.Profile = requirement.ReadProfile
		result := suites.Run(&recorder{}, config)
		if result.ExitCode() != 0 {
			t.Fatalf("a sound endpoint whose answers are late is judged %d: %s", result.ExitCode(), result.Report.Conclusion())
		}
		for _, x := range result.Record.All() {
			requests = append(requests, fmt.Sprintf("%s, for %s, in round %d", x.Key, x.Purpose, x.Round))
		}
		slices.Sort(requests)
		return requests
	}
	first := asked(func(list bool) time.Duration {
		if list {
			return 0
		}
		return 10 * time.Millisecond
	})
	last := asked(func(list bool) time.Duration {
		if list {
			return time.Second
		}
		return 0
	})
	if diff := cmp.Diff(first, last); diff != "" {
		t.Errorf("other requests are sent, or for something else (-where the list came first +where it came last):\n%s", diff)
	}
}
