package evidence

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Curl is the line that repeats the request in a POSIX shell. The credentials stand in it as LIBDRIVES_USERNAME and
// LIBDRIVES_PASSWORD, the suite's own environment variables. A request by a session needs one: the line begins it, and ends
// it where it was ended before.
func (r Request) Curl() string {
	switch {
	case r.As == ForeignDigest:
		return r.curlForeign()
	case r.Login == "":
		return r.curl()
	case r.As == Nobody:
		return r.curlLogin("-i")
	}
	steps := []string{"jar=$(mktemp)", Request{URL: r.Login, Header: http.Header{"Accept": {"*/*"}, "Content-Type": {"application/json"}}}.curlLogin(`-o /dev/null -c "$jar"`)}
	if r.Logout != "" {
		logout := Request{Method: "POST", URL: r.Logout, As: BySession, Header: http.Header{
			"Accept": {"*/*"}, "Content-Type": {"application/json"}, "X-Csrftoken": {""},
		}, Body: []byte("{}")}
		steps = append(steps, logout.curl()+" -o /dev/null") // what it does to the cookies is not kept: they are sent again
	}
	return strings.Join(append(steps, r.curl(), `rm -f "$jar"`), "; ")
}

// CurlShowingHeaders is Curl where the status or a header of the answer is what matters: curl shows them too.
func (r Request) CurlShowingHeaders() string {
	const plain = "curl -sS "
	line := r.Curl()
	at := strings.LastIndex(line, plain)
	if at < 0 || strings.HasPrefix(line[at+len(plain):], "-i ") || strings.HasPrefix(line[at+len(plain):], "-I ") {
		return line
	}
	if end := strings.LastIndex(line, quote(r.URL)); end < at { // what was found is not the request itself
		return line
	}
	return line[:at+len(plain)] + "-i " + line[at+len(plain):]
}

// curlLogin logs in. The body is made by the shell: a quote or backslash of a password is escaped as JSON wants it.
func (r Request) curlLogin(options string) string {
	const value = `"$(printf %s "$LIBDRIVES_USERNAME" | sed 's/["\\]/\\&/g')"`
	words := []string{"printf", `'{"username": "%s", "password": "%s"}'`, value, strings.Replace(value, "USERNAME", "PASSWORD", 1), "|", "curl", "-sS", options}
	r.Body = []byte("{}") // not to lose the headers that a body has
	words = append(words, r.curlHeaders()...)
	return strings.Join(append(words, "--data-binary", "@-", quote(r.URL)), " ")
}

// curlForeign asks for a challenge and answers it for another address, which curl does not do by itself.
func (r Request) curlForeign() string {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	elsewhere := ElsewhereOf(r.Path())
	return strings.Join([]string{
		"challenge=$(curl -sS -o /dev/null -D - " + quote(r.URL) + ` | tr -d '\r' | grep -i 'digest.*nonce=' | head -n 1)`,
		`part() { printf %s "$challenge" | sed -n "s/.*[ ,]$1=\"\([^\"]*\)\".*/\1/p"; }`,
		`md5() { printf %s "$1" | md5sum | cut -c 1-32; }`,
		`elsewhere=` + quote(elsewhere),
		`response=$(md5 "$(md5 "$LIBDRIVES_USERNAME:$(part realm):$LIBDRIVES_PASSWORD"):$(part nonce):00000001:0a4f113b:auth:$(md5 "` + method + `:$elsewhere")")`,
		r.curl(),
	}, "; ")
}

