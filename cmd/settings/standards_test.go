package settings_test

import (
	"flag"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/json"
)

const goodWaivers = "- requirement: OWNER-02\n  reason: ticket 12\n  until: 2099-12-31\n"

// report is a JSON report in a file of its own.
func report(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := json.Write(&b, &reports.Report{Tool: reports.Tool{Name: "libdrives-conformance"}, Started: time.Unix(0, 0)}); err != nil {
		t.Fatalf("a report must be written to memory: %v", err)
	}
	return write(t, "report.json", b.String())
}

func TestWaiversAndBaselineAreRead(t *testing.T) {
	waivers, baseline := write(t, "waivers.yaml", goodWaivers), report(t)
	for name, s := range map[string]settings.Settings{
		"flags":     mustLoad(t, nil, "--waivers", waivers, "--baseline", baseline),
		"variables": mustLoad(t, []string{"LIBDRIVES_WAIVERS=" + waivers, "LIBDRIVES_BASELINE=" + baseline}),
		"keys":      mustLoad(t, nil, "--config", write(t, "run.yaml", "waivers: "+waivers+"\nbaseline: "+baseline+"\n")),
	} {
		if len(s.Config.Waivers) != 1 || s.Config.Waivers[0].Requirement != "OWNER-02" || s.Config.Baseline == nil {
			t.Errorf("given as %s, the waivers are %+v and the baseline %v; both files should be read", name, s.Config.Waivers, s.Config.Baseline)
		}
	}
	if s := mustLoad(t, nil); s.Config.Waivers != nil || s.Config.Baseline != nil {
		t.Errorf("nothing was given, and there are waivers %v and a baseline %v", s.Config.Waivers, s.Config.Baseline)
	}
	set := flag.NewFlagSet("suites.test", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags := settings.BindGoTest(set)
	if err := set.Parse([]string{"-waivers", waivers, "-baseline", baseline}); err != nil {
		t.Fatalf("go test passes the flags on: %v", err)
	}
	if s, err := flags.Load(nil); err != nil || len(s.Config.Waivers) != 1 || s.Config.Baseline == nil {
		t.Errorf("under go test both files should be read: %+v, %v", s.Config, err)
	}
}

func TestWhatIsWrongWithWaiversAndBaselineIsToldWithWhereTheyCameFrom(t *testing.T) {
	bad := write(t, "waivers.yaml", "- requirement: ONWER-02\n  until: x\n")
	none := filepath.Join(t.TempDir(), "none")
	for name, c := range map[string]struct {
		environ, args []string
		want          []string // a line each
	}{
		"waivers not there":     {nil, []string{"--waivers", none}, []string{"--waivers: the waivers can't be read: open " + none}},
		"waivers that are bad":  {[]string{"LIBDRIVES_WAIVERS=" + bad}, nil, []string{"LIBDRIVES_WAIVERS: " + bad + ":1: unknown requirement", "LIBDRIVES_WAIVERS: " + bad + ":1: the waiver of ONWER-02 has no reason", "LIBDRIVES_WAIVERS: " + bad + `:2: until is "x"`}},
		"no waivers named":      {nil, []string{"--waivers", ""}, []string{"--waivers: the value is empty"}},
		"baseline not there":    {nil, []string{"--baseline", none}, []string{"--baseline: can't read " + none}},
		"baseline of no report": {nil, []string{"--config", write(t, "run.yaml", "baseline: "+bad)}, []string{"run.yaml:1: baseline: " + bad + ": it is not JSON"}},
		"a folder":              {nil, []string{"--baseline", t.TempDir()}, []string{"is a directory (give a report that run --json wrote)"}},
	} {
		_, err := load(t, c.environ, c.args...)
		if err == nil {
			t.Errorf("%s: flags %q and variables %q are accepted, they must be refused", name, c.args, c.environ)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%s: the error should have %d lines, it is:\n%v", name, len(c.want), err)
		}
		for i, want := range c.want[:min(len(lines), len(c.want))] {
			if !strings.Contains(lines[i], want) {
				t.Errorf("%s: line %d of the error should say %q: %s", name, i+1, want, lines[i])
			}
		}
	}
}

// TestACommandThatJudgesNothingNeedsNoWaivers: a configuration file may serve several commands.
func TestACommandThatJudgesNothingNeedsNoWaivers(t *testing.T) {
	set := pflag.NewFlagSet("cleanup", pflag.ContinueOnError)
	flags := settings.BindCleanup(set)
	if err := set.Parse([]string{"--config", write(t, "run.yaml", "waivers: none\nbaseline: none\n")}); err != nil {
		t.Fatalf("the flags must parse: %v", err)
	}
	if _, err := flags.Load(nil); err != nil {
		t.Errorf("cleanup fails on files that it has no use for: %v", err)
	}
}
