package client_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// proxyHandler is a proxy that asks for a login, where it has one, and carries requests and tunnels on.
func proxyHandler(login string, refuse int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case login != "" && r.Header.Get("Proxy-Authorization") != login:
			w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
		case refuse != 0:
			w.WriteHeader(refuse)
		case r.Method == http.MethodConnect:
			tunnel(w, r)
		default:
			r.RequestURI = ""
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			defer answer.Body.Close()
			w.WriteHeader(answer.StatusCode)
			_, _ = io.Copy(w, answer.Body)
		}
	})
}

func tunnel(w http.ResponseWriter, r *http.Request) {
	there, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { _, _ = io.Copy(there, here); there.Close() }()
	_, _ = io.Copy(here, there)
	here.Close()
}

func TestWhatAProxyRefusesIsToldAsItsOwn(t *testing.T) {
	endpoint := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }
	plain, secure := httptest.NewServer(http.HandlerFunc(endpoint)), httptest.NewTLSServer(http.HandlerFunc(endpoint))
	defer plain.Close()
	defer secure.Close()
	closed := httptest.NewServer(nil)
	nowhere := closed.Listener.Addr().String()
	closed.Close()
	const login = "Basic c29tZWJvZHk6cy1lLWMtci1lLXQ=" // somebody:s-e-c-r-e-t
	for _, c := range []struct {
		name, login, user string
		refuse            int
		down              bool
		want              []string // of the failure; none: it is answered
	}{
		{name: "open"},
		{name: "with the login that it asks for", login: login, user: "somebody:s-e-c-r-e-t@"},
		{name: "asking for a login", login: login, want: []string{"the proxy 127.0.0.1:", "asks for a login (407)", "http://user:password@host:port"}},
		{name: "down", down: true, want: []string{"the proxy " + nowhere + " can't be reached", "refused", "NO_PROXY"}},
	} {
		for _, target := range []*httptest.Server{plain, secure} {
			proxy := httptest.NewServer(proxyHandler(c.login, c.refuse))
			address, err := url.Parse(strings.Replace(proxy.URL, "http://", "http://"+c.user, 1))
			if err != nil {
				t.Fatalf("the proxy must have a URL: %v", err)
			}
			if c.down {
				address.Host = nowhere
			}
			base, err := url.Parse(target.URL + "/api/2.0/")
			if err != nil {
				t.Fatalf("the endpoint must have a URL: %v", err)
			}
			client, record := connect(t, base, func(config *client.Config) {
				config.InsecureSkipVerify = true
				config.Proxy = http.ProxyURL(address)
			})
			x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
			if (len(c.want) == 0) != (x.Status() == 200) {
				t.Errorf("%s through a proxy %s ended as %s", base.Scheme, c.name, x.Outcome())
			}
			for _, words := range c.want {
				if !strings.Contains(x.Failure, words) || x.Response != nil {
					t.Errorf("%s through a proxy %s: the failure is %q, it has to say %q", base.Scheme, c.name, x.Failure, words)
				}
			}
			if strings.Contains(x.Failure, "s-e-c-r-e-t") || record.Len() != 1 {
				t.Errorf("%s through a proxy %s: %d exchanges, the last of which ended as %s", base.Scheme, c.name, record.Len(), x.Outcome())
			}
			proxy.Close()
		}
	}
	proxy := httptest.NewServer(proxyHandler("", http.StatusForbidden))
	defer proxy.Close()
	address, _ := url.Parse(proxy.URL)
	base, _ := url.Parse(secure.URL + "/api/2.0/")
	client, _ := connect(t, base, func(config *client.Config) { config.Proxy = http.ProxyURL(address) })
	if x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); !strings.Contains(x.Failure, "does not let the request through: it answered 403 Forbidden") {
		t.Errorf("a tunnel that the proxy forbids: the failure is %q", x.Failure)
	}
}
