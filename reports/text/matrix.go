package text

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// MatrixOptions say how a matrix is written for a person at a terminal.
type MatrixOptions struct {
	Color bool // with ANSI colours
	Quiet bool // only what is not as it should be, and the score
}

// matrixText is a matrix on its way to a terminal.
type matrixText struct {
	strings.Builder
	plaintext.Paint
	m *reports.Matrix
}

// WriteMatrix writes the matrix for a person: a line for each fault and variant, a summary by area, what is not as it
// should be in full, and last the score.
func WriteMatrix(w io.Writer, m *reports.Matrix, o MatrixOptions) error {
	t := &matrixText{Paint: plaintext.Paint{Color: o.Color}, m: m}
	if !o.Quiet {
		t.rows("Faults, and the requirements that they make fail", show.Each(m.Faults, func(f reports.FaultOutcome) matrixRow {
			return matrixRow{f.Caught(), f.Wrong(), f.Name, reports.OutcomesText(f.Outcomes(), func(text string) string { return t.In(plaintext.Red, text) }), f.Problem}
		}))
		t.rows("Variants, on which nothing may fail", show.Each(m.Variants, func(v reports.VariantOutcome) matrixRow {
			return matrixRow{v.Clean(), v.Wrong(), v.Name, t.In(plaintext.Red, strings.Join(v.Outcomes(), ", ")), v.Problem}
		}))
		t.areas()
	}
	t.problems()
	t.score()
	_, err := io.WriteString(w, t.String())
	return err
}

func (t *matrixText) line(format string, values ...any) {
	t.WriteString(strings.TrimRight(fmt.Sprintf(format, values...), " ") + "\n")
}

func (t *matrixText) title(title string) { t.line("%s\n", t.In(plaintext.Bold, title)) }

// matrixRow is a fault or variant: whether it came out as it should, its name, and what it came to.
type matrixRow struct {
	good, wrong         bool // neither: it was not judged
	name, what, problem string
}

// rows writes some under a title; a problem that kept one from being judged stands in the place of what it came to.
func (t *matrixText) rows(title string, rows []matrixRow) {
	if len(rows) == 0 {
		return
	}
	t.title(title)
	widest := 0
	for _, r := range rows {
		widest = max(widest, len(r.name))
	}
	for _, r := range rows {
		mark := t.In(plaintext.Green, "ok ")
		switch {
		case r.wrong:
			mark = t.In(plaintext.Red, "BAD")
		case !r.good:
			mark = t.In(plaintext.Yellow, "?  ")
		}
		if r.problem != "" {
			r.what = t.In(plaintext.Yellow, show.Brief(r.problem, show.MostWidth))
		}
		t.line("  %s  %-*s  %s", mark, widest, r.name, r.what)
	}
	t.line("")
}

// areas is a table of the documentation's sections.
func (t *matrixText) areas() {
	sums := t.m.AreaSums()
	if len(sums) == 0 {
		return
	}
	t.title("By area")
	const widest = 34
	t.line("  %s", t.In(plaintext.Faint, fmt.Sprintf("%-8s%-*s%8s%14s%8s%8s", "area", widest, "", "faults", "requirements", "killed", "alone")))
	for _, s := range sums {
		line := fmt.Sprintf("%-8s%-*s%8d%14d%8d%8d", s.Name, widest, show.Brief(s.Title, widest), s.Faults, s.Requirements, s.Killed, s.Alone)
		if len(s.Unkilled) > 0 {
			line += "  " + t.In(plaintext.Red, "without a fault that kills it: "+strings.Join(s.Unkilled, ", "))
		}
		t.line("  %s", line)
	}
	t.line("")
}

// problems tells in full what is not as it should be, and then what was not judged.
func (t *matrixText) problems() {
	problems := t.m.Problems()
	for _, part := range []struct {
		title, color string
		notJudged    bool
	}{{"Not as it should be", plaintext.Red, false}, {"Not judged", plaintext.Yellow, true}} {
		of := slices.DeleteFunc(slices.Clone(problems), func(p reports.Problem) bool { return p.NotJudged != part.notJudged })
		if len(of) == 0 {
			continue
		}
		t.title(part.title)
		for i, p := range of {
			if part.notJudged && i == show.MostFindings {
				t.line("  … and %d more", len(of)-i)
				break
			}
			t.line("  %s  %s", t.In(plaintext.Bold, p.Name), t.In(part.color, p.Summary))
			t.line("    %s", p.Why)
			for _, line := range p.Lines {
				t.line("    %s", line)
			}
			t.line("")
		}
	}
}

func (t *matrixText) score() {
	t.title("Score")
	for _, f := range t.m.Figures() {
		count := f.Count
		if !f.Good {
			count = t.In(plaintext.Red, count)
		}
		t.line("  %-54s%s", f.Name, count)
	}
	color := plaintext.Green
	switch {
	case t.m.Wrong():
		color = plaintext.Red
	case !t.m.OK():
		color = plaintext.Yellow
	}
	t.line("\n%s (%s, %.1f s)", t.In(color, t.m.Conclusion()), show.OneLine(t.m.Tool.String()), t.m.Duration.Round(100*time.Millisecond).Seconds())
}
