package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/evidence/redact"
)

type note struct {
	Says string `json:"says"`
}

// odd is a record whose exchanges hold what JSON can't: bytes that are not UTF-8, nothing, and much.
func odd() *evidence.Record {
	record := evidence.NewRecord(redact.New("s3cret-pass"))
	for i, x := range []evidence.Exchange{
		{Key: "GET a", Round: 1, Attempt: 1, Purpose: "LIST-01", Started: time.Date(2026, 3, 4, 5, 6, 7, 89, time.UTC), Duration: 1234567,
			Request:  evidence.Request{Method: "GET", URL: "https://cloud.example/a?name=\xff", Header: http.Header{"Accept": {"a", "\xfe<b>"}}, Auth: "basic"},
			Response: &evidence.Response{Status: 200, Proto: "HTTP/1.1", Header: http.Header{"Etag": {"\xfd"}}, Body: evidence.BodyOf([]byte("\x00\xff{}")), WireSize: 4}},
		{Key: "GET a", Round: 2, Attempt: 2, Failure: "the connection broke \xff", Request: evidence.Request{Method: "GET", Header: http.Header{}, As: evidence.Nobody}},
		{Key: "s/one", Round: 1, Attempt: 1,
			Request:  evidence.Request{Method: "POST", Header: http.Header{"Cookie": {"sessionid=abc"}}, Body: []byte(`{"password": "s3cret-pass"}`)},
			Response: &evidence.Response{Status: 202, Header: http.Header{}, Body: evidence.BodyOf([]byte("s3cret-pass ü\u2028<&>")), Truncated: true}},
	} {
		x.Number = i + 1
		record.Add(x)
	}
	return record
}

func written(t *testing.T, record *evidence.Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := evidence.WriteRecord(&b, note{"head"}, record.Shown().All(), note{"tail"}); err != nil {
		t.Fatalf("a record must be written to memory: %v", err)
	}
	return b.String()
}

func TestARecordIsReadAsItWasWritten(t *testing.T) {
	record := odd()
	file := written(t, record)
	var head, tail note
	read, err := evidence.ReadRecord(strings.NewReader(file), &head, &tail)
	if err != nil {
		t.Fatalf("a record that was written must be read: %v", err)
	}
	if head.Says != "head" || tail.Says != "tail" {
		t.Errorf("head and tail are read as %v and %v", head, tail)
	}
	if diff := cmp.Diff(record.Shown().All(), read.Shown().All()); diff != "" {
		t.Errorf("the exchanges that were read differ (-written +read):\n%s", diff)
	}
	if x := read.Answer("GET a", 2); x == nil || x.Number != 2 || read.Answer("GET a", 3) != nil || read.Answer("s/one", 1) == nil {
		t.Errorf("the answers are not found by their keys: %v", x)
	}
	if strings.Contains(file, "s3cret-pass") || strings.Contains(file, "abc") {
		t.Errorf("the file holds a secret:\n%s", file)
	}
	if lines := strings.Count(file, "\n"); lines != 5 {
		t.Errorf("3 exchanges make %d lines, and should make 5", lines)
	}
}

// TestTheAnswersOfAnEarlierVersionAreFound reads a record of before a space in a query was written as %20, and before what
// was wrong with an answer was kept as data.
func TestTheAnswersOfAnEarlierVersionAreFound(t *testing.T) {
	record := evidence.NewRecord(redact.New())
	record.Add(evidence.Exchange{Key: "GET libdrives/?name=A+B&limit=0", Round: 1, Request: evidence.Request{Method: "GET"}, Failure: evidence.ClosedUnanswered})
	record.Add(evidence.Exchange{Key: "GET a", Round: 1, Request: evidence.Request{Method: "GET"}, Failure: "the gzip body can't be unpacked beyond byte 7: it is not gzip"})
	read, err := evidence.ReadRecord(strings.NewReader(written(t, record)), &note{}, &note{})
	if err != nil {
		t.Fatalf("the record must be read: %v", err)
	}
	if x := read.Answer("GET libdrives/?name=A%20B&limit=0", 1); x == nil || !x.Closed() || read.Len() != 2 {
		t.Errorf("the answer to a query with + is not found by %%20, or not as a closed connection: %+v", x)
	}
	if x := read.Answer("GET a", 1); x == nil || !x.BadCoding || x.Broken {
		t.Errorf("a body that can't be unpacked is not known as such: %+v", x)
	}
}

