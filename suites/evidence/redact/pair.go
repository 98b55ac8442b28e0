package redact

import "slices"

// Pair looks for the secrets of all exchanges and for those of one. It finds what a matcher of both would; to extend one for
// each exchange would cost as much again as all the looking.
type Pair struct {
	Common *Matcher
	Own    *Matcher // nil where the exchange has no secrets of its own that the other does not look for
}

// Beside is the matcher with secrets that belong to one exchange.
func (m *Matcher) Beside(own ...string) Pair {
	own = slices.DeleteFunc(slices.Clone(own), func(secret string) bool { return secret == "" || m.finds(secret) })
	if len(own) == 0 {
		return Pair{Common: m}
	}
	return Pair{m, newMatcher(own)}
}

// Bytes returns the text without secrets, and whether there was one. The text itself is not changed.
func (p Pair) Bytes(text []byte) ([]byte, bool) {
	if p.Own == nil {
		return p.Common.Bytes(text)
	}
	return without(text, joined(p.Common.find(text), p.Own.find(text)))
}

// String returns a text without secrets, and whether there was one.
func (p Pair) String(text string) (string, bool) {
	switch {
	case p.Own == nil || p.Own.holdsNone(text):
		return p.Common.String(text)
	case p.Common.holdsNone(text):
		return p.Own.String(text)
	}
	clean, found := p.Bytes([]byte(text))
	return string(clean), found
}

// joined are the spans of both, each of which are in order.
func joined(a, b []span) (spans []span) {
	for len(a) > 0 && len(b) > 0 {
		if a[0].from <= b[0].from {
			spans, a = join(spans, a[0]), a[1:]
		} else {
			spans, b = join(spans, b[0]), b[1:]
		}
	}
	for _, rest := range slices.Concat(a, b) {
		spans = join(spans, rest)
	}
	return spans
}
