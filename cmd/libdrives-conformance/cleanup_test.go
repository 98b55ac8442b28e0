package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

func TestCleanupSaysWhatIsWrongBeforeAnyRequest(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "no.journal")
	if err := os.WriteFile(journal, []byte("no journal\nat all\n"), 0o600); err != nil {
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
		"an argument":             {append(at, "everything"), "unexpected argument"},
		"a flag of another's own": {append(at, "--profile", "full"), "belongs to run"},
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
