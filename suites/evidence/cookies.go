package evidence

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"
)

// Cookie is a cookie that an answer sets, as far as a client goes by it.
type Cookie struct {
	Name  string
	Value string // as it is sent back: quotes that stood around it belong to it
	Why   string // why a client does not send it to the API; empty where it does
	Ends  bool   // it is set to be gone at once
}

// Cookies are the cookies that an answer sets, by the rules of RFC 6265 for a client that sends them to the API below the
// base: not those for another host or path, nor those for TLS alone where there is none.
func Cookies(header http.Header, from, base *url.URL) []Cookie {
	response := http.Response{Header: header} // which reads the header
	var cookies []Cookie
	for _, set := range response.Cookies() {
		if set.Quoted {
			set.Value, set.Quoted = `"`+set.Value+`"`, false
		}
		cookies = append(cookies, Cookie{Name: set.Name, Value: set.Value, Why: refused(*set, from, base), Ends: ends(set, header)})
	}
	return cookies
}

// refused says why a client does not send a cookie to the API; empty where it does.
func refused(set http.Cookie, from, base *url.URL) string {
	if set.Secure && base.Scheme != "https" {
		return "it is for TLS alone, and the target is http"
	}
	set.Value, set.Expires, set.MaxAge = "x", time.Time{}, 0 // when it ends is another matter
	if accepts(set, from, base) {
		return ""
	}
	set.Path = "/"
	if accepts(set, from, base) {
		return "it is for another path than that of the API"
	}
	return "it is for the domain " + set.Domain
}

// accepts reports whether a client that was set the cookie by an answer sends it to the API.
func accepts(set http.Cookie, from, base *url.URL) bool {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return false // it never fails without options
	}
	jar.SetCookies(from, []*http.Cookie{&set})
	return len(jar.Cookies(base)) > 0
}

// ends reports whether a cookie is set to be gone at once. The time is the answer's own, where it says one: clocks differ.
func ends(set *http.Cookie, header http.Header) bool {
	now := time.Now()
	if its, err := http.ParseTime(header.Get("Date")); err == nil {
		now = its
	}
	return set.Value == "" || set.MaxAge < 0 || set.MaxAge == 0 && !set.Expires.IsZero() && !set.Expires.After(now)
}
