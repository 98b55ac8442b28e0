package suites_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/github"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/run"
)

// flags are those of `libdrives-conformance run`, given to the test binary; TestMain binds them.
var flags *settings.Flags

func TestMain(m *testing.M) {
	process.IgnoreClosedPipes()
	flags = settings.BindGoTest(flag.CommandLine)
	flag.Parse()
	asked, err := flags.Load(os.Environ())
	if err == nil {
		err = chooseTests(asked)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(reports.ExitUsage)
	}
	os.Exit(m.Run())
}

// TestConformance judges the endpoint of -target, or the embedded reference endpoint without one, as the binary does: a
// subtest for each requirement that is selected, or, where a flag of Ginkgo is given, the tree of Ginkgo specs.
func TestConformance(t *testing.T) {
	asked, err := flags.Load(os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	if err := asked.CheckOutputs(); err != nil {
		t.Fatal(err)
	}
	defer signal.Reset() // for the tests that come after it
	if len(flagsOfGinkgo()) > 0 {
		runTree(t, asked)
		return
	}
	runSubtests(t, asked)
}

// runSubtests makes a subtest for each requirement. Those that go test selects note that they are, and wait until
// TestConformance has collected for them: a parallel subtest goes on when its parent returns.
func runSubtests(t *testing.T, asked settings.Settings) {
	session, err := run.Open(asked.Config, suites.Specs())
	if err != nil {
		t.Fatal(err)
	}
	selected, collected := map[string]bool{}, false
	for _, requirement := range session.Requirements() {
		t.Run(requirement.ID, func(t *testing.T) {
			selected[requirement.ID] = true
			t.Parallel()
			if !collected {
				t.Skip("the run was ended before it was judged")
			}
			conclude(t, session, requirement.ID)
		})
	}
	if len(selected) == 0 {
		t.Fatalf("nothing is selected: of the %d requirements that the settings select (-select, -label-filter, -profile), -run and -skip leave none", len(session.Requirements()))
	}
	session.Narrow(func(id string) bool { return selected[id] })
	t.Cleanup(func() { // after the subtests
		if !collected {
			return
		}
		if why := session.Beyond(); why != "" && !t.Failed() {
			t.Error(why)
		}
		finish(t, asked, session.Result())
	})
	interruptible(t, func(ctx context.Context) {
		if deadline, set := t.Deadline(); set {
			var cancel context.CancelFunc
			ctx, cancel = asked.Config.EndBefore(ctx, deadline)
			defer cancel()
		}
		session.Collect(ctx)
		if err := session.Result().Err; err != nil {
			t.Error(err)
		}
	})
	collected = true
}

// tell tells the verdict of a requirement as a test does.
func conclude(t *testing.T, session *run.Session, id string) {
	outcome := session.TestOutcome(id)
	message := outcome.Result.Message()
	if outcome.Result.Verdict == reports.Fail {
		message = text.Finding(session.Result().Report, outcome.Result)
	}
	switch {
	case outcome.Fails:
		t.Error(message)
	case outcome.Skipped != "":
		if message != outcome.Result.Message() {
			t.Log(message) // an advisory, or waived
		}
		t.Skip(outcome.Skipped)
	}
}

// runTree runs the Ginkgo specs as whoever has a tree of his own does, by Describe.
func runTree(t *testing.T, asked settings.Settings) {
	var result *suites.Result // of this process; of several, one does the work
	asked.Config.Report = func(came *suites.Result) { result = came }
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.FailOnEmpty = true
	interruptible(t, func(ctx context.Context) {
		func() { run.Describe(ctx, asked.Config, suites.Specs(), text.Finding) }()
		ginkgo.RunSpecs(t, "libdrives-conformance", suite, reporter)
	})
	if result != nil && result.Report != nil {
		finish(t, asked, result)
	}
}

// interruptible does the work until it is done or a signal ends it.
func interruptible(t *testing.T, work func(context.Context)) {
	t.Helper()
	note := func(line string) { _, _ = fmt.Fprintln(os.Stderr, line) }
	_, ended := process.Interruptible(t.Context(), process.SameSignal, note, func(ctx context.Context) struct{} {
		work(ctx)
		return struct{}{}
	})
	if !ended {
		t.Fatal("interrupted twice: ended at once, before everything was removed and written")
	}
}

// finish writes what was asked for, and the summary without the failures, which were reported.
func finish(t *testing.T, asked settings.Settings, result *suites.Result) {
	t.Helper()
	if result.Report == nil {
		return // it did not begin, as the subtests say
	}
	asked.LookForBlindSpots(context.Background(), result) // it bounds its own time
	var summary strings.Builder
	if err := text.Write(&summary, result.Report, text.Options{Quiet: asked.Quiet || !testing.Verbose(), Verbose: asked.Verbose, Printed: true}); err != nil {
		t.Errorf("the summary can't be written: %v", err)
	}
	t.Log(strings.TrimSpace(summary.String()))
	if asked.Annotations != "" {
		if err := github.Write(process.NewOutput(os.Stdout), result.Report); err != nil {
			t.Errorf("the annotations can't be written: %v", err)
		}
	}
	if err := asked.WriteOutputs(result, os.Stdout, func(line string) { t.Log(line) }); err != nil {
		t.Error(err)
	}
}
