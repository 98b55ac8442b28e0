package reports

import (
	"fmt"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Resources are what the run made in the account, and what of it could not be removed.
type Resources struct {
	Made []Resource `json:"made"` // drives before servers
	Left []Resource `json:"left"` // there still, or, without a uuid, perhaps there and not to be seen
}

// Resource is a drive or a server that the run made.
type Resource struct {
	Kind    string `json:"kind"` // drive or server
	UUID    string `json:"uuid"`
	Name    string `json:"name"`
	Source  string `json:"source"` // the uuid of the drive that it is a clone of
	Size    int64  `json:"size"`   // bytes, of a drive
	Removed bool   `json:"removed"`
}

// Became says what became of what was made: each is removed or left. What may have been made beside it is counted too.
func (r Resources) Became(removedForm string) string {
	removed := show.Count(r.Made, func(made Resource) bool { return made.Removed })
	unseen := show.Count(r.Left, func(left Resource) bool { return left.UUID == "" })
	text := fmt.Sprintf(removedForm, removed)
	if left := len(r.Made) - removed; left > 0 {
		text += fmt.Sprintf(", %d left", left)
	}
	if unseen > 0 {
		text += fmt.Sprintf("; %d more may have been made", unseen)
	}
	return text
}

// Title names a resource in one line.
func Title(r Resource) string {
	if r.UUID == "" {
		return fmt.Sprintf("%s %q, which may have been made: nobody can see", r.Kind, show.OneLine(r.Name))
	}
	return fmt.Sprintf("%s %s %q", r.Kind, show.OneLine(r.UUID), show.OneLine(r.Name))
}

// Sentence says what the run made in the account; nothing where it made nothing.
func (r Resources) Sentence() string {
	if len(r.Made) == 0 {
		return ""
	}
	count, size := map[string]int{}, int64(0)
	for _, made := range r.Made {
		count[made.Kind]++
		size += made.Size
	}
	return fmt.Sprintf("Made in the account: %s (%s in all) and %s; %s.",
		show.Plural(count["drive"], "drive"), show.Gigabytes(size), show.Plural(count["server"], "server"), r.Became("%d of them removed"))
}
