// Package board shows many reports at once: endpoints against requirements, and each endpoint over its runs. It writes one page
// for people, JSON for programs and Markdown.
//
// It must not know the other formats, nor where reports are kept. It judges nothing: what it says of an endpoint is what the
// endpoint's reports say.
package board

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// MostRuns is how many runs of an endpoint are shown: its newest ones.
const MostRuns = 60

// Board is what many reports say together.
type Board struct {
	Areas        []requirement.Area
	Requirements []requirement.Requirement // of all newest runs, in catalogue order
	Endpoints    []*Endpoint               // the one with most trouble first
	Differences  []Difference              // between the newest runs of the endpoints
	Newest       time.Time                 // when the newest run began
	Notes        []string                  // what was left aside of the folder, a sentence each
}

// Endpoint is what was judged, run after run in the same way.
type Endpoint struct {
	ID      string // by which pages link to it
	Name    string // its own, or else its target
	Target  string
	Profile requirement.Profile
	Runs    []Run     // the oldest first; of the newest ones, so many as MostRuns
	Since   time.Time // when the first of the newest runs in a row began that came to the same: conforms, or does not
	Lasting int       // the number of those runs
	Cells   []Cell    // one for each requirement of the board
	Came    []string  // requirements that fail and did not in the run before
	Went    []string  // requirements that pass and failed in the run before
	Flaky   []string  // requirements that fail at times
}

// Newest is the newest run.
func (e *Endpoint) Newest() Run { return e.Runs[len(e.Runs)-1] }

// Cell is a requirement at an endpoint.
type Cell struct {
	Kind    Kind      // in the newest run
	Since   time.Time // when the first of the newest runs began in which it was so without a break
	Lasting int       // the number of those runs
	Changes int       // how often it passed where it failed in the run before, or the other way round
	Flaky   bool      // it came and went, or the newest run read it in two ways
	Message string    // why it is so, where it did not pass
}

// Kind is how a requirement stands in a run: by its verdict, with the failures that don't fail the run told apart.
type Kind byte

// The kinds.
const (
	Absent   Kind = '.' // not in the report
	Pass     Kind = 'p'
	Failed   Kind = 'f'
	Advisory Kind = 'a'
	Waived   Kind = 'w'
	Skipped  Kind = 's'
	Blocked  Kind = 'b'
)

func kindOf(r reports.Result) Kind {
	return map[string]Kind{"pass": Pass, "fail": Failed, "advisory": Advisory, "waived": Waived, "skip": Skipped, "blocked": Blocked}[r.Kind()]
}

// Fails reports whether the requirement does not hold, whatever follows from that.
func (k Kind) Fails() bool { return k == Failed || k == Advisory || k == Waived }

// Judged reports whether it holds or does not.
func (k Kind) Judged() bool { return k == Pass || k.Fails() }

// Difference is a requirement that fails at an endpoint and was judged at several.
type Difference struct {
	Requirement requirement.Requirement
	Gates       bool     // the failure fails a run
	Fails       []string // ids of the endpoints at which it fails, in the order of the board
	Judged      int      // at how many it was judged
}

// Everywhere reports whether it fails at every endpoint at which it was judged.
func (d Difference) Everywhere() bool { return len(d.Fails) == d.Judged }

