package account

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// Source is a drive that is cloned.
type Source struct {
	Path string // "libdrives/UUID/" or "drives/UUID/"
	UUID string
	Name string
	Size int64
}

// Through is the same drive, reached through another collection.
func (s Source) Through(collection string) Source {
	s.Path = ResourcePath(collection, s.UUID)
	return s
}

// CloneOptions say what a clone request has beside the name that the account gives.
type CloneOptions struct {
	Unnamed bool              // without a name: of a drive of ours, so that the clone's name still begins as ours do, or where JobsProve
	NoBody  bool              // without any body, and so without a name; likewise
	Body    map[string]any    // further keys of the body
	Query   string            // beside do=clone: "avoid=UUID"
	As      evidence.Identity // with whose credentials

	Unknown bool // nobody has the source: nothing proves it, and it must not be there
}

// Clone asks for a clone of a library drive or of a drive of ours. The resource is nil unless one was made. Where the answer was
// lost, or names nothing, the clone is looked for by its name.
func (s *Writer) Clone(ctx context.Context, step string, source Source, o CloneOptions) (*evidence.Exchange, *Resource) {
	x, made, i := s.clone(ctx, step, source, o)
	if made == nil && i != nil {
		made = s.findLost(ctx, *i)
	}
	return x, made
}

// clone is Clone without looking for a clone whose answer was lost; lost is what was asked for then.
func (s *Writer) clone(ctx context.Context, step string, source Source, o CloneOptions) (x *evidence.Exchange, made *Resource, lost *intent) {
	target := source.Path + "action/?do=clone"
	if o.Query != "" {
		target += "&" + o.Query
	}
	i, body, err := s.cloneRequest(step, source, o)
	counts := false
	if err == nil {
		err = s.reserve()
		counts = err == nil
	}
	if err == nil {
		if err = s.account.begin(ctx, &i); err == nil {
			// What may be cloned is only known once the account was looked over.
			if err = s.clonable(ctx, step, source, o); err != nil {
				err = s.account.withdrawn(i, err)
			}
		}
	}
	if err != nil {
		if counts {
			s.release()
		}
		s.endBy(step, err)
		return s.unsent(step, http.MethodPost, target, err.Error()), nil, nil
	}
	path, query, _ := strings.Cut(target, "?")
	since := time.Now()
	defer s.account.underWay(i)()
	x = s.send(ctx, step, client.Request{Method: http.MethodPost, Path: path, Query: query, Body: body, As: o.As})
	made, outcome := s.keepOutcome(i, x)
	switch {
	case outcome == createRefused && (x.Unsent || !s.lookAfter(ctx, step, i, since)):
		s.release() // what is refused and made all the same was made
	case outcome == createLost:
		lost = &i
	}
	return x, made, lost
}

// findLost looks for what a create made whose answer does not say: by its name, until it is listed or has had the time to be.
// What is found is looked at under "<step> made 1".
func (s *Writer) findLost(ctx context.Context, i intent) (made *Resource) {
	if i.name == "" {
		s.account.findLost(ctx, s, time.Time{})
		return nil // it is removed, and serves for nothing
	}
	s.awaitSettled(ctx, LostFound, time.Now(), func() bool {
		for _, one := range s.readList(ctx, i.kind+"s after "+i.step, i.kind+"s/detail/").objects {
			if _, known := s.account.find(i.kind, one.UUID); known || !Bears(one.Name, i.name) || s.account.protected(one.UUID) {
				continue
			}
			found, missing := s.account.adopt(i, one)
			if missing != nil {
				s.account.Note(fmt.Sprintf("%s: %s", s.Key(i.step), missing))
				continue
			}
			made = found
			return true
		}
		return false
	})
	if made != nil {
		s.Get(ctx, i.step+" made 1", made.Path())
	}
	return made
}

// CloneToBeRefused asks for a clone and looks afterwards whether there is one after all.
func (s *Writer) CloneToBeRefused(ctx context.Context, step string, source Source, o CloneOptions) *Resource {
	x, clone, _ := s.clone(ctx, step, source, o)
	if x.Response != nil && !refuses(x.Status()) { // else clone has looked
		asked, _ := ReadDefinition(x.Request.Body)
		s.lookAfter(ctx, step, intent{kind: Drive, name: asked.Name, source: source.UUID, scenario: s.name, step: step}, time.Now())
	}
	return clone
}

// cloneRequest makes the body of a clone request, and what the journal says of it.
func (s *Writer) cloneRequest(step string, source Source, o CloneOptions) (intent, []byte, error) {
	i := intent{kind: Drive, source: source.UUID, scenario: s.name, step: step}
	body := maps.Clone(o.Body)
	if body == nil {
		body = map[string]any{}
	}
	if o.Unnamed || o.NoBody {
		own, ok := s.account.find(Drive, source.UUID)
		switch {
		case ok && s.account.ourName(own.Name):
			i.name, i.derived = own.Name, true
		case !s.account.jobsProved() || s.account.libraryName(source.UUID) == "":
			return i, nil, &MissingProof{Gap: NoJob, Kind: Drive, ID: source.UUID}
		}
		delete(body, "name")
	} else {
		i.name = s.account.nextName()
		body["name"] = i.name
	}
	if o.NoBody {
		return i, nil, nil
	}
	encoded, err := json.Marshal(body)
	return i, encoded, err
}

