package suites_test

import (
	"strings"

	"github.com/libdrives/conformance/reports"
)

// recorder is a test that only notes whether it was failed.
type recorder struct{ failed bool }

func (r *recorder) Fail() { r.failed = true }

// failures are the requirements that failed, in order.
func failures(report *reports.Report) []string {
	var ids []string
	for _, result := range report.Results {
		if result.Verdict == reports.Fail {
			ids = append(ids, result.Requirement.ID)
		}
	}
	return ids
}

// summary tells the findings and blocked requirements of a report, for a developer.
func summary(report *reports.Report) string {
	var text strings.Builder
	for _, result := range report.Results {
		if result.Verdict == reports.Fail {
			f := result.Findings[0]
			text.WriteString("\n    " + result.Requirement.ID + " fails: " + f.Subject.String() + ": expected " + f.ExpectedText() + ", found " + f.FoundText())
		}
		if result.Verdict == reports.Blocked {
			text.WriteString("\n    " + result.Requirement.ID + " is blocked: " + result.Reason)
		}
	}
	return text.String()
}
