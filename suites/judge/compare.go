package judge

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/tidwall/gjson"
)

// Volatile are the fields that may change by themselves between two reads; they are left out of comparisons across
// requests.
var Volatile = []string{"status", "jobs", "mounted_on", "runtime"}

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
	case a.Exists() != b.Exists():
		return append(found, differing(at, Show(a), Show(b)))
	case a.IsObject() && b.IsObject():
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

func Members(object gjson.Result) map[string]gjson.Result {
	fields := map[string]gjson.Result{}
	object.ForEach(func(key, value gjson.Result) bool {
		fields[key.Str] = value
		return true
	})
	return fields
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
	const longest = 64
	if len(a) > longest || len(b) > longest || strings.ContainsAny(a+b, "eE") && !smallExponent(a, b) {
		return false
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

func smallExponent(numbers ...string) bool {
	for _, number := range numbers {
		if _, exponent, found := strings.Cut(strings.ToLower(number), "e"); found && len(strings.TrimLeft(exponent, "+-0")) > 3 {
			return false
		}
	}
	return true
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
