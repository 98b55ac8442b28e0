package suites

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Authentication: HTTP Basic and HTTP Digest are accepted, and nothing is answered to whoever has no right credentials.
// Wrong ones are sent once to each path, because an account may lock.
func authentication(s *Suite) {
	s.Requirement("AUTH-01", func(lib *Library) {
		for _, answer := range lib.documented(evidence.Nobody) {
			lib.keptOut(answer, "without credentials")
		}
	})

	s.Requirement("AUTH-02", func(lib *Library) {
		for _, answer := range append(lib.documented(evidence.WrongPassword), lib.documented(evidence.WrongUser)...) {
			lib.keptOut(answer, "with a wrong user or password")
		}
	})

	s.Requirement("AUTH-03", func(lib *Library) {
		for _, answer := range lib.documented(evidence.ByBasic) {
			lib.letIn(answer, "HTTP Basic is accepted")
		}
	})

	s.Requirement("AUTH-04", func(lib *Library) {
		for _, answer := range lib.documented(evidence.Nobody) {
			if !lib.unauthorized(answer) {
				continue
			}
			challenge, found := digestChallenge(answer)
			lib.Expect(answer).To(BeSo(found, "a WWW-Authenticate header with a Digest challenge", challenged(answer)), "who has no credentials is challenged for HTTP Digest")
			if !found {
				continue
			}
			lib.Expect(answer).To(BeSo(challenge.has("nonce"), "a nonce", challenged(answer)), "a Digest challenge has a nonce")
			lib.Expect(answer).To(BeSo(challenge.has("realm"), "a realm", challenged(answer)), "a Digest challenge has a realm")
			lib.Expect(answer).To(BeSo(challenge.isMD5(), "the algorithm MD5, which is also meant where none is named", challenged(answer)), "a Digest challenge asks for MD5")
			lib.Expect(answer).To(BeSo(challenge.offers("auth"), "qop with auth in it", challenged(answer)), "a Digest challenge offers qop auth")
		}
	})

	s.Requirement("AUTH-05", func(lib *Library) {
		open := lib.Answer(evidence.Get(libdrivesPath).By(evidence.Nobody)).about("GET /libdrives/ without credentials")
		right := lib.documented(evidence.ByDigest)
		// One path has to do for a wrong digest: it is checked before the path is looked at, and AUTH-02 has sent a
		// wrong password to each path already. Four more failed logins could lock the account.
		wrong := lib.Answer(evidence.Get(libdrivesPath).By(evidence.WrongDigest)).about("GET /libdrives/ with a wrong digest")
		if open.Pending() || wrong.Pending() {
			return
		}
		if wrong.exchange.Response == nil && open.exchange.Response != nil { // there was no challenge to answer
			if lib.unauthorized(open) {
				_, found := digestChallenge(open)
				lib.Expect(open).To(BeSo(found, "a WWW-Authenticate header with a Digest challenge that can be answered", challenged(open)), "HTTP Digest can be used")
			}
			return
		}
		for _, answer := range right {
			lib.letIn(answer, "HTTP Digest is accepted")
		}
		if !lib.busy(wrong) {
			lib.Expect(wrong).To(HaveStatus(401), "a wrong digest is refused")
		}
	})
}

// documented are the answers on the documented paths to somebody.
func (lib *Library) documented(as evidence.Identity) []Answer {
	ask := func(path, by string) Answer {
		return lib.Answer(evidence.Get(path).By(as)).about(fmt.Sprintf("GET /%s as %s", path, as)).answered(by)
	}
	answers := []Answer{ask(libdrivesPath, "LIST-01"), ask(libdrivesDetailPath, "DETAIL-01")}
	for _, drive := range lib.few(1) {
		path := url.PathEscape(drive.UUID) + "/"
		answers = append(answers, ask(libdrivesPath+path, "GET-01"), ask(drivesPath+path, "OWNER-01"))
	}
	return answers
}

// keptOut expects 401 and no drive.
func (lib *Library) keptOut(answer Answer, how string) {
	if lib.busy(answer) {
		return
	}
	lib.Expect(answer).To(HaveStatus(401), how+", a documented path answers 401")
	lib.Expect(answer).To(HoldNoDrive(lib.List().Drives), how+", no drive is shown")
}

// letIn expects that the credentials are taken. What else keeps the answer from being 200 is for others to say.
func (lib *Library) letIn(answer Answer, rule string) {
	if status := answer.Status(); answer.Pending() || status == 200 || status == 401 || status == 403 {
		lib.Expect(answer).To(HaveStatus(200), rule)
		return
	}
	lib.block(answer.answers, "%s", answer.problem())
}

// unauthorized reports whether the answer is the 401 that AUTH-01 says it is; where not, the spec is blocked by that.
func (lib *Library) unauthorized(answer Answer) bool {
	if answer.Pending() || lib.busy(answer) {
		return false
	}
	if text := answer.incomplete(); text != "" {
		lib.block("", "%s", text)
		return false
	}
	if answer.Status() != 401 {
		lib.block("AUTH-01", "%s answers %d, not 401", answer.name(), answer.Status())
		return false
	}
	return true
}

// busy reports whether the answer says no more than that it should be asked for another time, which blocks the spec: the
// credentials were not looked at, or the account is locked for a while.
func (lib *Library) busy(answer Answer) bool {
	if answer.Status() != 429 && answer.Status() != 503 {
		return false
	}
	lib.block("", "%s: the endpoint is busy (%s)", answer.name(), statusOf(answer))
	return true
}

// challenged is how findings tell the challenges of an answer.
func challenged(a Answer) string {
	if a.exchange == nil || a.exchange.Response == nil {
		return "no answer"
	}
	headers := a.exchange.Response.Header.Values("WWW-Authenticate")
	if len(headers) == 0 {
		return "no WWW-Authenticate header"
	}
	return "WWW-Authenticate: " + strings.Join(headers, "\nWWW-Authenticate: ")
}
