package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const completionLong = `Prints a script that teaches a shell to complete commands, flags and their values.

Exit codes: 0 printed, 2 wrong usage.`

const completionExample = `  # bash, for this session
  source <(libdrives-conformance completion bash)

  # zsh, for good (in a directory of $fpath)
  libdrives-conformance completion zsh > ~/.zfunc/_libdrives-conformance

  # fish, for good
  libdrives-conformance completion fish > ~/.config/fish/completions/libdrives-conformance.fish`

func newCompletion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for a shell",
		Long:      completionLong,
		Example:   completionExample,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("completion takes the name of one shell: " + strings.Join(shells, ", "))
			}
			if !slices.Contains(shells, args[0]) {
				return fmt.Errorf("unknown shell %q: known are %s", args[0], strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return failed(root.GenBashCompletionV2(out, true))
			case "zsh":
				return failed(root.GenZshCompletion(out))
			case "fish":
				return failed(root.GenFishCompletion(out, true))
			}
			return failed(root.GenPowerShellCompletionWithDesc(out))
		},
	}
}
