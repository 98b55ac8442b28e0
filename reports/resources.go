package reports

import (
	"fmt"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Resources are what the run made in the account, and what of it could not be removed.
type Resources struct {
	Made []Resource // drives before servers
	Left []Resource // there still, or, without a uuid, perhaps there and not to be seen
}

// Resource is a drive or a server that the run made.
type Resource struct {
	Kind    string // drive or server
	UUID    string
	Name    string
	Source  string // the uuid of the drive that it is a clone of
	Size    int64  // bytes, of a drive
	Removed bool
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
	count, removed, size := map[string]int{}, 0, int64(0)
	for _, made := range r.Made {
		count[made.Kind]++
		size += made.Size
		if made.Removed {
			removed++
		}
	}
	return fmt.Sprintf("Made in the account: %s (%.1f GB in all) and %s; %d of them removed.",
		show.Plural(count["drive"], "drive"), float64(size)/(1<<30), show.Plural(count["server"], "server"), removed)
}
