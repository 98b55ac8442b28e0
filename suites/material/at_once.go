package material

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// Combined are the fewest terms of a filter, two at most, each of several values, by which as many wrong ways are told as such terms
// can tell: values that some drives have stand around such that nobody has, but that a wrong way would find drives by.
func Combined(lib *judge.Library, filter string) []Term {
	return judge.MemoizeText(lib, "combined values of "+filter, func(drives []judge.Drive) (terms []Term) {
		const most = 2
		drives = judge.Unique(drives)
		queries, _ := telling(drives, combinations(lib, drives, filter), combinedWays(filter))
		for _, query := range queries[:min(most, len(queries))] {
			terms = append(terms, query[0])
		}
		return terms
	})
}

// combinations are terms of a value, of what is like others, and of another value.
func combinations(lib *judge.Library, drives []judge.Drive, filter string) (queries [][]Term) {
	values := fragmentsIn(drives, 6, lib.Seed)
	if filter != "name__icontains" {
		values = unequal(append(discriminatingIn(lib, drives, filter, 4), firstDistinct(akin(drives, filter), 3)...))
	}
	like := nobodys(drives, filter, values...)
	for _, first := range values {
		for _, last := range values {
			if last == first && len(values) > 2 {
				continue
			}
			between := []string{first}
			for _, other := range values {
				if other != first && other != last {
					between = append(between, like[other]...)
				}
			}
			if last == first { // of two values one is asked for
				between = append(between, like[values[len(values)-1]]...)
			}
			queries = append(queries, []Term{Where(filter, unequal(append(between, last))...)})
		}
	}
	return queries
}

// nobodys are for each value the texts that are like it and that no drive has. A search finds parts, and what is no uuid may be
// refused: of a uuid it is one that differs in its last digit. The drives are gone through once.
func nobodys(drives []judge.Drive, filter string, values ...string) map[string][]string {
	if filter == "name__icontains" {
		return nil
	}
	like, had := map[string][]string{}, map[string]bool{}
	for _, value := range values {
		if len(value) < 2 {
			continue
		}
		like[value] = likeIt(filter, value)
		for _, text := range like[value] {
			had[text] = false
		}
	}
	for _, drive := range drives {
		for _, text := range drive.Look().Strings(filter) {
			if _, looked := had[text]; looked {
				had[text] = true
			}
		}
	}
	for value, texts := range like {
		free := slices.DeleteFunc(texts, func(text string) bool { return had[text] })
		if filter == "uuid" {
			free = free[:min(1, len(free))]
		}
		like[value] = free
	}
	return like
}

// likeIt are texts that are like a value of a filter.
func likeIt(filter, value string) (texts []string) {
	if filter == "uuid" {
		for _, digit := range "0123456789abcdef" {
			texts = append(texts, value[:len(value)-1]+string(digit))
		}
		return texts
	}
	texts = append([]string{SwapCase(value), value + " ", value[:len(value)-1], value[1:], firstWord(value), "%"}, wordsForNothing[:]...)
	return slices.DeleteFunc(texts, func(text string) bool { return !plain(text) })
}

func combinedWays(filter string) []Way {
	ways := append(severalValuesWays(), wholeWays()...)
	if filter == "name__icontains" {
		return append(ways, searchWays()...)
	}
	ways = append(append(ways, exactWays()...), emptyHandedWays()...)
	return append(ways, comparing("% stands for any text", func(text, value string) bool { return value == "%" || text == value }))
}

// Telling are the fewest values of a filter that takes a whole one, or words to search for, by which the right way is told from as
// many wrong ones as the library has material for.
func Telling(lib *judge.Library, filter string) (terms []Term) {
	queries := tellingSearch(lib).queries
	if filter != "name__icontains" {
		queries = tellingExact(lib, filter).queries
	}
	for _, query := range queries {
		terms = append(terms, query[0])
	}
	return terms
}

// Between puts a term between two others that leave out little: of the os, the arch or the image type any.
func Between(lib *judge.Library, t Term) []Term {
	var around []Term
	for _, field := range []string{"os", "arch", "image_type"} {
		if values := anyOf(lib, field); len(values) > 0 && field != t.Filter && len(around) < 2 {
			around = append(around, Where(field, values...))
		}
	}
	if len(around) < 2 {
		return append(around, t)
	}
	return []Term{around[0], t, around[1]}
}

// anyOf are all values of a field that can be asked for, up to some.
func anyOf(lib *judge.Library, field string) []string {
	return judge.MemoizeText(lib, "any "+field, func(drives []judge.Drive) []string {
		const most = 8
		var values []string
		for _, drive := range drives {
			for _, value := range drive.Look().Strings(field) {
				if plain(value) && !slices.Contains(values, value) && len(values) < most {
					values = append(values, value)
				}
			}
		}
		return values
	})
}

