package suites_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"testing"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/github"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
)

// flags are those of `libdrives-conformance run`, given to the test binary; TestMain binds them.
var flags *settings.Flags

func TestMain(m *testing.M) {
	process.IgnoreClosedPipes()
	flags = settings.BindGoTest(flag.CommandLine)
	flag.Parse()
	asked, err := flags.Load(os.Environ())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(reports.ExitUsage)
	}
	if asked.Config.Target != "" && flag.Lookup("test.run").Value.String() == "" {
		// With a target, go test judges it and nothing else; the suite's own tests are for its developers.
		if err := flag.Set("test.run", "^TestConformance$"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(reports.ExitUsage)
		}
	}
	os.Exit(m.Run())
}

// under is a test whose context is another one.
type under struct {
	*testing.T
	context context.Context
}

func (u under) Context() context.Context { return u.context }

// TestConformance judges the endpoint of -target, or the embedded reference endpoint without one, as the binary does.
func TestConformance(t *testing.T) {
	asked, err := flags.Load(os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	if err := asked.CheckOutputs(); err != nil {
		t.Fatal(err)
	}
	defer signal.Reset() // for the tests that come after it
	note := func(line string) { _, _ = fmt.Fprintln(os.Stderr, line) }
	result, ended := process.Interruptible(t.Context(), process.SameSignal, note, func(ctx context.Context) *suites.Result {
		return suites.Run(under{t, ctx}, asked.Config)
	})
	if !ended {
		t.Fatal("interrupted twice: ended at once, before everything was removed and written")
	}
	if result.Report == nil {
		t.Fatal(result.Err)
	}
	stdout := process.NewOutput(os.Stdout)
	if err := text.Write(stdout, result.Report, text.Options{Quiet: asked.Quiet || !testing.Verbose() && result.ExitCode() == 0, Verbose: asked.Verbose}); err != nil {
		t.Errorf("the summary can't be written: %v", err)
	}
	if asked.Annotations != "" {
		if err := github.Write(stdout, result.Report); err != nil {
			t.Errorf("the annotations can't be written: %v", err)
		}
	}
	if err := asked.WriteOutputs(result, func(line string) { t.Log(line) }); err != nil {
		t.Error(err)
	}
}
