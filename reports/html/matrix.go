package html

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/page"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteMatrix writes the matrix as one page that needs no network: for each area a grid of its faults and requirements, which
// links and, with its own script, a filter lead through.
func WriteMatrix(w io.Writer, m *reports.Matrix) error {
	template, err := page.Template(htmlFiles, "page/matrix.html")
	if err != nil {
		return err
	}
	view := newMatrixView(m)
	if view.Assets, err = page.NewAssets(htmlFiles, []string{"page/matrix.css"}, []string{"page/matrix.js"}); err != nil {
		return err
	}
	return template.ExecuteTemplate(w, "matrix.html", view)
}

// matrixView is what the page shows.
type matrixView struct {
	page.Assets
	Title      string
	Subtitle   string
	Good       bool
	Conclusion string
	Figures    []reports.Figure
	Problems   []reports.Problem
	Unkilled   []string
	Grids      []matrixGrid
	Variants   []variantView
}

// matrixGrid is the part of the matrix about one area.
type matrixGrid struct {
	reports.AreaSum
	Columns []gridColumn
	Rows    []gridRow
}

// gridColumn is a requirement of the area.
type gridColumn struct{ ID, Number, States string }

// gridRow is a fault that is about the area.
type gridRow struct {
	Name, Why string
	Anchor    string // the place of the fault on the page, in the first grid that it is in
	Good      bool
	Cells     []gridCell
	Elsewhere string // outcomes in other areas
}

// gridCell is what became of a requirement under a fault. A mark is a sign as well as a colour: the page must be read on
// paper and by whoever sees no red.
type gridCell struct{ Mark, Sign, Title string }

// variantView is a variant with its outcomes in one line.
type variantView struct {
	Name, Why string
	Good      bool
	Summary   string
}

func newMatrixView(m *reports.Matrix) matrixView {
	v := matrixView{
		Title:    "Who tests the tests",
		Subtitle: fmt.Sprintf("%s, %s, %.1f s", m.Tool, m.Started.UTC().Format("2006-01-02 15:04 UTC"), m.Duration.Seconds()),
		Good:     m.OK(), Conclusion: m.Conclusion(), Figures: m.Figures(), Problems: m.Problems(), Unkilled: m.Unkilled(),
	}
	placed := map[string]bool{}
	for _, sum := range m.AreaSums() {
		grid := gridOf(m, sum)
		for i, row := range grid.Rows {
			if !placed[row.Name] {
				placed[row.Name], grid.Rows[i].Anchor = true, "fault-"+row.Name
			}
		}
		v.Grids = append(v.Grids, grid)
	}
	for _, variant := range m.Variants {
		v.Variants = append(v.Variants, variantView{variant.Name, show.OneLine(variant.Why), variant.Clean(), strings.Join(variant.Outcomes(), ", ")})
	}
	return v
}

func gridOf(m *reports.Matrix, sum reports.AreaSum) matrixGrid {
	g := matrixGrid{AreaSum: sum}
	for _, r := range m.Requirements {
		if r.Area == sum.Name {
			g.Columns = append(g.Columns, gridColumn{r.ID, strings.TrimPrefix(r.ID, r.Area+"-"), show.OneLine(r.States)})
		}
	}
	for _, f := range m.Faults {
		row := gridRow{Name: f.Name, Why: show.OneLine(f.Why), Good: f.Caught(), Cells: make([]gridCell, len(g.Columns))}
		within := false
		var elsewhere []reports.Outcome
		for _, o := range f.Outcomes() {
			i := slices.IndexFunc(g.Columns, func(c gridColumn) bool { return c.ID == o.ID })
			if i < 0 {
				elsewhere = append(elsewhere, o)
				continue
			}
			within = true
			row.Cells[i] = gridCell{o.Mark, sign(o.Mark), o.ID + " " + o.Mark}
		}
		if within {
			row.Elsewhere = reports.OutcomesText(elsewhere, func(text string) string { return text })
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

func sign(mark string) string {
	switch mark {
	case reports.MarkKilled:
		return "●"
	case reports.MarkSurvived:
		return "○"
	case reports.MarkNotJudged:
		return "–"
	}
	return "▲"
}
