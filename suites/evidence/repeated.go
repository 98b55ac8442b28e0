package evidence

import (
	"bytes"
	"hash/maphash"
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
	seed   maphash.Seed
	bodies map[uint64]cleanBody // by their hashes
}

// cleanBody is a body of the record, and the same one without secrets. Neither is changed.
type cleanBody struct {
	body, clean []byte
	found       bool // there was a secret
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
	return &repeated{by: by, known: map[string]cleanText{}, seed: maphash.MakeSeed(), bodies: map[uint64]cleanBody{}}
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

// Bytes returns a body without secrets, and whether there was one. Neither may be changed afterwards.
func (r *repeated) Bytes(body []byte) ([]byte, bool) {
	if len(body) == 0 {
		return body, false
	}
	hash := maphash.Bytes(r.seed, body)
	r.mu.RLock()
	known, done := r.bodies[hash]
	r.mu.RUnlock()
	if done && bytes.Equal(known.body, body) {
		return known.clean, known.found
	}
	clean, found := r.by.Bytes(body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.bodies) < mostRepeated {
		r.bodies[hash] = cleanBody{body, clean, found}
	}
	return clean, found
}
