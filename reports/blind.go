package reports

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// BlindSpots is what a run would not have noticed: the library, licences and settings that it saw were served by the reference
// endpoint, with wrong behaviours in turn, and judged as the run was. What is noticed on the reference endpoint's own library
// and not there is a blind spot. Nothing was sent to the endpoint for it.
type BlindSpots struct {
	Library  int           `json:"library"`  // drives of the library that the run saw
	Served   int           `json:"served"`   // of these, how many were served: of a big library, those that hold its material
	Sampled  int           `json:"sampled"`  // drives that the run looked at one by one
	LeftOut  []string      `json:"left_out"` // what of it the reference endpoint can't serve, a line each
	Beyond   BeyondProfile `json:"beyond"`
	Named    BlindCount    `json:"named"`     // the faults of the reference endpoint
	Made     BlindCount    `json:"generated"` // a sample of those that are made by code
	Untried  int           `json:"untried"`   // faults that the time was not enough for
	Limit    time.Duration `json:"-"`
	Duration time.Duration `json:"-"`
	Spots    []BlindSpot   `json:"spots"`
}

// BeyondProfile is how much the run left alone, by its profile and by what was selected.
type BeyondProfile struct {
	Catalogue    int `json:"catalogue"`    // requirements of the catalogue
	ByProfile    int `json:"by_profile"`   // of these, those that the profile does not judge
	BySelection  int `json:"by_selection"` // those that the profile would judge, and that were not selected
	Faults       int `json:"faults"`       // faults of the reference endpoint
	FaultsBeyond int `json:"faults_beyond"`
}

// BlindCount is how many wrong behaviours were tried.
type BlindCount struct {
	Tried   int `json:"tried"`
	Noticed int `json:"noticed"`
	Blind   int `json:"blind"`
	Neither int `json:"neither"` // not noticed on the reference endpoint's own library either
}

// BlindSpot is a wrong behaviour that the run would not have noticed.
type BlindSpot struct {
	Area         string   `json:"area"`
	Requirements []string `json:"requirements"` // that it breaks
	Fault        string   `json:"fault"`        // of the reference endpoint; empty where it is none
	Says         string   `json:"says"`         // what goes wrong
	Because      string   `json:"because"`      // why it does not show; empty where that is not known
	Opens        string   `json:"opens"`        // what would let it be noticed; empty where that is not known
	Unsought     bool     `json:"unsought"`     // the time was over before that was looked for
}

// Through is the blind spots with all that an endpoint may have said in them put through a function: drives that were left out
// are named, and values of the library.
func (b *BlindSpots) Through(text func(string) string) *BlindSpots {
	if b == nil {
		return nil
	}
	kept := *b
	kept.LeftOut, kept.Spots = slices.Clone(b.LeftOut), slices.Clone(b.Spots)
	for i, line := range kept.LeftOut {
		kept.LeftOut[i] = text(line)
	}
	for i := range kept.Spots {
		spot := &kept.Spots[i]
		spot.Says, spot.Because, spot.Opens = text(spot.Says), text(spot.Because), text(spot.Opens)
	}
	return &kept
}

// Summary says in a few sentences what was tried, and what lies beyond the run.
func (b *BlindSpots) Summary() []string {
	var lines []string
	served := show.Plural(b.Library, "drive")
	if b.Served < b.Library {
		served = fmt.Sprintf("%d of %s", b.Served, served)
	}
	tried := b.Named.Tried + b.Made.Tried
	lines = append(lines, fmt.Sprintf("The library that was seen (%s) was served again with %s, %d of them made by code: %d noticed, %s. Nothing more was sent to the endpoint.",
		served, show.Plural(tried, "wrong behaviour"), b.Made.Tried, b.Named.Noticed+b.Made.Noticed, blinds(len(b.Spots))))
	if n := b.Named.Neither + b.Made.Neither; n > 0 {
		lines = append(lines, fmt.Sprintf("%d more can't be noticed by this profile, sample and selection on the reference endpoint's own library either.", n))
	}
	if b.Beyond.ByProfile > 0 {
		lines = append(lines, fmt.Sprintf("Beyond the profile lie %d of %d requirements and %d of %d faults of the reference endpoint.", b.Beyond.ByProfile, b.Beyond.Catalogue, b.Beyond.FaultsBeyond, b.Beyond.Faults))
	}
	if b.Beyond.BySelection > 0 {
		lines = append(lines, fmt.Sprintf("%s that the profile would judge were not selected.", show.Plural(b.Beyond.BySelection, "requirement")))
	}
	if b.Sampled < b.Library {
		lines = append(lines, fmt.Sprintf("%d of %d drives were looked at one by one: what is wrong with another one by itself would not be noticed. --sample all looks at all.", b.Sampled, b.Library))
	}
	if b.Untried > 0 {
		lines = append(lines, fmt.Sprintf("%s were not tried, for %s were over.", show.Plural(b.Untried, "wrong behaviour"), show.Elapsed(b.Limit)))
	}
	for i, line := range b.LeftOut {
		if i == show.MostFindings {
			lines = append(lines, fmt.Sprintf("… and %d more drives were left out.", len(b.LeftOut)-i))
			break
		}
		lines = append(lines, "Left out, for the reference endpoint can't serve it: "+line+".")
	}
	return lines
}

func blinds(n int) string {
	if n == 0 {
		return "none is a blind spot"
	}
	return show.Plural(n, "blind spot")
}

// BlindArea is an area of the catalogue with its blind spots.
type BlindArea struct {
	Name, Title string
	Openings    []BlindOpening
}

// BlindOpening is what would open some blind spots.
type BlindOpening struct {
	Opens, Because string
	Unsought       bool
	Spots          []BlindSpot
}

// ByArea are the blind spots by area, in the order of the catalogue, and within an area by what would open them: what opens
// most first.
func (b *BlindSpots) ByArea(areas []requirement.Area) []BlindArea {
	var all []BlindArea
	for _, area := range areas {
		of := map[string]int{}
		one := BlindArea{Name: area.Name, Title: area.Title}
		for _, spot := range b.Spots {
			if spot.Area != area.Name {
				continue
			}
			key := fmt.Sprint(spot.Opens, "\x00", spot.Because, spot.Unsought)
			at, known := of[key]
			if !known {
				at = len(one.Openings)
				of[key], one.Openings = at, append(one.Openings, BlindOpening{Opens: spot.Opens, Because: spot.Because, Unsought: spot.Unsought})
			}
			one.Openings[at].Spots = append(one.Openings[at].Spots, spot)
		}
		if len(one.Openings) == 0 {
			continue
		}
		slices.SortStableFunc(one.Openings, func(x, y BlindOpening) int {
			return cmp.Or(cmp.Compare(len(y.Spots), len(x.Spots)), cmp.Compare(y.Opens, x.Opens))
		})
		all = append(all, one)
	}
	return all
}

// Sentence says what would open the spots, and why they are blind.
func (o BlindOpening) Sentence() string {
	text := show.Plural(len(o.Spots), "wrong behaviour") + " would not be noticed"
	if o.Because != "" {
		text += ": " + o.Because
	}
	switch {
	case o.Opens != "":
		return text + ". To notice " + it(len(o.Spots)) + ": " + o.Opens + "."
	case o.Unsought:
		return text + ". What would show " + it(len(o.Spots)) + " was not looked for: the time was over."
	}
	return text + ". What would show " + it(len(o.Spots)) + " is not known."
}

func it(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
