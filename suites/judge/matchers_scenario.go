package judge

import (
	"fmt"
	"regexp"
	"strings"

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