func TestADamagedRecordIsRefused(t *testing.T) {
	whole := written(t, odd())
	lines := strings.SplitAfter(whole, "\n")
	for _, c := range []struct{ why, file, want string }{
		{"nothing", "", "it is empty"},
		{"another file", `{"format": 1}` + "\n", "it is not a record"},
		{"no JSON", "PK\x03\x04", "it is not a record"},
		{"a newer one", strings.Replace(whole, `"format":1`, `"format":2`, 1), "format 2, and this version reads up to format 1"},
		{"cut off between lines", strings.Join(lines[:3], ""), "ends after line 3 without its last line"},
		{"cut off in a line", whole[:len(lines[0])+len(lines[1])/2], "line 2: "},
		{"a line is lost", lines[0] + lines[2] + lines[3] + lines[4], "line 2: exchange 2 stands where 1 should be"},
		{"the last exchange is lost", lines[0] + lines[1] + lines[2] + lines[4], "holds 2 exchanges, and its last line says 3"},
		{"something follows", whole + "{}\n", "something follows the last line"},
	} {
		_, err := evidence.ReadRecord(strings.NewReader(c.file), &note{}, &note{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error should say %q, and is: %v", c.why, c.want, err)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWritingToAFullDiskFails(t *testing.T) {
	if err := evidence.WriteRecord(fullDisk{}, note{}, odd().Shown().All(), note{}); err == nil {
		t.Error("a record that could not be written is taken for written")
	}
}

// BenchmarkRecordFile writes and reads a record of 200 lists of 1 MiB each.
func BenchmarkRecordFile(b *testing.B) {
	record := evidence.NewRecord(redact.New())
	body := []byte(`{"objects": [` + strings.Repeat(`{"name": "Debian \"12\" ü", "size": 1},`, 1<<20/40) + `{}]}`)
	for i := range 200 {
		record.Add(evidence.Exchange{Key: fmt.Sprint(i), Round: 1, Attempt: 1, Response: &evidence.Response{Status: 200, Body: evidence.BodyOf(body)}})
	}
	b.SetBytes(200 * int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var file bytes.Buffer
		if err := evidence.WriteRecord(&file, nil, record.All(), nil); err != nil {
			b.Fatalf("a record must be written to memory: %v", err)
		}
		if _, err := evidence.ReadRecord(&file, &struct{}{}, &struct{}{}); err != nil {
			b.Fatalf("a record that was written must be read: %v", err)
		}
	}
}

// TestALongBodyIsWrittenAsAShortOneIs writes bodies that are longer than what is written at once, with characters of every length
// at every place, and some that are no text.
func TestALongBodyIsWrittenAsAShortOneIs(t *testing.T) {
	for shift, text := range []string{"aé€😀\u2028<&>\"\\\n", "é€😀a", "€😀", "😀é", "\xff😀"} {
		body := strings.Repeat("x", shift) + strings.Repeat(text, 60_000)
		record := evidence.NewRecord(evidence.NewRedactor())
		record.Add(evidence.Exchange{Key: "GET long", Round: 1, Attempt: 1, Request: evidence.Request{Method: "GET"}, Response: &evidence.Response{Status: 200, Body: record.Kept([]byte(body))}})
		var file bytes.Buffer
		if err := evidence.WriteRecord(&file, "head", record.Shown().All(), "tail"); err != nil {
			t.Fatal(err)
		}
		var line struct {
			Response struct {
				Body   string `json:"body"`
				Base64 []byte `json:"body_base64"`
			} `json:"response"`
		}
		lines := bytes.Split(file.Bytes(), []byte("\n"))
		if err := json.Unmarshal(lines[1], &line); err != nil || line.Response.Body+string(line.Response.Base64) != body {
			t.Errorf("a body of %q is not written as it is: %v", text, err)
		}
		var head, tail string
		again, err := evidence.ReadRecord(&file, &head, &tail)
		if err != nil || string(again.All()[0].Response.Body.Bytes()) != body {
			t.Errorf("a body of %q is not read as it was: %v", text, err)
		}
	}
}
