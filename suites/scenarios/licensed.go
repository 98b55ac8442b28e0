package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// licensedClone is the scenario of one clone from its making to its end: what it is like while and after it is copied, and
// what edits, a server and a resize do to its licences.
func (m Material) licensedClone() *Scenario {
	source := first(m.Licensed, m.Unlicensed)
	if source == nil {
		return nil
	}
	makes := clones(1, source)
	makes.Servers = 1
	return &Scenario{Name: string(steps.LicensedClone), Makes: makes, Run: func(ctx context.Context, s *Runner) {
		t := licensedRun{runner: s, source: *source, other: m.OtherLicence}
		t.licensed, t.unlicensed = m.Licensed != nil, m.Unlicensed
		if !t.make(ctx) {
			return
		}
		t.look(ctx)
		t.change(ctx, steps.Rename, map[string]any{"name": t.clone.Name + "-renamed-é"})
		s.Ready() // what begins late is asked of an account in which a drive was edited
		t.edit(ctx)
		t.attach(ctx)
		if t.resize(ctx) {
			t.delete(ctx)
		}
	}}
}

type licensedRun struct {
	runner     *Runner
	source     account.Source
	licensed   bool
	unlicensed *account.Source // to be cloned where the account is refused the licensed one; nil where there is none
	other      []byte
	clone      *account.Resource
}

func (t *licensedRun) make(ctx context.Context) bool {
	s := t.runner
	s.Get(ctx, steps.Profile, "profile/")
	s.Get(ctx, steps.ProfileInXML, "profile/?format=xml")
	s.Get(ctx, steps.ProfileField, "profile/?fields=clone_naming")
	s.Get(ctx, steps.SourceBefore, account.ResourcePath("libdrives", t.source.UUID))
	var x *evidence.Exchange
	x, t.clone = s.Clone(ctx, steps.Clone, t.source, account.CloneOptions{})
	if t.clone == nil && t.licensed && t.unlicensed != nil && accountRefused(x) {
		t.source, t.licensed = *t.unlicensed, false
		s.Get(ctx, steps.SourceBefore, account.ResourcePath("libdrives", t.source.UUID))
		x, t.clone = s.Clone(ctx, steps.Clone, t.source, account.CloneOptions{})
	}
	if t.clone == nil {
		s.endUncloned("the library drive could not be cloned", x)
		return false
	}
	return s.finish(ctx, steps.Job, steps.CloneDone, t.clone)
}

// finish waits for a clone and looks at it. It ends the scenario where the clone does not come to its end.
func (s *Runner) finish(ctx context.Context, job, done string, clone *account.Resource) bool {
	last, ended := s.AwaitClone(ctx, job, clone)
	s.Get(ctx, done, clone.Path())
	if !ended {
		s.End(s.Unfinished(last))
	}
	return ended
}

func (t *licensedRun) look(ctx context.Context) {
	s := t.runner
	s.Get(ctx, steps.CloneInXML, t.clone.Path()+"?format=xml")
	if job := t.job(); job != "" {
		s.Get(ctx, steps.JobInXML, job+"?format=xml")
	}
	s.ListUntil(ctx, steps.Drives, "drives/", t.clone.UUID, true)
	at := s.ListUntil(ctx, steps.DrivesDetail, "drives/detail/", t.clone.UUID, true)
	s.List(ctx, steps.Libdrives, "libdrives/")
	s.Get(ctx, steps.UnderLibdrives, account.ResourcePath("libdrives", t.clone.UUID))
	s.Get(ctx, steps.FoundInLibrary, "libdrives/?uuid="+url.QueryEscape(t.clone.UUID))
	s.Get(ctx, steps.SourceAfter, account.ResourcePath("libdrives", t.source.UUID))
	s.toldAlike(ctx, t.source)
	s.Get(ctx, steps.DetailFields, "drives/detail/?fields=uuid,name,size,media,meta,licenses&uuid="+url.QueryEscape(t.clone.UUID))
	s.Get(ctx, steps.EntryInXML, "drives/detail/?format=xml&uuid="+url.QueryEscape(t.clone.UUID))
	s.Get(ctx, steps.ListedInXML, "drives/?fields=uuid,name,licenses,media,size,meta&format=xml&uuid="+url.QueryEscape(t.clone.UUID))
	s.FoundUntil(ctx, steps.DetailEntry, "drives/detail/?uuid="+url.QueryEscape(t.clone.UUID), t.clone.UUID)
	s.Get(ctx, steps.DetailByName, "drives/detail/?name="+url.QueryEscape(t.clone.Name))
	if at >= 0 {
		// Others may add and delete drives meanwhile, so that it may have moved by one.
		s.Get(ctx, steps.DetailPage, fmt.Sprintf("drives/detail/?limit=3&offset=%d", max(0, at-1)))
	}
}

