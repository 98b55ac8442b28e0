package run

import (
	"io"
	"sync"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
)

// judge comes to every verdict, in the order of the catalogue. It looks at the record only.
func (r *runner) judge() []reports.Result {
	onAllCores(len(r.selected), func(i int) { // what is not known yet, as when a record is judged
		r.evaluator.Find(r.selected[i].ID, r.specs.Spec(r.selected[i].ID))
	})
	if r.OwnsProcess {
		return r.judgeByGinkgo()
	}
	results := make([]reports.Result, len(r.selected))
	for i, requirement := range r.selected {
		results[i] = r.judgeOne(requirement)
	}
	return results
}

// judgeOne comes to the verdict of a requirement by the body of its spec.
func (r *runner) judgeOne(requirement requirement.Requirement) reports.Result {
	var judged reports.Result
	if r.evaluator.Record.Lost() == nil {
		judged = r.evaluator.Judge(requirement.ID, r.specs.Spec(requirement.ID))
	}
	if lost := r.evaluator.Record.Lost(); lost != nil { // what is not there proves nothing
		judged = reports.Result{Exchanges: judged.Exchanges}
		judged.NotJudged(reports.Blocked, reports.Cause{Kind: reports.CauseAnswer, Detail: lost.Error()})
	}
	if r.VerdictsOnly {
		judged.Exchanges, judged.Findings = nil, judged.Findings[:min(1, len(judged.Findings))]
	}
	judged.Requirement, judged.Gated = requirement, r.Level.Gates(requirement.Level)
	shown := r.shownResult(judged)
	shown.Waived = reports.WaiverOf(shown, r.shownWaivers(), r.started)
	r.Observer.Judged(shown)
	return judged
}

// oneAtATime keeps runs apart that Ginkgo's runner judges: the tree of specs that it runs is the process's own.
var oneAtATime sync.Mutex

// failing is the test that Ginkgo fails; the verdicts are what counts.
type failing struct{}

func (failing) Fail() {}

// judgeByGinkgo runs one Ginkgo spec per selected requirement over the record, in a process in which nothing else uses
// Ginkgo: to have a tree to itself it throws away whatever tree there is.
func (r *runner) judgeByGinkgo() []reports.Result {
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
	ginkgo.It(text(requirement), ginkgo.Label(requirement.Labels()...), func() {
		*result = r.judgeOne(requirement)
		switch result.Verdict {
		case reports.Fail:
			ginkgo.Fail("it does not hold") // the result says why
		case reports.Skip, reports.Blocked:
			ginkgo.Skip("it was not judged")
		}
	})
}

// text is that of a requirement's spec.
func text(requirement requirement.Requirement) string {
	return requirement.ID + ": " + requirement.States
}
