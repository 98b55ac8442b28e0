package material

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// Way is a wrong way to filter: what an implementation that goes about it so returns for a query. A query by which it returns
// something else than it should tells it from the right way.
type Way struct {
	Name string
	// finds says of each drive whether the list would have it, looked at one by one: the first that is wrong tells the way.
	finds func(query []Term) func(place int, drive judge.Drive) bool
	// compares is what it makes of texts and values, where that alone is what goes wrong.
	compares *comparison
	// asks is the query that it filters rightly by, where that alone is what goes wrong.
	asks func(query []Term) []Term
	// first is how many drives it looks at alone; 0 where it looks at all.
	first int
	// partly says that it finds drives by a part of their value.
	partly bool
	// drives are those that the list would have, where that does not hang on each drive alone.
	drives func(drives []judge.Drive, query []Term) []judge.Drive
}

// among are those of the drives that the way would find.
func (w Way) among(drives []judge.Drive, query []Term) (found []judge.Drive) {
	if w.finds == nil {
		return w.drives(drives, query)
	}
	finds := w.finds(query)
	for i, drive := range drives {
		if finds(i, drive) {
			found = append(found, drive)
		}
	}
	return found
}

// findsAny reports whether the way would find any of the drives.
func (w Way) findsAny(drives []judge.Drive, query []Term) bool {
	if w.finds == nil {
		return len(w.drives(drives, query)) > 0
	}
	finds := w.finds(query)
	for i, drive := range drives {
		if finds(i, drive) {
			return true
		}
	}
	return false
}

// having is a way that finds the drives that every term of a query fits.
func having(name string, fits func(Term, judge.Drive) bool) Way {
	return Way{Name: name, finds: func(query []Term) func(int, judge.Drive) bool {
		return func(_ int, drive judge.Drive) bool {
			return !slices.ContainsFunc(query, func(t Term) bool { return !fits(t, drive) })
		}
	}}
}

// comparison is how a drive's texts are compared with values, after both were taken for something else; nil takes them for what they
// are.
type comparison struct {
	ofText, ofValue func(string) string
	fits            func(text, value string) bool
}

// valuesOf is what the values of each term are taken for.
func (c *comparison) valuesOf(query []Term) [][]string {
	read := make([][]string, len(query))
	for i, t := range query {
		read[i] = c.all(t.values, c.ofValue)
	}
	return read
}

func (c *comparison) all(texts []string, of func(string) string) []string {
	if of == nil {
		return texts
	}
	read := make([]string, len(texts))
	for i, text := range texts {
		read[i] = of(text)
	}
	return read
}

// fitsAny reports whether one of the texts fits one of the values, when both were taken for what they are taken for.
func (c *comparison) fitsAny(texts, values []string) bool {
	for _, text := range texts {
		for _, value := range values {
			if c.fits(text, value) {
				return true
			}
		}
	}
	return false
}

// way is a way that goes wrong by a comparison.
func (c comparison) way(name string) Way {
	return Way{Name: name, compares: &c, finds: func(query []Term) func(int, judge.Drive) bool {
		values := c.valuesOf(query)
		return func(_ int, drive judge.Drive) bool {
			for i, t := range query {
				if !c.fitsAny(c.all(drive.Look().Strings(field(t)), c.ofText), values[i]) {
					return false
				}
			}
			return true
		}
	}}
}

// comparing is a way that compares a drive's text with a value otherwise, whatever the filter.
func comparing(name string, fits func(text, value string) bool) Way {
	return comparison{nil, nil, fits}.way(name)
}

// comparingFolded is comparing, whatever the case of both.
func comparingFolded(name string, fits func(text, value string) bool) Way {
	return comparison{strings.ToLower, strings.ToLower, fits}.way(name)
}

// equating is a way that takes texts and values for something else before it compares them.
func equating(name string, ofText, ofValue func(string) string) Way {
	return comparison{ofText, ofValue, func(text, value string) bool { return text == value }}.way(name)
}

// field is the one that a term looks at.
func field(t Term) string { return strings.TrimSuffix(t.Filter, "__icontains") }

