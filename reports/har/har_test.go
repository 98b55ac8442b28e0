package har_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports/har"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/suites/evidence"
)

// harRules are what version 1.2 of the format demands of each kind of object, and what more it allows: the members, and
// "?" before those that may be missing.
var harRules = map[string]string{
	"log":         "version creator ?browser pages entries ?comment",
	"creator":     "name version ?comment",
	"pages":       "startedDateTime id title pageTimings ?comment",
	"pageTimings": "?onContentLoad ?onLoad ?comment",
	"entries":     "?pageref startedDateTime time request response cache timings ?serverIPAddress ?connection ?comment",
	"request":     "method url httpVersion cookies headers queryString ?postData headersSize bodySize ?comment",
	"response":    "status statusText httpVersion cookies headers content redirectURL headersSize bodySize ?comment",
	"cookies":     "name value ?path ?domain ?expires ?httpOnly ?secure ?comment",
	"headers":     "name value ?comment",
	"queryString": "name value ?comment",
	"postData":    "mimeType params text ?comment",
	"content":     "size ?compression mimeType ?text ?encoding ?comment",
	"cache":       "?beforeRequest ?afterRequest ?comment",
	"timings":     "?blocked ?dns ?connect send wait receive ?ssl ?comment",
}

// harViolations says where a document is not as the rules have it, whatever stands in it.
func harViolations(kind string, value any) []string {
	var found []string
	switch value := value.(type) {
	case nil:
		found = append(found, kind+" is null")
	case []any:
		for _, entry := range value {
			found = append(found, harViolations(kind, entry)...)
		}
	case map[string]any:
		rule, known := harRules[kind]
		if !known {
			return []string{kind + " should not be an object"}
		}
		allowed := map[string]bool{}
		for member := range strings.FieldsSeq(rule) {
			name, optional := strings.CutPrefix(member, "?")
			allowed[name] = true
			if _, there := value[name]; !there && !optional {
				found = append(found, kind+" has no "+name)
			}
		}
		for name, member := range value {
			if !allowed[name] && !strings.HasPrefix(name, "_") {
				found = append(found, kind+" has a member of its own, "+name)
			}
			if !strings.HasPrefix(name, "_") || member == nil {
				found = append(found, harViolations(name, member)...)
			}
		}
	}
	return found
}

// archive is as much of an HTTP archive as the tests look at.
type archive struct {
	Log struct {
		Version string
		Creator struct{ Name, Version string }
		Comment string
		Pages   []struct{ ID, Title, StartedDateTime string }
		Entries []archived
	}
}

type archived struct {
	Pageref, StartedDateTime, Comment string
	Time                              float64
	Number                            int `json:"_number"`
	Request                           struct {
		Method, URL, HTTPVersion string
		Cookies                  []named
		Headers, QueryString     []named
		PostData                 *struct {
			MimeType, Text, Encoding string
			Params                   []named
		}
		HeadersSize, BodySize int
	}
	Response struct {
		Status                               int
		StatusText, HTTPVersion, RedirectURL string
		Cookies                              []named
		Headers                              []named
		Content                              struct {
			Size, Compression                 int
			MimeType, Text, Encoding, Comment string
		}
		HeadersSize, BodySize int
		Error                 string `json:"_error"`
	}
	Timings struct{ Send, Wait, Receive float64 }
}

type named struct {
	Name, Value, Path, Expires string
	HTTPOnly, Secure           bool
}

