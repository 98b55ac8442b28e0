package main_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The pages of the README that show what tests compare with what is there.
const (
	readmeOfUse     = "../../.github/docs/ci.md"
	readmeOfReports = "../../.github/docs/reports.md"
)

var recipe = regexp.MustCompile("(?s)```(yaml|groovy)\n(.*?)```")

// TestTheCIRecipesFitTheGates checks that what the README tells people to write names what is there, with inputs and
// variables that it has; of shell, TestTheGates… runs what there is.
func TestTheCIRecipesFitTheGates(t *testing.T) {
	recipes := map[string]string{}
	for _, found := range recipe.FindAllStringSubmatch(read(t, readmeOfUse), -1) {
		name, _, _ := strings.Cut(found[2], "\n")
		recipes[strings.TrimLeft(name, "#/ ")] = found[2]
	}

	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(recipes[".github/workflows/libdrives.yml"]), &workflow); err != nil || len(workflow.Jobs["conformance"].Steps) != 1 {
		t.Fatalf("the README should have a workflow with one step (%v): %+v", err, workflow)
	}
	var action struct {
		Inputs map[string]struct{ Required bool }
	}
	parse(t, gitHubAction, &action)
	step := workflow.Jobs["conformance"].Steps[0]
	if !strings.HasPrefix(step.Uses, "libdrives/conformance/"+filepath.Dir(strings.TrimPrefix(gitHubAction, "../../"))+"@v"+step.With["version"]) {
		t.Errorf("the workflow uses %s of version %s, which is not the action of that version", step.Uses, step.With["version"])
	}
	for name := range step.With {
		if _, known := action.Inputs[name]; !known {
			t.Errorf("the workflow gives the action an input %s, which it does not have", name)
		}
	}
	for name, input := range action.Inputs {
		if _, given := step.With[name]; input.Required && !given {
			t.Errorf("the workflow does not give the action its input %s", name)
		}
	}

	var pipeline struct {
		Include   []struct{ Remote string }
		Variables map[string]string
	}
	if err := yaml.Unmarshal([]byte(recipes[".gitlab-ci.yml"]), &pipeline); err != nil || len(pipeline.Include) != 1 {
		t.Fatalf("the README should have a pipeline for GitLab with one include (%v): %+v", err, pipeline)
	}
	if want := "/v" + pipeline.Variables["CONFORMANCE_VERSION"] + "/" + strings.TrimPrefix(gitLabInclude, "../../"); !strings.HasSuffix(pipeline.Include[0].Remote, want) {
		t.Errorf("the pipeline includes %s, which should end with %s", pipeline.Include[0].Remote, want)
	}
	if recipes["Jenkinsfile"] == "" {
		t.Error("the README should have a Jenkinsfile")
	}
}

// TestTheMarkdownOfTheREADMEIsReal compares each line of the excerpt with what a run writes.
func TestTheMarkdownOfTheREADMEIsReal(t *testing.T) {
	excerpt := regexp.MustCompile("(?s)````markdown\n(.*?)````").FindStringSubmatch(read(t, readmeOfReports))
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
