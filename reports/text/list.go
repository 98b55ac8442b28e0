package text

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// WriteList writes a line each, so that grep finds whole requirements; the longest column comes last.
func WriteList(w io.Writer, c []requirement.Requirement) error {
	b := bufio.NewWriter(w)
	rows := [][]string{{"id", "level", "effect", "source", "statement"}}
	for _, r := range c {
		rows = append(rows, []string{r.ID, string(r.Level), string(r.Effect), show.OneLine(r.Source), show.OneLine(r.States)})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		last := len(row) - 1
		for i, cell := range row[:last] {
			_, _ = fmt.Fprintf(b, "%-*s  ", widths[i], cell)
		}
		_, _ = fmt.Fprintln(b, row[last])
	}
	return b.Flush()
}
