package run

import (
	"io"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// oneAtATime keeps runs of one process apart: the tree of specs that Ginkgo runs is the process's own.
var oneAtATime sync.Mutex

// failing is the test that Ginkgo fails; the verdicts are what counts.
type failing struct{}

func (failing) Fail() {}

// judge runs one Ginkgo spec per selected requirement over the record, and returns every verdict in catalogue order.
func (r *runner) judge() []reports.Result {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	results := r.judgeNothing(reports.Cause{Kind: reports.CauseSuite, Detail: "Ginkgo did not run the spec"})
	globals.Reset()
	defer globals.Reset()
	for _, area := range r.catalogue.Areas() {
		ginkgo.Describe(area.Title, func() {
			for i, requirement := range r.selected {
				if requirement.Area == area.Name {
					r.specify(requirement, &results[i])
				}
			}
		})
	}
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.LabelFilter, suite.FocusStrings, suite.SkipStrings = "", nil, nil // the selection is made
	suite.RandomizeAllSpecs, suite.RandomSeed, suite.DryRun, suite.Timeout = false, 1, false, time.Hour
	suite.ParallelProcess, suite.ParallelTotal, suite.FailFast = 1, 1, false
	reporter.NoColor, reporter.Succinct, reporter.Verbose, reporter.VeryVerbose = true, true, false, false
	reporter.JUnitReport, reporter.JSONReport, reporter.TeamcityReport = "", "", ""
	quiet, loud := formatter.ColorableStdOut, formatter.ColorableStdErr
	formatter.ColorableStdOut, formatter.ColorableStdErr = io.Discard, io.Discard
	defer func() { formatter.ColorableStdOut, formatter.ColorableStdErr = quiet, loud }()
	ginkgo.RunSpecs(failing{}, "the drives library at "+r.base.String(), suite, reporter)
	return results
}

// specify registers the spec of a requirement: its text, labels and source come from the catalogue.
func (r *runner) specify(requirement requirement.Requirement, result *reports.Result) {
	ginkgo.It(requirement.ID+": "+requirement.States, ginkgo.Label(requirement.Labels()...), func() {
		began := time.Now()
		judged := r.evaluator.Judge(requirement.ID, r.specs.Spec(requirement.ID))
		judged.Requirement, judged.Gated, judged.Duration = requirement, r.Level.Gates(requirement.Level), time.Since(began)
		*result = judged
		judged = r.shownResult(judged)
		judged.Waived = reports.WaiverOf(judged, r.shownWaivers(), r.started)
		r.Observer.Judged(judged)
		switch judged.Verdict {
		case reports.Fail:
			ginkgo.Fail(judged.Findings[0].Rule)
		case reports.Skip, reports.Blocked:
			ginkgo.Skip(judged.Reason)
		}
	})
}
