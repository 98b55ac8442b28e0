package main

import (
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
