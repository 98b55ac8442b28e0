package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
)

// NotAsItShouldBe is the heading of the part of a Markdown matrix that is there only where something is wrong.
const NotAsItShouldBe = "## Not as it should be"

// WriteMatrix writes the matrix as the repository publishes it. It holds no times and no version, so that the same
// outcome is the same text.
func WriteMatrix(w io.Writer, m *reports.Matrix) error {
	var b strings.Builder
	b.WriteString("# Who tests the tests\n\n")
	b.WriteString("The reference endpoint can be given faults, each a deviation from the documentation that breaks the requirements named, and\n" +
		"variants, each unusual but allowed. The suite has judged each that is listed here: a fault is *killed* when all that it\n" +
		"breaks fails, and nothing may fail beside that, or on a variant. `make score` makes this file.\n\n")
	b.WriteString("| | |\n|---|---|\n")
	for _, f := range m.Figures() {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, f.Count)
	}
	fmt.Fprintf(&b, "\n%s\n", m.Conclusion())
	markdownProblems(&b, m)
	markdownAreas(&b, m)
	markdownFaults(&b, m)
	if len(m.Variants) > 0 {
		b.WriteString("\n## Variants\n\n| Variant | Why it is allowed |\n|---|---|\n")
		for _, v := range m.Variants {
			fmt.Fprintf(&b, "| `%s` | %s |\n", v.Name, strong(strings.Join(v.Outcomes(), ", "))+cell(v.Why))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// strong is a remark before a cell's text, or nothing.
func strong(remark string) string {
	if remark == "" {
		return ""
	}
	return "**" + remark + "**: "
}

func markdownProblems(b *strings.Builder, m *reports.Matrix) {
	problems, unkilled := m.Problems(), m.Unkilled()
	if len(problems) == 0 && len(unkilled) == 0 {
		return
	}
	b.WriteString("\n" + NotAsItShouldBe + "\n\n")
	for _, p := range problems {
		fmt.Fprintf(b, "- `%s`: %s\n", p.Name, briefly(p))
	}
	for _, id := range unkilled {
		fmt.Fprintf(b, "- %s: no fault makes it fail\n", id)
	}
}

// briefly is a problem without what changes from run to run: its detail names uuids.
func briefly(p reports.Problem) string {
	if p.Summary == "" {
		return "it came to nothing"
	}
	return p.Summary
}

func markdownAreas(b *strings.Builder, m *reports.Matrix) {
	b.WriteString("\n## Areas\n\n| Area | | Faults | Requirements | Killed | Alone |\n|---|---|--:|--:|--:|--:|\n")
	for _, s := range m.AreaSums() {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d |\n", s.Name, cell(s.Title), s.Faults, s.Requirements, s.Killed, s.Alone)
	}
}

func markdownFaults(b *strings.Builder, m *reports.Matrix) {
	if len(m.Faults) == 0 {
		return
	}
	b.WriteString("\n## Faults\n\n| Fault | Breaks | What goes wrong, and what it costs |\n|---|---|---|\n")
	for _, f := range m.Faults {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, reports.OutcomesText(f.Outcomes(), func(text string) string { return "**" + text + "**" }), cell(f.Why))
	}
}
