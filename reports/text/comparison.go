package text

import (
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteComparison writes the comparison for a person, at a terminal of a width (0 is 100): the two sides, what makes them
// hard to compare, what changed, and last the conclusion.
func WriteComparison(w io.Writer, c *reports.Comparison, width int) error {
	if width <= 0 {
		width = 100
	}
	p := &plaintext.Printer{Width: max(width, 60)}
	for _, side := range []struct {
		label string
		reports.Side
	}{{"old", c.Old}, {"new", c.New}} {
		p.Line(side.label + "  " + side.OneLine())
	}
	p.Line("")
	if len(c.Notes) > 0 {
		p.Line("Notes")
		p.Line("")
		notesOf(p, c)
		p.Line("")
	}
	for _, kind := range reports.ChangeKinds() {
		if c.Count(kind) > 0 {
			p.Line(kind.Title())
			p.Line("")
			changesAlike(p, c, kind)
			p.Line("")
		}
	}
	p.Line(c.Conclusion())
	_, err := io.WriteString(w, p.String())
	return err
}

func notesOf(p *plaintext.Printer, c *reports.Comparison) {
	for _, note := range c.Notes {
		p.Wrapped("  ", show.OneLine(note))
	}
}

// changesAlike writes those of one kind: those that read the same together, with their ids below, and with what it states
// where it is one only.
func changesAlike(p *plaintext.Printer, c *reports.Comparison, kind reports.ChangeKind) {
	alike := map[string][]reports.Change{}
	var titles []string
	for _, change := range c.Changes {
		if change.Kind != kind {
			continue
		}
		title := show.OneLine(change.Old) + " → " + show.OneLine(change.New) + ": " + show.OneLine(change.Says)
		if len(alike[title]) == 0 {
			titles = append(titles, title)
		}
		alike[title] = append(alike[title], change)
	}
	for _, title := range titles {
		p.Wrapped("  ", title)
		var ids []string
		for _, change := range alike[title] {
			ids = append(ids, show.OneLine(change.Requirement))
		}
		if len(ids) == 1 {
			ids = append(ids, "", show.OneLine(alike[title][0].States)) // the id, two spaces, the statement
		}
		p.Wrapped("    ", strings.Join(ids, " "))
	}
}
