package html

import (
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// htmlBlind is what the run would not have noticed.
type htmlBlind struct {
	Summary []string
	Areas   []htmlBlindArea
}

// htmlBlindArea is an area with its blind spots, by what would show them.
type htmlBlindArea struct {
	Name, Title string
	Spots       int
	Openings    []htmlOpening
}

type htmlOpening struct {
	Sentence string
	Spots    []htmlSpot
}

type htmlSpot struct {
	Requirement htmlRef
	Says        string
}

func newHTMLBlind(r *reports.Report, present map[string]bool) *htmlBlind {
	if r.Blind == nil {
		return nil
	}
	shown := &htmlBlind{Summary: show.Each(r.Blind.Summary(), func(line string) string { return show.Brief(line, 4*show.MostWidth) })}
	for _, area := range r.Blind.ByArea(r.Areas) {
		one := htmlBlindArea{Name: show.OneLine(area.Name), Title: show.Brief(area.Title, show.MostWidth)}
		for _, opening := range area.Openings {
			one.Spots += len(opening.Spots)
			one.Openings = append(one.Openings, htmlOpening{show.Brief(opening.Sentence(), 4*show.MostWidth), show.Each(opening.Spots, func(s reports.BlindSpot) htmlSpot {
				return htmlSpot{ref(s.Requirements[0], present), show.Brief(s.Says, 4*show.MostWidth)}
			})})
		}
		shown.Areas = append(shown.Areas, one)
	}
	return shown
}
