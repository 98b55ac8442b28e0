package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// halting is a context that a client ends when it tells the run to end.
func halting(t *testing.T) (context.Context, func(*client.Config)) {
	ctx, halt := context.WithCancelCause(t.Context())
	t.Cleanup(func() { halt(nil) })
	return ctx, func(c *client.Config) { c.Halt = halt }
}

func both(changes ...func(*client.Config)) func(*client.Config) {
	return func(c *client.Config) {
		for _, change := range changes {
			change(c)
		}
	}
}

func TestABodyOverTheBoundEndsTheRun(t *testing.T) {
	const limit = 3 << 20
	given := make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		defer close(given)
		block := []byte(strings.Repeat("x", 1<<16))
		for n := 0; n < 1<<30; n += len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
		t.Error("a gigabyte was taken of a body that may have 3 MiB")
	})
	ctx, halt := halting(t)
	cl, _ := connect(t, base, both(halt, func(c *client.Config) { c.MaxBody = limit }))
	x := cl.Do(ctx, evidence.Get("libdrives/?limit=0"), 1, "")
	<-given // the connection is closed, so that nobody goes on sending
	var over *client.BodyError
	if !errors.As(context.Cause(ctx), &over) || over.Bound != client.OneBody || over.Exchange != x.Number || !strings.Contains(over.Error(), "GET /api/2.0/libdrives/?limit=0") {
		t.Errorf("the run was ended by %v, want a BodyError that names the request", context.Cause(ctx))
	}
	if !x.Response.Truncated || x.Response.Body.Len() != 1<<20 || !strings.Contains(x.Failure, "3 MiB") {
		t.Errorf("of the body %d bytes are kept, truncated %v, with %q; want its first MiB and the bound", x.Response.Body.Len(), x.Response.Truncated, x.Failure)
	}
}

// TestAllAnswersTogetherAreBounded has no folder for temporary files, so that all that is answered is in memory.
func TestAllAnswersTogetherAreBounded(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "there", "is", "none"))
	const limit, body = 1 << 20, 100_000
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Path+strings.Repeat("x", body)) // each another, lest they are kept once
	})
	ctx, halt := halting(t)
	// Four at a time: what is on its way in leaves room for some that are whole.
	cl, record := connect(t, base, both(halt, func(c *client.Config) { c.MaxHeld, c.Concurrency = limit, 4 }))
	var want []client.Want
	for i := range 100 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	_ = cl.Collect(ctx, want, 1, nil)
	var over *client.BodyError
	if !errors.As(context.Cause(ctx), &over) || over.Bound != client.AllBodies || over.Limit != limit {
		t.Fatalf("the run was ended by %v, want a BodyError about all answers", context.Cause(ctx))
	}
	held, whole := 0, 0
	for _, x := range record.All() {
		if x.Response != nil {
			held += x.Response.Body.Len()
			if x.Failure == "" {
				whole++
			}
		}
	}
	if x := record.All()[over.Exchange-1]; x.Response == nil || !x.Response.Truncated || !strings.Contains(over.Request, x.Request.Path()) {
		t.Errorf("the error names the exchange %d, which is %s of %s", over.Exchange, x.Outcome(), x.Request.Path())
	}
	for _, x := range record.All() {
		if strings.Contains(x.Failure, "hold more than") && (x.Response == nil || !x.Response.Truncated) {
			t.Errorf("exchange %d is told to be over the bound, and was only interrupted", x.Number)
		}
	}
	if held > limit || whole == 0 || whole > limit/body {
		t.Errorf("%d bytes are held in all, of %d whole answers; want as many as 1 MiB has room for", held, whole)
	}
	if x := cl.Do(t.Context(), evidence.Get("cleaning/up"), 1, ""); x.Failure != "" {
		t.Errorf("for cleaning up there is no room left: %s", x.Failure)
	}
}

func TestALengthThatIsNotBorneOutCostsNothing(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(60<<20))
		_, _ = io.WriteString(w, "{}")
	})
	client, _ := connect(t, base, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 4 {
		client.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
		t.Errorf("four bodies of 2 bytes that call themselves 60 MiB took %d bytes", took)
	}
}

