package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/github"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
)

const runLong = `Judges an endpoint. Without --target, it judges the reference endpoint that the program carries.

By default it only reads: GET, HEAD and OPTIONS requests, safe against production. The profiles write and full also
make, edit and delete drives and servers of their own in the account, which may cost money.

Each flag is also an environment variable, such as LIBDRIVES_REQUEST_TIMEOUT for --request-timeout, and a key of the
YAML file that --config names, such as request-timeout. A flag beats a variable, and a variable beats the file. The
password is taken from LIBDRIVES_PASSWORD or --password-file only.

--waivers names a YAML list of known failures that don't fail the run: the requirement, the reason why its failure is
put up with, until, the last day on which it is, and match, a piece of text that each finding of the failure has in its
line (without match, any failure is meant). A waiver fails the run once the requirement passes, once its last day is
over, or where the failure is another one. list --format waivers starts such a file from a report.

On GitHub Actions (known by GITHUB_ACTIONS), failures are printed as annotations by themselves, and the Markdown report
is added to the file that GITHUB_STEP_SUMMARY names. There, on GitLab CI (GITLAB_CI) and on Jenkins (JENKINS_URL), progress
is plain lines. --ci none turns that off, and --ci SERVER names the server where its variables are missing.

Progress and errors go to stderr, the summary to stdout. The first Ctrl-C (or SIGTERM or SIGQUIT) ends the run early,
removes what it made and still writes the reports; the second ends it at once, and cleanup can remove what is left. A
terminal that is closed (SIGHUP) ends the run as the first does, and never at once; nohup keeps it from doing so. An
output that is closed (a pipe into head) ends nothing: the run goes on, and its verdict is the same.

` + exitCodes

const runExample = `  # Judge the reference endpoint, and then with one of its faults switched on
  libdrives-conformance run
  libdrives-conformance run --fault owner-missing-through-drives

  # Judge an endpoint, only reading, with a report for CI
  export LIBDRIVES_PASSWORD=…
  libdrives-conformance run --target https://host/api/2.0/ --username me@example.com --junit report.xml

  # Put up with failures that are known, and fail on what is worse than in an earlier report
  libdrives-conformance run --waivers waivers.yaml --baseline earlier.json

  # The same settings from a file, and of all requirements only those about licences
  libdrives-conformance run --config production.yaml --select LIC`

func newRun(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "run [flags]",
		Short:   "Judge an endpoint; without --target, the embedded reference endpoint",
		Long:    runLong,
		Example: runExample,
		Args:    noArguments("run takes flags only, and the endpoint is given with --target"),
	}
	cmd.Flags().SortFlags = false
	flags := settings.Bind(cmd.Flags())
	completeChoices(cmd, settings.Choices())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := flags.Load(c.environ)
		if err != nil {
			return err
		}
		return run(cmd.Context(), c, s)
	}
	return cmd
}

// fails stands in for *testing.T: the verdict is in the result.
type fails struct{}

func (fails) Fail() {}

func run(ctx context.Context, c console, s settings.Settings) error {
	if err := s.CheckOutputs(); err != nil {
		return err
	}
	resume := c.suspendCommands(s)
	defer resume() // where the run ends without a conclusion
	progress := newProgress(c, s)
	defer progress.Close()
	for _, warning := range s.Warnings {
		progress.Note("warning: " + warning)
	}
	for _, note := range s.Notes {
		progress.Note("note: " + note)
	}
	s.Config.Observer, s.Config.OwnsProcess = progress, true
	stampConfig(&s.Config)
	return interruptible(ctx, progress.Note, ", before everything was removed and written", func(ctx context.Context) error {
		result := suites.RunContext(ctx, fails{}, s.Config)
		s.LookForBlindSpots(ctx, result)
		progress.Close()
		resume()
		return printResult(c, s, result, program+" run")
	})
}

// printResult says what a run came to. again is the command that judges the same.
func printResult(c console, s settings.Settings, result *suites.Result, again string) error {
	defer result.Close()
	var usage *suites.UsageError
	if errors.As(result.Err, &usage) {
		return s.Locate(usage.Err)
	}
	if result.Report == nil {
		return &exit{result.ExitCode(), result.Err}
	}
	return conclude(c, s, result, again)
}

// conclude writes the reports and the summary of a run that began, whatever became of it: the files first, for a pipe
// that nobody reads on must not keep them.
func conclude(c console, s settings.Settings, result *suites.Result, again string) error {
	code := result.ExitCode()
	var written []string
	files := s.WriteOutputs(result, c.stdout, func(line string) { written = append(written, line) })
	var errs []error
	if s.ToStdout() {
		errs = append(errs, lost(c.stdout))
		c.stdout = c.stderr
	}
	resume := c.suspendCommands(s)
	if result.Err != nil {
		errs = append(errs, result.Err)
	} else if err := text.Write(c.stdout, result.Report, text.Options{
		Color: colored(s.Color, c.stdout), Verbose: s.Verbose, Quiet: s.Quiet, Width: width(c.stdout),
		Again:   strings.Join(append([]string{again}, s.Again()...), " "),
		CleanUp: strings.Join(append([]string{program, "cleanup"}, s.AgainForCleanup()...), " "),
	}); err != nil {
		errs = append(errs, fmt.Errorf("the summary can't be written: %w", err))
	}
	resume()
	if s.Annotations != "" {
		if err := errors.Join(github.Write(c.stdout, result.Report), c.stdout.Lost()); err != nil {
			errs = append(errs, fmt.Errorf("the annotations can't be written: %w", err))
		}
	}
	for _, line := range written {
		say(c.stderr, line)
	}
	if files != nil {
		errs = append(errs, files)
	}
	if errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil }); len(errs) > 0 && code == reports.ExitConforms {
		code = reports.ExitIncomplete // a run whose report is lost must not look green
	}
	if code == reports.ExitConforms {
		return nil
	}
	return &exit{code, errors.Join(errs...)}
}

// lost is an error where a report went to an output that nobody reads any more.
func lost(o *process.Output) error {
	if err := o.Lost(); err != nil {
		return fmt.Errorf("the report can't be written: %w", err)
	}
	return nil
}

// say writes a line to a person; where that fails there is nobody to tell.
func say(to io.Writer, line string) { _, _ = fmt.Fprintln(to, line) }
