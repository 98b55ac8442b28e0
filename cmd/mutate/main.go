// Command mutate tests the suite from the inside: it takes the assertions out of each requirement's spec in turn and
// shows that selftest notices, because a fault that the requirement killed survives. A spec whose assertions can go
// unnoticed is a defect: either no fault is about what they assert, or something else in the spec does their work.
//
// No maintained tool does this. Gremlins mutates operators, of which specs have few; go-mutesting, which also takes
// statements out and can run any command, builds the program again for each mutant, leaves assertions in conditions
// alone, and does not know that an assertion in a shared helper belongs to the spec that calls it, nor which faults are
// worth judging for it. Here one build holds every mutant, and a variable chooses one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/libdrives/conformance/suites/requirement"
)

// The exit codes.
const (
	exitNoticed  = 0 // every mutant was noticed, or is explained
	exitSurvived = 1 // one was not, or an explanation is stale
	exitUsage    = 2
	exitFailed   = 3 // not all could be tried
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := mutate(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are what the command line says.
type options struct {
	only     []string // requirements; empty is all that have a spec
	each     bool     // take the assertions out one by one, and not all of a spec at once
	parallel int      // mutants tried at once
}

// errUsage is wrong usage that has been reported already.
var errUsage = errors.New("wrong usage")

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", "", "only the specs of these requirements, comma-separated `IDS`")
	flags.BoolVar(&o.each, "each", false, "take assertions out one by one, instead of all of a spec at once")
	flags.IntVar(&o.parallel, "parallel", 2, "`MUTANTS` tried at once")
	if err := flags.Parse(args); err != nil {
		return o, errUsage
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q: mutate takes flags only", flags.Arg(0))
	}
	if o.parallel < 1 {
		return o, fmt.Errorf("--parallel: %d mutants at once are none; give 1 or more", o.parallel)
	}
	catalogue, err := requirement.Load()
	if err != nil {
		return o, err
	}
	for name := range strings.SplitSeq(*only, ",") {
		if *only == "" {
			break
		}
		r, err := catalogue.Lookup(name)
		if err != nil {
			return o, fmt.Errorf("--only: %w", err)
		}
		if !slices.Contains(o.only, r.ID) {
			o.only = append(o.only, r.ID)
		}
	}
	return o, nil
}

// mutate is the whole command; it returns the exit code.
func mutate(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		if !errors.Is(err, errUsage) {
			printf(stderr, "mutate: %v", err)
		}
		return exitUsage
	}
	excuses, err := loadExplained(explained)
	if err != nil {
		printf(stderr, "mutate: %v", err)
		return exitUsage
	}
	survivors, tried, err := try(ctx, o, stderr)
	if err != nil {
		printf(stderr, "mutate: %v", err)
		return exitFailed
	}
	bare, stale := excuse(survivors, excuses, o.each, tried.specs)
	for _, s := range survivors {
		if s.reason == "" {
			printf(stdout, "SURVIVED   %s", s)
		} else {
			printf(stdout, "explained  %s (%s)", s, s.reason)
		}
	}
	for _, e := range stale {
		printf(stdout, "STALE      the explanation of %s in explained.yaml, which survives no more: %s", e.title(), e.Reason)
	}
	printf(stdout, "%d mutants of %d specs: %d noticed, %d explained, %d survived", tried.mutants, len(tried.specs),
		tried.mutants-len(survivors), len(survivors)-bare, bare)
	if bare > 0 || len(stale) > 0 {
		return exitSurvived
	}
	return exitNoticed
}

// tell writes a line to a person; where that fails there is nobody to tell.
func printf(w io.Writer, format string, values ...any) { _, _ = fmt.Fprintf(w, format+"\n", values...) }
