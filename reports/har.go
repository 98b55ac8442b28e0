package reports

import (
	"errors"
	"io"

	"github.com/libdrives/conformance/suites/evidence"
)

// HAR is not built yet.
func HAR(w io.Writer, r *Report, exchanges []*evidence.Exchange) error {
	return errors.New("not built yet")
}
