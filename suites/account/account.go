package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// Config says whose account is written to, and within which limits.
type Config struct {
	Client           *client.Client
	Record           *evidence.Record
	Journal          *Journal                       // nil: none is kept
	Run              string                         // the run's id, as NewRunID makes it
	CloneTimeout     time.Duration                  // the most that a clone may take; 0 is DefaultCloneTimeout
	MaxClones        int                            // the most drives that are made, by probes too; 0 is no bound
	StepOf           func(key string) evidence.Step // the step that a key in the record is of; nil: nobody knows
	Harmed           func(Harm)                     // is told of harm as soon as it is seen; may be nil
	Cloned           func(took time.Duration)       // is informed of each clone whose job was seen to be done, from many goroutines; may be nil
	PollMin, PollMax time.Duration                  // between two looks at what is under way, growing; 0 are the defaults
	SettleTimeout    time.Duration                  // how long what a write brings about may take to show; 0 is DefaultSettleTimeout
	CleanupTimeout   time.Duration                  // what cleaning up may take beyond the clones that it waits for; 0 is DefaultCleanupTimeout and SettleTimeout
}

// Defaults of an account.
const (
	DefaultCloneTimeout   = 20 * time.Minute // of the smallest drives that there are
	DefaultPollMin        = 20 * time.Millisecond
	DefaultPollMax        = 15 * time.Second
	DefaultCleanupTimeout = 2 * time.Minute
	DefaultSettleTimeout  = 30 * time.Second // the provider's own tests wait up to 20 s for lists and states
)

// Account is the only door to writing. It knows what is the run's own, and lets nothing else be changed: neither what
// the account held before, nor anything of the library. It may be used by many goroutines at once.
type Account struct {
	config  Config
	pace    pace
	surveys sync.Mutex // held while the account is looked over, so that nobody writes before that is done

	mu         sync.Mutex
	owned      []*owned                 // in the order in which they were made
	lost       []lostCreate             // creates whose answers do not say what became of them
	names      int                      // names given so far
	clones     int                      // clones asked for so far and not refused
	written    bool                     // something that makes a resource was sent
	closed     bool                     // cleanup has begun: nothing more is made
	cleaned    *Leftovers               // what cleanup found, once it is sure of it
	surveyed   bool                     //
	library    map[string]bool          // uuids of library drives
	before     map[string]string        // uuids of the account's drives and servers before the first write, with their kinds
	spellings  map[string]bool          // of the uuids in library and before, whichever way they are written
	incomplete []string                 // what could not be looked over before the first write
	ended      map[string]string        // scenarios that ended early, and why
	unproven   map[string]*MissingProof // of those, the ones that ended because nothing proves a resource
	causes     map[string]Cause         // of those, what decides what is said of the requirements that look at them
	harm       []Harm                   // what requests did to the library that they should not
	notes      []string
	settlings  map[Settles]*Settling
	cloneTook  time.Duration // from its answer until its job was seen to be done, of the last clone that was waited for

	jobsProve     bool            // the job of a clone that is proven to be ours would have proven it alone
	creating      []*creating     // creates so far, each with its time
	strangers     map[string]bool // by source and uuid, drives that came meanwhile and that nothing proves to be ours
	libraryNames  map[string]string
	libraryShown  map[string]bool // uuids that GET below libdrives showed
	libraryProven map[string]bool // uuids of library drives that may be named in a write
}

// Open makes the door. Nothing is asked of the endpoint before the first write.
func Open(c Config) *Account {
	c.CloneTimeout = cmp.Or(c.CloneTimeout, DefaultCloneTimeout)
	c.PollMin = cmp.Or(c.PollMin, DefaultPollMin)
	c.PollMax = cmp.Or(c.PollMax, DefaultPollMax)
	c.SettleTimeout = cmp.Or(c.SettleTimeout, DefaultSettleTimeout)
	c.CleanupTimeout = cmp.Or(c.CleanupTimeout, DefaultCleanupTimeout+c.SettleTimeout)
	if c.StepOf == nil {
		c.StepOf = func(string) evidence.Step { return evidence.Step{} }
	}
	if c.Journal == nil {
		c.Journal = &Journal{run: c.Run}
	}
	return &Account{
		config: c, pace: pace{c.PollMin, c.PollMax},
		library: map[string]bool{}, before: map[string]string{}, spellings: map[string]bool{}, ended: map[string]string{}, unproven: map[string]*MissingProof{},
		causes: map[string]Cause{}, libraryShown: map[string]bool{}, libraryProven: map[string]bool{},
		settlings: map[Settles]*Settling{}, strangers: map[string]bool{}, libraryNames: map[string]string{},
	}
}

// Run is the run's id.
func (a *Account) Run() string { return a.config.Run }

// Client is the client by which the account is reached.
func (a *Account) Client() *client.Client { return a.config.Client }

// MaxClones is the most drives that are made, by probes too; 0 is no bound.
func (a *Account) MaxClones() int { return a.config.MaxClones }

// CloneTimeout is the most that a clone may take.
func (a *Account) CloneTimeout() time.Duration { return a.config.CloneTimeout }

