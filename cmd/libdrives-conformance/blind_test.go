package main_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestARunTellsItsBlindSpots has run, judge and selftest --library tell the same of one run.
func TestARunTellsItsBlindSpots(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	record, report := filepath.Join(dir, "run.jsonl"), filepath.Join(dir, "report.json")
	ran := execute(t, nil, "run", "--profile", "read", "--select", "LIC-01", "--library", "no-licences", "--blind-spots", "--record", record, "--json", report)
	judged := execute(t, nil, "judge", record, "--blind-spots")
	tested := execute(t, nil, "selftest", "--library", record, "--sample", "5")
	for command, told := range map[string]string{"run": ran.stdout, "judge": judged.stdout, "selftest --library": tested.stdout} {
		words := strings.Join(strings.Fields(told), " ")
		wanted := []string{"Blind spots", "LIC Licensed drive images", "To notice", "a disk with a licence", "Beyond the profile lie"}
		if command != "selftest --library" && strings.Contains(words, "the time was over") {
			wanted = []string{"Blind spots", "were not tried", "Beyond the profile lie"} // the machine is busy; only a selftest has all the time that it takes
		}
		for _, want := range wanted {
			if !strings.Contains(words, want) {
				t.Errorf("%s does not tell %q:\n%s", command, want, told)
			}
		}
	}
	if tested.code != 0 {
		t.Errorf("selftest --library ends with %d; what a run is blind for is no mistake of the suite's:\n%s", tested.code, tested.stderr)
	}
	var document struct {
		Blind struct {
			Spots []struct {
				Area string `json:"area"`
			} `json:"spots"`
		} `json:"blind_spots"`
	}
	if err := json.Unmarshal([]byte(read(t, report)), &document); err != nil || len(document.Blind.Spots) == 0 || document.Blind.Spots[0].Area != "LIC" {
		t.Errorf("in JSON the blind spots are %+v (%v)", document.Blind, err)
	}
}

func TestWhatDoesNotGoWithALibraryOrGeneratedFaults(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"--library no-such-file", "can't be read"}, {"--library x --generated", "follows from the record"}, {"--least 50", "give --generated too"},
		{"--generated --least 101", "no percentage"}, {"--generated --html x.html", "--markdown"}, {"--library ../../README.md", "record"},
	} {
		o := execute(t, nil, append([]string{"selftest"}, strings.Fields(c.args)...)...)
		if o.code != 2 || !strings.Contains(o.stderr, c.says) {
			t.Errorf("selftest %s ends with %d and says %q; it should be 2 and say %q", c.args, o.code, o.stderr, c.says)
		}
	}
}

func TestGeneratedFaultsHaveAMarkdownAndALeast(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "generated.md")
	o := execute(t, nil, "selftest", "--generated", "--sample", "2", "--seed", "4", "--least", "0.1", "--markdown", file, "--quiet")
	if text := read(t, file); !strings.Contains(text, "# Faults made by code") || !strings.Contains(text, "A sample of 2 is judged") {
		t.Errorf("the Markdown is\n%s", text)
	}
	if o.code != 0 && o.code != 1 {
		t.Errorf("exit code %d:\n%s", o.code, o.stderr)
	}
}
