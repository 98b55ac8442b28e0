package scenarios

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// smallest is the library drive to which a scenario does what should be refused: where an endpoint carries it out, the
// least is lost.
func (m Material) smallest() *account.Source {
	return first(m.Unlicensed, m.CDROM, m.Licensed2, m.Licensed)
}

// probed is the nth library drive for requests that should be refused.
func (m Material) probed(n int) *account.Source {
	if len(m.Probed) > 0 {
		return &m.Probed[min(n, len(m.Probed)-1)]
	}
	return m.smallest()
}

// forbiddenMethods is the scenario of all that is not allowed on the library, looking after each request whether something
// changed. The bodies name no drive that is there. By method, what would do less harm comes first: POST before PATCH before
// PUT before DELETE, and by each the one drive before the lists. The drives API, which does edit and delete drives, is the likeliest
// to carry it out: it comes last of its method, and its DELETE last of all. Where something changed, the scenario ends: no
// further drive is put at stake.
func (m Material) forbiddenMethods(probes bool) *Scenario {
	drive := first(m.Victim, m.smallest())
	if drive == nil || !probes {
		return nil
	}
	const making = 7 // what could make a drive: the POSTs, and a GET
	return &Scenario{Name: string(steps.ForbiddenMethods), Makes: Makes{Refused: making}, Last: true, Run: func(ctx context.Context, s *Runner) {
		const list, detail, schema, nothing = "libdrives/", "libdrives/detail/", "libdrives/schema/", `{"objects": []}`
		one, through := account.ResourcePath("libdrives", drive.UUID), account.ResourcePath("drives", drive.UUID)
		definition := s.Get(ctx, steps.ThroughDrives, through)
		unchanged := unchangedDefinition(drive.UUID, definition)
		var deleted *evidence.Exchange // the answer to the DELETE of the one drive
		w := watch{runner: s, drive: *drive}
		if !w.begin(ctx) {
			s.End("the library drive " + drive.UUID + " can't be asked for by other methods than GET, for it " + account.Answered(w.last.drive))
			return
		}
		m.cloneByGet(ctx, s)
		for _, probe := range []struct{ method, path, body string }{
			{http.MethodPost, schema, s.oneOfOurName()}, {http.MethodPost, one, s.likeOneOfOurName(drive, definition)}, {http.MethodPost, detail, s.oneOfOurName()}, {http.MethodPost, list, s.oneOfOurName()},
			{http.MethodPatch, one, `{}`}, {http.MethodPatch, detail, `{}`}, {http.MethodPatch, list, `{}`},
			{http.MethodPut, schema, `{}`}, {http.MethodPut, one, `{}`}, {http.MethodPut, detail, nothing}, {http.MethodPut, list, nothing},
			{http.MethodPut, through, unchanged}, {http.MethodPost, one + "action/", unchanged}, {http.MethodPost, through + "action/", unchanged},
			{http.MethodDelete, schema, nothing}, {http.MethodDelete, one, ``}, {http.MethodDelete, detail, nothing}, {http.MethodDelete, list, nothing},
			{http.MethodDelete, through, ``}, {http.MethodDelete, "drives/", nothing},
		} {
			step := probe.method + " " + strings.Replace(probe.path, drive.UUID, "LIB", 1)
			r := client.Request{Method: probe.method, Path: probe.path, Body: []byte(probe.body)}
			if strings.HasSuffix(probe.path, "/action/") {
				step, r.Query = step+" resize", "do=resize"
			}
			var x *evidence.Exchange
			if probe.path == "drives/" {
				if deleted == nil || deleted.Status()/100 != 4 {
					continue
				}
				if !s.deleteSeveral(ctx, &w) {
					return
				}
				x = s.DeleteAmongDrives(ctx, step, drive.UUID)
			} else {
				x = s.Probe(ctx, step, r)
			}
			if probe.path == through && probe.method == http.MethodDelete {
				deleted = x
			}
			if x.Unsent {
				continue
			}
			before := w.last
			if harm := w.after(ctx, step, s.Account().NameIn([]byte(probe.body)), x); harm != nil {
				s.harm(ctx, &w, before, harm, step, x)
				return
			}
			if !w.last.there() {
				s.End("the library drive " + drive.UUID + " can't be looked at after " + step + ": it " + account.Answered(w.last.drive))
				return
			}
		}
	}}
}

