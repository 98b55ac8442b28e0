package evidence

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Redacted stands where a secret was.
const Redacted = "[redacted]"

// Redactor removes secrets by value, in every encoding in which a server could send them back: each character as it is,
// percent encoded, escaped for JSON or XML, once or over again; and inside base64 at any alignment. More secrets
// (cookies, tokens, digest responses) may be added while the run goes on. It may be used by many goroutines at once.
type Redactor struct {
	adding  sync.Mutex
	matcher atomic.Pointer[matcher]
	once    []string // secrets that belonged to one exchange each; see Cleaner
}

// NewRedactor makes a redactor for the secrets; empty ones are ignored.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	r.matcher.Store(&matcher{})
	r.Add(secrets...)
	return r
}

// Add makes more secrets known; empty ones are ignored.
func (r *Redactor) Add(secrets ...string) {
	r.adding.Lock()
	defer r.adding.Unlock()
	r.matcher.Store(r.matcher.Load().with(secrets...))
}

// belongsToOne keeps secrets that are looked for in one exchange only, and at the end in the finished files: looking for
// all of them in every exchange would take its time.
func (r *Redactor) belongsToOne(secrets []string) {
	r.adding.Lock()
	defer r.adding.Unlock()
	for _, secret := range secrets {
		if !strings.Contains(secret, NotThePassword) { // which is nobody's, and stands in the curl lines
			r.once = append(r.once, secret)
		}
	}
}

// Bytes returns the text without secrets, and whether there was one. The text itself is not changed.
func (r *Redactor) Bytes(text []byte) ([]byte, bool) {
	return r.matcher.Load().remove(text)
}

// String returns the text without secrets.
func (r *Redactor) String(text string) string {
	return r.matcher.Load().text(text)
}

// text returns a text without secrets.
func (m *matcher) text(text string) string {
	clean, _ := m.look(text)
	return clean
}

// look returns a text without secrets, and whether there was one. Most texts are short and have no place at which one
// may begin; those are not copied.
func (m *matcher) look(text string) (string, bool) {
	for at := range len(text) {
		if mayBegin(m, text, at) {
			clean, found := m.remove([]byte(text))
			return string(clean), found
		}
	}
	return text, false
}

// credentials are the headers whose values are secrets whatever they are.
var credentials = []string{"Authorization", "Cookie", "Set-Cookie", "X-Csrftoken", "Proxy-Authorization"}

// exchange returns a copy without secrets, its own ones included, noting where the response had any.
func (r *Redactor) exchange(x Exchange, secrets []string) *Exchange {
	m := r.matcher.Load().with(secrets...)
	r.belongsToOne(secrets)
	kept := x
	kept.Key, kept.Purpose, kept.Failure = m.text(x.Key), m.text(x.Purpose), m.text(x.Failure)
	kept.Request.URL = m.text(x.Request.URL)
	kept.Request.Header, _ = m.header(x.Request.Header)
	kept.Request.Body, _ = m.remove(x.Request.Body)
	if x.Response != nil {
		response := *x.Response
		response.Header, response.Leaks = m.header(x.Response.Header)
		var inBody bool
		if response.Body, inBody = m.remove(x.Response.Body); inBody {
			response.Leaks = append([]string{"body"}, response.Leaks...)
		}
		kept.Response = &response
	}
	return &kept
}

// header returns a copy without secrets and the sorted names of the headers that repeated one. A cookie being set is
// no leak: that is what the header is for.
func (m *matcher) header(header http.Header) (http.Header, []string) {
	kept := make(http.Header, len(header))
	var leaks []string
	for name, values := range header {
		name, found := m.look(name)
		for _, value := range values {
			clean, inValue := m.look(value)
			if (found || inValue) && name != "Set-Cookie" {
				leaks = append(leaks, "header "+name)
			}
			if slices.Contains(credentials, http.CanonicalHeaderKey(name)) {
				clean = blank(name, clean)
			}
			kept[name] = append(kept[name], clean)
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
