package judge

import (
	"sync"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// readBack are the entries of the store that were read back last: a drive that one spec looks at is looked at by others, and each
// looks at many of its fields. It may be used by many goroutines at once.
type readBack struct {
	mu             sync.Mutex
	latest, before map[evidence.Entry]gjson.Result
	weight         int // of the latest
}

// The bounds of what is at hand: half of it is let go of at a time.
const (
	mostReadBack  = 2 << 20
	longestAtHand = 32 << 10
	entryWeight   = 160 // about what one takes beside its text
)

func newReadBack() readBack { return readBack{latest: map[evidence.Entry]gjson.Result{}} }

// entry is an entry as JSON; kept is false where it is too long to be at hand.
func (r *readBack) entry(store *evidence.Store, e evidence.Entry) (value gjson.Result, kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if value, kept = r.latest[e]; kept {
		return value, true
	}
	if value, kept = r.before[e]; !kept {
		if store.Size(e) > longestAtHand {
			return value, false
		}
		value = gjson.Parse(withoutMark(store.String(e)))
	}
	if r.weight > mostReadBack/2 {
		r.latest, r.before, r.weight = map[evidence.Entry]gjson.Result{}, r.latest, 0
	}
	r.latest[e] = value
	r.weight += len(value.Raw) + entryWeight
	return value, true
}

// entry is an entry of a store as JSON.
func (p *parsed) entry(store *evidence.Store, e evidence.Entry) gjson.Result {
	if value, kept := p.read.entry(store, e); kept {
		return value
	}
	return gjson.Parse(withoutMark(store.String(e)))
}
