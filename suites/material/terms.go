package material

import (
	"fmt"
	"math/bits"
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

// each goes through the places of those of the drives that match. What hangs on the term or on a value alone is worked out once, and
// not for each drive.
func (t Term) each(drives []judge.Drive, found func(at int)) {
	field, folded := strings.CutSuffix(t.Filter, "__icontains")
	switch {
	case folded:
		small := make([]string, len(t.values))
		for i, value := range t.values {
			small[i] = strings.ToLower(value)
		}
		for i, drive := range drives {
			text := drive.Look().Lowered(field)
			if slices.ContainsFunc(small, func(value string) bool { return strings.Contains(text, value) }) {
				found(i)
			}
		}
	case strings.HasSuffix(t.Filter, "__contains"):
		for i, drive := range drives {
			if t.matches(drive) {
				found(i)
			}
		}
	default:
		known := map[uint16]bool{}
		last, lastMatches := uint16(0), false // many that stand side by side have the same
		judge.EachTexts(drives, t.Filter, func(at int, value uint16, texts []string) {
			if value == 0 || value != last {
				matches, is := known[value]
				if value == 0 || !is {
					matches = slices.ContainsFunc(texts, func(text string) bool { return slices.Contains(t.values, text) })
					known[value] = matches
				}
				last, lastMatches = value, matches
			}
			if lastMatches {
				found(at)
			}
		})
	}
}

// Matching are the drives that match every term.
func Matching(drives []judge.Drive, terms ...Term) []judge.Drive {
	return matchingOf(drives, terms).among(drives)
}

// Fitting are the library's drives that match every term, each once. Which they are is found out once.
func Fitting(lib *judge.Library, terms ...Term) []judge.Drive {
	return placesOf(lib, terms).among(Distinct(lib))
}

// CountFitting is how many these are.
func CountFitting(lib *judge.Library, terms ...Term) int { return placesOf(lib, terms).n }

// places are where some drives stand among others: a bit for each of these, for there are many.
type places struct {
	bits []uint64
	n    int
}

func (p *places) add(at int) {
	p.bits[at/64] |= 1 << (at % 64)
	p.n++
}

// and leaves those that are among others, too.
func (p *places) and(other places) {
	p.n = 0
	for i := range p.bits {
		p.bits[i] &= other.bits[i]
		p.n += bits.OnesCount64(p.bits[i])
	}
}

// among are the drives at the places; nil where there are none.
func (p places) among(drives []judge.Drive) []judge.Drive {
	if p.n == 0 {
		return nil
	}
	found := make([]judge.Drive, 0, p.n)
	for i, some := range p.bits {
		for ; some != 0; some &= some - 1 {
			found = append(found, drives[i*64+bits.TrailingZeros64(some)])
		}
	}
	return found
}

// matchingOf are the places of the drives that match every term.
func matchingOf(drives []judge.Drive, terms []Term) places {
	var all places
	for i, t := range terms {
		found := places{bits: make([]uint64, (len(drives)+63)/64)}
		t.each(drives, found.add)
		if i == 0 {
			all = found
		} else {
			all.and(found)
		}
	}
	if len(terms) == 0 {
		all.bits = make([]uint64, (len(drives)+63)/64)
		for i := range drives {
			all.add(i)
		}
	}
	return all
}

// placesOf are those of the library's drives that match every term.
func placesOf(lib *judge.Library, terms []Term) places {
	key := "drives of"
	for _, t := range terms {
		key += " " + t.Query()
	}
	return judge.Memoize(lib, key, func([]judge.Drive) places { return matchingOf(Distinct(lib), terms) })
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
