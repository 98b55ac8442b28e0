package client_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

func statuses(record *evidence.Record) string {
	var attempts []string
	for _, x := range record.All() {
		attempts = append(attempts, strconv.Itoa(x.Attempt)+":"+strconv.Itoa(x.Status()))
	}
	return strings.Join(attempts, " ")
}

func TestATransientRefusalIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		name    string
		request client.Request
		refuse  []int // what the endpoint answers before it answers 200
		retries int
		want    string
	}{
		{"a busy read", client.Request{}, []int{503, 429}, 0, "1:503 2:429 3:200"},
		{"a read that is refused for good", client.Request{}, []int{503, 503, 503, 503, 503, 503, 503}, 0, "1:503 2:503 3:503 4:503 5:503"},
		{"two further attempts", client.Request{}, []int{429, 429, 429, 429}, 2, "1:429 2:429 3:429"},
		{"no further attempt", client.Request{}, []int{503}, -1, "1:503"},
		{"a request whose first answer counts", client.Request{NoRetry: true}, []int{503}, 0, "1:503"},
		{"a write that was not carried out", client.Request{Method: "POST", Body: []byte("{}")}, []int{503, 429}, 0, "1:503 2:429 3:200"},
		{"other refusals", client.Request{}, []int{500}, 0, "1:500"},
		{"a write that a gateway answers", client.Request{Method: "POST"}, []int{504}, 0, "1:504"},
		{"a read that gateways answer", client.Request{}, []int{502, 504}, 0, "1:502 2:504 3:200"},
		{"a read that a network for delivery answers", client.Request{}, []int{520, 408}, 0, "1:520 2:408 3:200"},
		{"a read that a gateway answers for good", client.Request{}, []int{504, 504, 504, 504}, 0, "1:504 2:504 3:504"},
		{"a read that a gateway answers and whose first answer counts", client.Request{NoRetry: true}, []int{504}, 0, "1:504"},
		{"a read that is refused for now and answered by a gateway", client.Request{}, []int{503, 504, 429, 502}, 0, "1:503 2:504 3:429 4:502 5:200"},
	} {
		var calls atomic.Int32
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if string(readAll(r)) != string(c.request.Body) {
				t.Errorf("%s: an attempt lost its body", c.name)
			}
			if n := int(calls.Add(1)); n <= len(c.refuse) {
				w.WriteHeader(c.refuse[n-1])
			}
		})
		cl, record := connect(t, base, func(config *client.Config) { config.Retries = c.retries })
		request := c.request
		request.Key = c.name
		x := cl.Send(t.Context(), request)
		if got := statuses(record); got != c.want {
			t.Errorf("%s: the record shows the attempts and statuses %s, want %s", c.name, got, c.want)
		}
		if record.Answer(c.name, 1) != x {
			t.Errorf("%s: the answer is not the last attempt", c.name)
		}
		attempts := len(strings.Fields(c.want))
		if got := cl.Stats(); got != (client.Stats{Sent: attempts, Retried: attempts - 1}) {
			t.Errorf("%s: the statistics are %+v, want %d sent", c.name, got, attempts)
		}
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, header := range map[string]func() string{
		"in seconds": func() string { return "1" },
		"as a date":  func() string { return time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refused time.Time
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if refused.IsZero() {
					refused = time.Now()
					w.Header().Set("Retry-After", header())
					w.WriteHeader(http.StatusTooManyRequests)
				}
			})
			cl, _ := connect(t, base, nil)
			x := cl.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
			// A date has whole seconds only, so up to one of the two is lost.
			if waited := x.Started.Sub(refused); x.Status() != 200 || waited < 900*time.Millisecond || waited > 20*time.Second {
				t.Errorf("a Retry-After %s was followed by an attempt after %s that ended as %s", name, waited, x.Outcome())
			}
		})
	}
}

