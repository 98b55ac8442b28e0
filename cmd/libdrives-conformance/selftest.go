package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/selftest"
)

const selftestLong = `Tests the suite itself: judges the reference endpoint with each of its faults, which must make just the requirements
fail that the fault breaks, and with each of its variants, on which nothing may fail. Prints what became of each and the
score.

With --generated, the faults are made by code instead: operators (a field left out, a filter that ignores case) times places
(a field of a view, an answer, a write) times conditions (always, for one drive, after a clone), the same for the same seed.
Prints which were noticed by operator, place and condition, and those that were not by their names.

With --library, the library, licences and settings that a run saw are served by the reference endpoint, with each fault that
the run's requirements tell in turn, and judged by the run's profile, sample and selection. Prints what the run would not have
noticed, and what would show it. The endpoint that was judged is not asked anything.

Exit codes:
  0  every fault is killed, every requirement by at least one, and nothing failed that should not
  1  something is not as it should be
  2  wrong usage
  3  interrupted, some could not be judged in their time, or a report can't be written`

const selftestExample = `  libdrives-conformance selftest
  libdrives-conformance selftest --html selftest.html

  # One fault, one variant, and all faults that break a requirement
  libdrives-conformance selftest --only owner-missing-through-drives,chunked,LIC-05

  # 300 of the faults that are made by code
  libdrives-conformance selftest --generated --sample 300 --seed 7 --json generated.json

  # What a run against an endpoint would not have noticed
  libdrives-conformance selftest --library run.jsonl`

// selftestFlags are what the command line says of a selftest.
type selftestFlags struct {
	selftest.Options
	json, html, markdown string
	quiet                bool
	color                string
	generated            bool
	sample               int
	seed                 uint64
	library              string
	least                float64
}

func newSelftest(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "selftest [flags]",
		Short:   "Judge the reference endpoint with every fault; print the matrix and the score",
		Long:    selftestLong,
		Example: selftestExample,
		Args:    noArguments("selftest takes flags only, and faults are chosen with --only"),
	}
	var f selftestFlags
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringSliceVar(&f.Only, "only", nil, "only these `NAMES` of faults, variants, requirements and areas, comma-separated; a requirement stands for the faults that break it, and \"variants\" stands for every variant")
	flags.BoolVar(&f.generated, "generated", false, "judge faults that are made by code in place of the named ones")
	flags.IntVar(&f.sample, "sample", 0, "judge `N` of the generated faults, drawn by the seed; 0 is all of them, and with --library 100")
	flags.Uint64Var(&f.seed, "seed", 1, "`SEED` of the generated faults and of the sample")
	flags.Float64Var(&f.least, "least", 0, "`PERCENT` of the generated faults that have to be killed: with it, fewer survivors than that fail nothing")
	flags.StringVar(&f.library, "library", "", "serve the library that a run saw, of the `RECORD` that run --record wrote, and say which wrong behaviours that run would not have noticed")
	flags.IntVar(&f.Parallel, "parallel", 0, "`RUNS` under way at once; by default two for each core, with --generated three")
	flags.DurationVar(&f.CloneTime, "clone-time", selftest.DefaultCloneTime, "`DURATION` that a clone takes on the reference endpoint, unless a variant says otherwise")
	flags.DurationVar(&f.Timeout, "timeout", selftest.DefaultTimeout, "`DURATION` that the run against one fault or variant may take")
	flags.StringVar(&f.json, "json", "", "write the matrix as JSON to `FILE`")
	flags.StringVar(&f.html, "html", "", "write it as one self-contained page to `FILE`")
	flags.StringVar(&f.markdown, "markdown", "", "write it as Markdown to `FILE`")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress; only what is not as it should be, and the score")
	flags.StringVar(&f.color, "color", colors()[0], "`WHEN` to colour: auto (on a terminal, unless NO_COLOR is set), always or never")
	completeChoices(cmd, map[string][]string{"color": colors(), "only": faultNames()})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case cmd.Flags().Changed("only") && len(f.Only) == 0:
			return errors.New("--only: the value is empty: give names, or leave it out to judge every fault")
		case checkColor(f.color) != nil:
			return checkColor(f.color)
		case f.library != "" && (f.generated || len(f.Only) > 0 || f.html != "" || f.markdown != "" || cmd.Flags().Changed("seed")):
			return errors.New("--library: which faults are tried follows from the record; --generated, --only and --seed are not of it, and it is written as text and with --json")
		case f.generated && (len(f.Only) > 0 || f.html != ""):
			return errors.New("--generated: generated faults are chosen by --sample and --seed, and written as text, with --json and with --markdown")
		case !f.generated && f.least != 0:
			return errors.New("--least is of generated faults; give --generated too")
		case f.least < 0 || f.least > 100:
			return fmt.Errorf("--least: %v is no percentage; give 0 to 100", f.least)
		case !f.generated && f.library == "" && (cmd.Flags().Changed("sample") || cmd.Flags().Changed("seed")):
			return errors.New("--sample and --seed are of generated faults; give --generated too")
		case f.sample < 0:
			return fmt.Errorf("--sample: %d faults are none; give 1 or more, or 0 for all", f.sample)
		case f.Parallel < 1 && cmd.Flags().Changed("parallel"):
			return fmt.Errorf("--parallel: %d runs at once are none; give 1 or more", f.Parallel)
		case f.CloneTime <= 0:
			return fmt.Errorf("--clone-time: %s is no time to take; give one above zero, such as 20ms (the variant instant-clones takes none)", f.CloneTime)
		case f.Timeout <= 0:
			return fmt.Errorf("--timeout: in %s nothing can be judged; give a time above zero, such as 1m", f.Timeout)
		}
		return runSelftest(cmd.Context(), c, f)
	}
	return cmd
}