func TestABodyOfManySmallValuesIsNotLookedInto(t *testing.T) {
	many := func(n int, one string) string { return "[" + strings.Repeat(one+",", n-1) + one + "]" }
	for name, c := range map[string]struct {
		body  string
		bound client.Bound
		over  bool
	}{
		"as many entries as may be": {`{"objects": ` + many(100_000, "null") + `}`, 0, false},
		"an entry more":             {`{"objects": ` + many(100_001, "null") + `}`, client.Entries, true},
		"values in small arrays":    {many(50_000, many(50, "0")), client.Values, true},
		"brackets":                  {strings.Repeat("[", 2_100_000), client.Values, true},
		"commas in a text":          {`["\"` + strings.Repeat(",", 200_000) + `"]`, 0, false},
		"no JSON":                   {"a" + strings.Repeat(",", 200_000), 0, false},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, c.body) })
		ctx, halt := halting(t)
		cl, _ := connect(t, base, halt)
		x := cl.Do(ctx, evidence.Get("libdrives/"), 1, "")
		var over *client.BodyError
		if errors.As(context.Cause(ctx), &over) != c.over || over != nil && over.Bound != c.bound || x.Response.Truncated != c.over {
			t.Errorf("%s: the run was ended by %v, truncated is %v", name, context.Cause(ctx), x.Response.Truncated)
		}
	}
}

func TestARetryAfterBeyondThePatienceEndsTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		as     evidence.Identity
		header func(now time.Time) string
		within time.Duration // of the run; 0 is no end
		ends   bool
	}{
		"a year in seconds":       {"", func(time.Time) string { return "31536000" }, 0, true},
		"a date":                  {"", func(now time.Time) string { return now.Add(time.Hour).Format(http.TimeFormat) }, 0, true},
		"after the run's end":     {"", func(time.Time) string { return "45" }, 20 * time.Second, true},
		"to who has no account":   {evidence.Nobody, func(time.Time) string { return "31536000" }, 0, false},
		"to who has another word": {evidence.WrongPassword, func(time.Time) string { return "31536000" }, 0, false},
	} {
		// The endpoint's clock is a month behind: its date is measured by its own.
		now := time.Now().UTC().AddDate(0, -1, 0)
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", now.Format(http.TimeFormat))
			w.Header().Set("Retry-After", c.header(now))
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "<html><title>Closed for\n renovation</title></html>")
		})
		ctx, halt := halting(t)
		if c.within > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, c.within)
			defer cancel()
		}
		cl, record := connect(t, base, halt)
		x := cl.Do(ctx, evidence.Get("libdrives/").By(c.as), 1, "")
		var outage *client.OutageError
		ended := errors.As(context.Cause(ctx), &outage)
		if ended != c.ends || x.Status() != 503 || record.Len() != 1 {
			t.Errorf("%s: the run was ended by %v after %d requests, want so: %v, after 1", name, context.Cause(ctx), record.Len(), c.ends)
		}
		if ended && (!outage.Page || outage.Words != "Closed for renovation" || outage.Status != 503 || !strings.Contains(outage.Error(), "GET /api/2.0/libdrives/")) {
			t.Errorf("%s: the outage is told as %v, want the status, the request and the page's title", name, outage)
		}
	}
}

func TestADateIsMeasuredByTheAnswersOwn(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().AddDate(0, 0, 3)
	var calls atomic.Int32
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Date", now.Format(http.TimeFormat))
			w.Header().Set("Retry-After", now.Add(3*time.Second).Format(http.TimeFormat))
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	var mu sync.Mutex
	var waits []client.Wait
	cl, _ := connect(t, base, func(c *client.Config) {
		c.Waiting = func(w client.Wait) {
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, w)
		}
	})
	if x := cl.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); x.Status() != 200 {
		t.Errorf("a date three seconds after the answer's own is not waited for: %s", x.Outcome())
	}
	mu.Lock()
	defer mu.Unlock()
	if len(waits) != 1 || waits[0].Reason != client.ByRetryAfter || waits[0].For != 3*time.Second || !strings.Contains(waits[0].String(), "Retry-After") {
		t.Errorf("told of the wait was %v, want once that 3 s are waited by Retry-After", waits)
	}
}

