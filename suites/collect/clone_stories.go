package collect

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// biggerClone is the story of a clone that is to differ from its source in whatever can be asked for.
func (m Material) biggerClone() *Experiment {
	source := first(m.Licensed2, m.Licensed, m.Unlicensed)
	if source == nil {
		return nil
	}
	return &Experiment{Name: "bigger clone", Makes: clones(1, source), Run: func(ctx context.Context, s *Story) {
		one, _ := objectOf(s.Get(ctx, "source", resourcePath("libdrives", source.UUID)))
		from := *source
		if one.size > 0 {
			from.Size = one.size
		}
		// An odd number of bytes, so that it has to be rounded up.
		size := from.Size + 1<<20 + 1
		choices := map[string]any{"size": size, "media": otherMedia(one.media)}
		if others := m.otherAffinities(one.affinities); others != nil {
			choices["affinities"] = others
		}
		withoutLicences := maps.Clone(choices)
		withoutLicences["licenses"] = []any{}
		x, clone := s.Clone(ctx, "clone", from, CloneOptions{Body: withoutLicences})
		if clone == nil && isRefusal(x) {
			// Perhaps it is the licences that are refused, which would be right, or one of the choices: the size alone is
			// worth a request of its own.
			x, clone = s.Clone(ctx, "clone without licences", from, CloneOptions{Body: choices})
		}
		if clone == nil && isRefusal(x) {
			x, clone = s.Clone(ctx, "clone of size alone", from, CloneOptions{Body: map[string]any{"size": size}})
		}
		if clone == nil {
			s.End("the library drive could not be cloned with a bigger size: it " + answered(x))
			return
		}
		s.finish(ctx, "job", "clone done", clone)
	}}
}

func otherMedia(media string) string {
	if media == "cdrom" {
		return "disk"
	}
	return "cdrom"
}

// otherAffinities are some that a drive with that many does not have, of those that the endpoint publishes; nil where there
// are none.
func (m Material) otherAffinities(affinities int) []string {
	switch {
	case affinities > 0:
		return []string{}
	case len(m.Affinities) > 0:
		return m.Affinities[:1]
	}
	return nil
}

// isRefusal reports whether a request was answered that it is not done, for a reason that lies in the request.
func isRefusal(x *evidence.Exchange) bool {
	status := x.Status()
	return status >= 400 && status < 500 && status != http.StatusPaymentRequired && status != http.StatusTooManyRequests
}

// sideBySide is the story of two clones of one drive, made both ways, of which one is attached to a server.
func (m Material) sideBySide() *Experiment {
	source := first(m.Unlicensed, m.Licensed, m.Licensed2)
	if source == nil {
		return nil
	}
	makes := clones(2, source)
	makes.Servers = 1
	return &Experiment{Name: "side by side", Makes: makes, Run: func(ctx context.Context, s *Story) {
		s.Get(ctx, "source", resourcePath("libdrives", source.UUID))
		x, one := s.Clone(ctx, "first clone", source.through("libdrives"), CloneOptions{})
		if one == nil {
			s.End("the library drive could not be cloned: it " + answered(x))
			return
		}
		second := s.secondClone(ctx, *source, one.UUID)
		if !s.finish(ctx, "first job", "first done", one) {
			return
		}
		if second != nil && !s.finish(ctx, "second job", "second done", second) {
			return
		}
		s.attachClone(ctx, one)
		if second != nil {
			s.Delete(ctx, "delete first", one, "")
			s.Get(ctx, "second after delete", second.path())
		}
	}}
}

