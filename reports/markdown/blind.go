package markdown

import (
	"fmt"

	"github.com/libdrives/conformance/reports/internal/show"
)

// blind tells what the run would not have noticed, by area, and of each area by what would show it.
func (m *markdownReport) blind() {
	b := m.r.Blind
	if b == nil {
		return
	}
	m.title("Blind spots: what this run would not have noticed", len(b.Spots))
	for _, line := range b.Summary() {
		m.always(prose(line, 2*show.MostSentence) + "\n")
	}
	for _, area := range b.ByArea(m.r.Areas) {
		text := fmt.Sprintf("\n**%s** %s\n\n", prose(area.Name, show.MostName), prose(area.Title, show.MostName))
		for _, opening := range area.Openings {
			text += item(prose(opening.Sentence(), show.MostSentence))
			for i, spot := range opening.Spots {
				if i == show.MostFindings {
					text += fmt.Sprintf("  - … %s\n", show.Plural(len(opening.Spots)-i, "more line"))
					break
				}
				text += "  - " + prose(spot.Says, show.MostSentence) + " (" + prose(spot.Requirements[0], show.MostName) + ")\n"
			}
		}
		m.add(text, shortening{worth: worthBlind, lost: "blind spots"})
	}
}
