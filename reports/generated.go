package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Generated is what a selftest with faults that were made by code found.
type Generated struct {
	Tool     Tool
	Seed     uint64
	Made     int // how many faults the seed makes; Faults are a sample of them, or all
	Faults   []GeneratedOutcome
	Started  time.Time
	Duration time.Duration
}

// GeneratedKind is what became of a generated fault.
type GeneratedKind string

// What becomes of a generated fault.
const (
	Killed     GeneratedKind = "killed"     // told, by a requirement that it breaks where that is decided
	Elsewhere  GeneratedKind = "elsewhere"  // the run is not green, but nothing that it breaks failed
	Survived   GeneratedKind = "survived"   // the run is green
	Explained  GeneratedKind = "explained"  // the run is green, and no requirement states anything of it
	Equivalent GeneratedKind = "equivalent" // the documentation leaves open what the endpoint does
	Unseen     GeneratedKind = "unseen"     // nothing of it shows in a fixed conversation: it is not counted
)

// GeneratedKinds are in the order in which they are told.
var GeneratedKinds = [...]GeneratedKind{Killed, Elsewhere, Survived, Explained, Equivalent, Unseen}

// GeneratedOutcome is a run against one generated fault.
type GeneratedOutcome struct {
	Name                       string
	Operator, Place, Condition string
	Breaks                     []string // the requirements of which one at least should fail; empty where that is not decided
	Failed                     []string // the requirements that failed
	Outcome                    GeneratedKind
	How                        string // where no requirement failed and it was told all the same: unstable, or why the run is incomplete
	Reason                     string // why it is equivalent, or what explains it
	Problem                    string // why it could not be judged
	Duration                   time.Duration
}

// Good reports whether nothing was missed.
func (o GeneratedOutcome) Good() bool {
	return o.Problem == "" && o.Outcome != Survived && o.Outcome != Elsewhere
}

// Judge says what became of the fault by the report of the run. What comes and goes is told where it is unstable, too.
func (o *GeneratedOutcome) Judge(r *Report, comes bool) {
	o.Failed = nil
	for _, result := range r.Results {
		if result.Verdict == Fail {
			o.Failed = append(o.Failed, result.Requirement.ID)
		}
	}
	decided := slices.ContainsFunc(o.Failed, func(id string) bool { return slices.Contains(o.Breaks, id) })
	switch {
	case decided || len(o.Breaks) == 0 && len(o.Failed) > 0:
		o.Outcome = Killed
	case comes && len(r.Unstable) > 0:
		o.Outcome, o.How = Killed, "unstable: "+r.Unstable[0]
	case len(o.Failed) > 0:
		o.Outcome = Elsewhere
	case r.ExitCode() != ExitConforms && len(o.Breaks) == 0:
		o.Outcome, o.How = Killed, r.Conclusion()
	case r.ExitCode() != ExitConforms:
		o.Outcome, o.How = Elsewhere, r.Conclusion()
	default:
		o.Outcome = Survived
	}
}

// GeneratedCount is how many faults of a kind came to what.
type GeneratedCount struct {
	Name string
	Of   map[GeneratedKind]int
}

// Counted is how many are counted: all but those of which nothing shows.
func (c GeneratedCount) Counted() int {
	n := 0
	for kind, of := range c.Of {
		if kind != Unseen {
			n += of
		}
	}
	return n
}

// Score is the part of those that are not equivalent that was killed, in percent.
func (c GeneratedCount) Score() float64 {
	all := c.Counted() - c.Of[Equivalent]
	if all == 0 {
		return 100
	}
	return 100 * float64(c.Of[Killed]) / float64(all)
}

// Total counts all of them.
func (g *Generated) Total() GeneratedCount {
	return count(g.Faults, func(GeneratedOutcome) string { return "all" })["all"]
}

// ByOperator, ByPlace and ByCondition count them by a part of their names, those with the lowest score first. A place is
// counted without its field.
func (g *Generated) ByOperator() []GeneratedCount {
	return g.by(func(o GeneratedOutcome) string { return o.Operator })
}

// ByPlace counts them by their places; see ByOperator.
func (g *Generated) ByPlace() []GeneratedCount {
	return g.by(func(o GeneratedOutcome) string {
		view, _, _ := strings.Cut(o.Place, ",")
		return view
	})
}

// ByCondition counts them by their conditions; see ByOperator.
func (g *Generated) ByCondition() []GeneratedCount {
	return g.by(func(o GeneratedOutcome) string { return o.Condition })
}

func (g *Generated) by(name func(GeneratedOutcome) string) []GeneratedCount {
	counts := slices.Collect(maps.Values(count(g.Faults, name)))
	slices.SortFunc(counts, func(a, b GeneratedCount) int {
		return cmp.Or(cmp.Compare(a.Score(), b.Score()), cmp.Compare(a.Name, b.Name))
	})
	return counts
}

func count(faults []GeneratedOutcome, name func(GeneratedOutcome) string) map[string]GeneratedCount {
	counts := map[string]GeneratedCount{}
	for _, o := range faults {
		if o.Problem != "" {
			continue
		}
		c := counts[name(o)]
		if c.Of == nil {
			c = GeneratedCount{name(o), map[GeneratedKind]int{}}
		}
		c.Of[o.Outcome]++
		counts[name(o)] = c
	}
	return counts
}

// Judged reports whether each of them was.
func (g *Generated) Judged() bool {
	return !slices.ContainsFunc(g.Faults, func(o GeneratedOutcome) bool { return o.Problem != "" })
}

// OK reports whether each of them is killed, explained, equivalent or not to be seen.
func (g *Generated) OK() bool {
	return !slices.ContainsFunc(g.Faults, func(o GeneratedOutcome) bool { return !o.Good() })
}
