package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
)

const initLong = `Writes a file of settings for run --config: every setting with what it means, as a comment, and the target and account
where they are given. The password never stands in it. A file that is there already is left as it is.

Exit codes:
  0  written
  2  wrong usage, or the file is there already
  3  the file can't be written`

const initExample = `  libdrives-conformance init
  libdrives-conformance init production.yaml --target https://host/api/2.0/ --username me@example.com
  libdrives-conformance run --config production.yaml`

// settingsFile is the usual name of the file.
const settingsFile = "libdrives-conformance.yaml"

func newInit(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "init [FILE] [flags]",
		Short:   "Write a file of settings, with what each means",
		Long:    initLong,
		Example: initExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("unexpected argument %q: init writes one file", args[1])
			}
			return nil
		},
	}
	target := cmd.Flags().StringP("target", "t", "", "API base, `URL` such as https://host/api/2.0/")
	username := cmd.Flags().StringP("username", "u", "", "`NAME` of the account")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		file := settingsFile
		if len(args) == 1 {
			file = args[0]
		}
		values := map[string]string{}
		for name, value := range map[string]string{"target": *target, "username": *username} {
			if value != "" {
				values[name] = value
			}
		}
		return writeSettings(c, file, values)
	}
	return cmd
}

func writeSettings(c console, file string, values map[string]string) error {
	write := func(w io.Writer) error { return settings.WriteTemplate(w, values) }
	if file == "-" {
		return failed(write(c.stdout))
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already, and is left as it is: name another file", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s can't be written: %w", file, err)
	}
	if err := files.Write(file, write); err != nil {
		return &exit{reports.ExitIncomplete, err}
	}
	say(c.stderr, "wrote "+file)
	return nil
}
