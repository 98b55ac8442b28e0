package settings_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/libdrives/conformance/cmd/settings"
)

// TestEverySettingOfTheTemplateIsTaken takes the comment away from each setting in turn.
func TestEverySettingOfTheTemplateIsTaken(t *testing.T) {
	var template strings.Builder
	if err := settings.WriteTemplate(&template, nil); err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^# ([a-z-]+): .+$`).FindAllStringSubmatchIndex(template.String(), -1)
	if len(lines) < 40 {
		t.Fatalf("the template has %d settings; did its form change?", len(lines))
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("file", []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range lines {
		name := template.String()[at[2]:at[3]]
		text := template.String()[:at[0]] + strings.TrimPrefix(template.String()[at[0]:], "# ")
		if err := os.WriteFile("run.yaml", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := load(t, nil, "--config", filepath.Join(".", "run.yaml"))
		// What needs a target says so, and what names a file that holds something else.
		if err != nil && !strings.Contains(err.Error(), "there is no target") && !strings.Contains(err.Error(), "file") {
			t.Errorf("%s: the template's value is refused: %v", name, err)
		}
	}
}
