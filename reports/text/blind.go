package text

import (
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteBlindSpots writes for a person what a run would not have noticed, and nothing else of it.
func WriteBlindSpots(w io.Writer, r *reports.Report, o Options) error {
	t := newText(r, o)
	t.blind()
	_, err := io.WriteString(w, t.String())
	return err
}

// blind tells what the run would not have noticed, by area, and of each area by what would open it.
func (t *text) blind() {
	b := t.r.Blind
	if b == nil {
		return
	}
	t.title("Blind spots: what this run would not have noticed")
	for _, line := range b.Summary() {
		t.Wrapped("  ", show.OneLine(line))
	}
	for _, area := range b.ByArea(t.r.Areas) {
		t.Line("")
		t.Line("  " + t.In(plaintext.Bold, area.Name+"  "+show.OneLine(area.Title)))
		for _, opening := range area.Openings {
			t.Wrapped("    ", show.OneLine(opening.Sentence()))
			for i, spot := range opening.Spots {
				if i == show.MostFindings && !t.o.Verbose {
					t.Line("      … " + show.Plural(len(opening.Spots)-i, "more line"))
					break
				}
				t.Wrapped("      ", "- "+show.OneLine(spot.Says)+" ("+spot.Requirements[0]+")")
			}
		}
	}
	t.Line("")
}
