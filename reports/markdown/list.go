package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

func WriteList(w io.Writer, c []requirement.Requirement) error {
	b := bufio.NewWriter(w)
	_, _ = fmt.Fprint(b, "| Requirement | Level | Effect | Source | Statement |\n|---|---|---|---|---|\n")
	for _, r := range c {
		_, _ = fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", r.ID, r.Level, r.Effect, markdown(r.Source), markdown(r.States))
	}
	return b.Flush()
}

// markdown makes a table cell of a text. Between backticks the text stays as it is, save for the bar that would end the
// cell even there.
func markdown(text string) string {
	parts := strings.Split(strings.ReplaceAll(show.OneLine(text), "|", `\|`), "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}
