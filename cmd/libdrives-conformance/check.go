package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

const checkLong = `Looks, before a run, whether it can do its work: whether the name is known, what the proxy is, whether TLS holds and for how
long, whether the API answers and takes the account's logins, whether the clocks agree, what the account may and has, and
what a run of the profile would make. It sends reads only, with the right password only, and makes nothing.

A part that failed keeps a run from beginning. A part with a warning does not: the run may come to less, or will say itself
what is wrong.

Exit codes:
  0  a run can begin
  2  wrong usage or configuration, said before any request
  3  no run can begin, or the check was interrupted`

const checkExample = `  export LIBDRIVES_PASSWORD=…
  libdrives-conformance check --target https://host/api/2.0/ --username me@example.com
  libdrives-conformance check --config production.yaml --profile full`

func newCheck(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "check [flags]",
		Short:   "Look, by reads only, whether a run can do its work",
		Long:    checkLong,
		Example: checkExample,
		Args:    noArguments("check takes flags only, and the endpoint is given with --target"),
	}
	cmd.Flags().SortFlags = false
	flags := settings.BindCheck(cmd.Flags())
	completeChoices(cmd, settings.Choices())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := flags.Load(c.environ)
		if err != nil {
			return err
		}
		return check(cmd.Context(), c, s)
	}
	return cmd
}

func check(ctx context.Context, c console, s settings.Settings) error {
	stampConfig(&s.Config)
	note := func(line string) { say(c.stderr, line) }
	for _, warning := range s.Warnings {
		note("warning: " + warning)
	}
	return interruptible(ctx, note, "", func(ctx context.Context) error {
		readiness, err := suites.Check(ctx, s.Config)
		var usage *suites.UsageError
		if errors.As(err, &usage) {
			return s.Locate(usage.Err)
		}
		if written := printReadiness(c.stdout, readiness); written != nil {
			return failed(written)
		}
		if err != nil || !readiness.Ready() {
			return &exit{reports.ExitIncomplete, err}
		}
		return nil
	})
}

// printReadiness writes a line for each part, and last whether a run can begin.
func printReadiness(w io.Writer, r suites.Readiness) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", r.Target)
	warnings := 0
	for _, part := range r.Parts {
		fmt.Fprintf(&b, "  %-8s %-8s %s\n", part.State, part.Name, strings.Map(printable, part.Says))
		if part.State == suites.Doubtful {
			warnings++
		}
	}
	if r.Plan != nil {
		for _, line := range r.Plan.Lines()[1:] { // the first says what the part of the plan says
			fmt.Fprintf(&b, "  %-8s %-8s %s\n", "", "", strings.Map(printable, line))
		}
	}
	conclusion := "ready: a run can begin"
	switch {
	case !r.Ready():
		conclusion = "not ready: no run can begin"
	case warnings == 1:
		conclusion += ", with 1 warning"
	case warnings > 1:
		conclusion += fmt.Sprintf(", with %d warnings", warnings)
	}
	fmt.Fprintf(&b, "\n%s\n", conclusion)
	_, err := io.WriteString(w, b.String())
	return err
}
