package text

import (
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Finding is a failed requirement of a report for the log of a test: its first finding whole, and how many there are like
// it.
func Finding(r *reports.Report, result reports.Result) string {
	p := &plaintext.Printer{Base: r.Target, Start: r.Start(), Whole: true}
	p.Heading(result, show.OneLine(result.Requirement.Source))
	if len(result.Findings) > 0 {
		p.Finding(result.Findings[0], plaintext.Tally(result), true)
		p.Others(result)
	}
	return strings.TrimRight(p.String(), "\n")
}
