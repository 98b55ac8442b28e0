package evidence

import (
	"slices"
	"sync"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// Record is every exchange of a run as it came, to be judged: verdicts don't depend on what a secret is. What leaves the
// process is taken through Redacted, Text or Shown. It may be used by many goroutines at once.
type Record struct {
	redactor *redact.Redactor
	store    *Store
	headers  *headers
	restored bool // it was read from a file, so that the secrets were removed before

	mu        sync.RWMutex
	exchanges []*Exchange
	latest    map[answerKey]*Exchange
	own       map[*Exchange][]string // the secrets that belong to an exchange alone
	clean     map[*Exchange]cleaned  // those that were shown
	texts     *repeated              // texts of exchanges that were shown
}

// answerKey is what an answer is found by: the last attempt of a key's round counts.
type answerKey struct {
	key   string
	round int
}

// NewRecord makes an empty record of a run whose secrets the redactor knows.
func NewRecord(redactor *redact.Redactor) *Record {
	store := newStore(mostInPages)
	return &Record{redactor: redactor, store: store, headers: newHeaders(store.seeds), latest: map[answerKey]*Exchange{}, own: map[*Exchange][]string{}, clean: map[*Exchange]cleaned{}}
}

// Add takes an exchange into the record, numbers it and returns it. Secrets that belong to this exchange alone, such as
// the response of a digest, are given with it.
func (r *Record) Add(x Exchange, secrets ...string) *Exchange {
	kept := &x
	kept.Request.Header = r.headers.one(x.Request.Header)
	if x.Response != nil {
		x.Response.Header = r.headers.one(x.Response.Header)
	}
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
	r.exchanges = append(r.exchanges, x)
	r.latest[answerKey{x.Key, x.Round}] = x
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

// Since returns the exchanges after the first n, in order.
func (r *Record) Since(n int) []*Exchange {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.exchanges[n:])
}

// Len is the number of exchanges.
func (r *Record) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.exchanges)
}

// Store keeps what was answered.
func (r *Record) Store() *Store { return r.store }

// Held is about how many bytes of the answers, and of what is known of them, are in memory.
func (r *Record) Held() int64 { return r.store.held.Load() }

// Lost says why something that was answered can't be read back; nil where all can. Nothing is to be judged by a record of which
// something is lost.
func (r *Record) Lost() error { return r.store.problem() }

// Close gives the record's temporary file back. What is asked of the record afterwards may be lost.
func (r *Record) Close() { r.store.close() }

// Redactor returns the redactor that knows the secrets of the run.
func (r *Record) Redactor() *redact.Redactor { return r.redactor }
