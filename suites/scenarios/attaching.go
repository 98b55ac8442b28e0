package scenarios

import (
	"bytes"
	"context"
	"net/http"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
)

// attaching is the scenario of a CDROM of the library in two servers' drives. With probes, a disk of the library is tried
// too, and the servers are deleted with all that is in them.
func (m Material) attaching(probes bool) *Scenario {
	if m.CDROM == nil {
		return nil
	}
	disk := first(m.Unlicensed, m.Licensed, m.Licensed2)
	makes := Makes{Servers: 3, Refused: 1} // a server's clone; a CDROM that is copied with it
	if probes {
		makes.Servers++
	}
	return &Scenario{Name: "attaching", Makes: makes, Run: func(ctx context.Context, s *Runner) {
		t := attachingRun{runner: s, cdrom: *m.CDROM}
		s.Get(ctx, "cdrom before", t.path())
		x, server := s.CreateServer(ctx, "server", nil)
		if server == nil {
			s.End("there is no server to attach the CDROM to: its create " + account.Answered(x))
			return
		}
		t.first = server
		t.attach(ctx)
		if probes && disk != nil && s.MayHarm("attach disk") {
			s.EditServer(ctx, "attach disk", t.first, bootingFrom(mountCDROM(t.cdrom.UUID), mountDisk(disk.UUID)))
			s.Get(ctx, "server after attach disk", t.first.Path())
			s.serverToBeRefused(ctx, "server with disk", disk.UUID)
		}
		t.disk = disk
		t.detach(ctx, probes)
	}}
}

type attachingRun struct {
	runner        *Runner
	cdrom         account.Source
	disk          *account.Source // that was tried, nil where there is none
	first, second *account.Resource
}

func (t *attachingRun) path() string { return account.ResourcePath("libdrives", t.cdrom.UUID) }

func (t *attachingRun) attach(ctx context.Context) {
	s := t.runner
	attach := s.EditServer(ctx, "attach", t.first, bootingFrom(mountCDROM(t.cdrom.UUID)))
	s.getServer(ctx, "server attached", t.first, t.cdrom.UUID, attach)
	s.Get(ctx, "drive of the server", account.ResourcePath("drives", t.cdrom.UUID))
	s.Get(ctx, "cdrom attached", t.path())
	t.cloneServer(ctx, attach)
	x, second := s.CreateServer(ctx, "second server", map[string]any{"drives": bootingFrom(mountCDROM(t.cdrom.UUID))})
	if second == nil && isRefusal(x) {
		// Is it creating a server with the CDROM that is refused, or putting it on a second one?
		if _, second = s.CreateServer(ctx, "second server alone", nil); second != nil {
			x = s.EditServer(ctx, "attach to second server", second, bootingFrom(mountCDROM(t.cdrom.UUID)))
		}
	}
	t.second = second
	if t.second != nil {
		s.getServer(ctx, "second server attached", t.second, t.cdrom.UUID, x)
		s.getServer(ctx, "first server still", t.first, t.cdrom.UUID, attach)
	}
	s.List(ctx, "drives", "drives/")
	s.List(ctx, "drives detail", "drives/detail/")
}

// cloneServer clones the server that has the CDROM, and nothing else.
func (t *attachingRun) cloneServer(ctx context.Context, attach *evidence.Exchange) {
	s := t.runner
	if !account.Succeeded(attach) {
		return
	}
	if x, clone := s.CloneServer(ctx, "clone server", t.first, t.cdrom.UUID); clone != nil {
		s.getServer(ctx, "cloned server", clone, t.cdrom.UUID, x)
	}
}

// serverToBeRefused asks for a server that has a library disk. Where there is one after all it is ours, and never started.
func (s *Runner) serverToBeRefused(ctx context.Context, step, disk string) {
	x, _ := s.CreateServer(ctx, step, map[string]any{"drives": bootingFrom(mountDisk(disk))})
	if !x.Unsent {
		s.List(ctx, "servers after "+step, "servers/detail/")
	}
}

func (t *attachingRun) detach(ctx context.Context, probes bool) {
	s := t.runner
	s.EditServer(ctx, "detach", t.first, nil)
	s.GetUntil(ctx, "cdrom after detach", t.path(), account.DetachedShown, func(one account.Definition) bool { return !one.IsMountedOn(t.first.UUID) })
	if !probes {
		if t.second != nil {
			s.Delete(ctx, "delete second server", t.second, "")
		}
		s.Delete(ctx, "delete server", t.first, "")
		return
	}
	again := s.EditServer(ctx, "attach again", t.first, bootingFrom(mountCDROM(t.cdrom.UUID)))
	s.getServer(ctx, "server attached again", t.first, t.cdrom.UUID, again)
	if t.second != nil && !t.deleteRecursively(ctx, "delete recursively", t.second, "recurse=all_drives", "cdrom after all_drives") {
		return
	}
	if t.disk != nil && again.Response != nil && bytes.Contains(again.Response.Body, []byte(t.disk.UUID)) {
		s.End("the server still has the library disk, which must not be deleted with it")
		return
	}
	t.deleteRecursively(ctx, "delete cdroms", t.first, "recurse=cdroms", "cdrom after cdroms")
}

// deleteRecursively deletes a server that the CDROM is attached to, with its drives, and looks whether the CDROM is
// still there. It reports whether more may be tried.
func (t *attachingRun) deleteRecursively(ctx context.Context, step string, server *account.Resource, query, after string) bool {
	s := t.runner
	x := s.Delete(ctx, step, server, query)
	if x.Unsent {
		return false
	}
	if s.Get(ctx, after, t.path()).Status() != http.StatusNotFound || s.Get(ctx, after+" again", t.path()).Status() != http.StatusNotFound {
		return true
	}
	s.Account().KeepHarm(account.Harm{Kind: account.DeletedWithServer, UUID: t.cdrom.UUID, Name: t.cdrom.Name, Scenario: s.Name(), Step: step, Exchange: x})
	s.EndFor(account.CauseHarm, "the library drive "+t.cdrom.UUID+" was deleted with a server")
	return false
}
