package main

import (
	"golang.org/x/term"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/cmd/settings"
)

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
