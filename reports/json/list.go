package json

import (
	"io"

	"github.com/libdrives/conformance/suites/requirement"
)

func WriteList(w io.Writer, c []requirement.Requirement) error {
	type entry struct {
		ID        string                `json:"id"`
		Area      string                `json:"area"`
		Level     requirement.Level     `json:"level"`
		Effect    requirement.Effect    `json:"effect"`
		Source    string                `json:"source"`
		Statement string                `json:"statement"`
		Read      []requirement.Section `json:"documentation"`
	}
	entries := make([]entry, 0, len(c)) // an empty list is [], not null
	for _, r := range c {
		entries = append(entries, entry{r.ID, r.Area, r.Level, r.Effect, r.Source, r.States, neverNil(r.Documentation)})
	}
	return write(w, entries)
}
