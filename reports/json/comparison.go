package json

import (
	"io"

	"github.com/libdrives/conformance/reports"
)

// WriteComparison writes a comparison for programs.
func WriteComparison(w io.Writer, c *reports.Comparison) error {
	return write(w, jsonDiff{Format, c.Conclusion(), c.ExitCode(), toJSONComparison(c)})
}

// jsonDiff is a comparison as a document of its own: what a report holds of its baseline, and what it came to.
type jsonDiff struct {
	Format     int    `json:"format"`
	Conclusion string `json:"conclusion"`
	ExitCode   int    `json:"exit_code"`
	*jsonComparison
}
