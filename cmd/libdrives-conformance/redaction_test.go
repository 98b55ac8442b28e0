package main_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// echo is an endpoint that tells everybody what it was sent: in headers, redirects, error messages, XML and compressed
// bodies. It keeps what it learnt, for the test to look for.
type echo struct {
	mu      sync.Mutex
	learnt  map[string]bool
	echoed  int
	forward *httputil.ReverseProxy
}

var quotedField = regexp.MustCompile(`(response|cnonce)="?([0-9a-zA-Z+/=]{16,})`)

func newEcho(t *testing.T, endpoint *fixtures.Endpoint) (*echo, string) {
	t.Helper()
	at, err := url.Parse(endpoint.URL())
	if err != nil {
		t.Fatalf("the endpoint's URL must be one: %v", err)
	}
	e := &echo{learnt: map[string]bool{}}
	e.forward = &httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: at.Scheme, Host: at.Host})
			r.Out.URL.RawQuery = r.In.URL.RawQuery // as it was sent
			r.Out.Header.Del("Accept-Encoding")    // so that there is something to write into
		},
		ModifyResponse: e.repeat,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/not-a-uuid/") {
			http.Redirect(w, r, "/login?next="+url.QueryEscape(e.secretsOf(r)), http.StatusFound)
			return
		}
		r.Header.Set("X-Wanted-Encoding", r.Header.Get("Accept-Encoding"))
		e.forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return e, server.URL + at.Path
}

// secretsOf is all that a request should keep to itself, in one line.
func (e *echo) secretsOf(r *http.Request) string {
	echoed := []string{fixtures.DefaultPassword}
	authorization := r.Header.Get("Authorization")
	if value, isBasic := strings.CutPrefix(authorization, "Basic "); isBasic {
		echoed = append(echoed, value)
	}
	for _, field := range quotedField.FindAllStringSubmatch(authorization, -1) {
		if field[1] == "response" {
			echoed = append(echoed, field[2])
		}
	}
	for _, cookie := range r.Cookies() {
		if cookie.Value != "" {
			echoed = append(echoed, cookie.Value)
		}
	}
	if token := r.Header.Get("X-CSRFToken"); token != "" {
		echoed = append(echoed, token)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.echoed++
	for _, secret := range echoed {
		if decoded, err := base64.StdEncoding.DecodeString(secret); err == nil && strings.Contains(string(decoded), ":") && !strings.HasSuffix(string(decoded), ":"+fixtures.DefaultPassword) {
			continue // the password of nobody, which is no secret
		}
		e.learnt[secret] = true
	}
	return strings.Join(echoed, " | ")
}

// tell writes the secrets of a request into its response, in a way that fits.
func (e *echo) repeat(response *http.Response) error {
	echoed := e.secretsOf(response.Request)
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(echoed)
	if err != nil {
		return err
	}
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(echoed)); err != nil {
		return err
	}
	response.Header.Set("X-Debug", echoed)
	response.Header.Set("X-Debug-Url", url.PathEscape(echoed))
	response.Header.Set("X-Debug-Base64", base64.StdEncoding.EncodeToString([]byte("seen: "+echoed)))
	response.Header.Add("Set-Cookie", "last="+url.QueryEscape(echoed)+"; Path=/")
	for _, cookie := range response.Cookies() {
		if cookie.Value != "" && (cookie.Name == "sessionid" || cookie.Name == "csrftoken") { // a logout empties them
			e.mu.Lock()
			e.learnt[cookie.Value] = true
			e.mu.Unlock()
		}
	}
	twice, _ := json.Marshal(string(quoted)) // a string can always be marshalled
	switch {
	case bytes.HasPrefix(body, []byte(`{"`)):
		body = append(fmt.Appendf(nil, `{"debug": %s, "trace": %s, "link": %q,`, quoted, twice, url.QueryEscape(echoed)), body[1:]...)
	case bytes.HasPrefix(body, []byte(`[{"`)):
		body = append(fmt.Appendf(nil, `[{"debug": %s,`, quoted), body[2:]...)
	case bytes.Contains(body, []byte("<response")):
		body = bytes.Replace(body, []byte("<response"), []byte("<!-- "+strings.ReplaceAll(escaped.String(), "--", "- -")+" --><response"), 1)
	}
	if strings.Contains(response.Request.Header.Get("X-Wanted-Encoding"), "gzip") && response.Header.Get("Content-Encoding") == "" && len(body) > 0 {
		var packed bytes.Buffer
		packer, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		if err != nil {
			return err
		}
		if _, err := packer.Write(body); err != nil {
			return err
		}
		if err := packer.Close(); err != nil {
			return err
		}
		body = packed.Bytes()
		response.Header.Set("Content-Encoding", "gzip")
	}
	if response.Request.Method != http.MethodHead {
		response.Header.Set("Content-Length", strconv.Itoa(len(body)))
		response.ContentLength = int64(len(body))
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// TestNoSecretIsInAnyFile judges an endpoint that echoes every secret, and looks for them in all that is written.
func TestNoSecretIsInAnyFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	// By Digest Basic is tried as well, and each request has a secret of its own: there everything is judged.
	for scheme, profile := range map[string]string{"basic": "read", "digest": "full"} {
		t.Run(scheme, func(t *testing.T) {
			endpoint, err := fixtures.Start(fixtures.Options{})
			if err != nil {
				t.Fatalf("the reference endpoint must start: %v", err)
			}
			t.Cleanup(func() { _ = endpoint.Close() })
			e, target := newEcho(t, endpoint)
			folder := t.TempDir()
			file := func(name string) string { return filepath.Join(folder, name) }
			environ := []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}
			o := execute(t, environ, "run", "--target", target, "--username", fixtures.DefaultUsername, "--auth", scheme, "--profile", profile, "--level", "may",
				"--verbose", "--annotations", "github", "--journal", file("journal"), "--junit", file("junit.xml"), "--json", file("report.json"), "--html", file("report.html"),
				"--markdown", file("report.md"), "--har", file("run.har"), "--record", file("run.jsonl"))
			if o.code != 0 && o.code != 1 {
				t.Fatalf("exit code %d, the endpoint can be judged:\n%s", o.code, o.stderr)
			}
			again := execute(t, nil, "judge", file("run.jsonl"), "--verbose", "--json", file("again.json"))
			if again.code != o.code {
				t.Errorf("judging the record ends with exit code %d, the run ended with %d", again.code, o.code)
			}
			if e.echoed < 100 || len(e.learnt) < 4 {
				t.Fatalf("the endpoint echoed %d times and learnt %d secrets: there is nothing to look for", e.echoed, len(e.learnt))
			}
			written := map[string]string{"stdout": o.stdout, "stderr": o.stderr, "judge's stdout": again.stdout, "judge's stderr": again.stderr}
			files, err := os.ReadDir(folder)
			if err != nil || len(files) < 7 { // the journal is the eighth, where something is made
				t.Fatalf("%d files were written, there should be 7 or more (%v)", len(files), err)
			}
			for _, f := range files {
				written[f.Name()] = read(t, file(f.Name()))
			}
			for name, text := range written {
				if strings.Contains(text, "please report it") {
					t.Errorf("%s tells of a secret that was found only at the end:\n%s", name, text)
				}
				for _, response := range digestResponses(text) {
					if e.learnt[response] {
						t.Errorf("%s holds the digest response %q as it is", name, response)
					}
				}
				for _, secret := range e.some() {
					for encoding, form := range forms(secret) {
						if at := strings.Index(text, form); at >= 0 {
							t.Errorf("%s holds the secret %q, %s: …%s…", name, secret, encoding, text[max(0, at-60):min(len(text), at+len(form)+20)])
						}
					}
				}
			}
		})
	}
}

