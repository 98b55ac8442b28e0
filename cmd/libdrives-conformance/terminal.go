package main

import (
	"os"

	"golang.org/x/term"

	"github.com/libdrives/conformance/cmd/settings"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// colored says whether what is written to a file is coloured; NO_COLOR is settled with the settings.
func colored(c settings.Color, f *os.File) bool {
	return c == settings.ColorAlways || c == settings.ColorAuto && isTerminal(f)
}

// width is that of the terminal, or 0 where it is none.
func width(f *os.File) int {
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