// Covering are pairs of terms whose drives in common are fewer than those of either, in which each filter stands first once and
// last once, as far as the library has material.
func Covering(lib *judge.Library) [][2]Term {
	return judge.MemoizeText(lib, "pairs in which each filter stands", func(drives []judge.Drive) (pairs [][2]Term) {
		found := newFinder(judge.Unique(drives))
		of := map[string][]Term{}
		for _, filter := range filters[:] {
			of[filter] = termsOfSome(lib, filter)
		}
		var first, last []string
		add := func(a, b string) bool {
			for _, one := range of[a] {
				for _, other := range of[b] {
					if both := found.count(one, other); both > 0 && both < found.count(one) && both < found.count(other) {
						first, last, pairs = append(first, a), append(last, b), append(pairs, [2]Term{one, other})
						return true
					}
				}
			}
			return false
		}
		for i, a := range filters[:] {
			others := slices.Concat(filters[i+1:], filters[:i])
			fresh := slices.DeleteFunc(slices.Clone(others), func(b string) bool { return slices.Contains(last, b) })
			for _, b := range append(fresh, others...) {
				if add(a, b) {
					break
				}
			}
		}
		for _, b := range filters[:] {
			for _, a := range filters[:] {
				if slices.Contains(last, b) || a != b && add(a, b) {
					break
				}
			}
		}
		return pairs
	})
}

// termsOfSome are terms of a filter by which some drives are found: of what every drive has another of two values at once.
func termsOfSome(lib *judge.Library, filter string) (terms []Term) {
	if filter != "name" && filter != "uuid" {
		for _, value := range Discriminating(lib, filter, 4) {
			terms = append(terms, Where(filter, value))
		}
		return terms
	}
	values := Discriminating(lib, filter, 6)
	for i, one := range values {
		for _, other := range values[i+1:] {
			terms = append(terms, Where(filter, one, other))
		}
	}
	return terms
}

// Spread are terms of the uuid and of the name of up to most drives that are as unlike each other as the library allows: one of each
// media, the first and the last. What a filter loses of these kinds is told by them.
func Spread(lib *judge.Library, most int) (terms []Term) {
	var uuids, names []string
	for _, drive := range Few(lib, most) {
		uuids = append(uuids, drive.UUID)
		if plain(drive.Name) {
			names = append(names, drive.Name)
		}
	}
	for filter, values := range map[string][]string{"uuid": uuids, "name": unequal(names)} {
		if t := Where(filter, values...); len(values) > 1 && CountFitting(lib, t) < len(lib.List().Drives) {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b Term) int { return strings.Compare(a.Filter, b.Filter) })
	return terms
}

// Several reports whether the term has more values than one.
func (t Term) Several() bool { return len(t.values) > 1 }

// OwnCombined are terms of a filter of the account's own drives: of several values, between them such that are like another and that
// no drive has.
func OwnCombined(own []judge.Drive, filter string) []Term {
	own = judge.Unique(own)
	values := unequal(slices.DeleteFunc(ownValues(own, filter), func(value string) bool { return !plain(value) }))
	if filter == "name__contains" { // how it compares case is left open
		values = slices.DeleteFunc(values, func(value string) bool {
			return slices.ContainsFunc(own, func(d judge.Drive) bool {
				return strings.Contains(strings.ToLower(d.Name), strings.ToLower(value)) != strings.Contains(d.Name, value)
			})
		})
	}
	if len(values) < 2 {
		return nil
	}
	if filter != "name" { // the first of them are least likely to be somebody else's, who is at work
		t := Where(filter)
		found := map[string]int{} // those by which few are found come first, so that several fit side by side
		for _, value := range values {
			found[value] = len(Matching(own, Where(filter, value)))
		}
		slices.SortStableFunc(values, func(a, b string) int { return found[a] - found[b] })
		last := slices.IndexFunc(values, func(value string) bool { return Where(filter, value).matches(own[len(own)-1]) })
		if filter != "uuid" && last > 0 { // what loses the end of the list shows by no other
			value := values[last]
			values = slices.Insert(slices.Delete(values, last, last+1), 0, value)
		}
		for _, value := range values { // each brings another drive
			found := Where(filter, value)
			more := slices.ContainsFunc(own, func(d judge.Drive) bool { return found.matches(d) && !t.matches(d) })
			left := slices.ContainsFunc(own, func(d judge.Drive) bool { return !found.matches(d) && !t.matches(d) })
			if len(t.values) < 4 && more && left { // else that nothing is filtered would not be told
				t.values = append(t.values, value)
			}
		}
		if filter == "uuid" && len(t.values) > 2 { // beside names the first may be the only one that finds anything
			t.values[0], t.values[1] = t.values[1], t.values[0]
		}
		return []Term{t}
	}
	return []Term{Where(filter, append(values[:1:1], nobodys(own, filter, values[1])[values[1]]...)...), Where(filter, values[1], values[0])}
}

// OwnBetween puts a term of the account's own drives between two others that leave out little.
func OwnBetween(own []judge.Drive, t Term) []Term {
	const most = 8
	own = judge.Unique(own)
	around := Where("uuid")
	for _, drive := range own {
		switch {
		case len(around.values) == most:
		case t.Filter != "uuid":
			around.values = append(around.values, drive.UUID)
		case plain(drive.Name):
			around.Filter, around.values = "name", append(around.values, drive.Name)
		}
	}
	if len(around.values) == 0 {
		return []Term{t}
	}
	return []Term{around, t, around}
}
