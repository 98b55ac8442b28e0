package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/text"
)

// leftBehind is a report of a run that made two resources and could not remove one of them.
func leftBehind(t *testing.T, verdicts ...reports.Verdict) *reports.Report {
	t.Helper()
	r := example.MadeUp(t)
	r.Results = slices.DeleteFunc(r.Results, func(result reports.Result) bool { return !slices.Contains(verdicts, result.Verdict) })
	server := reports.Resource{Kind: "server", UUID: "5c697d35-7aa5-4158-93a8-26388f042988", Name: "libdrives-conformance-abc-2", Removed: true}
	drive := reports.Resource{Kind: "drive", UUID: example.Windows, Name: "libdrives-conformance-abc-1", Size: 4 << 30}
	r.Resources = reports.Resources{Made: []reports.Resource{drive, server}, Left: []reports.Resource{drive}}
	return r
}

func TestWhatIsLeftBehindSpoilsWhatWouldBeGreen(t *testing.T) {
	for _, c := range []struct {
		verdicts []reports.Verdict
		code     int
		words    string
	}{
		{[]reports.Verdict{reports.Pass}, reports.ExitLeftBehind, "left 1 resource behind"},
		{[]reports.Verdict{reports.Pass, reports.Fail}, reports.ExitDoesNot, "does not conform"},
		{[]reports.Verdict{reports.Pass, reports.Blocked}, reports.ExitIncomplete, "incomplete"},
		{[]reports.Verdict{reports.Skip}, reports.ExitNothingJudged, "nothing was judged"},
	} {
		r := leftBehind(t, c.verdicts...)
		if code := r.ExitCode(); code != c.code {
			t.Errorf("with %v and something left behind, the exit code is %d, it should be %d", c.verdicts, code, c.code)
		}
		if !strings.Contains(r.Conclusion(), c.words) {
			t.Errorf("with %v and something left behind, the conclusion is %q, which does not agree with the exit code", c.verdicts, r.Conclusion())
		}
		for _, quiet := range []bool{false, true} {
			if written := textOf(t, r, text.Options{Quiet: quiet}); !strings.Contains(written, "libdrives-conformance-abc-1") {
				t.Errorf("with %v, what is left behind is not named in the text (quiet: %v):\n%s", c.verdicts, quiet, written)
			}
		}
		if xml := junitOf(t, r); !strings.Contains(xml, "left behind: drive "+example.Windows) {
			t.Errorf("with %v, what is left behind is not named in the JUnit report", c.verdicts)
		}
	}
}

func TestWhatWasMadeIsTold(t *testing.T) {
	written := textOf(t, leftBehind(t, reports.Pass), text.Options{})
	if !strings.Contains(written, "1 drive (4.0 GB in all) and 1 server; 1 of them removed") {
		t.Errorf("the text does not say what was made and removed:\n%s", written)
	}
	if written := textOf(t, example.MadeUp(t), text.Options{}); strings.Contains(written, "Made in the account") {
		t.Errorf("the text says what was made, though nothing was:\n%s", written)
	}
}
