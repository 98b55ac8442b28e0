package account

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// ProofGap is what is missing for a resource to be written to.
type ProofGap int

// The gaps.
const (
	NotClaimed    ProofGap = iota // no answer to a create named it
	BadID                         // its id can't be put into a path without doubt
	NotItsOwn                     // it was in the account before the run, or is the library's
	Absent                        // GET of its path answers 404 or 410
	NotShown                      // GET of its path does not answer 200 with its id
	Nameless                      // neither its name nor a job says that this run made it
	Elsewhere                     // a job names it, but another drive has the name that was asked for
	OtherRuns                     // its name is one that another run gave
	NotLibrary                    // GET below libdrives does not show it
	OthersLibrary                 // it is listed in the library, and in the account, where somebody owns it
	OthersMounted                 // it would be deleted with the server that it is mounted on
	NoJob                         // it is not cloned without a name, for no job of a clone says whose the clone is
	Unasked                       // the run ended before it could be asked for
)

// MissingProof says why nothing is written to a resource: what an answer says of it is not enough to show that the run
// made it, or that it is a drive of the library.
type MissingProof struct {
	Gap      ProofGap
	Kind, ID string
	Name     string // as GET answered it, where that matters
	Answered string // how GET was answered, where that matters
}

func (m *MissingProof) Error() string {
	what := fmt.Sprintf("%s %q", m.Kind, clipped(m.ID))
	switch m.Gap {
	case NotClaimed:
		return what + " is nothing that this run made"
	case BadID:
		return what + " has an id that could be understood as another path"
	case NotItsOwn:
		return what + " is the library's or was there before the run"
	case Absent, NotShown:
		return fmt.Sprintf("%s is not proven to be this run's: GET of it %s", what, m.Answered)
	case Nameless:
		return fmt.Sprintf("%s is not proven to be this run's: its name is %q, and no job that began after the request names it together with its source", what, clipped(m.Name))
	case Elsewhere:
		return fmt.Sprintf("%s is not this run's: its name is %q, and another drive has the name that was asked for", what, clipped(m.Name))
	case OtherRuns:
		return fmt.Sprintf("%s is another run's: its name is %q", what, clipped(m.Name))
	case NotLibrary:
		return fmt.Sprintf("%s is not proven to be a library drive: GET of it below libdrives %s", what, m.Answered)
	case OthersLibrary:
		return fmt.Sprintf("%s is listed in the library, but it has an owner or was in the account before the run, and GET of it below drives %s", what, m.Answered)
	case NoJob:
		return what + " is not cloned without a name: by the jobs of this run's other clones, nothing would prove whose the clone is"
	case OthersMounted:
		return fmt.Sprintf("%s is mounted on the server, and is neither the library's nor proven to be this run's", what)
	}
	return what + " was not asked for: the run was interrupted, or its time was up"
}