// clonable lets only library drives and drives of this run be cloned, or kept away from: to clone what the account's
// owner has costs money and keeps the drive busy. What nobody has may be asked for too.
func (s *Writer) clonable(ctx context.Context, step string, source Source, o CloneOptions) error {
	a := s.account
	collection, _, _ := strings.Cut(source.Path, "/")
	if collection != "libdrives" && collection != "drives" || source.Path != ResourcePath(collection, source.UUID) || !isID(source.UUID) {
		return fmt.Errorf("%q is not the path of the drive %q in libdrives or drives", source.Path, source.UUID)
	}
	query, err := url.ParseQuery(o.Query)
	if err != nil || len(query) > len(query["avoid"]) {
		return fmt.Errorf("the query %q is none of a clone's avoid", o.Query)
	}
	named := []string{source.UUID}
	if o.Unknown {
		if _, ours := a.find(Drive, source.UUID); ours || a.protected(source.UUID) {
			return fmt.Errorf("drive %q is there", source.UUID)
		}
		named = nil
	}
	for _, avoided := range query["avoid"] {
		named = append(named, strings.Split(avoided, ",")...)
	}
	for _, id := range named {
		if missing := a.proveEither(ctx, s.name, step, id); missing != nil {
			return missing
		}
	}
	return nil
}

// withdrawn closes an intent that is not sent after all.
func (a *Account) withdrawn(i intent, reason error) error {
	a.remark(i.entry(Gone, ""))
	return reason
}

// boundError says that --max-clones leaves no room for what could make a drive.
type boundError struct{ limit int }

func (e *boundError) Error() string {
	return fmt.Sprintf("it could make one drive more than --max-clones %d allows", e.limit)
}

// reserve takes one of the drives that the run may make, before anything is sent that could make one.
func (s *Writer) reserve() error {
	a := s.account
	a.mu.Lock()
	defer a.mu.Unlock()
	if limit := a.config.MaxClones; limit > 0 && (s.clones == 0 || s.clones < 0 && a.clones >= limit) {
		return &boundError{limit}
	}
	a.clones++
	if s.clones > 0 {
		s.clones--
	}
	return nil
}

// release gives it back, because none was made.
func (s *Writer) release() {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	s.account.clones--
	if s.clones >= 0 {
		s.clones++
	}
}

// What a server of ours is like: the smallest that the documentation creates.
const (
	serverCPU = 1000      // MHz
	serverMem = 512 << 20 // bytes
)

// CreateServer asks for a server that has the drives. The resource is nil unless one was made.
func (s *Writer) CreateServer(ctx context.Context, step string, drives []map[string]any) (*evidence.Exchange, *Resource) {
	i := intent{kind: Server, name: s.account.nextName(), scenario: s.name, step: step, secret: rand.Text()}
	s.account.config.Record.Redactor().Add(i.secret)
	err := s.account.begin(ctx, &i)
	if err == nil {
		if err = s.attachable(ctx, step, drives); err != nil {
			err = s.account.withdrawn(i, err)
		}
	}
	var encoded []byte
	if err == nil {
		encoded, err = json.Marshal(map[string]any{"objects": []any{serverBody(i.name, i.secret, drives)}})
	}
	if err != nil {
		s.endBy(step, err)
		return s.unsent(step, http.MethodPost, "servers/", err.Error()), nil
	}
	x := s.send(ctx, step, client.Request{Method: http.MethodPost, Path: "servers/", Body: encoded})
	made, outcome := s.keepOutcome(i, x)
	if outcome == createLost {
		made = s.findLost(ctx, i)
	}
	return x, made
}

func serverBody(name, secret string, drives []map[string]any) map[string]any {
	body := map[string]any{"cpu": serverCPU, "mem": serverMem, "name": name, "vnc_password": secret}
	if drives != nil {
		body["drives"] = drives
	}
	return body
}

// mostClaims bounds how many resources an answer to the create of one is believed to name.
const mostClaims = 8

// outcome is what an answer to a create says.
type outcome int

// The outcomes.
const (
	createMade    outcome = iota // something of ours
	createRefused                // nothing
	createLost                   // it does not say
	createForeign                // something that is not ours, or not to be told from what is not
)

// keepOutcome writes down what became of a create: made, refused, or nobody knows. Who answers 4xx or 503 says that nothing
// was made; whether that is so is looked at when the account is cleaned up.
func (s *Writer) keepOutcome(i intent, x *evidence.Exchange) (made *Resource, said outcome) {
	a := s.account
	if x.Unsent || refuses(x.Status()) {
		a.remark(i.entry(Gone, ""))
		return nil, createRefused
	}
	objects, _, _ := DefinitionsOf(x)
	var claimed *MissingProof
	for _, one := range objects[:min(len(objects), mostClaims)] {
		r, missing := a.adopt(i, one)
		if missing != nil {
			claimed = missing
			a.Note(fmt.Sprintf("%s: %s, whatever the answer says", s.Key(i.step), missing))
			continue
		}
		if made == nil {
			made = r
		}
	}
	switch {
	case made != nil:
		return made, createMade
	case claimed != nil:
		said = createForeign
	default:
		said = createLost
	}
	a.lose(i, x.Status(), claimed)
	return nil, said
}

// refuses reports whether a status says that what was asked for is not done.
func refuses(status int) bool {
	return status >= 400 && status < 500 || status == http.StatusServiceUnavailable
}
