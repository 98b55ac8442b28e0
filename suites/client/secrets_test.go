package client_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// mirror is an endpoint that repeats whatever it is sent, in the way that the path names.
type mirror struct {
	mu      sync.Mutex
	secrets []string // credentials that it was sent
}

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	body := string(readAll(r))
	received := []string{r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Header.Get("X-CSRFToken"), body}
	if _, pass, ok := r.BasicAuth(); ok {
		received = append(received, pass)
		m.secrets = append(m.secrets, pass, strings.TrimPrefix(received[0], "Basic "))
	} else if response := digestField.FindAllStringSubmatch(received[0], -1); len(response) > 0 {
		for _, field := range response {
			if field[1] == "response" {
				m.secrets = append(m.secrets, field[2])
			}
		}
	}
	if r.URL.RawQuery == "do=login" {
		http.SetCookie(w, &http.Cookie{Name: "sessionid", Value: sessionID, Path: "/"})
		http.SetCookie(w, &http.Cookie{Name: "csrftoken", Value: csrfToken, Path: "/"})
		received = append(received, sessionID, csrfToken, password)
	}
	if strings.HasSuffix(r.URL.Path, "/libdrives/") && r.URL.RawQuery == "limit=1" {
		w.Header().Set("WWW-Authenticate", `Digest realm="users", nonce="n", algorithm="MD5", opaque="op", qop="auth"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	m.repeat(w, strings.Join(received, " | "), r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
}

func (m *mirror) repeat(w http.ResponseWriter, received, way string) {
	encoded, err := json.Marshal(received)
	if err != nil {
		encoded = []byte(err.Error())
	}
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(received)); err != nil {
		escaped.WriteString(err.Error())
	}
	switch way {
	case "header":
		w.Header().Set("X-Debug", url.PathEscape(received))
		w.Header().Set("Authorization", strings.Map(func(r rune) rune { return max(r, ' ') }, received))
		w.Header().Set("Location", "/login?next="+url.QueryEscape(received))
		w.Header().Set("Set-Cookie", "last="+base64.StdEncoding.EncodeToString([]byte(received))+"; Path=/"+url.PathEscape(received))
		w.WriteHeader(http.StatusFound)
	case "gzip":
		w.Header().Set("Content-Encoding", "gzip")
		packer := gzip.NewWriter(w)
		_, _ = packer.Write([]byte(received))
		_ = packer.Close() // the test sees what came
	case "json":
		again, _ := json.Marshal(string(encoded)) // a string can always be marshalled
		_, _ = fmt.Fprintf(w, `{"told": %s, "again": %s}`, encoded, again)
	case "xml":
		_, _ = fmt.Fprintf(w, "<told a='%s'>%s</told>", html.EscapeString(received), escaped.String())
	case "base64":
		for shift := range 3 {
			_, _ = fmt.Fprintln(w, base64.URLEncoding.EncodeToString([]byte("abc"[:shift]+received)))
		}
	default:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintln(w, received, url.QueryEscape(received), url.PathEscape(received))
	}
}

// dump is all that a record holds, as text that hides no byte of it.
func dump(t *testing.T, record *evidence.Record) string {
	t.Helper()
	var all strings.Builder
	for _, x := range record.Shown().All() {
		fmt.Fprintf(&all, "%d %s %s %+v %s %s\n", x.Number, x.Key, x.Purpose, x.Request, x.Request.Body, x.Failure)
		if x.Response != nil {
			fmt.Fprintf(&all, "%+v %s\n", x.Response.Header, x.Response.Body.Bytes())
		}
		fmt.Fprintln(&all, x.Request.Curl())
	}
	return all.String()
}

func TestNothingThatIsRepeatedShowsASecret(t *testing.T) {
	endpoint := &mirror{}
	base := serve(t, endpoint.ServeHTTP)
	ways := []string{"plain", "header", "gzip", "json", "xml", "base64"}
	for _, auth := range []string{"basic", "digest"} {
		all := ""
		for _, way := range ways {
			for _, as := range []evidence.Identity{evidence.Account, evidence.ByBasic, evidence.ByDigest, evidence.WrongPassword, evidence.CutPassword,
				evidence.WrongDigest, evidence.BySession} {
				// One for each: the mirror refuses everybody, and then no second wrong password is sent.
				cl, record := connect(t, base, func(c *client.Config) { c.Auth = auth })
				cl.Login(t.Context())
				x := record.Redacted(cl.Do(t.Context(), evidence.Get("mirror/"+way).By(as), 1, ""))
				if x.Response == nil || len(x.Response.Leaks) == 0 {
					t.Errorf("by %s, as %q, the mirror %s ended as %s without a leak noted", auth, as, way, x.Outcome())
				}
				cl.Send(t.Context(), client.Request{Key: "write", Method: "POST", Path: "mirror/" + way, As: as,
					Body: []byte(`{"password": "` + strings.ReplaceAll(password, `"`, `\"`) + `"}`)})
				cl.Logout(t.Context())
				all += dump(t, record)
			}
		}
		secrets := append(endpoint.secrets, password, sessionID, csrfToken, url.QueryEscape(password), url.PathEscape(password),
			html.EscapeString(password), url.QueryEscape(sessionID), "sessionid=s3", "c0rrect", "horse", "ttery", evidence.NotThePassword+"@")
		encoded, err := json.Marshal(password)
		if err != nil {
			t.Fatalf("the password can't be marshalled: %v", err)
		}
		for _, secret := range append(secrets, strings.Trim(string(encoded), `"`)) {
			if secret == evidence.NotThePassword {
				continue // it stands in the curl lines, and is nobody's
			}
			if at := strings.Index(all, secret); at >= 0 {
				t.Errorf("by %s, the record holds %q: %.200q", auth, secret, all[max(0, at-100):])
			}
		}
	}
}

func TestALeakSaysWhereItStands(t *testing.T) {
	client, record := connect(t, serve(t, (&mirror{}).ServeHTTP), nil)
	x := record.Redacted(client.Do(t.Context(), evidence.Get("mirror/header"), 1, "ROBUST-07"))
	if want := []string{"header Authorization", "header Location", "header X-Debug"}; !slices.Equal(x.Response.Leaks, want) {
		t.Errorf("the leaks are %q, want %q", x.Response.Leaks, want)
	}
	x = record.Redacted(client.Do(t.Context(), evidence.Get("mirror/plain").By(evidence.WrongPassword), 1, "ROBUST-07"))
	if want := []string{"body"}; !slices.Equal(x.Response.Leaks, want) {
		t.Errorf("the leaks of credentials that are not right are %q, want %q", x.Response.Leaks, want)
	}
}

func TestAFailureHoldsNoSecret(t *testing.T) {
	cl, record := connect(t, serve(t, (&mirror{}).ServeHTTP), nil)
	cl.Send(t.Context(), client.Request{Key: "x", Path: "a " + password})
	cl.Send(t.Context(), client.Request{Key: "y", Path: "a", Header: "no colon " + password})
	for _, x := range record.Shown().All() {
		if x.Failure == "" || strings.Contains(x.Failure, "horse") {
			t.Errorf("the failure is told as %q, with a secret in it or none at all", x.Failure)
		}
	}
}
