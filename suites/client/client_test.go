package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

const (
	username = "ann@example.com"
	password = `c0rrect "horse"/<bättery>&+ 100%`
)

// serve starts an endpoint under /api/2.0/ that the test ends.
func serve(t *testing.T, handler http.HandlerFunc) *url.URL {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return baseOf(t, server.URL)
}

func baseOf(t *testing.T, address string) *url.URL {
	t.Helper()
	base, err := url.Parse(address + "/api/2.0/")
	if err != nil {
		t.Fatalf("%s is no base: %v", address, err)
	}
	return base
}

// connect makes a client of the account, with the configuration changed by the test.
func connect(t *testing.T, base *url.URL, change func(*client.Config)) (*client.Client, *evidence.Record) {
	t.Helper()
	config := client.Config{Base: base, Username: username, Password: password, RetryDelay: time.Millisecond}
	if change != nil {
		change(&config)
	}
	record := evidence.NewRecord(evidence.NewRedactor())
	client, err := client.New(config, record)
	if err != nil {
		t.Fatalf("the client can't be made: %v", err)
	}
	t.Cleanup(client.Close)
	return client, record
}

func TestAReadIsAskedAndRecorded(t *testing.T) {
	var asked *http.Request
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Clone(context.Background())
		w.Header().Set("X-Answer", "yes")
		_, _ = w.Write([]byte(`{"objects": []}`))
	})
	cl, record := connect(t, base, func(c *client.Config) { c.UserAgent = "suite/1 (+https://example.com)" })
	read := evidence.Get("libdrives/?limit=0")
	x := cl.Do(t.Context(), read, 2, "LIST-01, LIST-02 – ünd\nmore "+strings.Repeat("x", 300))
	if x.Failure != "" || x.Status() != 200 || string(x.Response.Body.Bytes()) != `{"objects": []}` || x.Response.Header.Get("X-Answer") != "yes" {
		t.Fatalf("the read ended as %s, with %+v", x.Outcome(), x.Response)
	}
	if record.Answer(read.Key(), 2) != x || x.Attempt != 1 || x.Round != 2 || x.Started.IsZero() || x.Duration <= 0 {
		t.Errorf("the exchange is not in the record as the answer of its read at take 2: %+v", x)
	}
	if want := base.String() + "libdrives/?limit=0"; x.Request.URL != want || x.Request.Method != "GET" {
		t.Errorf("the record says %s %s was asked, want GET %s", x.Request.Method, x.Request.URL, want)
	}
	if user, pass, ok := asked.BasicAuth(); !ok || user != username || pass != password {
		t.Errorf("the endpoint was given the credentials %q %q, want the account's", user, pass)
	}
	for name, want := range map[string]string{
		"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "suite/1 (+https://example.com)", "Content-Type": "",
	} {
		if got := asked.Header.Get(name); got != want || x.Request.Header.Get(name) != want {
			t.Errorf("the header %s was %q, in the record %q, want %q", name, got, x.Request.Header.Get(name), want)
		}
	}
	purpose := asked.Header.Get(evidence.PurposeHeader)
	if !strings.HasPrefix(purpose, "LIST-01, LIST-02 ? ?nd more xxx") || len(purpose) > 200 {
		t.Errorf("the purpose was told as %q (%d bytes), want its beginning in plain ASCII", purpose, len(purpose))
	}
	if got := cl.Stats(); got != (client.Stats{Sent: 1}) {
		t.Errorf("the statistics are %+v after one request", got)
	}
}

func TestHeaderLinesReplaceAndRemoveTheUsualOnes(t *testing.T) {
	var asked http.Header
	var host string
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { asked, host = r.Header.Clone(), r.Host })
	cl, _ := connect(t, base, nil)
	x := cl.Do(t.Context(), evidence.Get("libdrives/").With("Accept", "application/xml").With("accept", "text/html").
		With("Accept-Encoding", "").With("User-Agent", "").With("Authorization", "Nonsense 1").With("Host", "other.example"), 1, "")
	if x.Failure != "" {
		t.Fatalf("the read failed: %s", x.Failure)
	}
	want := http.Header{"Accept": {"application/xml", "text/html"}, "Authorization": {"Nonsense 1"}}
	if fmt.Sprint(asked) != fmt.Sprint(want) || host != "other.example" {
		t.Errorf("the endpoint was sent %v and the host %s, want %v and other.example", asked, host, want)
	}
	for line, why := range map[string]string{"no colon": "form Name: value", "Content-Length: 7": "the body decides it", " A: b": "form Name: value"} {
		x := cl.Send(t.Context(), client.Request{Key: "bad header", Path: "libdrives/", Header: line})
		if x.Response != nil || !strings.Contains(x.Failure, why) {
			t.Errorf("the header line %q: %s, want a failure that says %q", line, x.Outcome(), why)
		}
	}
}

