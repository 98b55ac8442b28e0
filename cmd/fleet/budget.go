package fleet

import (
	"fmt"
	"sync"

	"github.com/libdrives/conformance/reports"
)

// budget is how many drives all targets together may make. Each that writes gets its part before it begins, and gives back what it
// did not use.
type budget struct {
	mu      sync.Mutex
	bounded bool
	left    int
	writers int // that have no part yet
}

func newBudget(most int, targets []*Target) (*budget, error) {
	b := &budget{bounded: most > 0, left: most}
	for _, t := range targets {
		if t.Writes {
			b.writers++
		}
	}
	if b.bounded && most < b.writers {
		return nil, fmt.Errorf("--max-clones: %d targets write, and %d clones over all leave some of them none: give at least %d", b.writers, most, b.writers)
	}
	return b, nil
}

// take is the part of a target: what it may have itself, and no more than leaves as much for each of the others. 0 is no bound.
func (b *budget) take(t *Target) int {
	if !b.bounded || !t.Writes {
		return t.Clones
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	part := b.left / b.writers
	if t.Clones > 0 {
		part = min(part, t.Clones)
	}
	b.left -= part
	b.writers--
	return part
}

// giveBack takes back what a target did not use; of one that left no report that is not known, and nothing comes back.
func (b *budget) giveBack(t *Target, part int, report *reports.Report) {
	if !b.bounded || !t.Writes || report == nil || report.Incomplete != "" {
		return
	}
	used := 0
	for _, list := range [][]reports.Resource{report.Resources.Made, report.Resources.Left} {
		for _, r := range list {
			if r.Kind == "drive" {
				used++
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left += max(0, part-used)
}
