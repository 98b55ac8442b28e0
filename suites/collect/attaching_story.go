package collect

import "context"

// attaching is the story of a CDROM of the library in two servers' drives. With probes, a disk of the library is tried
// too, and the servers are deleted with all that is in them.
func (m Material) attaching(probes bool) *Experiment {
	if m.CDROM == nil {
		return nil
	}
	disk := first(m.Unlicensed, m.Licensed, m.Licensed2)
	return &Experiment{Name: "attaching", Makes: Makes{Servers: 2}, Run: func(ctx context.Context, s *Story) {
		t := attachingStory{story: s, cdrom: *m.CDROM}
		s.Get(ctx, "cdrom before", t.path())
		x, server := s.CreateServer(ctx, "server", nil)
		if server == nil {
			s.End("there is no server to attach the CDROM to: its create " + answered(x))
			return
		}
		t.first = server
		t.attach(ctx)
		if probes && disk != nil {
			s.EditServer(ctx, "attach disk", t.first, []map[string]any{mountCDROM(t.cdrom.UUID), mountDisk(disk.UUID)})
			s.Get(ctx, "server after attach disk", t.first.path())
		}
		t.detach(ctx, probes)
	}}
}

type attachingStory struct {
	story         *Story
	cdrom         Source
	first, second *Resource
}

func (t *attachingStory) path() string { return resourcePath("libdrives", t.cdrom.UUID) }

func (t *attachingStory) attach(ctx context.Context) {
	s := t.story
	s.EditServer(ctx, "attach", t.first, []map[string]any{mountCDROM(t.cdrom.UUID)})
	s.Get(ctx, "server attached", t.first.path())
	s.Get(ctx, "drive of the server", resourcePath("drives", t.cdrom.UUID))
	x, second := s.CreateServer(ctx, "second server", map[string]any{"drives": []any{mountCDROM(t.cdrom.UUID)}})
	if second == nil && isRefusal(x) {
		// Is it creating a server with the CDROM that is refused, or putting it on a second one?
		if _, second = s.CreateServer(ctx, "second server alone", nil); second != nil {
			s.EditServer(ctx, "attach to second server", second, []map[string]any{mountCDROM(t.cdrom.UUID)})
		}
	}
	t.second = second
	if t.second != nil {
		s.Get(ctx, "second server attached", t.second.path())
		s.Get(ctx, "first server still", t.first.path())
	}
	s.List(ctx, "drives", "drives/")
	s.List(ctx, "drives detail", "drives/detail/")
}

func (t *attachingStory) detach(ctx context.Context, probes bool) {
	s := t.story
	s.EditServer(ctx, "detach", t.first, nil)
	s.Get(ctx, "cdrom after detach", t.path())
	if !probes {
		if t.second != nil {
			s.Delete(ctx, "delete second server", t.second, "")
		}
		s.Delete(ctx, "delete server", t.first, "")
		return
	}
	s.EditServer(ctx, "attach again", t.first, []map[string]any{mountCDROM(t.cdrom.UUID)})
	if t.second != nil {
		s.Delete(ctx, "delete recursively", t.second, "recurse=all_drives")
		s.Get(ctx, "cdrom after all_drives", t.path())
	}
	s.Delete(ctx, "delete cdroms", t.first, "recurse=cdroms")
	s.Get(ctx, "cdrom after cdroms", t.path())
}
