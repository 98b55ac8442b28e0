package evidence

import (
	"bytes"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// Record is every exchange of a run as it came, to be judged: verdicts don't depend on what a secret is. What leaves the
// process is taken through Redacted, Text or Shown. It may be used by many goroutines at once.
type Record struct {
	redactor *redact.Redactor
	restored bool // it was read from a file, so that the secrets were removed before

	mu        sync.RWMutex
	exchanges []*Exchange
	latest    map[answerKey]*Exchange
	own       map[*Exchange][]string // the secrets that belong to an exchange alone
	clean     map[*Exchange]cleaned  // those that were shown
	texts     *repeated              // texts of exchanges that were shown
	seed      maphash.Seed
	bodies    map[uint64][]byte // of responses, by their hashes
}

// answerKey is what an answer is found by: the last attempt of a key's round counts.
type answerKey struct {
	key   string
	round int
}

// NewRecord makes an empty record of a run whose secrets the redactor knows.
func NewRecord(redactor *redact.Redactor) *Record {
	return &Record{
		redactor: redactor, latest: map[answerKey]*Exchange{}, own: map[*Exchange][]string{}, clean: map[*Exchange]cleaned{},
		seed: maphash.MakeSeed(), bodies: map[uint64][]byte{},
	}
}

// Add takes an exchange into the record, numbers it and returns it. Secrets that belong to this exchange alone, such as
// the response of a digest, are given with it.
func (r *Record) Add(x Exchange, secrets ...string) *Exchange {
	kept := &x
	// A wrong password is nobody's, and stands in the curl lines: outside its exchange it is not looked for.
	// What is nearly the password may be a word of the endpoint's own.
	if !x.Request.As.Wrong() {
		r.redactor.AddOnce(secrets...)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	kept.Number = len(r.exchanges) + 1
	if len(secrets) > 0 {
		r.own[kept] = secrets
	}
	r.keep(kept)
	return kept
}

// keep takes an exchange into the record under its key. The caller holds the lock.
func (r *Record) keep(x *Exchange) {
	if x.Response != nil {
		x.Response.Body = r.once(x.Response.Body)
	}
	r.exchanges = append(r.exchanges, x)
	r.latest[answerKey{x.Key, x.Round}] = x
}

// once is a body as it is kept already, where it is: most answers of a run are lists that others were, and what is worked out
// of a body is found again by where that is kept. The caller holds the lock.
func (r *Record) once(body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	hash := maphash.Bytes(r.seed, body)
	known, kept := r.bodies[hash]
	switch {
	case !kept:
		r.bodies[hash] = body
	case bytes.Equal(known, body):
		return known
	}
	return body
}

// Answer returns the last exchange of a key in a round, or nil where there is none.
func (r *Record) Answer(key string, round int) *Exchange {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.latest[answerKey{key, round}]
}

// All returns every exchange in order.
func (r *Record) All() []*Exchange {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.exchanges)
}

// Len is the number of exchanges.
func (r *Record) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.exchanges)
}

// Redactor returns the redactor that knows the secrets of the run.
func (r *Record) Redactor() *redact.Redactor { return r.redactor }
