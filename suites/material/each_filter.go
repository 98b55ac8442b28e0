package material

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// EachFilter is one query of all filters beside each other, and nothing where the library has no drives for it. It finds a CDROM and
// the last drive, where they have a value of each filter, and so tells whatever loses these. For each filter there is a drive that this
// one alone leaves out, and whose value stands in it as wrong ways to compare would find it: so one answer tells what any of the
// filters does wrong.
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
		best := castOf([]judge.Drive{last}, valued)
		cdroms := slices.DeleteFunc(slices.Clone(valued), func(d judge.Drive) bool { return d.Field("media").Str != "cdrom" || d.UUID == last.UUID })
		for i, cdrom := range cdroms[:min(most, len(cdroms))] {
			if c := castOf([]judge.Drive{last, cdrom}, valued); i == 0 || len(c.leftOut) > len(best.leftOut) {
				best = c
			}
		}
		if len(best.leftOut) == 0 {
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

// textsOf are the texts by which a filter finds a drive: of a search what stands within its name, in other case.
func textsOf(d judge.Drive, filter string) []string {
	if filter != search {
		return slices.DeleteFunc(slices.Clone(d.Look().Strings(filter)), func(text string) bool { return !plain(text) })
	}
	const least = 4
	if !plain(d.Name) || len(d.Name) < least+2 {
		return nil
	}
	return []string{SwapCase(strings.TrimSpace(d.Name[1 : len(d.Name)-1]))}
}

// cast are the drives of such a query.
type cast struct {
	found   []judge.Drive          // by the query
	others  []judge.Drive          // that one filter leaves out
	leftOut map[string]judge.Drive // of others, by the filter
}

// apart is a text by which the filter finds a drive and not the other; empty where there is none.
func apart(filter string, d, other judge.Drive) string {
	for _, text := range textsOf(d, filter) {
		if !Where(filter, text).matches(other) {
			return text
		}
	}
	return ""
}

// fits reports whether a drive passes the filters that leave out another one, but for one.
func (c cast) fits(d judge.Drive, but string) bool {
	for filter, other := range c.leftOut {
		if filter != but && apart(filter, d, other) == "" {
			return false
		}
	}
	return true
}

// castOf are those of some drives of which most filters leave out one.
func castOf(found, drives []judge.Drive) cast {
	c := cast{found: found, leftOut: map[string]judge.Drive{}}
	for _, filter := range inOrder {
		best, most := -1, -1
		for i, d := range drives {
			all := slices.Concat(c.found, c.others)
			here := func(other judge.Drive) bool { return other.UUID == d.UUID || apart(filter, other, d) == "" }
			if slices.ContainsFunc(all, here) || !c.fits(d, "") {
				continue
			}
			if n := telltale(filter, d, found); n > most {
				best, most = i, n
			}
		}
		if best >= 0 {
			c.others, c.leftOut[filter] = append(c.others, drives[best]), drives[best]
		}
	}
	return c
}

// telltale says how much there is to tell by a drive that a filter leaves out: of a search how many words it shares with what is found,
// else whether its value is long.
func telltale(filter string, d judge.Drive, found []judge.Drive) (n int) {
	const long = 17
	if filter != search {
		return min(long, len(textsOf(d, filter)[0]))
	}
	for _, other := range found {
		for _, word := range strings.Fields(textsOf(other, search)[0]) {
			if strings.Contains(strings.ToLower(d.Name), strings.ToLower(word)) {
				n++
			}
		}
	}
	return n
}

// addWithout adds, of each field that may be null, a drive that has none, and that every other filter would pass.
func (c *cast) addWithout(drives []judge.Drive) {
	for _, filter := range []string{"category", "distribution", "version"} {
		at := slices.IndexFunc(drives, func(d judge.Drive) bool {
			none := lacking(d)
			return len(none) == 1 && none[0] == filter && len(d.Look().Strings(filter)) == 0 && c.fits(d, filter)
		})
		if at >= 0 {
			c.others = append(c.others, drives[at])
		}
	}
}

// terms are the query: of each filter what finds all drives but the one that it leaves out, between values that nobody has.
func (c cast) terms(drives []judge.Drive) (terms []Term) {
	for _, filter := range inOrder {
		out, leaves := c.leftOut[filter]
		like := c.found[0]
		if leaves {
			like = out
		}
		lures := luresLike(drives, filter, textsOf(like, filter)[0])
		values := slices.Clone(lures[:min(2, len(lures))])
		for _, d := range slices.Concat(c.found, c.others) {
			switch texts := textsOf(d, filter); {
			case leaves && d.UUID == out.UUID || len(texts) == 0:
			case leaves:
				values = append(values, apart(filter, d, out))
			default:
				values = append(values, texts[0])
			}
		}
		terms = append(terms, Where(filter, unequal(append(values, lures[min(2, len(lures)):]...))...))
	}
	return terms
}

// luresLike are values that are like one and that nobody has, three or more where that can be.
func luresLike(drives []judge.Drive, filter, value string) []string {
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
