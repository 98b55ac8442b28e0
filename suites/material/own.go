package material

import (
	"slices"
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// OwnTerms are up to most terms of a filter of the account's own drives by which some of these are found and some are not: of texts
// in ASCII, or beyond it; by one of them, where that can be, the last drive is found. How name__contains compares case is left open, so that a part is chosen for which that is all the same.
func OwnTerms(own []judge.Drive, filter string, beyond bool, most int) (terms []Term) {
	own = judge.Unique(own)
	for _, value := range unequal(append(acrossBlanks(own, filter), ownValues(own, filter)...)) {
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
		if text && alike && n > 0 && n < len(own) {
			terms = append(terms, t)
		}
	}
	if len(terms) <= most || most == 0 {
		return terms
	}
	last := own[len(own)-1:]
	findsLast := func(t Term) bool { return len(Matching(last, t)) > 0 }
	if at := slices.IndexFunc(terms, findsLast); at >= most {
		terms[most-1] = terms[at]
	}
	return terms[:most]
}

// mostTried is of how many drives a part of the name is tried: each is compared with all names.
const mostTried = 200

// acrossBlanks is a part of a name with a blank in it, by a piece of which further drives would be found: who takes the blank for one that
// splits finds these, too. There is none where no drive has such a name, and for filters that take whole values.
func acrossBlanks(own []judge.Drive, filter string) []string {
	if filter != "name__contains" {
		return nil
	}
	for _, drive := range own[:min(mostTried, len(own))] {
		for i := 1; i < len(drive.Name)-1; i++ {
			part := drive.Name[i-1 : i+2]
			splits := plain(part) && part[1] == ' ' && strings.TrimSpace(part) == part
			if splits && len(Matching(own, Where(filter, part[:1], part[2:]))) > len(Matching(own, Where(filter, part))) {
				return []string{part}
			}
		}
	}
	return nil
}

// OwnPartWithComma is a term of a part of a name with a comma in it, by a piece of which further drives of the account would be found;
// ok says that there is one. As in OwnTerms, no other drive has it in other case.
func OwnPartWithComma(own []judge.Drive) (t Term, ok bool) {
	const filter = "name__contains"
	own = judge.Unique(own)
	for _, drive := range own[:min(mostTried, len(own))] {
		at := strings.Index(drive.Name, ",")
		if at < 1 || at+2 >= len(drive.Name) {
			continue
		}
		part := drive.Name[at-1 : min(len(drive.Name), at+3)]
		t := Where(filter, part)
		inOtherCase := func(d judge.Drive) bool {
			return !t.matches(d) && strings.Contains(strings.ToLower(d.Name), strings.ToLower(part))
		}
		further := func(d judge.Drive) bool {
			return !t.matches(d) && (strings.Contains(d.Name, part[:1]) || strings.Contains(d.Name, part[2:]))
		}
		if plain(strings.ReplaceAll(part, ",", "")) && strings.TrimSpace(part) == part && !slices.ContainsFunc(own, inOtherCase) && slices.ContainsFunc(own, further) {
			return t, true
		}
	}
	return Term{}, false
}

// OwnWithComma are up to most names of the account's own drives that have a comma, as terms.
func OwnWithComma(own []judge.Drive, most int) (terms []Term) {
	for _, value := range unequal(ownValues(own, "name")) {
		if t := Where("name", value); strings.Contains(value, ",") && !strings.Contains(value, `\`) && plain(strings.ReplaceAll(value, ",", "")) && len(terms) < most {
			terms = append(terms, t)
		}
	}
	return terms
}

// OwnCombinations are queries by which a filter of the account's own drives is told from one that compares the beginnings of
// texts, forgets one of several values, or is forgotten beside another: the beginning of a name, three values of one filter,
// and two filters that one drive each fits.
func OwnCombinations(own []judge.Drive, filter string) (queries [][]Term) {
	own = judge.Unique(own)
	var some []judge.Drive
	for _, drive := range own {
		if plain(drive.Name) && !slices.ContainsFunc(some, func(other judge.Drive) bool { return other.Name == drive.Name }) {
			some = append(some, drive)
		}
	}
	if len(some) < 2 || filter == "name__contains" {
		return nil
	}
	value := func(d judge.Drive) string {
		if filter == "uuid" {
			return d.UUID
		}
		return d.Name
	}
	first, second := some[0], some[1]
	if filter == "name" {
		if beginning := first.Name[:len(first.Name)-1]; strings.TrimSpace(beginning) == beginning && beginning != "" {
			queries = append(queries, []Term{Where(filter, beginning)})
		}
		queries = append(queries, []Term{Where("name", first.Name), Where("uuid", second.UUID)}, []Term{Where("uuid", second.UUID), Where("name", first.Name)})
	}
	several := some
	if filter == "uuid" {
		several = own // whatever they are called
	}
	if len(several) > 3 {
		queries = append(queries, []Term{Where(filter, value(several[0]), value(several[1]), value(several[2]))})
	}
	return queries
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

// TellingOwn are up to most of the account's drives, without library drives that leaked into their list: those of which there is most
// to tell.
func TellingOwn(lib *judge.Library, most int) []judge.Drive {
	library := lib.List().Index()
	own := slices.DeleteFunc(slices.Clone(judge.Unique(lib.OwnDrives(judge.DrivesDetailPath).Drives)), func(drive judge.Drive) bool {
		_, leaked := library.Get(drive.UUID)
		return leaked || drive.UUID == ""
	})
	slices.SortStableFunc(own, func(a, b judge.Drive) int { return len(b.JSON().Raw) - len(a.JSON().Raw) })
	return own[:min(most, len(own))]
}
