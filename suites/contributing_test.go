package suites_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// instruction is a step of CONTRIBUTING: the file, and the example of what is put there.
var instruction = regexp.MustCompile("(?s)\\d\\. \\*\\*`([a-z_./]+\\.(?:yaml|go))`\\*\\*:.*?```\\w+\n(.*?)   ```")

// exampleGoes is where the examples go: behind the last entry of the area of the made-up requirement, OWNER.
var exampleGoes = map[string]*regexp.Regexp{
	"suites/requirement/requirements.yaml": regexp.MustCompile(`(?m)^  - \{id: OWNER-07.*\n`),
	"suites/recognizing.go":                regexp.MustCompile(`func recognizing\(s \*Suite\) \{\n`),
	"fixtures/recognizing_faults.go":       regexp.MustCompile(`(?s)return \[\]Fault\{\n`),
}

// TestARequirementIsAddedAsTheInstructionsSay takes the examples out of CONTRIBUTING, puts each into its file (by an
// overlay: no file is touched) and lets the suite that is built so judge the made-up fault.
func TestARequirementIsAddedAsTheInstructionsSay(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	instructions, err := os.ReadFile("../.github/CONTRIBUTING.md")
	if err != nil {
		t.Fatalf("the instructions must be there: %v", err)
	}
	folder := t.TempDir()
	replace := map[string]string{}
	for _, step := range instruction.FindAllStringSubmatch(string(instructions), -1) {
		name, example := step[1], regexp.MustCompile(`(?m)^   `).ReplaceAllString(step[2], "")
		original, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatalf("%s must have a path: %v", name, err)
		}
		text, err := os.ReadFile(original)
		if err != nil {
			t.Fatalf("the instructions name a file that is not there: %v", err)
		}
		if exampleGoes[name] == nil || !exampleGoes[name].Match(text) {
			t.Fatalf("there is no place for the example in %s", name)
		}
		at := exampleGoes[name].FindIndex(text)[1]
		changed := filepath.Join(folder, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(changed, []byte(string(text[:at])+example+string(text[at:])), 0o600); err != nil {
			t.Fatalf("the changed file must be written: %v", err)
		}
		replace[original] = changed
	}
	if len(replace) != len(exampleGoes) {
		t.Fatalf("the instructions have examples for %d files, and it takes %d", len(replace), len(exampleGoes))
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatalf("the overlay must be JSON: %v", err)
	}
	file, binary := filepath.Join(folder, "overlay.json"), filepath.Join(folder, "suite")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatalf("the overlay must be written: %v", err)
	}
	if output, err := exec.Command("go", "build", "-ldflags", "-s -w", "-overlay", file, "-o", binary, "../cmd/libdrives-conformance").CombinedOutput(); err != nil {
		t.Fatalf("with the examples the suite can't be built: %v\n%s", err, output)
	}
	if output, err := exec.Command(binary, "selftest", "--quiet", "--only", "OWNER-08").CombinedOutput(); err != nil {
		t.Errorf("the made-up requirement does not catch its fault alone: %v\n%s", err, output)
	}
}
