package run

import (
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// judge comes to every verdict, in the order of the catalogue. It looks at the record only.
func (r *runner) judge() []reports.Result {
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
	began := time.Now()
	judged := r.evaluator.Judge(requirement.ID, r.specs.Spec(requirement.ID))
	judged.Requirement, judged.Gated, judged.Duration = requirement, r.Level.Gates(requirement.Level), time.Since(began)
	shown := r.shownResult(judged)
	shown.Waived = reports.WaiverOf(shown, r.shownWaivers(), r.started)
	r.Observer.Judged(shown)
	return judged
}
