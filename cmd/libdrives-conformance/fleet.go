package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/fleet"
	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
)

const fleetLong = `Judges many endpoints, several at a time, each in a process of its own, and makes a board of all reports.

--targets FILE.yaml is a list; each target has a name and a target, and any setting of run but those of outputs:

  - name: ZRH
    target: https://zrh.host/api/2.0/
    username: me@example.com           # or username-variable
    password-variable: ZRH_PASSWORD    # the variable that holds it; LIBDRIVES_PASSWORD where none is named
    profile: read
    waivers: zrh-waivers.yaml

A password never stands in the file. Settings that a target lacks are taken from the LIBDRIVES_ variables, and so are all
settings with --from-locations URL, which asks that API for its locations (GET /locations/). The account's password is then sent to
every location that it names, by HTTPS only.

In --output-dir, each target has a folder with one for each run, and metrics/ has a file for each target, for node_exporter. The
board (board.html, board.json, board.md) is made of all runs that are there: run it every morning with the same folder, and it says
what changed. --index K --of N judges the K-th of N shares (from 0), for a Kubernetes Indexed Job; board DIR then joins them.

The first Ctrl-C ends all runs early: each removes what it made and writes its reports. The second ends them at once.

Exit codes: the worst of all runs, in this order
  1  an endpoint does not conform
  3  an endpoint can't be reached, or a run or the board is incomplete
  4  nothing was judged at an endpoint
  5  all conform, but something was left behind
  0  all conform
  2  wrong usage or configuration, said before any endpoint is judged`

const fleetExample = `  libdrives-conformance fleet --targets fleet.yaml --output-dir reports

  export LIBDRIVES_USERNAME=me@example.com LIBDRIVES_PASSWORD=…
  libdrives-conformance fleet --from-locations https://host/api/2.0/ --output-dir reports --parallel 8`

const defaultParallel = 4

// fleetFlags are the flags of the command.
type fleetFlags struct {
	targets, locations, outputDir      string
	parallel, maxClones, index, shares int
	record                             bool
}

func newFleet(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "fleet [flags]",
		Short:   "Judge many endpoints, a process each, and make a board of them",
		Long:    fleetLong,
		Example: fleetExample,
		Args:    noArguments("fleet takes flags only, and the endpoints are given with --targets or --from-locations"),
	}
	cmd.Flags().SortFlags = false
	var f fleetFlags
	cmd.Flags().StringVar(&f.targets, "targets", "", "YAML `FILE` of the endpoints")
	cmd.Flags().StringVar(&f.locations, "from-locations", "", "judge each location that the API at this `URL` lists")
	cmd.Flags().StringVar(&f.outputDir, "output-dir", "", "`DIR` for the reports of all runs, the metrics and the board")
	cmd.Flags().IntVar(&f.parallel, "parallel", defaultParallel, "judge `N` endpoints at a time")
	cmd.Flags().IntVar(&f.maxClones, "max-clones", 0, "make `N` drives at most over all endpoints; default no bound")
	cmd.Flags().BoolVar(&f.record, "record", false, "keep every exchange of each run too, as run.jsonl, for judge")
	cmd.Flags().IntVar(&f.index, "index", 0, "judge the share with the index `K` only, from 0; with --of")
	cmd.Flags().IntVar(&f.shares, "of", 1, "divide the endpoints into `N` shares")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := f.check(cmd.Flags().Changed("max-clones")); err != nil {
			return err
		}
		return runFleet(cmd.Context(), c, f)
	}
	return cmd
}

func (f fleetFlags) check(bounded bool) error {
	var errs []error
	wrong := func(is bool, format string, values ...any) {
		if is {
			errs = append(errs, fmt.Errorf(format, values...))
		}
	}
	wrong((f.targets == "") == (f.locations == ""), "give the endpoints with either --targets FILE.yaml or --from-locations URL")
	wrong(f.outputDir == "", "give --output-dir DIR: each endpoint's reports are written there")
	wrong(f.parallel < 1, "--parallel: %d is no number of endpoints: give a whole number from 1", f.parallel)
	wrong(bounded && f.maxClones < 1, "--max-clones: %d is no number of clones: give a whole number from 1", f.maxClones)
	wrong(f.shares < 1, "--of: %d is no number of shares: give a whole number from 1", f.shares)
	wrong(f.shares >= 1 && (f.index < 0 || f.index >= f.shares), "--index: there is no share %d of %d: they are counted from 0 (is --of given?)", f.index, f.shares)
	return errors.Join(errs...)
}

// read finds the targets of this share.
func (f fleetFlags) read(ctx context.Context, c console) ([]*fleet.Target, error) {
	var targets []*fleet.Target
	var err error
	if f.targets != "" {
		targets, err = fleet.ReadTargets(f.targets, c.environ)
	} else {
		targets, err = fleet.ReadLocations(ctx, f.locations, c.environ)
	}
	if err != nil {
		return nil, err
	}
	return fleet.Share(targets, f.index, f.shares), nil
}

func runFleet(ctx context.Context, c console, f fleetFlags) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("the program does not know where it is, and can't start itself: %w", err)
	}
	targets, err := f.read(ctx, c)
	if err != nil {
		return err
	}
	if err := files.CheckWritable(filepath.Join(f.outputDir, "board.html")); err != nil {
		return fmt.Errorf("--output-dir: %w", err)
	}
	var saying sync.Mutex
	note := func(line string) {
		saying.Lock()
		defer saying.Unlock()
		say(c.stderr, line)
	}
	for _, t := range targets {
		for _, warning := range t.Warnings {
			note("warning: " + t.Name + ": " + warning)
		}
	}
	all := &fleet.Fleet{
		Program: program, Targets: targets, OutputDir: f.outputDir, Parallel: f.parallel, MaxClones: f.maxClones, Record: f.record, Note: note,
	}
	err, ended := process.Interruptible(ctx, process.SameSignal, note, func(ctx context.Context) error {
		outcomes, err := all.Run(ctx)
		if err != nil {
			return err
		}
		return concludeFleet(context.WithoutCancel(ctx), c, f, outcomes)
	})
	if !ended {
		all.Interrupt() // the second time: they end at once
		return endedAtOnce(", before everything was removed and written")
	}
	return err
}

// concludeFleet makes the board, also of a fleet that was ended, and says what all came to.
func concludeFleet(ctx context.Context, c console, f fleetFlags, outcomes []fleet.Outcome) error {
	code := fleet.Worst(outcomes)
	switch {
	case f.shares > 1:
		counts := map[bool]int{}
		for _, o := range outcomes {
			counts[o.ExitCode == reports.ExitConforms]++
		}
		say(c.stdout, fmt.Sprintf("share %d of %d: %d of %d endpoints conform. %s board %s joins the shares.", f.index, f.shares, counts[true], len(outcomes), program, f.outputDir))
	default:
		if err := makeBoard(ctx, c, f.outputDir, boardFilesIn(f.outputDir)); err != nil {
			if code == reports.ExitConforms {
				code = reports.ExitIncomplete
			}
			return &exit{code, fmt.Errorf("the board can't be made: %w", err)}
		}
	}
	if code == reports.ExitConforms {
		return nil
	}
	return &exit{code: code}
}
