package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports/github"
)

// console is what the program has to do with the world around it, except for files and the endpoint.
type console struct {
	stdout, stderr *process.Output
	environ        []string
}

// colored says whether what is written to an output is coloured; NO_COLOR is settled with the settings.
func colored(c settings.Color, o *process.Output) bool {
	return c == settings.ColorAlways || c == settings.ColorAuto && o.Terminal()
}

// width is that of the terminal, or 0 where it is none.
func width(o *process.Output) int {
	columns, _, err := term.GetSize(int(o.File().Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// interruptible does work that a signal ends early and a second one at once: note tells of the first, and unfinished says what a
// second keeps from being done.
func interruptible(ctx context.Context, note func(line string), unfinished string, work func(context.Context) error) error {
	err, ended := process.Interruptible(ctx, process.SameSignal, note, work)
	if !ended {
		return endedAtOnce(unfinished)
	}
	return err
}

// colors are the values of --color; the first is the default.
func colors() []string {
	return []string{string(settings.ColorAuto), string(settings.ColorAlways), string(settings.ColorNever)}
}

// checkColor refuses what is none of them.
func checkColor(given string) error {
	if !slices.Contains(colors(), given) {
		return fmt.Errorf("--color: %q is none of %s", given, strings.Join(colors(), ", "))
	}
	return nil
}

// color is what --color comes to for both streams, where no settings hold it.
func (c console) color(given string) settings.Color {
	if given == string(settings.ColorAuto) && (settings.Dumb(c.environ) || slices.ContainsFunc(c.environ, func(entry string) bool {
		value, found := strings.CutPrefix(entry, "NO_COLOR=")
		return found && value != ""
	})) {
		return settings.ColorNever
	}
	return settings.Color(given)
}

// suspendCommands keeps GitHub Actions from taking what an endpoint says for a command, until resume is called the first
// time. It does nothing where no annotations are asked for: nobody else knows these lines.
func (c console) suspendCommands(s settings.Settings) (resume func()) {
	if s.Annotations == "" {
		return func() {}
	}
	if s.ToStdout() {
		c.stdout = c.stderr
	}
	again, err := github.Suspend(c.stdout)
	if err != nil {
		return func() {} // the annotations can't be written either, and are reported then
	}
	return sync.OnceFunc(func() { _ = again() })
}
