package main

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/suites/requirement"
)

const (
	readmeFile  = "../../README.md"
	pagesFolder = "../../.github/docs"
	// updateDocs has the test write the pages as the topics of help are now: make docs.
	updateDocs = "CONFORMANCE_UPDATE_DOCS"
)

func fileText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("the file can't be read: %v", err)
	}
	return string(text)
}

// documents are the README and the pages that it leads to.
func documents(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(pagesFolder + "/*.md")
	if err != nil || len(found) < len(topicNames()) {
		t.Fatalf("there are %d pages in %s (%v), and %d topics", len(found), pagesFolder, err, len(topicNames()))
	}
	return append([]string{readmeFile}, found...)
}

// block is one of shell commands, or a file that they name.
var block = regexp.MustCompile("(?s)```(sh|yaml)\n(.*?)```")

// TestTheCommandsOfTheREADMEWork runs every shell command of the README and of its pages from the top of the repository, those of
// a page in order in one shell, against a reference endpoint in the place of the endpoint and account that they make up. Files are
// in a folder of the test; the YAML that a page shows is what its reader made of the waivers file, with a day that never comes.
// `make test` is the one that runs this test, so of it make only says what it would do.
func TestTheCommandsOfTheREADMEWork(t *testing.T) {
	t.Parallel()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	// Each page takes the binary to be built, as whoever comes from the README has done.
	if output, err := exec.Command("make", "-C", top, "build").CombinedOutput(); err != nil {
		t.Fatalf("the binary can't be built: %v\n%s", err, output)
	}
	for _, file := range documents(t) {
		script := scriptOf(fileText(t, file))
		if script == "" {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			t.Parallel()
			endpoint, err := fixtures.Start(fixtures.Options{})
			if err != nil {
				t.Fatalf("no reference endpoint: %v", err)
			}
			t.Cleanup(func() { _ = endpoint.Close() })
			folder := t.TempDir()
			replace := []string{
				"https://host/api/2.0/", endpoint.URL(), "me@example.com", fixtures.DefaultUsername, "make test", "make -n test", "make run", "make -n run",
				"'…'", "'" + fixtures.DefaultPassword + "'", "2027-01-31", "2099-12-31", "--output-dir reports", "--output-dir " + folder + "/reports", "board reports", "board " + folder + "/reports",
				"--blind-spots", "--blind-spots --select OWNER-04", // of one requirement: of all it takes half a minute
			}
			for _, name := range []string{"report.xml", "report.json", "old.json", "new.json", "run.jsonl", "report.html", "waivers.yaml", "fleet.yaml"} {
				replace = append(replace, name, folder+"/"+name)
			}
			ctx := t.Context()
			if deadline, set := t.Deadline(); set { // some build the suite, which takes its time on a busy machine
				var cancel context.CancelFunc
				ctx, cancel = context.WithDeadline(ctx, deadline.Add(-20*time.Second))
				defer cancel()
			}
			shell := exec.CommandContext(ctx, "sh", "-ex", "-c", strings.NewReplacer(replace...).Replace(script))
			shell.Dir = top
			// What only debuggers read takes half of the time of linking, and make lint is what vets.
			shell.Env = append(os.Environ(), "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" '-ldflags=-s -w' -vet=off"))
			if !strings.Contains(script, "--failed") { // which contradicts it: a failure is what selects there
				shell.Env = append(shell.Env, "LIBDRIVES_SELECT=OWNER") // that a run of everything conforms is told by other tests
			}
			if output, err := shell.CombinedOutput(); err != nil {
				t.Errorf("a command of %s does not work: %v; the last that was tried is the last behind a +:\n%s", file, err, output)
			}
		})
	}
}

// scriptOf are the commands of a page as one script; a file of waivers that it shows is written where it stands.
func scriptOf(page string) string {
	var script strings.Builder
	for _, block := range block.FindAllStringSubmatch(page, -1) {
		switch {
		case block[1] == "sh":
			script.WriteString(block[2] + "\n")
		case strings.HasPrefix(block[2], "- requirement: "): // the other YAML is a recipe for a pipeline, which has a test of its own
			script.WriteString("cat > waivers.yaml <<'WAIVERS'\n" + block[2] + "WAIVERS\n")
		}
	}
	return script.String()
}

// TestTheREADMEIsAFrontDoor: it is short, and what it leads to is there.
func TestTheREADMEIsAFrontDoor(t *testing.T) {
	readme := fileText(t, readmeFile)
	if lines := strings.Count(readme, "\n"); lines > 200 {
		t.Errorf("the README has %d lines, and should have 200 at most: what is more belongs into a topic", lines)
	}
	for _, name := range append(topicNames(), "requirements") {
		if !strings.Contains(readme, "(.github/docs/"+name+".md)") {
			t.Errorf("the README does not lead to the page %s", name)
		}
	}
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, file := range documents(t) {
		page := fileText(t, file)
		var anchors []string
		for _, heading := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
			anchor := strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-")
			anchors = append(anchors, regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(anchor, ""))
		}
		for _, found := range link.FindAllStringSubmatch(regexp.MustCompile("(?s)```.*?```").ReplaceAllString(page, ""), -1) {
			target := found[1]
			if parsed, err := url.Parse(target); err == nil && parsed.Scheme != "" {
				continue // elsewhere
			}
			path, anchor, _ := strings.Cut(target, "#")
			if path == "" && !slices.Contains(anchors, anchor) {
				t.Errorf("%s leads to its own %q, which is not there", file, anchor)
			}
			info, err := os.Stat(filepath.Join(filepath.Dir(file), path))
			if err != nil {
				t.Errorf("%s leads to %s, which is not there", file, target)
			} else if strings.HasSuffix(path, ".png") && info.Size() > 150<<10 {
				t.Errorf("the picture %s has %d KiB, and should be small: 150 at most", path, info.Size()>>10)
			}
		}
	}
}

// TestThePagesAreTheTopics: one source for both. The table of requirements is made of the catalogue.
func TestThePagesAreTheTopics(t *testing.T) {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("# Requirements\n\n`libdrives-conformance list` shows the same, and `explain` says more of each.\n\n")
	if err := markdown.WriteList(&table, catalogue.All()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"requirements": table.String()}
	for _, name := range topicNames() {
		page, err := pages.ReadFile("topics/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		want[name] = string(page)
	}
	for name, text := range want {
		file := filepath.Join(pagesFolder, name+".md")
		if os.Getenv(updateDocs) != "" {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if fileText(t, file) != text {
			t.Errorf("%s is not what it is made of: run make docs", file)
		}
	}
	embedded, err := pages.ReadDir("topics")
	if err != nil || len(embedded) != len(topicNames()) {
		t.Errorf("%d pages are embedded (%v), and help has %d topics", len(embedded), err, len(topicNames()))
	}
}
