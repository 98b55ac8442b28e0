package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
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
	for _, o := range []struct {
		file  string
		write func(io.Writer, *reports.Generated) error
	}{{f.json, json.WriteGenerated}, {f.markdown, markdown.WriteGenerated}} {
		if o.file == "" {
			continue
		}
		if err := files.Write(o.file, func(w io.Writer) error { return o.write(w, g) }); err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
		} else if !f.quiet {
			say(c.stderr, "wrote "+o.file)
		}
	}
	switch err := errors.Join(errs...); {
	case err != nil:
		return &exit{reports.ExitIncomplete, err}
	case f.least > 0 && g.Judged() && g.Total().Score() >= f.least:
		return nil
	case !g.OK():
		return &exit{code: reports.ExitDoesNot}
	}
	return nil
}
