package material

import (
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// OwnTerms are up to most terms of a filter of the account's own drives by which some of these are found and some are not: of texts
// in ASCII, or beyond it. How name__contains compares case is left open, so that a part is chosen for which that is all the same.
func OwnTerms(own []judge.Drive, filter string, beyond bool, most int) (terms []Term) {
	own = judge.Unique(own)
	for _, value := range unequal(ownValues(own, filter)) {
		text := plain(value)
		if beyond {
			text = beyondASCII(value)
		}
		t := Where(filter, value)
		n, anyCase := len(Matching(own, t)), 0
		for _, drive := range own {
			if strings.Contains(strings.ToLower(drive.Name), strings.ToLower(value)) {
				anyCase++
			}
		}
		alike := filter != "name__contains" || n == anyCase && !foldsDifferently(own, value)
		if text && alike && n > 0 && n < len(own) && len(terms) < most {
			terms = append(terms, t)
		}
	}
	return terms
}

// ownValues are what a filter may be asked for.
func ownValues(own []judge.Drive, filter string) (values []string) {
	for _, drive := range own {
		switch filter {
		case "uuid":
			values = append(values, drive.UUID)
		case "name":
			values = append(values, drive.Name)
		case "name__contains":
			for _, word := range strings.FieldsFunc(drive.Name, func(r rune) bool { return !unicode.IsLetter(r) }) {
				if letters := []rune(word); len(letters) > 3 {
					values = append(values, string(letters[1:])) // within a word: it begins no name
				}
			}
		}
	}
	return values
}
