package main_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// suspended is what a runner of GitHub Actions does not obey.
var suspended = regexp.MustCompile(`(?s)::stop-commands::(\w{20,})\n(.*?)::(\w{20,})::\n`)

// TestAnnotationsComeAfterAllElse: nothing that an endpoint says can be taken for a command, and nothing that the run has
// to say is lost.
func TestAnnotationsComeAfterAllElse(t *testing.T) {
	for _, flags := range [][]string{nil, {"--quiet"}, {"--verbose"}} {
		o := execute(t, nil, append([]string{"run", "--fault", "owner-missing-through-drives", "--select", "OWNER", "--annotations", "github"}, flags...)...)
		if o.code != 1 {
			t.Errorf("%v: exit code %d; annotations must not change that the run fails, 1:\n%s", flags, o.code, o.stderr)
		}
		spans := suspended.FindAllStringSubmatch(o.stdout, -1)
		for _, span := range spans {
			if span[1] != span[3] {
				t.Errorf("%v: commands are suspended until %s and resumed with %s, which should be the same", flags, span[1], span[3])
			}
		}
		if len(spans) != 2 || spans[0][1] == spans[1][1] || !strings.Contains(spans[1][2], "owner: missing") {
			t.Errorf("%v: commands should be suspended while the run goes on, and, by another word, for the summary; stdout is\n%s", flags, o.stdout)
		}
		lines := strings.Split(strings.TrimSpace(suspended.ReplaceAllString(o.stdout, "")), "\n")
		for i, line := range lines {
			if !strings.HasPrefix(line, "::") {
				t.Errorf("%v: a line that is no annotation stands where commands are obeyed: %q", flags, line)
			}
			if last := i == len(lines)-1; strings.HasPrefix(line, "::notice ") != last {
				t.Errorf("%v: the notice should come last, and line %d of %d is %q", flags, i+1, len(lines), line)
			}
		}
		if !strings.HasPrefix(lines[0], "::error title=OWNER-02 must") {
			t.Errorf("%v: the first annotation should be of the requirement that fails, and is %q", flags, lines[0])
		}
	}
	if o := execute(t, nil, "run", "--select", "LIST"); strings.Contains(o.stdout, "::") {
		t.Errorf("without --annotations there should be no commands:\n%s", o.stdout)
	}
}

func TestAnEndpointThatCannotBeJudgedIsAnnotated(t *testing.T) {
	o := execute(t, []string{"LIBDRIVES_PASSWORD=x"}, "run", "--target", "http://127.0.0.1:9/api/2.0/", "--username", "u", "--annotations", "github", "--quiet")
	if lines := suspended.ReplaceAllString(o.stdout, ""); o.code != 3 || !strings.HasPrefix(lines, "::error title=incomplete") {
		t.Errorf("an endpoint that can't be reached should be told as an error, with exit code 3; the exit code is %d and the annotations are\n%s", o.code, lines)
	}
}

// TestMarkdownAndHARAreWritten checks that the flags lead to these reports; what stands in them is for package reports.
func TestMarkdownAndHARAreWritten(t *testing.T) {
	dir := t.TempDir()
	summary, archive, report := filepath.Join(dir, "summary.md"), filepath.Join(dir, "run.har"), filepath.Join(dir, "report.json")
	if o := execute(t, nil, "run", "--fault", "owner-missing-through-drives", "--select", "OWNER", "--markdown", summary, "--har", archive, "--json", report); o.code != 1 {
		t.Fatalf("exit code %d, the endpoint does not conform, 1:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if text := read(t, summary); !strings.Contains(text, "does not conform") || !strings.Contains(text, "**OWNER-02** (must)") {
		t.Errorf("the Markdown should say that OWNER-02 fails, and says:\n%s", text)
	}
	var har struct {
		Log struct {
			Entries []struct{ Response struct{ Status int } }
		}
	}
	var document struct{ Requests struct{ Sent int } }
	for file, into := range map[string]any{archive: &har, report: &document} {
		if err := json.Unmarshal([]byte(read(t, file)), into); err != nil {
			t.Fatalf("%s is not JSON: %v", filepath.Base(file), err)
		}
	}
	if sent := document.Requests.Sent; len(har.Log.Entries) != sent || sent == 0 {
		t.Errorf("the archive should hold every request of %d, and holds %d", sent, len(har.Log.Entries))
	}
	for i, entry := range har.Log.Entries {
		if entry.Response.Status == 0 {
			t.Errorf("the reference endpoint answers every request, and entry %d of the archive has no answer", i)
		}
	}
}