// New makes a board of runs, in whatever order they come.
func New(runs []Run, notes []string) *Board {
	b := &Board{Notes: show.Each(notes, show.OneLine)}
	grouped := map[[2]string][]Run{}
	profiles := map[string]map[requirement.Profile]bool{}
	for _, run := range runs {
		name := run.called()
		if profiles[name] == nil {
			profiles[name] = map[requirement.Profile]bool{}
		}
		if run.Profile != "" {
			profiles[name][run.Profile] = true
		}
		grouped[[2]string{name, string(run.Profile)}] = append(grouped[[2]string{name, string(run.Profile)}], run)
	}
	for key, list := range grouped {
		if key[1] == "" && len(profiles[key[0]]) == 1 { // a run that left no report does not say how it was made
			for profile := range profiles[key[0]] {
				grouped[[2]string{key[0], string(profile)}] = append(grouped[[2]string{key[0], string(profile)}], list...)
			}
			delete(grouped, key)
		}
	}
	for key, list := range grouped {
		slices.SortFunc(list, func(a, b Run) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.File, b.File)) })
		e := &Endpoint{Name: key[0], Profile: requirement.Profile(key[1]), Runs: list[max(0, len(list)-MostRuns):]}
		e.Target = e.Newest().Target
		if len(profiles[key[0]]) > 1 {
			e.Name += " (" + key[1] + ")"
		}
		b.Endpoints = append(b.Endpoints, e)
		if newest := e.Newest().Started; newest.After(b.Newest) {
			b.Newest = newest
		}
	}
	b.catalogue()
	for _, e := range b.Endpoints {
		e.look(b.Requirements)
	}
	slices.SortFunc(b.Endpoints, func(a, b *Endpoint) int {
		return cmp.Or(cmp.Compare(a.trouble(), b.trouble()), -cmp.Compare(a.count(Failed), b.count(Failed)), -cmp.Compare(a.count(Blocked), b.count(Blocked)),
			-cmp.Compare(a.count(Advisory), b.count(Advisory)), strings.Compare(a.Name, b.Name))
	})
	b.identify()
	b.differ()
	return b
}

// catalogue takes the requirements from the newest runs, of which those of the newest edition say the order.
func (b *Board) catalogue() {
	newest := []Run{}
	for _, e := range b.Endpoints {
		newest = append(newest, e.Newest())
	}
	slices.SortFunc(newest, func(a, b Run) int {
		return cmp.Or(-cmp.Compare(a.Edition, b.Edition), -cmp.Compare(len(a.Requirements), len(b.Requirements)), -a.Started.Compare(b.Started), cmp.Compare(a.File, b.File))
	})
	known, areas := map[string]bool{}, map[string]bool{}
	for _, run := range newest {
		for _, area := range run.Areas {
			if !areas[area.Name] {
				areas[area.Name] = true
				b.Areas = append(b.Areas, area)
			}
		}
		for _, r := range run.Requirements {
			if !known[r.ID] {
				known[r.ID] = true
				b.Requirements = append(b.Requirements, r)
			}
		}
	}
	order := map[string]int{}
	for i, area := range b.Areas {
		order[area.Name] = i
	}
	for _, r := range b.Requirements { // of an area that no report names
		if _, named := order[r.Area]; !named {
			order[r.Area] = len(b.Areas)
			b.Areas = append(b.Areas, requirement.Area{Name: r.Area, Title: r.Area})
		}
	}
	slices.SortFunc(b.Requirements, func(a, b requirement.Requirement) int {
		return cmp.Or(cmp.Compare(order[a.Area], order[b.Area]), strings.Compare(a.ID, b.ID))
	})
	b.Areas = slices.DeleteFunc(b.Areas, func(a requirement.Area) bool {
		return !slices.ContainsFunc(b.Requirements, func(r requirement.Requirement) bool { return r.Area == a.Name })
	})
}

// identify gives each endpoint an id of letters, digits and dashes.
func (b *Board) identify() {
	taken := map[string]bool{}
	for _, e := range b.Endpoints {
		id := slug(e.Name)
		for taken[id] {
			id += "-x"
		}
		taken[id] = true
		e.ID = id
	}
}

func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	text := "at-" + strings.Join(words, "-")
	return strings.TrimRight(text[:min(len(text), 60)], "-")
}

// differ compares the endpoints' newest runs.
func (b *Board) differ() {
	for i, r := range b.Requirements {
		d := Difference{Requirement: r}
		for _, e := range b.Endpoints {
			kind := e.Cells[i].Kind
			if kind.Judged() {
				d.Judged++
			}
			if kind.Fails() {
				d.Fails = append(d.Fails, e.ID)
				d.Gates = d.Gates || kind == Failed
			}
		}
		if len(d.Fails) > 0 && d.Judged > 1 {
			b.Differences = append(b.Differences, d)
		}
	}
	slices.SortStableFunc(b.Differences, func(a, b Difference) int {
		gates := func(d Difference) int { return map[bool]int{true: 0, false: 1}[d.Gates] }
		return cmp.Or(gates(a)-gates(b), len(b.Fails)-len(a.Fails))
	})
}

// Endpoint is the one with an id.
func (b *Board) Endpoint(id string) *Endpoint {
	for _, e := range b.Endpoints {
		if e.ID == id {
			return e
		}
	}
	return nil
}
