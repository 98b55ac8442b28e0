package judge

import (
	"strconv"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/minimize"
)

// units are the least parts of an escaped input: an escaped character beyond ASCII, an escape, or a character.
func units(input string) []string {
	var parts []string
	for at := 0; at < len(input); {
		length := unitLength(input[at:])
		parts = append(parts, input[at:at+length])
		at += length
	}
	return parts
}

func unitLength(text string) int {
	first, escaped := unescaped(text)
	if !escaped {
		_, length := utf8.DecodeRuneInString(text)
		return length
	}
	const escape = len("%c3")
	length := escape
	for first >= 0xc0 {
		if next, more := unescaped(text[length:]); !more || next&0xc0 != 0x80 {
			break
		}
		length += escape
	}
	return length
}

// unescaped is the byte that an escape at the beginning of a text stands for.
func unescaped(text string) (b byte, escaped bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[1:3], 16, 8)
	return byte(n), err == nil
}

// mostAtOnce is how many candidates are asked for at once: each round of requests costs a round trip.
const mostAtOnce = 15

// minimize looks for the smallest part of an input that still does harm. Candidates that were not sent yet are wanted by
// being looked at, and the search goes on when the body runs again; meanwhile it returns the smallest known.
func (lib *Library) minimize(input string, harms func(candidate string) (harm, known bool)) string {
	return minimize.Search{AtOnce: mostAtOnce, Harms: harms}.Smallest(units(input))
}
