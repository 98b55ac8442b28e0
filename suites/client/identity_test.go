package client_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

func TestEachIdentityHasItsCredentials(t *testing.T) {
	var user, pass, header string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ = r.BasicAuth()
		header = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusTeapot)
	})
	client, _ := connect(t, base, nil)
	for _, c := range []struct {
		as         evidence.Identity
		user, pass string
	}{
		{evidence.Account, username, password},
		{evidence.ByBasic, username, password},
		{evidence.Nobody, "", ""},
		{evidence.WrongPassword, username, evidence.NotThePassword},
		{evidence.EmptyPassword, username, ""},
		{evidence.CutPassword, username, password[:len(password)-1]},
		{evidence.LongPassword, username, password + evidence.OneMore},
		{evidence.CasePassword, username, swapped(password)},
	} {
		x := client.Do(t.Context(), evidence.Get("libdrives/").By(c.as), 1, "")
		if user != c.user || pass != c.pass || x.Request.As != c.as || (header == "") != (c.as == evidence.Nobody) {
			t.Errorf("as %q the endpoint was given %q %q, want %q %q", c.as, user, pass, c.user, c.pass)
		}
	}
	for as, why := range map[evidence.Identity]string{evidence.BySession: "there is no session", evidence.BySessionOnly: "there is no session", "king": `the identity "king"`} {
		if x := client.Do(t.Context(), evidence.Get("libdrives/").By(as), 1, ""); x.Response != nil || !strings.Contains(x.Failure, why) {
			t.Errorf("as %q the read ended as %s, want a failure that says %q", as, x.Outcome(), why)
		}
	}
}

// swapped is a text in other case, as far as its letters are ASCII.
func swapped(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > unicode.MaxASCII:
			return r
		case unicode.IsUpper(r):
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

func TestTheWrongOnesAreWrongForEveryAccount(t *testing.T) {
	var pass string
	asked := 0
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { asked++; _, pass, _ = r.BasicAuth() })
	cl, _ := connect(t, base, func(c *client.Config) { c.Password = evidence.NotThePassword })
	cl.Do(t.Context(), evidence.Get("libdrives/").By(evidence.WrongPassword), 1, "")
	if pass == evidence.NotThePassword {
		t.Error("the wrong password is the account's own")
	}
	for as, own := range map[evidence.Identity]string{evidence.CutPassword: "7", evidence.CasePassword: "12-34"} {
		asked = 0
		cl, _ := connect(t, base, func(c *client.Config) { c.Password = own })
		if x := cl.Do(t.Context(), evidence.Get("libdrives/").By(as), 1, ""); x.Failure != evidence.NoSuchPassword || asked > 0 {
			t.Errorf("of the password %q, %q was sent %d times and ended as %s, want none, for there is none", own, as, asked, x.Outcome())
		}
	}
}

// TestWrongPasswordsEnd sends more of them than a run may, to endpoints that answer as they should or lock the account.
func TestWrongPasswordsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(nth int, right bool) int
		wrong  int
	}{
		"refused":                    {func(_ int, right bool) int { return map[bool]int{true: 200, false: 401}[right] }, client.MostWrong},
		"forbidden":                  {func(int, bool) int { return 403 }, 1},
		"too many":                   {func(nth int, right bool) int { return map[bool]int{true: 200, false: 401 + 28*(nth/3)}[right] }, 3},
		"the right one is refused":   {func(int, bool) int { return 401 }, 1},
		"the right one is forbidden": {func(_ int, right bool) int { return map[bool]int{true: 403, false: 401}[right] }, 1},
	} {
		wrong, before := 0, true
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, given, _ := r.BasicAuth()
			if given == password {
				before = true
				w.WriteHeader(c.answer(0, true))
				return
			}
			if wrong++; !before {
				t.Errorf("%s: a wrong password follows another one", name)
			}
			before = false
			w.WriteHeader(c.answer(wrong, false))
		})
		cl, _ := connect(t, base, nil)
		for i := range client.MostWrong + 4 {
			read := evidence.Get("libdrives/").By([]evidence.Identity{evidence.WrongPassword, evidence.EmptyPassword}[i%2])
			read.Nth = i
			x := cl.Do(t.Context(), read, 1, "")
			if (i >= c.wrong) != (x.Response == nil) {
				t.Errorf("%s: the wrong password %d ended as %s, want %d to be sent", name, i+1, x.Outcome(), c.wrong)
			}
		}
		if wrong != c.wrong {
			t.Errorf("%s: %d wrong passwords were sent, want %d", name, wrong, c.wrong)
		}
	}
}

// sessionEndpoint knows one login at a time.
type sessionEndpoint struct {
	open                  bool
	asked                 *http.Request
	login                 map[string]string
	loginType, logoutBody string
}

const sessionID, csrfToken = "s3ss10n+id/x", "t0ken-0f-the-page"

func (e *sessionEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.asked = r
	cookie, err := r.Cookie("sessionid")
	inside := err == nil && cookie.Value == sessionID && e.open
	switch r.URL.RawQuery {
	case "do=login":
		e.open, e.loginType = true, r.Header.Get("Content-Type")
		if err := json.Unmarshal(readAll(r), &e.login); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "sessionid", Value: sessionID, Path: "/", HttpOnly: true})
		http.SetCookie(w, &http.Cookie{Name: "csrftoken", Value: csrfToken, Path: "/"})
		_, _ = w.Write([]byte(`{"token": "` + csrfToken + `"}`))
	case "do=logout":
		e.open, e.logoutBody = false, string(readAll(r))
		http.SetCookie(w, &http.Cookie{Name: "sessionid", MaxAge: -1})
	default:
		if !inside {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
}

