package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ownerMissing = "owner-missing-through-drives"             // breaks OWNER-02, which keeps ATTACH-03 from being judged
	ownerSet     = "owner-set-on-two-licences-through-drives" // breaks OWNER-02 in another way
)

// runTo runs with these arguments and a JSON report, and returns where that is.
func runTo(t *testing.T, code int, args ...string) (file string, o outcome) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "report.json")
	o = execute(t, nil, append([]string{"run", "--json", file}, args...)...)
	if o.code != code {
		t.Fatalf("run %v: exit code %d, it should be %d:\n%s%s", args, o.code, code, o.stdout, o.stderr)
	}
	return file, o
}

func put(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatalf("the file for the test can't be written: %v", err)
	}
	return file
}

// TestAKnownFailureIsWaived goes the way of a person: a run fails, its report becomes a file of waivers, the reasons
// are filled in, and from then on the run is green as long as it fails in that way, and red once it does not.
func TestAKnownFailureIsWaived(t *testing.T) {
	t.Parallel()
	report, _ := runTo(t, 1, "--fault", ownerMissing)
	draft := execute(t, nil, "list", "--format", "waivers", "--report", report)
	if draft.code != 0 || strings.Count(draft.stdout, "- requirement: ") != 2 || !strings.Contains(draft.stdout, "# OWNER-02 (must): `owner` is there") {
		t.Fatalf("list --format waivers: exit code %d, it should list OWNER-02 and ATTACH-03, which it blocks:\n%s%s", draft.code, draft.stdout, draft.stderr)
	}
	if o := execute(t, nil, "run", "--waivers", put(t, "waivers.yaml", draft.stdout)); o.code != 2 || len(o.errorLines()) != 4 || o.stdout != "" {
		t.Errorf("exit code %d, a file without reasons and days is refused with a line for each:\n%s", o.code, o.stderr)
	}
	filled := strings.NewReplacer("reason: ''", "reason: ticket 12", "until: ''", "until: 2099-12-31").Replace(draft.stdout)
	waivers := put(t, "waivers.yaml", filled)
	junitFile := filepath.Join(t.TempDir(), "report.xml")
	again, o := runTo(t, 0, "--fault", ownerMissing, "--waivers", waivers, "--junit", junitFile)
	for what, text := range map[string]string{"summary": o.stdout, "JUnit report": read(t, junitFile), "JSON report": read(t, again)} {
		for _, want := range []string{"ticket 12", "2099-12-31", "owner: missing"} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s does not tell the waived failure: %q is missing", what, want)
			}
		}
	}
	if !strings.Contains(o.stdout, "conforms as far as it was judged: 170 of 171. Judged 170 of 171 requirements: 169 passed, 0 failed, 1 waived") {
		t.Errorf("the closing line should count what is waived:\n%s", o.stdout)
	}
	if _, o := runTo(t, 1, "--fault", ownerSet, "--waivers", waivers, "--select", "OWNER"); !strings.Contains(o.stdout, "OWNER-02 (line ") || !strings.Contains(o.stdout, " differs: ") {
		t.Errorf("another failure of OWNER-02 should be told as that:\n%s", o.stdout)
	}
	if _, o := runTo(t, 1, "--waivers", waivers, "--select", "OWNER"); !strings.Contains(o.stdout, "does not conform: a waiver is stale. ") {
		t.Errorf("a waiver of what passes now should be told as stale:\n%s", o.stdout)
	}
	expired := put(t, "waivers.yaml", strings.ReplaceAll(filled, "2099-12-31", "2020-01-01"))
	if _, o := runTo(t, 1, "--fault", ownerMissing, "--waivers", expired, "--select", "OWNER"); !strings.Contains(o.stdout, "its last day, 2020-01-01, is over") {
		t.Errorf("a waiver whose last day is over should be told as expired:\n%s", o.stdout)
	}
	if o := execute(t, nil, "list", "--format", "waivers", "--report", again, "--select", "OWNER"); o.code != 0 || strings.Count(o.stdout, "reason: 'ticket 12'") != 1 {
		t.Errorf("exit code %d, of a report with waivers list keeps those that are asked for:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// TestTwoRunsAreCompared does so by diff and by run --baseline, which say the same.
func TestTwoRunsAreCompared(t *testing.T) {
	t.Parallel()
	sound, _ := runTo(t, 0, "--select", "OWNER")
	broken, _ := runTo(t, 1, "--select", "OWNER", "--fault", ownerMissing)
	less, _ := runTo(t, 0, "--select", "OWNER-01")
	writing, _ := runTo(t, 0, "--select", "OWNER-01,CLONE-01")
	reading, _ := runTo(t, 0, "--select", "OWNER-01,CLONE-01", "--profile", "read")
	filtered, _ := runTo(t, 1, "--label-filter", "OWNER-02", "--fault", ownerMissing)
	for name, c := range map[string]struct {
		old, new string
		code     int
		words    []string
	}{
		"alike":     {sound, sound, 0, []string{"not worse: 0 regressed, 0 vanished\n"}},
		"regressed": {sound, broken, 1, []string{"Regressed\n", "pass → fail (must): ", "OWNER-02", "\nworse: 1 regressed, 0 vanished\n"}},
		"fixed":     {broken, sound, 0, []string{"Fixed\n", "fail (must) → pass", "not worse: 0 regressed, 0 vanished, 1 fixed\n"}},
		"selected":  {sound, less, 0, []string{"another selection: OWNER before, OWNER-01 now", "only what was selected is compared: 6 requirements of the old report left aside", "not worse: 0 regressed, 0 vanished\n"}},
		"filtered":  {sound, filtered, 1, []string{"Regressed\n", "only what was selected is compared: 6 requirements of the old report left aside", "worse: 1 regressed, 0 vanished\n"}},
		"vanished":  {writing, reading, 1, []string{"Vanished\n", "another profile: full before, read now", "worse: 0 regressed, 1 vanished\n"}},
		"new":       {less, broken, 0, []string{"New\n", "not worse: 0 regressed, 0 vanished, 6 new (1 of them failing)\n"}},
	} {
		o := execute(t, nil, "diff", c.old, c.new)
		if o.code != c.code || o.stderr != "" {
			t.Errorf("%s: exit code %d and stderr %q, it should be %d and nothing", name, o.code, o.stderr, c.code)
		}
		for _, word := range c.words {
			if !strings.Contains(o.stdout, word) {
				t.Errorf("%s: the comparison does not say %q:\n%s", name, word, o.stdout)
			}
		}
		for format, words := range map[string]string{"json": `"exit_code": `, "markdown": "## "} {
			if o := execute(t, nil, "diff", c.old, c.new, "--format", format); o.code != c.code || !strings.Contains(o.stdout, words) {
				t.Errorf("%s: --format %s: exit code %d, it should be %d with the comparison:\n%s%s", name, format, o.code, c.code, o.stdout, o.stderr)
			}
		}
	}
	if _, o := runTo(t, 0, "--select", "OWNER", "--baseline", broken); !strings.Contains(o.stdout, "  not worse: 0 regressed, 0 vanished, 1 fixed\n") {
		t.Errorf("run --baseline should tell what changed:\n%s", o.stdout)
	}
	if _, o := runTo(t, 0, "--select", "OWNER-01", "--baseline", sound); !strings.Contains(o.stdout, "  not worse: 0 regressed, 0 vanished\n") {
		t.Errorf("what was not selected is no loss:\n%s", o.stdout)
	}
	if o := execute(t, nil, "diff", put(t, "report.xml", "<testsuites/>"), filepath.Join(t.TempDir(), "none.json")); o.code != 2 || len(o.errorLines()) != 2 ||
		!strings.Contains(o.stderr, "report.xml: it is not JSON") || !strings.Contains(o.stderr, "none.json: no such file or directory (give a report that run --json wrote)") {
		t.Errorf("exit code %d, of two files that are no reports both should be told:\n%s", o.code, o.stderr)
	}
}