func harOf(t testing.TB, exchanges ...*evidence.Exchange) archive {
	t.Helper()
	written := example.Render(t, func(b *strings.Builder) error { return har.Write(b, example.MadeUp(t), exchanges) })
	var document map[string]any
	if err := json.Unmarshal([]byte(written), &document); err != nil {
		t.Fatalf("an HTTP archive has to be JSON: %v\n%.2000s", err, written)
	}
	for _, violation := range harViolations("log", document["log"]) {
		t.Errorf("the archive is not as the format demands: %s", violation)
	}
	var read archive
	if err := json.Unmarshal([]byte(written), &read); err != nil {
		t.Fatalf("the archive's members have not the types that the format demands: %v", err)
	}
	if len(read.Log.Entries) != len(exchanges) {
		t.Fatalf("the archive of %d exchanges has %d entries", len(exchanges), len(read.Log.Entries))
	}
	for i, e := range read.Log.Entries {
		if sum := e.Timings.Send + e.Timings.Wait + e.Timings.Receive; math.Abs(sum-e.Time) > 1e-9 || e.Timings.Send < 0 || e.Timings.Wait < 0 || e.Timings.Receive < 0 {
			t.Errorf("entry %d took %v ms, and its timings %+v should add up to that", i, e.Time, e.Timings)
		}
		if _, err := time.Parse("2006-01-02T15:04:05.000Z07:00", e.StartedDateTime); err != nil {
			t.Errorf("entry %d begins at %q, which is no ISO 8601 time with milliseconds", i, e.StartedDateTime)
		}
		if !slices.ContainsFunc(read.Log.Pages, func(p struct{ ID, Title, StartedDateTime string }) bool { return p.ID == e.Pageref }) {
			t.Errorf("entry %d refers to the page %q, which is none of %v", i, e.Pageref, read.Log.Pages)
		}
	}
	return read
}

func TestHARHoldsAnExchangeWhole(t *testing.T) {
	x := example.Get(7, "/drives/?name=a%20b&limit=0&name=%zz&flag", `{"objects": []}`)
	x.Started, x.Duration = time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.FixedZone("", 3600)), 48123*time.Microsecond
	x.Purpose, x.Round, x.Attempt = "OWNER-02", 2, 3
	x.Request.Method, x.Request.Body = "POST", []byte(`{"name": "ü"}`)
	x.Request.As = evidence.BySession
	x.Request.Header.Set("Content-Type", "application/json")
	x.Request.Header.Set("Cookie", "sessionid=[redacted]; csrftoken=tellnobody")
	x.Response.Status, x.Response.WireSize = 302, 9
	x.Response.Header = http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}, "Location": {"/elsewhere/"}, "X-Latin": {"caf\xe9"},
		"Set-Cookie": {"sessionid=[redacted]; Path=/; HttpOnly; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "csrftoken=tellnobody; Path=/"}}
	log := harOf(t, x).Log
	if log.Version != "1.2" || log.Creator.Name != "libdrives-conformance" || log.Creator.Version != "1.2.3" || !strings.Contains(log.Comment, "does not conform") {
		t.Errorf("the archive should be of version 1.2, made by libdrives-conformance 1.2.3 and say what the run came to; it says %q, %v, %q", log.Version, log.Creator, log.Comment)
	}
	e := log.Entries[0]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"start", e.StartedDateTime, "2026-03-04T04:06:07.089Z"}, {"time", e.Time, 48.123}, {"number", e.Number, 7},
		{"comment", e.Comment, "for OWNER-02; take 2; attempt 3; credentials: session"},
		{"method", e.Request.Method, "POST"}, {"address", e.Request.URL, x.Request.URL}, {"version of the request", e.Request.HTTPVersion, "HTTP/1.1"},
		{"query", fmt.Sprint(e.Request.QueryString), fmt.Sprint([]named{{Name: "name", Value: "a b"}, {Name: "limit", Value: "0"}, {Name: "name", Value: "%zz"}, {Name: "flag"}})},
		{"body sent", e.Request.PostData.Text, `{"name": "ü"}`}, {"type of the body sent", e.Request.PostData.MimeType, "application/json"},
		{"size of the body sent", e.Request.BodySize, len(x.Request.Body)}, {"size of the headers", e.Request.HeadersSize, -1},
		{"cookies sent", fmt.Sprint(e.Request.Cookies), fmt.Sprint([]named{{Name: "sessionid", Value: "[redacted]"}, {Name: "csrftoken", Value: "[redacted]"}})},
		{"status", e.Response.Status, 302}, {"text of the status", e.Response.StatusText, "Found"}, {"version", e.Response.HTTPVersion, "HTTP/1.1"},
		{"redirect", e.Response.RedirectURL, "/elsewhere/"}, {"size of the answer's headers", e.Response.HeadersSize, -1}, {"size on the wire", e.Response.BodySize, 9},
		{"cookies set", fmt.Sprint(e.Response.Cookies), fmt.Sprint([]named{
			{Name: "sessionid", Value: "[redacted]", Path: "/", Expires: "2026-10-21T07:28:00Z", HTTPOnly: true, Secure: true},
			{Name: "csrftoken", Value: "[redacted]", Path: "/"}})},
		{"body", e.Response.Content.Text, `{"objects": []}`}, {"type of the body", e.Response.Content.MimeType, "application/json"},
		{"encoding", e.Response.Content.Encoding, ""}, {"size", e.Response.Content.Size, 15}, {"compression", e.Response.Content.Compression, 6},
		{"headers", fmt.Sprint(e.Response.Headers[3:]), fmt.Sprint([]named{{Name: "Set-Cookie", Value: x.Response.Header["Set-Cookie"][0]},
			{Name: "Set-Cookie", Value: x.Response.Header["Set-Cookie"][1]}, {Name: "X-Latin", Value: "café"}})},
	} {
		if c.got != c.want {
			t.Errorf("the %s of the exchange should be %v, and is %v", c.what, c.want, c.got)
		}
	}
}

