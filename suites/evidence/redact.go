package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Redacted stands where a secret was.
const Redacted = "[redacted]"

// Redactor removes secrets by value, in every encoding in which a server could send them back: as they are, percent
// encoded, escaped for JSON or XML, and inside base64 at any alignment. More secrets (cookies, tokens, digest
// responses) may be added while the run goes on. It may be used by many goroutines at once.
type Redactor struct {
	mu       sync.RWMutex
	patterns [][]byte // longest first, so that a secret within a secret leaves nothing behind
}

// NewRedactor makes a redactor for the secrets; empty ones are ignored.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add makes more secrets known; empty ones are ignored.
func (r *Redactor) Add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			if !slices.ContainsFunc(r.patterns, func(p []byte) bool { return string(p) == form }) {
				r.patterns = append(r.patterns, []byte(form))
			}
		}
	}
	slices.SortStableFunc(r.patterns, func(a, b []byte) int { return len(b) - len(a) })
}

// forms are the ways in which a server may write a secret.
func forms(secret string) []string {
	if secret == "" {
		return nil
	}
	result := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ToLower(url.QueryEscape(secret))}
	if quoted, err := json.Marshal(secret); err == nil {
		result = append(result, string(quoted[1:len(quoted)-1]))
	}
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(secret); err == nil {
		result = append(result, strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(plain.String()), `"`), `"`))
	}
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(secret)); err == nil {
		result = append(result, escaped.String())
	}
	result = append(result, base64Forms(secret)...)
	slices.Sort(result)
	return slices.Compact(result)
}

// base64Forms are the letters that a secret becomes in base64, wherever in the encoded text it begins. The letters at
// either end that it shares with its neighbours are left out. A form so short that it could stand for anything is not
// looked for.
func base64Forms(secret string) []string {
	const shortest = 8
	var result []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString(append(make([]byte, before), secret...))
			text = text[(before*8+5)/6:]
			if (before+len(secret))%3 != 0 {
				text = text[:len(text)-1]
			}
			if len(text) >= shortest {
				result = append(result, text)
			}
		}
	}
	return result
}

// Bytes returns the text without secrets, and whether there was one. The text itself is not changed.
func (r *Redactor) Bytes(text []byte) ([]byte, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return remove(text, r.patterns)
}

func remove(text []byte, patterns [][]byte) ([]byte, bool) {
	found := false
	for _, pattern := range patterns {
		if bytes.Contains(text, pattern) {
			text = bytes.ReplaceAll(text, pattern, []byte(Redacted))
			found = true
		}
	}
	return text, found
}

// with is a redactor that also knows the secrets of one exchange, as they are: they are random text that no server has
// a reason to encode.
func (r *Redactor) with(secrets []string) *Redactor {
	if len(secrets) == 0 {
		return r
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	more := &Redactor{patterns: slices.Clone(r.patterns)}
	for _, secret := range secrets {
		if secret != "" {
			more.patterns = append(more.patterns, []byte(secret))
		}
	}
	return more
}

// String returns the text without secrets.
func (r *Redactor) String(text string) string {
	clean, _ := r.Bytes([]byte(text))
	return string(clean)
}

// credentials are the headers whose values are secrets whatever they are.
var credentials = []string{"Authorization", "Cookie", "Set-Cookie", "X-Csrftoken", "Proxy-Authorization"}

// exchange returns a copy without secrets, noting where the response had any.
func (r *Redactor) exchange(x Exchange, secrets []string) *Exchange {
	r = r.with(secrets)
	kept := x
	kept.Request.URL = r.String(x.Request.URL)
	kept.Request.Header, _ = r.header(x.Request.Header)
	kept.Request.Body, _ = r.Bytes(x.Request.Body)
	kept.Failure = r.String(x.Failure)
	if x.Response != nil {
		response := *x.Response
		response.Header, response.Leaks = r.header(x.Response.Header)
		var inBody bool
		if response.Body, inBody = r.Bytes(x.Response.Body); inBody {
			response.Leaks = append([]string{"body"}, response.Leaks...)
		}
		kept.Response = &response
	}
	return &kept
}

// header returns a copy without secrets and the sorted names of the headers that repeated one. A cookie being set is
// no leak: that is what the header is for.
func (r *Redactor) header(header http.Header) (http.Header, []string) {
	kept := make(http.Header, len(header))
	var leaks []string
	for name, values := range header {
		for _, value := range values {
			clean, found := r.Bytes([]byte(value))
			if slices.Contains(credentials, http.CanonicalHeaderKey(name)) {
				clean = []byte(blank(name, value))
			} else if found {
				leaks = append(leaks, "header "+name)
			}
			kept[name] = append(kept[name], string(clean))
		}
	}
	slices.Sort(leaks)
	return kept, slices.Compact(leaks)
}

// blank keeps what a reader needs of a credential: its scheme or its cookie's name and attributes.
func blank(name, value string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization":
		scheme, _, _ := strings.Cut(value, " ")
		if scheme == "Basic" || scheme == "Digest" {
			return scheme + " " + Redacted
		}
	case "Set-Cookie":
		pair, attributes, _ := strings.Cut(value, ";")
		cookie, _, found := strings.Cut(pair, "=")
		if found && attributes != "" {
			return cookie + "=" + Redacted + ";" + attributes
		}
		if found {
			return cookie + "=" + Redacted
		}
	case "Cookie":
		var names []string
		for pair := range strings.SplitSeq(value, ";") {
			cookie, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
			names = append(names, cookie+"="+Redacted)
		}
		return strings.Join(names, "; ")
	}
	return Redacted
}
