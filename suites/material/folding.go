package material

import (
	"slices"
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// foldsDifferently reports whether one database may find a text in one of the names and another not: beyond ASCII they fold
// letters differently, "ſ" to "s", "É" to "e", "ß" to "ss", or none of it.
func foldsDifferently(drives []judge.Drive, text string) bool {
	return slices.ContainsFunc(drives, func(drive judge.Drive) bool {
		if !hasFoldable(drive.Name) && !hasFoldable(text) || strings.Contains(lowerASCII(drive.Name), lowerASCII(text)) {
			return false
		}
		const most = 300 // letters of a name; of a longer one it is left open
		name, part := []rune(drive.Name), []rune(text)
		if len(name) > most {
			return true
		}
		for i := range name {
			if mayBegin(name[i:], part) {
				return true
			}
		}
		return false
	})
}

// foldable reports whether a letter may be taken for another one: one of the Latin script beyond ASCII, or a mark on the
// letter before it.
func foldable(r rune) bool {
	return r > unicode.MaxASCII && (unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Mn, r))
}

func hasFoldable(text string) bool { return strings.ContainsFunc(text, foldable) }

// double are the letters that may be taken for two.
const double = "ßẞæÆœŒþÞĳĲ"

// mayBegin reports whether some database may take a name to begin with a text.
func mayBegin(name, text []rune) bool {
	for len(text) > 0 && len(name) > 0 {
		a, b := name[0], text[0]
		switch {
		case unicode.Is(unicode.Mn, a):
			name = name[1:]
			continue
		case unicode.Is(unicode.Mn, b):
			text = text[1:]
			continue
		case strings.ContainsRune(double, a) && len(text) > 1 && mayBegin(name[1:], text[2:]):
			return true
		case strings.ContainsRune(double, b) && len(name) > 1 && mayBegin(name[2:], text[1:]):
			return true
		case foldable(a) && unicode.IsLetter(b), foldable(b) && unicode.IsLetter(a):
		case unicode.ToLower(a) != unicode.ToLower(b):
			return false
		}
		name, text = name[1:], text[1:]
	}
	return len(text) == 0
}

// lowerASCII is a text in which just the letters of ASCII are small ones.
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return r
		}
		return unicode.ToLower(r)
	}, text)
}
