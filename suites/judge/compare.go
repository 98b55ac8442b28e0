package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/tidwall/gjson"
)

// Volatile are the fields that are left out of comparisons across requests.
var Volatile = evidence.Volatile[:]

// Unordered are the fields of a definition that list things in no order: the documentation's own examples show one
// drive's two licences in both. How often a thing is listed counts.
var Unordered = []string{"licenses", "tags", "affinities", "category", "jobs", "mounted_on"}

const absent = "missing"

// differences lists the places in which two JSON values differ, in the order of a. The order of an object's keys and
// the way in which a number is written don't matter. Top-level fields named in skip are left out.
func differences(a, b gjson.Result, skip ...string) []reports.Difference {
	if a.Raw == b.Raw && a.Exists() == b.Exists() {
		return nil
	}
	return compare(nil, "", a, b, skip)
}

func compare(found []reports.Difference, at string, a, b gjson.Result, skip []string) []reports.Difference {
	switch {
	case at == "licenses" && a.IsObject() && b.IsObject() && sameLicencesInXML(a, b):
		return found
	case at == "mounted_on" && isEmpty(a) && isEmpty(b):
		return found // an empty list and null say the same
	case a.Exists() != b.Exists():
		return append(found, differing(at, Show(a), Show(b)))
	case a.IsObject() && b.IsObject():
		if more, is := compareInOrder(found, at, a, b, skip); is {
			return more
		}
		bFields := Members(b)
		aFields := Members(a)
		a.ForEach(func(key, value gjson.Result) bool {
			if !slices.Contains(skip, key.Str) {
				found = compare(found, join(at, key.Str), value, bFields[key.Str], nil)
			}
			return true
		})
		b.ForEach(func(key, value gjson.Result) bool {
			if _, there := aFields[key.Str]; !there && !slices.Contains(skip, key.Str) {
				found = append(found, differing(join(at, key.Str), absent, Show(value)))
			}
			return true
		})
		return found
	case a.IsArray() && b.IsArray():
		as, bs := a.Array(), b.Array()
		if at == "licenses" && (bareLicence(as) || bareLicence(bs)) {
			as, bs = byAddress(as), byAddress(bs)
		}
		if slices.Contains(Unordered, at) {
			for _, pair := range unshared(as, bs) {
				found = compare(found, fmt.Sprintf("%s[%d]", at, pair[0].index), pair[0].Result, pair[1].Result, nil)
			}
			return found
		}
		for i := range max(len(as), len(bs)) {
			var x, y gjson.Result
			if i < len(as) {
				x = as[i]
			}
			if i < len(bs) {
				y = bs[i]
			}
			found = compare(found, fmt.Sprintf("%s[%d]", at, i), x, y, nil)
		}
		return found
	case sameScalar(a, b):
		return found
	}
	return append(found, differing(at, Show(a), Show(b)))
}

// entry is one of a list, with where it stands there.
type entry struct {
	gjson.Result
	index int
}

// unshared are the entries of two lists without order that the other list has not, by pairs: next to each the one of the
// other list that is of the same thing, where there is one.
func unshared(as, bs []gjson.Result) (pairs [][2]entry) {
	others, shared := map[string]int{}, map[string]int{}
	for _, b := range bs {
		others[canonical(b)]++
	}
	pairOf := map[string]int{} // by what it is of, the first pair without another side
	for i, a := range as {
		text := canonical(a)
		if shared[text] < others[text] {
			shared[text]++
			continue
		}
		pairOf[thing(a)] = len(pairs)
		pairs = append(pairs, [2]entry{{a, i}, {index: i}})
	}
	var rest []entry
	for i, b := range bs {
		text := canonical(b)
		if shared[text] > 0 {
			shared[text]--
			continue
		}
		if at, same := pairOf[thing(b)]; same && !pairs[at][1].Exists() {
			pairs[at][1] = entry{b, i}
			continue
		}
		rest = append(rest, entry{b, i})
	}
	for i := range pairs {
		if len(rest) > 0 && !pairs[i][1].Exists() {
			pairs[i][1], rest = rest[0], rest[1:]
		}
	}
	for _, b := range rest {
		pairs = append(pairs, [2]entry{{index: b.index}, b})
	}
	return pairs
}

// thing is what an entry of a list without order is of: its licence, or what it refers to.
func thing(entry gjson.Result) string {
	for _, path := range []string{"license.resource_uri", "license", "resource_uri", "uuid"} {
		if v := entry.Get(path); v.Type == gjson.String {
			return v.Str
		}
	}
	return entry.Raw
}

