package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// Resource is a drive or a server that a run made, or, after CleanUp, that a run left.
type Resource struct {
	Kind           string // Drive or Server
	UUID           string // empty where a create may have made it and nobody can see
	Name           string
	Source         string // the uuid of the drive that it is a clone of
	Size           int64  // bytes, of a drive
	Scenario, Step string // what made it
	Removed        bool
}

// String names a resource for people.
func (r Resource) String() string {
	if r.UUID == "" {
		return fmt.Sprintf("%s %q", r.Kind, r.Name)
	}
	return fmt.Sprintf("%s %s %q", r.Kind, r.UUID, r.Name)
}

// Path is where the resource is written to.
func (r Resource) Path() string { return ResourcePath(r.Kind+"s", r.UUID) }

// owned is a resource that an answer says is ours, with what is needed to go on working with it. Nothing is written to it
// before it is proven.
type owned struct {
	ownedCopy
	given   string    // the name that was asked for, or that the endpoint was to derive its own from
	derived bool      // as of an intent
	asked   time.Time // by the endpoint's clock, before its create was sent

	proving sync.Mutex         // held while the proof is asked for
	proven  bool               //
	byJob   bool               // proven by its job, not by its name
	missing *MissingProof      // why it could not be proven; nil: it was not tried, or it was
	seen    *evidence.Exchange // the last GET that showed it
	absent  bool               // GET says that it is gone, after its deletion has started
}

// ownedCopy is what is known of a resource of ours beside its proof.
type ownedCopy struct {
	Resource
	made     time.Time // when its create was answered
	media    string
	licences []json.RawMessage
	jobs     []Definition
	secret   string // a server's vnc_password
	deleting bool   // an answer says that its deletion has started, or that it is gone
}

func (o *owned) claim() claim {
	return claim{kind: o.Kind, id: o.UUID, given: o.given, source: o.Source, asked: o.asked}
}

// know keeps what an answer shows of it.
func (o *owned) know(one Definition) {
	if one.Size > 0 {
		o.Size = one.Size
	}
	if one.Media != "" {
		o.media = one.Media
	}
	if len(one.jobs) > 0 && len(o.jobs) == 0 {
		o.jobs = one.jobs
	}
	if len(one.licences) > 0 {
		o.licences = one.licences
	}
}

// intent is a create that was or is about to be sent.
type intent struct {
	kind, name, source string
	derived            bool      // the endpoint makes the name of the source's, which is the one given here
	asked              time.Time // by the endpoint's clock, before it is sent; zero: not known
	scenario, step     string
	secret             string
}

func (i intent) entry(event, uuid string) Entry {
	return Entry{Event: event, Kind: i.kind, Name: i.name, UUID: uuid, Source: i.source, Asked: i.asked, Scenario: i.scenario, Step: i.step}
}

// lostCreate is a create of which the answer does not say what it made.
type lostCreate struct {
	intent
	sent    time.Time
	status  int           // of its answer; 0: there was none
	claimed *MissingProof // what it named was not proven to be ours; nil: it named nothing
}

// Made is everything that was made so far, as far as answers can be believed.
func (a *Account) Made() []Resource {
	a.mu.Lock()
	defer a.mu.Unlock()
	var made []Resource
	for _, o := range a.owned {
		if o.proven || o.missing == nil {
			made = append(made, o.Resource)
		}
	}
	return made
}

// Known is what is known by now of a resource of ours, and the licences that it was seen with.
func (a *Account) Known(kind, uuid string) (Resource, []json.RawMessage) {
	own, _ := a.find(kind, uuid)
	return own.Resource, own.licences
}

// find returns a copy of what is known of a resource of ours.
func (a *Account) find(kind, uuid string) (ownedCopy, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.lookup(kind, uuid); o != nil {
		return o.ownedCopy, true
	}
	return ownedCopy{}, false
}

func (a *Account) lookup(kind, uuid string) *owned {
	at := slices.IndexFunc(a.owned, func(o *owned) bool { return o.Kind == kind && SameID(o.UUID, uuid) })
	if at < 0 {
		return nil
	}
	return a.owned[at]
}

// adopt takes a resource for ours by what an answer says of it, until it has to be proven. Where it can't be ours at all,
// it says why.
func (a *Account) adopt(i intent, one Definition) (*Resource, *MissingProof) {
	a.mu.Lock()
	known, protected := a.lookup(i.kind, one.UUID), a.isProtected(one.UUID)
	if known != nil {
		defer a.mu.Unlock()
		r := known.Resource
		return &r, nil
	}
	a.mu.Unlock()
	if !isID(one.UUID) {
		return nil, &MissingProof{Gap: BadID, Kind: i.kind, ID: one.UUID}
	}
	if protected {
		a.remark(i.entry(Foreign, one.UUID))
		return nil, &MissingProof{Gap: NotItsOwn, Kind: i.kind, ID: one.UUID}
	}
	o := &owned{
		ownedCopy: ownedCopy{
			Resource: Resource{Kind: i.kind, UUID: one.UUID, Name: i.name, Source: i.source, Size: one.Size, Scenario: i.scenario, Step: i.step},
			made:     time.Now(), media: one.Media, licences: one.licences, jobs: one.jobs, secret: i.secret,
		},
		given: i.name, derived: i.derived, asked: i.asked,
	}
	if one.Name != "" && (o.Name == "" || i.derived && a.ourName(one.Name)) {
		o.Name = one.Name
	}
	e := i.entry(Made, one.UUID)
	if len(one.jobs) > 0 {
		e.Job = one.jobs[0].UUID
	}
	a.remark(e)
	a.mu.Lock()
	defer a.mu.Unlock()
	if known := a.lookup(i.kind, one.UUID); known != nil { // two answers named it at once
		o = known
	} else {
		a.owned = append(a.owned, o)
	}
	r := o.Resource
	return &r, nil
}

// remark writes to the journal what happened already. That it can't must not stop the clean-up, which knows it anyway.
func (a *Account) remark(e Entry) {
	if err := a.write(e); err != nil {
		a.Note(err.Error())
	}
}

// removed notes that a resource is gone.
func (a *Account) removed(kind, uuid string) {
	a.mu.Lock()
	o := a.lookup(kind, uuid)
	first := o != nil && !o.Removed
	if first {
		o.Removed = true
	}
	var e Entry
	if first {
		e = Entry{Event: Gone, Kind: kind, Name: o.Name, UUID: o.UUID, Scenario: o.Scenario, Step: o.Step}
	}
	a.mu.Unlock()
	if first {
		a.remark(e)
	}
}

// lose notes a create of which nobody knows what it made.
func (a *Account) lose(i intent, status int, claimed *MissingProof) {
	a.remark(i.entry(Lost, ""))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost = append(a.lost, lostCreate{i, time.Now(), status, claimed})
}

// deleted notes that the deletion of a resource has started.
func (a *Account) deleted(kind, uuid string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.lookup(kind, uuid); o != nil {
		o.deleting = true
	}
}

// write adds an event to the journal, without the secrets that an endpoint may have put into a name or a uuid. Those that
// may stand in one by chance stay: what is found by it has to be found again.
func (a *Account) write(e Entry) error {
	for _, text := range []*string{&e.Name, &e.UUID, &e.Source, &e.Job} {
		*text = a.config.Record.Identifier(*text)
	}
	return a.config.Journal.append(e)
}
