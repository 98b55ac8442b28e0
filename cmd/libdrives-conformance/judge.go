package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/suites"
)

const judgeLong = `Judges the record of a run again, offline: a file that run --record wrote, by this version of the suite or an older
one. The verdicts are those of the run, unless the suite itself judges otherwise by now.

What was judged and by which gate is as it was in the run, unless --select, --label-filter or --level say otherwise. A
requirement that the record holds no exchanges for is skipped. Each flag is also an environment variable and a key of
the file that --config names, as for run; settings that only a run has are left aside there.

` + exitCodes

const judgeExample = `  # Keep what a run collects, and judge it again with another gate
  libdrives-conformance run --target https://host/api/2.0/ --username me@example.com --record run.jsonl
  libdrives-conformance judge run.jsonl --level should --html report.html`

func newJudge(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "judge RECORD",
		Short:   "Judge a record of a run again, offline",
		Long:    judgeLong,
		Example: judgeExample,
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return errors.New("no record given: judge takes a file that run --record wrote")
			case 1:
				return nil
			}
			return fmt.Errorf("unexpected argument %q: judge takes one record", args[1])
		},
	}
	cmd.Flags().SortFlags = false
	flags := settings.BindJudge(cmd.Flags())
	completeChoices(cmd, settings.Choices())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := flags.Load(c.environ)
		if err != nil {
			return err
		}
		return judge(cmd.Context(), c, s, args[0])
	}
	return cmd
}

func judge(ctx context.Context, c console, s settings.Settings, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the record can't be read: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written to it
	if err := s.CheckOutputs(path); err != nil {
		return err
	}
	resume := c.suspendCommands(s)
	defer resume()
	progress := newProgress(c, s)
	defer progress.Close()
	s.Config.Observer, s.Config.OwnsProcess = progress, true
	stampConfig(&s.Config)
	result := suites.Judge(file, s.Config)
	s.LookForBlindSpots(ctx, result)
	progress.Close()
	var damaged *suites.RecordError
	if errors.As(result.Err, &damaged) {
		return fmt.Errorf("%s: %w", path, damaged.Err)
	}
	resume()
	return printResult(c, s, result, program+" judge "+settings.Quoted(path))
}
