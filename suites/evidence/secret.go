package evidence

import (
	"bytes"
	"encoding/base64"
	"html"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// matcher finds secrets in a text, whichever way each of their characters is written there. It is not changed once it
// is in use.
type matcher struct {
	patterns []string
	starts   [256][]string // the patterns that begin with a byte
}

// with is a matcher that finds the secret too.
func (m *matcher) with(secrets ...string) *matcher {
	more := &matcher{patterns: slices.Clone(m.patterns), starts: m.starts}
	for _, secret := range secrets {
		for _, pattern := range forms(secret) {
			if slices.Contains(more.patterns, pattern) {
				continue
			}
			more.patterns = append(more.patterns, pattern)
			// Clipped, so that a matcher that shares the list is not changed.
			more.starts[pattern[0]] = append(slices.Clip(more.starts[pattern[0]]), pattern)
		}
	}
	return more
}

// forms are the texts that a secret is looked for as: itself, and what base64 makes of it.
func forms(secret string) []string {
	if secret == "" {
		return nil
	}
	return append(base64Forms(secret), secret)
}

// base64Forms are the letters that a secret becomes in base64, wherever in the encoded text it begins. The letters at
// either end that it shares with its neighbours are left out. A form so short that it could stand for anything is not
// looked for.
func base64Forms(secret string) []string {
	const shortest = 6
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
	var at, end int
	// What an escape may mean is read once, not for each pattern: bodies are full of escapes.
	meaning := func(_ int, meaning string) int {
		if meaning != "" {
			end = m.longest(text, at, meaning[0], end)
		}
		return 0
	}
	for at = range text {
		start := text[at]
		end = m.longest(text, at, start, at)
		switch start {
		case '+':
			end = m.longest(text, at, ' ', end)
		case '%', '\\', '&':
			waysOf(start)(text[at:], meaning)
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

// longest returns where the longest secret ends that begins here with the byte, or the given end.
func (m *matcher) longest(text []byte, at int, start byte, end int) int {
	for _, pattern := range m.starts[start] {
		end = max(end, at+matchSecret(text[at:], pattern))
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

// matchSecret returns how much of the text's beginning is the secret; 0 where it does not begin with it.
func matchSecret(text []byte, secret string) int {
	read := 0
	for secret != "" {
		rest := text[read:]
		switch {
		case len(rest) == 0:
			return 0
		case rest[0] == '%', rest[0] == '\\', rest[0] == '&':
			return matchEscaped(text, read, secret)
		case rest[0] != secret[0] && (rest[0] != '+' || secret[0] != ' '):
			return 0
		}
		read++
		secret = secret[1:]
	}
	return read
}

// matchEscaped goes on where the text may write a character in some other way, or mean the byte itself.
func matchEscaped(text []byte, read int, secret string) int {
	try := func(length int, meaning string) int {
		if length == 0 || len(meaning) == 0 || len(secret) < len(meaning) || secret[:len(meaning)] != meaning {
			return 0
		}
		read, secret := read+length, secret[len(meaning):]
		if secret == "" {
			return read
		}
		if more := matchSecret(text[read:], secret); more > 0 {
			return read + more
		}
		return 0
	}
	rest := text[read:]
	if end := waysOf(rest[0])(rest, try); end > 0 {
		return end
	}
	return try(1, string(rest[:1]))
}

// waysOf returns what tries every character that an escape at the beginning of a text may stand for, with its length
// there, until one leads to a match.
func waysOf(escape byte) func(text []byte, try func(int, string) int) int {
	switch escape {
	case '%':
		return percentWays
	case '\\':
		return backslashWays
	}
	return entityWays
}

// most is how often a text is taken to be escaped over: a request that is quoted in an error that is quoted in a log.
const most = 3

// percentWays reads %7B, and %257B, which is the same escaped once more.
func percentWays(text []byte, try func(int, string) int) int {
	at := 1
	for range most {
		if value, ok := hex(text, at, 2); ok {
			if end := try(at+2, string([]byte{byte(value)})); end > 0 {
				return end
			}
			if value == '+' { // a space, escaped as + and then once more
				if end := try(at+2, " "); end > 0 {
					return end
				}
			}
		}
		if !bytes.HasPrefix(text[at:], []byte("25")) {
			return 0
		}
		at += 2
	}
	return 0
}

// backslashWays reads what JSON and its kin write: \", \/, \n, \u00e4, \ud83d\ude00, \x27; and the same escaped once
// more, which doubles the backslashes.
func backslashWays(text []byte, try func(int, string) int) int {
	slashes := 0
	for slashes < min(len(text), 1<<most) && text[slashes] == '\\' {
		slashes++
	}
	for _, n := range []int{8, 4, 2} {
		if n <= slashes {
			if end := try(n, `\`); end > 0 {
				return end
			}
		}
	}
	if slashes == len(text) || slashes == 1<<most {
		return 0
	}
	switch letter := text[slashes]; letter {
	case '"', '\'', '/':
		return try(slashes+1, string(letter))
	case 'x':
		if value, ok := hex(text, slashes+1, 2); ok {
			return try(slashes+3, string([]byte{byte(value)}))
		}
	case 'u':
		length, r := unicodeEscape(text, slashes)
		return try(length, string(r))
	default:
		if at := strings.IndexByte(controlLetters, letter); at >= 0 {
			return try(slashes+1, controls[at:at+1])
		}
	}
	return 0
}

// controlLetters are the letters that stand for controls after a backslash, in the same order.
const controlLetters, controls = "bfnrt", "\b\f\n\r\t"

// unicodeEscape reads \u00e4, or two of them that are one character beyond the first 65,536.
func unicodeEscape(text []byte, slashes int) (int, rune) {
	first, ok := hex(text, slashes+1, 4)
	if !ok {
		return 0, 0
	}
	length := slashes + 5
	if !utf16.IsSurrogate(rune(first)) {
		return length, rune(first)
	}
	if second, ok := hex(text, length+slashes+1, 4); ok && text[length] == '\\' && text[length+slashes] == 'u' {
		return 2 * length, utf16.DecodeRune(rune(first), rune(second))
	}
	return length, utf8.RuneError
}

// entityWays reads what XML and HTML write: &amp;, &quot;, &#228;, &#xE4;, and &amp;quot;, which is escaped once more.
func entityWays(text []byte, try func(int, string) int) int {
	const longest = 12
	at := 1
	for range most {
		length := bytes.IndexByte(text[at:min(len(text), at+longest)], ';') + 1
		if length == 0 {
			return 0
		}
		entity := "&" + string(text[at:at+length])
		if meaning := html.UnescapeString(entity); meaning != entity {
			if end := try(at+length, meaning); end > 0 {
				return end
			}
		}
		if entity != "&amp;" {
			return 0
		}
		at += length
	}
	return 0
}

// hex reads so many hexadecimal digits.
func hex(text []byte, at, digits int) (uint64, bool) {
	if at < 0 || at+digits > len(text) {
		return 0, false
	}
	value := uint64(0)
	for _, digit := range text[at : at+digits] {
		place := strings.IndexByte("0123456789abcdef", digit|0x20)
		if place < 0 || digit < '0' {
			return 0, false
		}
		value = value<<4 | uint64(place)
	}
	return value, true
}
