package account

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// EditServer writes the whole definition of a server of ours with these drives. Only library drives and drives of ours
// can be among them.
func (s *Writer) EditServer(ctx context.Context, step string, server *Resource, drives []map[string]any) *evidence.Exchange {
	own, reason := s.own(ctx, step, Server, server)
	if drives == nil {
		drives = []map[string]any{} // an empty list, not null, takes all drives off
	}
	if reason == "" {
		if err := s.attachable(ctx, step, drives); err != nil {
			s.endBy(step, err)
			reason = err.Error()
		}
	}
	if reason != "" {
		return s.unsent(step, http.MethodPut, "servers/", reason)
	}
	return s.Send(ctx, step, http.MethodPut, own.Path(), serverBody(own.Name, own.secret, drives))
}

// attachable refuses drives of the account's owner: on a server of ours they could be deleted with it.
func (s *Writer) attachable(ctx context.Context, step string, drives []map[string]any) error {
	for _, drive := range drives {
		uuid, _ := drive["drive"].(string)
		if missing := s.account.proveEither(ctx, s.name, step, uuid); missing != nil {
			return missing
		}
	}
	return nil
}

// EditDrive writes a whole definition of a drive of ours (its name, size and media) with a change.
func (s *Writer) EditDrive(ctx context.Context, step string, drive *Resource, change map[string]any) *evidence.Exchange {
	return s.define(ctx, step, http.MethodPut, "", drive, change)
}

// Resize asks for the resize action with a whole definition; name, size and media are added where they are not given.
func (s *Writer) Resize(ctx context.Context, step string, drive *Resource, definition map[string]any) *evidence.Exchange {
	return s.define(ctx, step, http.MethodPost, "action/?do=resize", drive, definition)
}

// define sends a whole definition of a drive of ours with a change, and keeps the name that it has from then on.
func (s *Writer) define(ctx context.Context, step, method, action string, drive *Resource, change map[string]any) *evidence.Exchange {
	body, reason := s.definition(ctx, step, drive, change)
	if reason != "" {
		return s.unsent(step, method, "drives/", reason)
	}
	x := s.Send(ctx, step, method, drive.Path()+action, body)
	if !Succeeded(x) {
		return x
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if o := s.account.lookup(Drive, drive.UUID); o != nil {
		o.Name, _ = body["name"].(string)
	}
	return x
}

// definition is the whole definition of a drive of ours, with a change. A name must go on saying whose the drive is.
func (s *Writer) definition(ctx context.Context, step string, drive *Resource, change map[string]any) (map[string]any, string) {
	own, reason := s.own(ctx, step, Drive, drive)
	if reason != "" {
		return nil, reason
	}
	body := map[string]any{"name": own.Name, "size": own.Size, "media": cmp.Or(own.media, "disk")}
	maps.Copy(body, change)
	if name, _ := body["name"].(string); !s.account.ourName(name) {
		return nil, fmt.Sprintf("the name %q would not say that the drive is of this run; it has to have %q in it", name, s.account.prefix())
	}
	return body, ""
}

// Delete deletes a resource of ours. The query is for a server's recurse.
func (s *Writer) Delete(ctx context.Context, step string, r *Resource, query string) *evidence.Exchange {
	kind := ""
	if r != nil {
		kind = r.Kind
	}
	own, reason := s.ownBy(ctx, step, kind, r, s.account.proveNow)
	if values, err := url.ParseQuery(query); reason == "" && (err != nil || len(values) > 0 && (kind != Server || len(values) > len(values["recurse"]))) {
		reason = fmt.Sprintf("the query %q is none of a server's recurse", query)
	}
	if reason == "" && query != "" {
		if missing := s.account.proveMounted(ctx, s.name, step, own.Resource); missing != nil {
			s.endBy(step, missing)
			reason = missing.Error()
		}
	}
	if reason != "" {
		return s.unsent(step, http.MethodDelete, "", reason)
	}
	if query != "" && !s.MayHarm(step) {
		return s.unsent(step, http.MethodDelete, own.Path(), errHarmed.Error())
	}
	x := s.send(ctx, step, client.Request{Method: http.MethodDelete, Path: own.Path(), Query: query})
	if IsGone(x) || x.Obstacle() != evidence.NoObstacle && s.isGoneAfter(ctx, step, own) {
		s.account.deleted(own.Kind, own.UUID)
	}
	return x
}

// lostDeletionLooks is how many times a resource is looked at whose deletion was not answered. Most go at once, and what stays
// is deleted again when the account is cleaned up.
const lostDeletionLooks = 6

// isGoneAfter looks whether a resource is gone, where the answer to its deletion was lost.
func (s *Writer) isGoneAfter(ctx context.Context, step string, own ownedCopy) bool {
	for n := range lostDeletionLooks {
		if n > 0 && !s.account.pace.wait(ctx, n) {
			break
		}
		if status := s.ask(ctx, step+" gone", own.Path()).Status(); status == http.StatusNotFound || status == http.StatusGone {
			return true
		}
	}
	return false
}

// Deleted reports whether the deletion of a resource of ours has started, as its answer or a later look says.
func (s *Writer) Deleted(r *Resource) bool {
	own, known := s.account.find(r.Kind, r.UUID)
	return known && own.deleting
}

// IsGone reports whether an answer to a delete says that the deletion has started, or that there is nothing to delete.
func IsGone(x *evidence.Exchange) bool {
	status := x.Status()
	return status >= 200 && status < 300 || status == http.StatusNotFound || status == http.StatusGone
}

// own is what is known of a resource that is proven to be ours, or why it is not.
func (s *Writer) own(ctx context.Context, step, kind string, r *Resource) (ownedCopy, string) {
	return s.ownBy(ctx, step, kind, r, s.account.prove)
}

// ownBy is own by a proof of the caller's choice.
func (s *Writer) ownBy(ctx context.Context, step, kind string, r *Resource, prove func(ctx context.Context, scenario, step, kind, id string) *MissingProof) (ownedCopy, string) {
	if r == nil || r.Kind != kind {
		return ownedCopy{}, "there is no such " + strings.TrimSpace(kind+" resource") + " to work on"
	}
	if missing := prove(ctx, s.name, step, kind, r.UUID); missing != nil {
		s.endBy(step, missing)
		return ownedCopy{}, missing.Error()
	}
	own, _ := s.account.find(kind, r.UUID)
	return own, ""
}
