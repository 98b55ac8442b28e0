package judge

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// match is a Gomega matcher over JSON that says apart what it expects and what it finds.
type match struct {
	expected string
	holds    func(gjson.Result) bool
	found    func(gjson.Result) string // show, where nil
}

func (m match) Match(actual any) (bool, error) {
	v, err := value(actual)
	return err == nil && m.holds(v), err
}

func (m match) explain(actual any) (expected, found string) {
	v, err := value(actual)
	switch {
	case err != nil:
		return m.expected, err.Error()
	case m.found != nil:
		return m.expected, m.found(v)
	}
	return m.expected, Clip(Show(v))
}

func (m match) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m match) NegatedFailureMessage(actual any) string { return "not " + m.FailureMessage(actual) }

// BeNull matches a value that is there and null. Absent is not null.
func BeNull() types.GomegaMatcher {
	return match{expected: "null", holds: func(v gjson.Result) bool { return v.Exists() && v.Type == gjson.Null }}
}

// NotBeNull matches a value that is there and not null.
func NotBeNull() types.GomegaMatcher {
	return match{expected: "a value that is not null", holds: func(v gjson.Result) bool { return v.Exists() && v.Type != gjson.Null }}
}

// BeThere matches any value, null too.
func BeThere() types.GomegaMatcher {
	return match{expected: "a value, or null", holds: gjson.Result.Exists}
}

// BeAnObject matches a JSON object.
func BeAnObject() types.GomegaMatcher {
	return match{expected: "an object", holds: gjson.Result.IsObject}
}

// BeAnArray matches a JSON array.
func BeAnArray() types.GomegaMatcher { return match{expected: "an array", holds: gjson.Result.IsArray} }

// BeText matches exactly this string.
func BeText(text string) types.GomegaMatcher {
	return match{expected: strconv.Quote(text), holds: func(v gjson.Result) bool { return v.Type == gjson.String && v.Str == text }}
}

// BeOneOf matches one of these strings.
func BeOneOf(texts ...string) types.GomegaMatcher {
	return match{expected: "one of " + strings.Join(texts, ", "), holds: func(v gjson.Result) bool {
		return v.Type == gjson.String && slices.Contains(texts, v.Str)
	}}
}

// MatchPattern matches a string by a regular expression that must cover all of it.
func MatchPattern(pattern *regexp.Regexp, meaning string) types.GomegaMatcher {
	return match{expected: meaning, holds: func(v gjson.Result) bool { return v.Type == gjson.String && pattern.MatchString(v.Str) }}
}

// BeWhole matches a whole number that is at least least. 1.5, "1" and true are none.
func BeWhole(least int64) types.GomegaMatcher {
	return match{expected: fmt.Sprintf("a whole number, %d or more", least), holds: func(v gjson.Result) bool {
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
	v, err := value(actual)
	if err != nil {
		return false, err
	}
	return m.inner.Match(v.Get(m.path))
}

func (m haveJSON) explain(actual any) (expected, found string) {
	v, err := value(actual)
	inner, explains := m.inner.(explainer)
	switch {
	case err != nil && explains:
		expected, _ = inner.explain(gjson.Result{})
		return m.path + ": " + expected, err.Error()
	case err != nil:
		return m.path, err.Error()
	case explains:
		expected, found = inner.explain(v.Get(m.path))
		return m.path + ": " + expected, m.path + ": " + found
	}
	return m.path, m.inner.FailureMessage(v.Get(m.path))
}

func (m haveJSON) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m haveJSON) NegatedFailureMessage(actual any) string { return "not " + m.FailureMessage(actual) }

// BeBoolean matches exactly this boolean.
func BeBoolean(want bool) types.GomegaMatcher {
	return match{expected: strconv.FormatBool(want), holds: func(v gjson.Result) bool {
		return v.Type == gjson.True && want || v.Type == gjson.False && !want
	}}
}

// fact is a matcher of something that was worked out from the record before.
type fact struct {
	holds           bool
	expected, found string
}

// BeTrue matches where the fact holds, which was worked out from the record; it says what was expected and found.
func BeTrue(holds bool, expected, found string) types.GomegaMatcher {
	return fact{holds, expected, found}
}

func (m fact) Match(any) (bool, error) { return m.holds, nil }

func (m fact) explain(any) (expected, found string) { return m.expected, m.found }

func (m fact) FailureMessage(any) string {
	return fmt.Sprintf("expected %s, found %s", m.expected, m.found)
}

func (m fact) NegatedFailureMessage(actual any) string { return "not " + m.FailureMessage(actual) }

// HoldAll matches an object that has all of these keys, and maybe more.
func HoldAll(keys ...string) types.GomegaMatcher {
	lacking := func(v gjson.Result) []string {
		there := Members(v)
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return there[key].Exists() })
	}
	return match{
		expected: "all of " + strings.Join(keys, ", "),
		holds:    func(v gjson.Result) bool { return v.IsObject() && len(lacking(v)) == 0 },
		found: func(v gjson.Result) string {
			if !v.IsObject() {
				return Clip(Show(v))
			}
			return "missing: " + strings.Join(lacking(v), ", ")
		},
	}
}
