package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/selftest"
)

// withoutHaste is how long a selftest of a recorded library may take: there, all of it is wanted.
const withoutHaste = time.Hour

// selftestLibrary says what the run of a record would not have noticed.
func selftestLibrary(ctx context.Context, c console, f selftestFlags, color bool, progress *text.MatrixProgress) error {
	file, err := os.Open(f.library)
	if err != nil {
		return fmt.Errorf("--library: the record can't be read: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written to it
	result := suites.Judge(file, suites.Config{Version: f.Tool.Version, Commit: f.Tool.Commit, CommitDate: f.Tool.Date})
	defer result.Close()
	if result.Report == nil {
		return fmt.Errorf("--library: %s: %w", f.library, result.Err)
	}
	err = settings.AddBlindSpots(ctx, selftest.BlindOptions{Options: f.Options, Sample: f.sample, Within: withoutHaste}, result)
	progress.Close()
	if result.Report.Blind == nil {
		return &exit{reports.ExitIncomplete, fmt.Errorf("--library: %w", err)}
	}
	errs := []error{err}
	if err := text.WriteBlindSpots(c.stdout, result.Report, text.Options{Color: color, Verbose: !f.quiet, Width: width(c.stdout)}); err != nil {
		errs = append(errs, fmt.Errorf("the blind spots can't be written: %w", err))
	}
	if f.json != "" {
		if _, err := files.WriteClean(f.json, result.Record.Redactor(), func(w io.Writer) error { return json.Write(w, result.Report) }); err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
		} else if !f.quiet {
			say(c.stderr, "wrote "+f.json)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &exit{reports.ExitIncomplete, err}
	}
	return nil
}
