package scenarios

import (
	"bytes"
	"context"
	"net/http"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
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
	return &Scenario{Name: string(steps.Attaching), Makes: makes, Run: func(ctx context.Context, s *Runner) {
		t := attachingRun{runner: s, cdrom: *m.CDROM}
		s.Get(ctx, steps.CDROMBefore, t.path())
		if t.first = s.serverFor(ctx, "the CDROM"); t.first == nil {
			return
		}
		t.attach(ctx)
		if probes && disk != nil && s.MayHarm(steps.AttachDisk) {
			s.EditServer(ctx, steps.AttachDisk, t.first, bootingFrom(mountCDROM(t.cdrom.UUID), mountDisk(disk.UUID)))
			s.Get(ctx, steps.ServerAfterAttachDisk, t.first.Path())
			s.serverToBeRefused(ctx, steps.ServerWithDisk, disk.UUID)
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
	attach := s.EditServer(ctx, steps.Attach, t.first, bootingFrom(mountCDROM(t.cdrom.UUID)))
	s.getServer(ctx, steps.ServerAttached, t.first, t.cdrom.UUID, attach)
	s.Get(ctx, steps.ServerInXML, t.first.Path()+"?format=xml")
	s.Get(ctx, steps.DriveOfServer, account.ResourcePath("drives", t.cdrom.UUID))
	s.Get(ctx, steps.CDROMAttached, t.path())
	t.cloneServer(ctx, attach)
	x, second := s.CreateServer(ctx, steps.SecondServer, bootingFrom(mountCDROM(t.cdrom.UUID)))
	if second == nil && isRefusal(x) {
		// Is it creating a server with the CDROM that is refused, or putting it on a second one?
		if _, second = s.CreateServer(ctx, steps.SecondServerAlone, nil); second != nil {
			x = s.EditServer(ctx, steps.AttachToSecondServer, second, bootingFrom(mountCDROM(t.cdrom.UUID)))
		}
	}
	t.second = second
	if t.second != nil {
		s.getServer(ctx, steps.SecondServerAttached, t.second, t.cdrom.UUID, x)
		s.getServer(ctx, steps.FirstServerStill, t.first, t.cdrom.UUID, attach)
	}
	s.List(ctx, steps.Drives, "drives/")
	s.List(ctx, steps.DrivesDetail, "drives/detail/")
}

// cloneServer clones the server that has the CDROM, and nothing else.
func (t *attachingRun) cloneServer(ctx context.Context, attach *evidence.Exchange) {
	s := t.runner
	if !account.Succeeded(attach) {
		return
	}
	if x, clone := s.CloneServer(ctx, steps.CloneServer, t.first, t.cdrom.UUID); clone != nil {
		s.getServer(ctx, steps.ClonedServer, clone, t.cdrom.UUID, x)
	}
}

// serverToBeRefused asks for a server that has a library disk. Where there is one after all it is ours, and never started.
func (s *Runner) serverToBeRefused(ctx context.Context, step, disk string) {
	x, _ := s.CreateServer(ctx, step, bootingFrom(mountDisk(disk)))
	if !x.Unsent {
		s.List(ctx, "servers after "+step, "servers/detail/")
	}
}

func (t *attachingRun) detach(ctx context.Context, probes bool) {
	s := t.runner
	detach := s.EditServer(ctx, steps.Detach, t.first, nil)
	s.GetUntil(ctx, steps.CDROMAfterDetach, t.path(), account.DetachedShown, func(one account.Definition) bool { return !one.IsMountedOn(t.first.UUID) })
	for _, list := range [...][2]string{{steps.ListedAfterDetach, "libdrives/"}, {steps.DetailAfterDetach, "libdrives/detail/"}} {
		s.EntryUntil(ctx, list[0], list[1], t.cdrom.UUID, account.DetachedShown, func(one account.Definition) bool { return !one.IsMountedOn(t.first.UUID) })
	}
	s.getServer(ctx, steps.ServerAfterDetach, t.first, "", detach)
	s.List(ctx, steps.DrivesDetached, "drives/")
	s.List(ctx, steps.DrivesDetailDetached, "drives/detail/")
	if !probes {
		if t.second != nil {
			s.Delete(ctx, steps.DeleteSecondServer, t.second, "")
		}
		s.Delete(ctx, steps.DeleteServer, t.first, "")
		s.toldAlike(ctx, t.cdrom)
		return
	}
	again := s.EditServer(ctx, steps.AttachAgain, t.first, bootingFrom(mountCDROM(t.cdrom.UUID)))
	s.getServer(ctx, steps.ServerAttachedAgain, t.first, t.cdrom.UUID, again)
	if t.second != nil && !t.deleteRecursively(ctx, steps.DeleteRecursively, t.second, "recurse=all_drives", steps.CDROMAfterAllDrives) {
		return
	}
	if t.disk != nil && again.Response != nil && bytes.Contains(again.Response.Body.Bytes(), []byte(t.disk.UUID)) {
		s.End("the server still has the library disk, which must not be deleted with it")
		return
	}
	if t.deleteRecursively(ctx, steps.DeleteCDROMs, t.first, "recurse=cdroms", steps.CDROMAfterCDROMs) {
		s.toldAlike(ctx, t.cdrom)
	}
	s.List(ctx, steps.DrivesWithoutServer, "drives/")
	s.List(ctx, steps.DrivesDetailWithoutServer, "drives/detail/")
}

// toldAlike looks at a library drive when what was done with it is over: by itself, and in the lists, until these say the same of its
// status. They may trail, or something else may be done with it meanwhile.
func (s *Runner) toldAlike(ctx context.Context, drive account.Source) {
	path := account.ResourcePath("libdrives", drive.UUID)
	one, seen := account.DefinitionOf(s.Get(ctx, steps.AtRest, path))
	if !seen {
		return
	}
	for _, list := range [...][2]string{{steps.ListedAtRest, "libdrives/"}, {steps.ListedInDetailAtRest, "libdrives/detail/"}} {
		s.EntryUntil(ctx, list[0], list[1], drive.UUID, account.ListedAlike, func(entry account.Definition) bool { return entry.Status == one.Status })
	}
	s.Get(ctx, steps.StillAtRest, path)
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
	s.Account().KeepHarm(account.Harm{Kind: evidence.HarmDeletedWithServer, UUID: t.cdrom.UUID, Name: t.cdrom.Name, Scenario: s.Name(), Step: step, Exchange: x})
	s.EndFor(account.CauseHarm, "the library drive "+t.cdrom.UUID+" was deleted with a server")
	return false
}
