package redact

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Matcher finds secrets in a text, whichever way they are written there: each character as it is or as an escape
// (percent, JSON, C, XML, HTML, quoted-printable), once or over again; inside base64 at any alignment, once or twice, and base32; as
// numbers, hexadecimal or decimal, whatever stands between them; in UTF-16. It is not changed once it is in use.
type Matcher struct {
	secrets  []string
	patterns []string // what they are looked for as
	known    map[string]bool
	starts   [256][]string        // the patterns that begin with a byte
	firsts   byteSet              // with which some do
	pairs    [256]byteSet         // by a byte, those with which it may be the beginning of a pattern
	numbers  map[[2]byte][]string // what is also looked for as numbers, by its first two bytes
	index    *index               // of the patterns
}

// newMatcher is a matcher of many secrets.
func newMatcher(secrets []string) *Matcher {
	m := &Matcher{known: map[string]bool{}, numbers: map[[2]byte][]string{}, index: newIndex(nil)}
	m.extend(secrets...)
	return m
}

// With is a matcher that finds the secrets too; the same one where it does so already.
func (m *Matcher) With(secrets ...string) *Matcher {
	if !slices.ContainsFunc(secrets, func(secret string) bool { return secret != "" && !m.finds(secret) }) {
		return m
	}
	more := &Matcher{secrets: slices.Clone(m.secrets), patterns: slices.Clone(m.patterns), known: maps.Clone(m.known), starts: m.starts,
		firsts: m.firsts, pairs: m.pairs, numbers: maps.Clone(m.numbers)}
	if more.known == nil {
		more.known, more.numbers = map[string]bool{}, map[[2]byte][]string{}
	}
	for first := range more.starts { // so that the matcher that shares them is not changed
		more.starts[first] = slices.Clip(more.starts[first])
	}
	more.extend(secrets...)
	more.index = newIndex(more.patterns) // a password alone has a hundred forms
	return more
}

// finds reports whether a secret is looked for already.
func (m *Matcher) finds(secret string) bool {
	return m.known[secret] && slices.Contains(m.secrets, secret)
}

// extend has secrets looked for by this matcher, which nobody else may have.
func (m *Matcher) extend(secrets ...string) {
	for _, secret := range secrets {
		if secret == "" || m.finds(secret) {
			continue
		}
		m.secrets = append(m.secrets, secret)
		for _, pattern := range forms(secret) {
			m.add(pattern)
		}
		for _, text := range append(base64Forms(secret), secret) {
			m.addNumbers(text)
		}
	}
}

// add has a pattern looked for that is not yet.
func (m *Matcher) add(pattern string) {
	if m.known[pattern] {
		return
	}
	m.known[pattern] = true
	m.patterns = append(m.patterns, pattern)
	m.starts[pattern[0]] = append(m.starts[pattern[0]], pattern)
	m.firsts.add(pattern[0])
	m.pair(pattern)
	if m.index != nil {
		m.index.add(pattern)
	}
}

