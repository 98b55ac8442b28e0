package markdown

import (
	"bufio"
	"fmt"
	"io"

	"github.com/libdrives/conformance/suites/requirement"
)

func WriteList(w io.Writer, c []requirement.Requirement) error {
	b := bufio.NewWriter(w)
	_, _ = fmt.Fprint(b, "| Requirement | Level | Effect | Source | Statement |\n|---|---|---|---|---|\n")
	for _, r := range c {
		_, _ = fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", r.ID, r.Level, r.Effect, documented(r, cell), cell(r.States))
	}
	return b.Flush()
}