func TestHARHoldsWhatIsNoText(t *testing.T) {
	body := []byte{0xff, 0xfe, 0, '\n'}
	binary, truncated, lost := example.Get(1, "/a/", string(body)), example.Get(2, "/b/", strings.Repeat("x", 1<<20)), example.Get(3, "/c/", "")
	binary.Request.Body, truncated.Response.Truncated, truncated.Response.Header = body, true, nil
	lost.Response, lost.Failure = nil, "the connection was closed"
	half := example.Get(4, "/d/", "hal")
	half.Failure = "the body ended early"
	entries := harOf(t, binary, truncated, lost, half).Log.Entries
	encoded := base64.StdEncoding.EncodeToString(body)
	if c := entries[0].Response.Content; c.Text != encoded || c.Encoding != "base64" || c.Size != 4 || c.Compression != 0 {
		t.Errorf("a body that is no text should be in base64, and is %+v", c)
	}
	if p := entries[0].Request.PostData; p.Text != encoded {
		t.Errorf("a body that is no text and was sent should be in base64, and is %+v", p)
	}
	if c := entries[1].Response.Content; len(c.Text) != 1<<20 || !strings.Contains(c.Comment, "the body is longer") || c.MimeType != "x-unknown" {
		t.Errorf("as much of a body as was read should be there, and that there was more; there are %d bytes of type %q, with the comment %q", len(c.Text), c.MimeType, c.Comment)
	}
	if e := entries[2]; e.Response.Status != 0 || e.Response.Error != "the connection was closed" || e.Response.BodySize != -1 || e.Request.PostData != nil {
		t.Errorf("where no response came, its status should be 0 and its error say why; it is %+v", e.Response)
	}
	if e := entries[3]; e.Response.Status != 200 || e.Response.Error != "the body ended early" || e.Response.Content.Text != "hal" {
		t.Errorf("of a response that broke off, what came should be there and why no more did; it is %+v", e.Response)
	}
}

