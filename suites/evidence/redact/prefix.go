package redact

// prefix is the beginning of a pattern that stands in a text as it is, without escapes: one to four bytes, and how many.
type prefix uint64

const (
	mostPrefix = 4
	likelyBits = 15 // of a place in the set of prefixes that are known
)

func (p prefix) length() int { return int(p & 0xff) }

// with is the prefix with one more byte.
func (p prefix) with(b byte) prefix { return p + 1 + prefix(b)<<(8*(p.length()+1)) }

// bit is the prefix's place in a set of prefixes, which it may share with others.
func (p prefix) bit() (word int, mask uint64) {
	const spread = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio, as is usual for hashes by multiplication
	at := uint64(p) * spread >> (64 - likelyBits)
	return int(at / 64), 1 << (at % 64)
}

// index finds the few of many patterns that may begin at a place of a text.
type index struct {
	known  map[prefix][]string          // each under every length
	likely [1 << likelyBits / 64]uint64 // the prefixes that are known: nearly every text has another one, which this tells at less cost
	rest   []string                     // those that are shorter, or begin with what has many ways to be written
}

// newIndex makes an index of patterns.
func newIndex(patterns []string) *index {
	i := &index{known: map[prefix][]string{}}
	for _, pattern := range patterns {
		i.add(pattern)
	}
	return i
}

func (i *index) add(pattern string) {
	if prefixOf(pattern).length() < mostPrefix {
		i.rest = append(i.rest, pattern)
		return
	}
	beginning := prefix(0)
	for _, b := range []byte(pattern[:mostPrefix]) {
		beginning = beginning.with(b)
		i.known[beginning] = append(i.known[beginning], pattern)
		word, mask := beginning.bit()
		i.likely[word] |= mask
	}
}

// of are the patterns that begin so.
func (i *index) of(beginning prefix) []string {
	if word, mask := beginning.bit(); i.likely[word]&mask == 0 {
		return nil
	}
	return i.known[beginning]
}

// prefixOf is the beginning of a text that means what it says.
func prefixOf[T string | []byte](text T) (beginning prefix) {
	for at := range min(len(text), mostPrefix) {
		b := text[at]
		if b >= 0x80 || isEscape(b) || b == '+' {
			break
		}
		beginning = beginning.with(b)
	}
	return beginning
}

// longestAt returns where the longest of the matcher's secrets ends that begins here with a byte as it is, or the place
// itself where none does.
func (m *Matcher) longestAt(text []byte, at int) int {
	if m.index == nil {
		return longest(text, at, m.starts[text[at]], at)
	}
	beginning := prefixOf(text[at:])
	next := at + beginning.length()
	if beginning.length() == 0 || beginning.length() < mostPrefix && next < len(text) && softBreak(text[next:]) > 0 {
		return longest(text, at, m.starts[text[at]], at) // what follows a line break that stands for nothing is not looked up
	}
	patterns := m.index.of(beginning)
	if len(patterns) > 1 && beginning.length() < mostPrefix && next < len(text) && isEscape(text[next]) {
		// What the escape may mean is read once, not for each pattern. None of them has an escape or a plus here.
		follow := beginnings(text[next:min(len(text), next+longestEscape)], mostLayers)
		if follow.has('+') {
			follow.add(' ')
		}
		end := at
		for b := range follow.and(everyByte()) {
			end = longest(text, at, m.index.of(beginning.with(b)), end)
		}
		return longest(text, at, m.index.rest, end)
	}
	return longest(text, at, m.index.rest, longest(text, at, patterns, at))
}