// cloneByGet asks for a clone by GET, which should make none: of a disk, and only where a clone that bears no name of ours would be
// proven by its job.
func (m Material) cloneByGet(ctx context.Context, s *Runner) {
	disk := first(m.Unlicensed, m.Licensed2, m.Licensed)
	if disk == nil || s.Account().Client().EndpointTime().IsZero() || s.JobsProve(ctx, "clone proven by its job") != nil {
		return
	}
	s.Probe(ctx, steps.GetClone, client.Request{Method: http.MethodGet, Path: disk.Through("libdrives").Path + "action/", Query: "do=clone"})
}

// deleteSeveral deletes two of the run's drives at once, where the account has no others, and looks what became of them, of a third
// one that stays, and of the library. It reports whether more may be tried.
func (s *Runner) deleteSeveral(ctx context.Context, w *watch) bool {
	x, deleted, other := s.DeleteSeveral(ctx, steps.DeleteSeveral)
	if x.Unsent {
		return true
	}
	for i, step := range []string{steps.FirstOfSeveral, steps.SecondOfSeveral} {
		s.AwaitGone(ctx, step, &account.Resource{Kind: account.Drive, UUID: deleted[i]})
	}
	s.Get(ctx, steps.NoneOfSeveral, account.ResourcePath("drives", other))
	before := w.last
	if harm := w.after(ctx, steps.DeleteSeveral, "", x); harm != nil {
		s.harm(ctx, w, before, harm, steps.DeleteSeveral, x)
		return false
	}
	return w.last.there()
}

// harm keeps the harm that a step did, gives the drive its old definition back where it was edited, and ends the scenario.
func (s *Runner) harm(ctx context.Context, w *watch, before sight, harm *account.Harm, step string, x *evidence.Exchange) {
	harm.Scenario, harm.Step, harm.Exchange = s.Name(), step, x
	if harm.Kind == evidence.HarmEdited {
		old := before.listed[strings.ToLower(harm.UUID)].definition
		if strings.EqualFold(harm.UUID, w.drive.UUID) {
			old = before.drive.Response.Body.Bytes()
		}
		doors := []string{"drives", "libdrives"}
		if strings.HasPrefix(x.Request.Path(), "libdrives") || strings.Contains(x.Request.Path(), "/libdrives/") {
			doors = []string{"libdrives", "drives"} // the door by which it was edited
		}
		w.giveBack(ctx, harm, old, doors...)
	}
	s.Account().KeepHarm(*harm)
	s.EndFor(account.CauseHarm, fmt.Sprintf("the library drive %s was %s at the step %q", harm.UUID, harm.Kind, step))
}

// oneOfOurName is the body of a request that makes a drive of 1 GiB. Where an endpoint carries it out, the name tells what it made
// from what others did. What it makes in the library, and not in the account, is told and stays: it is nobody's.
func (s *Runner) oneOfOurName() string {
	return `{"objects": [{"name": "` + s.NewName() + `", "media": "disk", "size": 1073741824}]}`
}

// likeOneOfOurName is the same with the media and size of the drive that it is sent to: taken for an edit of that drive, it changes
// the name alone, which can be given back. It asks for nothing that is big, whatever size the endpoint says that drive has: it may be
// carried out.
func (s *Runner) likeOneOfOurName(drive *account.Source, definition *evidence.Exchange) string {
	const most = 16 << 30 // bytes
	media := ""
	if definition.Response != nil {
		media = gjson.GetBytes(definition.Response.Body.Bytes(), "media").String()
	}
	if media != "disk" && media != "cdrom" || drive.Size <= 0 || drive.Size > most {
		return `{"objects": [{"name": "` + s.NewName() + `"}]}`
	}
	return fmt.Sprintf(`{"objects": [{"name": %q, "media": %q, "size": %d}]}`, s.NewName(), media, drive.Size)
}

// unchangedDefinition is a drive's own definition as an edit takes it: where an endpoint carries the edit out, nothing is
// another than before. Of a definition that can't be read, or is not that drive's, nothing is left.
func unchangedDefinition(uuid string, definition *evidence.Exchange) string {
	if definition.Response == nil {
		return `{}`
	}
	body := editable(uuid, definition.Response.Body.Bytes())
	if body == nil {
		return `{}`
	}
	return string(body)
}

