package settings_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/suites/requirement"
)

// requirementsOf fails as suites does: with the setting's name before all that is wrong with it.
func requirementsOf(s settings.Settings) ([]requirement.Requirement, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	selected, err := catalogue.Select(s.Config.Select)
	if err != nil {
		return nil, fmt.Errorf("select: %w", err)
	}
	return selected, nil
}

func TestConfigurationFile(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"unknown key":         {"sample: 5\ntargt: x\n", "run.yaml:2: unknown key targt: did you mean target?"},
		"underscore":          {"request_timeout: 5s\n", "did you mean request-timeout?"},
		"password":            {"\npassword: hunter2\n", "run.yaml:2: password: a password does not belong into this file"},
		"config":              {"config: other.yaml\n", "run.yaml:1: config: a configuration file can't name another"},
		"key twice":           {"sample: 5\nsample: 6\n", "run.yaml:2: "},
		"no mapping":          {"- sample\n", "run.yaml:1: not a mapping"},
		"bare word":           {"sample\n", "run.yaml:1: not a mapping"},
		"no value":            {"target:\nsample: 5\n", "run.yaml:1: target: the value is empty"},
		"nested":              {"target: {url: x}\n", "run.yaml:1: target: mapping: give a plain value"},
		"list of one value":   {"target: [a, b]\n", "run.yaml:1: target: a list: give one value"},
		"several documents":   {"sample: 5\n---\nsample: 6\n", "several documents"},
		"negative number":     {"rate: -1\n", `run.yaml:1: rate: "-1"`},
		"syntax":              {"sample: 5\ntarget: \"x\n", "run.yaml:"},
		"unclosed flow":       {"select: [LIC\n", "run.yaml:"},
		"wrong switch":        {"quiet: perhaps\n", `run.yaml:1: quiet: "perhaps" is neither`},
		"anchor":              {"sample: &a 5\n", "run.yaml:1: sample: anchor"},
		"two things are told": {"foo: 1\nsample: x\n", "\nrun.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, "run.yaml", c.content)
			_, err := load(t, nil, "--config", file)
			if err == nil {
				t.Fatalf("the file %q is accepted, it must be refused", c.content)
			}
			message := strings.ReplaceAll(err.Error(), filepath.Dir(file)+string(filepath.Separator), "")
			if !strings.Contains(message, c.want) {
				t.Errorf("the error should say %q, it says: %s", c.want, message)
			}
			if strings.Contains(message, "hunter2") {
				t.Errorf("the error shows the password: %s", message)
			}
		})
	}
	for name, content := range map[string]string{
		"empty": "", "comments": "# nothing\n", "one key": "sample: 5\n", "quoted": "target: 'https://h/'\n",
		"switch": "quiet: true\n", "list": "select: [LIC, OWNER-02]\n", "document mark": "---\nsample: 5\n",
	} {
		if _, err := load(t, nil, "--config", write(t, "run.yaml", content)); err != nil {
			t.Errorf("%s: a file with %q is refused: %v", name, content, err)
		}
	}
	if s := mustLoad(t, nil, "--config", write(t, "run.yaml", "select: [LIC, OWNER-02]\n")); s.Config.Select != "LIC,OWNER-02" {
		t.Errorf("select is %q, a list in YAML should be taken as one with commas", s.Config.Select)
	}
	if _, err := load(t, nil, "--config", filepath.Join(t.TempDir(), "none.yaml")); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("a configuration file that is not there gives %v, the error must name it", err)
	}
}

func TestPassword(t *testing.T) {
	const target = "--target=https://host/api/2.0/"
	secret := write(t, "password", "from the file\n")
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"variable":               {[]string{"LIBDRIVES_PASSWORD= a b "}, nil, " a b "},
		"file, newline trimmed":  {nil, []string{"--password-file", secret}, "from the file"},
		"file, Windows newline":  {nil, []string{"--password-file", write(t, "p", "x\r\n")}, "x"},
		"file, without newline":  {nil, []string{"--password-file", write(t, "p", "x ")}, "x "},
		"flag beats variable":    {[]string{"LIBDRIVES_PASSWORD=v"}, []string{"--password-file", secret}, "from the file"},
		"variable beats key":     {[]string{"LIBDRIVES_PASSWORD=v"}, []string{"--config", write(t, "c.yaml", "password-file: "+secret)}, "v"},
		"file named by variable": {[]string{"LIBDRIVES_PASSWORD_FILE=" + secret}, nil, "from the file"},
	} {
		if s := mustLoad(t, c.environ, append(c.args, target)...); s.Config.Password != c.want {
			t.Errorf("%s: the password is %q, it should be %q", name, s.Config.Password, c.want)
		}
	}
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"empty variable":      {[]string{"LIBDRIVES_PASSWORD="}, []string{target}, "LIBDRIVES_PASSWORD is empty"},
		"no such file":        {nil, []string{target, "--password-file", "no/such/file"}, "--password-file: the password file can't be read: open no/such/file"},
		"directory":           {nil, []string{target, "--password-file", t.TempDir()}, "can't be read"},
		"empty file":          {nil, []string{target, "--password-file", write(t, "p", "\n")}, "is empty"},
		"several lines":       {nil, []string{target, "--password-file", write(t, "p", "hunter2\nhunter2\n")}, "several lines"},
		"both variables":      {[]string{"LIBDRIVES_PASSWORD=x", "LIBDRIVES_PASSWORD_FILE=" + secret}, []string{target}, "both given"},
		"file, and no target": {nil, []string{"--password-file", secret}, "no target"},
	} {
		_, err := load(t, c.environ, c.args...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error should say %q, it is: %v", name, c.want, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestAPasswordFileThatEverybodyCanReadIsWarnedOf(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	file := write(t, "password", "secret\n")
	if s := mustLoad(t, nil, "--target=https://h/", "--password-file", file); len(s.Warnings) > 0 {
		t.Errorf("a file that only its owner can read is warned of: %q", s.Warnings)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatalf("the permissions for the test can't be set: %v", err)
	}
	s := mustLoad(t, nil, "--target=https://h/", "--password-file", file)
	if !slices.ContainsFunc(s.Warnings, func(w string) bool { return strings.Contains(w, file) && strings.Contains(w, "chmod 600") }) {
		t.Errorf("the warnings are %q, one should name the file and say what to do", s.Warnings)
	}
}
