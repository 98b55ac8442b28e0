package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/suites/requirement"
)

const readmeFile = "../../README.md"

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(readmeFile)
	if err != nil {
		t.Fatalf("the README can't be read: %v", err)
	}
	return string(text)
}

// block is one of shell commands, or a file that they name.
var block = regexp.MustCompile("(?s)```(sh|yaml)\n(.*?)```")

// TestTheCommandsOfTheREADMEWork runs every shell command of the README from the top of the repository, against a
// reference endpoint in the place of the endpoint and account that the README makes up. Files are in a folder of the
// test; the YAML that the README shows is what its reader made of the waivers file, with a day that never comes. `make
// test` is the one that runs this test, so of it make only says what it would do.
func TestTheCommandsOfTheREADMEWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	endpoint, err := fixtures.Start(fixtures.Options{})
	if err != nil {
		t.Fatalf("no reference endpoint: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	report := filepath.Join(folder, "report.xml")
	replace := strings.NewReplacer(
		"https://host/api/2.0/", endpoint.URL(), "me@example.com", fixtures.DefaultUsername,
		"report.xml", report, "make test", "make -n test", "'…'", "'"+fixtures.DefaultPassword+"'",
		"report.json", folder+"/report.json", "old.json", folder+"/old.json", "new.json", folder+"/new.json",
		"run.jsonl", folder+"/run.jsonl", "report.html", folder+"/report.html", "waivers.yaml", folder+"/waivers.yaml", "2027-01-31", "2099-12-31",
	)
	blocks := block.FindAllStringSubmatch(readme(t), -1)
	if len(blocks) < 6 {
		t.Fatalf("the README has %d blocks of shell commands; did their form change?", len(blocks))
	}
	for _, block := range blocks {
		commands := strings.TrimSpace(block[2])
		if block[1] == "yaml" {
			if !strings.HasPrefix(commands, "- requirement: ") {
				continue // a recipe for a pipeline, which has a test of its own
			}
			if err := os.WriteFile(filepath.Join(folder, "waivers.yaml"), []byte(replace.Replace(commands)+"\n"), 0o600); err != nil {
				t.Fatalf("the file that the README shows can't be written: %v", err)
			}
			continue
		}
		t.Run(firstWords(commands), func(t *testing.T) {
			ctx := t.Context()
			if deadline, set := t.Deadline(); set { // some build the suite, which takes its time on a busy machine
				var cancel context.CancelFunc
				ctx, cancel = context.WithDeadline(ctx, deadline.Add(-20*time.Second))
				defer cancel()
			}
			shell := exec.CommandContext(ctx, "sh", "-e", "-c", replace.Replace(commands))
			shell.Dir = top
			shell.Env = append(os.Environ(), "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword)
			if !strings.Contains(commands, "--target") && !strings.Contains(commands, "-target") {
				shell.Env = os.Environ() // a password without a target is an error
			}
			if output, err := shell.CombinedOutput(); err != nil {
				t.Errorf("the README's command does not work: %v\n%s\n%s", err, commands, output)
			}
		})
	}
	if _, err := os.Stat(report); err != nil {
		t.Errorf("the README's run with --junit leaves no report: %v", err)
	}
}

func firstWords(commands string) string {
	line, _, _ := strings.Cut(commands, "\n")
	return strings.Join(strings.Fields(line)[:min(3, len(strings.Fields(line)))], " ")
}

// TestTheREADMEListsEveryRequirement compares the README's table with the catalogue, row by row.
func TestTheREADMEListsEveryRequirement(t *testing.T) {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := markdown.WriteList(&table, catalogue.All()); err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(readme(t), "<!-- requirements: begin -->\n")
	inside, _, closed := strings.Cut(after, "<!-- requirements: end -->")
	if !found || !closed {
		t.Fatal("the README has no table of requirements between its two comments")
	}
	if strings.TrimSpace(inside) != strings.TrimSpace(table.String()) {
		t.Error("the README's table of requirements is not that of the catalogue: put the output of `list --format markdown` between the two comments")
	}
}
