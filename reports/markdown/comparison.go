package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteComparison writes the comparison for a comment or a job summary: the conclusion first, then a table of each kind
// of change. What a report says is text from an endpoint: it is shown as code, in which nothing is markup, a link or a
// mention.
func WriteComparison(w io.Writer, c *reports.Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", strings.ToUpper(c.Conclusion()[:1])+c.Conclusion()[1:])
	fmt.Fprintf(&b, "- old: %s\n- new: %s\n", asCode(c.Old.OneLine(), false), asCode(c.New.OneLine(), false))
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "- note: %s\n", asCode(note, false))
	}
	for _, kind := range reports.ChangeKinds() {
		if c.Count(kind) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n| Requirement | Before | Now | What the new report says |\n|---|---|---|---|\n", kind.Title())
		for _, change := range c.Changes {
			if change.Kind == kind {
				fmt.Fprintf(&b, "| %s: %s | %s | %s | %s |\n", plainMarkdown(change.Requirement), plainMarkdown(change.States),
					plainMarkdown(change.Old), plainMarkdown(change.New), asCode(change.Says, true))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// asCode shows one line as code, between more backticks than it holds in a row. In a table, a bar would end the cell
// even there.
func asCode(text string, inTable bool) string {
	text = show.OneLine(text)
	if text == "" {
		return ""
	}
	if inTable {
		text = strings.ReplaceAll(text, "|", `\|`)
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + " " + text + " " + fence
}

// plainMarkdown takes the meaning from every character that may have one.
func plainMarkdown(text string) string {
	var b strings.Builder
	for _, r := range show.OneLine(text) {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~@&$:", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
