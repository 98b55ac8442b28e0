package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// MatrixTextOptions say how a matrix is written for a person at a terminal.
type MatrixTextOptions struct {
	Color bool // with ANSI colours
	Quiet bool // only what is not as it should be, and the score
}

// matrixText is a matrix on its way to a terminal.
type matrixText struct {
	strings.Builder
	paint
	m *Matrix
}

// MatrixText writes the matrix for a person: a line for each fault and variant, a summary by area, what is not as it
// should be in full, and last the score.
func MatrixText(w io.Writer, m *Matrix, o MatrixTextOptions) error {
	t := &matrixText{paint: paint{o.Color}, m: m}
	if !o.Quiet {
		t.faults()
		t.variants()
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

func (t *matrixText) title(title string) { t.line("%s\n", t.in(bold, title)) }

// row is a fault or variant: whether it came out as it should, its name, and what it came to.
func (t *matrixText) row(good bool, widest int, name, what string) {
	mark := t.in(green, "ok ")
	if !good {
		mark = t.in(red, "BAD")
	}
	t.line("  %s  %-*s  %s", mark, widest, name, what)
}

func (t *matrixText) faults() {
	if len(t.m.Faults) == 0 {
		return
	}
	t.title("Faults, and the requirements that they make fail")
	widest := 0
	for _, f := range t.m.Faults {
		widest = max(widest, len(f.Name))
	}
	for _, f := range t.m.Faults {
		what := told(f.outcomes(), func(text string) string { return t.in(red, text) })
		if f.Problem != "" {
			what = t.in(red, brief(f.Problem, mostWidth))
		}
		t.row(f.Caught(), widest, f.Name, what)
	}
	t.line("")
}

func (t *matrixText) variants() {
	if len(t.m.Variants) == 0 {
		return
	}
	t.title("Variants, on which nothing may fail")
	widest := 0
	for _, v := range t.m.Variants {
		widest = max(widest, len(v.Name))
	}
	for _, v := range t.m.Variants {
		what := t.in(red, strings.Join(v.outcomes(), ", "))
		if v.Problem != "" {
			what = t.in(red, brief(v.Problem, mostWidth))
		}
		t.row(v.Clean(), widest, v.Name, what)
	}
	t.line("")
}

// areas is a table of the documentation's sections.
func (t *matrixText) areas() {
	sums := t.m.areaSums()
	if len(sums) == 0 {
		return
	}
	t.title("By area")
	const widest = 34
	t.line("  %s", t.in(faint, fmt.Sprintf("%-8s%-*s%8s%14s%8s%8s", "area", widest, "", "faults", "requirements", "killed", "alone")))
	for _, s := range sums {
		line := fmt.Sprintf("%-8s%-*s%8d%14d%8d%8d", s.Name, widest, brief(s.Title, widest), s.Faults, s.Requirements, s.Killed, s.Alone)
		if len(s.Unkilled) > 0 {
			line += "  " + t.in(red, "without a fault that kills it: "+strings.Join(s.Unkilled, ", "))
		}
		t.line("  %s", line)
	}
	t.line("")
}

// problems tells in full what is not as it should be.
func (t *matrixText) problems() {
	problems := t.m.problems()
	if len(problems) == 0 {
		return
	}
	t.title("Not as it should be")
	for _, p := range problems {
		t.line("  %s  %s", t.in(bold, p.Name), t.in(red, p.Told))
		t.line("    %s", p.Why)
		for _, line := range p.Lines {
			t.line("    %s", line)
		}
		t.line("")
	}
}

func (t *matrixText) score() {
	t.title("Score")
	for _, f := range t.m.figures() {
		count := f.Count
		if !f.Good {
			count = t.in(red, count)
		}
		t.line("  %-50s%s", f.Name, count)
	}
	color := green
	if !t.m.OK() {
		color = red
	}
	t.line("\n%s (%s %s, %.1f s)", t.in(color, t.m.conclusion()), t.m.Tool.Name, oneLine(t.m.Tool.Version), t.m.Duration.Round(100*time.Millisecond).Seconds())
}
