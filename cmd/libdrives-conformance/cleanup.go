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
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
)

const cleanupLong = `Removes from the account what an earlier run left because it was killed: the drives and servers that its journal says
it made, and those that have that run's id in their names. Each is looked at before it is removed: what neither its name
nor a job proves to be the run's is reported, and left alone. Nothing else is touched.

Without --journal and --prefix, it follows every journal in the user's own folder that a run against this target left.
Don't run it with --yes while a run against the target is under way from this machine: it would remove what that one
needs.

It only shows what it would remove until --yes is given.

Exit codes:
  0  nothing is left, or there was nothing to look for, or, without --yes, what there is was shown
  2  wrong usage or configuration, said before any request
  3  the endpoint can't be reached, or not everything could be seen
  5  something could not be removed, or is not proven to be the run's`

const cleanupExample = `  export LIBDRIVES_PASSWORD=…
  libdrives-conformance cleanup --target https://host/api/2.0/ --username me@example.com
  libdrives-conformance cleanup --target https://host/api/2.0/ --username me@example.com --yes

  # Where the journal is lost: by the names that every run gives
  libdrives-conformance cleanup --config production.yaml --prefix libdrives-conformance- --yes`

func newCleanup(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "cleanup [flags]",
		Short:   "Remove what an earlier run left; a dry run unless --yes",
		Long:    cleanupLong,
		Example: cleanupExample,
		Args:    noArguments("cleanup takes flags only, and the endpoint is given with --target"),
	}
	cmd.Flags().SortFlags = false
	flags := settings.BindCleanup(cmd.Flags())
	prefix := cmd.Flags().String("prefix", "", "look for the names that runs give, instead of following a journal; `PREFIX` is libdrives-conformance-, for all runs, or that with the id of one")
	yes := cmd.Flags().Bool("yes", false, "remove what is found")
	completeChoices(cmd, settings.Choices())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := flags.Load(c.environ)
		if err != nil {
			return err
		}
		return cleanup(cmd.Context(), c, s, suites.CleanupOptions{Prefix: *prefix, Remove: *yes})
	}
	return cmd
}

func cleanup(ctx context.Context, c console, s settings.Settings, o suites.CleanupOptions) error {
	progress := newBackgroundProgress(text.NewProgress(c.stderr, text.ProgressOptions{Color: colored(s.Color, c.stderr), Quiet: s.Quiet}))
	s.Config.Observer = progress
	stampConfig(&s.Config)
	return interruptible(ctx, progress.Note, ", before everything was removed and reported", func(ctx context.Context) error {
		done, err := suites.CleanUp(ctx, s.Config, o)
		progress.Close()
		return concludeCleanup(c, s, done, o.Remove, err)
	})
}

// concludeCleanup tells what was done, also where it was ended by an error.
func concludeCleanup(c console, s settings.Settings, done suites.Cleanup, remove bool, ended error) error {
	var usage *suites.UsageError
	if errors.As(ended, &usage) {
		return s.Locate(usage.Err)
	}
	if err := printCleanup(c.stdout, done, remove, ended != nil); err != nil {
		return failed(err)
	}
	switch {
	case ended != nil:
		return &exit{reports.ExitIncomplete, ended}
	case len(done.Left)+len(done.Doubtful) > 0:
		return &exit{code: reports.ExitLeftBehind}
	}
	return nil
}

// printCleanup says where was looked, what was found and what became of it.
func printCleanup(w io.Writer, done suites.Cleanup, remove, unseen bool) error {
	var b strings.Builder
	for _, source := range done.Sources {
		fmt.Fprintf(&b, "by the %s\n", source)
	}
	list := func(verb string, resources []reports.Resource) {
		for _, r := range resources {
			fmt.Fprintf(&b, "%-13s%s\n", verb, reports.Title(r))
		}
	}
	if remove {
		list("removed", done.Removed)
		list("left", done.Left)
	} else {
		list("would remove", done.Found)
	}
	list("not proven", done.Doubtful)
	for _, note := range done.Notes {
		fmt.Fprintf(&b, "note         %s\n", strings.Map(printable, note))
	}
	doubtful := ""
	if n := len(done.Doubtful); n > 0 {
		doubtful = fmt.Sprintf(" %d more may be left that nothing proves to be a run's: they were not touched.", n)
	}
	switch {
	case unseen:
	case !done.Looked:
		b.WriteString("Nothing was looked for: there is no journal that says of anything that it was made.\n")
	case len(done.Found)+len(done.Doubtful) == 0:
		b.WriteString("Nothing is left of earlier runs.\n")
	case !remove && len(done.Found) > 0:
		fmt.Fprintf(&b, "%d found; nothing was removed: --yes does it.%s\n", len(done.Found), doubtful)
	default:
		fmt.Fprintf(&b, "%d found, %d removed, %d left.%s\n", len(done.Found), len(done.Removed), len(done.Left), doubtful)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
