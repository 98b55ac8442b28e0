package material

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/libdrives/conformance/suites/judge"
)

// Discriminating are up to most values of a field by which some drives are found and some are not, spread over the
// library, the rarest and the commonest among them. Values with a comma or backslash, and those beyond ASCII, are left
// out: other requirements are about them.
func Discriminating(lib *judge.Library, field string, most int) []string {
	return judge.MemoizeText(lib, fmt.Sprintf("%d values of %s", most, field), func(drives []judge.Drive) []string {
		return discriminatingIn(lib, drives, field, most)
	})
}

// discriminatingIn are those among some drives. Of a large library, they are values by which few drives are found.
func discriminatingIn(lib *judge.Library, drives []judge.Drive, field string, most int) []string {
	values, count := discriminating(drives, field)
	if len(values) <= most {
		return values
	}
	byCount := slices.Clone(values)
	slices.SortStableFunc(byCount, func(a, b string) int { return count[a] - count[b] })
	if lib.Large() {
		byCount = few(byCount, count, most)
		values = byCount
	}
	chosen := []string{values[0], values[len(values)-1], byCount[0], byCount[len(byCount)-1]}
	for _, i := range rand.New(rand.NewPCG(lib.Seed, 2)).Perm(len(values)) {
		chosen = append(chosen, values[i])
		if len(chosen) > 4+most { // with the four before them, these are enough
			break
		}
	}
	return firstDistinct(chosen, most)
}

// few are the values by which few drives are found, but no fewer of them than are wanted, where there are as many.
func few(byCount []string, count map[string]int, most int) []string {
	const drives = 2 * judge.Stretch // as many as are asked for of a list
	n := 0
	for n < len(byCount) && (n < most || count[byCount[n]] <= drives) {
		n++
	}
	return byCount[:n]
}

// discriminating are all values of a field by which some drives are found and some are not, in the order of the drives, and how many
// drives have each.
func discriminating(drives []judge.Drive, field string) (values []string, count map[string]int) {
	groups := judge.GroupTexts(drives, field)
	count = make(map[string]int, len(groups))
	for _, group := range groups {
		texts := group.Texts
		if len(texts) > 1 {
			texts = unequal(texts)
		}
		for _, value := range texts {
			if count[value] == 0 && plain(value) {
				values = append(values, value)
			}
			count[value] += group.Count
		}
	}
	return slices.DeleteFunc(values, func(value string) bool { return count[value] == len(drives) }), count
}

// plain reports whether a value is printable ASCII without comma and backslash, of a length that a query has room for, and
// not what stands for a secret.
func plain(value string) bool {
	return value != "" && len(value) <= judge.LongestShown && !judge.Redacted(value) && !strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' || r > '~' || r == ',' || r == '\\'
	})
}

func unequal(values []string) []string {
	return firstDistinct(values, len(values))
}

func firstDistinct(values []string, most int) []string {
	var chosen []string
	seen := make(map[string]bool, min(most, len(values)))
	for _, value := range values {
		if len(chosen) == most {
			break
		}
		if !seen[value] {
			seen[value] = true
			chosen = append(chosen, value)
		}
	}
	return chosen
}

// Fragments are up to most parts of names, in a case that the name does not have, by which some drives are found and
// some are not.
func Fragments(lib *judge.Library, most int) []string {
	return judge.MemoizeText(lib, fmt.Sprintf("%d fragments", most), func(drives []judge.Drive) []string {
		return fragmentsIn(drives, most, lib.Seed)
	})
}

func fragmentsIn(drives []judge.Drive, most int, seed uint64) []string {
	foldable := slices.DeleteFunc(slices.Clone(drives), func(drive judge.Drive) bool { return !hasFoldable(drive.Name) })
	var chosen []string
	for _, drive := range drives {
		for _, word := range strings.FieldsFunc(drive.Name, func(r rune) bool { return !unicode.IsLetter(r) || r > '~' }) {
			if len(word) < 3 {
				continue
			}
			for _, fragment := range []string{SwapCase(word), SwapCase(word[1:])} {
				if !slices.Contains(chosen, fragment) && matchesSome(drives, Where("name__icontains", fragment)) && !foldsDifferently(foldable, fragment) {
					chosen = append(chosen, fragment) // else databases don't agree which names hold it
				}
			}
		}
		if len(chosen) > 40 {
			break
		}
	}
	rand.New(rand.NewPCG(seed, 3)).Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	return firstDistinct(chosen, most)
}

// NameParts are up to most words of names, as they are written there, by which some drives are found and some are not.
func NameParts(lib *judge.Library, most int) []string {
	var parts []string
	for _, fragment := range Fragments(lib, most) {
		for _, drive := range lib.List().Drives {
			if i := strings.Index(lowerASCII(drive.Name), lowerASCII(fragment)); i >= 0 {
				parts = append(parts, drive.Name[i:i+len(fragment)])
				break
			}
		}
	}
	return firstDistinct(parts, most)
}