func TestARedirectIsTheAnswer(t *testing.T) {
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was sent %s %s with Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/moved") {
			t.Errorf("the redirect to %s was followed", r.URL)
		}
		if r.Header.Get("Cookie") != "" {
			t.Errorf("the endpoint was sent the cookie %q that it had set", r.Header.Get("Cookie"))
		}
		w.Header().Set("Set-Cookie", "tracking=12345678")
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})
	client, _ := connect(t, base, nil)
	for _, to := range []string{elsewhere.String(), base.String() + "libdrives/"} {
		x := client.Do(t.Context(), evidence.Read{Path: "moved", Query: "to=" + url.QueryEscape(to)}, 1, "")
		if x.Status() != http.StatusFound || x.Response.Header.Get("Location") != to || x.Failure != "" {
			t.Errorf("a redirect to %s ended as %s, want the 302 itself", to, x.Outcome())
		}
	}
}

func TestAReadOnlyClientSendsOnlyReads(t *testing.T) {
	var methods []string
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { methods = append(methods, r.Method) })
	cl, record := connect(t, base, func(c *client.Config) { c.ReadOnly = true })
	for _, method := range []string{"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "PROPFIND"} {
		x := cl.Send(t.Context(), client.Request{Key: method, Method: method, Path: "drives/", Body: []byte("{}"), As: evidence.Nobody})
		allowed := slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method)
		if allowed != (x.Status() == 200) {
			t.Errorf("a read-only client ended %s as %s", method, x.Outcome())
		}
		if !allowed && !strings.Contains(x.Failure, "this run is read-only") {
			t.Errorf("the refusal of %s says %q, not that the run is read-only", method, x.Failure)
		}
	}
	if x := cl.Login(t.Context()); x.Response != nil || !strings.Contains(x.Failure, "POST was not sent") {
		t.Errorf("the login of a read-only client ended as %s", x.Outcome())
	}
	if want := []string{"GET", "HEAD", "OPTIONS"}; !slices.Equal(methods, want) {
		t.Errorf("the endpoint was sent %q, want %q alone", methods, want)
	}
	if record.Len() != 10 || cl.Stats().Sent != 3 {
		t.Errorf("the record has %d exchanges and %d were sent, want 10 and 3", record.Len(), cl.Stats().Sent)
	}
}

func TestAWriteIsSentAsGiven(t *testing.T) {
	var asked *http.Request
	var body []byte
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		asked, body = r.Clone(context.Background()), readAll(r)
	})
	cl, _ := connect(t, base, nil)
	for _, c := range []struct {
		request client.Request
		content string
	}{
		{client.Request{Body: []byte(`{"name": "x"}`)}, "application/json"},
		{client.Request{Body: []byte(`<x/>`), ContentType: "application/xml"}, "application/xml"},
		{client.Request{Body: []byte(`<x/>`), Header: "Content-Type:"}, ""},
		{client.Request{}, ""},
	} {
		request := c.request
		request.Key, request.Method, request.Path, request.Query = "clone", "POST", "libdrives/1/action/", "do=clone"
		x := cl.Send(t.Context(), request)
		if x.Status() != 200 || string(body) != string(request.Body) || asked.Header.Get("Content-Type") != c.content ||
			asked.URL.RawQuery != "do=clone" || asked.ContentLength != int64(len(request.Body)) {
			t.Errorf("%+v was sent as %s with %d bytes of %q, %q", request, asked.URL, asked.ContentLength, asked.Header.Get("Content-Type"), body)
		}
		if string(x.Request.Body) != string(request.Body) {
			t.Errorf("the record keeps the body %q, want %q", x.Request.Body, request.Body)
		}
	}
}

func TestWrongConfigurationIsRefusedWithAllItsFaults(t *testing.T) {
	good := &url.URL{Scheme: "https", Host: "host", Path: "/api/2.0/"}
	record := evidence.NewRecord(evidence.NewRedactor())
	for want, config := range map[string]client.Config{
		"base: it is missing":                        {},
		"does not end in a slash; give the API base": {Base: &url.URL{Scheme: "https", Host: "host", Path: "/api"}},
		"is not an absolute http or https URL":       {Base: &url.URL{Scheme: "ftp", Host: "host", Path: "/"}},
		"has credentials, a query or a fragment":     {Base: &url.URL{Scheme: "http", Host: "host", Path: "/", User: url.UserPassword("a", password)}},
		`auth: "ntlm" is none of basic, digest`:      {Base: good, Auth: "ntlm", Username: "a:b", Rate: -1},
		"username: it has a colon in it":             {Base: good, Auth: "ntlm", Username: "a:b", Rate: -1},
		"must not be negative":                       {Base: good, Auth: "ntlm", Username: "a:b", Rate: -1},
	} {
		_, err := client.New(config, record)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("the error is %v, want one that says %q and no password", err, want)
		}
	}
	if _, err := client.New(client.Config{Base: good}, nil); err == nil {
		t.Error("a client without a record was made")
	}
}

func answerWith(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`[{"error_type": "permission", "error_message": "` + message + `", "error_point": null}]`))
}
