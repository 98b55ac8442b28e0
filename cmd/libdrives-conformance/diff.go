package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites/requirement"
	suiterun "github.com/libdrives/conformance/suites/run"
)

const diffLong = `Says what changed from one JSON report (OLD) to a later one (NEW), as run --json writes them:

regressed      it passed and fails now, at whatever level; or its failure was waived and is not any more
vanished       it was judged and is not now: it is skipped, blocked, or not in the report although it was selected
fixed          it failed and passes now
new            it was not judged and is now, whether it passes or fails
level changed  its level is another one
unstable       reads differed in it, and did not before

A failure that is waived in NEW is no regression. Where NEW is of a run with --select or --label-filter, only what these select
is compared. What else makes the two hard to compare, such as another target,
profile or gate, is noted. The same comparison is made by run --baseline OLD.

Exit codes:
  0  nothing regressed or vanished
  1  something regressed or vanished
  2  wrong usage, or a file that is no report
  3  the output can't be written`

const diffExample = `  libdrives-conformance run --json old.json
  libdrives-conformance run --json new.json
  libdrives-conformance diff old.json new.json

  # For a comment on a pull request
  libdrives-conformance diff old.json new.json --format markdown`

func newDiff(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "diff OLD NEW [flags]",
		Short:   "Say what changed between two JSON reports: regressed, fixed, vanished, new",
		Long:    diffLong,
		Example: diffExample,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) < 2:
				return errors.New("diff takes two JSON reports, the old one and the new one: diff old.json new.json")
			case len(args) > 2:
				return fmt.Errorf("unexpected argument %q: diff takes two JSON reports, the old one and the new one", args[2])
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) >= 2 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	formats := []string{"text", "json", "markdown"}
	format := cmd.Flags().String("format", formats[0], "`FORMAT` of the comparison: "+strings.Join(formats, ", "))
	completeChoices(cmd, map[string][]string{"format": formats})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !slices.Contains(formats, *format) {
			return fmt.Errorf("--format: %q is none of %s", *format, strings.Join(formats, ", "))
		}
		old, errOld := json.ReadFile(args[0])
		later, errNew := json.ReadFile(args[1])
		if err := errors.Join(errOld, errNew); err != nil {
			return err
		}
		comparison, err := compareSelected(old, later)
		if err != nil {
			return failed(err)
		}
		write := map[string]func(io.Writer, *reports.Comparison) error{
			"text": func(w io.Writer, made *reports.Comparison) error {
				return text.WriteComparison(w, made, width(c.stdout))
			},
			"json":     json.WriteComparison,
			"markdown": markdown.WriteComparison,
		}[*format]
		if err := write(cmd.OutOrStdout(), comparison); err != nil {
			return failed(err)
		}
		if code := comparison.ExitCode(); code != reports.ExitConforms {
			return &exit{code: code}
		}
		return nil
	}
	return cmd
}

// compareSelected compares what the later run selected: what it left aside is no loss. A selection that this version can't
// read leaves nothing aside.
func compareSelected(old, later *reports.Report) (*reports.Comparison, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	aside, err := suiterun.LeftAside(catalogue, later.Configuration.Select, later.Configuration.LabelFilter)
	if err != nil {
		return reports.Compare(old, later), nil
	}
	return reports.CompareChosen(old, later, func(id string) bool { return !aside[id] }), nil
}
