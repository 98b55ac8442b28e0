package evidence

import (
	"sync"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// repeated removes secrets from texts as its matcher does, and remembers short ones and bodies: the exchanges of a run have
// most of their headers' names and values in common, and many answers are the same list. It may be used by many goroutines
// at once.
type repeated struct {
	by *redact.Matcher

	mu     sync.RWMutex
	known  map[string]cleanText
	bodies map[*kept]bool // whether there is a secret in one
}

type cleanText struct {
	text  string
	found bool // there was a secret
}

// The bounds of what is remembered: an endpoint chooses what its headers say.
const (
	longestRepeated = 200
	mostRepeated    = 4096
)

func newRepeated(by *redact.Matcher) *repeated {
	return &repeated{by: by, known: map[string]cleanText{}, bodies: map[*kept]bool{}}
}

// String returns a text without secrets, and whether there was one.
func (r *repeated) String(text string) (string, bool) {
	if len(text) > longestRepeated {
		return r.by.String(text)
	}
	r.mu.RLock()
	known, done := r.known[text]
	r.mu.RUnlock()
	if done {
		return known.text, known.found
	}
	known.text, known.found = r.by.String(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) < mostRepeated {
		r.known[text] = known
	}
	return known.text, known.found
}

// Bytes returns a text without secrets, and whether there was one.
func (r *repeated) Bytes(text []byte) ([]byte, bool) { return r.by.Bytes(text) }

// holds reports whether there is a secret in a body of the record.
func (r *repeated) holds(k *kept) bool {
	r.mu.RLock()
	found, done := r.bodies[k]
	r.mu.RUnlock()
	if !done {
		found = k.holds(r.by, func(e Entry) bool { return k.store.holds(e, r.by) })
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies[k] = found
	}
	return found
}

// besideRepeated removes the secrets of one exchange too. In what is known to hold none of the others, only those are looked
// for.
type besideRepeated struct {
	common *repeated
	pair   redact.Pair
}

func (b besideRepeated) String(text string) (string, bool) {
	if _, found := b.common.String(text); found {
		return b.pair.String(text)
	}
	return b.pair.Own.String(text)
}

func (b besideRepeated) Bytes(body []byte) ([]byte, bool) {
	if _, found := b.common.Bytes(body); found {
		return b.pair.Bytes(body)
	}
	return b.pair.Own.Bytes(body)
}

// holds reports whether there is a secret in a body of the record.
func (b besideRepeated) holds(k *kept) bool { return b.common.holds(k) || k.searched(b.pair.Own) }