// curl is the one request.
func (r Request) curl() string {
	words := []string{"curl", "-sS"}
	if bytes.IndexByte(r.Body, 0) >= 0 {
		words = append([]string{"printf", octal(r.Body), "|"}, words...) // no argument of a program can hold a NUL
	}
	switch r.Method {
	case "GET", "":
		if len(r.Body) > 0 {
			words = append(words, "-X", "GET") // else curl makes a POST of what has a body
		}
	case "HEAD":
		words = append(words, "-I")
	default:
		words = append(words, "-i", "-X", word(r.Method))
	}
	words = append(words, r.curlCredentials()...)
	words = append(words, r.curlHeaders()...)
	switch {
	case bytes.IndexByte(r.Body, 0) >= 0:
		words = append(words, "--data-binary", "@-")
	case len(r.Body) > 0:
		words = append(words, "--data-raw", quote(string(r.Body)))
	}
	if strings.ContainsAny(r.URL, "[]{}") {
		words = append(words, "-g") // else curl takes brackets for a range
	}
	if path, _, _ := strings.Cut(r.URL, "?"); strings.Contains(path, "/.") {
		words = append(words, "--path-as-is") // else curl resolves dot segments before it asks
	}
	return strings.Join(append(words, quote(r.URL)), " ")
}

// curlHeaders are the headers that make a difference, and those that curl must not add by itself.
func (r Request) curlHeaders() []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if slices.Contains(credentials, name) || name == "User-Agent" || name == PurposeHeader || name == "Content-Length" {
			continue
		}
		for _, value := range r.Header[name] {
			switch {
			case name == "Accept-Encoding" && value == "gzip":
				words = append(words, "--compressed") // asks for it and unpacks it
			case value == "":
				words = append(words, "-H", quote(name+";")) // curl's way to send a header without a value
			default:
				words = append(words, "-H", quote(name+": "+value))
			}
		}
	}
	if r.Header != nil && len(r.Header["Accept"]) == 0 {
		words = append(words, "-H", "'Accept:'")
	}
	if len(r.Body) > 0 && len(r.Header["Content-Type"]) == 0 {
		words = append(words, "-H", "'Content-Type:'")
	}
	return words
}

func (r Request) curlCredentials() []string {
	account := []string{"-u", `"$LIBDRIVES_USERNAME:$LIBDRIVES_PASSWORD"`}
	wrong := []string{"-u", `"$LIBDRIVES_USERNAME:` + NotThePassword + `"`}
	digest := append([]string{"--digest"}, account...)
	switch r.As {
	case Nobody:
		return nil
	case WrongPassword:
		return wrong
	case EmptyPassword:
		return []string{"-u", `"$LIBDRIVES_USERNAME:"`}
	case CutPassword:
		return []string{"-u", `"$LIBDRIVES_USERNAME:${LIBDRIVES_PASSWORD%?}"`}
	case LongPassword:
		return []string{"-u", `"$LIBDRIVES_USERNAME:${LIBDRIVES_PASSWORD}` + OneMore + `"`}
	case CasePassword:
		return []string{"-u", `"$LIBDRIVES_USERNAME:$(printf %s "$LIBDRIVES_PASSWORD" | tr a-zA-Z A-Za-z)"`}
	case WrongDigest:
		return append([]string{"--digest"}, wrong...)
	case ForeignDigest:
		return []string{"-H", `"Authorization: Digest username=\"$LIBDRIVES_USERNAME\", realm=\"$(part realm)\", nonce=\"$(part nonce)\", uri=\"$elsewhere\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", response=\"$response\", opaque=\"$(part opaque)\""`}
	case ByBasic:
		return account
	case ByDigest:
		return digest
	case BySession, BySessionOnly:
		session := []string{"-b", `"$jar"`}
		if len(r.Header["X-Csrftoken"]) > 0 {
			session = append(session, "-H", `"X-CSRFToken: $(awk '$6 == "csrftoken" { print $7 }' "$jar")"`)
		}
		return session
	}
	if r.Auth == "digest" {
		return digest
	}
	return account
}

// word quotes a text that seldom needs it.
func word(text string) string {
	for _, letter := range []byte(text) {
		if letter < 'A' || letter > 'Z' {
			return quote(text)
		}
	}
	return text
}

// octal writes bytes for printf, each that is not a letter or digit as an escape.
func octal(text []byte) string {
	var line strings.Builder
	for _, b := range text {
		if b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' {
			line.WriteByte(b)
		} else {
			fmt.Fprintf(&line, `\%03o`, b)
		}
	}
	return quote(line.String())
}

// quote makes one word of the text for a POSIX shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
