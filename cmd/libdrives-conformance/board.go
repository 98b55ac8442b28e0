package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/fleet"
	"github.com/libdrives/conformance/reports/board"
	"github.com/libdrives/conformance/reports/files"
)

const boardLong = `Makes one page of many JSON reports: endpoints against requirements, and each endpoint over its runs.

DIR is any folder of reports that run --json wrote, in folders below it too. Reports of the same --name, or without one of the
same target, are runs of one endpoint; read and full runs of it are two. The page shows the endpoints with most trouble first,
what differs between them, since when each fails, what came and went, and what is flaky. A report.html beside a report.json is
linked to. What is JSON and no report is left aside, and told.

Without --html, --json and --markdown it writes board.html, board.json and board.md to DIR. A FILE may be -, standard output.

Exit codes:
  0  the board is written, whatever the reports say
  2  wrong usage, no report in DIR, or a board that can't be written`

const boardExample = `  libdrives-conformance run --name ZRH --output-dir reports/zrh/today
  libdrives-conformance board reports
  libdrives-conformance board reports --html index.html --markdown -`

func newBoard(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "board DIR [flags]",
		Short:   "Make one page of many JSON reports, over endpoints and over time",
		Long:    boardLong,
		Example: boardExample,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) < 1:
				return errors.New("board takes the folder that the JSON reports are in: board DIR")
			case len(args) > 1:
				return fmt.Errorf("unexpected argument %q: board takes one folder", args[1])
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	cmd.Flags().SortFlags = false
	html := cmd.Flags().String("html", "", "write the page to this `FILE`")
	json := cmd.Flags().String("json", "", "write it as JSON to this `FILE`")
	markdown := cmd.Flags().String("markdown", "", "write it as Markdown to this `FILE`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		wanted := boardFiles{*html, *json, *markdown}
		if wanted == (boardFiles{}) {
			wanted = boardFilesIn(args[0])
		}
		return makeBoard(cmd.Context(), c, args[0], wanted)
	}
	return cmd
}

// boardFiles are the files of a board; empty is not wanted.
type boardFiles struct{ html, json, markdown string }

func boardFilesIn(folder string) boardFiles {
	return boardFiles{filepath.Join(folder, "board.html"), filepath.Join(folder, "board.json"), filepath.Join(folder, "board.md")}
}

func makeBoard(ctx context.Context, c console, folder string, wanted boardFiles) error {
	base := "."
	if wanted.html != "" && wanted.html != "-" {
		base = filepath.Dir(wanted.html)
	}
	b, err := fleet.Gather(ctx, folder, base)
	if err != nil {
		return err
	}
	if len(b.Endpoints) == 0 {
		return fmt.Errorf("no report of a run is in %s: give a folder with files that run --json wrote", folder)
	}
	onStdout := 0
	for _, output := range []struct {
		file  string
		write func(io.Writer, *board.Board) error
	}{{wanted.html, board.WriteHTML}, {wanted.json, board.WriteJSON}, {wanted.markdown, board.WriteMarkdown}} {
		switch output.file {
		case "":
			continue
		case "-":
			if onStdout++; onStdout > 1 {
				return errors.New("standard output takes one of --html, --json and --markdown: name a file for the others")
			}
			if err := output.write(c.stdout, b); err != nil {
				return fmt.Errorf("the output can't be written: %w", err)
			}
		default:
			if err := files.Write(output.file, func(w io.Writer) error { return output.write(w, b) }); err != nil {
				return err
			}
			say(c.stderr, "wrote "+output.file)
		}
	}
	if onStdout == 0 {
		say(c.stdout, b.Conclusion()+".")
	}
	return nil
}