func TestWhatARetryAfterMustNotDo(t *testing.T) {
	for _, header := range []string{"0", "-5", "soon", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		var calls atomic.Int32
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if calls.Add(1) == 1 {
				w.Header().Set("Retry-After", header)
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		cl, _ := connect(t, base, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if x := cl.Do(ctx, evidence.Get("libdrives/"), 1, ""); x.Status() != 200 {
			t.Errorf("after Retry-After: %s the read ended as %s", header, x.Outcome())
		}
		cancel()
	}
}

func TestTheEndOfTheRunEndsTheWaitForAnotherAttempt(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	cl, record := connect(t, base, nil)
	if x := cl.Do(ctx, evidence.Get("libdrives/"), 1, ""); x.Status() != 503 || record.Len() != 1 {
		t.Errorf("the read ended as %s with %d exchanges, want the 503 that it had", x.Outcome(), record.Len())
	}
}

// breakingConnections is an endpoint that answers the first so many requests of the run by closing the connection, and
// counts them all.
func breakingConnections(t *testing.T, calls *atomic.Int32, broken int32) string {
	t.Helper()
	return converse(t, func(connection net.Conn, in *bufio.Reader) {
		if len(hear(in)) == 0 || calls.Add(1) <= broken {
			return
		}
		_, _ = io.WriteString(connection, emptyAnswer)
	})
}

func TestAReadIsRepeatedWhereTheConnectionBreaks(t *testing.T) {
	var calls atomic.Int32
	cl, record := connect(t, baseOf(t, breakingConnections(t, &calls, 2)), nil)
	if x := cl.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); x.Status() != 200 || statuses(record) != "1:0 2:0 3:200" {
		t.Errorf("the read ended as %s after the attempts %s, want 200 at the third", x.Outcome(), statuses(record))
	}
	if got := record.All()[0].Failure; got != "the connection was closed before an answer came" {
		t.Errorf("the broken attempt is recorded as %q", got)
	}
	calls.Store(-100)
	cl, record = connect(t, baseOf(t, breakingConnections(t, &calls, 100)), nil)
	if x := cl.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); x.Response != nil || record.Len() != 3 {
		t.Errorf("a read that always breaks ended as %s after %d attempts, want no answer after 3", x.Outcome(), record.Len())
	}
}

func TestAWriteIsNeverRepeatedWhereTheConnectionBreaks(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		for _, body := range []string{"", "{}"} {
			var calls atomic.Int32
			cl, record := connect(t, baseOf(t, breakingConnections(t, &calls, 1)), nil)
			x := cl.Send(t.Context(), client.Request{Key: "write", Method: method, Path: "drives/1/", Body: []byte(body)})
			if x.Response != nil || record.Len() != 1 || calls.Load() != 1 {
				t.Errorf("%s with %d bytes was sent %d times and ended as %s, want once without an answer", method, len(body), calls.Load(), x.Outcome())
			}
		}
	}
}

// keptThenBroken is an endpoint that answers a connection's first request, keeps it open, and closes it in place of
// answering the second.
func keptThenBroken(t *testing.T, calls *atomic.Int32) string {
	t.Helper()
	return converse(t, func(connection net.Conn, in *bufio.Reader) {
		for range 2 {
			if len(hear(in)) == 0 {
				return
			}
			if calls.Add(1)%2 == 1 {
				_, _ = io.WriteString(connection, strings.Replace(emptyAnswer, "Connection: close\r\n", "", 1))
			}
		}
	})
}

func TestNothingIsRepeatedUnseenOnAConnectionThatWasKept(t *testing.T) {
	var calls atomic.Int32
	cl, record := connect(t, baseOf(t, keptThenBroken(t, &calls)), nil)
	for _, path := range []string{"a", "b"} {
		if x := cl.Do(t.Context(), evidence.Get(path), 1, ""); x.Status() != 200 {
			t.Errorf("the read %s ended as %s", path, x.Outcome())
		}
	}
	if got := statuses(record); got != "1:200 1:0 2:200" || calls.Load() != 3 {
		t.Errorf("the record shows %s of %d requests, want 1:200 1:0 2:200 of 3", got, calls.Load())
	}
}

// TestAWriteHasAConnectionOfItsOwn reads and writes in turn: a connection that was kept could be closed by the other side
// just when the write is sent.
func TestAWriteHasAConnectionOfItsOwn(t *testing.T) {
	var used []string
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { used = append(used, r.RemoteAddr) })
	cl, _ := connect(t, base, nil)
	for _, method := range []string{"GET", "POST", "GET", "DELETE"} {
		if x := cl.Send(t.Context(), client.Request{Key: method, Method: method, Path: "drives/"}); x.Status() != 200 {
			t.Errorf("%s ended as %s", method, x.Outcome())
		}
	}
	if len(used) != 4 || used[0] != used[2] || used[1] == used[0] || used[3] == used[0] || used[3] == used[1] {
		t.Errorf("a read, a write, a read and a write came over the connections %v; both reads share one, and each write has its own", used)
	}
}
