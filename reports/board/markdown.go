package board

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// mostRows is how many rows a table of the Markdown has: it is to fit a job summary.
const mostRows = 200

// WriteMarkdown writes the board for a job summary or a message: a table of the endpoints, and one of what differs.
func WriteMarkdown(w io.Writer, b *Board) error {
	to := bufio.NewWriter(w)
	line := func(format string, values ...any) { _, _ = fmt.Fprintf(to, format+"\n", values...) } // Flush returns the error
	line("## Library drives: %s\n", b.Conclusion())
	for _, e := range b.Endpoints {
		for _, harm := range e.Newest().Harm {
			line("**Harm at %s**: %s\n", code(e.Name), code(harm))
		}
	}
	for _, note := range b.Notes {
		line("Left aside: %s\n", code(note))
	}
	if len(b.Endpoints) > 0 {
		line("| endpoint | state | requirements | since | fails now | passes now | comes and goes |\n|---|---|---|---|---|---|---|")
	}
	for i, e := range b.Endpoints {
		if i == mostRows {
			line("\n%d more endpoints are not listed.", len(b.Endpoints)-mostRows)
			break
		}
		state := map[string]string{"good": "✓ conforms", "bad": "✗ does not conform", "unsure": "! not known"}[e.Newest().state()]
		line("| %s | %s | %s | %s | %s | %s | %s |", code(e.Name), state, e.counts(), e.since(), listed(e.Came), listed(e.Went), listed(e.Flaky))
	}
	if len(b.Differences) > 0 {
		line("\n| requirement | level | fails at | of |\n|---|---|---|---|")
	}
	for i, d := range b.Differences {
		if i == mostRows {
			line("\n%d more requirements are not listed.", len(b.Differences)-mostRows)
			break
		}
		names := show.Each(d.Fails[:min(len(d.Fails), 8)], func(id string) string { return code(b.Endpoint(id).Name) })
		if more := len(d.Fails) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("and %d more", more))
		}
		line("| %s | %s | %s | %d |", d.Requirement.ID, d.Requirement.Level, strings.Join(names, ", "), d.Judged)
	}
	return to.Flush()
}

func listed(ids []string) string {
	if more := len(ids) - 8; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:8], ", "), more)
	}
	return strings.Join(ids, ", ")
}

// code makes text of others a span of code, in which nothing has a meaning, and which ends no cell of a table.
func code(text string) string {
	text = strings.NewReplacer("`", "'", "|", "¦", `\`, "/").Replace(show.Brief(text, mostMessage))
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
