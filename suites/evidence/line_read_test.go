package evidence_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

// handWritten is a record of one exchange, as another program may write it.
func handWritten(response string) string {
	return fmt.Sprintf(`{"kind": "libdrives-conformance record", "format": 1, "head": 1}
{"number": 1, "key": "GET long", "take": 1, "attempt": 1, "request": {"method": "GET", "url": "http://here/", "body": "asked"}, "response": {"status": 200, %s}}
{"exchanges": 1, "tail": 1}
`, response)
}

// TestALongBodyIsReadHoweverItIsWritten reads long bodies in which characters are written by their figures.
func TestALongBodyIsReadHoweverItIsWritten(t *testing.T) {
	const many = 40_000
	for name, c := range map[string]struct{ response, body string }{
		"escapes":             {`"body": "` + strings.Repeat(`a\ud83d\ude00\"\\\u00e9é\n`, many) + `"`, strings.Repeat("a😀\"\\éé\n", many)},
		"escapes alone":       {`"body": "` + strings.Repeat(`\ud83d\ude00`, many) + `"`, strings.Repeat("😀", many)},
		"half a character":    {`"body": "` + strings.Repeat(`a\ud83da`, many) + `"`, strings.Repeat("a\uFFFDa", many)},
		"a key that is twice": {`"body": "` + strings.Repeat("a", many*4) + `", "body": "` + strings.Repeat("b", many*4) + `"`, strings.Repeat("b", many*4)},
		"a short one last":    {`"body": "` + strings.Repeat("a", many*4) + `", "body": "b"`, "b"},
		"keys after it":       {`"body": "` + strings.Repeat("{}", many*4) + `", "headers": {"Body": ["` + strings.Repeat("h", many*4) + `"]}`, strings.Repeat("{}", many*4)},
	} {
		var head, tail int
		record, err := evidence.ReadRecord(strings.NewReader(handWritten(c.response)), &head, &tail)
		if err != nil {
			t.Errorf("%s: the record is not read: %v", name, err)
			continue
		}
		x := record.All()[0]
		if string(x.Response.Body.Bytes()) != c.body || string(x.Request.Body) != "asked" {
			t.Errorf("%s: the body is read as one of %d bytes, want the %d that were written", name, x.Response.Body.Len(), len(c.body))
		}
	}
	for _, damaged := range []string{strings.Repeat("a", 100_000) + `\x`, strings.Repeat("a", 100_000) + "\x01" + strings.Repeat("a", 100_000), strings.Repeat("a", 100_000) + "\n"} {
		var head, tail int
		if _, err := evidence.ReadRecord(strings.NewReader(handWritten(`"body": "`+damaged+`"`)), &head, &tail); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("a body that is no text in JSON is read, or refused with %v, want the line that it stands in", err)
		}
	}
}

// TestHeadersThatAreTheSameAreOne adds exchanges whose headers are alike, and some that are not.
func TestHeadersThatAreTheSameAreOne(t *testing.T) {
	record := evidence.NewRecord(evidence.NewRedactor("secret"))
	headers := []http.Header{
		{"A": {"1", "2"}, "Accept": {"x"}}, {"Accept": {"x"}, "A": {"1", "2"}}, {"A": {"2", "1"}, "Accept": {"x"}}, {"A": {"12"}, "Accept": {"x"}}, {"A": nil}, {}, nil,
		{"Authorization": {"Basic secret"}},
	}
	for _, header := range headers {
		record.Add(evidence.Exchange{Request: evidence.Request{Header: header.Clone()}, Response: &evidence.Response{Status: 200, Header: header.Clone()}})
	}
	for i, x := range record.All() {
		for _, kept := range []http.Header{x.Request.Header, x.Response.Header} {
			if fmt.Sprint(kept) != fmt.Sprint(headers[i]) || (kept == nil) != (headers[i] == nil) {
				t.Errorf("the headers %v are kept as %v", headers[i], kept)
			}
		}
	}
	last := record.Shown().All()[len(headers)-1]
	if at := last.Request.Header.Get("Authorization"); strings.Contains(at, "secret") || last.Response == record.All()[len(headers)-1].Response {
		t.Errorf("credentials are shown: %q", at)
	}
	first := record.Shown().All()[0]
	if first.Response != record.All()[0].Response {
		t.Error("an answer that holds no secret is kept twice")
	}
}
