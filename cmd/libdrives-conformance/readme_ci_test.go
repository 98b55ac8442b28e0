package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/libdrives/conformance/fixtures"
)

const readmeOfUse = "../../README.md"

var (
	recipe        = regexp.MustCompile("(?s)```(yaml|groovy)\n(.*?)```")
	recipeCommand = regexp.MustCompile(`(?:"\$GOBIN"/)?libdrives-conformance (run [^'\n]*)`)
	recipeInstall = regexp.MustCompile(`go install (\S+)@latest`)
)

// TestTheCommandsOfTheCIRecipesWork runs what the recipes run, with the variables that a CI server would set. The rest of
// a recipe only a CI server can try; of YAML at least the form is checked.
func TestTheCommandsOfTheCIRecipesWork(t *testing.T) {
	endpoint, err := fixtures.Start(fixtures.Options{})
	if err != nil {
		t.Fatalf("no reference endpoint: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	recipes := slices.DeleteFunc(recipe.FindAllStringSubmatch(read(t, readmeOfUse), -1), func(found []string) bool {
		return strings.HasPrefix(found[2], "- requirement: ") // a file of waivers
	})
	if len(recipes) != 3 {
		t.Fatalf("the README has %d recipes for CI, and should have one each for GitHub, GitLab and Jenkins", len(recipes))
	}
	for _, found := range recipes {
		name, _, _ := strings.Cut(found[2], "\n")
		t.Run(name, func(t *testing.T) {
			if found[1] == "yaml" {
				var document map[string]any
				if err := yaml.Unmarshal([]byte(found[2]), &document); err != nil {
					t.Errorf("it is not YAML: %v", err)
				}
			}
			installs, commands := recipeInstall.FindAllStringSubmatch(found[2], -1), recipeCommand.FindAllStringSubmatch(found[2], -1)
			if len(installs) != 1 || len(commands) != 1 {
				t.Fatalf("it installs %d programs and runs %d commands, and should do one of each", len(installs), len(commands))
			}
			if output, err := exec.Command("go", "list", "-f", "{{.Name}}", installs[0][1]).CombinedOutput(); err != nil || strings.TrimSpace(string(output)) != "main" {
				t.Errorf("it installs %s, which is no program: %v %s", installs[0][1], err, output)
			}
			dir := t.TempDir()
			summary := filepath.Join(dir, "summary.md")
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			shell := exec.CommandContext(ctx, "sh", "-e", "-c", `"$BINARY" `+commands[0][1])
			shell.Dir = dir
			shell.Env = append(os.Environ(), "BINARY="+os.Getenv(binaryVariable), "GITHUB_STEP_SUMMARY="+summary, "LIBDRIVES_TARGET="+endpoint.URL(),
				"LIBDRIVES_USERNAME="+fixtures.DefaultUsername, "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword)
			if output, err := shell.CombinedOutput(); err != nil {
				t.Errorf("its command does not work: %v\n%s\n%s", err, commands[0][1], output)
			}
			if all, passed := count(t, filepath.Join(dir, "report.xml")); all == 0 || passed == 0 {
				t.Errorf("its JUnit report has %d requirements of which %d passed; it should have many of both", all, passed)
			}
			if strings.Contains(commands[0][1], "GITHUB_STEP_SUMMARY") && !strings.Contains(read(t, summary), "Library drives: conforms") {
				t.Error("its job summary does not say that the endpoint conforms")
			}
		})
	}
}

// TestTheMarkdownOfTheREADMEIsReal compares each line of the excerpt with what a run writes.
func TestTheMarkdownOfTheREADMEIsReal(t *testing.T) {
	excerpt := regexp.MustCompile("(?s)````markdown\n(.*?)````").FindStringSubmatch(read(t, readmeOfUse))
	if excerpt == nil {
		t.Fatal("the README has no excerpt of a Markdown report")
	}
	file := filepath.Join(t.TempDir(), "summary.md")
	if o := execute(t, nil, "run", "--quiet", "--fault", "owner-missing-through-drives", "--markdown", file); o.code != 1 {
		t.Fatalf("exit code %d, the endpoint does not conform, 1:\n%s%s", o.code, o.stdout, o.stderr)
	}
	took := regexp.MustCompile(`in \d+ ms`)
	report := took.ReplaceAllString(read(t, file), "in 2 ms")
	for line := range strings.Lines(excerpt[1]) {
		if strings.TrimSpace(line) != "…" && !strings.Contains(report, line) {
			t.Errorf("the README shows a line that is not in the report: %q\n%s", line, report)
		}
	}
}
