package account_test

import (
	"slices"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
)

func TestEveryScenarioComesToItsEndAndNothingIsLeft(t *testing.T) {
	for _, probes := range []bool{false, true} {
		n := rent(t, fixtures.Options{}, nil, nil)
		n.runAll(t.Context(), probes)
		if ended := n.account.Ended(); len(ended) > 0 {
			t.Errorf("probes %t: scenarios ended early: %v", probes, ended)
		}
		for _, step := range []string{
			"licensed clone/profile", "licensed clone/source before", "licensed clone/clone", "licensed clone/job poll 1 drive", "licensed clone/job poll 1 job",
			"licensed clone/job", "licensed clone/job drive", "licensed clone/clone done", "licensed clone/drives", "licensed clone/drives detail",
			"licensed clone/libdrives", "licensed clone/source after", "licensed clone/detail entry", "licensed clone/rename",
			"licensed clone/after rename", "licensed clone/no licences", "licensed clone/after no licences", "licensed clone/other licence",
			"licensed clone/after other licence", "licensed clone/other amount", "licensed clone/after other amount", "licensed clone/resize",
			"licensed clone/after resize", "licensed clone/clone without body", "licensed clone/clone of the clone job",
			"licensed clone/clone of the clone done", "licensed clone/delete", "licensed clone/drives after delete", "licensed clone/drives detail after delete",
			"bigger clone/source", "bigger clone/clone", "bigger clone/job", "bigger clone/clone done",
			"side by side/first clone", "side by side/second clone", "side by side/first job", "side by side/second job", "side by side/first done",
			"side by side/second done", "side by side/server", "side by side/attach clone", "side by side/clone attached", "side by side/server with clone",
			"side by side/detach clone",
			"attaching/cdrom before", "attaching/server", "attaching/attach", "attaching/server attached", "attaching/drive of the server",
			"attaching/second server", "attaching/second server attached", "attaching/first server still", "attaching/drives", "attaching/drives detail",
			"attaching/detach", "attaching/cdrom after detach", "refusals/drives after unknown uuid",
		} {
			if x := n.record.Answer(step, 1); x == nil || x.Status() < 200 || x.Status() > 299 {
				t.Errorf("probes %t: the step %q ended with %v, want an answer 2xx", probes, step, x)
			}
		}
		refused := map[string]int{"licensed clone/under libdrives": 404, "licensed clone/after delete": 404, "refusals/unknown uuid": 404}
		if probes {
			for step, status := range map[string]int{
				"refusals/smaller size": 400, "attaching/attach disk": 403, "attaching/server after attach disk": 200, "attaching/attach again": 200,
				"attaching/delete recursively": 204, "attaching/cdrom after all_drives": 200, "attaching/delete cdroms": 204, "attaching/cdrom after cdroms": 200,
			} {
				refused[step] = status
			}
		}
		for step, status := range refused {
			if x := n.record.Answer(step, 1); x.Status() != status {
				t.Errorf("probes %t: the step %q was answered %d, want %d", probes, step, x.Status(), status)
			}
		}
		clones := slices.DeleteFunc(n.account.Made(), func(r account.Resource) bool { return r.Kind != account.Drive })
		if len(clones) != 5 {
			t.Errorf("probes %t: %d clones were made, want 5: %v", probes, len(clones), clones)
		}
		if left := n.clean(); len(left.Notes) > 0 {
			t.Errorf("probes %t: there are notes on a run without incident: %q", probes, left.Notes)
		}
		requests := n.endpoint.Requests()
		n.clean()
		if asked := n.endpoint.Requests() - requests; asked > 0 {
			t.Errorf("a second clean-up asked %d times more", asked)
		}
		for _, x := range n.record.All() {
			if x.Key == evidence.LoginKey || x.Key == evidence.LogoutKey {
				continue // a session has purposes of its own
			}
			if x.Purpose != x.Key || x.Request.Header.Get(evidence.PurposeHeader) != x.Key {
				t.Errorf("the exchange %q told the endpoint %q", x.Key, x.Request.Header.Get(evidence.PurposeHeader))
			}
		}
	}
}

func TestCleanupIsLastInFirstOut(t *testing.T) {
	n := rent(t, fixtures.Options{}, nil, nil)
	s := n.account.Writer("order")
	m := n.material()
	_, first := s.Clone(t.Context(), "one", *m.Unlicensed, account.CloneOptions{})
	_, second := s.Clone(t.Context(), "two", *m.Unlicensed, account.CloneOptions{})
	_, server := s.CreateServer(t.Context(), "server", nil)
	n.clean()
	var deleted []string
	for _, e := range n.entries() {
		if e.Event == account.Gone {
			deleted = append(deleted, e.UUID)
		}
	}
	if want := []string{server.UUID, second.UUID, first.UUID}; !slices.Equal(deleted, want) {
		t.Errorf("what was made was removed in the order %v, want %v", deleted, want)
	}
	if _, r := s.Clone(t.Context(), "late", *m.Unlicensed, account.CloneOptions{}); r != nil {
		t.Error("a clone was made after the clean-up")
	}
	n.ended("order", "cleaned up")
}
