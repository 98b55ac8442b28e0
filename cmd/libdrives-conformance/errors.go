package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// exit is an error with an exit code of its own, or a code about which nothing is left to say. Every other error is
// wrong usage: nothing but the command line can fail outside of a run.
type exit struct {
	code int
	err  error
}

// atOnce is what is said when a second signal ended the work, if the output takes it.
type atOnce struct{ error }

func endedAtOnce(unfinished string) error {
	return &exit{reports.ExitIncomplete, atOnce{fmt.Errorf("interrupted twice: ended at once%s", unfinished)}}
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// failed is the error of output that can't be written.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return &exit{reports.ExitIncomplete, fmt.Errorf("the output can't be written: %w", err)}
}

// finish tells what went wrong, a line each, and returns the exit code.
func finish(stderr io.Writer, err error) int {
	if err == nil {
		return reports.ExitConforms
	}
	said := make(chan struct{})
	go func() {
		defer close(said)
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if line = strings.TrimSpace(strings.Map(printable, line)); line != "" {
				// Where not even this can be written, the exit code is left to tell.
				_, _ = fmt.Fprintf(stderr, "%s: %s\n", program, line)
			}
		}
	}()
	var hasty atOnce
	if errors.As(err, &hasty) {
		select {
		case <-said:
		case <-time.After(toDrain): // nobody reads on
		}
	} else {
		<-said
	}
	var coded *exit
	if errors.As(err, &coded) {
		return coded.code
	}
	return reports.ExitUsage
}

// printable keeps an endpoint, whose words may stand in an error, from writing to the terminal what is not text.
func printable(r rune) rune {
	if unicode.IsPrint(r) || r == ' ' {
		return r
	}
	return unicode.ReplacementChar
}

// flagError says what is wrong with a flag in our words, with the nearest known one where it is unknown.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var valueless *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &valueless):
		flag := valueless.GetFlag()
		return fmt.Errorf("--%s needs a value: --%s %s", flag.Name, flag.Name, flag.Value.Type())
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s: %q is no %s", invalid.GetFlag().Name, invalid.GetValue(), invalid.GetFlag().Value.Type())
	}
	return err
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name := unknown.GetSpecifiedName()
	given := "--" + name
	if group := unknown.GetSpecifiedShortnames(); group != "" {
		// Not a letter of its own but a whole word behind one dash.
		name, _, _ = strings.Cut(group, "=")
		given = "-" + name
	}
	if name == "password" {
		return settings.ErrPasswordAsFlag
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if nearest := requirement.Nearest(name, known); nearest != "" {
		return fmt.Errorf("unknown flag %s: did you mean --%s?", given, nearest)
	}
	var others []string
	for _, other := range cmd.Root().Commands() {
		if other.Flags().Lookup(name) != nil {
			others = append(others, other.Name())
		}
	}
	if len(others) > 0 {
		return fmt.Errorf("unknown flag %s: %s has none, it belongs to %s", given, cmd.Name(), strings.Join(others, " and "))
	}
	return fmt.Errorf("unknown flag %s (%s --help shows all)", given, cmd.CommandPath())
}
