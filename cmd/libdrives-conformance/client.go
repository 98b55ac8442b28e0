package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/junit"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/reports/waivers"
	"github.com/libdrives/conformance/suites/clients"
)

const clientLong = `Runs a client, or the tests of one, against the reference endpoint: once as documented, and once with each variant, which is
unusual and allowed. Says which variants the client does not cope with, and which of its requests the documentation does
not allow.

The command finds the endpoint in its environment, as LIBDRIVES_TARGET (the URL of the API), LIBDRIVES_USERNAME and
LIBDRIVES_PASSWORD. --env gives other names to them: in its value {target}, {host}, {path}, {username}, {password} and {ca}
stand for what they name. Each run has an endpoint and an account of its own. A command that ends with exit code 0 copes; one
that fails is run a second time, since what fails only once says nothing of the endpoint.

A variant that the client is known not to cope with is waived with --waivers: a YAML list of name, reason and until; so is a
rule that its requests are known not to keep.

Exit codes:
  0  the client copes with everything, and sends what is documented
  1  it does not
  2  wrong usage, or a command that is not there
  3  interrupted, or a report can't be written`

const clientExample = `  libdrives-conformance client -- go test ./...
  libdrives-conformance client --env API_URL={target} --env API_USER={username} --env API_PASS={password} -- pytest tests/acceptance

  # Three variants and all faults, with reports
  libdrives-conformance client --variants chunked,lists-without-order --faults all --junit client.xml --html client.html -- ./client.sh`

// clientFlags are what the command line says of a client's run.
type clientFlags struct {
	clients.Options
	env               []string
	library, waivers  string
	junit, json, html string
	quiet, list       bool
	color             string
}

func newClient(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "client [flags] -- COMMAND [ARGUMENT...]",
		Short:   "Run a client against the reference endpoint, sound and with each legal variant",
		Long:    clientLong,
		Example: clientExample,
		Args:    cobra.ArbitraryArgs,
	}
	var f clientFlags
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.SetInterspersed(false) // what follows the command is its own
	flags.StringArrayVar(&f.env, "env", nil, "another name for the address or the account, `NAME=TEMPLATE`, such as API_URL={target}; may be repeated")
	flags.StringSliceVar(&f.Variants, "variants", []string{clients.DefaultVariant}, "`NAMES` of the variants, comma-separated; all, or none")
	flags.StringSliceVar(&f.Faults, "faults", nil, "`NAMES` of faults to run it with as well, comma-separated; all")
	flags.BoolVar(&f.TLS, "tls", false, "serve by https, with a certificate of its own, which LIBDRIVES_CA_FILE and {ca} name")
	flags.StringVar(&f.library, "library", "", "a library of your own, `FILE`; see reference --help")
	flags.IntVar(&f.Drives, "drives", 0, "`N` library drives; 0 is the library made up for the purpose")
	flags.DurationVar(&f.Clone, "clone-time", fixtures.DefaultCloneTime, "`DURATION` that a clone takes, unless a variant says otherwise")
	flags.DurationVar(&f.Timeout, "timeout", clients.DefaultTimeout, "`DURATION` that one run of the command may take")
	flags.IntVar(&f.Parallel, "parallel", 1, "`RUNS` of the command under way at once")
	flags.StringVar(&f.waivers, "waivers", "", "what the client is known not to cope with, YAML `FILE`")
	flags.StringVar(&f.junit, "junit", "", "write what it came to as JUnit XML to `FILE`")
	flags.StringVar(&f.json, "json", "", "write it as JSON to `FILE`")
	flags.StringVar(&f.html, "html", "", "write it as one self-contained page to `FILE`")
	flags.BoolVar(&f.list, "list", false, "list the variants, and the rules of requests; run nothing")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress")
	flags.StringVar(&f.color, "color", colors()[0], "`WHEN` to colour: auto (on a terminal, unless NO_COLOR is set), always or never")
	completeChoices(cmd, map[string][]string{"color": colors(), "variants": variantNames()})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case f.list:
			return failed(listForClients(cmd.OutOrStdout()))
		case len(args) == 0:
			return errors.New("no command is given: name the client's after two hyphens, such as client -- pytest tests")
		case checkColor(f.color) != nil:
			return checkColor(f.color)
		case f.Parallel < 1:
			return fmt.Errorf("--parallel: %d runs at once are none; give 1 or more", f.Parallel)
		case f.Timeout <= 0:
			return fmt.Errorf("--timeout: in %s nothing can be run; give a time above zero, such as 1m", f.Timeout)
		case f.Clone <= 0:
			return fmt.Errorf("--clone-time: %s is no time to take; give one above zero, such as 20ms", f.Clone)
		case f.Drives < 0:
			return fmt.Errorf("--drives: %d drives are none; give 1 or more, or leave it out", f.Drives)
		case cmd.Flags().Changed("variants") && len(f.Variants) == 0:
			return errors.New("--variants: the value is empty: give names, all or none")
		}
		return runClient(cmd.Context(), c, f, args)
	}
	return cmd
}

