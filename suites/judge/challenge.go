package judge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// HasStatus reports whether an answer has a status that a spec builds on. Where it has another, the spec is blocked by the
// requirement that says that it has this one.
func (lib *Library) HasStatus(answer Answer, status int, by string) bool {
	if answer.Pending() || lib.Incomplete(answer) {
		return false
	}
	if answer.Status() != status {
		lib.Block(lib.FirstFailing(by), "%s answers %d, not %d", answer.name(), answer.Status(), status)
		return false
	}
	return true
}

// ExpectLetIn asserts that no answer of the run to the account's name and password by HTTP Basic is 401, whatever was asked for.
func (lib *Library) ExpectLetIn(rule string) {
	for _, a := range lib.Everything() {
		request := a.Exchange.Request
		basic := (request.As == evidence.Account || request.As == evidence.ByBasic) && strings.HasPrefix(request.Header.Get("Authorization"), "Basic ")
		if basic && a.Status() == http.StatusUnauthorized && !lib.Expect(a).To(NotHaveStatus(http.StatusUnauthorized), rule) {
			return
		}
	}
}

// NotHaveStatus matches an answer of any other status.
func NotHaveStatus(status int) AnswerMatch {
	return AnswerMatch{expected: fmt.Sprintf("any status but %d", status), look: func(a Answer) (string, bool) {
		return fmt.Sprint(a.Status()), a.Status() != status
	}}
}

// OfStatus are those of the answers that have one of the statuses. Where none has, the spec is blocked by the requirements
// that say that they are answered with 200.
func (lib *Library) OfStatus(answers []Answer, statuses ...int) []Answer {
	var of []Answer
	pending := false
	for _, answer := range answers {
		pending = pending || answer.Pending()
		if slices.Contains(statuses, answer.Status()) {
			of = append(of, answer)
		}
	}
	if len(of) == 0 && !pending {
		for _, answer := range answers {
			if !lib.Incomplete(answer) {
				lib.Block(answer.OkBy, "%s", answer.Problem())
			}
		}
	}
	return of
}

// SentDigest reports whether a wrong digest could be sent: it answers a challenge, of which there may have been none, or
// which got lost. open is what is answered to nobody. The spec waits for both.
func (lib *Library) SentDigest(wrong, open Answer) bool {
	if wrong.Pending() || open.Pending() {
		lib.stop()
	}
	return wrong.Exchange.Response != nil || open.Exchange.Response == nil
}

// ChallengeForDigest matches an answer that challenges for HTTP Digest.
func ChallengeForDigest() AnswerMatch {
	return challenging("a WWW-Authenticate header with a Digest challenge", func(evidence.Challenge) bool { return true })
}

// MustChallenge reports whether a 401 has to say how to log in. A write by the cookies of a login that lacks its token may be
// refused so, too: of that the documentation says nothing, and whoever sends it is logged in.
func (lib *Library) MustChallenge(answer Answer) bool {
	by := answer.Exchange.Request.As
	return reads(answer.Exchange) || by != evidence.BySession && by != evidence.BySessionOnly
}

// ChallengeAtAll matches an answer with a WWW-Authenticate header, whatever it asks for.
func ChallengeAtAll() AnswerMatch {
	return AnswerMatch{expected: "a WWW-Authenticate header", look: func(a Answer) (string, bool) {
		return "no WWW-Authenticate header", strings.TrimSpace(a.header("WWW-Authenticate")) != ""
	}}
}

// ChallengeAnswerably matches an answer whose Digest challenge can be answered.
func ChallengeAnswerably() AnswerMatch {
	return challenging("a WWW-Authenticate header with a Digest challenge that can be answered", evidence.Challenge.Answerable)
}

// ChallengeWith matches an answer whose Digest challenge has the parameter.
func ChallengeWith(parameter string) AnswerMatch {
	return challenging("a "+parameter, func(c evidence.Challenge) bool { return c.Has(parameter) })
}

// ChallengeForMD5 matches an answer whose Digest challenge asks for the algorithm MD5.
func ChallengeForMD5() AnswerMatch {
	return challenging("the algorithm MD5, which is also meant where none is named", evidence.Challenge.IsMD5)
}

// ChallengeOffering matches an answer whose Digest challenge offers the quality of protection.
func ChallengeOffering(qop string) AnswerMatch {
	return challenging("qop with "+qop+" in it", func(c evidence.Challenge) bool { return c.Offers(qop) })
}

// challenging looks at the Digest challenge of an answer: the first that can be answered by MD5, or else the first.
func challenging(expected string, holds func(evidence.Challenge) bool) AnswerMatch {
	return AnswerMatch{expected: expected, look: func(a Answer) (string, bool) {
		if a.Exchange.Response == nil {
			return "no answer", false
		}
		challenge, found := evidence.DigestChallenge(a.Exchange.Response.Header)
		shown := "no WWW-Authenticate header"
		if headers := a.Exchange.Response.Header.Values("WWW-Authenticate"); len(headers) > 0 {
			shown = "WWW-Authenticate: " + strings.Join(headers, "\nWWW-Authenticate: ")
		}
		return shown, found && holds(challenge)
	}}
}
