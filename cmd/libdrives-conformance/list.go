package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/reports/waivers"
	"github.com/libdrives/conformance/suites/requirement"
)

const listLong = `Lists the requirements that endpoints are judged by: id, level, effect, source and statement.

level   must    the documentation states it
        should  the documentation shows it by example, or implies it
        may     undocumented, but what a careful client expects of any HTTP API
effect  read    judged with GET, HEAD and OPTIONS only
        write   judged with drives and servers of its own in the account
        probe   judged by asking for what a sound endpoint refuses

The format waivers starts a file for run --waivers: one waiver for each way in which a requirement fails the run of a
JSON report. Reason and until are left empty, and have to be filled in before the file is taken.

Exit codes: 0 listed, 2 wrong usage.`

const listExample = `  libdrives-conformance list
  libdrives-conformance list --select LIC,OWNER-02
  libdrives-conformance list --select must --format markdown > requirements.md

  # Start a file of known failures from a report that run --json wrote
  libdrives-conformance list --format waivers --report report.json > waivers.yaml`

func newList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Short:   "List the requirements: id, level, effect, source, statement",
		Long:    listLong,
		Example: listExample,
		Args:    noArguments("list takes flags only, and requirements are chosen with --select"),
	}
	formats := []string{"table", "json", "markdown", "waivers"}
	format := cmd.Flags().String("format", formats[0], "`FORMAT` of the list: "+strings.Join(formats, ", "))
	selection := cmd.Flags().String("select", "", "only these ids, areas and levels, comma-separated: `NAMES` such as LIC,OWNER-02")
	reportFile := cmd.Flags().String("report", "", "with --format waivers: JSON report, `FILE` that run --json wrote, whose failures are listed")
	completeChoices(cmd, map[string][]string{"format": formats})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !slices.Contains(formats, *format) {
			return fmt.Errorf("--format: %q is none of %s", *format, strings.Join(formats, ", "))
		}
		if (*format == "waivers") != cmd.Flags().Changed("report") {
			return errors.New("--format waivers and --report FILE go together: the failures of a report that run --json wrote are listed as waivers")
		}
		if cmd.Flags().Changed("select") && strings.TrimSpace(*selection) == "" {
			return errors.New("--select: the value is empty: give names, or leave it out to list everything")
		}
		catalogue, err := requirement.Load()
		if err != nil {
			return err
		}
		selected, err := catalogue.Select(*selection)
		if err != nil {
			return fmt.Errorf("--select: %w", err)
		}
		if *format == "waivers" {
			report, err := json.ReadFile(*reportFile)
			if err != nil {
				return fmt.Errorf("--report: %w", err)
			}
			return failed(waivers.Draft(cmd.OutOrStdout(), report, selected))
		}
		write := map[string]func(io.Writer, []requirement.Requirement) error{
			"table": text.WriteList, "json": json.WriteList, "markdown": markdown.WriteList,
		}[*format]
		return failed(write(cmd.OutOrStdout(), selected))
	}
	return cmd
}
