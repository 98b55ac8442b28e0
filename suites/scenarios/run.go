package scenarios

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Scenario is a named sequence of writes in the account, by which a run learns what reading alone does not show.
type Scenario struct {
	Name  string
	Makes Makes
	Late  bool // it begins when the others are ready: they have the clones that it builds on
	Last  bool // it may spoil what the others look at
	Spare bool // it is of use without its clones too, where --max-clones leaves no room for them
	Run   func(ctx context.Context, s *Runner)
}

// Runner runs one scenario: it writes to the account under the scenario's name.
type Runner struct {
	*account.Writer
	ready func()
}

// Ready says that the scenario has the clones that those which begin late build on. It is said anyway when it ends.
func (s *Runner) Ready() { s.ready() }

// Makes is the most that a scenario makes. People read it before the first write.
type Makes struct {
	Clones  []account.Source
	Servers int
	Refused int // the most drives that it makes beside the clones, where the endpoint carries out what it should refuse
}

// requestTime is what the requests of a scenario may take beyond the clones that it waits for.
const requestTime = 5 * time.Minute

// StepOf is the step that a request is of which has the key in the record; it is nothing where it is of no scenario.
func StepOf(key string) evidence.Step {
	scenario, at, _ := steps.Find(key)
	return evidence.Step{Scenario: string(scenario), Name: string(at.Step), Part: string(at.Part), Nth: at.Nth}
}

// Run runs the scenarios side by side, the late ones when the others are ready, and those that are to be last after all the
// others. Each has a deadline; one that breaks off does not harm the others. Where there is a bound of clones, the scenarios
// get theirs in the order of the list. What they made is still there: Cleanup removes it.
func Run(ctx context.Context, a *account.Account, list []Scenario) {
	runners := allot(a, list)
	var ready, all sync.WaitGroup
	for i, e := range list {
		if e.Last {
			continue
		}
		if !e.Late {
			ready.Add(1)
			runners[i].ready = sync.OnceFunc(ready.Done)
		}
	}
	for i, e := range list {
		if e.Last {
			continue
		}
		all.Go(func() {
			if e.Late {
				ready.Wait()
			}
			defer runners[i].Ready()
			run(ctx, e, runners[i])
		})
	}
	all.Wait()
	for i, e := range list {
		if e.Last {
			run(ctx, e, runners[i])
		}
	}
}

// allot begins the scenarios and gives each the clones that it may make: which of them has to do without must not depend
// on which is faster.
func allot(a *account.Account, list []Scenario) []*Runner {
	runners := make([]*Runner, len(list))
	left := a.MaxClones()
	for i, e := range list {
		runners[i] = &Runner{Writer: a.Writer(e.Name), ready: func() {}}
		if a.MaxClones() > 0 {
			room := min(left, len(e.Makes.Clones)+e.Makes.Refused)
			runners[i].Allow(room)
			left -= room
		}
	}
	return runners
}

// run runs one scenario, whatever becomes of it.
func run(ctx context.Context, e Scenario, s *Runner) {
	limit := requestTime + s.Account().CloneTimeout()*time.Duration(1+len(e.Makes.Clones)+e.Makes.Refused)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer func() {
		if mistake := recover(); mistake != nil {
			s.End(fmt.Sprintf("it broke off by a mistake in the suite (please report it): %v", mistake))
		}
	}()
	e.Run(limited, s)
	switch {
	case ctx.Err() != nil:
		s.End("the run was interrupted, or its time was up")
	case limited.Err() != nil:
		s.End(fmt.Sprintf("it took longer than %s", limit.Round(time.Second)))
	}
}

// Material is what the scenarios work with. What the endpoint has none of is nil or empty.
type Material struct {
	Licensed     *account.Source  // a library disk with licences: several and amounts above one, where there is such
	Licensed2    *account.Source  // another one, which shows what the first does not
	Unlicensed   *account.Source  // the smallest library disk without licences
	CDROM        *account.Source  // the library CDROM that would be missed least
	Victim       *account.Source  // the library drive that would be missed least; nil: the smallest of the others
	Probed       []account.Source // library drives for requests that should be refused, which no other scenario clones; where there are fewer, it is the smallest
	KnownUUIDs   map[string]bool  // of the library
	Names        map[string]string
	OtherLicence []byte   // JSON of a licence that Licensed does not carry, as GET /licenses/ has it or as an entry of a drive
	UnknownUUID  string   // that nobody has
	Seed         uint64   // of what is made up by chance
	Affinities   []string // that the published schema offers
	OwnDrive     string   // the uuid of a drive of the account, to keep a clone away from; may be empty
}

// Choose returns the scenarios that the material serves. With probes they also ask for what a sound endpoint refuses.
func Choose(m Material, probes bool) []Scenario {
	var list []Scenario
	for _, e := range []*Scenario{
		m.licensedClone(), m.sideBySide(), m.biggerClone(), m.unnamedClones(), m.attaching(probes), m.refusals(probes),
		m.session(probes), m.unauthenticatedClone(probes), m.hostileClones(probes), m.unknownAction(probes), m.licenceMethods(probes),
		m.forbiddenMethods(probes),
	} {
		if e == nil {
			continue
		}
		body := e.Run
		e.Run = func(ctx context.Context, s *Runner) {
			s.Account().Protect(m.KnownUUIDs)
			s.Account().Named(m.Names)
			body(ctx, s)
		}
		list = append(list, *e)
	}
	return list
}

// first is the first source that there is.
func first(sources ...*account.Source) *account.Source {
	at := slices.IndexFunc(sources, func(s *account.Source) bool { return s != nil })
	if at < 0 {
		return nil
	}
	return sources[at]
}

// clones is how a scenario of one source announces its clones.
func clones(n int, of *account.Source) Makes {
	return Makes{Clones: slices.Repeat([]account.Source{*of}, n)}
}
