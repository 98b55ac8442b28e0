package reports

import (
	"fmt"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Plan is what a run was going to make in the account before its first write: the most that a sound endpoint lets it
// make, and what it could make beside that.
type Plan struct {
	DryRun    bool // nothing of it was made
	MaxClones int  // the most drives that are made in all; 0 is no bound
	Scenarios []PlannedScenario
}

// PlannedScenario is what one scenario makes.
type PlannedScenario struct {
	Name    string         `json:"name"`
	Clones  []PlannedClone `json:"clones"`
	Servers int            `json:"servers"`
	Refused int            `json:"refused"` // the most drives that it makes beside the clones, where the endpoint carries out what it should refuse
}

// PlannedClone is one clone, by the drive that it is made of.
type PlannedClone struct {
	Source string `json:"source"` // the uuid
	Name   string `json:"name"`   // of the source
	Size   int64  `json:"size"`   // bytes
}

// Clones are how many clones are planned, and their size in all.
func (p *Plan) Clones() (n int, size int64) {
	for _, s := range p.Scenarios {
		for _, clone := range s.Clones {
			n++
			size += clone.Size
		}
	}
	if p.MaxClones > 0 {
		n = min(n, p.MaxClones)
	}
	return n, size
}

// Servers are how many servers are planned.
func (p *Plan) Servers() int {
	n := 0
	for _, s := range p.Scenarios {
		n += s.Servers
	}
	return n
}

// Refused are how many drives the endpoint can bring the run to make beside the clones.
func (p *Plan) Refused() int {
	n := 0
	for _, s := range p.Scenarios {
		n += s.Refused
	}
	if clones, _ := p.Clones(); p.MaxClones > 0 {
		n = min(n, p.MaxClones-clones)
	}
	return n
}

// Lines say the plan: what is made in all, and by each scenario. A dry run says what would be.
func (p *Plan) Lines() []string {
	will := "will"
	if p.DryRun {
		will = "would"
	}
	clones, size := p.Clones()
	line := fmt.Sprintf("%s make %s (%s in all) and %s in the account, and remove them", will, show.Plural(clones, "clone"), show.Gigabytes(size), show.Plural(p.Servers(), "server"))
	room := p.Refused()
	if room > 0 {
		line += fmt.Sprintf("; and up to %d more where the endpoint carries out what it should refuse", room)
	}
	if p.MaxClones > 0 {
		line += fmt.Sprintf("; never more than %s in all, as --max-clones says", show.Plural(p.MaxClones, "drive"))
	}
	lines := []string{line}
	for _, s := range p.Scenarios {
		var parts []string
		for _, clone := range s.Clones {
			parts = append(parts, fmt.Sprintf("a clone of %q (%s)", show.Brief(clone.Name, show.MostName), show.Gigabytes(clone.Size)))
		}
		if s.Servers > 0 {
			parts = append(parts, show.Plural(s.Servers, "server"))
		}
		switch {
		case s.Refused > 0 && room > 0:
			parts = append(parts, fmt.Sprintf("up to %s where it is not refused", show.Plural(min(s.Refused, room), "drive")))
		case s.Refused > 0:
			parts = append(parts, "no request that could make a drive, for --max-clones leaves none")
		}
		if len(parts) > 0 {
			lines = append(lines, show.OneLine(s.Name)+": "+strings.Join(parts, ", "))
		}
	}
	return lines
}

// NothingMade is what a report says of a dry run.
const NothingMade = "Dry run: nothing was made in the account."

// Dry reports whether the run only said what it would make.
func (r *Report) Dry() bool { return r.Plan != nil && r.Plan.DryRun }
