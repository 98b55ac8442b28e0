package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnGitHubTheJobIsToldByItself: no flag asks for annotations or a summary, and what the steps before have said stays.
func TestOnGitHubTheJobIsToldByItself(t *testing.T) {
	t.Parallel()
	summary := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(summary, []byte("the step before"), 0o600); err != nil {
		t.Fatal(err)
	}
	github := []string{"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + summary}
	o := execute(t, github, "run", "--fault", "owner-missing-through-drives", "--select", "OWNER")
	if !strings.Contains(suspended.ReplaceAllString(o.stdout, ""), "::error title=OWNER-02 must") || o.code != 1 {
		t.Errorf("exit code %d, and the failure should be annotated:\n%s", o.code, o.stdout)
	}
	first := read(t, summary)
	if !strings.HasPrefix(first, "the step before\n## ❌ Library drives: does not conform") {
		t.Errorf("the report should stand below what the step before said:\n%.300s", first)
	}

	// The same file by name: once is enough.
	if o := execute(t, github, "run", "--quiet", "--select", "OWNER", "--markdown", summary); o.code != 0 || strings.Contains(o.stderr, "wrote") {
		t.Errorf("exit code %d, the endpoint conforms:\n%s", o.code, o.stderr)
	}
	second := read(t, summary)
	if !strings.HasPrefix(second, first) || strings.Count(second, "## ✅ Library drives: ") != 1 {
		t.Errorf("the second report should follow the first one, once:\n%s", second)
	}

	o = execute(t, github, "run", "--select", "OWNER", "--ci", "none")
	if strings.Contains(o.stdout, "::") || read(t, summary) != second {
		t.Errorf("with --ci none nothing should be annotated and the summary should stay as it was:\n%s", o.stdout)
	}
}

func TestASummaryThatCannotBeWrittenIsAWarning(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "another machine", "summary.md")
	github := []string{"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + nowhere}
	if o := execute(t, github, "run", "--select", "LIST-01"); o.code != 0 || !strings.Contains(o.stderr, "warning: the job's summary is without the report: can't write "+nowhere) {
		t.Errorf("exit code %d; nobody asked for the summary, so that it is told and fails nothing:\n%s", o.code, o.stderr)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere = filepath.Join(blocked, "summary.md")
	github[1] = "GITHUB_STEP_SUMMARY=" + nowhere
	if o := execute(t, github, "run", "--select", "LIST-01", "--markdown", nowhere); o.code != 2 {
		t.Errorf("exit code %d; a report that was asked for and can't be written is wrong usage, 2:\n%s", o.code, o.stderr)
	}
}
