package redact

import (
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// forms are what a secret is looked for as: itself, and what it becomes in encodings that leave no byte of it in its
// place. Escapes are taken off where a text is looked at, and need no form.
func forms(secret string) []string {
	all := []string{secret}
	if len(secret) >= leastDigest && strings.Trim(strings.ToLower(secret), "0123456789abcdef") == "" {
		all = append(all, strings.ToLower(secret), strings.ToUpper(secret)) // digits of a hash, in either case
	}
	once := base64Forms(secret)
	all = append(all, once...)
	all = append(all, base32Forms(secret)...)
	for _, form := range append(once, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)) {
		all = append(all, base64Forms(form)...)
	}
	for _, wide := range wideForms(secret) {
		all = append(all, wide)
		all = append(all, base64Forms(wide)...)
	}
	return all
}

// leastDigest is the least length of hexadecimal digits that are a hash rather than a word.
const leastDigest = 16

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

// base32Forms are the letters that a secret becomes in base32, in either case, as base64Forms are for base64.
func base32Forms(secret string) []string {
	var result []string
	for before := range 5 {
		text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append(make([]byte, before), secret...))
		text = text[(before*8+4)/5:]
		if (before+len(secret))%5 != 0 {
			text = text[:len(text)-1]
		}
		if len(text) >= shortest {
			result = append(result, text, strings.ToLower(text))
		}
	}
	return result
}

// wideForms are a secret in UTF-16, in either order of bytes, without the zero that may stand before or after it.
func wideForms(secret string) []string {
	if len(secret) < 2 || !utf8.ValidString(secret) {
		return nil
	}
	var little, big strings.Builder
	for _, unit := range utf16.Encode([]rune(secret)) {
		little.Write([]byte{byte(unit), byte(unit >> 8)})
		big.Write([]byte{byte(unit >> 8), byte(unit)})
	}
	return []string{strings.TrimSuffix(little.String(), "\x00"), strings.TrimPrefix(big.String(), "\x00")}
}