func TestWhatIsRefusedForEverEndsTheRun(t *testing.T) {
	var calls atomic.Int32
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answerWith(w, 503, "busy, busy")
	})
	ctx, halt := halting(t)
	cl, _ := connect(t, base, both(halt, func(c *client.Config) { c.Retries, c.Concurrency = 1, 1 }))
	for range 20 { // a write may be refused for what it asks for
		cl.Send(ctx, client.Request{Key: "write", Method: "POST", Path: "drives/"})
	}
	if ctx.Err() != nil {
		t.Fatalf("the run was ended by refused writes: %v", context.Cause(ctx))
	}
	var want []client.Want
	for i := range 100 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	calls.Store(0)
	_ = cl.Collect(ctx, want, 1, nil)
	var outage *client.OutageError
	if !errors.As(context.Cause(ctx), &outage) || outage.Words != "busy, busy" || outage.Status != 503 || calls.Load() > 20 {
		t.Errorf("after %d reads the run was ended by %v, want an OutageError with the endpoint's words after some", calls.Load(), context.Cause(ctx))
	}
}

func TestAnEndpointThatIsGoneEndsTheRun(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("no listener can be had: %v", err)
	}
	address := "http://" + listener.Addr().String()
	_ = listener.Close()
	ctx, halt := halting(t)
	cl, record := connect(t, baseOf(t, address), halt)
	var want []client.Want
	for i := range 500 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	_ = cl.Collect(ctx, want, 1, nil)
	var gone *client.GoneError
	if !errors.As(context.Cause(ctx), &gone) || !strings.Contains(gone.Error(), "refused") || record.Len() > 100 {
		t.Errorf("after %d requests the run was ended by %v, want a GoneError after some", record.Len(), context.Cause(ctx))
	}
}

func TestWhoClosesConnectionsAtSomeRequestsIsNotGone(t *testing.T) {
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/hostile") {
			panic(http.ErrAbortHandler)
		}
	})
	ctx, halt := halting(t)
	cl, record := connect(t, base, halt)
	var want []client.Want
	for i := range 60 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("hostile/%d/", i))})
	}
	if err := cl.Collect(ctx, want, 1, nil); err != nil {
		t.Errorf("the run was ended: %v", context.Cause(ctx))
	}
	if record.Answer(client.StillThereKey, 1).Status() != 200 || record.Answer(want[59].Read.Key(), 1) == nil {
		t.Error("the endpoint was not asked whether it is still there, or not everything was asked for")
	}
}

func TestAnAnswerThatSwitchesProtocolsIsNotReadFrom(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("the connection must be taken over: %v", err)
			return
		}
		defer func() { _ = connection.Close() }()
		_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		_, _ = io.Copy(io.Discard, connection) // says nothing, until the client goes
	})
	cl, _ := connect(t, base, nil)
	done := make(chan *evidence.Exchange, 1)
	go func() { done <- cl.Do(t.Context(), evidence.Get("libdrives/"), 1, "") }()
	select {
	case x := <-done:
		if !strings.Contains(x.Failure, "101") {
			t.Errorf("the failure is %q, it should say that the answer is 101", x.Failure)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the client waits for ever for the body of an answer that has none")
	}
}

