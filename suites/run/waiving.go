package run

import (
	"github.com/libdrives/conformance/reports"
)

// waive holds what was agreed on beforehand against a report whose verdicts are in: the waivers, and then, because a
// failure that is waived is no regression, the baseline.
func (r *runner) waive(report *reports.Report) {
	report.Waive(r.shownWaivers())
	if r.Baseline != nil {
		report.Baseline = reports.Compare(r.Baseline, report)
	}
}