func TestASessionIsItsCookies(t *testing.T) {
	endpoint := &sessionEndpoint{}
	cl, record := connect(t, serve(t, endpoint.ServeHTTP), nil)
	if x := cl.Login(t.Context()); x.Status() != 200 || x.Key != evidence.LoginKey || x.Request.Header.Get("Authorization") != "" {
		t.Fatalf("the login ended as %s", x.Outcome())
	}
	if endpoint.login["username"] != username || endpoint.login["password"] != password || endpoint.loginType != "application/json" {
		t.Errorf("the login was sent as %q of the type %s", endpoint.login, endpoint.loginType)
	}
	for _, c := range []struct {
		method string
		as     evidence.Identity
		token  string
	}{
		{"GET", evidence.BySession, ""}, {"HEAD", evidence.BySession, ""}, {"OPTIONS", evidence.BySession, ""},
		{"POST", evidence.BySession, csrfToken}, {"DELETE", evidence.BySession, csrfToken}, {"POST", evidence.BySessionOnly, ""},
	} {
		x := cl.Send(t.Context(), client.Request{Key: c.method, Method: c.method, Path: "drives/", As: c.as})
		if x.Status() != 200 || endpoint.asked.Header.Get("X-CSRFToken") != c.token || endpoint.asked.Header.Get("Authorization") != "" {
			t.Errorf("%s by %q ended as %s, with the token %q and want %q", c.method, c.as, x.Outcome(), endpoint.asked.Header.Get("X-CSRFToken"), c.token)
		}
		if got := endpoint.asked.Header.Get("Cookie"); got != "sessionid="+sessionID+"; csrftoken="+csrfToken {
			t.Errorf("%s by %q was sent with the cookies %q", c.method, c.as, got)
		}
	}
	if x := cl.Logout(t.Context()); x.Status() != 200 || endpoint.logoutBody != "{}" || endpoint.asked.Header.Get("X-CSRFToken") != csrfToken {
		t.Errorf("the logout ended as %s, with the body %q", x.Outcome(), endpoint.logoutBody)
	}
	if x := cl.Do(t.Context(), evidence.Get("drives/").By(evidence.BySession), 1, ""); x.Status() != 401 {
		t.Errorf("with the cookies of a session that ended, a read ended as %s; they are to be sent all the same", x.Outcome())
	}
	if got := record.Redactor().String(sessionID + " " + csrfToken); got != "[redacted] [redacted]" {
		t.Errorf("the cookies are no secrets of the run: %q", got)
	}
}

// TestASessionGoesByTheRulesOfCookies logs in where cookies are set in every way, and looks at what is sent back.
func TestASessionGoesByTheRulesOfCookies(t *testing.T) {
	for _, c := range []struct {
		name string
		set  []string // by the login
		sent string   // Cookie of the requests after it; empty where there is no session
	}{
		{"quoted", []string{`sessionid="a b"; Path=/`, `csrftoken="t"; Path=/`}, `sessionid="a b"; csrftoken="t"`},
		{"of another domain", []string{`sessionid=evil; Path=/; Domain=example.com`, `csrftoken=t; Path=/`}, ""},
		{"of another domain and its own", []string{`sessionid=a; Path=/`, `sessionid=evil; Path=/; Domain=example.com`, `csrftoken=t; Path=/`}, "sessionid=a; csrftoken=t"},
		{"of another path", []string{`sessionid=a; Path=/admin/`}, ""},
		{"for TLS alone", []string{`sessionid=a; Path=/; Secure`}, ""},
		{"gone at once", []string{`sessionid=a; Path=/; Max-Age=0`}, ""},
	} {
		var last *http.Request
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			last = r
			if r.URL.RawQuery == "do=login" {
				w.Header()["Set-Cookie"] = c.set
			}
		})
		cl, _ := connect(t, base, nil)
		cl.Login(t.Context())
		origin := base.Scheme + "://" + base.Host
		if got := last.Header.Get("Referer"); got != base.String() || last.Header.Get("Origin") != origin {
			t.Errorf("%s: the login came from the page %q of %q, want %q of %q", c.name, got, last.Header.Get("Origin"), base, origin)
		}
		last = nil
		for _, as := range []evidence.Identity{evidence.BySession, evidence.BySessionOnly} {
			x := cl.Send(t.Context(), client.Request{Key: "write", Method: "POST", Path: "drives/", As: as})
			switch {
			case c.sent == "" && (last != nil || !strings.Contains(x.Failure, "there is no session")):
				t.Errorf("%s: a write by %s was sent, or its failure is %q; there is no session", c.name, as, x.Failure)
			case c.sent != "" && (last == nil || last.Header.Get("Cookie") != c.sent || last.Header.Get("Referer") != base.String() || last.Header.Get("Origin") != origin):
				t.Errorf("%s: a write by %s was sent as %v, want the cookies %s and the page's own origin", c.name, as, last, c.sent)
			}
		}
	}
}

// TestASessionTakesNewCookies answers with another token than that of the login, as endpoints do that change it now and then.
func TestASessionTakesNewCookies(t *testing.T) {
	token := ""
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		token = r.Header.Get("X-Csrftoken")
		http.SetCookie(w, &http.Cookie{Name: "csrftoken", Value: map[string]string{"": "first", "first": "second"}[token], Path: "/"})
		if r.URL.RawQuery == "do=login" {
			http.SetCookie(w, &http.Cookie{Name: "sessionid", Value: "a", Path: "/"})
		}
	})
	cl, _ := connect(t, base, nil)
	cl.Login(t.Context())
	for _, want := range []string{"first", "second"} {
		if cl.Send(t.Context(), client.Request{Key: "write", Method: "POST", Path: "drives/", As: evidence.BySession}); token != want {
			t.Errorf("a write was sent with the token %q, want %q, which was set last", token, want)
		}
	}
}
