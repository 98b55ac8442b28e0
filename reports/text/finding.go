package text

import (
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Finding is one requirement of a report with everything that was found, for the log of a test.
func Finding(r *reports.Report, result reports.Result) string {
	p := &plaintext.Printer{Base: r.Target, Whole: true}
	p.Heading(result, show.OneLine(result.Requirement.Source))
	p.Findings(result)
	return strings.TrimRight(p.String(), "\n")
}
