package material

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// Term is a filter with its values, any of which matches.
type Term struct {
	Filter string
	values []string
}

// Where is a term.
func Where(filter string, values ...string) Term { return Term{filter, values} }

// Query writes the term as it is sent: commas and the backslashes before them escaped, the values split by commas.
func (t Term) Query() string {
	escaped := make([]string, len(t.values))
	for i, value := range t.values {
		escaped[i] = EscapeValue(value)
	}
	return FilterQuery(t.Filter, strings.Join(escaped, ","))
}

// UnderEscapedBackslash is the value after a comma that splits although a backslash stands before it, for that one is escaped
// by another. What stands before the comma matches nothing.
func UnderEscapedBackslash(lib *judge.Library, filter, value string) string {
	return FilterQuery(filter, "no-such-"+filter+"-"+RandomUUID(lib)+`\\,`+EscapeValue(value))
}

// String names the term as a person would: arch "64", os "linux" or "windows".
func (t Term) String() string {
	quoted := make([]string, len(t.values))
	for i, value := range t.values {
		quoted[i] = fmt.Sprintf("%q", value)
	}
	return t.Filter + " " + strings.Join(quoted, " or ")
}

// matches reports whether the drive is to be returned. A list field matches when one of its entries does; null matches
// no value.
func (t Term) matches(drive judge.Drive) bool {
	if field, contains := strings.CutSuffix(t.Filter, "__icontains"); contains {
		text := drive.Look().Lowered(field)
		return slices.ContainsFunc(t.values, func(value string) bool { return strings.Contains(text, strings.ToLower(value)) })
	}
	if field, contains := strings.CutSuffix(t.Filter, "__contains"); contains {
		text := drive.Field(field).Str
		return slices.ContainsFunc(t.values, func(value string) bool { return strings.Contains(text, value) })
	}
	return slices.ContainsFunc(drive.Look().Strings(t.Filter), func(text string) bool { return slices.Contains(t.values, text) })
}

// Matching are the drives that match every term.
func Matching(drives []judge.Drive, terms ...Term) []judge.Drive {
	var found []judge.Drive
	for _, drive := range drives {
		if matchesAll(terms, drive) {
			found = append(found, drive)
		}
	}
	return found
}

// Fitting are the library's drives that match every term, each once. Which they are is found out once.
func Fitting(lib *judge.Library, terms ...Term) []judge.Drive {
	places := placesOf(lib, terms)
	found := make([]judge.Drive, 0, places.n)
	for i, drive := range Distinct(lib) {
		if places.bits[i/64]&(1<<(i%64)) != 0 {
			found = append(found, drive)
		}
	}
	return found
}

// CountFitting is how many these are.
func CountFitting(lib *judge.Library, terms ...Term) int { return placesOf(lib, terms).n }

// places are where some drives stand among the library's drives: a bit for each of these, for there are many.
type places struct {
	bits []uint64
	n    int
}

// placesOf are those of the drives that match every term.
func placesOf(lib *judge.Library, terms []Term) places {
	key := "drives of"
	for _, t := range terms {
		key += " " + t.Query()
	}
	return judge.Memoize(lib, key, func([]judge.Drive) places {
		drives := Distinct(lib)
		found := places{bits: make([]uint64, (len(drives)+63)/64)}
		for i, drive := range drives {
			if matchesAll(terms, drive) {
				found.bits[i/64] |= 1 << (i % 64)
				found.n++
			}
		}
		return found
	})
}

// matchesSome reports whether a term matches some drives and some not.
func matchesSome(drives []judge.Drive, t Term) bool {
	return slices.ContainsFunc(drives, t.matches) && slices.ContainsFunc(drives, func(drive judge.Drive) bool { return !t.matches(drive) })
}

// matchesAll reports whether a drive matches every term.
func matchesAll(terms []Term, drive judge.Drive) bool {
	return !slices.ContainsFunc(terms, func(t Term) bool { return !t.matches(drive) })
}

// couldMatch is matches for a value of which it is left open how an endpoint compares it: whatever its case.
func (t Term) couldMatch(drive judge.Drive) bool {
	if t.matches(drive) {
		return true
	}
	field, contains := strings.CutSuffix(t.Filter, "__icontains")
	for _, text := range drive.Look().Strings(field) {
		for _, value := range t.values {
			if contains && foldsDifferently([]judge.Drive{drive}, value) {
				return true
			}
			if strings.EqualFold(text, value) || contains && strings.Contains(strings.ToUpper(text), strings.ToUpper(value)) {
				return true
			}
		}
	}
	return false
}
