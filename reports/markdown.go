package reports

import (
	"errors"
	"io"
)

// Markdown is not built yet.
func Markdown(w io.Writer, r *Report) error { return errors.New("not built yet") }
