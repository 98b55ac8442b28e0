package suites_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures/hostile"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// whatReads are requirements that look at lists, pages and single drives.
const whatReads = "LIST,DETAIL,GET,OWNER,PAGE,METHOD-10"

// unluckyInShort are the unlucky behaviours that every `go test` tries: some of each kind, each with the requirements that
// are judged behind it; "" is all of them. Answers to writes that are lost are in TestALostAnswerBlocksNoMoreThanItself. What
// changes once, and what has no order, is in TestADifferenceThatDoesNotPersistIsTold and TestAnOrderThatIsNotKeptIsNamedEachTime.
var unluckyInShort = map[string]string{
	"504-once-on-the-list": whatReads, "504-on-one-read-in-97": "", "503-concurrency-on-the-list": whatReads, "429-for-head": "METHOD",
	"gateway-adds-headers": whatReads + ",FORMAT", "502-for-clones": whatWrites,
	"answers-kept-0.7-s":   whatWrites,
	"reset-refused-writes": whatWrites, "reset-hostile-reads": "ROBUST,FILTER",
	"reset-once": whatReads, "cut-once": whatReads, "close-after-each": whatReads, "http-1.0": whatReads + ",FORMAT", "early-hints": whatReads,
	"clones-listed-0.3-s-late": whatWrites, "one-node-of-two-lags-0.6-s": whatWrites, "deletions-trail-in-lists-0.3-s": whatWrites,
	"status-trails-0.5-s": whatWrites, "descriptions-corrected-often": whatReads, "order-of-licences-is-not-kept": whatReads + ",LIC",
}

// TestBadLuckAccusesNobody judges a sound endpoint behind everything that is only unlucky: gateways, connections, answers
// that trail. Nobody is accused, and nothing is left.
func TestBadLuckAccusesNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for i, b := range hostile.All() {
		selected, short := unluckyInShort[b.Name]
		switch {
		case b.Kind == hostile.Bounds || b.Kind == hostile.Identity:
			continue
		case soaking():
			selected = ""
		case !short:
			continue
		}
		t.Run(string(b.Kind)+"/"+b.Name, func(t *testing.T) {
			t.Parallel()
			front, world := behind(t, b, uint64(i))
			config := account(t, front.URL())
			config.Level, config.Select = requirement.May, selected
			impatient(&config)
			config.RequestTimeout, config.CloneTimeout, config.Timeout = 5*time.Second, 5*time.Second, time.Minute
			if soaking() || b.Kind == hostile.Timing {
				config.SettleTimeout = 6 * time.Second // everything here settles within half of it
			}
			run := suites.RunContext(t.Context(), &recorder{}, config)
			logVerdicts(t, b, run)
			if run.Report == nil {
				return
			}
			failed := slices.DeleteFunc(failures(run.Report), func(id string) bool { return slices.Contains(b.Breaks, id) })
			if b.Outcome != hostile.Wrong && len(failed) > 0 {
				t.Errorf("accused are %s; %s%s", strings.Join(failed, ", "), b.Does, accusations(run.Report))
			}
			code, allowed := run.ExitCode(), []int{0}
			switch {
			case b.Outcome == hostile.Wrong:
				allowed = []int{1, 3}
			case b.Outcome == hostile.Incomplete:
				allowed = append(allowed, 3)
			}
			if len(b.Breaks) > 0 {
				allowed = append(allowed, 1)
			}
			if b.Stays {
				allowed = append(allowed, 3, 5)
			}
			if !slices.Contains(allowed, code) {
				t.Errorf("exit code %d, %s should end with one of %v: %s%s", code, b.Name, allowed, run.Report.Conclusion(), blocked(run.Report))
			}
			if names := left(front, world); len(names) > 0 && !b.Stays {
				t.Errorf("left in the account, though the endpoint would remove it, are %q; said to be left is %v", names, run.Report.Resources.Left)
			}
			tellTrespasses(t, front, world, true)
		})
	}
}

// accusations are the findings of a report, for a developer, without what was blocked.
func accusations(report *reports.Report) string {
	var text strings.Builder
	for line := range strings.Lines(summary(report)) {
		if strings.Contains(line, " fails: ") {
			text.WriteString("\n    " + strings.TrimSpace(line[:min(len(line), 300)]))
		}
	}
	return text.String()
}

// blocked are the requirements that could not be judged, for a developer.
func blocked(report *reports.Report) string {
	var text strings.Builder
	for _, r := range report.Results {
		if r.Verdict == reports.Blocked {
			text.WriteString("\n    " + r.Requirement.ID + ": " + r.Reason)
		}
	}
	return text.String()
}
