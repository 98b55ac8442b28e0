package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// NewName is a name for what a probe would make. Only what bears it can be found again, so every body that a probe sends
// should.
func (s *Writer) NewName() string { return s.account.nextName() }

// Probe sends a request that a sound endpoint refuses and a broken one might carry out. What an answer 2xx says was made
// becomes ours, unless it is the library's or was there before, and so does whatever bears a name of NewName that is in
// the body: the account's drives are looked at afterwards, under "drives after <step>". Cleanup removes it all.
//
// A probe may be sent to a library drive, and to what the run made, but not to what the account's owner has.
//
// An action of a library drive that is asked for by GET could make a drive that bears no name of ours. It is sent only where
// JobsProve, and whatever is proven by its job to have come of it is ours.
//
// Nothing is sent once the library was harmed. A POST could make a drive: it takes one of those that the run may make,
// and gives it back where it is refused and nothing was made. By PUT and DELETE nothing is made.
func (s *Writer) Probe(ctx context.Context, step string, r client.Request) *evidence.Exchange {
	return s.probe(ctx, step, r, false)
}

// ProbeOwn edits a drive of ours to be as it is, or deletes it, by credentials that are not enough. It is proven to be ours as GET
// answers it now. Nothing is made by it, and a drive that is deleted after all was to be deleted anyway.
func (s *Writer) ProbeOwn(ctx context.Context, step, method string, drive *Resource, as evidence.Identity) *evidence.Exchange {
	own, reason := s.ownBy(ctx, step, Drive, drive, s.account.proveNow)
	r := client.Request{Method: method, As: as}
	var definition map[string]any
	if reason == "" {
		r.Path = own.Path()
		switch method {
		case http.MethodDelete:
		case http.MethodPut:
			definition, reason = s.definition(ctx, step, drive, nil)
		default:
			reason = "an own drive is probed by PUT and DELETE only"
		}
	}
	if reason == "" && definition != nil {
		encoded, err := json.Marshal(definition)
		if err != nil {
			reason = err.Error()
		}
		r.Body = encoded
	}
	if reason != "" {
		return s.unsent(step, method, "drives/", reason)
	}
	// That it is answered as if it was deleted proves nothing: cleaning up deletes it where it is still there.
	return s.send(ctx, step, r)
}

// GiveBack sends a request that gives back what was harmed, as Probe does.
func (s *Writer) GiveBack(ctx context.Context, step string, r client.Request) *evidence.Exchange {
	return s.probe(ctx, step, r, true)
}

// probe sends a request of Probe. mending says that it gives back what was harmed.
func (s *Writer) probe(ctx context.Context, step string, r client.Request, mending bool) *evidence.Exchange {
	target := evidence.Read{Path: r.Path, Query: r.Query}.Target()
	byGet := r.Method == http.MethodGet && libraryID(r.Path) != "" && strings.HasSuffix(r.Path, "/action/")
	if !byGet && (r.Method == "" || evidence.IsRead(r.Method)) {
		return s.send(ctx, step, r)
	}
	i := intent{kind: Drive, scenario: s.name, step: step, name: s.account.NameIn(r.Body)}
	if strings.HasPrefix(r.Path, "servers/") {
		i.kind = Server
	}
	if strings.HasSuffix(r.Path, "/action/") {
		i.source = cmp.Or(libraryID(r.Path), drivesID(r.Path))
	}
	makes := byGet || r.Method == http.MethodPost && r.Path != licences
	var err error
	if byGet {
		r.NoRetry = true // each time could make one
		if !s.account.jobsProved() || s.account.libraryName(i.source) == "" {
			return s.unsent(step, r.Method, target, (&MissingProof{Gap: NoJob, Kind: Drive, ID: i.source}).Error())
		}
	}
	if !mending && len(s.account.Harm()) > 0 {
		err = errHarmed
	}
	reserved := false
	if err == nil && makes {
		err = s.reserve()
		reserved = err == nil
	}
	if err == nil {
		err = s.account.begin(ctx, &i)
	}
	if err == nil {
		if err = s.probeable(ctx, step, r); err != nil {
			err = s.account.withdrawn(i, err)
		}
	}
	if err != nil {
		if reserved {
			s.release()
		}
		s.endBy(step, err)
		return s.unsent(step, r.Method, target, err.Error())
	}
	since := time.Now()
	defer s.account.underWay(i)()
	x := s.send(ctx, step, r)
	s.keepProbeOutcome(ctx, i, x)
	made := (i.name != "" || i.source != "") && s.lookAfter(ctx, step, i, since) // an action may make a clone that nobody named
	if reserved && !made && (x.Unsent || refuses(x.Status())) {
		s.release()
	}
	return x
}

