package evidence

import (
	"slices"
	"sync"
)

// Record is every exchange of a run. It may be used by many goroutines at once.
type Record struct {
	redactor *Redactor

	mu        sync.RWMutex
	exchanges []*Exchange
	latest    map[place]*Exchange
	takes     map[string]int
}

// place is where an answer is found: the last attempt of a key's take counts.
type place struct {
	key  string
	take int
}

// NewRecord makes an empty record whose exchanges are redacted by the given redactor.
func NewRecord(redactor *Redactor) *Record {
	return &Record{redactor: redactor, latest: map[place]*Exchange{}, takes: map[string]int{}}
}

// Add takes an exchange into the record: it numbers it and removes the run's secrets from everything in it. The caller
// must not keep the unredacted one; the redacted one is returned. Secrets that belong to this exchange alone, such as the
// response of a digest, are given with it.
func (r *Record) Add(x Exchange, secrets ...string) *Exchange {
	kept := r.redactor.exchange(x, secrets)
	r.mu.Lock()
	defer r.mu.Unlock()
	kept.Number = len(r.exchanges) + 1
	// Found by the key that the caller knows, even where a secret was removed from the one that is kept.
	r.keep(x.Key, kept)
	return kept
}

// keep takes an exchange into the record under a key. The caller holds the lock.
func (r *Record) keep(key string, x *Exchange) {
	r.exchanges = append(r.exchanges, x)
	r.latest[place{key, x.Take}] = x
	r.takes[key] = max(r.takes[key], x.Take)
}

// Answer returns the last exchange of a key at a take, or nil where there is none.
func (r *Record) Answer(key string, take int) *Exchange {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.latest[place{key, take}]
}

// Takes says how often a key was taken: 0 where it never was.
func (r *Record) Takes(key string) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.takes[key]
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

// Redactor returns the redactor that this record's exchanges go through.
func (r *Record) Redactor() *Redactor { return r.redactor }
