package settings_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/suites/requirement"
)

// load reads settings from flags and variables, as the command run does.
func load(t *testing.T, environ []string, args ...string) (settings.Settings, error) {
	t.Helper()
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags := settings.Bind(set)
	if err := set.Parse(args); err != nil {
		t.Fatalf("the flags %q must parse: %v", args, err)
	}
	return flags.Load(environ)
}

func mustLoad(t *testing.T, environ []string, args ...string) settings.Settings {
	t.Helper()
	s, err := load(t, environ, args...)
	if err != nil {
		t.Fatalf("the flags %q and variables %q must be accepted: %v", args, environ, err)
	}
	return s
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatalf("the file for the test can't be written: %v", err)
	}
	return file
}

func TestAFlagBeatsAVariableBeatsTheFile(t *testing.T) {
	file := write(t, "run.yaml", "sample: 1\nconcurrency: 1\nrate: 1\nlevel: may\n")
	s := mustLoad(t, []string{"LIBDRIVES_SAMPLE=2", "LIBDRIVES_CONCURRENCY=2", "LIBDRIVES_CONFIG=" + file}, "--sample", "3")
	if s.Config.Sample != 3 {
		t.Errorf("sample is %d, the flag's 3 beats the variable's 2 and the file's 1", s.Config.Sample)
	}
	if s.Config.Concurrency != 2 {
		t.Errorf("concurrency is %d, the variable's 2 beats the file's 1", s.Config.Concurrency)
	}
	if s.Config.Rate != 1 || s.Config.Level != requirement.May {
		t.Errorf("rate is %v and level %s, the file's 1 and may hold where nothing beats them", s.Config.Rate, s.Config.Level)
	}
	other := write(t, "other.yaml", "rate: 7\n")
	if s := mustLoad(t, []string{"LIBDRIVES_CONFIG=" + file}, "--config", other); s.Config.Rate != 7 {
		t.Errorf("rate is %v, the file that the flag names (7) beats the one of the variable", s.Config.Rate)
	}
}

