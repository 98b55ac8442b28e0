package main_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
)

// TestTheSuiteItselfIsAClient runs the program as the client of its own reference endpoint: it takes the address and the account
// from the environment, as any client.
func TestTheSuiteItselfIsAClient(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	binary := os.Getenv(binaryVariable)
	o := execute(t, nil, "client", "--variants", "chunked,no-base-path,one-drive", "--env", "ALSO={host}", "--parallel", "2",
		"--junit", file("client.xml"), "--json", file("client.json"), "--html", file("client.html"), "--", binary, "run", "--select", "LIST,DETAIL", "--quiet")
	if o.code != reports.ExitConforms || !strings.Contains(o.stdout, "The client copes with 3 variants.") {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	var document struct {
		ExitCode int `json:"exit_code"`
		Variants []struct{ Name, Verdict string }
	}
	if err := json.Unmarshal([]byte(read(t, file("client.json"))), &document); err != nil || len(document.Variants) != 3 || document.Variants[0].Verdict != "pass" {
		t.Errorf("the JSON holds %+v (%v), want three variants that pass", document, err)
	}
	var suites struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(read(t, file("client.xml"))), &suites); err != nil || len(suites.Suites) != 2 || suites.Suites[0].Tests != 4 || suites.Suites[0].Failures != 0 {
		t.Errorf("the JUnit XML holds %+v (%v), want four endpoints without a failure", suites, err)
	}
	if page := read(t, file("client.html")); !strings.Contains(page, "copes with 3 variants") {
		t.Errorf("the page does not say what the client came to:\n%.500s", page)
	}
}

func TestAClientIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the client is a shell's line")
	}
	waivers := filepath.Join(t.TempDir(), "waivers.yaml")
	if err := os.WriteFile(waivers, []byte("- name: chunkd\n  reason: x\n"), 0o600); err != nil {
		t.Fatalf("the waivers can't be written: %v", err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"client"}, reports.ExitUsage, "no command is given"},
		{[]string{"client", "--", "./there-is-none"}, reports.ExitUsage, "the command can't be run"},
		{[]string{"client", "--variants", "chunkd", "--", "true"}, reports.ExitUsage, `unknown variant "chunkd": did you mean "chunked"?`},
		{[]string{"client", "--env", "API={targt}", "--", "true"}, reports.ExitUsage, "{targt} stands for nothing"},
		{[]string{"client", "--waivers", waivers, "--", "true"}, reports.ExitUsage, "did you mean"},
		{[]string{"client", "--parallel", "0", "--", "true"}, reports.ExitUsage, "--parallel"},
		{[]string{"client", "--variants", "none", "--", "true"}, reports.ExitDoesNot, "sent no request to the endpoint"},
		{[]string{"client", "--variants", "none", "--", "sh", "-c", "echo I am lost; exit 7"}, reports.ExitDoesNot, "| I am lost"},
		{[]string{"client", "--faults", "all", "--", "sh", "-c", "exit 7"}, reports.ExitDoesNot, "so that no variant was tried. 1 endpoint in "},
		{[]string{"client", "--variants", "none", "--timeout", "100ms", "--", "sh", "-c", "sleep 60 & sleep 60"}, reports.ExitDoesNot, "ended after 100ms"},
		{[]string{"client", "--list"}, reports.ExitConforms, "thousands-of-drives"},
	} {
		if o := execute(t, nil, c.args...); o.code != c.code || !strings.Contains(o.stdout+o.stderr, c.says) {
			t.Errorf("%v: exit code %d, want %d and %q in:\n%s%s", c.args, o.code, c.code, c.says, o.stdout, o.stderr)
		}
	}
}
