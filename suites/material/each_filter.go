package material

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// EachFilter is one query of all filters beside each other, and nothing where the library has no drives for it. It finds a CDROM and
// the last drive, where they have a value of each filter, and so tells whatever loses these. For each filter there is a drive that this
// one alone leaves out. The query holds that drive's value in wrong spellings, in other case or cut off, so that a filter that compares
// loosely finds it: one answer tells what any of the filters does wrong. Of a query that gets too long the wrong spellings are left out
// first, and then drives.
func EachFilter(lib *judge.Library) []Term {
	return judge.MemoizeText(lib, "a query of each filter", func(drives []judge.Drive) []Term {
		const enough, most = 500, 12 // drives, and CDROMs of them that are tried
		drives = judge.Unique(drives)
		some := slices.Clone(drives[:min(enough, len(drives))])
		if len(drives) > enough {
			some = append(some, drives[len(drives)-1])
		}
		valued := slices.DeleteFunc(slices.Clone(some), func(d judge.Drive) bool { return len(lacking(d)) > 0 })
		if len(valued) == 0 {
			return nil
		}
		last := valued[len(valued)-1]
		best := pick([]judge.Drive{last}, valued)
		cdroms := slices.DeleteFunc(slices.Clone(valued), func(d judge.Drive) bool { return d.Field("media").Str != "cdrom" || d.UUID == last.UUID })
		for i, cdrom := range cdroms[:min(most, len(cdroms))] {
			if p := pick([]judge.Drive{last, cdrom}, valued); i == 0 || len(p.excluded) > len(best.excluded) {
				best = p
			}
		}
		if len(best.excluded) == 0 {
			return nil
		}
		best.addWithout(some)
		return best.terms(drives)
	})
}

// inOrder are all filters, those first whose values are few.
var inOrder = [...]string{"arch", "os", "image_type", "category", "distribution", "version", search, "name", "uuid"}

const search = "name__icontains"

// lacking are the filters by which a drive can't be asked for.
func lacking(d judge.Drive) (filters []string) {
	for _, filter := range inOrder {
		if len(textsOf(d, filter)) == 0 {
			filters = append(filters, filter)
		}
	}
	return filters
}

// textsOf are the texts by which a filter finds a drive: of a search what stands within its name, in other case, a short piece first.
func textsOf(d judge.Drive, filter string) []string {
	if filter != search {
		return slices.DeleteFunc(slices.Clone(d.Look().Strings(filter)), func(text string) bool { return !plain(text) })
	}
	const least, short = 4, 10
	if !plain(d.Name) || len(d.Name) < least+2 {
		return nil
	}
	whole := wholeSearch(d)
	if piece := strings.TrimSpace(whole[:min(short, len(whole))]); len(piece) >= least && len(piece) < len(whole) {
		return []string{piece, whole}
	}
	return []string{whole}
}

// wholeSearch is all that stands within the name of a drive, in other case.
func wholeSearch(d judge.Drive) string {
	return SwapCase(strings.TrimSpace(d.Name[1 : len(d.Name)-1]))
}

// picked are the drives of such a query.
type picked struct {
	found    []judge.Drive          // by the query
	others   []judge.Drive          // that one filter leaves out
	excluded map[string]judge.Drive // of others, by the filter
}

// textNotOf is a text by which the filter finds a drive and not the other; empty where there is none.
func textNotOf(filter string, d, other judge.Drive) string {
	for _, text := range textsOf(d, filter) {
		if !Where(filter, text).matches(other) {
			return text
		}
	}
	return ""
}

// fits reports whether a drive passes the filters that leave out another one, but for one.
func (p picked) fits(d judge.Drive, but string) bool {
	for filter, other := range p.excluded {
		if filter != but && textNotOf(filter, d, other) == "" {
			return false
		}
	}
	return true
}

// pick chooses those of some drives of which most filters leave out one.
func pick(found, drives []judge.Drive) picked {
	p := picked{found: found, excluded: map[string]judge.Drive{}}
	for _, filter := range inOrder {
		best, most := -1, -1
		for i, d := range drives {
			all := slices.Concat(p.found, p.others)
			here := func(other judge.Drive) bool { return other.UUID == d.UUID || textNotOf(filter, other, d) == "" }
			if slices.ContainsFunc(all, here) || !p.fits(d, "") {
				continue
			}
			if n := howMuchTells(filter, d, found); n > most {
				best, most = i, n
			}
		}
		if best >= 0 {
			p.others, p.excluded[filter] = append(p.others, drives[best]), drives[best]
		}
	}
	return p
}