func faultNames() []string {
	names := []string{selftest.AllVariants}
	for _, fault := range fixtures.Faults() {
		names = append(names, fault.Name)
	}
	for _, variant := range fixtures.Variants() {
		names = append(names, variant.Name)
	}
	return names
}

func (f selftestFlags) outputs() []fileOutput[*reports.Matrix] {
	return named([]fileOutput[*reports.Matrix]{
		{"json", f.json, json.WriteMatrix},
		{"html", f.html, html.WriteMatrix},
		{"markdown", f.markdown, markdown.WriteMatrix},
	})
}

// garbage is how much of what is no longer used may stand beside what is, in percent. Hundreds of short runs in one process: memory
// is cheaper here than time. With more than this, asking the system for the memory takes the time that collecting it would have.
// Generated faults are judged by parts of runs, which hold less.
func (f selftestFlags) garbage() int {
	if f.generated {
		return 400
	}
	return 200
}

func runSelftest(ctx context.Context, c console, f selftestFlags) error {
	if err := selftest.Check(f.Only); err != nil {
		return fmt.Errorf("--only: %w", err)
	}
	if err := checkOutputs(f.outputs()); err != nil {
		return err
	}
	color := c.color(f.color)
	progress := newMatrixProgress(c, color, f.quiet)
	defer progress.Close()
	f.Observer, f.Tool, f.Specs = progress, thisTool(), suites.Specs()
	debug.SetGCPercent(f.garbage())
	return interruptible(ctx, progress.Note, ", before everything was written", func(ctx context.Context) error {
		if f.library != "" {
			return selftestLibrary(ctx, c, f, colored(color, c.stdout), progress)
		}
		if f.generated {
			outcome, err := selftest.RunGenerated(ctx, selftest.GeneratedOptions{Options: f.Options, Sample: f.sample, Seed: f.seed})
			progress.Close()
			return concludeGenerated(c, f, colored(color, c.stdout), outcome, err)
		}
		matrix, err := selftest.Run(ctx, f.Options)
		progress.Close()
		if matrix == nil {
			return &exit{reports.ExitIncomplete, err}
		}
		return concludeSelftest(c, f, colored(color, c.stdout), matrix, err)
	})
}

// concludeSelftest writes the matrix, also of a selftest that was interrupted.
func concludeSelftest(c console, f selftestFlags, color bool, m *reports.Matrix, interrupted error) error {
	errs := []error{interrupted}
	if err := text.WriteMatrix(c.stdout, m, text.MatrixOptions{Color: color, Quiet: f.quiet}); err != nil {
		errs = append(errs, fmt.Errorf("the matrix can't be written: %w", err))
	}
	errs = append(errs, writeOutputs(c, f.outputs(), m, f.quiet))
	switch err := errors.Join(errs...); {
	case err != nil:
		return &exit{reports.ExitIncomplete, err}
	case m.Wrong():
		return &exit{code: reports.ExitDoesNot}
	case !m.OK():
		return &exit{code: reports.ExitIncomplete}
	}
	return nil
}
