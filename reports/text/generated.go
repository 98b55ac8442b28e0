package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteGenerated writes for a person what became of faults that were made by code: how many of each operator, place and
// condition were noticed, those that were not by their names, and last the figures of all.
func WriteGenerated(w io.Writer, g *reports.Generated, o MatrixOptions) error {
	t := &matrixText{Paint: plaintext.Paint{Color: o.Color}}
	if !o.Quiet {
		t.counts("By operator", g.ByOperator())
		t.counts("By place", g.ByPlace())
		t.counts("By condition", g.ByCondition())
		t.outcomes(g, reports.Explained, "Explained: no requirement states anything of it")
		t.outcomes(g, reports.Equivalent, "Equivalent: the documentation leaves open what the endpoint does")
	}
	t.outcomes(g, reports.Elsewhere, "Told by none of the requirements that they break")
	t.outcomes(g, reports.Survived, "Survived")
	t.notJudged(g)
	total := g.Total()
	t.title("Figures")
	for _, kind := range reports.GeneratedKinds {
		t.line("  %-12s%6d", kind, total.Of[kind])
	}
	color := plaintext.Green
	if !g.OK() {
		color = plaintext.Red
	}
	t.line("\n%s of %d that can be told from a sound endpoint (%d of %d that seed %d makes, %s, %.1f s)",
		t.In(color, fmt.Sprintf("%.1f %% killed", total.Score())), total.Counted()-total.Of[reports.Equivalent],
		len(g.Faults), g.Made, g.Seed, show.OneLine(g.Tool.String()), g.Duration.Round(100*time.Millisecond).Seconds())
	_, err := io.WriteString(w, t.String())
	return err
}

// counts is a table of counts.
func (t *matrixText) counts(title string, counts []reports.GeneratedCount) {
	widest := 0
	for _, c := range counts {
		widest = max(widest, len([]rune(c.Name)))
	}
	t.title(title)
	head := fmt.Sprintf("%-*s%8s", widest, "", "%")
	for _, kind := range reports.GeneratedKinds {
		head += fmt.Sprintf("%12s", kind)
	}
	t.line("  %s", t.In(plaintext.Faint, head))
	for _, c := range counts {
		line := fmt.Sprintf("%s%s%8.1f", c.Name, strings.Repeat(" ", widest-len([]rune(c.Name))), c.Score())
		for _, kind := range reports.GeneratedKinds {
			line += fmt.Sprintf("%12d", c.Of[kind])
		}
		t.line("  %s", line)
	}
	t.line("")
}

// outcomes names the faults that came to something.
func (t *matrixText) outcomes(g *reports.Generated, kind reports.GeneratedKind, title string) {
	var lines []string
	for _, o := range g.Faults {
		if o.Outcome != kind || o.Problem != "" {
			continue
		}
		line := o.Name
		switch {
		case o.Reason != "":
			line += ": " + o.Reason
		case len(o.Failed) > 0:
			line += fmt.Sprintf(": breaks one of %s; %s failed", strings.Join(o.Breaks, ", "), strings.Join(o.Failed, ", "))
		case o.How != "":
			line += ": " + show.OneLine(o.How)
		case len(o.Breaks) > 0:
			line += ": breaks one of " + strings.Join(o.Breaks, ", ")
		}
		lines = append(lines, line)
	}
	t.listed(title, lines)
}

func (t *matrixText) notJudged(g *reports.Generated) {
	var lines []string
	for _, o := range g.Faults {
		if o.Problem != "" {
			lines = append(lines, o.Name+": "+show.OneLine(o.Problem))
		}
	}
	t.listed("Not judged", lines)
}

func (t *matrixText) listed(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.title(fmt.Sprintf("%s (%d)", title, len(lines)))
	for _, line := range lines {
		t.line("  %s", line)
	}
	t.line("")
}
