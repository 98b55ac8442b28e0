package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

const listLong = `Lists the requirements that endpoints are judged by: id, level, effect, source and statement.

level   must    the documentation states it
        should  the documentation shows it by example, or implies it
        may     undocumented, but what a careful client expects of any HTTP API
effect  read    judged with GET, HEAD and OPTIONS only
        write   judged with drives and servers of its own in the account
        probe   judged by asking for what a sound endpoint refuses

Exit codes: 0 listed, 2 wrong usage.`

const listExample = `  libdrives-conformance list
  libdrives-conformance list --select LIC,OWNER-02
  libdrives-conformance list --select must --format markdown > requirements.md`

func newList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Short:   "List the requirements: id, level, effect, source, statement",
		Long:    listLong,
		Example: listExample,
		Args:    noArguments("list takes flags only, and requirements are chosen with --select"),
	}
	formats := []string{"table", "json", "markdown"}
	format := cmd.Flags().String("format", formats[0], "`FORMAT` of the list: "+strings.Join(formats, ", "))
	selection := cmd.Flags().String("select", "", "only these ids, areas and levels, comma-separated: `NAMES` such as LIC,OWNER-02")
	completeChoices(cmd, map[string][]string{"format": formats})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !slices.Contains(formats, *format) {
			return fmt.Errorf("--format: %q is none of %s", *format, strings.Join(formats, ", "))
		}
		catalogue, err := requirement.Load()
		if err != nil {
			return err
		}
		selected, err := catalogue.Select(*selection)
		if err != nil {
			return fmt.Errorf("--select: %w", err)
		}
		return failed(reports.List(cmd.OutOrStdout(), *format, selected))
	}
	return cmd
}
