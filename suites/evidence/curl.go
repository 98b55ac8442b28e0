package evidence

import (
	"fmt"
	"slices"
	"strings"
)

// Curl is the line that repeats the request in a shell. The credentials stand in it as LIBDRIVES_USERNAME and
// LIBDRIVES_PASSWORD, the suite's own environment variables.
func (r Request) Curl() string {
	words := []string{"curl", "-sS"}
	switch r.Method {
	case "GET", "":
	case "HEAD":
		words = append(words, "-I")
	default:
		words = append(words, "-i", "-X", r.Method)
	}
	words = append(words, r.curlCredentials()...)
	var names []string
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains(credentials, name) || name == "User-Agent" || name == PurposeHeader || name == "Content-Length" {
			continue
		}
		for _, value := range r.Header[name] {
			words = append(words, "-H", quote(name+": "+value))
		}
	}
	if len(r.Body) > 0 {
		words = append(words, "--data-binary", quote(string(r.Body)))
	}
	if strings.ContainsAny(r.URL, "[]{}") {
		words = append(words, "-g") // else curl takes brackets for a range
	}
	if strings.Contains(r.URL, "/.") {
		words = append(words, "--path-as-is") // else curl resolves dot segments before it asks
	}
	return strings.Join(append(words, quote(r.URL)), " ")
}

func (r Request) curlCredentials() []string {
	account := []string{"-u", `"$LIBDRIVES_USERNAME:$LIBDRIVES_PASSWORD"`}
	digest := append([]string{"--digest"}, account...)
	switch r.As {
	case Nobody:
		return nil
	case WrongPassword:
		return []string{"-u", `"$LIBDRIVES_USERNAME:wrong"`}
	case WrongUser:
		return []string{"-u", "nobody@example.com:wrong"}
	case WrongDigest:
		return []string{"--digest", "-u", `"$LIBDRIVES_USERNAME:wrong"`}
	case ByBasic:
		return account
	case ByDigest:
		return digest
	case BySession:
		return []string{"-b", "cookies.txt", "-H", fmt.Sprintf("%q", "X-CSRFToken: $LIBDRIVES_CSRFTOKEN")}
	case BySessionOnly:
		return []string{"-b", "cookies.txt"}
	}
	if r.Auth == "digest" {
		return digest
	}
	return account
}

// quote makes one word of the text for a POSIX shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
