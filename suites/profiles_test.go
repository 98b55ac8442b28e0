package suites_test

import (
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// notes is an observer that keeps what it is given.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) Collecting(int, int, string) {}
func (n *notes) Judged(reports.Result)       {}
func (n *notes) Note(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

func (n *notes) text() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.lines, "\n")
}

// TestADryRunWritesNothing announces what would be made and stops there.
func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	var mu sync.Mutex
	var written []string
	target := between(t, endpoint, func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions {
			written = append(written, r.Method+" "+r.URL.Path)
		}
		return false
	})
	observer := &notes{}
	config := account(t, target)
	config.DryRun, config.Observer, config.Select = true, observer, "LIST-01,CLONE,LIC,ATTACH"
	run := suites.Run(&recorder{}, config)
	if code := run.ExitCode(); code != 0 {
		t.Errorf("exit code %d, a dry run of a sound endpoint judges what reading shows and conforms: %s", code, run.Report.Conclusion())
	}
	if conclusion := run.Report.Conclusion(); !strings.HasPrefix(conclusion, "conforms as far as it was judged: ") || !strings.HasSuffix(conclusion, " skipped: dry run)") {
		t.Errorf("a dry run concludes %q, it should say that not everything was judged, and why", conclusion)
	}
	if len(written) > 0 {
		t.Errorf("a dry run sends nothing but reads, not %v", written)
	}
	if r := result(t, run.Report, "CLONE-01"); r.Verdict != reports.Skip || !strings.Contains(r.Reason, "dry run") {
		t.Errorf("CLONE-01 is %s (%s), in a dry run it should be skipped as such", r.Verdict, r.Reason)
	}
	for _, words := range []string{"would make 9 clones", "and up to 3 more where the endpoint carries out what it should refuse", "7 servers", `"SQL Server 2022 Web, Compact" (4.0 GB)`} {
		if !strings.Contains(observer.text(), words) {
			t.Errorf("what would be made is told without %q: %s", words, observer.text())
		}
	}
	if _, err := os.Stat(config.Journal); err == nil {
		t.Error("a dry run makes nothing, so it should leave no journal")
	}
}

// TestMaxClonesBoundsWhatIsMade skips what no longer fits, and says so.
func TestMaxClonesBoundsWhatIsMade(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	before := endpoint.Account()
	config := account(t, endpoint.URL())
	config.MaxClones, config.Select = 2, "CLONE,LIC,ATTACH"
	run := suites.Run(&recorder{}, config)
	if code := run.ExitCode(); code != 0 {
		t.Errorf("exit code %d, of a sound endpoint what fits conforms: %s%s", code, run.Report.Conclusion(), summary(run.Report))
	}
	if conclusion := run.Report.Conclusion(); !strings.HasPrefix(conclusion, "conforms as far as it was judged: ") || !strings.HasSuffix(conclusion, " skipped: --max-clones)") {
		t.Errorf("a run that may make two clones concludes %q, it should say that not everything was judged, and why", conclusion)
	}
	clones := 0
	for _, made := range run.Report.Resources.Made {
		if made.Kind == "drive" {
			clones++
		}
		if !made.Removed {
			t.Errorf("%s was made and not removed", reports.Title(made))
		}
	}
	if clones != 2 {
		t.Errorf("%d clones were made, --max-clones 2 allows 2, and there is use for both", clones)
	}
	if r := result(t, run.Report, "CLONE-17"); r.Verdict != reports.Skip || !strings.Contains(r.Reason, "--max-clones 2") {
		t.Errorf("CLONE-17 is %s (%s), it should be skipped because of --max-clones", r.Verdict, r.Reason)
	}
	if after := endpoint.Account(); !reflect.DeepEqual(before, after) {
		t.Errorf("the account was %v and is %v, it should be as before", before, after)
	}
}

// TestTheReadProfileRunsNoScenario judges what reading shows and nothing else.
func TestTheReadProfileRunsNoScenario(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	config := account(t, endpoint.URL())
	config.Profile = requirement.ReadProfile
	run := suites.Run(&recorder{}, config)
	if code := run.ExitCode(); code != 0 {
		t.Errorf("exit code %d, the reference endpoint conforms: %s", code, run.Report.Conclusion())
	}
	for _, x := range run.Record.All() {
		if method := x.Request.Method; method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions {
			t.Errorf("%s %s was tried, by the profile read nothing is written", method, x.Request.Path())
		}
	}
	for _, r := range run.Report.Results {
		if r.Requirement.Effect != requirement.Read {
			t.Errorf("%s is judged, its effect %s is beyond the profile read", r.Requirement.ID, r.Requirement.Effect)
		}
	}
}

// TestEndpointsWithoutMaterial skips what the library has nothing for.
func TestEndpointsWithoutMaterial(t *testing.T) {
	t.Parallel()
	for library, skipped := range map[string][]string{
		"no-licences": {"LIC-04", "LIC-10", "LIC-11"},
		"no-cdrom":    {"ATTACH-01", "ATTACH-08"},
		"empty":       {"CLONE-01", "CLONE-08", "LIC-12", "ATTACH-01", "ATTACH-09", "HIDE-04"},
	} {
		t.Run(library, func(t *testing.T) {
			run := suites.Run(&recorder{}, suites.Config{Select: "CLONE,LIC,ATTACH,HIDE-04", Reference: fixtures.Options{Library: library}})
			if code := run.ExitCode(); code != 0 {
				t.Errorf("exit code %d, a library without some kind of drive conforms: %s%s", code, run.Report.Conclusion(), summary(run.Report))
			}
			if conclusion := run.Report.Conclusion(); !strings.HasPrefix(conclusion, "conforms as far as it was judged: ") {
				t.Errorf("the conclusion is %q, it should say how much was judged: there is no material for the rest", conclusion)
			}
			for _, id := range skipped {
				if r := result(t, run.Report, id); r.Verdict != reports.Skip || !strings.Contains(r.Reason, "the library has no") {
					t.Errorf("%s is %s (%s), it should be skipped because the library has nothing for it", id, r.Verdict, r.Reason)
				}
			}
		})
	}
}
