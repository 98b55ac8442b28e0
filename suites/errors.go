package suites

import "github.com/libdrives/conformance/suites/collect"

// Errors: a refusal says in a form for programs what is wrong.
func errorAnswers(s *Suite) {
	// unknown are the 404s of library drives that nobody has; that they are is for GET-05 to say.
	unknown := func(lib *Library) []Answer {
		var answers []Answer
		for _, uuid := range lib.unknownUUIDs() {
			answer := lib.Answer(collect.Get(libdrivesPath + uuid + "/")).about("the 404 of uuid " + uuid + ", which nobody has")
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
		for _, answer := range unknown(lib) {
			lib.Expect(answer).To(HaveErrorsAsDocumented(), "a 404 carries an array of error objects")
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