// Protect names uuids of library drives, which nothing may change whatever an answer says of them.
func (a *Account) Protect(uuids map[string]bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for uuid, known := range uuids {
		if known {
			a.library[strings.ToLower(uuid)], a.spellings[spelling(uuid)] = true, true
		}
	}
}

// Ended are the scenarios that ended before their end, each with the reason.
func (a *Account) Ended() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	ended := make(map[string]string, len(a.ended))
	for name, reason := range a.ended {
		ended[name] = reason
	}
	return ended
}

// keepMissing keeps why a scenario could not go on, unless it ended before.
func (a *Account) keepMissing(scenario string, missing *MissingProof) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended[scenario] == "" {
		a.unproven[scenario] = missing
	}
}

// Unproven are the scenarios that ended because something that they were to write to was not proven to be the run's own, or
// the library's.
func (a *Account) Unproven() map[string]*MissingProof {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.unproven)
}

// Causes are the causes of the scenarios that ended early, where they have one.
func (a *Account) Causes() map[string]Cause {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.causes)
}

// accountScenario begins the keys of what the account asks for itself.
const accountScenario = "account"

// survey looks, once and before the first write, at what is there already. Whatever an answer claims later, none of it
// is ours.
func (a *Account) survey(ctx context.Context) {
	a.surveys.Lock()
	defer a.surveys.Unlock()
	a.mu.Lock()
	done, known := a.surveyed, len(a.library) > 0
	a.mu.Unlock()
	if done {
		return
	}
	a.mu.Lock()
	a.incomplete = nil // an earlier look may have been interrupted
	a.mu.Unlock()
	look := func(step, path string, keep func(uuid string)) {
		list := readList(func(step, target string) *evidence.Exchange {
			return a.ask(ctx, accountScenario, step, target)
		}, step, path)
		a.mu.Lock()
		defer a.mu.Unlock()
		if !list.complete {
			a.incomplete = append(a.incomplete, path)
		}
		for _, one := range list.objects {
			if one.UUID != "" {
				keep(strings.ToLower(one.UUID))
				a.spellings[spelling(one.UUID)] = true
			}
		}
	}
	if !known {
		look("libdrives before", "libdrives/", func(uuid string) { a.library[uuid] = true })
	}
	look("drives before", "drives/", func(uuid string) { a.before[uuid] = Drive })
	look("servers before", "servers/", func(uuid string) { a.before[uuid] = Server })
	a.mu.Lock()
	defer a.mu.Unlock()
	a.surveyed = ctx.Err() == nil
	if a.surveyed && len(a.incomplete) == 0 {
		a.keepBefore()
	}
}

// keepBefore writes the drives that were there before into the journal: a later clean-up has to know them too, or a job
// proves nothing to it. The caller holds a.mu. Where the journal can't be written, no create is sent either.
func (a *Account) keepBefore() {
	held := []string{}
	for _, uuid := range slices.Sorted(maps.Keys(a.before)) {
		if a.before[uuid] == Drive {
			held = append(held, uuid)
		}
	}
	if err := a.config.Journal.append(Entry{Event: Before, Kind: Drive, Held: held}); err != nil {
		a.notes = append(a.notes, err.Error())
	}
}

// ask makes a read that goes into the record under its scenario and step.
func (a *Account) ask(ctx context.Context, scenario, step, target string) *evidence.Exchange {
	path, query, _ := strings.Cut(target, "?")
	key := scenario + "/" + step
	return a.config.Client.Send(ctx, client.Request{Key: key, Step: a.config.StepOf(key), Purpose: key, Path: path, Query: query})
}

// nextName is a name that nobody else gives.
func (a *Account) nextName() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.names++
	return a.prefix() + strconv.Itoa(a.names)
}

// prefix begins every name of this run, and of no other.
func (a *Account) prefix() string { return runPrefix(a.config.Run) }

func runPrefix(run string) string { return evidence.NamePrefix + run + "-" }

// ourName reports whether a name says that this run gave it, or that it derives from such a name.
func (a *Account) ourName(name string) bool { return bearsRun(name, a.config.Run) }

// protected reports whether the uuid, in whichever way it is written, is one of the library's, or was in the account
// before the run wrote to it.
func (a *Account) protected(uuid string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.isProtected(uuid)
}

func (a *Account) isProtected(uuid string) bool {
	return a.spellings[spelling(uuid)]
}

// Note keeps what a reader of the report should know about the account.
func (a *Account) Note(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.notes = append(a.notes, text)
}

func (a *Account) isClosed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.closed
}

var errClosed = errors.New("the run is being cleaned up, and makes nothing more")

// begin makes the account ready for a create and writes down that it is about to be sent, and when by the endpoint's clock.
func (a *Account) begin(ctx context.Context, i *intent) error {
	if a.isClosed() {
		return errClosed
	}
	a.survey(ctx)
	if err := ctx.Err(); err != nil {
		return &client.Interruption{Cause: err}
	}
	i.asked = a.config.Client.EndpointTime()
	a.mu.Lock()
	closed := a.closed
	a.written = a.written || !closed
	a.mu.Unlock()
	if closed {
		return errClosed
	}
	if err := a.write(i.entry(Intend, "")); err != nil {
		return fmt.Errorf("%w; nothing is made that a later cleanup could not find", err)
	}
	return nil
}
