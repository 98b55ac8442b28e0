package suites_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// verdicts is an observer that keeps the verdicts as they come.
type verdicts struct {
	notes
	mu     sync.Mutex
	waived map[string]bool
}

func (v *verdicts) Judged(r reports.Result) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.waived[r.Requirement.ID] = r.Waived != nil
}

const withoutOwner = "owner-missing-through-drives"

func TestAWaivedFailureDoesNotFailTheRun(t *testing.T) {
	t.Parallel()
	waiver := reports.Waiver{Requirement: "OWNER-02", Reason: "ticket 12", Until: "2099-12-31", Match: "found owner: missing"}
	for name, c := range map[string]struct {
		fault string
		until string
		code  int
		state reports.WaiverState
	}{
		"it fails as expected":      {withoutOwner, "2099-12-31", 0, reports.WaiverHolds},
		"it fails in another way":   {"owner-set-on-two-licences-through-drives", "2099-12-31", 1, reports.WaiverDiffers},
		"it passes":                 {"", "2099-12-31", 1, reports.WaiverStale},
		"the last day is over":      {withoutOwner, "2020-01-01", 1, reports.WaiverExpired},
		"another requirement fails": {"owner-missing-in-library", "2099-12-31", 1, reports.WaiverStale},
	} {
		seen := &verdicts{waived: map[string]bool{}}
		config := suites.Config{Select: "OWNER", Waivers: []reports.Waiver{waiver}, Observer: seen}
		config.Waivers[0].Until = c.until
		if c.fault != "" {
			config.Reference.Faults = []string{c.fault}
		}
		test := &recorder{}
		run := suites.Run(test, config)
		if run.ExitCode() != c.code || test.failed != (c.code != 0) || len(run.Report.Waivers) != 1 || run.Report.Waivers[0].State != c.state {
			t.Errorf("%s: exit code %d (%s) and %+v, it should be %d and %s", name, run.ExitCode(), run.Report.Conclusion(), run.Report.Waivers, c.code, c.state)
		}
		if holds := c.state == reports.WaiverHolds; seen.waived["OWNER-02"] != holds {
			t.Errorf("%s: while the run goes OWNER-02 is told as waived: %v, it should be: %v", name, !holds, holds)
		}
	}
}

// TestWhatAWaivedFailureBlocksIsWaivedByItself: in a whole run OWNER-02 keeps ATTACH-03 from being judged.
func TestWhatAWaivedFailureBlocksIsWaivedByItself(t *testing.T) {
	t.Parallel()
	config := suites.Config{Select: "OWNER-02,ATTACH-01,ATTACH-02,ATTACH-03", Reference: fixtures.Options{Faults: []string{withoutOwner}}}
	for _, id := range []string{"OWNER-02", "ATTACH-03"} {
		config.Waivers = append(config.Waivers, reports.Waiver{Requirement: id, Reason: "ticket 12", Until: "2099-12-31"})
	}
	if run := suites.Run(&recorder{}, config); run.ExitCode() != reports.ExitConforms {
		t.Errorf("exit code %d (%s), all that fails or is blocked is waived: %+v", run.ExitCode(), run.Report.Conclusion(), run.Report.Waivers)
	}
	config.Waivers = config.Waivers[:1]
	if run := suites.Run(&recorder{}, config); run.ExitCode() != reports.ExitIncomplete {
		t.Errorf("exit code %d (%s), ATTACH-03 is blocked and nobody puts up with that", run.ExitCode(), run.Report.Conclusion())
	}
}

func TestARunIsComparedWithItsBaseline(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	sound := suites.Run(&recorder{}, suites.Config{Select: "OWNER,LIC-12"}).Report
	broken := fixtures.Options{Faults: []string{withoutOwner}}
	for name, c := range map[string]struct {
		config suites.Config
		code   int
		says   string
	}{
		"alike":     {suites.Config{Select: "OWNER"}, 0, "not worse: "},
		"regressed": {suites.Config{Select: "OWNER", Reference: broken}, 1, "worse: 1 regressed, 0 vanished"},
		"vanished":  {suites.Config{Select: "OWNER,LIC-12", Profile: requirement.ReadProfile}, 1, "worse: 0 regressed, 1 vanished"},
		"selected":  {suites.Config{Select: "OWNER-01,OWNER-02"}, 0, "not worse: "},
		"filtered":  {suites.Config{Select: "OWNER-01,OWNER-02", LabelFilter: "!OWNER-01"}, 0, "not worse: "},
		"waived": {suites.Config{Select: "OWNER", Reference: broken, Waivers: []reports.Waiver{{Requirement: "OWNER-02", Reason: "x", Until: "2099-12-31"}}}, 0,
			"not worse: "},
		"unreachable": {suites.Config{Select: "OWNER", Target: "http://127.0.0.1:1/", Username: "u", Password: "p"}, 3, "worse: 0 regressed, 7 vanished"},
	} {
		c.config.Baseline = sound
		run := suites.Run(&recorder{}, c.config)
		if run.ExitCode() != c.code || run.Report.Baseline == nil || !strings.HasPrefix(run.Report.Baseline.Conclusion(), c.says) {
			t.Errorf("%s: exit code %d (%s) and %+v, it should be %d and %q", name, run.ExitCode(), run.Report.Conclusion(), run.Report.Baseline, c.code, c.says)
		}
	}
	if run := suites.Run(&recorder{}, suites.Config{Select: "OWNER-01"}); run.Report.Baseline != nil || run.Report.Waivers != nil {
		t.Errorf("a run without baseline and waivers tells of some: %+v %+v", run.Report.Baseline, run.Report.Waivers)
	}
}

func TestWaiversThatAreWrongAreToldBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Waivers: []reports.Waiver{{Requirement: "ONWER-02", Reason: "x", Until: "soon"}}})
	var usage *suites.UsageError
	if !errors.As(run.Err, &usage) || run.Report != nil || run.ExitCode() != reports.ExitUsage {
		t.Fatalf("the error is %v and the report %v, waivers that are wrong are wrong usage", run.Err, run.Report)
	}
	for _, want := range []string{`waivers: waiver 1 of the list: unknown requirement "ONWER-02": did you mean "OWNER-02"?`, `until is "soon"`} {
		if !strings.Contains(run.Err.Error(), want) {
			t.Errorf("the error should say %q: %v", want, run.Err)
		}
	}
}
