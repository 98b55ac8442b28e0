package client_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

func readAll(r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return []byte(err.Error())
	}
	return body
}

// converse listens below HTTP: the script is given each connection in turn.
func converse(t *testing.T, script func(connection net.Conn, in *bufio.Reader)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("no listener can be had: %v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			script(connection, bufio.NewReader(connection))
			_ = connection.Close() // a script may have closed it already
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close() // ends Accept
		<-done
	})
	return "http://" + listener.Addr().String()
}

// hear reads a request's head and returns its lines.
func hear(in *bufio.Reader) []string {
	var lines []string
	for {
		line, err := in.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		if err != nil || line == "" {
			return lines
		}
		lines = append(lines, line)
	}
}

const emptyAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

func TestPathAndQueryAreSentByteByByte(t *testing.T) {
	heard := make(chan string, 1)
	address := converse(t, func(connection net.Conn, in *bufio.Reader) {
		lines := append(hear(in), "")
		heard <- lines[0]
		_, _ = io.WriteString(connection, emptyAnswer)
	})
	client, _ := connect(t, baseOf(t, address), func(c *client.Config) { c.Concurrency = 1 })
	for _, target := range []string{
		"libdrives/", "libdrives/detail/?limit=0&offset=3", "", "drives/%00/", "drives/a%00b/", "libdrives/../drives/", "libdrives/./x//y///",
		"libdrives/..%2fdrives%2F/", "libdrives/%2e%2E/", "libdrives/%zz/%", "libdrives/ü/", "libdrives/\xff\xfe/", "libdrives/a;b=c,d:e@f!$&'()*+=~/",
		`libdrives/"<>\^{|}` + "`/", "/etc/passwd", "//host/x/%zz", "libdrives/[x]/", "libdrives/?name=a+b%20c%2Cd,e&name=ü%ff\"<>[]{}|", "libdrives/?a=?b=/../#",
	} {
		x := client.Do(t.Context(), evidence.Get(target), 1, "")
		if x.Status() != 200 {
			t.Fatalf("the read of %q ended as %s", target, x.Outcome())
		}
		if got, want := <-heard, "GET /api/2.0/"+target+" HTTP/1.1"; got != want {
			t.Errorf("the target %q was asked for as %q, want %q", target, got, want)
		}
		if want := address + "/api/2.0/" + target; x.Request.URL != want {
			t.Errorf("the record says %q was asked for, want %q", x.Request.URL, want)
		}
	}
}

func TestAPathAtTheRootOfTheHostIsNoHost(t *testing.T) {
	heard := make(chan string, 1)
	address := converse(t, func(connection net.Conn, in *bufio.Reader) {
		heard <- strings.Join(hear(in)[:2], ", ")
		_, _ = io.WriteString(connection, emptyAnswer)
	})
	base := baseOf(t, address)
	base.Path = "/"
	client, _ := connect(t, base, nil)
	host := strings.TrimPrefix(address, "http://")
	for path, want := range map[string]string{
		"/other/x":   "GET //other/x HTTP/1.1, Host: " + host,
		"/other/%zz": "GET " + address + "//other/%zz HTTP/1.1, Host: " + host, // the absolute form is the one that can't be misread
		"":           "GET / HTTP/1.1, Host: " + host,
	} {
		if x := client.Do(t.Context(), evidence.Read{Path: path}, 1, ""); x.Status() != 200 {
			t.Fatalf("the read of %q ended as %s", path, x.Outcome())
		}
		if got := <-heard; got != want {
			t.Errorf("the path %q was asked for as %q, want %q", path, got, want)
		}
	}
}

func TestNothingIsAddedToTheHeaders(t *testing.T) {
	heard := make(chan string, 1)
	address := converse(t, func(connection net.Conn, in *bufio.Reader) {
		heard <- strings.Join(hear(in)[2:], "\n")
		_, _ = io.WriteString(connection, emptyAnswer)
	})
	client, _ := connect(t, baseOf(t, address), nil)
	client.Do(t.Context(), evidence.Get("libdrives/").By(evidence.Nobody).With("Accept", "").With("Accept-Encoding", "").With("User-Agent", ""), 1, "")
	if got := <-heard; got != "" {
		t.Errorf("a read without any header was sent with %q", got)
	}
}

func TestWhatHasNoPlaceInARequestLineIsNotSent(t *testing.T) {
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the endpoint was sent %s", r.RequestURI) })
	cl, record := connect(t, base, nil)
	for path, why := range map[string]string{
		"a b": "byte 1", "a\r\nX: y": "byte 1", "a\x00": "byte 1", "a?b": `the '?' at byte 1`, "a#b": "escape it as %23", "\x7f": "escape it as %7F",
	} {
		x := cl.Do(t.Context(), evidence.Read{Path: path}, 1, "")
		if x.Response != nil || !strings.Contains(x.Failure, why) {
			t.Errorf("the path %q ended as %s, want a failure that says %q", path, x.Outcome(), why)
		}
	}
	if x := cl.Do(t.Context(), evidence.Read{Path: "x", Query: "a=\n"}, 1, ""); !strings.Contains(x.Failure, "the query") {
		t.Errorf("a query with a line break ended as %s", x.Outcome())
	}
	if x := cl.Send(t.Context(), client.Request{Key: "method", Method: "GE T"}); !strings.Contains(x.Failure, `the method "GE T"`) {
		t.Errorf("a method with a space ended as %s", x.Outcome())
	}
	if record.Len() != 8 || cl.Stats().Sent != 0 {
		t.Errorf("the record has %d exchanges and %d were sent, want 8 and none", record.Len(), cl.Stats().Sent)
	}
}

func TestOverTLSRequestsAreHTTP1EvenWhereMoreIsOffered(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.RequestURI)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client, _ := connect(t, baseOf(t, server.URL), func(c *client.Config) {
		c.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	})
	for _, target := range []string{"a/%00", "a/../b", "//c", "?q=1"} {
		x := client.Do(t.Context(), evidence.Get(target), 1, "")
		if x.Status() != 200 || x.Response.Proto != "HTTP/1.1" || string(x.Response.Body.Bytes()) != "/api/2.0/"+target {
			t.Errorf("over TLS, %s ended as %s: %+v", target, x.Outcome(), x.Response)
		}
	}
}
