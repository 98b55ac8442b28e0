package redact

import (
	"bytes"
	"html"
	"strings"
	"unicode"
	"unicode/utf16"
)

// escapes are the bytes with which escapes begin.
const escapes = `%\&=`

// longestEscape is longer than what a character becomes by being escaped over and over.
const longestEscape = 40

func isEscape(b byte) bool { return b == '%' || b == '\\' || b == '&' || b == '=' }

// shrinks reports whether a text has escapes of a kind.
func shrinks(text []byte, escape byte) bool {
	for at, b := range text {
		if b == escape {
			if meaning, _ := readEscape(text[at:]); meaning != "" {
				return true
			}
		}
	}
	return false
}

// unescape takes one layer of one kind of escapes off, and says for each byte where it ends in the text.
func unescape(text []byte, escape byte) (plain []byte, ends []int) {
	plain, ends = make([]byte, 0, len(text)), make([]int, 0, len(text))
	for at := 0; at < len(text); {
		meaning, length := unescapeOne(text[at:], escape)
		at += length
		for range len(meaning) {
			ends = append(ends, at)
		}
		plain = append(plain, meaning...)
	}
	return plain, ends
}

// unescapeOne is what a text begins with when a layer of one kind of escapes is taken off, and its length in the text.
func unescapeOne(text []byte, escape byte) (meaning string, length int) {
	if text[0] == escape {
		if meaning, length := readEscape(text); meaning != "" {
			return meaning, length
		}
	}
	return string(text[:1]), 1
}

// readEscape returns what the escape at the beginning of a text stands for, and its length; an empty meaning where it
// is none.
func readEscape(text []byte) (string, int) {
	switch text[0] {
	case '%':
		if value, ok := hex(text, 1, 2); ok {
			return string([]byte{byte(value)}), 3
		}
		if len(text) > 1 && text[1]|0x20 == 'u' {
			return readUnicode(text, text[1])
		}
	case '=': // quoted-printable
		if value, ok := hex(text, 1, 2); ok {
			return string([]byte{byte(value)}), 3
		}
	case '\\':
		return readBackslash(text)
	case '&':
		return readEntity(text)
	}
	return "", 0
}

// softBreak is the length of a line break that quoted-printable puts into a text; 0 where there is none.
func softBreak(text []byte) int {
	for _, line := range []string{"=\r\n", "=\n"} {
		if bytes.HasPrefix(text, []byte(line)) {
			return len(line)
		}
	}
	return 0
}

// readBackslash reads what JSON, C and their kin write: \", \/, \n, \u00e4, \ud83d\ude00, \u{e4}, \U000000e4, \x27, \x{27},
// \047, \0047.
func readBackslash(text []byte) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	switch letter := text[1]; letter {
	case '"', '\'', '/', '\\':
		return string(text[1:2]), 2
	case 'x', 'u':
		if len(text) > 2 && text[2] == '{' {
			return readBraces(text, letter == 'x')
		}
		if letter == 'u' {
			return readUnicode(text, 'u')
		}
		if value, ok := hex(text, 2, 2); ok {
			return string([]byte{byte(value)}), 4
		}
	case 'U':
		if value, ok := hex(text, 2, 8); ok {
			return string(value), 10
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return readOctal(text)
	default:
		if at := strings.IndexByte(controlLetters, letter); at >= 0 {
			return controls[at : at+1], 2
		}
	}
	return "", 0
}

// controlLetters are the letters that stand for controls after a backslash, in the same order.
const controlLetters, controls = "abfnrtv", "\a\b\f\n\r\t\v"

// afterBackslash are the bytes with which a backslash may become a byte: all but those that are known to be another one.
func afterBackslash(becomes byte) byteSet {
	set := everyByte()
	if becomes == '\\' {
		return set
	}
	for _, letter := range []byte(controlLetters + `"'/`) {
		if meaning, _ := readBackslash([]byte{'\\', letter}); meaning[0] != becomes {
			set.remove(letter)
		}
	}
	return set
}

// readOctal reads one to three octal digits, or a zero and three of them as some shells write it.
func readOctal(text []byte) (string, int) {
	value, length := 0, 1
	for most := 4; length < min(len(text), most) && text[length] >= '0' && text[length] <= '7'; length++ {
		value = value<<3 | int(text[length]-'0')
		if text[1] == '0' {
			most = 5
		}
	}
	if value > 0xff {
		return "", 0
	}
	return string([]byte{byte(value)}), length
}

// readBraces reads \u{e4}, and \x{27}, which below 256 is a byte to some and a character to others: below 128 it is both.
func readBraces(text []byte, isByte bool) (string, int) {
	end := bytes.IndexByte(text[:min(len(text), 12)], '}')
	if end < 4 {
		return "", 0
	}
	value, ok := hex(text, 3, end-3)
	switch {
	case !ok || value < 0:
		return "", 0
	case isByte && value < 0x100:
		return string([]byte{byte(value)}), end + 1
	}
	return string(value), end + 1
}

// readUnicode reads \u00e4, or two of them that are one character beyond the first 65,536; or %u00e4 in the same way.
func readUnicode(text []byte, letter byte) (string, int) {
	first, ok := hex(text, 2, 4)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := hex(text, 8, 4); ok && text[6] == text[0] && text[7] == letter {
			return string(utf16.DecodeRune(first, second)), 12
		}
	}
	return string(first), 6
}

// readEntity reads what XML and HTML write: &amp;, &quot;, &#228;, &#xE4;, &#0000228;, and all of them without the
// semicolon as far as browsers do.
func readEntity(text []byte) (string, int) {
	if len(text) > 1 && text[1] == '#' {
		return readCharacter(text)
	}
	const longest = 12
	length := bytes.IndexByte(text[:min(len(text), longest)], ';') + 1
	entity := string(text[:length])
	if meaning := html.UnescapeString(entity); meaning != entity {
		return meaning, length
	}
	for _, known := range []struct{ entity, meaning string }{{"&amp", "&"}, {"&quot", `"`}, {"&lt", "<"}, {"&gt", ">"}} {
		if bytes.HasPrefix(text, []byte(known.entity)) && !escapedNext(text, len(known.entity)) {
			return known.meaning, len(known.entity)
		}
	}
	return "", 0
}

// readCharacter reads a character by its number.
func readCharacter(text []byte) (string, int) {
	at, base := 2, rune(10)
	if len(text) > 2 && text[2]|0x20 == 'x' {
		at, base = 3, 16
	}
	begin, value := at, rune(0)
	for ; at < min(len(text), begin+10); at++ {
		digit, ok := hex(text, at, 1)
		if !ok || digit >= base {
			break
		}
		if value = value*base + digit; value > unicode.MaxRune {
			return "", 0
		}
	}
	if at == begin {
		return "", 0
	}
	switch {
	case at < len(text) && text[at] == ';':
		at++
	case escapedNext(text, at):
		return "", 0
	}
	return string(value), at
}

// escapedNext reports whether an escape follows, which may stand for the semicolon: another layer has to be taken off first.
func escapedNext(text []byte, at int) bool {
	return at < len(text) && (text[at] == '%' || text[at] == '\\')
}

// hex reads so many hexadecimal digits.
func hex(text []byte, at, digits int) (rune, bool) {
	if at+digits > len(text) {
		return 0, false
	}
	value := rune(0)
	for _, digit := range text[at : at+digits] {
		switch {
		case digit >= '0' && digit <= '9':
			digit -= '0'
		case digit|0x20 >= 'a' && digit|0x20 <= 'f':
			digit = digit | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		value = value<<4 | rune(digit)
	}
	return value, true
}
