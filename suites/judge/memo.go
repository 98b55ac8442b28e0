package judge

import (
	"fmt"
	"maps"
	"sync"
)

// memo keeps what was worked out, for all bodies of a run. It may be used by many goroutines at once; the zero value knows nothing.
type memo struct {
	mu     sync.Mutex
	known  map[string]any
	making map[string]chan struct{} // closed once that is over
}

func (m *memo) get(key string) (value any, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known = m.known[key]
	return value, known
}

func (m *memo) put(key string, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]any{}
	}
	m.known[key] = value
}

// take is what is known, which is nobody else's from then on.
func (m *memo) take(key string) (value any, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known = m.known[key]
	delete(m.known, key)
	return value, known
}

// forget drops the values for which a condition holds.
func (m *memo) forget(which func(value any) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.known, func(_ string, value any) bool { return which(value) })
}

// begin is what is known. Where nothing is, the caller is the one to work it out and to call end; others wait for him.
func (m *memo) begin(key string) (value any, known bool) {
	for {
		m.mu.Lock()
		value, known = m.known[key]
		made := m.making[key]
		if !known && made == nil {
			if m.making == nil {
				m.making = map[string]chan struct{}{}
			}
			m.making[key] = make(chan struct{})
		}
		m.mu.Unlock()
		if known || made == nil {
			return value, known
		}
		<-made
	}
}

// end lets those who wait go on.
func (m *memo) end(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.making[key])
	delete(m.making, key)
}

// Material is what the endpoint's own library offers to ask with. A value serves a filter only if it discriminates:
// some drives match it and some don't.

// Memoize works something out of the whole list once, however many specs and rounds of the plan ask for it.
func Memoize[V any](lib *Library, what string, work func(drives []Drive) V) V {
	list := lib.List()
	key := fmt.Sprintf("%s, from %d answers, the first being %d", what, len(list.Parts), list.Exchange().Number)
	return Once(lib.Evaluator, key, func() V { return work(list.Drives) })
}

// Once works something out once in a run. Where the work ends the body, nothing is kept of it.
func Once[V any](b *Evaluator, key string, work func() V) V {
	known, done := b.memo.begin(key)
	if done {
		return known.(V)
	}
	defer b.memo.end(key)
	made := work()
	b.memo.put(key, made)
	return made
}
