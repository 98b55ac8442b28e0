package scenarios

import (
	"context"
	"net/url"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// sideBySide is the scenario of two clones of one drive, made both ways, of which one is attached to a server. A licensed
// drive is cloned beside them in the other way, and the clone of it once more, without a body.
func (m Material) sideBySide() *Scenario {
	source := first(m.Unlicensed, m.Licensed, m.Licensed2)
	if source == nil {
		return nil
	}
	parent := first(m.Licensed, m.Licensed2, m.Unlicensed)
	makes := Makes{Servers: 2, Clones: []account.Source{*source, *source, *parent, *parent}}
	return &Scenario{Name: string(steps.SideBySide), Makes: makes, Run: func(ctx context.Context, s *Runner) {
		t := sideBySideRun{runner: s, source: *source, parent: *parent}
		s.Get(ctx, steps.Source, account.ResourcePath("libdrives", source.UUID))
		if !t.clone(ctx) {
			return
		}
		ended := s.finish(ctx, steps.FirstJob, "first done", t.first)
		s.Ready()
		if !ended || t.second != nil && !s.finish(ctx, steps.SecondJob, "second done", t.second) {
			return
		}
		if t.second != nil { // what is cloned next is asked of an account in which a drive was edited
			s.EditDrive(ctx, steps.EditSecond, t.second, map[string]any{"name": t.second.Name})
		}
		again := t.cloneAgain(ctx)
		if server := s.attachClone(ctx, t.first); server != nil {
			t.deleteServers(ctx, server)
		}
		if t.second != nil {
			s.Delete(ctx, steps.DeleteFirst, t.first, "")
			s.Get(ctx, steps.SecondAfterDelete, t.second.Path())
			s.resize(ctx, t.second, t.source, nil)
		}
		if again != nil {
			s.finish(ctx, steps.CloneOfCloneJob, "clone of the clone done", again)
		}
	}}
}

type sideBySideRun struct {
	runner               *Runner
	source, parent       account.Source
	first, second, third *account.Resource
	licences             bool // it is the licences that the account is refused
}

// clone asks for the three clones. It reports whether there is the first, without which the others show nothing.
func (t *sideBySideRun) clone(ctx context.Context) bool {
	s := t.runner
	var x *evidence.Exchange
	if t.source.Size > 0 {
		x, t.first = s.Clone(ctx, steps.FirstClone, t.source.Through("libdrives"), account.CloneOptions{Body: map[string]any{"size": t.source.Size}})
	}
	if t.first == nil && (x == nil || isRefusal(x)) {
		x, t.first = s.Clone(ctx, steps.FirstCloneWithoutSize, t.source.Through("libdrives"), account.CloneOptions{})
	}
	if t.first == nil {
		s.endUncloned("the library drive could not be cloned", x)
		return false
	}
	avoid := "avoid=" + url.QueryEscape(t.first.UUID)
	door, query := t.secondClone(ctx, avoid)
	s.Get(ctx, steps.LicensedSource, account.ResourcePath("libdrives", t.parent.UUID))
	if x, t.third = t.otherWay(ctx, door, query); t.third == nil {
		t.licences = accountRefused(x)
		s.endUncloned("the licensed library drive could not be cloned in another way", x)
	}
	return true
}

// otherWay asks for a clone of the licensed drive that is bigger and avoids both clones, and with less where that is refused: that a
// clone may be bigger is for the bigger clone to show. The licences are looked at, of which this drive has several where there is such.
func (t *sideBySideRun) otherWay(ctx context.Context, door, query string) (x *evidence.Exchange, clone *account.Resource) {
	type way struct {
		query string
		body  map[string]any
	}
	both, ways := query, []way(nil)
	if query != "" && t.second != nil {
		both += "," + url.QueryEscape(t.second.UUID)
	}
	if t.parent.Size > 0 {
		ways = append(ways, way{both, map[string]any{"size": t.parent.Size + 1<<20}})
	}
	ways = append(ways, way{query: both})
	if both != query {
		ways = append(ways, way{query: query})
	}
	for _, as := range ways {
		x, clone = t.runner.Clone(ctx, steps.OtherWay, t.parent.Through(door), account.CloneOptions{Query: as.query, Body: as.body})
		if clone != nil || !isRefusal(x) || accountRefused(x) {
			break
		}
	}
	return x, clone
}

// secondClone asks for a clone through the drives API that avoids another drive. Where that is refused, further requests
// tell which of the two it was; at most one of them makes a clone. It returns what was granted.
func (t *sideBySideRun) secondClone(ctx context.Context, avoid string) (door, query string) {
	s := t.runner
	door, query = "drives", avoid
	x, clone := s.Clone(ctx, steps.SecondClone, t.source.Through(door), account.CloneOptions{Query: query})
	if clone == nil && isRefusal(x) {
		query = ""
		x, clone = s.Clone(ctx, steps.SecondCloneWithoutAvoid, t.source.Through(door), account.CloneOptions{})
	}
	if clone == nil && isRefusal(x) {
		door, query = "libdrives", avoid
		x, clone = s.Clone(ctx, steps.SecondCloneWithAvoid, t.source.Through(door), account.CloneOptions{Query: query})
	}
	if clone == nil {
		s.End("there is no second clone of the library drive: it " + account.Answered(x))
		door, query = "libdrives", ""
	}
	t.second = clone
	return door, query
}

// cloneAgain asks for a clone of the third clone once that is done, without a body; nil where there is none.
func (t *sideBySideRun) cloneAgain(ctx context.Context) (clone *account.Resource) {
	s := t.runner
	if t.third == nil && t.licences {
		return t.cloneOf(ctx, t.second) // the account is refused licences, and not clones
	}
	if t.third == nil || !s.finish(ctx, steps.OtherWayJob, "licensed clone in another way done", t.third) {
		return nil
	}
	return t.cloneOf(ctx, t.third)
}

// cloneOf asks for a clone of a clone without a body.
func (t *sideBySideRun) cloneOf(ctx context.Context, parent *account.Resource) (clone *account.Resource) {
	if parent == nil {
		return nil
	}
	s := t.runner
	own, _ := s.Account().Known(account.Drive, parent.UUID)
	x := s.UnlessBusy(ctx, func() (x *evidence.Exchange) {
		x, clone = s.Clone(ctx, steps.CloneWithoutBody, account.Source{UUID: own.UUID, Name: own.Name, Size: own.Size}.Through("drives"), account.CloneOptions{NoBody: true})
		return x
	})
	if clone == nil {
		s.endUncloned("the clone could not be cloned", x)
	}
	return clone
}

// deleteServers deletes a server that has the first clone by itself, and one that has the second with its CDROMs, of which there are
// none. Both clones are disks, and stay.
func (t *sideBySideRun) deleteServers(ctx context.Context, server *account.Resource) {
	s := t.runner
	again := s.EditServer(ctx, steps.AttachCloneAgain, server, bootingFrom(mountDisk(t.first.UUID)))
	if account.Succeeded(again) && account.Succeeded(s.Delete(ctx, steps.DeleteServerAlone, server, "")) {
		s.getDetached(ctx, steps.CloneAfterServer, t.first, server)
	}
	if t.second == nil || s.Account().Media(t.second.UUID) != "disk" {
		return
	}
	if _, other := s.CreateServer(ctx, steps.ServerOfSecond, bootingFrom(mountDisk(t.second.UUID))); other != nil {
		if account.Succeeded(s.Delete(ctx, steps.DeleteServerCDROMs, other, "recurse=cdroms")) {
			s.getDetached(ctx, steps.SecondAfterCDROMs, t.second, other)
		}
	}
}

// attachClone puts a clone on a server of its own, and takes it off. It returns the server.
func (s *Runner) attachClone(ctx context.Context, clone *account.Resource) *account.Resource {
	server := s.serverFor(ctx, "the clone")
	if server == nil {
		return nil
	}
	attach := s.EditServer(ctx, steps.AttachClone, server, bootingFrom(mountDisk(clone.UUID)))
	if account.Succeeded(attach) {
		attached := s.GetUntil(ctx, steps.CloneAttached, clone.Path(), account.MountedShown, func(one account.Definition) bool { return one.Status == "mounted" })
		s.entries(ctx, steps.CloneAttached, clone, attached)
	} else {
		s.Get(ctx, steps.CloneAttached, clone.Path())
	}
	s.getServer(ctx, steps.ServerWithClone, server, clone.UUID, attach)
	detach := s.EditServer(ctx, steps.DetachClone, server, nil)
	if account.Succeeded(attach) && account.Succeeded(detach) {
		s.entries(ctx, steps.CloneDetached, clone, s.getDetached(ctx, steps.CloneDetached, clone, server))
		s.getServer(ctx, steps.ServerWithoutClone, server, "", detach)
	}
	return server
}

// unnamedClones is the scenario of clones of the library whose requests name nothing. By a name of ours they can't be found:
// it is their jobs that prove whose they are. So they are asked for when the others are there, and only where the job of one
// of those would have proven it too.
func (m Material) unnamedClones() *Scenario {
	free := first(m.Unlicensed, m.Licensed2, m.Licensed)
	if free == nil {
		return nil
	}
	costly := m.Licensed
	makes := clones(2, free)
	if costly != nil {
		makes.Clones = append(makes.Clones, *costly)
	}
	return &Scenario{Name: string(steps.UnnamedClones), Makes: makes, Late: true, Run: func(ctx context.Context, s *Runner) {
		if s.Account().Client().EndpointTime().IsZero() {
			s.EndFor(account.CauseNoClock, "no answer says a date, so that a clone that has no name of this run could not be told from somebody else's by its job")
			return
		}
		if gap := s.JobsProve(ctx, "clone proven by its job"); gap != nil {
			s.EndFor(account.CauseUnproven, "a clone that has no name of this run could not be told from somebody else's by its job: "+gap.String())
			return
		}
		type unnamed struct {
			step string
			of   *account.Source
			how  account.CloneOptions
			made *account.Resource
		}
		asked := []unnamed{
			{string(steps.EmptyObject), free, account.CloneOptions{Unnamed: true}, nil},
			{string(steps.NoBody), free, account.CloneOptions{NoBody: true}, nil},
			{string(steps.LicensedNoBody), costly, account.CloneOptions{NoBody: true}, nil},
		}
		for i := range asked {
			one := &asked[i]
			if one.of == nil {
				continue
			}
			s.Get(ctx, one.step+" source", account.ResourcePath("libdrives", one.of.UUID))
			var x *evidence.Exchange
			if x, one.made = s.Clone(ctx, one.step, one.of.Through("libdrives"), one.how); one.made == nil {
				s.endUncloned("the library drive could not be cloned without a name", x)
			}
		}
		for _, one := range asked {
			if one.made != nil {
				s.finish(ctx, one.step+" job", one.step+" done", one.made)
				// From here on its name says whose it is, also where the run does not come to its end.
				s.EditDrive(ctx, one.step+" renamed", one.made, map[string]any{"name": s.NewName()})
			}
		}
	}}
}