// job is the path of the clone's job, as it was seen; empty where it was not.
func (t *licensedRun) job() string {
	if x := t.runner.Sent(steps.Job); x != nil {
		if job, seen := account.DefinitionOf(x); seen && job.UUID != "" {
			return account.ResourcePath("jobs", job.UUID)
		}
	}
	return ""
}

// edit makes the edits that come after the first, one after another. Each may be refused, and the next is tried all the same.
func (t *licensedRun) edit(ctx context.Context) {
	t.change(ctx, steps.NoLicences, map[string]any{"licenses": []any{}})
	t.change(ctx, steps.EditMeta, map[string]any{"meta": map[string]string{"purpose": "conformance of the library, größe 1 𝄞"}})
	t.runner.Get(ctx, steps.EditedInXML, t.clone.Path()+"?format=xml") // its name and its meta are beyond ASCII now
	t.change(ctx, steps.EditTags, map[string]any{"tags": []any{}})
	t.changeMedia(ctx)
	if !t.licensed {
		return
	}
	t.change(ctx, steps.NullLicences, map[string]any{"licenses": nil})
	if entry := licenceEntry(t.other); entry != nil {
		t.change(ctx, steps.OtherLicence, map[string]any{"licenses": []any{entry}})
	}
	_, licences := t.runner.Account().Known(account.Drive, t.clone.UUID)
	if entries := moreOf(licences, 1); len(entries) > 0 {
		t.change(ctx, steps.OtherAmount, map[string]any{"licenses": entries})
	}
	if entries := moreOf(licences, 0); len(entries) > 1 {
		t.change(ctx, steps.SomeLicences, map[string]any{"licenses": entries[:1]})
	}
}

// changeMedia makes the clone another media, and back, for what comes after works on a disk.
func (t *licensedRun) changeMedia(ctx context.Context) {
	s := t.runner
	media := s.Account().Media(t.clone.UUID)
	t.change(ctx, steps.EditMedia, map[string]any{"media": otherMedia(media)})
	if s.Account().Media(t.clone.UUID) != media {
		x := s.EditDrive(ctx, steps.MediaBack, t.clone, map[string]any{"media": media})
		s.GetLike(ctx, steps.AfterMediaBack, t.clone.Path(), x)
	}
}

// attach puts the clone on a server, and takes it off.
func (t *licensedRun) attach(ctx context.Context) {
	s := t.runner
	server := s.serverFor(ctx, "the clone")
	if server == nil {
		return
	}
	x := s.EditServer(ctx, steps.AttachLicensed, server, bootingFrom(mountDisk(t.clone.UUID)))
	if isRefusal(x) || x.Unsent {
		return
	}
	attached := s.GetUntil(ctx, steps.LicensedAttached, t.clone.Path(), account.MountedShown, func(one account.Definition) bool { return one.Status == "mounted" })
	s.entries(ctx, steps.LicensedAttached, t.clone, attached)
	s.getServer(ctx, steps.ServerWithLicensed, server, t.clone.UUID, x)
	detach := s.EditServer(ctx, steps.DetachLicensed, server, nil)
	detached := s.getDetached(ctx, steps.LicensedDetached, t.clone, server)
	s.entries(ctx, steps.LicensedDetached, t.clone, detached)
	s.getServer(ctx, steps.ServerWithoutLicensed, server, "", detach)
}

