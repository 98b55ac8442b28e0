package suites

import "github.com/libdrives/conformance/reports"

// settle holds what was agreed on beforehand against a report whose verdicts are in: the waivers, and then, because a
// failure that is waived is no regression, the baseline.
func (r *runner) settle(report *reports.Report) {
	report.Waive(r.shownWaivers())
	if r.Baseline != nil {
		report.Baseline = reports.Compare(r.Baseline, report)
	}
}
