package evidence

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

// matcher finds secrets in a text, whichever way each of their characters is written there. It is not changed once it
// is in use.
type matcher struct {
	secrets  []string
	patterns []string      // what they are looked for as
	starts   [256][]string // the patterns that begin with a byte
	firsts   byteSet       // with which some do
	pairs    [256]byteSet  // by a byte, those with which it may be the beginning of a pattern
	index    *index        // where there are many patterns
}

// with is a matcher that finds the secrets too; the same one where it does so already.
func (m *matcher) with(secrets ...string) *matcher {
	more := m
	for _, secret := range secrets {
		if secret == "" || slices.Contains(more.secrets, secret) {
			continue
		}
		if more == m {
			more = &matcher{secrets: slices.Clone(m.secrets), patterns: slices.Clone(m.patterns), starts: m.starts, firsts: m.firsts, pairs: m.pairs}
		}
		more.secrets = append(more.secrets, secret)
		for _, pattern := range append(base64Forms(secret), secret) {
			more.add(pattern)
		}
	}
	return more
}

// add has a pattern looked for that is not yet.
func (m *matcher) add(pattern string) {
	if slices.Contains(m.patterns, pattern) {
		return
	}
	m.patterns = append(m.patterns, pattern)
	// Clipped, so that a matcher that shares the list is not changed.
	m.starts[pattern[0]] = append(slices.Clip(m.starts[pattern[0]]), pattern)
	m.firsts.add(pattern[0])
	m.pair(pattern)
}

// pair notes with which two bytes a pattern may begin: as it is, or with escapes, which may stand for anything.
func (m *matcher) pair(pattern string) {
	for _, escape := range []byte(escapes + "+") {
		m.pairs[escape] = everyByte()
	}
	follow := &m.pairs[pattern[0]]
	if len(pattern) == 1 || pattern[1] >= 0x80 { // what is beyond ASCII has many ways to be written
		*follow = everyByte()
		return
	}
	for _, next := range []byte(escapes + "+" + pattern[1:2]) {
		follow.add(next)
	}
	follow.join(beyondASCII())
}

// mayBegin reports whether a secret may begin at a place of a text. It settles nearly every place where none does, at
// the price of one look.
func mayBegin[T string | []byte](m *matcher, text T, at int) bool {
	next := byte(0) // at the end, where there is room for a secret of one byte, which any byte may follow
	if at+1 < len(text) {
		next = text[at+1]
	}
	return m.pairs[text[at]].has(next)
}

// base64Forms are the letters that a secret becomes in base64, wherever in the encoded text it begins. The letters at
// either end that it shares with its neighbours are left out. A form so short that it could stand for anything is not
// looked for.
func base64Forms(secret string) []string {
	var result []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString(append(make([]byte, before), secret...))
			text = text[(before*8+5)/6:]
			if (before+len(secret))%3 != 0 {
				text = text[:len(text)-1]
			}
			if len(text) >= shortest {
				result = append(result, text)
			}
		}
	}
	return result
}

// span is a part of a text.
type span struct{ from, to int }

// find returns where secrets are: in order, without overlap. Secrets that overlap or touch make one span, so that no
// part of one is left beside another.
func (m *matcher) find(text []byte) []span {
	var spans []span
	for at, start := range text {
		if !mayBegin(m, text, at) {
			continue
		}
		end := m.longestAt(text, at)
		switch start {
		case '+':
			end = longest(text, at, m.starts[' '], end)
		case '%', '\\', '&':
			// What an escape may mean is read once, not for each pattern: bodies are full of escapes.
			begin := beginnings(text[at:min(len(text), at+longestEscape)], mostLayers)
			if begin.has('+') {
				begin.add(' ')
			}
			for first := range begin.and(m.firsts) {
				end = longest(text, at, m.starts[first], end)
			}
		}
		switch last := len(spans) - 1; {
		case end == at:
		case last >= 0 && at <= spans[last].to:
			spans[last].to = max(spans[last].to, end)
		default:
			spans = append(spans, span{at, end})
		}
	}
	return spans
}

