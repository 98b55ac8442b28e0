package evidence_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

func TestCookiesAreThoseThatAClientSendsBack(t *testing.T) {
	hourAgo := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	for _, c := range []struct {
		set, target string
		value       string // as it is sent back
		sent, ends  bool
	}{
		{`sessionid=a1; Path=/; HttpOnly; SameSite=Lax`, "https://api.example.com/api/2.0/", "a1", true, false},
		{`sessionid=a1`, "https://api.example.com/api/2.0/", "a1", false, false}, // its path is that of the login
		{`sessionid="a1"; Path=/`, "https://api.example.com/api/2.0/", `"a1"`, true, false},
		{`sessionid=a1; Path=/api`, "https://api.example.com/api/2.0/", "a1", true, false},
		{`sessionid=a1; Path=/ap`, "https://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=a1; Path=/api/2.0/accounts/`, "https://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=a1; Path=/; Domain=example.com`, "https://api.example.com/api/2.0/", "a1", true, false},
		{`sessionid=a1; Path=/; Domain=.API.example.com`, "https://api.example.com:8443/api/2.0/", "a1", true, false},
		{`sessionid=a1; Path=/; Domain=example.org`, "https://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=a1; Path=/; Domain=pi.example.com`, "https://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=a1; Path=/; Domain=other.api.example.com`, "https://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=a1; Path=/; Domain=127.0.0.1`, "http://127.0.0.1:8080/api/2.0/", "a1", true, false},
		{`sessionid=a1; Path=/; Secure`, "https://api.example.com/api/2.0/", "a1", true, false},
		{`sessionid=a1; Path=/; Secure`, "http://api.example.com/api/2.0/", "a1", false, false},
		{`sessionid=; Path=/`, "https://api.example.com/api/2.0/", "", true, true},
		{`sessionid=a1; Path=/; Max-Age=0`, "https://api.example.com/api/2.0/", "a1", true, true},
		{`sessionid=a1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`, "https://api.example.com/api/2.0/", "a1", true, true},
		// The endpoint's clock is an hour behind: by it the cookie lasts for a minute.
		{`sessionid=a1; Path=/; Expires=` + hourAgo.Add(time.Minute).Format(http.TimeFormat), "https://api.example.com/api/2.0/", "a1", true, false},
	} {
		base, err := url.Parse(c.target)
		if err != nil {
			t.Fatalf("the target %s must be a URL: %v", c.target, err)
		}
		header := http.Header{"Set-Cookie": {c.set}, "Date": {hourAgo.Format(http.TimeFormat)}}
		cookies := evidence.Cookies(header, base.JoinPath("accounts/action/"), base)
		if len(cookies) != 1 {
			t.Errorf("%s: %d cookies are read, want one", c.set, len(cookies))
			continue
		}
		if got := cookies[0]; got.Name != "sessionid" || got.Value != c.value || (got.Why == "") != c.sent || got.Ends != c.ends {
			t.Errorf("%s at %s is read as %+v; its value is %q, it is sent back: %v, it is to be gone: %v", c.set, c.target, got, c.value, c.sent, c.ends)
		}
	}
}