// session is the scenario of a login: what its cookies are good for on the documented paths, with and without the token,
// and after the logout.
func (m Material) session(probes bool) *Scenario {
	drive := m.smallest()
	makes := Makes{}
	disk := first(m.Unlicensed, m.Licensed2, m.Licensed)
	if disk != nil {
		makes = clones(1, disk)
	}
	if probes && disk != nil {
		makes.Refused = 1
	}
	return &Scenario{Name: string(steps.Session), Makes: makes, Spare: true, Run: func(ctx context.Context, s *Runner) {
		if x := s.Account().Client().Login(ctx); !granted(x) {
			s.End("there is no session: the login " + account.Answered(x))
			return
		}
		s.lookByCookies(ctx, "with session ", "", first(m.Licensed, m.Licensed2, drive)) // a drive of which there is most to tell
		const many = 1_000                                                               // of more drives, a list of all is long
		if len(m.KnownUUIDs) <= many {
			// The query makes it a request of its own: by others it is told whether the list keeps its order.
			s.Send(ctx, steps.SessionWhole, http.MethodGet, "libdrives/?offset=0&limit=0", nil, account.As(evidence.BySession))
			s.Send(ctx, steps.SessionOwnWhole, http.MethodGet, "drives/?limit=0", nil, account.As(evidence.BySession))
		}
		if disk != nil {
			x, clone := s.Clone(ctx, steps.WithToken, disk.Through("libdrives"), account.CloneOptions{As: evidence.BySession})
			// That it is refused without a token shows nothing where it is refused with one.
			if probes && account.Succeeded(x) {
				s.probeOwn(ctx, clone)
				s.probeClones(ctx, "without token", *disk, evidence.BySessionOnly)
			}
		}
		if x := s.Account().Client().Logout(ctx); !granted(x) {
			// Whether the session is ended all the same is worth a look: the cookies are forgotten here in either case.
			if look := s.Send(ctx, steps.AfterLogoutList, http.MethodGet, "libdrives/?limit=1", nil, account.As(evidence.BySession)); look.Status() != http.StatusUnauthorized {
				s.Account().Note("the session that this run began is still open until the endpoint ends it, and its cookies are forgotten: the logout " + account.Answered(x))
			}
			return
		}
		s.lookByCookies(ctx, "after logout ", "?limit=1", drive)
	}}
}

// probeOwn edits and deletes a clone of ours by the cookies alone, once nothing but the token is missing: a drive that is being copied
// may be refused for that.
func (s *Runner) probeOwn(ctx context.Context, clone *account.Resource) {
	if clone == nil {
		return
	}
	if _, done := s.AwaitClone(ctx, steps.WithTokenJob, clone); !done {
		return
	}
	s.wrongTypes(ctx, clone)
	s.ProbeOwn(ctx, steps.PutWithoutToken, http.MethodPut, clone, evidence.BySessionOnly)
	if x := s.ProbeOwn(ctx, steps.DeleteWithoutToken, http.MethodDelete, clone, evidence.BySessionOnly); !x.Unsent {
		s.Get(ctx, steps.AfterDeleteWithoutToken, clone.Path())
	}
}

// wrongTypes edits and resizes a clone of ours by definitions that have another name, and a number for the media: nothing of these is to
// be carried out.
func (s *Runner) wrongTypes(ctx context.Context, clone *account.Resource) {
	wrong := func(word string) map[string]any { return map[string]any{"name": clone.Name + word, "media": 7} }
	if !account.Succeeded(s.EditDrive(ctx, steps.EditOfWrongType, clone, wrong("-edited"))) {
		s.Resize(ctx, steps.ResizeOfWrongType, clone, wrong("-resized"))
	}
	s.Get(ctx, steps.AfterWrongTypes, clone.Path())
	// Whatever was answered: an endpoint that keeps a number for the media may fail to tell the drive from then on.
	s.EditDrive(ctx, steps.EditBack, clone, nil)
}

// granted reports whether a login or a logout is answered as a form is: what counts are the cookies.
func granted(x *evidence.Exchange) bool { return x.Status()/100 == 2 || x.Status()/100 == 3 }