// secondClone asks for a clone through the drives API that avoids another drive. Where that is refused, further requests
// tell which of the two it was; at most one of them makes a clone.
func (s *Story) secondClone(ctx context.Context, source Source, avoid string) *Resource {
	hint := "avoid=" + url.QueryEscape(avoid)
	x, clone := s.Clone(ctx, "second clone", source.through("drives"), CloneOptions{Query: hint})
	if clone == nil && isRefusal(x) {
		x, clone = s.Clone(ctx, "second clone without avoid", source.through("drives"), CloneOptions{})
	}
	if clone == nil && isRefusal(x) {
		x, clone = s.Clone(ctx, "second clone with avoid", source.through("libdrives"), CloneOptions{Query: hint})
	}
	if clone == nil {
		s.End("there is no second clone of the library drive: it " + answered(x))
	}
	return clone
}

func (s *Story) attachClone(ctx context.Context, clone *Resource) {
	x, server := s.CreateServer(ctx, "server", nil)
	if server == nil {
		s.End("there is no server to attach the clone to: its create " + answered(x))
		return
	}
	attach := s.EditServer(ctx, "attach clone", server, bootingFrom(mountDisk(clone.UUID)))
	if succeeded(attach) {
		s.getUntil(ctx, "clone attached", clone.path(), MountedShown, func(one shown) bool { return one.status == "mounted" })
	} else {
		s.Get(ctx, "clone attached", clone.path())
	}
	s.getServer(ctx, "server with clone", server, clone.UUID, attach)
	s.EditServer(ctx, "detach clone", server, nil)
}

// getServer reads a server of ours. Where a drive was attached to it, it is looked at until it shows that.
func (s *Story) getServer(ctx context.Context, step string, server *Resource, drive string, attach *evidence.Exchange) {
	if !succeeded(attach) {
		s.Get(ctx, step, server.path())
		return
	}
	s.getUntil(ctx, step, server.path(), AttachedShown, func(one shown) bool {
		return slices.ContainsFunc(one.drives, func(id string) bool { return sameID(id, drive) })
	})
}

// mountDisk and mountCDROM are entries of a server's drives, on the devices that the documentation has for them.
func mountDisk(uuid string) map[string]any {
	return map[string]any{"drive": uuid, "device": "virtio", "dev_channel": "0:0"}
}

func mountCDROM(uuid string) map[string]any {
	return map[string]any{"drive": uuid, "device": "ide", "dev_channel": "0:0"}
}

// bootingFrom are the drives of a server, each with a place of its own in the order in which the server looks for one to
// boot from.
func bootingFrom(drives ...map[string]any) []map[string]any {
	for i, drive := range drives {
		drive["boot_order"] = i + 1
	}
	return drives
}

// refusals is the story of clones that are not to be had.
func (m Material) refusals(probes bool) *Experiment {
	small := first(m.Unlicensed, m.Licensed2, m.Licensed)
	if m.UnknownUUID == "" && (small == nil || !probes) {
		return nil
	}
	e := Experiment{Name: "refusals"}
	if m.UnknownUUID != "" {
		e.Makes.Refused++
	}
	if probes && small != nil {
		e.Makes.Refused++
	}
	e.Run = func(ctx context.Context, s *Story) {
		if m.UnknownUUID != "" {
			s.cloneToBeRefused(ctx, "unknown uuid", Source{UUID: m.UnknownUUID}.through("libdrives"), CloneOptions{unknown: true})
		}
		if !probes || small == nil {
			return
		}
		clone := s.cloneToBeRefused(ctx, "smaller size", *small, CloneOptions{Body: map[string]any{"size": small.Size / 2}})
		if clone != nil {
			s.finish(ctx, "smaller clone job", "smaller clone done", clone)
		}
	}
	return &e
}

// cloneToBeRefused asks for a clone and looks afterwards whether there is one after all.
func (s *Story) cloneToBeRefused(ctx context.Context, step string, source Source, o CloneOptions) *Resource {
	x, clone := s.Clone(ctx, step, source, o)
	if x.Response != nil && !refuses(x.Status()) { // else Clone has looked
		s.lookAfter(ctx, step, intent{kind: Drive, name: askedName(x), source: source.UUID, story: s.name, step: step})
	}
	return clone
}
