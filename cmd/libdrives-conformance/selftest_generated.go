package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/text"
)

// concludeGenerated writes what became of generated faults, also of a selftest that was interrupted.
func concludeGenerated(c console, f selftestFlags, color bool, g *reports.Generated, interrupted error) error {
	if g == nil {
		return &exit{reports.ExitIncomplete, interrupted}
	}
	errs := []error{interrupted}
	if err := text.WriteGenerated(c.stdout, g, text.MatrixOptions{Color: color, Quiet: f.quiet}); err != nil {
		errs = append(errs, fmt.Errorf("what became of the faults can't be written: %w", err))
	}
	if f.json != "" {
		if err := files.Write(f.json, func(w io.Writer) error { return json.WriteGenerated(w, g) }); err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
		} else if !f.quiet {
			say(c.stderr, "wrote "+f.json)
		}
	}
	switch err := errors.Join(errs...); {
	case err != nil:
		return &exit{reports.ExitIncomplete, err}
	case !g.OK():
		return &exit{code: reports.ExitDoesNot}
	}
	return nil
}
