package main_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var argsOfManifest = regexp.MustCompile(`(?m)^ +args: \[(.+)\]$`)

// TestTheManifestsCallTheProgramAsItIsCalled gives the program the arguments that stand in the manifests for Kubernetes, with the
// file of targets that stands beside them. No account is there, so that all that may be wrong is that its variables are missing.
func TestTheManifestsCallTheProgramAsItIsCalled(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	manifests := "../../.release/kubernetes/"
	for file, wanted := range map[string]struct {
		command, says string
	}{
		"base/cronjob.yaml":   {"fleet", "the variable ZRH_PASSWORD is not set"},
		"shares/indexed.yaml": {"fleet", "the variable ZRH_PASSWORD is not set"},
		"shares/board.yaml":   {"board", "no report of a run is in " + folder},
	} {
		found := argsOfManifest.FindAllStringSubmatch(read(t, manifests+file), -1)
		if len(found) != 1 {
			t.Errorf("%s has %d lists of arguments, one is expected", file, len(found))
			continue
		}
		args := strings.Split(strings.NewReplacer("'", "", "/etc/libdrives/", filepath.ToSlash(manifests)+"base/", "/work/reports", folder, "$(JOB_COMPLETION_INDEX)", "9").Replace(found[0][1]), ", ")
		if args[0] != wanted.command {
			t.Errorf("%s calls %q, %s is expected", file, args, wanted.command)
		}
		o := execute(t, nil, args...)
		if o.code != 2 || !strings.Contains(o.stderr, wanted.says) {
			t.Errorf("%s: %q ends with %d; it should end with 2 and say %q:\n%s", file, args, o.code, wanted.says, o.stderr)
		}
		for line := range strings.Lines(o.stderr) {
			if !strings.Contains(line, "is not set") && !strings.Contains(line, wanted.says) {
				t.Errorf("%s: something else is wrong with it: %s", file, line)
			}
		}
	}
}
