package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of the program, of Go and the platform",
		Long:    "Prints the version of the program, of the Go that it was built with, and the platform.\n\nExit codes: 0 printed, 2 wrong usage.",
		Example: "  libdrives-conformance version",
		Args:    noArguments("version takes none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionText())
			return failed(err)
		},
	}
}

func versionText() string {
	return fmt.Sprintf("%s %s (%s, %s/%s)", program, versionNumber(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// versionNumber is the one that was stamped; else that of the module, where go install fetched it; else the commit, where
// Go knows it.
func versionNumber() string {
	if version != "" {
		return version
	}
	info, found := debug.ReadBuildInfo()
	if !found {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	const shortCommit = 12
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= shortCommit {
			return "devel-" + setting.Value[:shortCommit]
		}
	}
	return "devel"
}