func (t *licensedRun) change(ctx context.Context, step string, change map[string]any) {
	x := t.runner.EditDrive(ctx, step, t.clone, change)
	name, renamed := change["name"].(string)
	after, path := "after "+step, t.clone.Path()
	if renamed && account.Succeeded(x) {
		x = t.runner.GetUntil(ctx, after, path, account.NameShown, func(one account.Definition) bool { return one.Name == name })
	} else {
		x = t.runner.GetLike(ctx, after, path, x)
	}
	if renamed || change["meta"] != nil {
		t.runner.entries(ctx, after, t.clone, x)
	}
}

// licenceEntry is how a drive carries a licence, made of one that the endpoint tells, alone or as a drive carries it; nil
// where that is none.
func licenceEntry(licence []byte) any {
	fields, _ := account.FieldsOf(licence)
	if fields["license"] != nil {
		fields, _ = account.FieldsOf(fields["license"])
	}
	if documented := documentedLicence(fields); documented != nil {
		return map[string]any{"amount": 1, "license": documented, "user": nil}
	}
	return nil
}

// documentedLicence is what is documented of a licence, and nothing else: what stands beside it could name what is not
// ours. It is nil where the fields are not those of a licence.
func documentedLicence(fields map[string]json.RawMessage) map[string]json.RawMessage {
	if account.TextOf(fields["name"]) == "" || !strings.Contains(account.TextOf(fields["resource_uri"]), "/licenses/") {
		return nil
	}
	documented := map[string]json.RawMessage{}
	for _, name := range []string{"burstable", "long_name", "name", "resource_uri", "type", "user_metric"} {
		if value, there := fields[name]; there {
			documented[name] = value
		}
	}
	return documented
}

// moreOf are the same licences, some more of each.
func moreOf(entries []json.RawMessage, further int64) []any {
	var more []any
	for _, raw := range entries {
		entry, _ := account.FieldsOf(raw)
		fields, _ := account.FieldsOf(entry["license"])
		const most = 1 << 31
		amount := account.WholeOf(entry["amount"])
		if amount <= 0 || amount > most {
			continue
		}
		if told := documentedLicence(fields); told != nil {
			more = append(more, map[string]any{"amount": amount + further, "license": told, "user": nil})
		} else if uri := account.TextOf(entry["license"]); strings.Contains(uri, "/licenses/") {
			more = append(more, map[string]any{"amount": amount + further, "license": uri, "user": nil})
		}
	}
	return more
}

func (t *licensedRun) resize(ctx context.Context) bool {
	last, rested := t.runner.resize(ctx, t.clone, t.source, map[string]any{"licenses": []any{}})
	if !rested {
		one, _ := account.DefinitionOf(last)
		t.runner.End(fmt.Sprintf("the clone was not at rest again after it was resized: the last look at it %s, with the status %q", account.Answered(last), one.Status))
		return false
	}
	t.runner.entries(ctx, steps.AfterResize, t.clone, last)
	return true
}

func (t *licensedRun) delete(ctx context.Context) {
	s := t.runner
	// It may be busy for a moment yet.
	s.AwaitStatus(ctx, steps.BeforeDelete, t.clone, atRest...)
	x := s.UnlessBusy(ctx, func() *evidence.Exchange { return s.Delete(ctx, steps.Delete, t.clone, "") })
	if !account.IsGone(x) && !s.Deleted(t.clone) {
		s.End("the clone could not be deleted: it " + account.Answered(x))
		return
	}
	if _, gone := s.AwaitGone(ctx, steps.AfterDelete, t.clone); gone {
		s.Get(ctx, steps.GoneStill, t.clone.Path())
		s.Get(ctx, steps.GoneAgain, t.clone.Path())
		s.Get(ctx, steps.GoneInXML, t.clone.Path()+"?format=xml")
	}
	if job := t.job(); job != "" {
		s.GetUntil(ctx, steps.JobAfterDelete, job, account.JobShown, func(account.Definition) bool { return true })
	}
	s.ListUntil(ctx, steps.DrivesAfterDelete, "drives/", t.clone.UUID, false)
	s.ListUntil(ctx, steps.DrivesDetailAfterDelete, "drives/detail/", t.clone.UUID, false)
}