// asking is a way that filters rightly by another query than it was asked.
func asking(name string, change func(query []Term) []Term) Way {
	return Way{Name: name, asks: change, finds: func(query []Term) func(int, judge.Drive) bool {
		changed := change(query)
		return func(_ int, drive judge.Drive) bool { return matchesAll(changed, drive) }
	}}
}

// valued is a way that reads the values of each term otherwise.
func valued(name string, change func(values []string) []string) Way {
	return asking(name, func(query []Term) []Term {
		changed := make([]Term, len(query))
		for i, t := range query {
			changed[i] = Term{t.Filter, change(t.values)}
		}
		return changed
	})
}

// cut is the beginning of a text.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for at := range text {
		if most == 0 {
			return text[:at]
		}
		most--
	}
	return text
}

// exactWays are wrong ways to filter by a whole value.
func exactWays() []Way {
	ways := []Way{
		comparing("the value begins what is found", strings.HasPrefix),
		comparing("the value ends what is found", strings.HasSuffix),
		comparing("the value stands in what is found", strings.Contains),
		comparing("what is found stands in the value", func(text, value string) bool { return strings.Contains(value, text) }),
		comparing("the value is a word of what is found", func(text, value string) bool { return slices.Contains(strings.Fields(text), value) }),
		equating("the first word alone is compared", firstWord, firstWord),
		comparing("case is not looked at", strings.EqualFold),
		equating("white space at the ends is not looked at", strings.TrimSpace, strings.TrimSpace),
		equating("no white space is looked at", squeezed, squeezed),
		equating("numbers are compared as numbers", asNumber, asNumber),
		equating("letters beyond ASCII are lost", inASCII, inASCII),
		having("the first entry of a list alone is looked at", func(t Term, drive judge.Drive) bool {
			texts := drive.Look().Strings(field(t))
			return len(texts) > 0 && slices.Contains(t.values, texts[0])
		}),
		having("what has no value is found", func(t Term, drive judge.Drive) bool {
			return len(drive.Look().Strings(field(t))) == 0 || t.matches(drive)
		}),
	}
	for _, separator := range []string{" ", ".", "-", "/", ";"} {
		ways = append(ways, valued("values are split at "+strconv.Quote(separator), func(values []string) (split []string) {
			for _, value := range values {
				split = append(split, strings.Split(value, separator)...)
			}
			return split
		}))
	}
	return append(append(ways, cuttingWays()...), wholeWays()...)
}

// emptyHandedWays are wrong ways to find drives by a value that is none of theirs.
func emptyHandedWays() []Way {
	ways := []Way{
		comparing("case is not looked at", strings.EqualFold),
		equating("blanks at the end of the value are not looked at", nil, func(value string) string { return strings.TrimRight(value, " ") }),
	}
	for _, way := range []Way{comparing("the value begins what is found", strings.HasPrefix), comparing("the value ends what is found", strings.HasSuffix)} {
		way.partly = true
		ways = append(ways, way)
	}
	for _, nothing := range wordsForNothing {
		ways = append(ways, having("what has no value is found by "+nothing, func(t Term, drive judge.Drive) bool {
			return slices.Contains(t.values, nothing) && len(drive.Look().Strings(field(t))) == 0 || t.matches(drive)
		}))
	}
	return ways
}

// wordsForNothing are how languages in wide use spell that there is no value.
var wordsForNothing = [...]string{"None", "null"}

