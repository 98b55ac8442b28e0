package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Errors: a refusal says in a form for programs what is wrong.
func errorAnswers(s *Suite) {
	// unknown are the 404s of library drives that nobody has; that they are is for GET-05 to say.
	unknown := func(lib *Library) []Answer {
		var answers []Answer
		for _, uuid := range material.UnknownUUIDs(lib) {
			answer := lib.Answer(Get(LibdrivesPath + uuid + "/")).About("the 404 of uuid " + uuid + ", which nobody has")
			if lib.HasStatus(answer, 404, "GET-05") && answer.HasBody() { // errors have a body as a rule, not always
				answers = append(answers, answer)
			}
		}
		return answers
	}

	s.Requirement("ERROR-01", func(lib *Library) {
		for _, answer := range unknown(lib) {
			lib.Expect(answer).To(HaveErrorsAsDocumented(), "a 404 carries an error object or an array of them")
		}
	})

	s.Requirement("ERROR-02", func(lib *Library) {
		notFound := unknown(lib)
		for _, answer := range notFound {
			lib.Expect(answer).To(HaveErrorType("notexist"), "the error of a 404 is of the type notexist")
		}
		for _, answer := range Besides(notFound, lib.NotFound()) {
			lib.Expect(answer).To(HaveErrorType("notexist"), "the error of a 404 is of the type notexist wherever something is not found by its uuid: a drive, a server, a job, a drive to clone")
		}
	})

	s.Requirement("ERROR-03", func(lib *Library) {
		notFound := unknown(lib)
		provoked(lib)
		for _, answer := range append(lib.Everything(), lib.RefusedForNow()...) {
			if answer.Refused() && len(TypesOf(answer)) > 0 {
				judged := lib.Expect(answer)
				if len(Besides(notFound, []Answer{answer})) == 0 {
					judged = judged.RelyingOn("ERROR-02")
				}
				judged.To(HaveDocumentedErrorTypes(), "an error_type is one of the documented ones")
			}
		}
	})

	s.Requirement("ERROR-04", func(lib *Library) {
		notFound := unknown(lib)
		provoked(lib)
		for _, answer := range append(Besides(notFound, lib.Everything()), lib.RefusedForNow()...) {
			if lib.SaysErrors(answer) {
				lib.Expect(answer).RelyingOn("ERROR-01").To(HaveErrorsAsDocumented(), "an error that is told in JSON is an error object or an array of them")
			}
		}
	})
}

// provoked are the answers to requests that a sound endpoint refuses, each for another reason: no credentials, no such
// drive, a uuid that is none, no format, a limit that is none.
func provoked(lib *Library) []Answer {
	list := Get(LibdrivesPath)
	return []Answer{
		lib.Answer(list.By(Nobody)),
		lib.Answer(Get(LibdrivesPath + material.RandomUUID(lib) + "/")),
		lib.Answer(Get(LibdrivesPath + "not-a-uuid/")),
		lib.Answer(list.With("Accept", TypeUnsupported)),
		lib.Answer(Get(LibdrivesPath + "?limit=-1")),
	}
}