func clipped(text string) string {
	const longest = 100
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// claim is a drive or a server that an answer, a list or a journal says a run made, with what it takes to prove that.
type claim struct {
	kind, id string
	given    string    // the name that was asked for; empty: not known
	source   string    // the drive that it is a clone of; empty: no job can prove it
	asked    time.Time // by the endpoint's clock, before the create was sent; zero: no job can prove it
	until    time.Time // by the endpoint's clock, when its create was answered; zero: not known
	jobs     []string  // known beside those of its own definition: from a journal
}

// prover weighs claims. What is proven is ours; a wrong name, a wrong owner or a missing job alone is only a finding.
type prover struct {
	ask       func(step, target string) *evidence.Exchange
	ours      func(name string) bool // the name has the run's id in it
	others    func(name string) bool // it has another run's
	protected func(id string) bool   // it is the library's, or was there before
	made      func(c claim) []claim  // what was proven to be the result of a create of this run, except for the claim
	jobsProve bool                   // what was there before is known, so that a job can prove something new
	nameOf    func(id string) string // of a library drive; empty where it is not known
	claimed   func(id string) bool   // an answer to a create of this run named it
}

// weigh compares a claim with what GET of its path answered.
func (p prover) weigh(c claim, x *evidence.Exchange, step string) (Definition, *MissingProof) {
	missing := &MissingProof{Kind: c.kind, ID: c.id}
	one, seen := DefinitionOf(x)
	missing.Name, missing.Answered = one.Name, Answered(x)
	switch {
	case x.Status() == http.StatusNotFound || x.Status() == http.StatusGone:
		missing.Gap = Absent
	case !seen || x.Status() != http.StatusOK:
		missing.Gap = NotShown
	case !SameID(one.UUID, c.id):
		missing.Gap, missing.Answered = NotShown, fmt.Sprintf("%s with the uuid %q", missing.Answered, clipped(one.UUID))
	case p.protected(c.id) || c.kind == Drive && one.nobodys && p.inLibrary(c, step):
		missing.Gap = NotItsOwn
	case p.ours(one.Name):
		return one, nil
	case p.others(one.Name):
		missing.Gap = OtherRuns
	case !p.jobsProve || !p.provenByJob(c, one, step):
		missing.Gap = Nameless
	case p.elsewhere(c, step):
		missing.Gap = Elsewhere
	default:
		return one, nil
	}
	return one, missing
}

// inLibrary asks whether a drive of nobody's is in the library, though no list of the library shows it.
func (p prover) inLibrary(c claim, step string) bool {
	one, seen := DefinitionOf(p.ask(step+" library", ResourcePath("libdrives", c.id)))
	return seen && SameID(one.UUID, c.id)
}

// elsewhere reports whether another drive has, or had, the name that was asked for, or whether that can't be seen: that
// one is the clone, and somebody else cloned the same drive at the same time.
func (p prover) elsewhere(c claim, step string) bool {
	if c.given == "" {
		return p.unclaimed(c, step)
	}
	known := p.made(c)
	for _, other := range known {
		if other.given == c.given && !SameID(other.id, c.source) {
			return true
		}
	}
	list := readList(p.ask, step+" names", "drives/detail/")
	return !list.complete || slices.ContainsFunc(list.objects, func(one Definition) bool {
		return Bears(one.Name, c.given) && !SameID(one.UUID, c.id) && !SameID(one.UUID, c.source) &&
			!slices.ContainsFunc(known, func(other claim) bool { return SameID(other.id, one.UUID) })
	})
}

// unclaimed reports, of a clone that nobody named, whether it is not named after its source, or whether another drive is that
// no answer named and that was not there before, or whether that can't be seen: then it may be that one which is ours.
func (p prover) unclaimed(c claim, step string) bool {
	source := p.nameOf(c.source)
	list := readList(p.ask, step+" names", "drives/detail/")
	return !list.complete || slices.ContainsFunc(list.objects, func(one Definition) bool {
		if SameID(one.UUID, c.id) {
			return !derivesFrom(one.Name, source)
		}
		return derivesFrom(one.Name, source) && !p.protected(one.UUID) && !p.claimed(one.UUID)
	})
}

// prover is the account's. Its questions go into the record under the scenario.
func (a *Account) prover(ctx context.Context, scenario string) prover {
	a.mu.Lock()
	known := len(a.incomplete) == 0
	a.mu.Unlock()
	return prover{
		ask:       func(step, target string) *evidence.Exchange { return a.ask(ctx, scenario, step, target) },
		ours:      a.ourName,
		others:    func(name string) bool { return bearsAnother(name, a.config.Run) },
		protected: a.protected,
		made:      a.provenBeside,
		jobsProve: known,
		nameOf:    a.libraryName,
		claimed: func(id string) bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.lookup(Drive, id) != nil
		},
	}
}

