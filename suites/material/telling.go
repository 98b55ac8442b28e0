package material

import (
	"slices"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// Blind is a wrong way to filter that none of the endpoint's drives tells from the right one: the library has no material for
// it, and an endpoint that goes about it so is not found out.
type Blind struct {
	Filter string // or several, of what is combined
	Way    string
	Lacks  string // what the library has none of; a % stands for the filter's field
	Opens  string // what would tell it, likewise
}

// telling are the fewest queries, as far as they are easily found, by which each of the ways is told from the right one: of the
// candidates that which tells most of those that are left, until none tells any. blind are the ways that none tells.
func telling(drives []judge.Drive, candidates [][]Term, ways []Way) (chosen [][]Term, blind []Way) {
	const mostDrives = 500 // what tells among these tells among all
	drives = drives[:min(mostDrives, len(drives))]
	tells := make([][]bool, len(candidates))
	byFilters := map[string]*kinds{} // most candidates are of the same filters
	for i, query := range candidates {
		filters := strings.Join(filtersOf(query), " ")
		if byFilters[filters] == nil {
			byFilters[filters] = kindsOf(drives, query)
		}
		tells[i] = byFilters[filters].tellOf(ways, query)
	}
	left := slices.Repeat([]bool{true}, len(ways))
	for {
		best, most := -1, 0
		for i := range candidates {
			n := 0
			for j := range ways {
				if left[j] && tells[i][j] {
					n++
				}
			}
			if n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, candidates[best])
		for j := range ways {
			left[j] = left[j] && !tells[best][j]
		}
	}
	for j, way := range ways {
		if left[j] {
			blind = append(blind, way)
		}
	}
	return chosen, blind
}

func filtersOf(query []Term) (filters []string) {
	for _, t := range query {
		filters = append(filters, t.Filter)
	}
	return filters
}

func sameDrives(a, b []judge.Drive) bool {
	return slices.EqualFunc(a, b, func(one, other judge.Drive) bool { return one.UUID == other.UUID })
}

func names(ways []Way) (names []string) {
	for _, way := range ways {
		names = append(names, way.Name)
	}
	return names
}

// told is a choice of queries, and what they leave in the dark.
type told struct {
	queries [][]Term
	blind   []Way
}

// TellingValues are values of a filter that takes a whole one, by which the right way is told from as many wrong ones as the
// library has material for, further ones up to most, spread over the library, and those that hold special characters.
func TellingValues(lib *judge.Library, filter string, most int) []string {
	var values []string
	for _, query := range tellingExact(lib, filter).queries {
		values = append(values, query[0].values[0])
	}
	values = firstDistinct(append(values, Discriminating(lib, filter, most)...), max(most, len(values)))
	return append(values, specialValues(lib, filter, values)...)
}

func tellingExact(lib *judge.Library, filter string) told {
	return judge.MemoizeText(lib, "telling values of "+filter, func(drives []judge.Drive) told {
		var candidates [][]Term
		for _, value := range unequal(append(akin(drives, filter), discriminatingIn(lib, drives, filter, 24)...)) {
			candidates = append(candidates, []Term{Where(filter, value)})
		}
		queries, blind := telling(judge.Unique(drives), candidates, exactWays())
		return told{queries, blind}
	})
}

// Lure is a value by which nothing is to be found, and the wrong way that would find something by it.
type Lure struct {
	Term Term
	Way  string
	way  Way
}

// Partly reports whether the value is a part of one that is there.
func (l Lure) Partly() bool { return l.way.partly }

// Wrongly are the drives that the wrong way would find.
func (l Lure) Wrongly(lib *judge.Library) []judge.Drive {
	return l.way.among(Distinct(lib), []Term{l.Term})
}

// Lures are values of a filter that takes a whole one by which no drive of the library is found, one for each wrong way that would
// find some, as far as the library has material.
func Lures(lib *judge.Library, filter string) []Lure { return luring(lib, filter).lures }

type luresTold struct {
	lures []Lure
	blind []Way
}

func luring(lib *judge.Library, filter string) luresTold {
	return judge.Memoize(lib, "lures of "+filter, func(drives []judge.Drive) (told luresTold) {
		drives = judge.Unique(drives)
		unlike := kindsOf(drives, []Term{Where(filter)}).drives
		candidates := slices.Clone(wordsForNothing[:])
		_, count := discriminating(drives, filter)
		for _, value := range discriminatingIn(lib, drives, filter, 4) {
			candidates = append(candidates, SwapCase(value), value+" ")
			if len(value) > 1 {
				candidates = append(candidates, value[:len(value)-1], value[1:])
			}
		}
		blind := names(tellingExact(lib, filter).blind)
		for _, way := range emptyHandedWays() {
			if way.partly && !slices.Contains(blind, way.Name) {
				continue // it is told by values that are there
			}
			at := slices.IndexFunc(candidates, func(value string) bool {
				query := []Term{Where(filter, value)}
				return count[value] == 0 && way.findsAny(unlike, query)
			})
			if at < 0 {
				told.blind = append(told.blind, way)
				continue
			}
			told.lures = append(told.lures, Lure{Where(filter, candidates[at]), way.Name, way})
		}
		return told
	})
}

// akin are values that are likely to tell: those that begin, end or equal another one but for case, and the longest.
func akin(drives []judge.Drive, filter string) (values []string) {
	const most, enough = 6, 5_000 // of a kind, and of drives
	all, _ := discriminating(drives[:min(enough, len(drives))], filter)
	type keyed struct{ key, value string }
	add := func(n *int, value string) {
		if *n < most {
			values = append(values, value)
			*n++
		}
	}
	neighbours := func(key func(string) string, related func(a, b string) bool) {
		sorted := make([]keyed, len(all))
		for i, value := range all {
			sorted[i] = keyed{key(value), value}
		}
		slices.SortFunc(sorted, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
		n := 0
		for i := 1; i < len(sorted) && n < most; i++ {
			if related(sorted[i-1].value, sorted[i].value) {
				add(&n, sorted[i-1].value)
				add(&n, sorted[i].value)
			}
		}
	}
	neighbours(func(s string) string { return s }, func(a, b string) bool { return strings.HasPrefix(b, a) })
	neighbours(backwards, func(a, b string) bool { return strings.HasSuffix(b, a) })
	neighbours(strings.ToLower, strings.EqualFold)
	neighbours(func(s string) string { return cut(s, 16) }, func(a, b string) bool { return cut(a, 16) == cut(b, 16) })
	byLength := slices.Clone(all)
	slices.SortStableFunc(byLength, func(a, b string) int { return len(b) - len(a) })
	return append(values, byLength[:min(most, len(byLength))]...)
}

func backwards(text string) string {
	letters := []rune(text)
	slices.Reverse(letters)
	return string(letters)
}

// TellingWords are search words by which the right way is told from as many wrong ones as the library has material for, further
// ones up to most, and a few with special characters.
func TellingWords(lib *judge.Library, most int) []string {
	words := searched(lib)
	words = firstDistinct(append(words, Fragments(lib, most)...), max(most, len(words)))
	return unequal(append(append(words, wordOfTheLast(lib, words)...), specialWords(lib, 4)...))
}

// searched are the words of the queries that tell the right way of searching from wrong ones.
func searched(lib *judge.Library) (words []string) {
	for _, query := range tellingSearch(lib).queries {
		words = append(words, query[0].values[0])
	}
	return words
}

// FurtherSearches are what these do not show and two more do: the last drive of the list, and a comma that is escaped.
func FurtherSearches(lib *judge.Library) (words []string) {
	words = wordOfTheLast(lib, searched(lib))
	if part := PartWithComma(lib); part != "" {
		words = append(words, part)
	}
	return words
}

// wordOfTheLast is a word, in other case, by which the last drive of the list is found, where none of the words finds it: whatever loses
// the end of a list shows by nothing else.
func wordOfTheLast(lib *judge.Library, words []string) []string {
	drives := lib.List().Drives
	if len(drives) == 0 {
		return nil
	}
	last := drives[len(drives)-1]
	finds := func(word string) bool { return Where("name__icontains", word).matches(last) }
	if slices.ContainsFunc(words, finds) {
		return nil
	}
	for _, part := range strings.Fields(last.Name) {
		if word := SwapCase(part); len(word) >= 3 && plain(word) && !foldsDifferently(drives, word) {
			return []string{word}
		}
	}
	return nil
}

func tellingSearch(lib *judge.Library) told {
	return judge.MemoizeText(lib, "telling words", func(drives []judge.Drive) told {
		var candidates [][]Term
		for _, word := range append(endsOfLongNames(drives), fragmentsIn(drives, 24, lib.Seed)...) {
			candidates = append(candidates, []Term{Where("name__icontains", word)})
		}
		queries, blind := telling(judge.Unique(drives), candidates, searchWays())
		return told{queries, blind}
	})
}

// endsOfLongNames are the last word and the last two words of each of the longest names, in other case.
func endsOfLongNames(drives []judge.Drive) (words []string) {
	byLength := slices.Clone(drives)
	slices.SortStableFunc(byLength, func(a, b judge.Drive) int { return len(b.Name) - len(a.Name) })
	for _, drive := range byLength[:min(12, len(byLength))] {
		parts := strings.Fields(drive.Name)
		if len(parts) == 0 {
			continue
		}
		for _, from := range []int{1, 2} {
			word := SwapCase(strings.Join(parts[max(0, len(parts)-from):], " "))
			missed := func(drive judge.Drive) bool { return !Where("name__icontains", word).matches(drive) }
			if len(word) >= 3 && plain(word) && slices.ContainsFunc(drives, missed) && !foldsDifferently(drives, word) {
				words = append(words, word)
			}
		}
	}
	return words
}

// Threes are up to most values of a filter by threes, of which none can be left out, however they are taken.
func Threes(lib *judge.Library, filter string) [][]Term { return tellingThrees(lib, filter).queries }

func tellingThrees(lib *judge.Library, filter string) told {
	return judge.MemoizeText(lib, "telling threes of "+filter, func(drives []judge.Drive) told {
		var candidates [][]Term
		values := discriminatingIn(lib, drives, filter, 5)
		for i, a := range values {
			for j, b := range values {
				for k, c := range values {
					if i != j && j != k && i != k {
						candidates = append(candidates, []Term{Where(filter, a, b, c)})
					}
				}
			}
		}
		queries, blind := telling(judge.Unique(drives), candidates, severalValuesWays())
		return told{queries, blind}
	})
}

// TellingTriples are threes of filters by which the right way is told from those that leave some out.
func TellingTriples(lib *judge.Library) [][]Term { return tellingTriples(lib).queries }

func tellingTriples(lib *judge.Library) told {
	return judge.MemoizeText(lib, "telling triples", func(drives []judge.Drive) told {
		queries, blind := telling(judge.Unique(drives), Triples(lib, 40), severalFiltersWays())
		return told{queries, blind}
	})
}

// BlindSpots are the wrong ways to filter that the library has no material to tell from the right one, by filter.
func BlindSpots(lib *judge.Library) (spots []Blind) {
	add := func(filter string, ways []Way) {
		for _, way := range ways {
			lacks, opens := wanting(filter, way.Name)
			spots = append(spots, Blind{filter, way.Name, lacks, opens})
		}
	}
	for _, filter := range filters[:] {
		lured := luring(lib, filter)
		add(filter, slices.DeleteFunc(slices.Clone(tellingExact(lib, filter).blind), func(way Way) bool {
			return slices.ContainsFunc(lured.lures, func(lure Lure) bool { return lure.Way == way.Name })
		}))
		if filter != "uuid" { // of which other spellings may be the same
			add(filter, slices.DeleteFunc(slices.Clone(lured.blind), func(way Way) bool {
				return slices.ContainsFunc(spots, func(spot Blind) bool { return spot.Filter == filter && spot.Way == way.Name })
			}))
		}
	}
	add("name__icontains", tellingSearch(lib).blind)
	for _, filter := range []string{"category", "distribution", "name", "os", "uuid", "version"} {
		add("three values of "+filter, tellingThrees(lib, filter).blind)
	}
	add("three filters", tellingTriples(lib).blind)
	return spots
}

// asNumber is a text as a number is written that it stands for, where it does.
func asNumber(text string) string {
	if text == "" || !strings.ContainsAny(text[:1], "0123456789+-.iInN") { // with which a number begins, infinite ones included
		return text
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return text
}
