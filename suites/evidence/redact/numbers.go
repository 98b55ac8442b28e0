package redact

import (
	"bytes"
	"strconv"
	"strings"
)

// leastNumbers is the least length of what is looked for as numbers: two or three bytes in hexadecimal stand in any uuid.
const leastNumbers = 4

// addNumbers has a secret looked for as the numbers of its bytes: 70617373, 70:61:73:73, 0x70, 0x61, [112, 97, 115].
func (m *Matcher) addNumbers(secret string) {
	if len(secret) < leastNumbers {
		return
	}
	for _, text := range []string{secret, strings.ToUpper(secret)} {
		beginning := [2]byte{text[0], text[1]}
		if text != secret && (len(secret) < leastDigest || strings.Trim(secret, "0123456789abcdef") != "") {
			continue // only digits of a hash are written in either case
		}
		m.numbers[beginning] = append(m.numbers[beginning][:len(m.numbers[beginning]):len(m.numbers[beginning])], text)
		const low, high = "0123456789abcdef", "0123456789ABCDEF"
		for _, digits := range []string{low, high} {
			m.pairs[digits[text[0]>>4]].add(low[text[0]&15])
			m.pairs[digits[text[0]>>4]].add(high[text[0]&15])
		}
		if decimal := strconv.Itoa(int(text[0])); len(decimal) > 1 {
			m.pairs[decimal[0]].add(decimal[1])
		}
	}
}

// numbersAt returns where the longest of the secrets ends that begins here as numbers, or 0 where none does.
func (m *Matcher) numbersAt(text []byte, at int) (end int) {
	if len(m.numbers) == 0 {
		return 0
	}
	for _, read := range []func([]byte, int) (byte, int){hexByte, decimalByte} {
		first, next := read(text, at)
		if next == 0 {
			continue
		}
		second, _ := read(text, between(text, next))
		for _, secret := range m.numbers[[2]byte{first, second}] {
			end = max(end, matchNumbers(text, at, secret, read))
		}
	}
	return end
}

// matchNumbers returns where a secret ends that is written as numbers; 0 where it is not.
func matchNumbers(text []byte, at int, secret string, read func([]byte, int) (byte, int)) int {
	end := at
	for i := range len(secret) {
		if i > 0 {
			at = between(text, end)
		}
		value, next := read(text, at)
		if next == 0 || value != secret[i] {
			return 0
		}
		end = next
	}
	return end
}

// between is the place after what may stand between two numbers.
func between(text []byte, at int) int {
	const most = 4
	for end := min(len(text), at+most); at < end && bytes.IndexByte([]byte(" :,;-_.\t\r\n"), text[at]) >= 0; {
		at++
	}
	if at+1 < len(text) && text[at] == '0' && text[at+1]|0x20 == 'x' {
		at += 2
	}
	return at
}

// hexByte reads two hexadecimal digits, and says where they end; 0 where there are none.
func hexByte(text []byte, at int) (byte, int) {
	value, ok := hex(text, at, 2)
	if !ok {
		return 0, 0
	}
	return byte(value), at + 2
}

// decimalByte reads a number up to 255 that stands by itself, and says where it ends; 0 where there is none.
func decimalByte(text []byte, at int) (byte, int) {
	isDigit := func(at int) bool { return at >= 0 && at < len(text) && text[at] >= '0' && text[at] <= '9' }
	if isDigit(at - 1) {
		return 0, 0
	}
	value, end := 0, at
	for ; isDigit(end) && end < at+3; end++ {
		value = 10*value + int(text[end]-'0')
	}
	if end == at || value > 0xff || isDigit(end) {
		return 0, 0
	}
	return byte(value), end
}
