package evidence

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// Echo is a place of a response where credentials stood.
type Echo struct {
	Location string // "body", "header Location" …
	Certain  bool   // they cannot stand there by chance; else a look at an answer to the same request without them tells
	Strong   bool   // it is no word, so that it stands there by chance only where somebody gave a drive that name
}

// credentials are the headers whose values are secrets whatever they are.
var credentials = []string{"Authorization", "Cookie", "Set-Cookie", "X-Csrftoken", "Proxy-Authorization"}

// redacted returns a copy of an exchange without secrets, noting where the response had any.
func redacted(x *Exchange, m cleaner) *Exchange {
	kept := *x
	kept.Key, kept.Purpose, kept.Failure = clean(m, x.Key), clean(m, x.Purpose), clean(m, x.Failure)
	kept.Step.Scenario, kept.Step.Name, kept.Step.Part = clean(m, x.Step.Scenario), clean(m, x.Step.Name), clean(m, x.Step.Part)
	kept.Request.URL, kept.Request.Login, kept.Request.Logout = clean(m, x.Request.URL), clean(m, x.Request.Login), clean(m, x.Request.Logout)
	kept.Request.Header, _ = cleanHeader(m, x.Request.Header)
	kept.Request.Body, _ = m.Bytes(x.Request.Body)
	if x.Response != nil {
		response := *x.Response
		response.Proto, response.Echoes = clean(m, x.Response.Proto), nil
		response.Header, response.Leaks = cleanHeader(m, x.Response.Header)
		var inBody bool
		if response.Body, inBody = x.Response.Body.without(m); inBody {
			response.Leaks = append([]string{"body"}, response.Leaks...)
		}
		if len(response.Leaks) > 0 || response.Proto != x.Response.Proto || x.Response.Echoes != nil || hasCredentials(x.Response.Header) {
			kept.Response = &response
		} // else it is as it came, of which there is to be one
	}
	return &kept
}

// cleaner removes secrets. A matcher is one.
type cleaner interface {
	String(text string) (clean string, found bool)
	Bytes(text []byte) (clean []byte, found bool)
}

func clean(c cleaner, text string) string {
	text, _ = c.String(text)
	return text
}

// cleanHeader returns a copy without secrets and the sorted names of the headers that repeated one. A cookie being set is
// no leak: that is what the header is for.
func cleanHeader(m cleaner, header http.Header) (http.Header, []string) {
	kept := make(http.Header, len(header))
	var leaks []string
	for name, values := range header {
		name, found := m.String(name)
		for _, value := range values {
			value, inValue := m.String(value)
			if (found || inValue) && name != "Set-Cookie" {
				leaks = append(leaks, "header "+name)
			}
			if slices.Contains(credentials, http.CanonicalHeaderKey(name)) {
				value = blank(name, value)
			}
			kept[name] = append(kept[name], value)
		}
	}
	slices.Sort(leaks)
	return kept, slices.Compact(leaks)
}

// hasCredentials reports whether one of the headers is a secret whatever its value is.
func hasCredentials(header http.Header) bool {
	for name := range header {
		if slices.Contains(credentials, http.CanonicalHeaderKey(name)) {
			return true
		}
	}
	return false
}

// blank keeps what a reader needs of a credential: its scheme or its cookie's name and attributes.
func blank(name, value string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization":
		scheme, _, _ := strings.Cut(value, " ")
		if scheme == "Basic" || scheme == "Digest" {
			return scheme + " " + redact.Placeholder
		}
	case "Set-Cookie":
		pair, attributes, _ := strings.Cut(value, ";")
		cookie, _, found := strings.Cut(pair, "=")
		if found && attributes != "" {
			return cookie + "=" + redact.Placeholder + ";" + attributes
		}
		if found {
			return cookie + "=" + redact.Placeholder
		}
	case "Cookie":
		var names []string
		for pair := range strings.SplitSeq(value, ";") {
			cookie, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
			names = append(names, cookie+"="+redact.Placeholder)
		}
		return strings.Join(names, "; ")
	}
	return redact.Placeholder
}

// Redacted returns an exchange as it may leave the process: without any secret of the run, its own ones included. It is
// worked out once. An exchange that was read from a file is as it was written there.
func (r *Record) Redacted(x *Exchange) *Exchange {
	if x == nil || r.restored {
		return x
	}
	r.mu.RLock()
	own, known := r.own[x], r.clean[x]
	r.mu.RUnlock()
	matcher := r.redactor.Matcher()
	if known.by == matcher {
		return known.exchange
	}
	kept := r.redacted(x, matcher, own)
	kept.Request.Header = r.headers.one(kept.Request.Header)
	if kept.Response != nil && len(kept.Response.Leaks) > 0 {
		kept.Response.Echoes = r.Echoes(x)
		for i, echo := range kept.Response.Echoes {
			kept.Response.Echoes[i].Location = clean(matcher, echo.Location) // a header may be named by a secret
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.clean[x]; known.by == matcher { // somebody else was faster: there is one of each
		return known.exchange
	}
	r.clean[x] = cleaned{kept, matcher}
	return kept
}

// redacted returns a copy of an exchange without secrets. Texts and bodies that came before are not looked through again but
// for what belongs to this exchange alone.
func (r *Record) redacted(x *Exchange, matcher *redact.Matcher, own []string) *Exchange {
	r.mu.Lock()
	if r.texts == nil || r.texts.by != matcher {
		r.texts = newRepeated(matcher)
	}
	texts := r.texts
	r.mu.Unlock()
	if pair := matcher.Beside(own...); pair.Own != nil {
		return redacted(x, besideRepeated{texts, pair})
	}
	return redacted(x, texts)
}

// RedactedAll returns some exchanges as they may leave the process.
func (r *Record) RedactedAll(list []*Exchange) []*Exchange {
	shown := make([]*Exchange, len(list))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(list), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for at := int(next.Add(1)) - 1; at < len(list); at = int(next.Add(1)) - 1 {
				shown[at] = r.Redacted(list[at])
			}
		})
	}
	workers.Wait()
	return shown
}

