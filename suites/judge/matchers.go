package judge

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// match is a Gomega matcher over JSON that says apart what it expects and what it finds.
type match struct {
	at       string // the path of what it looks at; empty where that is all of it
	expected string
	key      string // see ofText; empty where not only the value counts, or nobody looks at many
	holds    func(gjson.Result) bool
	found    func(gjson.Result) string               // Show, where nil
	differs  func(gjson.Result) []reports.Difference // where it is more than the value as a whole
}

func (m match) textKey() string { return m.key }

// value is what the matcher looks at.
func (m match) value(actual any) (gjson.Result, error) {
	if m.at != "" {
		return valueAt(actual, m.at)
	}
	return value(actual)
}

func (m match) Match(actual any) (bool, error) {
	v, err := m.value(actual)
	return err == nil && m.holds(v), err
}

func (m match) explain(actual any) reports.Finding {
	v, err := m.value(actual)
	if err != nil {
		return unsaid(inWords(m.expected, ""), err)
	}
	found := Clip(Show(v))
	if m.found != nil {
		found = m.found(v)
	}
	f := reports.Finding{Differences: []reports.Difference{{In: reports.InBody, Expected: m.expected, Found: found}}}
	if m.differs != nil {
		f = reports.Finding{Expected: m.expected, Found: found, Differences: m.differs(v)}
	}
	return f
}

func (m match) FailureMessage(actual any) string { return message(m, actual) }

func (m match) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// BeNull matches a value that is there and null. Absent is not null.
func BeNull() types.GomegaMatcher {
	return match{expected: "null", holds: func(v gjson.Result) bool { return v.Exists() && v.Type == gjson.Null }}
}

// NotBeNull matches a value that is there and not null.
func NotBeNull() types.GomegaMatcher {
	return match{expected: "a value that is not null", holds: func(v gjson.Result) bool { return v.Exists() && v.Type != gjson.Null }}
}

// BeSomebody matches a value that names somebody: it is there, not null, and not empty.
func BeSomebody() types.GomegaMatcher {
	return match{expected: "a value that names somebody", holds: func(v gjson.Result) bool { return v.Exists() && !v.IsArray() && !isNothing(v) }}
}

// BeThere matches any value, null too.
func BeThere() types.GomegaMatcher {
	return match{expected: "a value, or null", holds: gjson.Result.Exists}
}

// BeAnyText matches a string.
func BeAnyText() types.GomegaMatcher {
	return match{expected: "a text", holds: func(v gjson.Result) bool { return v.Type == gjson.String }}
}

// BeAnObject matches a JSON object.
func BeAnObject() types.GomegaMatcher {
	return match{expected: "an object", holds: gjson.Result.IsObject}
}

// BeExact matches how a schema says that a filter is exact: the word, or a list of the ways in which it compares with the
// word in it.
func BeExact() types.GomegaMatcher {
	return match{expected: `"exact"`, holds: func(v gjson.Result) bool {
		return v.Type == gjson.String && v.Str == "exact" || v.IsArray() && slices.ContainsFunc(v.Array(), func(way gjson.Result) bool { return way.Str == "exact" })
	}}
}

// BeAnArray matches a JSON array.
func BeAnArray() types.GomegaMatcher { return match{expected: "an array", holds: gjson.Result.IsArray} }

// BeText matches exactly this string.
func BeText(text string) types.GomegaMatcher {
	return match{expected: strconv.Quote(text), holds: func(v gjson.Result) bool { return v.Type == gjson.String && v.Str == text }}
}

// BeTextOrAbsent matches exactly this string, and no value at all.
func BeTextOrAbsent(text string) types.GomegaMatcher {
	return match{expected: strconv.Quote(text) + ", or no value", holds: func(v gjson.Result) bool { return !v.Exists() || v.Type == gjson.String && v.Str == text }}
}