// prove makes sure that a resource is ours before it is written to, or named in a write: by what the scenario saw of it,
// and where that is not enough by asking. A new resource may not be there yet, so it is asked for until the settling
// time is over. What was proven stays proven, and what could not be stays so until the clean-up tries again.
func (a *Account) prove(ctx context.Context, scenario, step, kind, id string) *MissingProof {
	missing := &MissingProof{Kind: kind, ID: id}
	if !isID(id) {
		missing.Gap = BadID
		return missing
	}
	if a.protected(id) {
		missing.Gap = NotItsOwn
		return missing
	}
	a.mu.Lock()
	o := a.lookup(kind, id)
	a.mu.Unlock()
	if o == nil {
		return missing
	}
	o.proving.Lock()
	defer o.proving.Unlock()
	a.mu.Lock()
	proven, known, seen, c, path := o.proven, o.missing, o.seen, o.claim(), o.Path()
	until := time.Until(o.made.Add(a.config.SettleTimeout))
	a.mu.Unlock()
	if proven || known != nil {
		return known
	}
	limited, cancel := context.WithTimeout(ctx, until)
	defer cancel()
	p := a.prover(ctx, scenario)
	for n := 0; ; n++ {
		x := seen
		if n > 0 || seen == nil {
			x = p.ask(numbered(step+" proof", n), path)
		}
		var one Definition
		if one, missing = p.weigh(c, x, numbered(step+" proof", n)); missing == nil {
			a.proved(o, one)
			return nil
		}
		if ctx.Err() != nil {
			missing.Gap = Unasked
			return missing
		}
		final := missing.Gap == NotItsOwn || missing.Gap == OtherRuns || missing.Gap == Elsewhere
		if final || !a.pace.wait(limited, n) {
			break
		}
	}
	if ctx.Err() != nil {
		missing.Gap = Unasked
		return missing
	}
	a.mu.Lock()
	o.missing = missing
	e := Entry{Event: Foreign, Kind: o.Kind, UUID: o.UUID, Name: o.given, Scenario: o.Scenario, Step: o.Step}
	a.mu.Unlock()
	if missing.Gap == Elsewhere || missing.Gap == OtherRuns {
		a.remark(e) // so that a later clean-up does not take it for ours either
	}
	return missing
}

// proveNow makes sure that a resource is still ours, as GET answers it now: before it is deleted. An answer that shows
// nothing takes no proof away.
func (a *Account) proveNow(ctx context.Context, scenario, step, kind, id string) *MissingProof {
	if missing := a.prove(ctx, scenario, step, kind, id); missing != nil {
		return missing
	}
	path := ResourcePath(kind+"s", id)
	a.saw(path, a.ask(ctx, scenario, step+" proof now", path))
	return a.prove(ctx, scenario, step, kind, id)
}

// provenBeside are the drives that were proven to be made by creates of this run, except for one.
func (a *Account) provenBeside(c claim) []claim {
	a.mu.Lock()
	defer a.mu.Unlock()
	var proven []claim
	for _, o := range a.owned {
		if o.proven && o.Kind == Drive && !SameID(o.UUID, c.id) {
			proven = append(proven, o.claim())
		}
	}
	return proven
}

func numbered(step string, n int) string {
	if n == 0 {
		return step
	}
	return fmt.Sprintf("%s %d", step, n+1)
}

// proved keeps that a resource is ours.
func (a *Account) proved(o *owned, one Definition) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o.proven, o.missing, o.byJob = true, nil, !a.ourName(one.Name)
	o.know(one)
	if one.Name != "" && (o.Name == "" || o.derived && a.ourName(one.Name)) {
		o.Name = one.Name
	}
	a.lost = slices.DeleteFunc(a.lost, func(l lostCreate) bool {
		return l.kind == o.Kind && l.name == o.given && l.scenario == o.Scenario && l.step == o.Step
	})
}