// searchWays are wrong ways to search for a part of a name.
func searchWays() []Way {
	ways := []Way{
		comparing("case is looked at", strings.Contains),
		comparingFolded("the value begins what is found", strings.HasPrefix),
		comparingFolded("the value ends what is found", strings.HasSuffix),
		comparing("the value is all of what is found", strings.EqualFold),
		comparingFolded("the value is a word of what is found", func(text, value string) bool { return slices.Contains(strings.Fields(text), value) }),
		comparingFolded("the value begins a word of what is found", func(text, value string) bool {
			return slices.ContainsFunc(strings.Fields(text), func(word string) bool { return strings.HasPrefix(word, value) })
		}),
		comparing("only the first letter may be in other case", func(text, value string) bool {
			return strings.Contains(text, value) || value != "" && strings.Contains(text, SwapCase(value[:1])+value[1:])
		}),
		valued("values are split at blanks", func(values []string) (split []string) {
			for _, value := range values {
				split = append(split, strings.Fields(value)...)
			}
			return split
		}),
		comparison{nil, strings.ToLower, strings.Contains}.way("the value is in small letters, and the name as it is"),
		comparison{strings.ToLower, nil, strings.Contains}.way("the name is in small letters, and the value as it is"),
	}
	for _, most := range cuts {
		cutting := func(text string) string { return cut(strings.ToLower(text), most) }
		ways = append(ways, comparison{cutting, strings.ToLower, strings.Contains}.way("names are cut at "+strconv.Itoa(most)+" characters"))
	}
	return append(ways, wholeWays()...)
}

// cuts are lengths at which fields of databases end.
var cuts = [...]int{8, 16, 20, 32, 64}

// cuttingWays compare the beginnings of texts.
func cuttingWays() (ways []Way) {
	for _, most := range cuts {
		cutting := func(text string) string { return cut(text, most) }
		ways = append(ways,
			equating("texts and values are cut at "+strconv.Itoa(most)+" characters", cutting, cutting),
			equating("texts are cut at "+strconv.Itoa(most)+" characters", cutting, nil),
			equating("values are cut at "+strconv.Itoa(most)+" characters", nil, cutting))
	}
	return ways
}

// wholeWays go wrong whatever the filter.
func wholeWays() []Way {
	ways := []Way{asking("nothing is filtered", func([]Term) []Term { return nil })}
	for _, most := range []int{20, 50, 100} {
		ways = append(ways, Way{Name: "only the first " + strconv.Itoa(most) + " drives are looked at", first: most, finds: func(query []Term) func(int, judge.Drive) bool {
			return func(place int, drive judge.Drive) bool { return place < most && matchesAll(query, drive) }
		}})
	}
	return append(ways, Way{Name: "the last that is found is missing", drives: func(drives []judge.Drive, query []Term) []judge.Drive {
		found := Matching(drives, query...)
		return found[:max(0, len(found)-1)]
	}})
}

// severalValuesWays go wrong where a filter has several values.
func severalValuesWays() []Way {
	return []Way{
		valued("the first value alone counts", func(values []string) []string { return values[:min(1, len(values))] }),
		valued("the last value alone counts", func(values []string) []string { return values[max(0, len(values)-1):] }),
		valued("the first two values count", func(values []string) []string { return values[:min(2, len(values))] }),
		valued("the last two values count", func(values []string) []string { return values[max(0, len(values)-2):] }),
		valued("the first and the last value count", func(values []string) []string {
			if len(values) < 3 {
				return values
			}
			return []string{values[0], values[len(values)-1]}
		}),
		valued("the values are one", func(values []string) []string { return []string{strings.Join(values, ",")} }),
		asking("several values are ANDed", func(query []Term) (changed []Term) {
			for _, t := range query {
				for _, value := range t.values {
					changed = append(changed, Where(t.Filter, value))
				}
			}
			return changed
		}),
	}
}

// severalFiltersWays go wrong where there are several filters.
func severalFiltersWays() []Way {
	ways := []Way{
		asking("the first filter alone counts", func(query []Term) []Term { return query[:min(1, len(query))] }),
		asking("the last filter alone counts", func(query []Term) []Term { return query[max(0, len(query)-1):] }),
		{Name: "filters are ORed", finds: func(query []Term) func(int, judge.Drive) bool {
			return func(_ int, drive judge.Drive) bool {
				return slices.ContainsFunc(query, func(t Term) bool { return t.matches(drive) })
			}
		}},
	}
	for i, place := range []string{"first", "second", "third"} {
		ways = append(ways, asking("the "+place+" filter is ignored", func(query []Term) []Term {
			if i >= len(query) {
				return query
			}
			return slices.Delete(slices.Clone(query), i, i+1)
		}))
	}
	return ways
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word
}

func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

func inASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '?'
		}
		return r
	}, text)
}
