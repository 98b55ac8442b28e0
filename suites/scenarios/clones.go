package scenarios

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// endUncloned ends a scenario that got no clone to go on with. An answer that says that there is one, and names none that
// can be this run's, is another cause than a refusal.
func (s *Runner) endUncloned(what string, x *evidence.Exchange) {
	if account.Succeeded(x) {
		s.EndFor(account.CauseUnproven, what+": it "+account.Answered(x)+", but the answer names no drive that can be this run's")
		return
	}
	s.End(what + ": it " + account.Answered(x))
}

// biggerClone is the scenario of a clone that is to differ from its source in whatever can be asked for, and is resized once it is done.
func (m Material) biggerClone() *Scenario {
	source := first(m.Licensed2, m.Licensed, m.Unlicensed)
	if source == nil {
		return nil
	}
	return &Scenario{Name: string(steps.BiggerClone), Makes: clones(1, source), Run: func(ctx context.Context, s *Runner) {
		from := *source
		x, clone := m.askBigger(ctx, s, from)
		if clone == nil && accountRefused(x) && m.Unlicensed != nil && m.Unlicensed.UUID != from.UUID {
			from = *m.Unlicensed
			x, clone = m.askBigger(ctx, s, from)
		}
		if clone == nil {
			s.endUncloned("the library drive could not be cloned with a bigger size", x)
			return
		}
		if s.finish(ctx, steps.Job, steps.CloneDone, clone) {
			s.entries(ctx, steps.CloneDone, clone, s.Sent(steps.CloneDone))
			s.Ready()
			s.Get(ctx, steps.SourceAfter, account.ResourcePath("libdrives", from.UUID))
			s.Get(ctx, steps.SourceThroughDrivesAfter, account.ResourcePath("drives", from.UUID))
			s.resize(ctx, clone, from, nil)
		}
	}}
}

// askBigger asks for a clone that is bigger and otherwise chosen.
func (m Material) askBigger(ctx context.Context, s *Runner, from account.Source) (*evidence.Exchange, *account.Resource) {
	s.Get(ctx, steps.SourceThroughDrives, account.ResourcePath("drives", from.UUID))
	one, _ := account.DefinitionOf(s.Get(ctx, steps.Source, account.ResourcePath("libdrives", from.UUID)))
	if one.Size > 0 && one.Size <= from.Size+mostBeyond {
		from.Size = one.Size
	}
	// An odd number of bytes, so that it has to be rounded up.
	size := from.Size + 1<<20 + 1
	choices := map[string]any{"size": size, "media": otherMedia(one.Media)}
	if others := m.otherAffinities(one.Affinities); others != nil {
		choices["affinities"] = others
	}
	withoutLicences := maps.Clone(choices)
	withoutLicences["licenses"] = []any{}
	x, clone := s.Clone(ctx, steps.Clone, from, account.CloneOptions{Body: withoutLicences})
	if clone == nil && isRefusal(x) {
		// Perhaps it is the licences that are refused, which would be right, or one of the choices: the size alone is
		// worth a request of its own.
		x, clone = s.Clone(ctx, steps.CloneWithoutLicences, from, account.CloneOptions{Body: choices})
	}
	if clone == nil && isRefusal(x) {
		x, clone = s.Clone(ctx, steps.CloneOfSizeAlone, from, account.CloneOptions{Body: map[string]any{"size": size}})
	}
	return x, clone
}

// mostBeyond is the most bytes by which a size that an answer tells may go beyond what was announced, or granted, before
// it is asked for: a size costs money, and an answer may say anything.
const mostBeyond = 1 << 30

// accountRefused reports whether a clone was refused for what the account may have or pay for: of a drive with licences it
// may be those that cost too much, and what needs no licences can be seen by a drive without.
func accountRefused(x *evidence.Exchange) bool {
	return x.Status() == http.StatusPaymentRequired || x.Status() == http.StatusForbidden
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

// serverFor asks for a server to attach something to. Without one, the scenario ends.
func (s *Runner) serverFor(ctx context.Context, what string) *account.Resource {
	x, server := s.CreateServer(ctx, steps.Server, nil)
	if server == nil {
		s.End("there is no server to attach " + what + " to: its create " + account.Answered(x))
	}
	return server
}

// entries reads the entries of a clone in the lists of drives, as it was shown by itself just before.
func (s *Runner) entries(ctx context.Context, step string, clone *account.Resource, shown *evidence.Exchange) {
	query := "?uuid=" + url.QueryEscape(clone.UUID)
	at := steps.Step(step)
	s.EntryLike(ctx, string(at.In(steps.InDetail)), "drives/detail/"+query, shown)
	s.EntryLike(ctx, string(at.In(steps.InDrives)), "drives/"+query+"&limit=0&fields=uuid,resource_uri,owner,name,size,media,status,meta,licenses,mounted_on,jobs,tags,affinities,allow_multimount,storage_type", shown)
}

// getServer reads a server of ours by itself and in the list of servers. Where a drive was attached to it, or taken off, which no
// drive stands for, it is looked at until it shows that.
func (s *Runner) getServer(ctx context.Context, step string, server *account.Resource, drive string, write *evidence.Exchange) {
	if !account.Succeeded(write) {
		s.Get(ctx, step, server.Path())
		return
	}
	what := account.AttachedShown
	if drive == "" {
		what = account.DetachedShown
	}
	shown := s.GetUntil(ctx, step, server.Path(), what, func(one account.Definition) bool {
		return drive == "" && len(one.Drives) == 0 || slices.ContainsFunc(one.Drives, func(id string) bool { return account.SameID(id, drive) })
	})
	s.EntryLike(ctx, string(steps.Step(step).In(steps.InServers)), "servers/detail/?limit=0", shown)
}

// getDetached reads a clone that was taken off a server until it shows that.
func (s *Runner) getDetached(ctx context.Context, step string, clone, server *account.Resource) *evidence.Exchange {
	return s.GetUntil(ctx, step, clone.Path(), account.DetachedShown, func(one account.Definition) bool {
		return one.Status == "unmounted" && !one.IsMountedOn(server.UUID)
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

// refusals is the scenario of clones that are not to be had.
func (m Material) refusals(probes bool) *Scenario {
	small := first(m.Unlicensed, m.Licensed2, m.Licensed)
	if m.UnknownUUID == "" && (small == nil || !probes) {
		return nil
	}
	e := Scenario{Name: string(steps.Refusals)}
	if m.UnknownUUID != "" {
		e.Makes.Refused++
	}
	if probes && small != nil {
		e.Makes.Refused++
	}
	e.Run = func(ctx context.Context, s *Runner) {
		if m.UnknownUUID != "" {
			s.CloneToBeRefused(ctx, steps.UnknownUUID, account.Source{UUID: m.UnknownUUID}.Through("libdrives"), account.CloneOptions{Unknown: true})
		}
		if !probes || small == nil {
			return
		}
		clone := s.CloneToBeRefused(ctx, steps.SmallerSize, *small, account.CloneOptions{Body: map[string]any{"size": small.Size / 2}})
		if clone != nil {
			s.finish(ctx, steps.SmallerCloneJob, steps.SmallerCloneDone, clone)
		}
	}
	return &e
}
