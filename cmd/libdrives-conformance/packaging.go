//go:build packaging

// With the tag packaging, the command is another one: it writes what a package of the program needs beside it, and is in no
// package itself. It knows the commands and flags because it is made of them:
//
//	SOURCE_DATE_EPOCH=0 go run -tags packaging ./cmd/libdrives-conformance FOLDER
//
// makes FOLDER/man with a page for each command, FOLDER/completions with a script for each shell, and
// FOLDER/ca-certificates.crt for an image that has no system.
package main

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/libdrives/conformance/cmd/process"
)

func main() {
	if err := writePackaging(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "packaging:", err)
		os.Exit(2)
	}
}

func writePackaging(args []string) error {
	if len(args) != 1 {
		return errors.New("give one folder to write to")
	}
	// Not the day of the build: the same commit makes the same bytes.
	epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH has to be the time of the commit, in seconds: %w", err)
	}
	return errors.Join(
		writePages(filepath.Join(args[0], "man"), time.Unix(epoch, 0).UTC()),
		writeCompletions(filepath.Join(args[0], "completions")),
		writeFile(filepath.Join(args[0], "ca-certificates.crt"), writeCertificates),
	)
}

func root() *cobra.Command {
	return newRoot(console{process.NewOutput(os.Stdout), process.NewOutput(os.Stderr), nil})
}

func writePages(folder string, day time.Time) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	all := root()
	all.DisableAutoGenTag = true
	for _, cmd := range append(all.Commands(), all) {
		if cmd.Name() == "help" {
			all.RemoveCommand(cmd) // the pages are the help
			continue
		}
		cmd.Long, cmd.Short = asMarkdown(cmd.Long), asMarkdown(cmd.Short)
		cmd.Example = strings.TrimRight(cmd.Example, "\n")
		cmd.InitDefaultHelpFlag()
		cmd.Flags().VisitAll(showValue)
	}
	return doc.GenManTree(all, &doc.GenManHeader{Date: &day, Source: program, Manual: "Library Drives Conformance"}, folder)
}

// showValue has a page show what stands for the value of a flag, as help does, where the generator shows the default.
func showValue(f *pflag.Flag) {
	f.Usage = asMarkdown(f.Usage)
	switch {
	case f.Value.Type() == "bool":
		f.DefValue, f.NoOptDefVal = "true|false", "true"
	case f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "0":
		f.Usage += " (default " + asMarkdown(f.DefValue) + ")"
		fallthrough
	default:
		name, usage := pflag.UnquoteUsage(f)
		f.DefValue, f.Usage = name, usage
	}
}

// asMarkdown makes of a text that a terminal shows as it stands one that the generator of pages takes, which reads Markdown:
// indented lines stay lines, and no character is more than itself.
func asMarkdown(text string) string {
	plain := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`)
	var b strings.Builder
	indented := false
	for line := range strings.Lines(text) {
		switch now := strings.HasPrefix(line, "  "); {
		case now && !indented:
			indented = true
			b.WriteString("\n    " + line)
		case now:
			b.WriteString("    " + line)
		default:
			indented = false
			b.WriteString(plain.Replace(line))
		}
	}
	return b.String()
}

func writeCompletions(folder string) error {
	all := root()
	return errors.Join(
		writeFile(filepath.Join(folder, program+".bash"), func(w io.Writer) error { return all.GenBashCompletionV2(w, true) }),
		writeFile(filepath.Join(folder, "_"+program), all.GenZshCompletion),
		writeFile(filepath.Join(folder, program+".fish"), func(w io.Writer) error { return all.GenFishCompletion(w, true) }),
		writeFile(filepath.Join(folder, program+".ps1"), all.GenPowerShellCompletionWithDesc),
	)
}

// writeCertificates writes the authorities that Mozilla trusts, of the version that go.mod names: an image has no system
// that brings them. Those that Mozilla trusts with a constraint only are left out, for a file of certificates can't say so.
func writeCertificates(w io.Writer) error {
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		if err := pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
