package suites

import (
	"net/url"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Errors: a refusal says in a form for programs what is wrong.
func errorAnswers(s *Suite) {
	// unknown are the 404s of library drives that nobody has; that they are is for GET-05 to say.
	unknown := func(lib *Library) []Answer {
		var answers []Answer
		for _, uuid := range lib.unknownUUIDs() {
			answer := lib.Answer(evidence.Get(libdrivesPath + uuid + "/")).about("the 404 of uuid " + uuid + ", which nobody has")
			switch {
			case answer.Pending():
			case answer.Status() != 404:
				lib.block(lib.firstFailing("GET-05"), "%s: %s", answer.exchange.Request.Path(), answer.exchange.Outcome())
			default:
				answers = append(answers, answer)
			}
		}
		return answers
	}

	s.Requirement("ERROR-01", func(lib *Library) {
		judged := map[*evidence.Exchange]bool{}
		for _, answer := range unknown(lib) {
			judged[answer.exchange] = true
			lib.Expect(answer).To(HaveErrorsAsDocumented(), "a 404 carries an array of error objects")
		}
		lib.provoked()
		for _, answer := range lib.Everything() {
			if !judged[answer.exchange] && lib.saysErrors(answer) {
				lib.look(answer.exchange)
				lib.Expect(answer).To(HaveErrorsAsDocumented(), "an error that is told in JSON is an array of error objects")
			}
		}
	})

	s.Requirement("ERROR-02", func(lib *Library) {
		for _, answer := range unknown(lib) {
			lib.Expect(answer).To(HaveErrorType("notexist"), "the error of a 404 is of the type notexist")
		}
	})

	s.Requirement("ERROR-03", func(lib *Library) {
		lib.provoked()
		for _, answer := range lib.Everything() {
			if answer.refused() && len(typesOf(answer)) > 0 {
				lib.look(answer.exchange)
				lib.Expect(answer).To(HaveDocumentedErrorTypes(), "an error_type is one of the documented ones")
			}
		}
	})
}

// errorStatuses are those of errors that the documentation names.
var errorStatuses = [...]int{400, 401, 402, 403, 404, 405, 406, 500, 503}

// saysErrors reports whether the answer is an error whose form is documented: of a status that the documentation names,
// told in JSON, and the API's own. What a server in front of the API says in words of its own is not held against it, and
// neither is an error without a body, or in XML where that was asked for. A body that only calls itself JSON is for
// FORMAT-09 to tell.
func (lib *Library) saysErrors(answer Answer) bool {
	if !slices.Contains(errorStatuses[:], answer.Status()) || len(answer.body()) == 0 || mayLeaveTheAPI(answer.exchange) {
		return false
	}
	if answer.Status() == 503 && !answer.JSON().IsArray() {
		return false // that the service is out for a while is said by what stands in front of it too, in JSON of its own
	}
	return lib.parsed.body(answer.exchange).problem == "" && (mediaType(answer) == typeJSON || formatOf(answer.body()) == "JSON")
}

// mayLeaveTheAPI reports whether a server in front may take a request's path for one outside of the API, where something
// else answers: by its dots or slashes, escaped once or twice.
func mayLeaveTheAPI(x *evidence.Exchange) bool {
	path, _, _ := strings.Cut(x.Request.Path(), "?")
	for range 2 {
		if plain, err := url.PathUnescape(path); err == nil {
			path = plain
		}
	}
	return strings.Contains(path, "..") || strings.Contains(path, "//") || strings.Contains(path, `\`)
}
