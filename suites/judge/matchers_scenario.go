package judge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// HoldOne matches an array of exactly one entry.
func HoldOne() types.GomegaMatcher {
	return match{
		expected: "an array of one",
		holds:    func(v gjson.Result) bool { return v.IsArray() && len(v.Array()) == 1 },
		found: func(v gjson.Result) string {
			if !v.IsArray() {
				return Clip(Show(v))
			}
			return fmt.Sprintf("an array of %d: %s", len(v.Array()), Clip(Show(v)))
		},
	}
}

// BeEmpty matches an array without an entry.
func BeEmpty() types.GomegaMatcher {
	return match{expected: "an empty array", holds: func(v gjson.Result) bool { return v.IsArray() && len(v.Array()) == 0 }}
}

// BeNothing matches an array without an entry, null, or no value at all.
func BeNothing() types.GomegaMatcher {
	return match{expected: "an empty array, or null", holds: func(v gjson.Result) bool {
		return isEmpty(v)
	}}
}

// HoldNoReferenceTo matches an array of which no entry has the uuid.
func HoldNoReferenceTo(uuid string) types.GomegaMatcher {
	return match{expected: "no entry with the uuid " + uuid, holds: func(v gjson.Result) bool {
		return !slices.ContainsFunc(v.Array(), func(entry gjson.Result) bool { return strings.EqualFold(entry.Get("uuid").Str, uuid) })
	}}
}

// HoldReferenceTo matches an array of which an entry has the uuid, alone or in its address.
func HoldReferenceTo(uuid string) types.GomegaMatcher {
	return match{expected: "an entry with the uuid " + uuid, holds: func(v gjson.Result) bool {
		return slices.ContainsFunc(v.Array(), func(entry gjson.Result) bool { return strings.EqualFold(mountedOn(entry), uuid) })
	}}
}

// NameResource matches an array of addresses, or of objects with one, of which one is that of the resource in one of the
// collections.
func NameResource(uuid string, collections ...string) types.GomegaMatcher {
	return match{expected: "the address of " + uuid + " below " + strings.Join(collections, " or "), holds: func(v gjson.Result) bool {
		return v.IsArray() && slices.ContainsFunc(v.Array(), func(entry gjson.Result) bool {
			uri := entry.Str
			if entry.IsObject() {
				uri = entry.Get("resource_uri").String()
			}
			segments := strings.Split(strings.Trim(uri, "/"), "/")
			n := len(segments)
			return n >= 2 && strings.EqualFold(segments[n-1], uuid) && slices.Contains(collections, segments[n-2])
		})
	}}
}

// BeSoundMeta matches a meta of strings under keys of at most 32 characters; the flags may be of their own type.
func BeSoundMeta() types.GomegaMatcher {
	unsound := func(v gjson.Result) (keys []string) {
		v.ForEach(func(key, value gjson.Result) bool {
			flag := key.Str == "paid" || key.Str == "favourite" || key.Str == "favorite"
			if utf8.RuneCountInString(key.Str) > 32 || value.Type != gjson.String && !flag {
				keys = append(keys, fmt.Sprintf("%s: %s", ClipTo(key.Str, 60), ClipTo(Show(value), 60)))
			}
			return true
		})
		return keys
	}
	return match{
		expected: "strings under keys of at most 32 characters",
		holds:    func(v gjson.Result) bool { return v.IsObject() && len(unsound(v)) == 0 },
		found: func(v gjson.Result) string {
			if !v.IsObject() {
				return Clip(Show(v))
			}
			return Clip(strings.Join(unsound(v), ", "))
		},
	}
}

// BeReference matches an object that refers to something by its uuid.
func BeReference() types.GomegaMatcher {
	return match{expected: "an object with a uuid", holds: func(v gjson.Result) bool {
		uuid := v.Get("uuid")
		return v.IsObject() && uuid.Type == gjson.String && uuid.Str != ""
	}}
}

// BeOtherThan matches a uuid that is filled and another one: capitals make no difference.
func BeOtherThan(text string) types.GomegaMatcher {
	return match{expected: fmt.Sprintf("a string other than %q", text), holds: func(v gjson.Result) bool {
		return v.Type == gjson.String && v.Str != "" && !strings.EqualFold(v.Str, text)
	}}
}

// NotBeCutOff matches a text that is not empty, and not only the beginning of the other. White space counts as any other.
func NotBeCutOff(text string) types.GomegaMatcher {
	whole := strings.Join(strings.Fields(text), " ")
	return match{
		expected: fmt.Sprintf("the text, of %d characters, to its end", utf8.RuneCountInString(text)),
		holds: func(v gjson.Result) bool {
			told := strings.Join(strings.Fields(strings.TrimRight(v.Str, ".… ")), " ")
			return v.Type == gjson.String && strings.TrimSpace(v.Str) != "" && (len(told) >= len(strings.TrimRight(whole, ".… ")) || !strings.HasPrefix(whole, told))
		},
		found: func(v gjson.Result) string {
			return fmt.Sprintf("%d characters: %s", utf8.RuneCountInString(v.String()), Clip(Show(v)))
		},
	}
}

// BeUUID matches a string that is a uuid, in the form that all of the documentation's examples have.
func BeUUID() types.GomegaMatcher {
	return MatchPattern(uuidForm, "a uuid: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12")
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// BeLike matches a value that is the same as the other; the order of a list's entries does not matter.
func BeLike(other gjson.Result) types.GomegaMatcher {
	return match{expected: Clip(Show(other)), holds: func(v gjson.Result) bool {
		if other.IsArray() && v.IsArray() {
			return len(unshared(other.Array(), v.Array())) == 0
		}
		return len(differences(other, v)) == 0
	}}
}

// BeBetween matches a whole number within both bounds.
func BeBetween(least, most int64) types.GomegaMatcher {
	return match{expected: fmt.Sprintf("a whole number from %d to %d", least, most), holds: func(v gjson.Result) bool {
		n, whole := WholeNumber(v)
		return whole && n >= least && n <= most
	}}
}

// BeAccepted matches an answer with any 2xx.
func BeAccepted() types.GomegaMatcher {
	return AnswerMatch{expected: "an answer 2xx", status: true, look: func(a Answer) (string, bool) { return statusOf(a), a.Status()/100 == 2 }}
}

// BeGranted matches an answer with any 2xx or 3xx: a form is often answered by the address of a page.
func BeGranted() types.GomegaMatcher {
	return AnswerMatch{expected: "an answer 2xx or 3xx", status: true, look: func(a Answer) (string, bool) {
		return statusOf(a), a.Status()/100 == 2 || a.Status()/100 == 3
	}}
}

// BeDone matches a job that is done: its progress is 100.
func BeDone() types.GomegaMatcher {
	return match{
		expected: "progress 100",
		holds: func(v gjson.Result) bool {
			n, whole := WholeNumber(v.Get("data.progress"))
			return whole && n == 100
		},
		found: func(v gjson.Result) string {
			return fmt.Sprintf("when it was last looked at: state %s, progress %s", Clip(Show(v.Get("state"))), Clip(Show(v.Get("data.progress"))))
		},
	}
}
