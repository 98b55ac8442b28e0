package main_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/suites/requirement"
)

// updateContracts has the test write the contracts as they are now: make contracts.
const updateContracts = "CONFORMANCE_UPDATE_CONTRACTS"

// TestContracts compares what others build on with what they were promised: a file in testdata/contracts for each contract, with
// a line for each thing that is promised.
func TestContracts(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]func(*testing.T) []string{
		"flags": flagsContract, "exit-codes": exitCodesContract, "junit-names": junitContract, "report-keys": schemaContract, "requirements": requirementsContract,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", "contracts", name+".txt")
			lines := now(t)
			if os.Getenv(updateContracts) != "" {
				if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			promised := strings.Split(strings.TrimSpace(read(t, file)), "\n")
			for _, line := range promised {
				if !slices.Contains(lines, line) {
					t.Errorf("it was promised, and is not so any more: %s\nPut it back; or, where others have to change what they built on it, say so in CHANGELOG.md and run make contracts.", line)
				}
			}
			for _, line := range lines {
				if !slices.Contains(promised, line) {
					t.Errorf("it is new, and becomes a promise: %s\nSay so in CHANGELOG.md and run make contracts.", line)
				}
			}
		})
	}
}

// commandsOf are the commands that the help of the program names.
func commandsOf(t *testing.T) []string {
	t.Helper()
	_, listed, _ := strings.Cut(execute(t, nil, "help").stdout, "\nCommands:\n")
	listed, _, found := strings.Cut(listed, "\n\n")
	if !found {
		t.Fatal("the help of the program lists no commands")
	}
	var names []string
	for line := range strings.Lines(listed) {
		names = append(names, strings.Fields(line)[0])
	}
	return names
}

var flagOfHelp = regexp.MustCompile(`(?m)^(?:  -\w, |      )(--[a-z-]+(?: [A-Z][A-Z|=…-]*)?)(?: |$)`)

// flagsContract has a line for each flag of each command, with what stands for its value, and one for the values that it takes.
func flagsContract(t *testing.T) []string {
	var lines []string
	for _, command := range commandsOf(t) {
		lines = append(lines, command)
		for _, flag := range flagOfHelp.FindAllStringSubmatch(execute(t, nil, "help", command).stdout, -1) {
			lines = append(lines, command+" "+flag[1])
		}
	}
	choices := settings.Choices()
	for _, name := range slices.Sorted(maps.Keys(choices)) {
		for _, choice := range choices[name] {
			if name != "fault" { // faults come and go with what they are caught by
				lines = append(lines, "--"+name+" "+choice)
			}
		}
	}
	return lines
}

var codeOfHelp = regexp.MustCompile(`(?m)^Exit codes:((?: [^\n]+)?(?:\n +\d[^\n]+)*)`)

// exitCodesContract has what the help of each command says of exit codes.
func exitCodesContract(t *testing.T) []string {
	var lines []string
	for _, command := range commandsOf(t) {
		codes := codeOfHelp.FindStringSubmatch(execute(t, nil, "help", command).stdout)
		if codes == nil {
			if command != "help" {
				t.Errorf("the help of %s says nothing of exit codes", command)
			}
			continue
		}
		for line := range strings.Lines(strings.TrimSpace(codes[1])) {
			lines = append(lines, command+": "+strings.Join(strings.Fields(line), " "))
		}
	}
	return lines
}

// junitContract has the name of each suite and the class and name of each case: what a server knows a test by from run to run.
func junitContract(t *testing.T) []string {
	file := filepath.Join(t.TempDir(), "report.xml")
	if o := execute(t, nil, "run", "--quiet", "--junit", file); o.code != 0 {
		t.Fatalf("exit code %d, the reference endpoint conforms, 0:\n%s%s", o.code, o.stdout, o.stderr)
	}
	var document struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name  string `xml:"name,attr"`
				Class string `xml:"classname,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(read(t, file)), &document); err != nil {
		t.Fatalf("the report must be XML: %v", err)
	}
	var lines []string
	for _, suite := range document.Suites {
		lines = append(lines, suite.Name)
		for _, c := range suite.Cases {
			lines = append(lines, c.Class+" | "+c.Name)
		}
	}
	return lines
}

// schemaContract has a line for each key of the JSON report, with its type, and whether it is always there.
func schemaContract(t *testing.T) []string {
	var schema map[string]any
	if err := json.Unmarshal([]byte(read(t, "../../schema/report.json")), &schema); err != nil {
		t.Fatalf("the schema must be JSON: %v", err)
	}
	lines := keysOf("", schema)
	definitions, _ := schema["definitions"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(definitions)) {
		definition, _ := definitions[name].(map[string]any)
		lines = append(lines, keysOf("#"+name, definition)...)
	}
	return lines
}

func keysOf(path string, schema map[string]any) []string {
	var lines []string
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		property, _ := properties[key].(map[string]any)
		line := path + "/" + key
		for _, word := range []string{"type", "$ref", "enum"} {
			if value, found := property[word]; found {
				line += fmt.Sprintf(" %v", value)
			}
		}
		if slices.Contains(required, any(key)) {
			line += " required"
		}
		lines = append(lines, line)
		lines = append(lines, keysOf(path+"/"+key, property)...)
	}
	if items, found := schema["items"].(map[string]any); found {
		if reference, named := items["$ref"]; named {
			lines = append(lines, fmt.Sprintf("%s[] %v", path, reference))
		}
		lines = append(lines, keysOf(path+"[]", items)...)
	}
	return lines
}

// requirementsContract has the id of each requirement, with its level and effect: both say what a gate lets through.
func requirementsContract(t *testing.T) []string {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range catalogue.All() {
		lines = append(lines, fmt.Sprintf("%s %s %s", r.ID, r.Level, r.Effect))
	}
	return lines
}

var changelogHeading = regexp.MustCompile(`^(?:Unreleased|(\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\))$`)

// TestTheChangelogHasEveryVersion: what was released, or is being released by a tag, has a section in CHANGELOG.md, which the
// release takes its notes from.
func TestTheChangelogHasEveryVersion(t *testing.T) {
	t.Parallel()
	released := map[string]bool{}
	for i, part := range strings.Split(read(t, "../../CHANGELOG.md"), "\n## ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		heading := changelogHeading.FindStringSubmatch(title)
		switch {
		case heading == nil:
			t.Errorf("the changelog has a section %q; it should be Unreleased, or a version and its day: 1.2.3 (2026-01-31)", title)
			continue
		case heading[1] == "" && i > 0:
			t.Error("what is not released yet should stand first in the changelog")
		case strings.TrimSpace(text) == "":
			t.Errorf("the section %s of the changelog says nothing", title)
		}
		released[heading[1]] = true
	}
	tags, err := exec.Command("git", "tag", "--list", "v*").Output()
	if err != nil {
		t.Skip("not a git checkout, so there are no tags to compare with")
	}
	for tag := range strings.FieldsSeq(string(tags)) {
		if !released[strings.TrimPrefix(tag, "v")] {
			t.Errorf("the version %s has no section in the changelog", tag)
		}
	}
}
