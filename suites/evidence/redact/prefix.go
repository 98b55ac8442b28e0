package redact

// prefix is the beginning of a pattern that stands in a text as it is, without escapes: one to four bytes.
type prefix struct {
	bytes  [4]byte
	length int
}

// index finds the few of many patterns that may begin at a place of a text.
type index struct {
	known map[prefix][]string // each under every length
	rest  []string            // those that are shorter, or begin with what has many ways to be written
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
	whole := prefixOf(pattern)
	if whole.length < len(whole.bytes) {
		i.rest = append(i.rest, pattern)
		return
	}
	for ; whole.length > 0; whole.length-- {
		i.known[whole] = append(i.known[whole], pattern)
		whole.bytes[whole.length-1] = 0
	}
}

// prefixOf is the beginning of a text that means what it says.
func prefixOf[T string | []byte](text T) (beginning prefix) {
	for _, b := range []byte(text[:min(len(text), len(beginning.bytes))]) {
		if b >= 0x80 || isEscape(b) || b == '+' {
			break
		}
		beginning.bytes[beginning.length] = b
		beginning.length++
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
	next := at + beginning.length
	if beginning.length == 0 || beginning.length < len(beginning.bytes) && next < len(text) && softBreak(text[next:]) > 0 {
		return longest(text, at, m.starts[text[at]], at) // what follows a line break that stands for nothing is not looked up
	}
	patterns := m.index.known[beginning]
	if len(patterns) > 1 && beginning.length < len(beginning.bytes) && next < len(text) && isEscape(text[next]) {
		// What the escape may mean is read once, not for each pattern. None of them has an escape or a plus here.
		follow := beginnings(text[next:min(len(text), next+longestEscape)], mostLayers)
		if follow.has('+') {
			follow.add(' ')
		}
		end := at
		for b := range follow.and(everyByte()) {
			longer := beginning
			longer.bytes[longer.length] = b
			longer.length++
			end = longest(text, at, m.index.known[longer], end)
		}
		return longest(text, at, m.index.rest, end)
	}
	return longest(text, at, m.index.rest, longest(text, at, patterns, at))
}