// digestResponses are the parts of a text that look like one. The files are large, and a regular expression is slow under the
// race detector.
func digestResponses(text string) []string {
	const length = 32
	var found []string
	digits := 0
	for at := range len(text) {
		if digit := text[at]; digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f' {
			digits++
		} else {
			digits = 0
		}
		if digits >= length {
			found = append(found, text[at+1-length:at+1])
		}
	}
	return found
}

var digestResponse = regexp.MustCompile(`[0-9a-f]{32}`)

// some are the secrets that are looked for in every encoding: all but digest responses, of which there are as many as
// requests, and some of these.
func (e *echo) some() []string {
	var some []string
	digests := 0
	for _, secret := range slices.Sorted(maps.Keys(e.learnt)) {
		if digestResponse.MatchString(secret) {
			if digests++; digests%40 != 0 {
				continue
			}
		}
		some = append(some, secret)
	}
	return some
}

// forms are the ways in which a secret could stand in a file.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret) // a string can always be marshalled
	twice, _ := json.Marshal(string(quoted))
	all := map[string]string{
		"as it is": secret, "query escaped": url.QueryEscape(secret), "path escaped": url.PathEscape(secret),
		"JSON": strings.Trim(string(quoted), `"`), "JSON in JSON": strings.Trim(string(twice), `"\`),
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte("abc"[:shift] + secret))
		all[fmt.Sprintf("base64 at %d", shift)] = encoded[4 : len(encoded)-4]
	}
	return all
}