// lookByCookies asks for the documented paths by the cookies of the login, for the lists with a query.
func (s *Runner) lookByCookies(ctx context.Context, when, query string, drive *account.Source) {
	look := func(step, target string) {
		s.Send(ctx, when+step, http.MethodGet, target, nil, account.As(evidence.BySession))
	}
	look("libdrives/", "libdrives/"+query)
	look("libdrives/detail/", "libdrives/detail/"+query)
	look("licenses/", "licenses/"+query)
	look("drives/", "drives/"+query)
	look("drives/detail/", "drives/detail/"+query)
	look("servers/", "servers/"+query)
	look("libdrives/schema/", "libdrives/schema/")
	look("profile/", "profile/")
	if drive != nil {
		look("libdrives/LIB/", drive.Through("libdrives").Path)
		look("drives/LIB/", drive.Through("drives").Path)
	}
}

// unauthenticatedClone is the scenario of a clone that nobody in particular asks for.
func (m Material) unauthenticatedClone(probes bool) *Scenario {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Scenario{Name: string(steps.UnauthenticatedClone), Makes: Makes{Refused: 1}, Run: func(ctx context.Context, s *Runner) {
		s.probeClones(ctx, "without credentials", *drive, evidence.Nobody)
	}}
}

// probeClones asks for a clone as somebody who may not, in requests that are right otherwise: through the library, and,
// where that made none, through the drives API.
func (s *Runner) probeClones(ctx context.Context, how string, source account.Source, as evidence.Identity) {
	for _, door := range []struct{ step, collection string }{{"clone " + how, "libdrives"}, {"clone through drives " + how, "drives"}} {
		if s.probeMade(ctx, door.step, client.Request{
			Method: http.MethodPost, Path: source.Through(door.collection).Path + "action/", Query: "do=clone",
			Body: []byte(`{"name": "` + s.NewName() + `"}`), As: as,
		}) {
			return
		}
	}
}

// probeMade probes, and reports whether that made a drive, or may have: it is answered as if it had. Then the scenario ends:
// what is wrong is shown, and each further drive would cost and tell nothing new.
func (s *Runner) probeMade(ctx context.Context, step string, r client.Request) bool {
	before := s.madeSoFar()
	x := s.Probe(ctx, step, r)
	if s.madeSoFar() == before && !carriedOut(x) {
		return false
	}
	s.EndFor(account.CauseMade, fmt.Sprintf("the step %q was carried out, which is enough to judge by", step))
	return true
}

// unknownAction is the scenario of actions that there are not, looking after each whether the library drive is as before.
func (m Material) unknownAction(probes bool) *Scenario {
	drive := m.probed(1)
	if drive == nil || !probes {
		return nil
	}
	return &Scenario{Name: string(steps.UnknownActions), Makes: Makes{Refused: 1}, Run: func(ctx context.Context, s *Runner) {
		w := watch{runner: s, drive: *drive, alone: true}
		w.begin(ctx)
		for _, target := range []struct{ step, collection, query string }{
			{steps.UnknownAction, "libdrives", "do=no_such_action"},
			{steps.UnknownActionThroughDrives, "drives", "do=no_such_action"},
			{steps.ActionThatBeginsAsAnother, "libdrives", "do=clone_it"},
			{steps.NoAction, "libdrives", "do="},
		} {
			r := client.Request{
				Method: http.MethodPost, Path: drive.Through(target.collection).Path + "action/", Query: target.query,
				Body: []byte(`{"name": "` + s.NewName() + `"}`),
			}
			if s.probeMade(ctx, target.step, r) || s.didHarm(ctx, &w, target.step) {
				return
			}
		}
	}}
}

// didHarm looks whether the library drive that a step's request was sent to is as before, and reports whether it is not.
// Then the scenario has ended.
func (s *Runner) didHarm(ctx context.Context, w *watch, step string) bool {
	x := s.Sent(step)
	if x == nil || !w.last.there() {
		return false
	}
	before := w.last
	harm := w.after(ctx, step, "", x)
	if harm != nil {
		s.harm(ctx, w, before, harm, step, x)
	}
	return harm != nil
}

// licenceMethods is the scenario of what is not allowed on the list of licences. Nothing is sent that could take one off.
func (m Material) licenceMethods(probes bool) *Scenario {
	if !probes {
		return nil
	}
	return &Scenario{Name: string(steps.LicenceMethods), Run: func(ctx context.Context, s *Runner) {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			s.Probe(ctx, method+" licenses/", client.Request{Method: method, Path: "licenses/", Body: []byte(`{}`)})
		}
	}}
}