// BeOneOf matches one of these strings.
func BeOneOf(texts ...string) types.GomegaMatcher {
	return match{expected: "one of " + strings.Join(texts, ", "), holds: func(v gjson.Result) bool {
		return v.Type == gjson.String && slices.Contains(texts, v.Str)
	}}
}

// BeAmong matches a string that is a key of the values.
func BeAmong(values map[string]gjson.Result, meaning string) types.GomegaMatcher {
	return match{expected: meaning, holds: func(v gjson.Result) bool { return v.Type == gjson.String && values[v.Str].Exists() }}
}

// MatchPattern matches a string by a regular expression that must cover all of it.
func MatchPattern(pattern *regexp.Regexp, meaning string) types.GomegaMatcher {
	return match{expected: meaning, key: "pattern " + pattern.String(), holds: func(v gjson.Result) bool { return v.Type == gjson.String && pattern.MatchString(v.Str) }}
}

// BeWhole matches a whole number that is at least least. 1.5, "1" and true are none.
func BeWhole(least int64) types.GomegaMatcher {
	return match{expected: fmt.Sprintf("a whole number, %d or more", least), key: fmt.Sprintf("whole from %d", least), holds: func(v gjson.Result) bool {
		n, whole := WholeNumber(v)
		return whole && n >= least
	}}
}

// BeNumber matches exactly this whole number.
func BeNumber(want int64) types.GomegaMatcher {
	return match{expected: fmt.Sprint(want), holds: func(v gjson.Result) bool {
		n, whole := WholeNumber(v)
		return whole && n == want
	}}
}

// WholeNumber reads a JSON number that has no fraction; 1.0 and 1e3 count.
func WholeNumber(v gjson.Result) (int64, bool) {
	if v.Type != gjson.Number {
		return 0, false
	}
	if n, err := strconv.ParseInt(v.Raw, 10, 64); err == nil {
		return n, true
	}
	if f := v.Num; f == float64(int64(f)) {
		return int64(f), true
	}
	return 0, false
}

// BeSetOf matches an array of exactly these strings, in any order.
func BeSetOf(texts ...string) types.GomegaMatcher {
	return match{expected: "exactly " + strings.Join(texts, ", "), holds: func(v gjson.Result) bool {
		if !v.IsArray() {
			return false
		}
		var found []string
		for _, entry := range v.Array() {
			if entry.Type != gjson.String {
				return false
			}
			found = append(found, entry.Str)
		}
		want := slices.Clone(texts)
		slices.Sort(want)
		slices.Sort(found)
		return slices.Equal(want, found)
	}}
}

// HoldExactly matches an object that has exactly these keys.
func HoldExactly(keys ...string) types.GomegaMatcher {
	names := func(v gjson.Result) []string {
		var found []string
		v.ForEach(func(key, _ gjson.Result) bool {
			found = append(found, key.Str)
			return true
		})
		return found
	}
	return match{
		expected: "exactly " + strings.Join(keys, ", "),
		holds: func(v gjson.Result) bool {
			found := names(v)
			slices.Sort(found)
			want := slices.Clone(keys)
			slices.Sort(want)
			return v.IsObject() && slices.Equal(want, slices.Compact(found))
		},
		found: func(v gjson.Result) string {
			if !v.IsObject() {
				return Clip(Show(v))
			}
			return Clip(strings.Join(names(v), ", "))
		},
		differs: func(v gjson.Result) []reports.Difference { return keysDiffer(keys, names(v), true) },
	}
}

// haveJSON applies a matcher to the value at a path.
type haveJSON struct {
	path  string
	inner types.GomegaMatcher
}

// HaveJSON matches an answer or a drive whose value at the path (owner, meta.limit) matches.
func HaveJSON(path string, inner types.GomegaMatcher) types.GomegaMatcher {
	return haveJSON{path, inner}
}

func (m haveJSON) Match(actual any) (bool, error) {
	v, err := valueAt(actual, m.path)
	if err != nil {
		return false, err
	}
	return m.inner.Match(v)
}

