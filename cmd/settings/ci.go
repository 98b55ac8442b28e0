package settings

import (
	"fmt"
	"io"

	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/suites"
)

// CI is a CI server, or none.
type CI string

// The CI servers that are known.
const (
	CIAuto    CI = "auto" // whichever the environment shows
	CINone    CI = "none"
	CIGitHub  CI = "github"
	CIGitLab  CI = "gitlab"
	CIJenkins CI = "jenkins"
)

func servers() []string {
	return []string{string(CIAuto), string(CINone), string(CIGitHub), string(CIGitLab), string(CIJenkins)}
}

// recognize settles which CI server it is, and what that server is given by itself. Under go test a server has to be named:
// there the tests of a whole module run, and what they tell is for go test to show.
func (f *Flags) recognize(s *Settings, environ []string) {
	if s.CI == "" {
		s.CI = CINone
		if f.byCI {
			s.CI = CIAuto
		}
	}
	if s.CI == CIAuto {
		s.CI = ServerOf(environ)
	}
	summary, _ := lookup(environ, "GITHUB_STEP_SUMMARY")
	if summary != "" && s.Markdown != "" && s.Markdown != stdout && resolved(s.Markdown) == resolved(summary) {
		s.JobSummary = summary // whatever the server: other steps of the job may have written to it
	}
	if s.CI != CIGitHub {
		return
	}
	s.Annotations, s.JobSummary = "github", summary
}

// ServerOf is the CI server that the environment shows.
func ServerOf(environ []string) CI {
	if value, _ := lookup(environ, "GITHUB_ACTIONS"); value == "true" {
		return CIGitHub
	}
	if value, _ := lookup(environ, "GITLAB_CI"); value == "true" {
		return CIGitLab
	}
	if value, _ := lookup(environ, "JENKINS_URL"); value != "" {
		return CIJenkins
	}
	return CINone
}

// asksForJobSummary reports whether the Markdown report was asked for in the file that it is added to anyhow.
func (s *Settings) asksForJobSummary() bool {
	return s.JobSummary != "" && s.Markdown != "" && resolved(s.Markdown) == resolved(s.JobSummary)
}

// addToJobSummary adds the Markdown report to what the steps of the job have said already. Where nobody asked for it by name, it
// is a warning that it can't be written: in a container that was given the variables of its job, the file is another machine's.
func (s *Settings) addToJobSummary(result *suites.Result, note func(line string)) error {
	if s.JobSummary == "" {
		return nil
	}
	removed, err := files.AppendClean(s.JobSummary, result.Record.Redactor(), func(w io.Writer) error { return markdown.Write(w, result.Report) })
	if err != nil && s.asksForJobSummary() {
		return fmt.Errorf("the report can't be written: %w", err)
	}
	if err != nil {
		note(fmt.Sprintf("warning: the job's summary is without the report: %v (--ci none leaves it out)", err))
		return nil
	}
	s.noteRemoved(removed, s.JobSummary, note)
	if !s.Quiet {
		note("added the report to the job's summary")
	}
	return nil
}
