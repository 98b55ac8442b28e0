package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// Resource is a drive or a server that a run made, or, after Sweep, that a run left.
type Resource struct {
	Kind        string // Drive or Server
	UUID        string // empty where a create may have made it and nobody can see
	Name        string
	Source      string // the uuid of the drive that it is a clone of
	Size        int64  // bytes, of a drive
	Story, Step string // what made it
	Removed     bool
}

// String names a resource for people.
func (r Resource) String() string {
	if r.UUID == "" {
		return fmt.Sprintf("%s %q", r.Kind, r.Name)
	}
	return fmt.Sprintf("%s %s %q", r.Kind, r.UUID, r.Name)
}

// path is where the resource is written to.
func (r Resource) path() string { return r.Kind + "s/" + r.UUID + "/" }

// owned is a resource of ours with what is needed to go on working with it.
type owned struct {
	Resource
	media    string
	licences []json.RawMessage
	jobs     []shown
	secret   string    // a server's vnc_password
	made     time.Time // when its create was answered
}

// intent is a create that was or is about to be sent.
type intent struct {
	kind, name, source string
	derived            bool // the endpoint makes the name of the source's, which is the one given here
	story, step        string
	secret             string
}

func (i intent) entry(event, uuid string) Entry {
	return Entry{Event: event, Kind: i.kind, Name: i.name, UUID: uuid, Story: i.story, Step: i.step}
}

// Made is everything that was made so far.
func (a *Account) Made() []Resource {
	a.mu.Lock()
	defer a.mu.Unlock()
	made := make([]Resource, len(a.owned))
	for i, o := range a.owned {
		made[i] = o.Resource
	}
	return made
}

// find returns a copy of what is known of a resource of ours.
func (a *Account) find(kind, uuid string) (owned, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.lookup(kind, uuid); o != nil {
		return *o, true
	}
	return owned{}, false
}

func (a *Account) lookup(kind, uuid string) *owned {
	at := slices.IndexFunc(a.owned, func(o *owned) bool { return o.Kind == kind && strings.EqualFold(o.UUID, uuid) })
	if at < 0 {
		return nil
	}
	return a.owned[at]
}

// adopt makes a resource ours by what an answer shows of it, unless it can't be ours: then it says why.
func (a *Account) adopt(i intent, one shown) (*Resource, error) {
	if !isUUID(one.uuid) {
		return nil, fmt.Errorf("%q is not a uuid", one.uuid)
	}
	a.mu.Lock()
	known := a.lookup(i.kind, one.uuid)
	protected, unproven := a.isProtected(one.uuid), len(a.incomplete) > 0 && !a.ourName(one.name)
	a.mu.Unlock()
	switch {
	case known != nil:
		r := known.Resource
		return &r, nil
	case protected:
		a.remark(i.entry(Foreign, one.uuid))
		return nil, fmt.Errorf("%s %s is the library's or was there before the run, whatever the answer says", i.kind, one.uuid)
	case unproven:
		// Without knowing what was there before, the name is the only proof that is left.
		a.remark(i.entry(Foreign, one.uuid))
		return nil, fmt.Errorf("the name %q of %s %s does not say that it is of this run, and what was there before could not be seen", one.name, i.kind, one.uuid)
	}
	o := &owned{
		Resource: Resource{Kind: i.kind, UUID: one.uuid, Name: i.name, Source: i.source, Size: one.size, Story: i.story, Step: i.step},
		media:    one.media, licences: one.licences, jobs: one.jobs, secret: i.secret, made: time.Now(),
	}
	if one.name != "" && (o.Name == "" || i.derived && a.ourName(one.name)) {
		o.Name = one.name
	}
	a.remark(i.entry(Made, one.uuid))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost = slices.DeleteFunc(a.lost, func(l intent) bool {
		return l.kind == i.kind && l.name == i.name && l.story == i.story && l.step == i.step
	})
	if known := a.lookup(i.kind, one.uuid); known != nil { // two answers named it at once
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
		a.note(err.Error())
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
		e = Entry{Event: Gone, Kind: kind, Name: o.Name, UUID: o.UUID, Story: o.Story, Step: o.Step}
	}
	a.mu.Unlock()
	if first {
		a.remark(e)
	}
}

// remember keeps what an answer shows of a drive of ours.
func (a *Account) remember(uuid string, x *evidence.Exchange) {
	one, ok := objectOf(x)
	if !ok || !strings.EqualFold(one.uuid, uuid) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.lookup(Drive, uuid)
	if o == nil {
		return
	}
	if one.size > 0 {
		o.Size = one.size
	}
	if one.media != "" {
		o.media = one.media
	}
	if len(one.jobs) > 0 && len(o.jobs) == 0 {
		o.jobs = one.jobs
	}
	if len(one.licences) > 0 {
		o.licences = one.licences
	}
}

// lose notes a create of which nobody knows what it made.
func (a *Account) lose(i intent) {
	a.remark(i.entry(Lost, ""))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost = append(a.lost, i)
}

// write adds an event to the journal, without the secrets that an endpoint may have put into a name or a uuid. Those that
// may stand in one by chance stay: what is found by it has to be found again.
func (a *Account) write(e Entry) error {
	e.Name, e.UUID = a.config.Record.Identifier(e.Name), a.config.Record.Identifier(e.UUID)
	return a.config.Journal.append(e)
}
