package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
)

// MadeByCode is the heading under which the repository publishes what became of generated faults, behind the matrix.
const MadeByCode = "# Faults made by code"

// WriteGenerated writes what became of generated faults as the repository publishes it: the figures, by operator, place and
// condition, and the names of those that were not noticed. It holds no times and no version.
func WriteGenerated(w io.Writer, g *reports.Generated) error {
	var b strings.Builder
	total := g.Total()
	b.WriteString(MadeByCode + "\n\n")
	fmt.Fprintf(&b, "Operators times places times conditions make %d faults of the reference endpoint by seed %d. %s: what\n"+
		"shows nowhere in a fixed conversation is not counted, and what the documentation leaves open is equivalent. A fault is *killed*\n"+
		"when what it breaks fails, or where no table decides that, when anything does; what comes and goes also where it is told as\n"+
		"unstable. `make score` makes this part, too.\n\n", g.Made, g.Seed, sampled(g))
	fmt.Fprintf(&b, "| | |\n|---|---|\n| killed, of those that are not equivalent | %d of %d: %.1f %% |\n", total.Of[reports.Killed], total.Counted()-total.Of[reports.Equivalent], total.Score())
	for _, kind := range []struct {
		kind reports.GeneratedKind
		says string
	}{
		{reports.Elsewhere, "noticed, but by nothing that they break"}, {reports.Survived, "survived"}, {reports.Explained, "explained: no requirement states anything of it"},
		{reports.Equivalent, "equivalent: the documentation leaves it open"}, {reports.Unseen, "shown nowhere in the fixed conversation"},
	} {
		fmt.Fprintf(&b, "| %s | %d |\n", kind.says, total.Of[kind.kind])
	}
	countedTable(&b, "By operator", g.ByOperator())
	countedTable(&b, "By place", g.ByPlace())
	countedTable(&b, "By condition", g.ByCondition())
	for _, part := range []struct {
		title string
		kind  reports.GeneratedKind
	}{{"Survived", reports.Survived}, {"Noticed elsewhere", reports.Elsewhere}, {"Explained", reports.Explained}, {"Equivalent", reports.Equivalent}} {
		namedFaults(&b, part.title, g, part.kind)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func sampled(g *reports.Generated) string {
	if len(g.Faults) == g.Made {
		return "All of them are judged"
	}
	return fmt.Sprintf("A sample of %d is judged", len(g.Faults))
}

func countedTable(b *strings.Builder, title string, counts []reports.GeneratedCount) {
	fmt.Fprintf(b, "\n## %s\n\n| | %% | Killed | Elsewhere | Survived | Explained | Equivalent |\n|---|--:|--:|--:|--:|--:|--:|\n", title)
	for _, c := range counts {
		if c.Counted() == 0 {
			continue
		}
		fmt.Fprintf(b, "| %s | %.0f | %d | %d | %d | %d | %d |\n", cell(c.Name), c.Score(), c.Of[reports.Killed], c.Of[reports.Elsewhere], c.Of[reports.Survived], c.Of[reports.Explained], c.Of[reports.Equivalent])
	}
}

func namedFaults(b *strings.Builder, title string, g *reports.Generated, kind reports.GeneratedKind) {
	var lines []string
	for _, o := range g.Faults {
		if o.Outcome != kind || o.Problem != "" {
			continue
		}
		line := "- " + cell(o.Name)
		if o.Reason != "" {
			line += ": " + cell(o.Reason)
		}
		lines = append(lines, line+"\n")
	}
	if len(lines) > 0 {
		fmt.Fprintf(b, "\n## %s\n\n%s", title, strings.Join(lines, ""))
	}
}
