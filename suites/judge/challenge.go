package judge

import (
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Unauthorized reports whether the answer is the 401 that AUTH-01 says it is; where not, the spec is blocked by that.
func (lib *Library) Unauthorized(answer Answer) bool {
	if answer.Pending() || lib.Incomplete(answer) {
		return false
	}
	if answer.Status() != 401 {
		lib.Block("AUTH-01", "%s answers %d, not 401", answer.name(), answer.Status())
		return false
	}
	return true
}

// Challenged is how findings tell the challenges of an answer.
func Challenged(a Answer) string {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return "no answer"
	}
	headers := a.Exchange.Response.Header.Values("WWW-Authenticate")
	if len(headers) == 0 {
		return "no WWW-Authenticate header"
	}
	return "WWW-Authenticate: " + strings.Join(headers, "\nWWW-Authenticate: ")
}

// DigestChallenge is the Digest challenge of an answer: the first that can be answered by MD5, or else the first.
func DigestChallenge(a Answer) (challenge evidence.Challenge, found bool) {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return challenge, false
	}
	return evidence.DigestChallenge(a.Exchange.Response.Header)
}
