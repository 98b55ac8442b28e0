package settings_test

import (
	"flag"
	"io"
	"testing"

	"github.com/libdrives/conformance/cmd/settings"
)

func TestTheCIServerIsRecognized(t *testing.T) {
	github := []string{"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=/summary"}
	for name, c := range map[string]struct {
		environ, args []string
		ci            settings.CI
		annotations   string
		summary       string
	}{
		"a desk":                     {nil, nil, settings.CINone, "", ""},
		"GitHub":                     {github, nil, settings.CIGitHub, "github", "/summary"},
		"GitHub without a summary":   {github[:1], nil, settings.CIGitHub, "github", ""},
		"GitHub, turned off":         {github, []string{"--ci", "none"}, settings.CINone, "", ""},
		"GitHub, annotations only":   {github, []string{"--ci", "none", "--annotations", "github"}, settings.CINone, "github", ""},
		"GitHub by name":             {github[1:], []string{"--ci", "github"}, settings.CIGitHub, "github", "/summary"},
		"a summary by itself":        {github[1:], nil, settings.CINone, "", ""},
		"GitHub turned off, said so": {append(github, "LIBDRIVES_CI=none"), nil, settings.CINone, "", ""},
		"a flag beats the variable":  {append(github, "LIBDRIVES_CI=none"), []string{"--ci", "auto"}, settings.CIGitHub, "github", "/summary"},
		"GITHUB_ACTIONS is not true": {[]string{"GITHUB_ACTIONS=false"}, nil, settings.CINone, "", ""},
		"GitLab":                     {[]string{"GITLAB_CI=true", "GITHUB_STEP_SUMMARY=/summary"}, nil, settings.CIGitLab, "", ""},
		"Jenkins":                    {[]string{"JENKINS_URL=http://ci/"}, nil, settings.CIJenkins, "", ""},
		"Jenkins, empty":             {[]string{"JENKINS_URL="}, nil, settings.CINone, "", ""},
	} {
		s := mustLoad(t, c.environ, c.args...)
		if s.CI != c.ci || s.Annotations != c.annotations || s.JobSummary != c.summary {
			t.Errorf("%s: the server is %q, annotations are %q and the summary goes to %q; want %q, %q and %q", name, s.CI, s.Annotations, s.JobSummary, c.ci, c.annotations, c.summary)
		}
	}
}

// TestUnderGoTestAServerIsNamed: what go test tells of all tests is not mixed with annotations of one that nobody asked for.
func TestUnderGoTestAServerIsNamed(t *testing.T) {
	for _, c := range []struct {
		args []string
		want settings.CI
	}{{nil, settings.CINone}, {[]string{"-ci", "auto"}, settings.CIGitHub}, {[]string{"-ci", "gitlab"}, settings.CIGitLab}} {
		set := flag.NewFlagSet("suites.test", flag.ContinueOnError)
		set.SetOutput(io.Discard)
		flags := settings.BindGoTest(set)
		if err := set.Parse(c.args); err != nil {
			t.Fatal(err)
		}
		if s, err := flags.Load([]string{"GITHUB_ACTIONS=true"}); err != nil || s.CI != c.want {
			t.Errorf("with %v the server is %q (%v), it should be %q", c.args, s.CI, err, c.want)
		}
	}
}