// NameIn is the first name of ours in a body, whatever the body is.
func (a *Account) NameIn(body []byte) string {
	return string(regexp.MustCompile(regexp.QuoteMeta(a.prefix()) + `[0-9]+`).Find(body))
}

// drivesID is the id in a path below drives.
func drivesID(path string) string {
	kind, id, _ := splitPath(path)
	if kind != Drive {
		return ""
	}
	return id
}

// probeable refuses a probe that would reach what the account's owner has.
func (s *Writer) probeable(ctx context.Context, step string, r client.Request) error {
	kind, id, _ := splitPath(r.Path)
	var missing *MissingProof
	switch below := strings.HasPrefix(r.Path, "libdrives/"); {
	case !isPlainPath(r.Path):
		return errors.New(impure)
	case r.Path == licences && (r.Method == http.MethodPost || r.Method == http.MethodPut) && string(r.Body) == "{}":
	case below && libraryID(r.Path) != "":
		missing = s.account.proveLibrary(ctx, s.name, step, libraryID(r.Path))
	case below:
	case kind == "":
		return errors.New("a probe is for library drives, drives and servers")
	case id == "" && r.Method != http.MethodPost:
		return errors.New("it could reach everything in the account")
	case id == "":
	case kind == Drive:
		missing = s.account.proveEither(ctx, s.name, step, id)
	default:
		missing = s.account.prove(ctx, s.name, step, kind, id)
	}
	if missing != nil {
		return missing
	}
	return nil
}

// keepProbeOutcome makes what the answer names ours, where it is a drive or a server that somebody owns: what is nobody's is
// the library's, whatever the request.
func (s *Writer) keepProbeOutcome(ctx context.Context, i intent, x *evidence.Exchange) {
	a := s.account
	if !x.Unsent && (x.Response == nil || x.Status() >= 500 && !refuses(x.Status())) && i.name != "" {
		a.lose(i, x.Status(), nil)
		return
	}
	adopted := false
	objects, _, _ := DefinitionsOf(x)
	for n, one := range objects[:min(len(objects), mostClaims)] {
		if !isID(one.UUID) || a.protected(one.UUID) {
			continue
		}
		step := fmt.Sprintf("%s made %d", i.step, n+1)
		look := s.Get(ctx, step, Resource{Kind: i.kind, UUID: one.UUID}.Path())
		c := claim{kind: i.kind, id: one.UUID, given: i.name, source: i.source, asked: i.asked}
		found, missing := a.prover(ctx, s.name).weigh(c, look, step)
		if missing != nil {
			// Most answers to what should have made nothing name what was there before.
			if i.name != "" && missing.Gap != NotItsOwn {
				a.Note(fmt.Sprintf("%s: %s, and is left alone", s.Key(i.step), missing))
			}
			continue
		}
		if _, missing := a.adopt(i, found); missing != nil {
			a.Note(fmt.Sprintf("%s: %s", s.Key(i.step), missing))
			continue
		}
		a.saw(Resource{Kind: i.kind, UUID: one.UUID}.Path(), look)
		adopted = true
	}
	if !adopted {
		a.remark(i.entry(Gone, ""))
	}
}

// licences is where a probe names nothing, and deletes nothing.
const licences = "licenses/"

// lookAfter looks at the account's drives, or servers, after a request that should have made nothing: what bears the
// name is ours, and so is what is proven to have come of it under another name. It reports whether there is such.
func (s *Writer) lookAfter(ctx context.Context, step string, i intent, since time.Time) (made bool) {
	listed := s.readList(ctx, i.kind+"s after "+step, i.kind+"s/detail/").objects
	for _, one := range listed {
		if !Bears(one.Name, i.name) || s.account.protected(one.UUID) {
			continue
		}
		made = true
		if _, missing := s.account.adopt(i, one); missing != nil {
			s.account.Note(fmt.Sprintf("%s: %s", s.Key(step), missing))
		}
	}
	return s.findUnnamed(ctx, step, i, since, listed) || made
}
