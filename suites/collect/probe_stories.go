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
// changed. The bodies name nothing, and what would do the most harm comes last.
func (m Material) forbiddenMethods(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "forbidden methods", Last: true, Run: func(ctx context.Context, s *Story) {
		one, through := "libdrives/"+drive.UUID+"/", "drives/"+drive.UUID+"/"
		look := func(step string) bool {
			x := s.Get(ctx, step+" then drive", one)
			s.Get(ctx, step+" then list", "libdrives/?limit=0")
			return x.Status() == http.StatusOK
		}
		before := s.Get(ctx, "through drives", through)
		if !look("before") {
			s.End("the library drive " + drive.UUID + " is not there to be asked for by other methods than GET")
			return
		}
		for _, probe := range []struct{ method, path, body string }{
			{http.MethodPost, "libdrives/", `{"objects": []}`}, {http.MethodPut, "libdrives/", `{"objects": []}`},
			{http.MethodDelete, "libdrives/", `{"objects": []}`},
			{http.MethodPost, "libdrives/detail/", `{"objects": []}`}, {http.MethodPut, "libdrives/detail/", `{"objects": []}`},
			{http.MethodDelete, "libdrives/detail/", `{"objects": []}`},
			{http.MethodPost, one, `{}`}, {http.MethodPut, one, `{}`}, {http.MethodDelete, one, ``},
		} {
			step := probe.method + " " + strings.Replace(probe.path, drive.UUID, "LIB", 1)
			s.Probe(ctx, step, Request{Method: probe.method, Path: probe.path, Body: []byte(probe.body)})
			if !look(step) {
				s.End("the library drive " + drive.UUID + " is gone after " + step)
				return
			}
		}
		s.renameThroughDrives(ctx, through, before, look)
		s.Probe(ctx, "DELETE drives/LIB/", Request{Method: http.MethodDelete, Path: through})
		look("DELETE drives/LIB/")
	}}
}

// renameThroughDrives asks for a library drive to be renamed through the drives API. Where that was done, it gives the
// old name back as far as it can.
func (s *Story) renameThroughDrives(ctx context.Context, path string, before *evidence.Exchange, look func(step string) bool) {
	const step = "PUT drives/LIB/"
	definition := map[string]any{}
	if before.Response == nil || json.Unmarshal(before.Response.Body, &definition) != nil {
		definition = map[string]any{}
	}
	old := definition["name"]
	wanted := map[string]any{"name": s.NewName()}
	for _, key := range []string{"media", "size"} {
		if value, there := definition[key]; there {
			wanted[key] = value
		}
	}
	body, err := json.Marshal(wanted)
	if err != nil {
		s.End("the library drive's definition can't be sent back: " + err.Error())
		return
	}
	s.Probe(ctx, step, Request{Method: http.MethodPut, Path: path, Body: body})
	look(step)
	after := map[string]any{}
	if x := s.Get(ctx, step+" then through drives", path); x.Response == nil || json.Unmarshal(x.Response.Body, &after) != nil {
		return
	}
	if restored, err := json.Marshal(definition); err == nil && old != nil && after["name"] != old {
		s.Probe(ctx, "the old name back", Request{Method: http.MethodPut, Path: path, Body: restored})
		look("the old name back") // what comes next is compared with the drive as it is now
	}
}

// session is the story of a login: what its cookies are good for, with and without the token, and after the logout.
func (m Material) session(probes bool) *Experiment {
	return &Experiment{Name: "session", Run: func(ctx context.Context, s *Story) {
		if x := s.account.config.Client.Login(ctx); x.Status() != http.StatusOK {
			s.End("there is no session: the login " + answered(x))
			return
		}
		s.Send(ctx, "with session", http.MethodGet, "libdrives/?limit=1", nil, As(evidence.BySession))
		if drive := m.smallest(); probes && drive != nil {
			s.probeClone(ctx, "clone without token", *drive, evidence.BySessionOnly)
		}
		s.account.config.Client.Logout(ctx)
		s.Send(ctx, "after logout", http.MethodGet, "libdrives/?limit=1", nil, As(evidence.BySession))
	}}
}

// unauthenticatedClone is the story of a clone that nobody in particular asks for.
func (m Material) unauthenticatedClone(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "unauthenticated clone", Run: func(ctx context.Context, s *Story) {
		s.probeClone(ctx, "clone without credentials", *drive, evidence.Nobody)
	}}
}

// probeClone asks for a clone as somebody who may not, in a request that is right otherwise.
func (s *Story) probeClone(ctx context.Context, step string, source Source, as evidence.Identity) {
	s.Probe(ctx, step, Request{
		Method: http.MethodPost, Path: source.through("libdrives").Path + "action/", Query: "do=clone",
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
