package suites

import (
	"errors"
	"io"
)

// WriteRecord is not built yet.
func (r *Result) WriteRecord(w io.Writer) error { return errors.New("not built yet") }
