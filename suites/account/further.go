package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// CloneServer asks for a clone of a server of ours that has the drives, and no others: its disks would be cloned with it. A
// library drive that a broken endpoint copies instead of attaching it is a drive more, for which there has to be room. The
// resource is nil unless a server was made.
func (s *Writer) CloneServer(ctx context.Context, step string, server *Resource, drives ...string) (*evidence.Exchange, *Resource) {
	i := intent{kind: Server, name: s.account.nextName(), scenario: s.name, step: step}
	own, reason := s.own(ctx, step, Server, server)
	reserved := false
	defer func() {
		if reserved {
			s.release()
		}
	}()
	target := own.Path() + "action/?do=clone"
	if reason == "" {
		i.secret = own.secret
		err := s.onlyMounted(ctx, step, own.Resource, drives)
		if err == nil {
			err = s.reserve()
		}
		if err == nil {
			reserved = true
			err = s.account.begin(ctx, &i)
		}
		if err != nil {
			s.endBy(step, err)
			reason = err.Error()
		}
	}
	if reason != "" {
		return s.unsent(step, http.MethodPost, target, reason), nil
	}
	body, err := json.Marshal(map[string]string{"name": i.name})
	if err != nil {
		return s.unsent(step, http.MethodPost, target, err.Error()), nil
	}
	since := time.Now()
	x := s.send(ctx, step, client.Request{Method: http.MethodPost, Path: own.Path() + "action/", Query: "do=clone", Body: body})
	made, _ := s.keepOutcome(i, x)
	for _, drive := range drives { // copied, it would have its source's name
		copied := intent{kind: Drive, source: drive, asked: i.asked, scenario: s.name, step: step}
		if s.findUnnamed(ctx, step, copied, since, s.readList(ctx, "drives after "+step, "drives/detail/").objects) {
			reserved = false // it was made
		}
	}
	return x, made
}

// onlyMounted makes sure that a server of ours has these drives and no others, as GET answers it now.
func (s *Writer) onlyMounted(ctx context.Context, step string, server Resource, drives []string) error {
	var x *evidence.Exchange
	var one Definition
	var seen bool
	s.awaitSettled(ctx, AttachedShown, time.Now(), func() bool {
		x = s.account.ask(ctx, s.name, step+" drives", server.Path())
		one, seen = DefinitionOf(x)
		return seen && x.Status() == http.StatusOK && one.drivesReadable && len(one.Drives) == len(drives)
	})
	if !seen || x.Status() != http.StatusOK || !SameID(one.UUID, server.UUID) || !one.drivesReadable {
		return &MissingProof{Gap: NotShown, Kind: Server, ID: server.UUID, Answered: Answered(x)}
	}
	for _, id := range one.Drives {
		if !slices.ContainsFunc(drives, func(drive string) bool { return SameID(drive, id) }) {
			return fmt.Errorf("the server has a drive that would be cloned with it: %q", clipped(id))
		}
	}
	return nil
}

// errOthers is why several drives are not deleted at once.
var errOthers = errors.New("the account has drives that are not this run's, and an endpoint that goes wrong could delete them too")

// DeleteAmongDrives asks the list of the account's drives to delete one drive of the library, which a sound endpoint refuses.
// It is sent only where the account holds no drive but the run's: what a broken endpoint makes of a list is not known.
func (s *Writer) DeleteAmongDrives(ctx context.Context, step, uuid string) *evidence.Exchange {
	a := s.account
	unsent := func(reason string) *evidence.Exchange { return s.unsent(step, http.MethodDelete, "drives/", reason) }
	if len(a.Harm()) > 0 {
		s.endBy(step, errHarmed)
		return unsent(errHarmed.Error())
	}
	if _, reason := s.ownDrivesAlone(ctx, step); reason != "" {
		return unsent(reason)
	}
	if missing := a.proveLibrary(ctx, s.name, step, uuid); missing != nil {
		s.endBy(step, missing)
		return unsent(missing.Error())
	}
	return s.deleteNamed(ctx, step, uuid)
}

// deleteNamed sends the request that deletes the drives of these uuids.
func (s *Writer) deleteNamed(ctx context.Context, step string, uuids ...string) *evidence.Exchange {
	entries := make([]map[string]string, len(uuids))
	for i, uuid := range uuids {
		entries[i] = map[string]string{"uuid": uuid}
	}
	body, err := json.Marshal(map[string]any{"objects": entries})
	if err != nil {
		return s.unsent(step, http.MethodDelete, "drives/", err.Error())
	}
	return s.send(ctx, step, client.Request{Method: http.MethodDelete, Path: "drives/", Body: body})
}

// ownDrivesAlone are the drives of the account, as far as each is proven to be the run's; reason says why it can't be told that
// there are no others. What a broken endpoint makes of a list of drives to delete is not known.
func (s *Writer) ownDrivesAlone(ctx context.Context, step string) (own []Definition, reason string) {
	a := s.account
	a.survey(ctx)
	list := s.readList(ctx, step+" drives", "drives/detail/")
	if !list.complete {
		return nil, "the account's drives could not be looked through"
	}
	for _, one := range list.objects {
		if missing := a.prove(ctx, s.name, step, Drive, one.UUID); missing != nil {
			return nil, errOthers.Error()
		}
	}
	return list.objects, ""
}

// DeleteSeveral deletes two drives of ours at once, and says which, and a third one that the request does not name, which should
// stay. They are proven to be ours as GET answers them now, and at rest on no server. As DeleteAmongDrives it is sent only where
// the account holds no drive but the run's, and not where there are fewer than three.
func (s *Writer) DeleteSeveral(ctx context.Context, step string) (x *evidence.Exchange, deleted []string, other string) {
	a := s.account
	unsent := func(reason string) (*evidence.Exchange, []string, string) {
		return s.unsent(step, http.MethodDelete, "drives/", reason), nil, ""
	}
	if len(a.Harm()) > 0 {
		s.endBy(step, errHarmed)
		return unsent(errHarmed.Error())
	}
	own, reason := s.ownDrivesAlone(ctx, step)
	if reason != "" {
		return unsent(reason)
	}
	var free []string
	for _, one := range own {
		if one.Status != "unmounted" || len(one.mountedOn) > 0 || len(free) == 3 {
			continue
		}
		if missing := a.proveNow(ctx, s.name, step, Drive, one.UUID); missing == nil {
			free = append(free, one.UUID)
		}
	}
	if len(free) < 3 {
		return unsent("there are no three drives of the run's at rest")
	}
	deleted, other = free[:2], free[2]
	x = s.deleteNamed(ctx, step, deleted...)
	if Succeeded(x) {
		for _, uuid := range deleted {
			a.deleted(Drive, uuid)
		}
	}
	return x, deleted, other
}

// IsMountedOn reports whether a definition says that a drive is on a server.
func (d Definition) IsMountedOn(server string) bool {
	return slices.ContainsFunc(d.mountedOn, func(on Definition) bool { return SameID(on.UUID, server) })
}

// Media is what is known of the media of a drive of ours.
func (a *Account) Media(uuid string) string {
	own, _ := a.find(Drive, uuid)
	return own.media
}

// Sent is the last exchange of a step of the scenario that was sent; nil where none was.
func (s *Writer) Sent(step string) *evidence.Exchange {
	return s.account.config.Record.Answer(s.Key(step), 1)
}
