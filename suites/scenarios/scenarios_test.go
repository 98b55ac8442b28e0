package scenarios_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// tenant is a run in the account of a reference endpoint.
type tenant struct {
	t        *testing.T
	endpoint *fixtures.Endpoint
	before   fixtures.Account
	client   *client.Client
	record   *evidence.Record
	account  *account.Account
}

func rent(t *testing.T, o fixtures.Options) *tenant {
	t.Helper()
	o.CloneTime = 3 * time.Millisecond
	endpoint, err := fixtures.Start(o)
	if err != nil {
		t.Fatalf("the endpoint does not start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	base, err := url.Parse(endpoint.URL())
	if err != nil {
		t.Fatalf("the endpoint's URL is none: %v", err)
	}
	n := &tenant{t: t, endpoint: endpoint, before: endpoint.Account(), record: evidence.NewRecord(evidence.NewRedactor())}
	n.client, err = client.New(client.Config{Base: base, Username: fixtures.DefaultUsername, Password: fixtures.DefaultPassword, Retries: 2, RetryDelay: time.Millisecond}, n.record)
	if err != nil {
		t.Fatalf("the client can't be made: %v", err)
	}
	t.Cleanup(n.client.Close)
	run := account.NewRunID()
	journal, err := account.OpenJournal(filepath.Join(t.TempDir(), "a.journal"), run, endpoint.URL())
	if err != nil {
		t.Fatalf("the journal does not open: %v", err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	n.account = account.Open(account.Config{
		Client: n.client, Record: n.record, Journal: journal, Run: run,
		CloneTimeout: 20 * time.Second, SettleTimeout: 100 * time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 20 * time.Millisecond, StepOf: scenarios.StepOf,
	})
	return n
}

// material is the smallest drive of each kind in the library.
func (n *tenant) material() scenarios.Material {
	n.t.Helper()
	var library struct {
		Objects []struct {
			UUID, Name, Media string
			Size              int64
			Licenses          []json.RawMessage
		}
	}
	x := n.client.Do(n.t.Context(), evidence.Get("libdrives/?limit=0"), 1, "GET libdrives/?limit=0")
	if err := json.Unmarshal(x.Response.Body.Bytes(), &library); err != nil {
		n.t.Fatalf("the library can't be read: %v", err)
	}
	m := scenarios.Material{KnownUUIDs: map[string]bool{}, Names: map[string]string{}, UnknownUUID: "7c1f65a2-5c0e-4c41-a4d1-0d3c7e3f5b11"}
	m.OtherLicence = []byte(`{"name": "msft_6wc_00002", "long_name": "Another", "type": "install", "user_metric": "processor", "burstable": false, "resource_uri": "/api/2.0/licenses/x/"}`)
	for _, o := range library.Objects {
		m.KnownUUIDs[o.UUID], m.Names[o.UUID] = true, o.Name
		of := map[bool]**account.Source{true: &m.CDROM, false: []**account.Source{&m.Unlicensed, &m.Licensed2, &m.Licensed}[min(len(o.Licenses), 2)]}[o.Media == "cdrom"]
		if *of == nil || (*of).Size > o.Size {
			*of = &account.Source{Path: "libdrives/" + o.UUID + "/", UUID: o.UUID, Name: o.Name, Size: o.Size}
		}
	}
	return m
}

// clean cleans up and expects the account as it was.
func (n *tenant) clean() account.Leftovers {
	n.t.Helper()
	left := n.account.Cleanup(n.t.Context())
	if diff := cmp.Diff(n.before, n.endpoint.Account()); diff != "" || len(left.Left) > 0 {
		n.t.Errorf("the clean-up left %v: %q; the account is not as before (- before, + now):\n%s", left.Left, left.Notes, diff)
	}
	return left
}

func TestEveryScenarioComesToItsEndAndNothingIsLeft(t *testing.T) {
	for _, probes := range []bool{false, true} {
		n := rent(t, fixtures.Options{})
		scenarios.Run(t.Context(), n.account, scenarios.Choose(n.material(), probes))
		if ended := n.account.Ended(); len(ended) > 0 {
			t.Errorf("probes %t: scenarios ended early: %v", probes, ended)
		}
		for _, step := range []string{
			"licensed clone/profile", "licensed clone/source before", "licensed clone/clone", "licensed clone/job poll 1 drive", "licensed clone/job poll 1 job",
			"licensed clone/job", "licensed clone/job drive", "licensed clone/clone done", "licensed clone/drives", "licensed clone/drives detail",
			"licensed clone/libdrives", "licensed clone/source after", "licensed clone/detail entry", "licensed clone/rename",
			"licensed clone/after rename", "licensed clone/no licences", "licensed clone/after no licences", "licensed clone/other licence",
			"licensed clone/after other licence", "licensed clone/other amount", "licensed clone/after other amount", "licensed clone/resize",
			"licensed clone/after resize", "side by side/clone without body", "side by side/clone of the clone job",
			"side by side/clone of the clone done", "side by side/licensed clone in another way", "licensed clone/some licences",
			"licensed clone/licensed clone attached", "licensed clone/licensed clone detached", "licensed clone/detail entry by page",
			"unnamed clones/clone with an empty object", "unnamed clones/library clone without body", "unnamed clones/licensed clone without body",
			"attaching/clone server", "attaching/cloned server", "session/clone with token", "licensed clone/delete", "licensed clone/drives after delete", "licensed clone/drives detail after delete",
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
		if len(clones) != 10 {
			t.Errorf("probes %t: %d clones were made, want 10: %v", probes, len(clones), clones)
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

func TestAMistakeInAScenarioHarmsNoOther(t *testing.T) {
	n := rent(t, fixtures.Options{})
	m := n.material()
	scenarios.Run(t.Context(), n.account, []scenarios.Scenario{
		{Name: "broken", Run: func(ctx context.Context, s *scenarios.Runner) {
			s.Clone(ctx, "clone", *m.Unlicensed, account.CloneOptions{})
			panic("oh dear")
		}},
		{Name: "sound", Run: func(ctx context.Context, s *scenarios.Runner) { s.Get(ctx, "profile", "profile/") }},
		{Name: "last", Last: true, Run: func(_ context.Context, s *scenarios.Runner) {
			if n.record.Answer("broken/clone", 1) == nil {
				t.Error("the last scenario was not run last")
			}
		}},
	})
	if ended := n.account.Ended()["broken"]; !strings.Contains(ended, "mistake") || !strings.Contains(ended, "oh dear") {
		t.Errorf("the broken scenario ended with %q, which should tell its mistake", ended)
	}
	if n.record.Answer("sound/profile", 1) == nil || n.account.Ended()["sound"] != "" {
		t.Error("the sound scenario suffered from the broken one")
	}
	n.clean()
}

// onlyAfterFaults are the steps that a sound endpoint leaves no reason for.
var onlyAfterFaults = []steps.Step{
	steps.SmallerCloneJob, steps.SmallerCloneDone, steps.SecondCloneWithoutAvoid, steps.SecondCloneWithAvoid, steps.CloneWithoutLicences, steps.CloneOfSizeAlone,
	steps.SecondServerAlone, steps.AttachToSecondServer, steps.FirstCloneWithoutSize,
	steps.DeleteAmong, steps.DeleteSeveral, steps.FirstOfSeveral, steps.SecondOfSeveral, steps.NoneOfSeveral, // the account has drives of its owner
}

// TestEveryStepIsAConstant: what the scenarios call their steps is what specs look for, and no step is looked for in vain.
func TestEveryStepIsAConstant(t *testing.T) {
	known, taken := constants(t), map[steps.Step]bool{steps.Before: true} // Before is the beginning of two names, and no request
	for _, probes := range []bool{false, true} {
		n := rent(t, fixtures.Options{})
		scenarios.Run(t.Context(), n.account, scenarios.Choose(n.material(), probes))
		n.clean()
		for _, x := range n.record.All() {
			_, at, found := steps.Find(x.Key)
			if !found {
				continue
			}
			if x.Step != scenarios.StepOf(x.Key) {
				t.Errorf("the exchange %q is of the step %+v", x.Key, x.Step)
			}
			taken[at.Step] = true
			// The account asks for more to be sure of what it writes to, by the step's name with a word more.
			if !slices.ContainsFunc(known, func(k steps.Step) bool { return at.Step == k || strings.HasPrefix(string(at.Step), string(k)+" ") }) {
				t.Errorf("the step %q of %q is none of the constants", at.Step, x.Key)
			}
		}
	}
	for _, step := range known {
		if !taken[step] && !slices.Contains(onlyAfterFaults, step) {
			t.Errorf("no scenario takes the step %q", step)
		}
	}
}

// constants are all steps that there are.
func constants(t *testing.T) (list []steps.Step) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "steps/steps.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("the steps can't be read: %v", err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, isSpec := node.(*ast.ValueSpec)
		if !isSpec || len(spec.Values) != 1 {
			return true
		}
		of, typed := spec.Type.(*ast.Ident)
		text, isText := spec.Values[0].(*ast.BasicLit)
		if isText && (!typed || of.Name == "Step") {
			step, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatalf("a step is no text: %v", err)
			}
			list = append(list, steps.Step(step))
		}
		return true
	})
	return list
}

// TestWithoutProbesNothingIsAskedForThatShouldBeRefused: the profile write makes only what it may.
func TestWithoutProbesNothingIsAskedForThatShouldBeRefused(t *testing.T) {
	m := rent(t, fixtures.Options{}).material()
	for _, s := range scenarios.Choose(m, false) {
		if slices.Contains([]string{string(steps.HostileClones), string(steps.ForbiddenMethods), string(steps.UnauthenticatedClone), string(steps.UnknownActions)}, s.Name) {
			t.Errorf("without probes the scenario %q is chosen", s.Name)
		}
	}
	if with, without := len(scenarios.Choose(m, true)), len(scenarios.Choose(m, false)); with <= without {
		t.Errorf("%d scenarios with probes and %d without", with, without)
	}
	if none := scenarios.Choose(scenarios.Material{}, true); slices.ContainsFunc(none, func(s scenarios.Scenario) bool { return len(s.Makes.Clones) > 0 }) {
		t.Errorf("a library without drives is cloned from: %+v", none)
	}
}
