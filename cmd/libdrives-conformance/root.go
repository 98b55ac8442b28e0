package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/suites/requirement"
)

const program = "libdrives-conformance"

const rootLong = `Judges an endpoint of CloudSigma's drives library API: whether it behaves as documented, requirement by
requirement, and shows the exchange with the endpoint for each that does not hold.`

const rootExample = `  # See it at work, without an endpoint: judge the reference endpoint that the program carries
  libdrives-conformance run

  # Judge an endpoint, only reading
  export LIBDRIVES_PASSWORD=…
  libdrives-conformance run --target https://host/api/2.0/ --username me@example.com --junit report.xml`

const exitCodes = `Exit codes:
  0  conforms
  1  does not conform
  2  wrong usage or configuration, said before any request
  3  the endpoint can't be reached, or the run is incomplete
  4  nothing was judged
  5  it conforms, but something was left behind`

// execute runs the command line and returns the exit code.
func execute(ctx context.Context, args []string, c console) int {
	root := newRoot(c)
	if err := wordBehindOneDash(root, args); err != nil {
		return finish(c.stderr, err)
	}
	root.SetArgs(args)
	return finish(c.stderr, root.ExecuteContext(ctx))
}

// wordBehindOneDash finds -target, which would be taken for -t with the value arget.
func wordBehindOneDash(root *cobra.Command, args []string) error {
	for _, arg := range args {
		if arg == "--" {
			return nil
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if !strings.HasPrefix(arg, "-") || strings.HasPrefix(arg, "--") || len(name) < 2 {
			continue
		}
		for _, command := range root.Commands() {
			if command.Flags().Lookup(name) != nil {
				return fmt.Errorf("unknown flag -%s: did you mean --%s?", name, name)
			}
		}
	}
	return nil
}

func newRoot(c console) *cobra.Command {
	root := &cobra.Command{
		Use:               program,
		Short:             "Judge endpoints of the drives library API",
		Long:              rootLong + "\n\n" + exitCodes,
		Example:           rootExample,
		Version:           versionText(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.ArbitraryArgs, // so that RunE can say which command was meant
		RunE:              noCommand,
	}
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	root.SetUsageFunc(writeUsage)
	root.SetFlagErrorFunc(flagError)
	root.Flags().Bool("version", false, "print the version, as the command version does")
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetHelpCommand(newHelp())
	root.AddCommand(newRun(c), newCheck(c), newList(), newExplain(), newReference(c), newSelftest(c), newClient(c), newJudge(c), newDiff(c), newCleanup(c), newFleet(c), newBoard(c), newInit(c), newVersion(),
		newCompletion())
	return root
}

// noCommand answers for whatever names no command.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command given: give one of %s", strings.Join(commandNames(cmd), ", "))
	}
	return unknownCommand(cmd, args[0])
}

func unknownCommand(root *cobra.Command, name string, topics ...string) error {
	if nearest := requirement.Nearest(name, append(commandNames(root), topics...)); nearest != "" {
		return fmt.Errorf("unknown command %q: did you mean %q?", name, nearest)
	}
	return fmt.Errorf("unknown command %q: give one of %s", name, strings.Join(commandNames(root), ", "))
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, command := range root.Commands() {
		if !command.Hidden {
			names = append(names, command.Name())
		}
	}
	return names
}

// noArguments refuses what is neither a flag nor a flag's value.
func noArguments(hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("unexpected argument %q: %s", args[0], hint)
		}
		return nil
	}
}