// pair notes with which two bytes a pattern may begin: as it is, or with escapes, which may stand for anything.
func (m *Matcher) pair(pattern string) {
	for _, escape := range []byte(escapes + "+") {
		if escape == '\\' {
			m.pairs[escape].join(afterBackslash(pattern[0]))
		} else {
			m.pairs[escape] = everyByte()
		}
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

// holdsNone reports at little cost that no secret begins anywhere in a text.
func (m *Matcher) holdsNone(text string) bool {
	for at := range len(text) {
		if mayBegin(m, text, at) {
			return false
		}
	}
	return true
}

// mayBegin reports whether a secret may begin at a place of a text. It settles nearly every place where none does, at
// the price of one look.
func mayBegin[T string | []byte](m *Matcher, text T, at int) bool {
	next := byte(0) // at the end, where there is room for a secret of one byte, which any byte may follow
	if at+1 < len(text) {
		next = text[at+1]
	}
	return m.pairs[text[at]].has(next)
}

// span is a part of a text.
type span struct{ from, to int }

// find returns where secrets are: in order, without overlap. Secrets that overlap or touch make one span, so that no
// part of one is left beside another.
func (m *Matcher) find(text []byte) []span {
	var spans []span
	for at, start := range text {
		if !mayBegin(m, text, at) {
			continue
		}
		end := m.longestAt(text, at)
		if _, isDigit := hex(text, at, 1); isDigit {
			end = max(end, m.numbersAt(text, at))
		}
		switch start {
		case '+':
			end = longest(text, at, m.starts[' '], end)
		case '%', '\\', '&', '=':
			// What an escape may mean is read once, not for each pattern: bodies are full of escapes.
			begin := beginnings(text[at:min(len(text), at+longestEscape)], mostLayers)
			if begin.has('+') {
				begin.add(' ')
			}
			for first := range begin.and(m.firsts) {
				end = longest(text, at, m.starts[first], end)
			}
		}
		if end > at {
			spans = join(spans, span{at, end})
		}
	}
	return spans
}

// join adds a span that begins no earlier than the others.
func join(spans []span, next span) []span {
	if last := len(spans) - 1; last >= 0 && next.from <= spans[last].to {
		spans[last].to = max(spans[last].to, next.to)
		return spans
	}
	return append(spans, next)
}

// longest returns where the longest of the secrets ends that begins here, or the given end.
func longest(text []byte, at int, secrets []string, end int) int {
	for _, secret := range secrets {
		end = max(end, at+matchSecret(text[at:], secret, mostLayers))
	}
	return end
}

// Bytes returns the text without secrets, and whether there was one. The text itself is not changed.
func (m *Matcher) Bytes(text []byte) ([]byte, bool) {
	return without(text, m.find(text))
}

// without is a text with the placeholder for each of some spans, and whether there was one.
func without(text []byte, spans []span) ([]byte, bool) {
	if len(spans) == 0 {
		return text, false
	}
	var clean bytes.Buffer
	rest := 0
	for _, s := range spans {
		clean.Write(text[rest:s.from])
		clean.WriteString(Placeholder)
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
		case rest[0] == '=' && softBreak(rest) > 0:
			read += softBreak(rest)
			continue
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
	if isPlainSign(text) {
		begin.add(text[0])
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

// isPlainSign reports whether a text begins with a percent or an equals sign that stands for itself however many layers are
// taken off: what follows is no digit, and cannot become one. In addresses nearly every one is such.
func isPlainSign(text []byte) bool {
	if text[0] != '=' && text[0] != '%' {
		return false
	}
	for at := 1; at <= 2; at++ {
		if at == len(text) {
			return true
		}
		switch _, isDigit := hex(text, at, 1); {
		case isEscape(text[at]), text[0] == '%' && text[at]|0x20 == 'u':
			return false
		case !isDigit:
			return true
		}
	}
	return false
}

// String returns a text without secrets, and whether there was one. Most texts are short and have no place at which one
// may begin; those are not copied.
func (m *Matcher) String(text string) (string, bool) {
	if m.holdsNone(text) {
		return text, false
	}
	clean, found := m.Bytes([]byte(text))
	return string(clean), found
}

// clipped ends what was cut short for a reader.
const clipped = "…"

// leastCut is how much of a secret is not shown where a text was cut in the middle of it.
const leastCut = 4

// Cut removes what is left of a secret where a text was cut short in the middle of it.
func (m *Matcher) Cut(text string) string {
	parts := strings.Split(text, clipped)
	for i, part := range parts[:len(parts)-1] {
		if begun := m.begun(part); begun < len(part) {
			parts[i] = part[:begun] + Placeholder
		}
	}
	return strings.Join(parts, clipped)
}

// begun is where a secret begins that the end of a text cuts short; the end where none does.
func (m *Matcher) begun(text string) int {
	const most = 6 // bytes that a byte of a secret is written as, as a rule
	begin := len(text)
	if at := strings.LastIndexAny(text, escapes); at >= 0 && len(text)-at < longestEscape {
		if meaning, _ := readEscape([]byte(text[at:])); meaning == "" {
			text = text[:at] // an escape that is cut short itself
		}
	}
	end := []byte(text)
	for _, secret := range append(slices.Clone(m.secrets), m.patterns...) {
		for at := max(0, len(text)-most*len(secret)); at <= min(begin-1, len(text)-leastCut); at++ {
			if !mayBegin(m, text, at) {
				continue
			}
			likely := false // no beginning is there whole of which a shorter one is not, but in the middle of a character
			for length := leastCut; length < len(secret) && (likely || length < leastCut+utf8.UTFMax); length++ {
				matched := matchSecret(end[at:], secret[:length], mostLayers)
				likely = likely || matched > 0
				if matched == len(text)-at {
					begin = at
				}
			}
		}
	}
	return begin
}
