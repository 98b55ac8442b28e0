package evidence

import (
	"net/http"
	"slices"
	"strings"
)

// Challenge is one of the ways to authenticate that an answer offers in WWW-Authenticate.
type Challenge struct {
	Scheme     string            // as it was sent
	Parameters map[string]string // their names in lower case, their values without quotes
}

// Is reports whether the challenge is of a scheme, whose case does not matter.
func (c Challenge) Is(scheme string) bool { return strings.EqualFold(c.Scheme, scheme) }

// Has reports whether a parameter is there and filled.
func (c Challenge) Has(name string) bool { return c.Parameters[name] != "" }

// IsMD5 reports whether MD5 is asked for, which is also meant where no algorithm is named.
func (c Challenge) IsMD5() bool {
	algorithm, named := c.Parameters["algorithm"]
	return !named || strings.EqualFold(algorithm, "MD5")
}

// Offers reports whether a quality of protection is among those offered.
func (c Challenge) Offers(qop string) bool {
	return slices.ContainsFunc(strings.Split(c.Parameters["qop"], ","), func(offered string) bool {
		return strings.EqualFold(strings.TrimSpace(offered), qop)
	})
}

// Answerable reports whether a client that knows HTTP Digest by MD5 can answer the challenge. One without qop is of the
// oldest form, which it answers too.
func (c Challenge) Answerable() bool {
	return c.Is("Digest") && c.IsMD5() && c.Has("nonce") && (!c.Has("qop") || c.Offers("auth"))
}

// DigestChallenge is the Digest challenge in the headers of an answer: the first that can be answered, or else the first.
func DigestChallenge(header http.Header) (first Challenge, found bool) {
	for _, c := range Challenges(header) {
		switch {
		case c.Answerable():
			return c, true
		case c.Is("Digest") && !found:
			first, found = c, true
		}
	}
	return first, found
}

// Challenges reads all challenges of an answer. A header may hold several, with commas between them as between their
// parameters, and an answer several headers: `Negotiate, Digest realm="a, b", nonce=abc, Basic realm="users"`. What is no
// challenge is left out.
func Challenges(header http.Header) []Challenge {
	var challenges []Challenge
	for _, value := range header.Values("WWW-Authenticate") {
		challenges = append(challenges, readChallenges(value)...)
	}
	return challenges
}

// readChallenges reads the challenges of one header (RFC 9110, section 11.6.1). In a list, what begins with a token that
// no "=" follows begins a challenge.
func readChallenges(value string) []Challenge {
	var challenges []Challenge
	for _, part := range splitOutsideQuotes(value) {
		part = strings.Trim(part, blanks)
		word := part[:tokenLength(part)]
		rest := strings.TrimLeft(part[len(word):], blanks)
		if word == "" {
			continue
		}
		assigned := strings.HasPrefix(rest, "=")
		if !assigned {
			challenges = append(challenges, Challenge{Scheme: word, Parameters: map[string]string{}})
			part = rest
			word = part[:tokenLength(part)]
			rest = strings.TrimLeft(part[len(word):], blanks)
			assigned = word != "" && strings.HasPrefix(rest, "=")
		}
		if assigned && len(challenges) > 0 {
			parameters, name := challenges[len(challenges)-1].Parameters, strings.ToLower(word)
			if _, given := parameters[name]; !given { // a name that is given twice means nothing certain: the first counts
				parameters[name] = unquote(strings.TrimLeft(rest[1:], blanks))
			}
		}
	}
	return challenges
}

// blanks are what may stand between the parts of a header.
const blanks = " \t"

// tokenLength is how many bytes of a text are a token of HTTP.
func tokenLength(text string) int {
	n := strings.IndexFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
	if n < 0 {
		return len(text)
	}
	return n
}

// splitOutsideQuotes splits at commas that stand outside of quoted strings.
func splitOutsideQuotes(text string) []string {
	var parts []string
	begin, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ',' && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:])
}

// unquote undoes the quoting of a parameter's value.
func unquote(value string) string {
	inner, quoted := strings.CutPrefix(value, `"`)
	if !quoted {
		return value
	}
	var plain strings.Builder
	for i := 0; i < len(inner) && inner[i] != '"'; i++ {
		if inner[i] == '\\' && i+1 < len(inner) {
			i++
		}
		plain.WriteByte(inner[i])
	}
	return plain.String()
}
