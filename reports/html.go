package reports

import (
	"errors"
	"io"
)

// HTML is not built yet.
func HTML(w io.Writer, r *Report) error { return errors.New("not built yet") }
