package reports

import (
	"errors"
	"io"
)

// Annotations is not built yet.
func Annotations(w io.Writer, r *Report) error { return errors.New("not built yet") }