// WordPairs are up to most pairs of a search word and another filter, or another word, of which neither can be left out.
func WordPairs(lib *judge.Library, most int) [][2]Term {
	return judge.MemoizeText(lib, fmt.Sprintf("%d pairs with words", most), func(drives []judge.Drive) [][2]Term {
		found := newFinder(drives)
		var pairs [][2]Term
		fragments := Fragments(lib, 12)
		add := func(one, other Term) {
			if both := found.count(one, other); both > 0 && both < found.count(one) && both < found.count(other) && len(pairs) < most {
				pairs = append(pairs, [2]Term{one, other})
			}
		}
		for _, word := range fragments {
			for _, value := range Discriminating(lib, "os", 3) {
				if len(pairs) == 0 {
					add(Where("name__icontains", word), Where("os", value))
				}
			}
		}
		for i, word := range fragments {
			for _, other := range fragments[i+1:] {
				add(Where("name__icontains", word), Where("name__icontains", other))
			}
		}
		return pairs
	})
}

func SwapCase(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, word)
}

// NamesWithComma are up to most names that hold a comma, and nothing beyond ASCII.
func NamesWithComma(lib *judge.Library, most int) []string {
	var names []string
	special := strings.NewReplacer(",", "", `\`, "")
	for _, drive := range lib.List().Drives {
		if strings.Contains(drive.Name, ",") && unambiguous(drive.Name) && plain(special.Replace(drive.Name)) {
			names = append(names, drive.Name)
		}
	}
	return firstDistinct(names, most)
}

// PartWithComma is a part of a name with a comma in it, of which what stands behind the comma is in further names: who takes the comma
// for one that splits finds these, too. Empty where there is none.
func PartWithComma(lib *judge.Library) string {
	const before, behind = 2, 2 // bytes beside the comma
	for _, name := range NamesWithComma(lib, 20) {
		at := strings.Index(name, ",")
		if at < before || at+behind >= len(name) {
			continue
		}
		part := name[at-before : at+1+behind]
		if strings.TrimSpace(part) == part && CountFitting(lib, Where("name__icontains", part)) < CountFitting(lib, Where("name__icontains", part[before+1:])) {
			return part
		}
	}
	return ""
}

// unambiguous reports whether every backslash of the value stands before a comma: how one elsewhere is to be sent, the
// documentation does not say.
func unambiguous(value string) bool {
	for i, r := range value {
		if r == '\\' && !strings.HasPrefix(value[i+1:], ",") {
			return false
		}
	}
	return true
}

// EscapeValue writes a value so that its commas don't split it: a backslash escapes a comma, and a backslash before
// one.
func EscapeValue(value string) string {
	return strings.ReplaceAll(strings.ReplaceAll(value, `\,`, `\\,`), ",", `\,`)
}

// FilterQuery is a filter as it is sent. A space is %20, which every server reads alike: a plus is one in forms only.
func FilterQuery(filter, value string) string {
	return filter + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// RandomUUID is a well-formed uuid that nobody has, by chance.
func RandomUUID(lib *judge.Library) string {
	random := rand.New(rand.NewPCG(lib.Seed, 5))
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", random.Uint32(), random.Uint32()&0xffff, random.Uint32()&0xfff, random.Uint32()&0xfff, random.Uint64()&0xffffffffffff)
}

// UnknownUUIDs are well-formed uuids that nobody has: one by chance, and one that differs from a listed drive's in its
// last digit only.
func UnknownUUIDs(lib *judge.Library) []string {
	uuids := []string{RandomUUID(lib)}
	listed := lib.List().Index()
	for _, drive := range Few(lib, 1) {
		for _, digit := range "0123456789abcdef" {
			if len(drive.UUID) != 36 {
				break
			}
			near := drive.UUID[:35] + string(digit)
			if _, taken := listed.Get(near); !taken {
				return append(uuids, near)
			}
		}
	}
	return uuids
}

// Few are up to most subjects that are as unlike each other as the library allows: the first, the last, and one of
// each media and number of licences.
func Few(lib *judge.Library, most int) []judge.Drive {
	subjects := Subjects(lib)
	if len(subjects) <= most {
		return subjects
	}
	chosen := map[string]bool{subjects[0].UUID: true, subjects[len(subjects)-1].UUID: true}
	covered := map[string]bool{}
	for _, drive := range subjects {
		kind := fmt.Sprintf("%s %d", drive.Field("media").Str, len(drive.Field("licenses").Array()))
		if !covered[kind] && len(chosen) < most {
			covered[kind], chosen[drive.UUID] = true, true
		}
	}
	for _, i := range rand.New(rand.NewPCG(lib.Seed, 6)).Perm(len(subjects)) {
		if len(chosen) < most {
			chosen[subjects[i].UUID] = true
		}
	}
	picked := slices.DeleteFunc(slices.Clone(subjects), func(d judge.Drive) bool { return !chosen[d.UUID] })
	return picked[:min(most, len(picked))]
}
