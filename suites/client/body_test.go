package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatalf("%d bytes can't be packed: %v", len(text), err)
	}
	if err := writer.Close(); err != nil {
		t.Fatalf("%d bytes can't be packed: %v", len(text), err)
	}
	return out.Bytes()
}

func TestABodyIsUnpackedWithinTheLimit(t *testing.T) {
	const limit = 1000
	text := strings.Repeat("library drive ", 50) // 700 bytes
	whole := packed(t, text)
	spoiled := bytes.Clone(whole)
	spoiled[len(spoiled)-6] ^= 1 // in the checksum
	bomb := packed(t, strings.Repeat("\x00", 10<<20))
	empties := bytes.Repeat(packed(t, ""), 2000)
	for _, c := range []struct {
		name, encoding string
		sent           []byte
		body           string
		failure        string
	}{
		{"plain", "", []byte(text), text, ""},
		{"identity", "identity", []byte(text), text, ""},
		{"gzip", "gzip", whole, text, ""},
		{"x-gzip", "X-GZIP", whole, text, ""},
		{"gzip in two parts", "gzip", append(packed(t, "a"), packed(t, "b")...), "ab", ""},
		{"an empty body called gzip", "gzip", nil, "", ""},
		{"exactly the limit", "", bytes.Repeat([]byte("x"), limit), strings.Repeat("x", limit), ""},
		{"a byte too long", "", bytes.Repeat([]byte("x"), limit+1), strings.Repeat("x", limit), "the body is longer than 1000 bytes"},
		{"a gzip bomb", "gzip", bomb, strings.Repeat("\x00", limit), "the body is longer than 1000 bytes"},
		{"gzip of nothing without end", "gzip", empties, "", "the body is longer than 1000 bytes"},
		{"gzip that ends early", "gzip", whole[:len(whole)-10], text, "the gzip body can't be unpacked beyond byte 700: it ends too early"},
		{"gzip with a wrong checksum", "gzip", spoiled, text, "the gzip body can't be unpacked beyond byte 700: its checksum is wrong"},
		{"no gzip at all", "gzip", []byte("{}"), "", "the gzip body can't be unpacked beyond byte 0: it ends too early"},
		{"plain text called gzip", "gzip", []byte(text), "", "the gzip body can't be unpacked beyond byte 0: it is not gzip"},
		{"gzip with a tail", "gzip", append(bytes.Clone(whole), "tail, and more of it"...), text, "the gzip body can't be unpacked beyond byte 700: it is not gzip"},
		{"a foreign encoding", "br", []byte("abc"), "", `its Content-Encoding is "br"`},
		{"packed twice", "gzip, gzip", packed(t, string(whole)), "", `its Content-Encoding is "gzip, gzip"`},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if c.encoding != "" {
				w.Header().Set("Content-Encoding", c.encoding)
			}
			_, _ = w.Write(c.sent)
		})
		client, _ := connect(t, base, func(config *client.Config) { config.MaxBody = limit })
		x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
		if x.Status() != 200 {
			t.Errorf("%s: the response is lost: %s", c.name, x.Outcome())
			continue
		}
		if string(x.Response.Body.Bytes()) != c.body {
			t.Errorf("%s: the body is %d bytes, %.40q, want %d", c.name, x.Response.Body.Len(), x.Response.Body.Bytes(), len(c.body))
		}
		if (c.failure == "") != (x.Failure == "") || !strings.Contains(x.Failure, c.failure) {
			t.Errorf("%s: the failure is %q, want %q", c.name, x.Failure, c.failure)
		}
		if truncated := strings.Contains(c.failure, "longer than"); x.Response.Truncated != truncated {
			t.Errorf("%s: truncated is %v, want %v", c.name, x.Response.Truncated, truncated)
		}
		if c.failure == "" && x.Response.WireSize != len(c.sent) {
			t.Errorf("%s: the size on the wire is %d, want %d", c.name, x.Response.WireSize, len(c.sent))
		}
	}
}

func TestAnAnswerWithoutABodyIsWhole(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		if r.Method != http.MethodHead {
			w.WriteHeader(http.StatusNoContent)
		}
	})
	client, _ := connect(t, base, nil)
	for _, method := range []string{"HEAD", "GET", "OPTIONS"} {
		x := client.Do(t.Context(), evidence.Read{Method: method, Path: "libdrives/"}, 1, "")
		if x.Failure != "" || x.Response.Body.Len() != 0 {
			t.Errorf("%s without a body ended as %s with %q", method, x.Outcome(), x.Response.Body.Bytes())
		}
	}
}

func TestABodyThatIsCutOffIsKeptAndSaidToBe(t *testing.T) {
	whole := packed(t, strings.Repeat("x", 100))
	for _, c := range []struct{ name, head, body, want, failure string }{
		{"with its length", "Content-Length: 50", `{"a": 1`, `{"a": 1`, "the body was cut off after 7 of 50 bytes"},
		{"in chunks", "Transfer-Encoding: chunked", "5\r\n{\"a\":\r\n3\r\n1", `{"a":1`, "the body was cut off after 6 bytes"},
		{"packed", fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d", len(whole)), string(whole[:5]), "",
			fmt.Sprintf("the body was cut off after 5 of %d bytes", len(whole))},
	} {
		address := converse(t, func(connection net.Conn, in *bufio.Reader) {
			hear(in)
			_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\n"+c.head+"\r\n\r\n"+c.body)
		})
		cl, record := connect(t, baseOf(t, address), nil)
		x := cl.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
		if x.Status() != 200 || string(x.Response.Body.Bytes()) != c.want || x.Failure != c.failure || x.Response.Truncated {
			t.Errorf("a body cut off %s: %s with %+v, want %q and %q", c.name, x.Outcome(), x.Response, c.want, c.failure)
		}
		if record.Len() != 3 || !x.Broken || x.Obstacle() != evidence.Broken {
			t.Errorf("a body cut off %s was asked for %d times, and is said to be broken: %v; want 3 times, and that it is", c.name, record.Len(), x.Broken)
		}
		if x := cl.Send(t.Context(), client.Request{Key: "write", Method: "POST", Path: "drives/"}); !x.Broken || record.Len() != 4 {
			t.Errorf("a write whose answer's body is cut off %s was sent %d times, want once, and is said to be broken: %v", c.name, record.Len()-3, x.Broken)
		}
	}
}