func listForClients(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Variants, with which a client has to cope:\n")
	for _, v := range fixtures.Variants() {
		fmt.Fprintf(&b, "  %s\n      %s\n", v.Name, strings.Join(strings.Fields(v.Why), " "))
	}
	b.WriteString("\nRules that its requests have to keep:\n")
	names, states := clients.Rules()
	for i := range names {
		fmt.Fprintf(&b, "  %s\n      %s\n", names[i], states[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (f clientFlags) outputs() []fileOutput[*reports.Client] {
	return named([]fileOutput[*reports.Client]{
		{"junit", f.junit, junit.WriteClient},
		{"json", f.json, json.WriteClient},
		{"html", f.html, html.WriteClient},
	})
}

// load reads what flags name, so that a slip is told before anything is run.
func (f *clientFlags) load(command []string) error {
	if _, err := exec.LookPath(command[0]); err != nil {
		return fmt.Errorf("the command can't be run: %w", err)
	}
	for _, given := range f.env {
		variable, err := clients.ParseVariable(given)
		if err != nil {
			return fmt.Errorf("--env: %w", err)
		}
		f.Env = append(f.Env, variable)
	}
	if f.library != "" {
		own, err := settings.OwnLibrary("--library", f.library)
		if err != nil {
			return err
		}
		f.Library = own
	}
	if f.waivers != "" {
		content, err := os.ReadFile(f.waivers)
		if err != nil {
			return fmt.Errorf("--waivers: %w", err)
		}
		rules, _ := clients.Rules()
		if f.Waivers, err = waivers.ParseClient(f.waivers, content, slices.Concat(variantNames(), rules)); err != nil {
			return fmt.Errorf("--waivers: %w", err)
		}
	}
	return checkOutputs(f.outputs())
}

func runClient(ctx context.Context, c console, f clientFlags, command []string) error {
	if err := f.load(command); err != nil {
		return err
	}
	color := c.color(f.color)
	progress := newMatrixProgress(c, color, f.quiet)
	defer progress.Close()
	f.Observer, f.Tool, f.Command = progress, thisTool(), command
	f.Start = func(ctx context.Context, environ []string, out io.Writer) error {
		return process.RunCommand(ctx, command, append(slices.Clone(c.environ), environ...), out)
	}
	return interruptible(ctx, progress.Note, ", before everything was written", func(ctx context.Context) error {
		report, err := clients.Run(ctx, f.Options)
		progress.Close()
		if err != nil {
			return err
		}
		return concludeClient(c, f, colored(color, c.stdout), report)
	})
}

// concludeClient writes what the client came to, also where the work was interrupted.
func concludeClient(c console, f clientFlags, color bool, report *reports.Client) error {
	var errs []error
	if err := text.WriteClient(c.stdout, report, text.ClientOptions{Color: color, Width: width(c.stdout)}); err != nil {
		errs = append(errs, fmt.Errorf("what it came to can't be written: %w", err))
	}
	errs = append(errs, writeOutputs(c, f.outputs(), report, f.quiet))
	if err := errors.Join(errs...); err != nil {
		return &exit{reports.ExitIncomplete, err}
	}
	if code := report.ExitCode(); code != reports.ExitConforms {
		return &exit{code: code}
	}
	return nil
}
