package evidence

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf16"
)

// escapes are the bytes with which escapes begin.
const escapes = `%\&`

// longestEscape is longer than what a character becomes by being escaped over and over.
const longestEscape = 40

func isEscape(b byte) bool { return b == '%' || b == '\\' || b == '&' }

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
	case '\\':
		return readBackslash(text)
	case '&':
		return readEntity(text)
	}
	return "", 0
}

// readBackslash reads what JSON and its kin write: \", \/, \n, \u00e4, \ud83d\ude00, \x27.
func readBackslash(text []byte) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	switch letter := text[1]; letter {
	case '"', '\'', '/', '\\':
		return string(text[1:2]), 2
	case 'x':
		if value, ok := hex(text, 2, 2); ok {
			return string([]byte{byte(value)}), 4
		}
	case 'u':
		return readUnicode(text)
	default:
		if at := strings.IndexByte(controlLetters, letter); at >= 0 {
			return controls[at : at+1], 2
		}
	}
	return "", 0
}

// controlLetters are the letters that stand for controls after a backslash, in the same order.
const controlLetters, controls = "bfnrt", "\b\f\n\r\t"

// readUnicode reads \u00e4, or two of them that are one character beyond the first 65,536.
func readUnicode(text []byte) (string, int) {
	first, ok := hex(text, 2, 4)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := hex(text, 8, 4); ok && text[6] == '\\' && text[7] == 'u' {
			return string(utf16.DecodeRune(first, second)), 12
		}
	}
	return string(first), 6
}

// readEntity reads what XML and HTML write: &amp;, &quot;, &#228;, &#xE4;.
func readEntity(text []byte) (string, int) {
	const longest = 12
	length := bytes.IndexByte(text[:min(len(text), longest)], ';') + 1
	entity := string(text[:length])
	if meaning := html.UnescapeString(entity); meaning != entity {
		return meaning, length
	}
	return "", 0
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