// howMuchTells says how much there is to tell by a drive that a filter leaves out: of a search how many words it shares with what is found,
// else whether its value is long.
func howMuchTells(filter string, d judge.Drive, found []judge.Drive) (n int) {
	const long = 17
	if filter != search {
		return min(long, len(textsOf(d, filter)[0]))
	}
	for _, other := range found {
		for _, word := range strings.Fields(wholeSearch(other)) {
			if strings.Contains(strings.ToLower(d.Name), strings.ToLower(word)) {
				n++
			}
		}
	}
	return n
}

// addWithout adds, of each field that may be null, a drive that has none, and that every other filter would pass.
func (p *picked) addWithout(drives []judge.Drive) {
	for _, filter := range []string{"category", "distribution", "version"} {
		at := slices.IndexFunc(drives, func(d judge.Drive) bool {
			none := lacking(d)
			return len(none) == 1 && none[0] == filter && len(d.Look().Strings(filter)) == 0 && p.fits(d, filter)
		})
		if at >= 0 {
			p.others = append(p.others, drives[at])
		}
	}
}

// LongestQuery is how many characters a query of all filters has at most, where it can be made so short: an endpoint, or what stands
// before it, may refuse what is longer.
const LongestQuery = 1600

// terms are the query, shortened until it is no longer than that.
func (p picked) terms(drives []judge.Drive) []Term {
	spellings := map[string][]string{}
	for {
		terms := p.between(drives, spellings)
		n := 0
		for _, t := range terms {
			n += len(t.Query()) + len("&")
		}
		if n <= LongestQuery || !shorten(spellings) && !p.dropLast() {
			return terms
		}
	}
}

// between is of each filter what finds all drives but the one that it leaves out, between wrong spellings, which are worked out for a
// filter where they are not there yet.
func (p picked) between(drives []judge.Drive, spellings map[string][]string) (terms []Term) {
	for _, filter := range inOrder {
		out, leaves := p.excluded[filter]
		like := p.found[0]
		if leaves {
			like = out
		}
		wrong, known := spellings[filter]
		if !known {
			wrong = wrongSpellings(drives, filter, textsOf(like, filter)[0])
			spellings[filter] = wrong
		}
		first := min(before, len(wrong))
		values := slices.Clone(wrong[:first])
		splits := false
		for _, d := range slices.Concat(p.found, p.others) {
			texts := textsOf(d, filter)
			if filter == search && leaves && !splits && len(texts) > 1 && findsByWord(out, texts[1]) {
				texts, splits = texts[1:], true // who splits a search at its blanks finds what is left out by one of the words
			}
			at := slices.IndexFunc(texts, func(text string) bool { return !leaves || !Where(filter, text).matches(out) })
			if at >= 0 { // it is not the one that is left out
				values = append(values, texts[at])
			}
		}
		terms = append(terms, Where(filter, unequal(append(values, wrong[first:]...))...))
	}
	return terms
}

// findsByWord reports whether a search for one of the words of a text finds a drive, and one for all of it does not.
func findsByWord(d judge.Drive, text string) bool {
	return !Where(search, text).matches(d) && Where(search, strings.Fields(text)...).matches(d)
}

// before is how many wrong spellings stand before the values that drives have. The others stand behind them.
const before = 2

// shorten leaves out the longest of the wrong spellings that stand behind the values; false where there is none that is worth it.
func shorten(spellings map[string][]string) bool {
	const worth = 5 // characters
	longest, of, at := worth, "", -1
	for _, filter := range inOrder {
		for i, text := range spellings[filter] {
			if i >= before && len(text) > longest {
				longest, of, at = len(text), filter, i
			}
		}
	}
	if at >= 0 {
		spellings[of] = slices.Delete(slices.Clone(spellings[of]), at, at+1)
	}
	return at >= 0
}

// dropLast leaves out the last drive that a filter leaves out; false where there is none.
func (p *picked) dropLast() bool {
	if len(p.others) == 0 {
		return false
	}
	last := p.others[len(p.others)-1]
	p.others = p.others[:len(p.others)-1]
	for filter, d := range p.excluded {
		if d.UUID == last.UUID {
			delete(p.excluded, filter)
		}
	}
	return true
}

// wrongSpellings are values that are like one and that nobody has, three or more where that can be.
func wrongSpellings(drives []judge.Drive, filter, value string) []string {
	switch filter {
	case search:
		return []string{"no such word", "nor that one", "nor any other"}
	case "uuid":
		const most = 3
		free := slices.DeleteFunc(likeIt(filter, value), func(text string) bool { return slices.ContainsFunc(drives, Where(filter, text).matches) })
		return free[:min(most, len(free))]
	}
	return nobodys(drives, filter, value)[value]
}
