package suites

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/collect"
)

// Allowed HTTP methods: only GET is allowed on the library.
func methods(s *Suite) {
	s.Requirement("METHOD-09", func(lib *Library) {
		options := lib.Answer(collect.Read{Method: http.MethodOptions, Path: libdrivesPath}).about("OPTIONS of the list")
		lib.Expect(options).To(HaveStatus(200), "OPTIONS is answered")
		if options.Pending() || options.Status() != 200 {
			return
		}
		lib.Expect(options).To(NameMethod("GET"), "OPTIONS names GET")
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			lib.Expect(options).To(NameNoMethod(method), "OPTIONS names no method that is not allowed")
		}
	})

	s.Requirement("METHOD-10", func(lib *Library) {
		get := lib.Plain()
		head := lib.Answer(collect.Read{Method: http.MethodHead, Path: libdrivesPath}).about("HEAD of the list")
		if get.Pending() || head.Pending() {
			return
		}
		if text := get.incomplete(); text != "" {
			lib.block("", "%s", text)
			return
		}
		lib.Expect(head).To(HaveStatus(get.Status(), 405), "HEAD answers the status of GET, or 405")
		lib.Expect(head).To(BeSo(len(head.body()) == 0, "no body", fmt.Sprintf("%d bytes", len(head.body()))), "HEAD answers without a body")
		if head.Status() == get.Status() {
			lib.Expect(head).To(HaveType(mediaType(get)), "HEAD answers the Content-Type of GET")
		}
	})
}

// namedMethods are the words of the Allow header and of a body that is a list of words.
func namedMethods(a Answer) []string {
	text := a.header("Allow")
	if body := string(a.body()); !strings.ContainsFunc(body, func(r rune) bool {
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

func methodNamed(method string, should bool) types.GomegaMatcher {
	expected := method + " among the methods"
	if !should {
		expected = "no " + method + " among the methods"
	}
	return whole{expected: expected, look: func(a Answer) (string, bool) {
		named := namedMethods(a)
		return "methods: " + strings.Join(slices.Compact(named), ", "), slices.Contains(named, method) == should
	}}
}