func TestEverySettingIsAFlagAVariableAndAKey(t *testing.T) {
	password := write(t, "password", "secret\n")
	withTarget := map[string]string{
		"target": "https://host/api/2.0/", "username": "u", "password-file": password, "auth": "digest", "ca-file": "ca.pem",
		"profile": "write", "level": "should", "select": "LIC,OWNER-02", "label-filter": "must", "sample": "7", "seed": "9",
		"concurrency": "4", "rate": "2.5", "timeout": "5m", "request-timeout": "3s", "max-body": "8MiB", "junit": "r.xml", "quiet": "true",
		"color": "always",
	}
	embedded := map[string]string{
		"verbose": "true", "drives": "50", "library": "one", "latency": "5ms", "clone-time": "1s", "seed": "3",
	}
	for _, values := range []map[string]string{withTarget, embedded} {
		var args, environ, keys []string
		for name, value := range values {
			args = append(args, "--"+name+"="+value)
			environ = append(environ, "LIBDRIVES_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"="+value)
			keys = append(keys, name+": "+value)
		}
		byFlag := mustLoad(t, nil, args...)
		byVariable := mustLoad(t, environ)
		byKey := mustLoad(t, nil, "--config", write(t, "run.yaml", strings.Join(keys, "\n")+"\n"))
		for _, s := range []settings.Settings{byFlag, byVariable, byKey} {
			c := s.Config
			ok := s.Verbose && c.Reference.Drives == 50 && c.Reference.Library == "one" && c.Reference.Seed == 3 &&
				c.Reference.Latency == 5*time.Millisecond && c.Reference.CloneTime == time.Second
			if c.Target != "" {
				ok = s.Quiet && s.JUnit == "r.xml" && s.Color == settings.ColorAlways && c.Username == "u" && c.Password == "secret" &&
					c.Auth == "digest" && c.CAFile == "ca.pem" && c.Profile == requirement.WriteProfile && c.Level == requirement.Should &&
					c.Select == "LIC,OWNER-02" && c.LabelFilter == "must" && c.Sample == 7 && c.Seed == 9 && c.Concurrency == 4 &&
					c.Rate == 2.5 && c.Timeout == 5*time.Minute && c.RequestTimeout == 3*time.Second && c.MaxBody == 8<<20
			}
			if !ok {
				t.Errorf("a value of %v was lost on its way: %+v", values, s)
			}
		}
	}
}

func TestWhatIsGivenIsReadAsMeant(t *testing.T) {
	if s := mustLoad(t, nil, "--sample", "all"); s.Config.Sample >= 0 {
		t.Errorf("sample all gives %d, suites takes a negative number for all", s.Config.Sample)
	}
	if s := mustLoad(t, nil, "--quiet"); !s.Quiet {
		t.Error("a switch needs no value")
	}
	if s := mustLoad(t, []string{"LIBDRIVES_QUIET=true"}, "--quiet=false"); s.Quiet {
		t.Error("a flag can switch off what a variable switches on")
	}
	if s := mustLoad(t, []string{"NO_COLOR=1"}); s.Color != settings.ColorNever {
		t.Errorf("color is %s, NO_COLOR makes it never", s.Color)
	}
	if s := mustLoad(t, []string{"NO_COLOR=1"}, "--color", "always"); s.Color != settings.ColorAlways {
		t.Errorf("color is %s, what is asked for outright beats NO_COLOR", s.Color)
	}
	if s := mustLoad(t, []string{"HOME=/", "NO_COLOR="}); s.Color != settings.ColorAuto {
		t.Errorf("color is %s, an empty NO_COLOR means nothing and auto is the default", s.Color)
	}
}

func TestWhatIsWrongIsSaidWithWhereItCameFromAndWhatWouldBeRight(t *testing.T) {
	file := write(t, "run.yaml", "# comment\nsample: many\n")
	for name, c := range map[string]struct {
		environ, args []string
		want          []string
	}{
		"unknown variable":      {[]string{"LIBDRIVES_TARGETT=x"}, nil, []string{"LIBDRIVES_TARGETT", "LIBDRIVES_TARGET?"}},
		"strange variable":      {[]string{"LIBDRIVES_QWERTZUIOP=x"}, nil, []string{"LIBDRIVES_QWERTZUIOP"}},
		"empty variable":        {[]string{"LIBDRIVES_TARGET="}, nil, []string{"LIBDRIVES_TARGET", "empty"}},
		"empty flag":            {nil, []string{"--junit", ""}, []string{"--junit", "empty"}},
		"number of a flag":      {nil, []string{"--sample", "0"}, []string{"--sample", `"0"`, "from 1", "all"}},
		"number of a variable":  {[]string{"LIBDRIVES_SEED=-1"}, nil, []string{"LIBDRIVES_SEED", `"-1"`}},
		"number of a key":       {nil, []string{"--config", file}, []string{"run.yaml:2: sample", `"many"`, "all"}},
		"duration without unit": {nil, []string{"--timeout", "5"}, []string{"--timeout", `"5"`, "30s"}},
		"size":                  {nil, []string{"--max-body", "64MB/s"}, []string{"--max-body", `"64MB/s"`, "64MiB"}},
		"size of nothing":       {nil, []string{"--max-body", "0"}, []string{"--max-body", `"0"`, "above 0"}},
		"size beyond all":       {nil, []string{"--max-body", "9999999999GiB"}, []string{"--max-body", "64MiB"}},
		"rate":                  {nil, []string{"--rate", "NaN"}, []string{"--rate", "above 0"}},
		"concurrency":           {nil, []string{"--concurrency", "1.5"}, []string{"--concurrency", "whole number"}},
		"profile":               {nil, []string{"--profile", "ful"}, []string{"--profile", `"full"?`}},
		"level":                 {nil, []string{"--level", "most"}, []string{"--level", `"must"?`}},
		"auth":                  {nil, []string{"--auth", "bearer"}, []string{"--auth", "basic, digest"}},
		"color":                 {nil, []string{"--color", "alway"}, []string{"--color", `"always"?`}},
		"library":               {nil, []string{"--library", "ful"}, []string{"--library", `"full"?`}},
		"fault":                 {nil, []string{"--fault", "a,,b"}, []string{"--fault", "empty name"}},
		"switch":                {[]string{"LIBDRIVES_QUIET=maybe"}, nil, []string{"LIBDRIVES_QUIET", "true nor false"}},
		"quiet and verbose":     {[]string{"LIBDRIVES_QUIET=1"}, []string{"--verbose"}, []string{"LIBDRIVES_QUIET", "--verbose", "contradict"}},
		"login without target":  {nil, []string{"--username", "u"}, []string{"--username", "no target"}},
		"fault with target":     {nil, []string{"--target", "https://h/", "--drives", "5"}, []string{"--drives", "--target"}},
		"two on certificates":   {nil, []string{"--target", "https://h/", "--ca-file", "f", "--insecure-skip-verify"}, []string{"--ca-file", "--insecure-skip-verify"}},
		"several at once":       {[]string{"LIBDRIVES_SEED=x"}, []string{"--sample", "x"}, []string{"LIBDRIVES_SEED", "\n", "--sample"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, c.environ, c.args...)
			if err == nil {
				t.Fatalf("flags %q and variables %q are accepted, they must be refused", c.args, c.environ)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q, which a person needs to put it right: %v", want, err)
				}
			}
		})
	}
}