func TestHARIsInTheOrderOfSending(t *testing.T) {
	start := example.MadeUp(t).Started
	var exchanges []*evidence.Exchange
	for i, c := range []struct {
		after        int
		key, purpose string
	}{{2, "licensed clone/rename", "licensed clone/rename"}, {0, "GET libdrives/", "LIST-01"}, {1, "licensed clone/clone", "licensed clone/clone"}, {1, "GET drives/", "LIST-01"}, {0, "a/b", "LIST-02"}} {
		x := example.Get(5-i, "/", "")
		x.Key, x.Purpose, x.Started = c.key, c.purpose, start.Add(time.Duration(c.after)*time.Second)
		exchanges = append(exchanges, x)
	}
	given := slices.Clone(exchanges)
	log := harOf(t, exchanges...).Log
	var numbers []int
	var pages []string
	for _, e := range log.Entries {
		numbers, pages = append(numbers, e.Number), append(pages, e.Pageref)
	}
	if want := []int{1, 4, 2, 3, 5}; !slices.Equal(numbers, want) {
		t.Errorf("the exchanges should be sorted by their start and then their number, %v, and are %v", want, numbers)
	}
	if want := []string{"reads", "reads", "reads", "scenario: licensed clone", "scenario: licensed clone"}; !slices.Equal(pages, want) {
		t.Errorf("the pages of the exchanges should be %v, and are %v", want, pages)
	}
	if len(log.Pages) != 2 || log.Pages[1].StartedDateTime != "2026-03-04T04:06:08.000Z" {
		t.Errorf("there should be a page for the reads and one for the scenario, from its first exchange on; there are %v", log.Pages)
	}
	if !slices.Equal(given, exchanges) {
		t.Error("the record's own order was changed")
	}
	if log := harOf(t).Log; len(log.Pages) != 0 || len(log.Entries) != 0 {
		t.Errorf("the archive of no exchange should be empty, and is %+v", log)
	}
}

// writes keeps the sizes of what is written at once. One of the writes fails, if it is asked to.
type writes struct {
	sizes []int
	fails int
}

var errWrite = errors.New("no room")

func (w *writes) Write(b []byte) (int, error) {
	w.sizes = append(w.sizes, len(b))
	if len(w.sizes) == w.fails {
		return 0, errWrite
	}
	return len(b), nil
}

// TestHARIsWrittenExchangeByExchange: a record may be bigger than what is left of the memory.
func TestHARIsWrittenExchangeByExchange(t *testing.T) {
	const body, many = 100 << 10, 30
	var exchanges []*evidence.Exchange
	for i := range many {
		exchanges = append(exchanges, example.Get(i+1, "/", string(bytes.Repeat([]byte("x"), body))))
	}
	w := &writes{}
	if err := har.Write(w, example.MadeUp(t), exchanges); err != nil {
		t.Fatalf("a writer that takes all should be written to: %v", err)
	}
	if largest := slices.Max(w.sizes); largest > 2*body {
		t.Errorf("%d bytes were written at once, of exchanges of about %d bytes each", largest, body)
	}
	for fails := range len(w.sizes) {
		failing := &writes{fails: fails + 1}
		if err := har.Write(failing, example.MadeUp(t), exchanges); !errors.Is(err, errWrite) || len(failing.sizes) != fails+1 {
			t.Errorf("when write %d fails, that should be told and nothing more be written; there were %d writes, and the error is %v", fails+1, len(failing.sizes), err)
		}
	}
}

func TestHARKeepsHostileText(t *testing.T) {
	r := example.Attacked(t)
	x := r.Results[1].Findings[0].Exchange
	e := harOf(t, x).Log.Entries[0]
	body, err := base64.StdEncoding.DecodeString(e.Response.Content.Text)
	if err != nil || !bytes.Equal(body, x.Response.Body.Bytes()) {
		t.Errorf("a hostile body should come out as it went in; the error is %v, and it is %.100q", err, body)
	}
}

// BenchmarkHAR writes 1,000 exchanges, half of which repeat a body.
func BenchmarkHAR(b *testing.B) {
	r := example.MadeUp(b)
	var exchanges []*evidence.Exchange
	size := 0
	for i := range 1000 {
		x := example.Get(i+1, fmt.Sprintf("/drives/%d/", i), fmt.Sprintf(`{"objects": [%s{"size": %d}]}`, strings.Repeat(`{"name": "Debian \"12\"", "size": 1}, `, 40), i/2))
		exchanges, size = append(exchanges, x), size+x.Response.Body.Len()
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if err := har.Write(io.Discard, r, exchanges); err != nil {
			b.Fatalf("writing to nowhere must not fail: %v", err)
		}
	}
}