// longest returns where the longest of the secrets ends that begins here, or the given end.
func longest(text []byte, at int, secrets []string, end int) int {
	for _, secret := range secrets {
		end = max(end, at+matchSecret(text[at:], secret, mostLayers))
	}
	return end
}

// remove returns the text without secrets, and whether there was one. The text itself is not changed.
func (m *matcher) remove(text []byte) ([]byte, bool) {
	spans := m.find(text)
	if len(spans) == 0 {
		return text, false
	}
	var clean bytes.Buffer
	rest := 0
	for _, s := range spans {
		clean.Write(text[rest:s.from])
		clean.WriteString(Redacted)
		rest = s.to
	}
	clean.Write(text[rest:])
	return clean.Bytes(), true
}

// mostLayers is how often a text is taken to be escaped over: a request that is quoted in an error that is quoted in a
// link.
const mostLayers = 3

// matchSecret returns how much of the text's beginning is the secret; 0 where it does not begin with it.
func matchSecret(text []byte, secret string, layers int) int {
	read := 0
	for secret != "" {
		rest := text[read:]
		switch {
		case len(rest) == 0:
			return 0
		case isEscape(rest[0]):
			length := matchEscaped(rest, secret, layers)
			if length == 0 {
				return 0
			}
			return read + length
		case rest[0] != secret[0] && (rest[0] != '+' || secret[0] != ' '):
			return 0
		}
		read++
		secret = secret[1:]
	}
	return read
}

// matchEscaped matches a text that begins with what may be an escape, or may be itself, or may become an escape when
// another layer of escapes is taken off.
func matchEscaped(text []byte, secret string, layers int) int {
	meaning, length := readEscape(text)
	for _, way := range []struct {
		meaning string
		length  int
	}{{meaning, length}, {string(text[:1]), 1}} {
		rest, found := strings.CutPrefix(secret, way.meaning)
		if way.meaning == "+" && secret[0] == ' ' { // a space of a query, escaped once more
			rest, found = secret[1:], true
		}
		if !found || way.meaning == "" {
			continue
		}
		if rest == "" {
			return way.length
		}
		if more := matchSecret(text[way.length:], rest, layers); more > 0 {
			return way.length + more
		}
	}
	if layers == 0 || meaning != "" && !isEscape(meaning[0]) {
		return 0 // no other layer would make anything else of it
	}
	// A look at the beginning spares most texts the work of taking a layer off.
	head := text[:min(len(text), longestEscape)]
	begin := beginnings(head, layers)
	if !begin.has(secret[0]) && (secret[0] != ' ' || !begin.has('+')) {
		return 0
	}
	text = text[:min(len(text), longestEscape*(len(secret)+1))]
	for _, escape := range []byte(escapes) {
		if !shrinks(head, escape) {
			continue
		}
		plain, ends := unescape(text, escape)
		if length := matchSecret(plain, secret, layers-1); length > 0 {
			return ends[length-1]
		}
	}
	return 0
}

// beginnings are the bytes that a text may begin with that begins with an escape.
func beginnings(text []byte, layers int) (begin byteSet) {
	meaning, _ := readEscape(text)
	if meaning != "" {
		begin.add(meaning[0])
		if !isEscape(meaning[0]) {
			return begin
		}
	}
	if layers == 0 {
		return begin
	}
	for _, escape := range []byte(escapes) {
		if !shrinks(text, escape) {
			continue
		}
		meaning, _ := unescapeOne(text, escape)
		begin.add(meaning[0])
		if isEscape(meaning[0]) {
			var room [longestEscape]byte // enough, so that none has to be asked for
			plain := room[:0]
			for at := 0; at < len(text); {
				meaning, length := unescapeOne(text[at:], escape)
				plain = append(plain, meaning...)
				at += length
			}
			begin.join(beginnings(plain, layers-1))
		}
	}
	return begin
}