func (m haveJSON) textKey() string {
	if inner := textKey(m.inner); inner != "" {
		return m.path + ": " + inner
	}
	return ""
}

// against is what the value is compared with, where it is.
func (m haveJSON) against() *evidence.Exchange {
	if c, ok := m.inner.(comparer); ok {
		return c.against()
	}
	return nil
}

func (m haveJSON) explain(actual any) reports.Finding {
	v, err := valueAt(actual, m.path)
	inner, explains := m.inner.(explainer)
	switch {
	case err != nil && explains:
		return unsaid(inWords(m.path+": "+inner.explain(gjson.Result{}).ExpectedText(), ""), err)
	case err != nil:
		return unsaid(inWords(m.path, ""), err)
	case explains:
		f := inner.explain(v)
		if one := f.Differences; len(one) == 1 && one[0].In == reports.InBody && one[0].Path == "" && f.Expected == "" {
			one[0].Path = m.path
		} else {
			f.Under = strings.TrimSuffix(m.path+": "+f.Under, ": ")
		}
		return f
	}
	return inWords(m.path, m.inner.FailureMessage(v))
}

func (m haveJSON) FailureMessage(actual any) string { return message(m, actual) }

func (m haveJSON) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// BeBoolean matches exactly this boolean.
func BeBoolean(want bool) types.GomegaMatcher {
	return match{expected: strconv.FormatBool(want), holds: func(v gjson.Result) bool {
		return v.Type == gjson.True && want || v.Type == gjson.False && !want
	}}
}

// HoldAll matches an object that has all of these keys, and maybe more.
func HoldAll(keys ...string) types.GomegaMatcher {
	lacking := func(v gjson.Result) []string {
		there := Members(v)
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return there[key].Exists() })
	}
	return match{
		expected: "all of " + strings.Join(keys, ", "),
		key:      "holds " + strings.Join(keys, ","),
		holds:    holdsAll(keys),
		found: func(v gjson.Result) string {
			if !v.IsObject() {
				return Clip(Show(v))
			}
			return "missing: " + strings.Join(lacking(v), ", ")
		},
		differs: func(v gjson.Result) []reports.Difference {
			return keysDiffer(keys, slices.Collect(maps.Keys(Members(v))), false)
		},
	}
}

// holdsAll tells whether a value is an object that has all of these keys. It is asked of every drive of a library, and makes no map.
func holdsAll(keys []string) func(v gjson.Result) bool {
	return func(v gjson.Result) bool {
		if !v.IsObject() {
			return false
		}
		var room [64]bool
		seen := room[:0]
		for range keys {
			seen = append(seen, false)
		}
		v.ForEach(func(key, _ gjson.Result) bool {
			for i, wanted := range keys {
				seen[i] = seen[i] || wanted == key.Str
			}
			return true
		})
		return !slices.Contains(seen, false)
	}
}

// HoldNoneOf matches an object that has none of these keys.
func HoldNoneOf(keys ...string) types.GomegaMatcher {
	there := func(v gjson.Result) []string {
		members := Members(v)
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !members[key].Exists() })
	}
	return match{
		expected: "none of " + strings.Join(keys, ", "),
		key:      "holds none of " + strings.Join(keys, ","),
		holds:    func(v gjson.Result) bool { return v.IsObject() && len(there(v)) == 0 },
		found:    func(v gjson.Result) string { return "there: " + strings.Join(there(v), ", ") },
	}
}

// keysDiffer are the keys that are missing and, where no others may be there, those that are too many.
func keysDiffer(want, found []string, exactly bool) []reports.Difference {
	var all []reports.Difference
	for _, key := range want {
		if !slices.Contains(found, key) {
			all = append(all, reports.Difference{In: reports.InBody, Path: key, Expected: "a value", Found: absent})
		}
	}
	for _, key := range found {
		if exactly && !slices.Contains(want, key) {
			all = append(all, reports.Difference{In: reports.InBody, Path: key, Expected: absent, Found: "a value"})
		}
	}
	return all
}
