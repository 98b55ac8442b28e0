package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

func TestCleanupSaysWhatIsWrongBeforeAnyRequest(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "no.journal")
	if err := os.WriteFile(journal, []byte("no journal\nat all\n"), 0o600); err != nil {
		t.Fatalf("the file must be written: %v", err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere.journal")
	if err := os.WriteFile(elsewhere, []byte(`{"run": "abcdefghij", "target": "https://elsewhere/api/2.0/", "event": "intend", "kind": "drive"}`+"\n"), 0o600); err != nil {
		t.Fatalf("the file must be written: %v", err)
	}
	at := []string{"cleanup", "--target", "http://127.0.0.1:1/", "--username", "u"}
	for name, c := range map[string]struct {
		args  []string
		words string
	}{
		"no target":               {[]string{"cleanup"}, "target"},
		"somebody's names":        {append(at, "--prefix", "production-"), "libdrives-conformance-"},
		"two places to look":      {append(at, "--prefix", "libdrives-conformance-", "--journal", journal), "leave one of them out"},
		"no such journal":         {append(at, "--journal", journal+"x"), "journal"},
		"a file that is none":     {append(at, "--journal", journal), "journal"},
		"somebody's names again":  {append(at, "--prefix", "libdrives-conformance-notes"), "libdrives-conformance-"},
		"another's journal":       {append(at, "--journal", elsewhere), "https://elsewhere/api/2.0/"},
		"an argument":             {append(at, "everything"), "unexpected argument"},
		"a flag of another's own": {append(at, "--profile", "full"), "belongs to check and run"},
	} {
		t.Run(name, func(t *testing.T) {
			o := execute(t, []string{"LIBDRIVES_PASSWORD=x"}, c.args...)
			if o.code != 2 {
				t.Errorf("exit code %d, wrong usage is 2:\n%s%s", o.code, o.stdout, o.stderr)
			}
			o.saysOneThing(t, c.words)
		})
	}
}

func TestCleanupOfAnEndpointThatCannotBeReachedIsExitCode3(t *testing.T) {
	o := execute(t, []string{"LIBDRIVES_PASSWORD=x"}, "cleanup", "--target", "http://127.0.0.1:1/", "--username", "u", "--prefix", "libdrives-conformance-")
	if o.code != 3 {
		t.Errorf("exit code %d, an endpoint that can't be reached is 3:\n%s%s", o.code, o.stdout, o.stderr)
	}
	o.saysOneThing(t, "127.0.0.1:1")
}

func TestCleanupWithoutAJournalSaysWhereItLooked(t *testing.T) {
	r := reachReference(t)
	defer r.stop()
	o := execute(t, environment(t), "cleanup", "--target", r.target, "--username", fixtures.DefaultUsername)
	if o.code != 0 || !strings.Contains(o.stderr, "--prefix") || !strings.Contains(o.stdout, "Nothing was looked for") {
		t.Errorf("exit code %d, where nothing is to be done it is 0, and says where it looked and how to look elsewhere:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

func TestCleanupSaysOfAnEmptyJournalThatItSaysNothing(t *testing.T) {
	r := reachReference(t)
	defer r.stop()
	journal := filepath.Join(t.TempDir(), "empty.journal")
	if err := os.WriteFile(journal, nil, 0o600); err != nil {
		t.Fatalf("the file must be written: %v", err)
	}
	for _, yes := range [][]string{nil, {"--yes"}} {
		o := execute(t, environment(t), append([]string{"cleanup", "--target", r.target, "--username", fixtures.DefaultUsername, "--journal", journal}, yes...)...)
		if o.code != 0 || strings.Contains(o.stdout, "Nothing is left") || !strings.Contains(o.stdout, "Nothing was looked for") {
			t.Errorf("exit code %d, an empty journal does not say that nothing is left:\n%s%s", o.code, o.stdout, o.stderr)
		}
	}
}

func TestCleanupLeavesAloneWhatNothingProves(t *testing.T) {
	r := reachReference(t)
	defer r.stop()
	before := r.holds(t)
	customers := "8fefb51c-89e1-4127-b139-8323355f1ec1" // as the reference endpoint begins
	journal := filepath.Join(t.TempDir(), "forged.journal")
	line := `{"run": "abcdefghij", "target": "` + r.target + `", "event": "made", "kind": "drive", "uuid": "` + customers + `"}` + "\n"
	if err := os.WriteFile(journal, []byte(line), 0o600); err != nil {
		t.Fatalf("the file must be written: %v", err)
	}
	o := execute(t, environment(t), "cleanup", "--target", r.target, "--username", fixtures.DefaultUsername, "--journal", journal, "--yes")
	if o.code != 5 || !strings.Contains(o.stdout, "not proven") || !strings.Contains(o.stdout, customers) || !strings.Contains(o.stdout, "0 found, 0 removed, 0 left. 1 more") {
		t.Errorf("exit code %d, what nothing proves is told and left alone, with 5:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if now := r.holds(t); !slices.Equal(now, before) {
		t.Errorf("the account held %v and holds %v", before, now)
	}
}
