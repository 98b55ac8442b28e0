package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
)

// WriteComparison writes the comparison for a comment or a job summary: the conclusion first, then a table of each kind
// of change. What a report says is text from an endpoint: it is shown as code, in which nothing is markup, a link or a
// mention.
func WriteComparison(w io.Writer, c *reports.Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", strings.ToUpper(c.Conclusion()[:1])+c.Conclusion()[1:])
	fmt.Fprintf(&b, "- old: %s\n- new: %s\n", codeText(c.Old.OneLine(), unbounded), codeText(c.New.OneLine(), unbounded))
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "- note: %s\n", codeText(note, unbounded))
	}
	for _, kind := range reports.ChangeKinds() {
		if c.Count(kind) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n| Requirement | Before | Now | What the new report says |\n|---|---|---|---|\n", kind.Title())
		for _, change := range c.Changes {
			if change.Kind == kind {
				fmt.Fprintf(&b, "| %s: %s | %s | %s | %s |\n", cell(change.Requirement), cell(change.States), cell(change.Old), cell(change.New),
					inCell(codeText(change.Says, unbounded)))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
