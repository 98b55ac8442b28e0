package html

import (
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

const listed = `{"meta": {"total_count": 2}, "objects": [
	{"uuid": "11111111-0a36-4f0b-8b5e-6d8f0d0f2b11", "name": "a\", {", "licenses": [{"amount": 1}, {"amount": 2}], "tags": []},
	{"uuid": "22222222-0a36-4f0b-8b5e-6d8f0d0f2b11", "name": "b", "licenses": [], "size": 1.50}]}`

func TestJSONIsLaidOutAndFoundIn(t *testing.T) {
	lines := lay([]byte(listed))
	at := func(line int) string {
		if line < 0 {
			return ""
		}
		return strings.TrimSpace(lines[line].text)
	}
	first, second := object(lines, "11111111-0a36-4f0b-8b5e-6d8f0d0f2b11"), object(lines, "22222222-0a36-4f0b-8b5e-6d8f0d0f2b11")
	for _, c := range []struct {
		from       int
		path, want string
	}{
		{0, "meta.total_count", `"total_count": 2`}, {0, "objects[1].name", `"name": "b",`}, {first, "name", `"name": "a\", {",`},
		{first, "licenses[1].amount", `"amount": 2`}, {first, "licenses.0.amount", `"amount": 1`}, {first, "tags", `"tags": []`},
		{first, "size", ""}, {second, "size", `"size": 1.50`}, {second, "licenses[0]", ""}, {first, "licenses.amount", ""}, {0, "objects[7]", ""},
	} {
		if got := at(resolve(lines, c.from, c.path)); got != c.want {
			t.Errorf("from line %d the path %s should lead to %q, and leads to %q", c.from, c.path, c.want, got)
		}
	}
	if got := at(lines[first].end); got != "}," {
		t.Errorf("the first object should end with }, and ends with %q", got)
	}
	if at(only(lines, "total_count")) == "" || at(only(lines, "uuid")) != "" || at(object(lines, "33333333-0a36-4f0b-8b5e-6d8f0d0f2b11")) != "" {
		t.Error("a key that is there once should be found, one that is there twice or a uuid that is not there should not")
	}
	for why, body := range map[string]string{
		"not JSON": "<html>", "cut off": listed[:40], "empty": "", "two values": "{} {}",
		"too deep": strings.Repeat("[", 65) + strings.Repeat("]", 65), "too long": `"` + strings.Repeat("x", mostLaidOut) + `"`,
	} {
		if lay([]byte(body)) != nil {
			t.Errorf("a body that is %s should not be laid out", why)
		}
	}
	if got := lay([]byte(` "text" `)); len(got) != 1 || got[0].text != `"text"` {
		t.Errorf("a single value should be laid out as a line; it is %v", got)
	}
}

// markedLines are the lines of a body that are marked, without their indentation.
func markedLines(lines []layLine, m htmlMarks) []string {
	var list []string
	for i, in := range covered(m.differ, len(lines)) {
		if in {
			list = append(list, lines[i].bare())
		}
	}
	return list
}

func TestWhatAFindingIsAboutIsMarked(t *testing.T) {
	x := &evidence.Exchange{Response: &evidence.Response{Status: 200, Body: []byte(listed), Header: map[string][]string{"Content-Type": {"text/html"}, "X-Debug-Login": {"[redacted]"}}}}
	lines := lay(x.Response.Body)
	drive := `drive 11111111-0a36-4f0b-8b5e-6d8f0d0f2b11  "a"`
	for _, c := range []struct {
		f       reports.Finding
		marked  []string
		about   int
		status  bool
		headers []string
	}{
		{f: reports.Finding{Subject: drive, Expected: "owner: null", Found: "owner: missing"}, about: 1},
		{f: reports.Finding{Subject: drive, Expected: "valid", Found: "name is a number, must be a string"}, marked: []string{`"name": "a\", {"`}, about: 1},
		{f: reports.Finding{Subject: drive, Expected: "the same as in the list", Found: "licenses[1].amount: 2 in the list, 1 in it"}, marked: []string{`"amount": 2`}, about: 1},
		{f: reports.Finding{Subject: drive, Expected: "exactly uuid, name", Found: "licenses, name, tags, uuid"}, marked: []string{`"licenses": [`, "{", `"amount": 1`, "}", "{", `"amount": 2`, "}", "]", `"tags": []`}, about: 1},
		{f: reports.Finding{Subject: "the list", Expected: "meta.total_count: 3", Found: "meta.total_count: 2"}, marked: []string{`"total_count": 2`}},
		{f: reports.Finding{Subject: "the list", Expected: "the list (1 drive)", Found: "2 drives\ntoo many: drive 22222222-0a36-4f0b-8b5e-6d8f0d0f2b11"}, about: 1},
		{f: reports.Finding{Subject: "field size", Expected: "size: 2", Found: "size: 1.50"}, marked: []string{`"size": 1.50`}},
		{f: reports.Finding{Subject: "the list", Expected: "status 401", Found: "status 200"}, status: true},
		{f: reports.Finding{Subject: "the list", Expected: "status 401", Found: "status 204"}},
		{f: reports.Finding{Subject: "the list", Expected: "Content-Type application/json", Found: "Content-Type text/html"}, headers: []string{"Content-Type"}},
		{f: reports.Finding{Subject: "the list", Expected: "nothing of the credentials", Found: "the credentials in: header X-Debug-Login"}, headers: []string{"X-Debug-Login"}},
		{f: reports.Finding{Subject: "the list", Expected: "something", Found: "nothing: at all"}},
	} {
		c.f.Exchange = x
		m := mark([]reports.Finding{c.f}, x, lines)
		if got := markedLines(lines, m); !slices.Equal(got, c.marked) || len(m.about) != c.about || m.status != c.status {
			t.Errorf("found %q: %q, %d objects and the status %t should be marked; they are %q, %d and %t", c.f.Found, c.marked, c.about, c.status, got, len(m.about), m.status)
		}
		if got := len(m.headers); got != len(c.headers) || got > 0 && !m.headers[c.headers[0]] {
			t.Errorf("found %q: the headers %q should be marked, and those of %v are", c.f.Found, c.headers, m.headers)
		}
	}
}

func TestLinesThatDifferAreMarkedInBoth(t *testing.T) {
	other := strings.Replace(strings.Replace(listed, `"b"`, `"c"`, 1), `"amount": 2`, `"amount": 3`, 1)
	a, b := lay([]byte(listed)), lay([]byte(other))
	for _, c := range []struct {
		subject     string
		inA, inB    []string
		lines, from []layLine
	}{
		{"the list", []string{`"amount": 2`, `"name": "b"`}, []string{`"amount": 3`, `"name": "c"`}, a, b},
		{"drive 22222222-0a36-4f0b-8b5e-6d8f0d0f2b11", []string{`"name": "b"`}, []string{`"name": "c"`}, a, b},
		{"the list", nil, nil, a, nil},
	} {
		var m, n htmlMarks
		m.compare(&n, reports.Finding{Subject: c.subject}, c.lines, c.from)
		if got := markedLines(c.lines, m); !slices.Equal(got, c.inA) {
			t.Errorf("about %s, in the first answer %q should be marked, and %q is", c.subject, c.inA, got)
		}
		if got := markedLines(c.from, n); !slices.Equal(got, c.inB) {
			t.Errorf("about %s, in the second answer %q should be marked, and %q is", c.subject, c.inB, got)
		}
	}
}
