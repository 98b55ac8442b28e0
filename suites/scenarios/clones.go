package scenarios

import (
	"context"
	"net/http"
	"net/url"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
)

// biggerClone is the story of a clone that is to differ from its source in whatever can be asked for.
func (m Material) biggerClone() *Experiment {
	source := first(m.Licensed2, m.Licensed, m.Unlicensed)
	if source == nil {
		return nil
	}
	return &Experiment{Name: "bigger clone", Makes: clones(1, source), Run: func(ctx context.Context, s *Runner) {
		one, _ := account.DefinitionOf(s.Get(ctx, "source", account.ResourcePath("libdrives", source.UUID)))
		from := *source
		if one.Size > 0 {
			from.Size = one.Size
		}
		// An odd number of bytes, so that it has to be rounded up.
		size := from.Size + 1<<20 + 1
		x, clone := s.Clone(ctx, "clone", from, account.CloneOptions{Body: map[string]any{
			"licenses": []any{}, "size": size, "media": otherMedia(one.Media), "affinities": otherAffinities(one.Affinities),
		}})
		if clone == nil && isRefusal(x) {
			// Perhaps it is the licences that are refused, which would be right, or one of the choices: the size alone is
			// worth a request of its own.
			x, clone = s.Clone(ctx, "clone without licences", from, account.CloneOptions{Body: map[string]any{
				"size": size, "media": otherMedia(one.Media), "affinities": otherAffinities(one.Affinities),
			}})
		}
		if clone == nil && isRefusal(x) {
			x, clone = s.Clone(ctx, "clone of size alone", from, account.CloneOptions{Body: map[string]any{"size": size}})
		}
		if clone == nil {
			s.End("the library drive could not be cloned with a bigger size: it " + account.Answered(x))
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

func otherAffinities(affinities int) []string {
	if affinities > 0 {
		return []string{}
	}
	return []string{"ssd"}
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
	return &Experiment{Name: "side by side", Makes: makes, Run: func(ctx context.Context, s *Runner) {
		s.Get(ctx, "source", account.ResourcePath("libdrives", source.UUID))
		x, one := s.Clone(ctx, "first clone", source.Through("libdrives"), account.CloneOptions{})
		if one == nil {
			s.End("the library drive could not be cloned: it " + account.Answered(x))
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
			s.Get(ctx, "second after delete", second.Path())
		}
	}}
}

// secondClone asks for a clone through the drives API that avoids another drive. Where that is refused, further requests
// tell which of the two it was; at most one of them makes a clone.
func (s *Runner) secondClone(ctx context.Context, source account.Source, avoid string) *account.Resource {
	hint := "avoid=" + url.QueryEscape(avoid)
	x, clone := s.Clone(ctx, "second clone", source.Through("drives"), account.CloneOptions{Query: hint})
	if clone == nil && isRefusal(x) {
		x, clone = s.Clone(ctx, "second clone without avoid", source.Through("drives"), account.CloneOptions{})
	}
	if clone == nil && isRefusal(x) {
		x, clone = s.Clone(ctx, "second clone with avoid", source.Through("libdrives"), account.CloneOptions{Query: hint})
	}
	if clone == nil {
		s.End("there is no second clone of the library drive: it " + account.Answered(x))
	}
	return clone
}

func (s *Runner) attachClone(ctx context.Context, clone *account.Resource) {
	x, server := s.CreateServer(ctx, "server", nil)
	if server == nil {
		s.End("there is no server to attach the clone to: its create " + account.Answered(x))
		return
	}
	s.EditServer(ctx, "attach clone", server, []map[string]any{mountDisk(clone.UUID)})
	s.Get(ctx, "clone attached", clone.Path())
	s.Get(ctx, "server with clone", server.Path())
	s.EditServer(ctx, "detach clone", server, nil)
}

// mountDisk and mountCDROM are entries of a server's drives, on the devices that the documentation has for them.
func mountDisk(uuid string) map[string]any {
	return map[string]any{"drive": uuid, "device": "virtio", "dev_channel": "0:0", "boot_order": 1}
}

func mountCDROM(uuid string) map[string]any {
	return map[string]any{"drive": uuid, "device": "ide", "dev_channel": "0:0", "boot_order": 1}
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
	e.Run = func(ctx context.Context, s *Runner) {
		if m.UnknownUUID != "" {
			s.CloneToBeRefused(ctx, "unknown uuid", account.Source{UUID: m.UnknownUUID}.Through("libdrives"), account.CloneOptions{Unknown: true})
		}
		if !probes || small == nil {
			return
		}
		clone := s.CloneToBeRefused(ctx, "smaller size", *small, account.CloneOptions{Body: map[string]any{"size": small.Size / 2}})
		if clone != nil {
			s.finish(ctx, "smaller clone job", "smaller clone done", clone)
		}
	}
	return &e
}