// TestAListMayBeAsLongAsTheLibrary has a library of which whole lists are longer than an answer may be otherwise. Only those may
// be, and only as far as the drives that were seen justify.
func TestAListMayBeAsLongAsTheLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	const drives = 60_000
	drive := `{"uuid": "%08d", "name": "` + strings.Repeat("n", 1200) + `"}`
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		shown := drives
		switch {
		case r.URL.RawQuery == "":
			shown = 20
		case strings.Contains(r.URL.Path, "licenses"):
			shown = 2 * drives
		case strings.Contains(r.URL.RawQuery, "os="):
			shown = 4 * drives
		}
		_, _ = fmt.Fprintf(w, `{"meta": {"total_count": %d}, "objects": [`, drives)
		for i := range shown {
			if i > 0 {
				_, _ = io.WriteString(w, ", ")
			}
			_, _ = fmt.Fprintf(w, drive, i%100)
		}
		_, _ = io.WriteString(w, "]}")
	})
	for _, c := range []struct {
		name, target string
		first        bool // a page is seen first
		whole        bool
	}{
		{"a whole list of which a page was seen", "libdrives/?limit=0", true, true},
		{"one of which nothing was seen", "libdrives/?limit=0", false, false},
		{"another list", "licenses/?limit=0", true, false},
		{"a list that is longer than all drives", "libdrives/?os=linux&limit=0", true, false},
	} {
		ctx, halt := halting(t)
		cl, _ := connect(t, base, halt)
		if c.first {
			cl.Do(ctx, evidence.Get("libdrives/"), 1, "")
		}
		if x := cl.Do(ctx, evidence.Get(c.target), 1, ""); (x.Failure == "") != c.whole {
			t.Errorf("%s: %d bytes are taken, and it ends with %q", c.name, x.Response.Body.Len(), x.Failure)
		}
	}
}

// TestWhatOneThingIsIsShort reads answers of 5 MB: what is asked of one drive hundreds of times may not be as long as a list.
func TestWhatOneThingIsIsShort(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat(" ", 5<<20)) })
	const uuid = "0f1b3a0e-1111-4111-8111-111111111111"
	for _, c := range []struct {
		name    string
		read    evidence.Read
		maxBody int64
		bound   string
	}{
		{"a library drive", evidence.Get("libdrives/" + uuid + "/"), 0, "2 MiB"},
		{"a drive", evidence.Get("drives/" + uuid + "/?format=xml"), 0, "2 MiB"},
		{"what a resource_uri leads to", evidence.Read{Path: "/somewhere/else/", Rooted: true}, 0, "2 MiB"},
		{"a list", evidence.Get("libdrives/detail/?limit=0"), 0, ""},
		{"the schema", evidence.Get("libdrives/schema/"), 0, ""},
		{"a library drive, where the user lets it be longer", evidence.Get("libdrives/" + uuid + "/"), 6 << 20, ""},
		{"a library drive, where the user wants less", evidence.Get("libdrives/" + uuid + "/"), 1 << 20, "1 MiB"},
	} {
		ctx, halt := halting(t)
		cl, _ := connect(t, base, both(halt, func(config *client.Config) { config.MaxBody = c.maxBody }))
		x := cl.Do(ctx, c.read, 1, "")
		if c.bound == "" && x.Failure != "" || !strings.Contains(x.Failure, c.bound) {
			t.Errorf("%s: it ends with %q, want %q in it", c.name, x.Failure, c.bound)
		}
	}
}

// TestWhatAListTellsOfOneThingIsShort reads lists with an entry that is longer than what may be told of one drive by itself.
func TestWhatAListTellsOfOneThingIsShort(t *testing.T) {
	for _, c := range []struct {
		name    string
		entry   int
		maxBody int64
		bound   string
	}{
		{"entries of 1 MiB", 1 << 20, 0, ""},
		{"an entry of 3 MiB", 3 << 20, 0, "an entry of the list is longer than 2 MiB"},
		{"an entry of 3 MiB, where the user lets answers be longer", 3 << 20, 90 << 20, ""},
	} {
		entry := `{"uuid": "0f1b3a0e-1111-4111-8111-111111111111", "name": "` + strings.Repeat("n", c.entry) + `"}`
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"meta": {"total_count": 2}, "objects": [{"uuid": "short"}, `+entry+`]}`)
		})
		ctx, halt := halting(t)
		cl, _ := connect(t, base, both(halt, func(config *client.Config) { config.MaxBody = c.maxBody }))
		x := cl.Do(ctx, evidence.Get("libdrives/?limit=0"), 1, "")
		if c.bound == "" && x.Failure != "" || !strings.Contains(x.Failure, c.bound) {
			t.Errorf("%s: it ends with %q, want %q in it", c.name, x.Failure, c.bound)
		}
	}
}
