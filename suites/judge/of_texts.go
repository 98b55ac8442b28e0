package judge

import (
	"sync"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/evidence"
)

// ofText is a matcher for which nothing counts but the text that defines a drive. What matched once in the same words matches
// again: the bodies that look at all drives of a library are run several times.
type ofText interface {
	textKey() string // the same for those that match the same; empty where something else counts, too
}

// textKey is that of a matcher; empty where it is none.
func textKey(matcher types.GomegaMatcher) string {
	if m, is := matcher.(ofText); is {
		return m.textKey()
	}
	return ""
}

// textSet is a set of texts of the store. It may be used by many goroutines at once.
type textSet struct {
	mu  sync.RWMutex
	set numberSet
}

func (s *textSet) has(e evidence.Entry) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.set.has(uint32(e))
}

func (s *textSet) add(e evidence.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set.add(uint32(e))
}

// matched are the texts that matched before, by the matcher's key.
type matched struct {
	mu  sync.RWMutex
	all map[string]*textSet
}

func (m *matched) by(key string) *textSet {
	m.mu.RLock()
	set := m.all[key]
	m.mu.RUnlock()
	if set != nil {
		return set
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = map[string]*textSet{}
	}
	if m.all[key] == nil {
		m.all[key] = &textSet{}
	}
	return m.all[key]
}

// isEntry reports whether the fields are those of an entry of the store.
func (f *fields) isEntry() bool { return f != nil && f.in != nil && f.held == nil }

// entryOf is the entry of the store that something shows; is says whether it is one.
func entryOf(actual any) (e evidence.Entry, is bool) {
	switch actual := actual.(type) {
	case Drive:
		if actual.fields.isEntry() {
			return actual.fields.entry, true
		}
	case Appearance:
		if actual.fields.isEntry() {
			return actual.fields.entry, true
		}
	case Answer:
		if actual.Exchange != nil && actual.Exchange.Response != nil {
			return actual.Exchange.Response.Body.Whole()
		}
	}
	return 0, false
}

// matchOnce is Match of a drive that a list or an answer tells. What matched is remembered, where it is the text alone that counts.
func (p *parsed) matchOnce(matcher types.GomegaMatcher, of Drive, actual any) (bool, error) {
	key := ""
	if of.fields.isEntry() {
		key = textKey(matcher)
	}
	if key == "" {
		return matcher.Match(actual)
	}
	set := p.matched.by(key)
	if set.has(of.fields.entry) {
		return true, nil
	}
	is, err := matcher.Match(actual)
	if is && err == nil {
		set.add(of.fields.entry)
	}
	return is, err
}
