package material

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// The generators of hostile inputs. The same seed makes the same inputs.

// pieces are what hostile inputs are made of, escaped as they are sent.
var pieces = [...]string{
	"%00", "%27", "%22", "%25", "%2C", ",", "%5C", "%20", "%09", "%0a", "%ff", "%C3%A9", "%E4%B8%AD", "%F0%9F%92%A9", "%E2%80%8B", "-", "_", ".", "*",
	"0", "7", "99999999", "a", "Z", "ff", "=", "%3D", "(", ")", "%3B", "--", "OR", "NULL", "1e9", "%3C", "%7B", "$", "%7C", "+",
}

// generate are n inputs by chance. mutate makes one, or "" where what came out is not hostile after all; which keeps kinds of
// inputs from being made alike.
func generate(lib *judge.Library, which uint64, n int, mutate func(random *rand.Rand) string) []string {
	random := rand.New(rand.NewPCG(lib.Seed, which))
	var inputs []string
	for range 50 * n { // far more than it takes
		if len(inputs) == n {
			break
		}
		if input := mutate(random); input != "" {
			inputs = append(inputs, input)
		}
	}
	return inputs
}

func pile(random *rand.Rand, most int) string {
	var text strings.Builder
	for range 1 + random.IntN(most) {
		text.WriteString(pieces[random.IntN(len(pieces))])
	}
	return text.String()
}

// MadeUUIDs are uuids with a few mistakes each.
func MadeUUIDs(lib *judge.Library, n int) []string {
	return generate(lib, 11, n, func(random *rand.Rand) string {
		text := RandomUUID(lib)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(text))
			switch random.IntN(4) {
			case 0:
				text = text[:at] + text[at+1:]
			case 1:
				text = text[:at] + text[at:at+1] + text[at:]
			case 2:
				text += text[at:]
			default:
				text = text[:at] + pile(random, 3) + text[at:]
			}
		}
		if !MustBeRefused(text) {
			return ""
		}
		return text
	})
}

// MadeNumbers are limits and offsets that are no numbers, or odd ones.
func MadeNumbers(lib *judge.Library, n int) []string {
	return generate(lib, 12, n, func(random *rand.Rand) string {
		if random.IntN(3) == 0 {
			return strings.Repeat(string(rune('1'+random.IntN(9))), 1+random.IntN(60))
		}
		return pile(random, 4)
	})
}

// MadeValues are filter values, some of them long.
func MadeValues(lib *judge.Library, n int) []string {
	return generate(lib, 13, n, func(random *rand.Rand) string {
		text := pile(random, 8)
		if random.IntN(4) == 0 {
			text = strings.Repeat(text, 1+4000/len(text))
		}
		return text
	})
}

// NamesBeyondASCII are up to most names with characters beyond ASCII and no comma or backslash.
func NamesBeyondASCII(lib *judge.Library, most int) []string {
	var names []string
	for _, drive := range lib.List().Drives {
		if beyondASCII(drive.Name) {
			names = append(names, drive.Name)
		}
	}
	return firstDistinct(names, most)
}

// WordsBeyondASCII are up to most words of such names that only those names hold, in the case they are searched in:
// how letters beyond ASCII are distinguished by case is left open.
func WordsBeyondASCII(lib *judge.Library, most int) []string {
	drives := lib.List().Drives
	var found []string
	for _, name := range NamesBeyondASCII(lib, len(drives)) {
		for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) {
			if len(found) == most || slices.Contains(found, word) {
				continue
			}
			exact := 0
			for _, drive := range drives {
				if strings.Contains(drive.Name, word) {
					exact++
				}
			}
			if beyondASCII(word) && !foldsDifferently(drives, word) && exact == len(Matching(drives, Term{"name__icontains", []string{word}})) {
				found = append(found, word)
			}
		}
	}
	return found
}

// WordsInOtherCase are up to most words of names, with letters beyond ASCII that are capitals where the name has small ones and
// small where it has capitals: letters of which there is just one of each kind, as far as scripts in wide use have them.
func WordsInOtherCase(lib *judge.Library, most int) []string {
	drives := lib.List().Drives
	var found []string
	for _, name := range NamesBeyondASCII(lib, len(drives)) {
		for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
			other := SwapCase(word)
			if len(found) < most && !slices.Contains(found, other) && beyondASCII(other) && !strings.ContainsFunc(word, oneCased) && len(Matching(drives, Where("name__icontains", other))) < len(drives) {
				found = append(found, other)
			}
		}
	}
	return found
}

// oneCased reports whether a letter has no other case, or one that is not the same everywhere.
func oneCased(r rune) bool {
	small, capital := unicode.ToLower(r), unicode.ToUpper(r)
	return small == capital || unicode.ToUpper(small) != capital || unicode.ToLower(capital) != small ||
		r > '\u045F' || strings.ContainsRune(double, r) || strings.ContainsRune("ſıİς", r)
}

// ValuesBeyondASCII are up to most values of a field with characters beyond ASCII by which some drives are found and some are not.
func ValuesBeyondASCII(lib *judge.Library, field string, most int) (values []string) {
	drives := lib.List().Drives
	for _, drive := range drives {
		for _, value := range drive.Look().Strings(field) {
			if len(values) < most && !slices.Contains(values, value) && beyondASCII(value) && len(value) <= judge.LongestShown && len(Matching(drives, Where(field, value))) < len(drives) {
				values = append(values, value)
			}
		}
	}
	return values
}

func beyondASCII(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) && !strings.ContainsAny(text, `,\`) && !judge.Redacted(text)
}
