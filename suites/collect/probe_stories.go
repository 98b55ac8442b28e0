package collect

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// smallest is the library drive to which a story does what should be refused: where an endpoint carries it out, the
// least is lost.
func (m Material) smallest() *Source { return first(m.Unlicensed, m.CDROM, m.Licensed2, m.Licensed) }

// forbiddenMethods is the story of all that is not allowed on the library, looking after each request whether something
// changed. The bodies name no drive. By method, what would do less harm comes first, so that an endpoint that carries
// things out is found out by one drive before it is asked for worse: POST before PUT before DELETE, and by each the one
// drive before the lists. The drives API, which does edit and delete drives, is the likeliest to carry it out: it comes
// last of its method, and its DELETE last of all, for without the drive there is nothing left to look at.
func (m Material) forbiddenMethods(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "forbidden methods", Last: true, Run: func(ctx context.Context, s *Story) {
		const list, detail, nothing = "libdrives/", "libdrives/detail/", `{"objects": []}`
		one, through := resourcePath("libdrives", drive.UUID), resourcePath("drives", drive.UUID)
		look := func(step string) bool {
			x := s.Get(ctx, step+" then drive", one)
			s.Get(ctx, step+" then list", "libdrives/?limit=0")
			return x.Status() == http.StatusOK
		}
		definition := s.Get(ctx, "through drives", through)
		if !look("before") {
			s.End("the library drive " + drive.UUID + " is not there to be asked for by other methods than GET")
			return
		}
		for _, probe := range []struct{ method, path, body string }{
			{http.MethodPost, one, `{}`}, {http.MethodPost, detail, nothing}, {http.MethodPost, list, nothing},
			{http.MethodPut, one, `{}`}, {http.MethodPut, detail, nothing}, {http.MethodPut, list, nothing},
			{http.MethodPut, through, s.underOurName(definition)},
			{http.MethodDelete, one, ``}, {http.MethodDelete, detail, nothing}, {http.MethodDelete, list, nothing},
			{http.MethodDelete, through, ``},
		} {
			step := probe.method + " " + strings.Replace(probe.path, drive.UUID, "LIB", 1)
			s.Probe(ctx, step, Request{Method: probe.method, Path: probe.path, Body: []byte(probe.body)})
			if !look(step) {
				s.End("the library drive " + drive.UUID + " is gone after " + step)
				return
			}
			if probe.method == http.MethodPut && probe.path == through {
				s.renameBack(ctx, through, definition, look)
			}
		}
	}}
}

// underOurName is a definition under a name of ours, as an edit takes it.
func (s *Story) underOurName(definition *evidence.Exchange) string {
	old := bodyOf(definition)
	wanted := map[string]any{"name": s.NewName()}
	for _, key := range []string{"media", "size"} {
		if value, there := old[key]; there {
			wanted[key] = value
		}
	}
	body, err := json.Marshal(wanted)
	if err != nil {
		return `{}` // it names nothing, and is to be refused all the same
	}
	return string(body)
}

// renameBack gives a drive that was renamed its old name, as far as the endpoint lets it.
func (s *Story) renameBack(ctx context.Context, path string, definition *evidence.Exchange, look func(step string) bool) {
	old, now := bodyOf(definition), bodyOf(s.Get(ctx, "PUT drives/LIB/ then through drives", path))
	if now == nil || old["name"] == nil || old["name"] == now["name"] {
		return
	}
	if restored, err := json.Marshal(old); err == nil {
		s.Probe(ctx, "the old name back", Request{Method: http.MethodPut, Path: path, Body: restored})
		look("the old name back") // what comes next is compared with the drive as it is now
	}
}

// bodyOf is the object that an exchange was answered with; nil where there is none.
func bodyOf(x *evidence.Exchange) map[string]any {
	var body map[string]any
	if x.Response == nil || json.Unmarshal(x.Response.Body, &body) != nil {
		return nil
	}
	return body
}

// session is the story of a login: what its cookies are good for on the documented paths, with and without the token,
// and after the logout.
func (m Material) session(probes bool) *Experiment {
	drive := m.smallest()
	return &Experiment{Name: "session", Run: func(ctx context.Context, s *Story) {
		if x := s.account.config.Client.Login(ctx); x.Status() != http.StatusOK {
			s.End("there is no session: the login " + answered(x))
			return
		}
		s.lookByCookies(ctx, "with session ", drive)
		if probes && drive != nil {
			s.probeClone(ctx, "clone without token", drive.through("libdrives"), evidence.BySessionOnly)
			s.probeClone(ctx, "clone through drives without token", drive.through("drives"), evidence.BySessionOnly)
		}
		s.account.config.Client.Logout(ctx)
		s.lookByCookies(ctx, "after logout ", drive)
	}}
}

// lookByCookies asks for the documented paths by the cookies of the login, for little of each.
func (s *Story) lookByCookies(ctx context.Context, when string, drive *Source) {
	look := func(step, target string) {
		s.Send(ctx, when+step, http.MethodGet, target, nil, As(evidence.BySession))
	}
	look("libdrives/", "libdrives/?limit=1")
	look("libdrives/detail/", "libdrives/detail/?limit=1")
	if drive != nil {
		look("libdrives/LIB/", drive.through("libdrives").Path)
		look("drives/LIB/", drive.through("drives").Path)
	}
}

// unauthenticatedClone is the story of a clone that nobody in particular asks for.
func (m Material) unauthenticatedClone(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "unauthenticated clone", Run: func(ctx context.Context, s *Story) {
		s.probeClone(ctx, "clone without credentials", drive.through("libdrives"), evidence.Nobody)
		s.probeClone(ctx, "clone through drives without credentials", drive.through("drives"), evidence.Nobody)
	}}
}

// probeClone asks for a clone as somebody who may not, in a request that is right otherwise.
func (s *Story) probeClone(ctx context.Context, step string, source Source, as evidence.Identity) {
	s.Probe(ctx, step, Request{
		Method: http.MethodPost, Path: source.Path + "action/", Query: "do=clone",
		Body: []byte(`{"name": "` + s.NewName() + `"}`), As: as,
	})
}

// unknownAction is the story of actions that there are not.
func (m Material) unknownAction(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "unknown action", Run: func(ctx context.Context, s *Story) {
		for _, target := range []struct{ step, collection, query string }{
			{"unknown action", "libdrives", "do=no_such_action"},
			{"unknown action through drives", "drives", "do=no_such_action"},
			{"action that begins as another", "libdrives", "do=clone_it"},
			{"no action", "libdrives", "do="},
		} {
			s.Probe(ctx, target.step, Request{
				Method: http.MethodPost, Path: drive.through(target.collection).Path + "action/", Query: target.query,
				Body: []byte(`{"name": "` + s.NewName() + `"}`),
			})
		}
	}}
}
