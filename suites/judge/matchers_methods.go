package judge

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/onsi/gomega/types"
)

// namedMethods are the words of the Allow header and of a body that is a list of words.
func namedMethods(a Answer) []string {
	text := a.header("Allow")
	if body := string(a.Body()); !strings.ContainsFunc(body, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsSpace(r) && !strings.ContainsRune(`,"[]`, r)
	}) {
		text += "," + body
	}
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// NameMethod matches an answer to OPTIONS that names the method, in its Allow header or as a list in its body.
func NameMethod(method string) types.GomegaMatcher { return methodNamed(method, true) }

// NameNoMethod matches an answer to OPTIONS that does not name the method.
func NameNoMethod(method string) types.GomegaMatcher { return methodNamed(method, false) }

// MethodsRefused are the answers of the run that refuse a method on the library with 405, and say in a header which are allowed.
func (lib *Library) MethodsRefused() []Answer {
	return slices.DeleteFunc(lib.Everything(), func(a Answer) bool {
		path, _, _ := lib.below(a.Exchange)
		return a.Status() != http.StatusMethodNotAllowed || !strings.HasPrefix(path, LibdrivesPath) || strings.Contains(path, "/action/") || a.header("Allow") == ""
	})
}

// NotAllow matches an answer whose Allow header does not name the method.
func NotAllow(method string) types.GomegaMatcher {
	return AnswerMatch{expected: "no " + method + " in Allow", header: "Allow", look: func(a Answer) (string, bool) {
		allowed := strings.FieldsFunc(strings.ToUpper(a.header("Allow")), func(r rune) bool { return !unicode.IsLetter(r) })
		return "Allow: " + Clip(a.header("Allow")), !slices.Contains(allowed, method)
	}}
}

func methodNamed(method string, should bool) types.GomegaMatcher {
	expected := method + " among the methods"
	if !should {
		expected = "no " + method + " among the methods"
	}
	return AnswerMatch{expected: expected, look: func(a Answer) (string, bool) {
		named := namedMethods(a)
		return "methods: " + strings.Join(slices.Compact(named), ", "), slices.Contains(named, method) == should
	}}
}

// NotSayEmpty matches an answer to HEAD whose Content-Length, if it has one, is not 0 where the answer to GET has a body.
func NotSayEmpty(get Answer) types.GomegaMatcher {
	return AnswerMatch{expected: "no Content-Length, or that of GET", header: "Content-Length", look: func(a Answer) (string, bool) {
		length := a.header("Content-Length")
		return "Content-Length " + length, length != "0" || !get.HasBody()
	}}
}
