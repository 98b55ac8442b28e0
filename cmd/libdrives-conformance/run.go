package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

const runLong = `Judges an endpoint. Without --target, it judges the reference endpoint that the program carries.

By default it only reads: GET, HEAD and OPTIONS requests, safe against production. The profiles write and full also
make, edit and delete drives and servers of their own in the account, which may cost money.

Each flag is also an environment variable, such as LIBDRIVES_REQUEST_TIMEOUT for --request-timeout, and a key of the
YAML file that --config names, such as request-timeout. A flag beats a variable, and a variable beats the file. The
password is taken from LIBDRIVES_PASSWORD or --password-file only.

Progress and errors go to stderr, the summary to stdout. The first Ctrl-C (or SIGTERM) ends the run early, removes
what it made and still writes the reports; the second ends it at once, and cleanup can remove what is left.

` + exitCodes

const runExample = `  # Judge the reference endpoint, and then with one of its faults switched on
  libdrives-conformance run
  libdrives-conformance run --fault owner-missing-through-drives

  # Judge an endpoint, only reading, with a report for CI
  export LIBDRIVES_PASSWORD=…
  libdrives-conformance run --target https://host/api/2.0/ --username me@example.com --junit report.xml

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

// output is a report that a run writes: which setting asked for it, where to, and how.
type output struct {
	setting, file string
	write         func(io.Writer, *suites.Result) error
}

func outputs(s settings.Settings) []output {
	var wanted []output
	of := func(write func(io.Writer, *reports.Report) error) func(io.Writer, *suites.Result) error {
		return func(w io.Writer, result *suites.Result) error { return write(w, result.Report) }
	}
	for _, o := range []output{
		{"junit", s.JUnit, of(reports.JUnit)},
		{"json", s.JSON, of(reports.JSON)},
		{"html", s.HTML, of(reports.HTML)},
		{"markdown", s.Markdown, of(reports.Markdown)},
		{"har", s.HAR, func(w io.Writer, result *suites.Result) error {
			return reports.HAR(w, result.Report, result.Record.All())
		}},
		{"record", s.Record, func(w io.Writer, result *suites.Result) error { return result.WriteRecord(w) }},
	} {
		if o.file != "" {
			wanted = append(wanted, o)
		}
	}
	return wanted
}

// fails stands in for *testing.T: the verdict is in the result.
type fails struct{}

func (fails) Fail() {}

func run(ctx context.Context, c console, s settings.Settings) error {
	if err := checkOutputs(s); err != nil {
		return err
	}
	if s.Config.Journal != "" {
		if err := reports.CheckWritable(s.Config.Journal); err != nil {
			return s.Locate(fmt.Errorf("journal: %w", err))
		}
	}
	progress := newProgress(c, s)
	defer progress.Close()
	for _, warning := range s.Warnings {
		progress.Note("warning: " + warning)
	}
	s.Config.Observer, s.Config.Version = progress, versionNumber()
	result, ended := interruptible(ctx, progress.Note, func(ctx context.Context) *suites.Result {
		return suites.RunContext(ctx, fails{}, s.Config)
	})
	progress.Close()
	if !ended {
		return &exit{reports.ExitIncomplete, errors.New("interrupted twice: ended at once, without a report")}
	}
	var usage *suites.UsageError
	if errors.As(result.Err, &usage) {
		return s.Locate(usage.Err)
	}
	if result.Report == nil {
		return &exit{result.ExitCode(), result.Err}
	}
	return conclude(c, s, result)
}

// newProgress tells how a run goes, on stderr.
func newProgress(c console, s settings.Settings) reports.Progress {
	return reports.NewProgress(c.stderr, reports.ProgressOptions{
		Terminal: isTerminal(c.stderr), Color: colored(s.Color, c.stderr), Quiet: s.Quiet, Verbose: s.Verbose,
	})
}

// conclude writes the reports and the summary of a run that began, whatever became of it.
func conclude(c console, s settings.Settings, result *suites.Result) error {
	code := result.ExitCode()
	var errs []error
	if result.Err != nil {
		errs = append(errs, result.Err)
	} else if err := reports.Text(c.stdout, result.Report, reports.TextOptions{
		Color: colored(s.Color, c.stdout), Verbose: s.Verbose, Quiet: s.Quiet, Width: width(c.stdout),
	}); err != nil {
		errs = append(errs, fmt.Errorf("the summary can't be written: %w", err))
	}
	for _, o := range outputs(s) {
		removed, err := reports.WriteClean(o.file, result.Record.Redactor(), func(w io.Writer) error { return o.write(w, result) })
		if err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
			continue
		}
		if removed > 0 {
			say(c.stderr, fmt.Sprintf("warning: a secret of the run would have stood in %s in %d places; it was removed there (please report it)", o.file, removed))
		}
		if !s.Quiet {
			say(c.stderr, "wrote "+o.file)
		}
	}
	if len(errs) > 0 && code == reports.ExitConforms {
		code = reports.ExitIncomplete // a run whose report is lost must not look green
	}
	if code == reports.ExitConforms {
		return nil
	}
	return &exit{code, errors.Join(errs...)}
}

// say writes a line to a person; where that fails there is nobody to tell.
func say(to *os.File, line string) { _, _ = fmt.Fprintln(to, line) }