func TestUnderGoTestTheNamesOfGoTestAreItsOwn(t *testing.T) {
	set := flag.NewFlagSet("suites.test", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags := settings.BindGoTest(set)
	if set.Lookup("timeout") != nil {
		t.Error("-timeout is a flag of the test binary, but go test would never pass it on")
	}
	if err := set.Parse([]string{"-sample", "5", "-quiet"}); err != nil {
		t.Fatalf("the flags must parse with one dash, a switch without a value: %v", err)
	}
	s, err := flags.Load([]string{"LIBDRIVES_TIMEOUT=7m"})
	if err != nil || s.Config.Sample != 5 || !s.Quiet || s.Config.Timeout != 7*time.Minute {
		t.Errorf("settings are %+v and error %v: flags count, and a name of go test's can be given by its variable", s, err)
	}
	set = flag.NewFlagSet("suites.test", flag.ContinueOnError)
	flags = settings.BindGoTest(set)
	if err := set.Parse([]string{"-sample", "x"}); err != nil {
		t.Fatalf("a wrong value is for Load to tell: %v", err)
	}
	if _, err := flags.Load(nil); err == nil || !strings.Contains(err.Error(), "-sample:") {
		t.Errorf("the error is %v, it must name the flag -sample", err)
	}
}

func TestTheFlagsOfTheSuiteDoNotCollideWithThoseOfATestBinary(t *testing.T) {
	set := flag.NewFlagSet("suites.test", flag.ContinueOnError)
	settings.BindGoTest(set)
	set.VisitAll(func(f *flag.Flag) {
		if flag.CommandLine.Lookup(f.Name) != nil {
			t.Errorf("-%s is defined already, by package testing or by Ginkgo: binding it to flag.CommandLine would panic", f.Name)
		}
	})
}

func TestAnErrorOfTheSuiteIsToldWithWhereTheSettingCameFrom(t *testing.T) {
	s := mustLoad(t, []string{"LIBDRIVES_SELECT=LICC,ONWER-02"})
	_, err := requirementsOf(s)
	located := strings.Split(s.Locate(err).Error(), "\n")
	if len(located) != 2 || !slices.ContainsFunc(located, func(line string) bool {
		return strings.HasPrefix(line, `LIBDRIVES_SELECT: unknown requirement, area or level "ONWER-02"`)
	}) {
		t.Errorf("the error is told as %q, each line should name the variable that the selection came from", located)
	}
}