// bareLicence reports whether one of the entries of a list of licences says the address in place of the licence. Either is
// documented: lists of licences of which one has such an entry are compared by address and amount.
func bareLicence(entries []gjson.Result) bool {
	return slices.ContainsFunc(entries, func(entry gjson.Result) bool { return entry.Get("license").Type == gjson.String })
}

// byAddress are the entries of a list of licences with the address in place of the licence, where it has one.
func byAddress(entries []gjson.Result) []gjson.Result {
	short := make([]gjson.Result, len(entries))
	for i, entry := range entries {
		short[i] = entry
		if uri := LicenceURI(entry); uri != "" {
			address, _ := json.Marshal(uri) // a text can be written always
			text := `{"license":` + string(address)
			if amount := entry.Get("amount"); amount.Exists() {
				text += `,"amount":` + amount.Raw
			}
			short[i] = gjson.Parse(text + "}")
		}
	}
	return short
}

// canonical is a value as a text that is the same for equal values, whatever the order of keys, the way in which numbers
// are written, and white space.
func canonical(v gjson.Result) string {
	switch {
	case v.IsObject():
		fields := Members(v)
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(fields)) {
			b.WriteString(strconv.Quote(key) + ":" + canonical(fields[key]) + ",")
		}
		return "{" + b.String() + "}"
	case v.IsArray():
		var b strings.Builder
		for _, entry := range v.Array() {
			b.WriteString(canonical(entry) + ",")
		}
		return "[" + b.String() + "]"
	case v.Type == gjson.String:
		return strconv.Quote(v.Str)
	case v.Type == gjson.Number:
		if exact, ok := exactly(v.Raw); ok {
			return exact.RatString()
		}
	}
	return v.Raw
}

func Members(object gjson.Result) map[string]gjson.Result {
	fields := map[string]gjson.Result{}
	object.ForEach(func(key, value gjson.Result) bool {
		fields[key.Str] = value
		return true
	})
	return fields
}

// compareInOrder is compare of two objects that have the same keys in the same order, each once, as one endpoint writes them; is
// says whether they are such. It takes less than to look each key up.
func compareInOrder(found []reports.Difference, at string, a, b gjson.Result, skip []string) (more []reports.Difference, is bool) {
	type member struct {
		key   string
		value gjson.Result
	}
	const most = 100
	var room [24]member
	members, again := room[:0], false
	a.ForEach(func(key, value gjson.Result) bool {
		again = slices.ContainsFunc(members, func(m member) bool { return m.key == key.Str })
		members = append(members, member{key.Str, value})
		return !again && len(members) < most
	})
	if again || len(members) == 0 || len(members) == most {
		return nil, false
	}
	more, is = found, true
	n := 0
	b.ForEach(func(key, value gjson.Result) bool {
		if is = n < len(members) && members[n].key == key.Str; !is {
			return false
		}
		if m := members[n]; !slices.Contains(skip, m.key) && (m.value.Type == gjson.JSON || !sameScalar(m.value, value)) {
			more = compare(more, join(at, m.key), m.value, value, nil)
		}
		n++
		return true
	})
	return more, is && n == len(members)
}

func sameScalar(a, b gjson.Result) bool {
	if a.Type != b.Type || a.IsObject() != b.IsObject() || a.IsArray() != b.IsArray() {
		return false
	}
	switch a.Type {
	case gjson.String:
		return a.Str == b.Str
	case gjson.Number:
		return a.Raw == b.Raw || sameNumber(a.Raw, b.Raw)
	default:
		return true // null, true and false: the type is the value
	}
}

// sameNumber compares exactly: sizes in bytes are beyond what a float can tell apart. A number that can't be held
// exactly at reasonable cost is compared as text, which has been done.
func sameNumber(a, b string) bool {
	x, okX := exactly(a)
	y, okY := exactly(b)
	return okX && okY && x.Cmp(y) == 0
}

// exactly is a number without any rounding, where that can be had at reasonable cost.
func exactly(number string) (exact *big.Rat, ok bool) {
	const longest = 64
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	if len(number) > longest || len(strings.TrimLeft(exponent, "+-0")) > 3 {
		return nil, false
	}
	return new(big.Rat).SetString(number)
}

func join(at, key string) string {
	if at == "" {
		return ClipTo(key, LongestShown)
	}
	return at + "." + ClipTo(key, LongestShown)
}

// Show is a value as findings show it. A long one is shown in part.
func Show(value gjson.Result) string {
	if !value.Exists() {
		return absent
	}
	return strings.Join(strings.Fields(Clip(value.Raw)), " ")
}

func differing(path, expected, found string) reports.Difference {
	return reports.Difference{In: reports.InBody, Path: path, Expected: expected, Found: found}
}

func FirstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
