package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

const versionLong = `Prints the version of the program, the commit that it was built from and the commit's date, as far as they are known,
the version of the Go that it was built with, and the platform.

Exit codes: 0 printed, 2 wrong usage.`

const versionExample = `  libdrives-conformance version

  # For a program: an object with name, version, commit, date, go and platform, all texts; what is not known is empty
  libdrives-conformance version --json`

// These are stamped by the linker: -ldflags "-X main.version=v1.2.3". The date is that of the commit, as of RFC 3339, and
// not of the build: the same commit makes the same bytes.
var version, commit, date string

func newVersion() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version [flags]",
		Short:   "Print the version of the program, of Go and the platform",
		Long:    versionLong,
		Example: versionExample,
		Args:    noArguments("version takes flags only"),
	}
	asJSON := cmd.Flags().Bool("json", false, "print it as JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !*asJSON {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionText())
			return failed(err)
		}
		tool := thisTool()
		encoder := json.NewEncoder(cmd.OutOrStdout())
		encoder.SetIndent("", "  ")
		return failed(encoder.Encode(struct {
			Name     string `json:"name"`
			Version  string `json:"version"`
			Commit   string `json:"commit"`
			Date     string `json:"date"`
			Go       string `json:"go"`
			Platform string `json:"platform"`
		}{tool.Name, tool.Version, tool.Commit, tool.Date, runtime.Version(), platform()}))
	}
	return cmd
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

func versionText() string {
	tool := thisTool()
	about := []string{runtime.Version(), platform()}
	if origin := tool.Origin(); origin != "" {
		about = append([]string{origin}, about...)
	}
	return fmt.Sprintf("%s %s (%s)", tool.Name, tool.Version, strings.Join(about, ", "))
}

// thisTool is the program as its reports name it.
func thisTool() reports.Tool {
	settings := map[string]string{}
	if info, found := debug.ReadBuildInfo(); found {
		for _, setting := range info.Settings {
			settings[setting.Key] = setting.Value
		}
	}
	tool := reports.Tool{Name: program, Version: versionNumber(settings["vcs.revision"]), Commit: commit, Date: date}
	if commit == "" && date == "" { // Go knows them where it built in a checkout
		tool.Commit, tool.Date = settings["vcs.revision"], settings["vcs.time"]
	}
	return tool
}

// stampConfig has a run's reports say which program made them.
func stampConfig(c *suites.Config) {
	tool := thisTool()
	c.Version, c.Commit, c.CommitDate = tool.Version, tool.Commit, tool.Date
}

// versionNumber is the one that was stamped; else that of the module, where go install fetched it; else the commit, where
// Go knows it.
func versionNumber(revision string) string {
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
	if len(revision) >= shortCommit {
		return "devel-" + revision[:shortCommit]
	}
	return "devel"
}