// saw keeps what a scenario's GET of a resource of ours, or of a job or a library drive, says: it may serve as a proof.
func (a *Account) saw(path string, x *evidence.Exchange) {
	if id := libraryID(path); id != "" {
		if one, seen := DefinitionOf(x); seen && x.Status() == http.StatusOK && SameID(one.UUID, id) && one.nobodys {
			a.mu.Lock()
			a.libraryShown[strings.ToLower(id)] = true
			a.mu.Unlock()
		}
		return
	}
	kind, id, rest := splitPath(path)
	if kind == "" || id == "" || rest != "" {
		return
	}
	a.mu.Lock()
	o := a.lookup(kind, id)
	a.mu.Unlock()
	if o == nil {
		return
	}
	one, seen := DefinitionOf(x)
	gone := x.Status() == http.StatusNotFound || x.Status() == http.StatusGone
	if seen && x.Status() == http.StatusOK && SameID(one.UUID, id) && a.ourName(one.Name) && !one.nobodys && !a.protected(id) {
		a.proved(o, one)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if seen && SameID(one.UUID, id) {
		o.seen = x
		o.know(one)
		// A name can be shown once by mistake: what is not shown under our name any more is proven anew before it is written to.
		if x.Status() == http.StatusOK && !o.byJob && !a.ourName(one.Name) {
			o.proven = false
		}
	}
	o.absent = gone && o.deleting
}

// proveLibrary makes sure that a drive is one of the library's before it is named in a write: that it is listed there is
// not enough.
func (a *Account) proveLibrary(ctx context.Context, scenario, step, id string) *MissingProof {
	missing := &MissingProof{Kind: Drive, ID: id}
	if !isID(id) {
		missing.Gap = BadID
		return missing
	}
	low := strings.ToLower(id)
	a.mu.Lock()
	listed, shownThere, before, proven := a.library[low], a.libraryShown[low], a.before[low] == Drive, a.libraryProven[low]
	a.mu.Unlock()
	if proven {
		return nil
	}
	if !listed {
		missing.Gap, missing.Answered = NotLibrary, "was not sent, for no list of the library names it"
		return missing
	}
	if !shownThere {
		target := ResourcePath("libdrives", id)
		x := a.config.Record.Answer(evidence.Get(target).Key(), 1) // what the run read already may serve
		if x == nil || x.Status() != http.StatusOK {
			x = a.ask(ctx, scenario, step+" library drive", target)
		}
		one, seen := DefinitionOf(x)
		if !seen || x.Status() != http.StatusOK || !SameID(one.UUID, id) {
			missing.Gap, missing.Answered = NotLibrary, Answered(x)
			return missing
		}
		before = before || !one.nobodys // lists may have hidden it when the account was looked at first
	}
	if before {
		x := a.ask(ctx, scenario, step+" owner", ResourcePath("drives", id))
		if one, seen := DefinitionOf(x); !seen || !SameID(one.UUID, id) || !one.nobodys {
			missing.Gap, missing.Answered = OthersLibrary, Answered(x)
			return missing
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.libraryProven[low] = true
	return nil
}

// proveEither makes sure that a drive is the library's, or this run's own.
func (a *Account) proveEither(ctx context.Context, scenario, step, id string) *MissingProof {
	a.mu.Lock()
	listed := a.library[strings.ToLower(id)]
	a.mu.Unlock()
	if listed {
		return a.proveLibrary(ctx, scenario, step, id)
	}
	return a.prove(ctx, scenario, step, Drive, id)
}

// proveMounted makes sure that nothing is mounted on a server of ours that must not be deleted with it.
func (a *Account) proveMounted(ctx context.Context, scenario, step string, server Resource) *MissingProof {
	made := time.Now()
	if own, known := a.find(Server, server.UUID); known {
		made = own.made
	}
	limited, cancel := context.WithDeadline(ctx, made.Add(a.config.SettleTimeout))
	defer cancel()
	x := a.ask(ctx, scenario, step+" drives", server.Path())
	for n := 0; unseen(x) && a.pace.wait(limited, n); n++ { // a new one may not be there for everybody who answers
		x = a.ask(ctx, scenario, step+" drives", server.Path())
	}
	one, seen := DefinitionOf(x)
	if !seen || x.Status() != http.StatusOK || !SameID(one.UUID, server.UUID) || !one.drivesReadable {
		return &MissingProof{Gap: NotShown, Kind: Server, ID: server.UUID, Answered: Answered(x)}
	}
	for _, id := range one.Drives {
		if missing := a.proveEither(ctx, scenario, step, id); missing != nil {
			return &MissingProof{Gap: OthersMounted, Kind: Drive, ID: id}
		}
	}
	return nil
}