// cleaned is an exchange without the secrets that a matcher finds.
type cleaned struct {
	exchange *Exchange
	by       *redact.Matcher
}

// Echoes are the places of a response where credentials stood that were sent in the run, as far as that can be distinguished from
// words of the endpoint's own. They are not nil.
func (r *Record) Echoes(x *Exchange) []Echo {
	if x.Response == nil {
		return []Echo{}
	}
	if r.restored {
		return x.Response.Echoes
	}
	r.mu.RLock()
	own := r.own[x]
	r.mu.RUnlock()
	certain, likely := r.redactor.Echoes(own...)
	sure, perhaps := locations(certain, x.Response), locations(likely, x.Response)
	echoes := make([]Echo, 0, len(sure)+len(perhaps))
	for _, location := range sure {
		echoes = append(echoes, Echo{Location: location, Certain: true})
	}
	for _, location := range perhaps {
		if !slices.Contains(sure, location) {
			echoes = append(echoes, Echo{Location: location, Strong: r.redactor.Strong()})
		}
	}
	return echoes
}

// PasswordInHeaders are the headers of a response that repeat the account's password where that is no word of an endpoint's own.
func (r *Record) PasswordInHeaders(x *Exchange) (names []string) {
	switch {
	case x.Response == nil:
		return nil
	case r.restored:
		for _, echo := range x.Response.Echoes {
			if echo.Strong && !echo.Certain && strings.HasPrefix(echo.Location, "header ") {
				names = append(names, echo.Location)
			}
		}
		return names
	case !r.redactor.Strong():
		return nil
	}
	_, likely := r.redactor.Echoes()
	_, names = cleanHeader(likely, x.Response.Header)
	return names
}

// locations are where in a response something stands.
func locations(m cleaner, x *Response) []string {
	_, found := cleanHeader(m, x.Header)
	if _, inBody := x.Body.without(m); inBody {
		found = append([]string{"body"}, found...)
	}
	return found
}

// longestText is the most bytes of one text that leaves the run. A reason is told of each requirement that it holds for, and an
// endpoint's own words may be as long as it likes.
const longestText = 64 << 10

// beginningOf is a text as long as one may be that leaves the run.
func beginningOf(text string) string {
	if len(text) <= longestText {
		return text
	}
	return strings.ToValidUTF8(text[:longestText], "") + "…"
}

// Text returns a text that tells of some exchanges without any secret of the run. Of one that nobody would read to its end it is the
// beginning.
func (r *Record) Text(text string, of ...*Exchange) string {
	if text == "" || r.restored {
		return beginningOf(text)
	}
	var own []string
	r.mu.RLock()
	for _, x := range of {
		own = append(own, r.own[x]...)
	}
	r.mu.RUnlock()
	// What stands for a secret is not looked into again: a password may be a letter of it.
	parts := strings.Split(beginningOf(clean(redact.Only(own...), text)), redact.Placeholder)
	for i, part := range parts {
		parts[i] = r.redactor.Matcher().Cut(r.redactor.Text(part))
	}
	return strings.Join(parts, redact.Placeholder)
}

// Identifier returns what a resource is found by, without the secrets that are long enough not to stand in it by chance:
// whoever has to remove a drive needs its uuid whole.
func (r *Record) Identifier(text string) string {
	if r.restored {
		return text
	}
	return r.redactor.Identifier(text)
}

// Shown is a record as it may leave the process.
type Shown struct{ record *Record }

// Shown is the record as it may leave the process.
func (r *Record) Shown() *Shown { return &Shown{r} }

// All returns every exchange in order, without secrets.
func (s *Shown) All() []*Exchange {
	return s.record.RedactedAll(s.record.All())
}

// Answer returns the last exchange of a key in a round, without secrets, or nil where there is none.
func (s *Shown) Answer(key string, round int) *Exchange {
	return s.record.Redacted(s.record.Answer(key, round))
}

// Len is the number of exchanges.
func (s *Shown) Len() int { return s.record.Len() }

// Close gives the record's temporary file back; see Record.Close.
func (s *Shown) Close() { s.record.Close() }

// Redactor knows the secrets of the run, to look for them in finished files.
func (s *Shown) Redactor() *redact.Redactor { return s.record.redactor }

// Redacted stands where a secret was.
const Redacted = redact.Placeholder

// Redactor knows the secrets of a run; see package redact.
type Redactor = redact.Redactor

// NewRedactor makes a redactor for the secrets; empty ones are ignored.
func NewRedactor(secrets ...string) *Redactor { return redact.New(secrets...) }
