package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports/files"
)

// fileOutput is a file that a command writes: which flag asked for it, where to, and how.
type fileOutput[T any] struct {
	flag, file string
	write      func(io.Writer, T) error
}

// named are the outputs that were asked for.
func named[T any](outputs []fileOutput[T]) []fileOutput[T] {
	return slices.DeleteFunc(outputs, func(o fileOutput[T]) bool { return o.file == "" })
}

// checkOutputs proves, before the work, that each file can be written after it.
func checkOutputs[T any](outputs []fileOutput[T]) error {
	for i, o := range outputs {
		if same := slices.IndexFunc(outputs[:i], func(other fileOutput[T]) bool { return settings.SameFile(other.file, o.file) }); same >= 0 {
			return fmt.Errorf("--%s: %s is written by --%s already: name another file", o.flag, o.file, outputs[same].flag)
		}
		if err := files.CheckWritable(o.file); err != nil {
			return fmt.Errorf("--%s: %w", o.flag, err)
		}
	}
	return nil
}

// writeOutputs writes the files, each of which is tried.
func writeOutputs[T any](c console, outputs []fileOutput[T], what T, quiet bool) error {
	var errs []error
	for _, o := range outputs {
		if err := files.Write(o.file, func(w io.Writer) error { return o.write(w, what) }); err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
		} else if !quiet {
			say(c.stderr, "wrote "+o.file)
		}
	}
	return errors.Join(errs...)
}
