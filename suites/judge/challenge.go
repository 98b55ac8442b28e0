package judge

import (
	"slices"
	"strings"
)

// Unauthorized reports whether the answer is the 401 that AUTH-01 says it is; where not, the spec is blocked by that.
func (lib *Library) Unauthorized(answer Answer) bool {
	if answer.Pending() || lib.Busy(answer) {
		return false
	}
	if text := answer.Incomplete(); text != "" {
		lib.Block("", "%s", text)
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

// challenge is the parameters of an authentication challenge, their names in lower case.
type challenge map[string]string

func (c challenge) Has(name string) bool { return c[name] != "" }

// IsMD5 reports whether MD5 is asked for, which is also meant where no algorithm is named.
func (c challenge) IsMD5() bool {
	algorithm, named := c["algorithm"]
	return !named || strings.EqualFold(algorithm, "MD5")
}

// Offers reports whether a quality of protection is among those offered.
func (c challenge) Offers(qop string) bool {
	return slices.ContainsFunc(strings.Split(c["qop"], ","), func(offered string) bool {
		return strings.EqualFold(strings.TrimSpace(offered), qop)
	})
}

// DigestChallenge is the Digest challenge of an answer: the first that can be answered by MD5, or else the first. A
// header may hold several challenges, and an answer several headers.
func DigestChallenge(a Answer) (first challenge, found bool) {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return nil, false
	}
	for _, header := range a.Exchange.Response.Header.Values("WWW-Authenticate") {
		for _, c := range readChallenges(header, "Digest") {
			if c.IsMD5() {
				return c, true
			}
			if !found {
				first, found = c, true
			}
		}
	}
	return first, found
}

// readChallenges reads the challenges of one scheme in a WWW-Authenticate header: `Digest realm="users", nonce="…",
// Basic realm="users"`. A word without "=" begins the next challenge.
func readChallenges(header, scheme string) []challenge {
	var challenges []challenge
	var current challenge
	for _, part := range splitOutsideQuotes(header) {
		name, value, assigned := strings.Cut(part, "=")
		if words := strings.Fields(name); len(words) == 2 || len(words) == 1 && !assigned {
			current = nil
			if strings.EqualFold(words[0], scheme) {
				current = challenge{}
				challenges = append(challenges, current)
			}
			name = words[len(words)-1]
		}
		if current != nil && assigned {
			current[strings.ToLower(strings.TrimSpace(name))] = unquote(strings.TrimSpace(value))
		}
	}
	return challenges
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
