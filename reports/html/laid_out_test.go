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
	x := &evidence.Exchange{Response: &evidence.Response{Status: 200, Body: evidence.BodyOf([]byte(listed)), Header: map[string][]string{"Content-Type": {"text/html"}, "X-Debug-Login": {"[redacted]"}}}}
	lines := lay(x.Response.Body.Bytes())
	drive, list := reports.Subject{Kind: "drive", UUID: "11111111-0a36-4f0b-8b5e-6d8f0d0f2b11", Name: "a"}, reports.InWords("the list")
	about := func(s reports.Subject, d ...reports.Difference) reports.Finding {
		return reports.Finding{Subject: s, Differences: d}
	}
	at := func(path string) reports.Difference { return reports.Difference{In: reports.InBody, Path: path} }
	for _, c := range []struct {
		f       reports.Finding
		marked  []string
		about   int
		status  bool
		headers []string
	}{
		{f: about(drive, at("owner")), about: 1},
		{f: about(drive, at("name")), marked: []string{`"name": "a\", {"`}, about: 1},
		{f: about(drive, at("licenses[1].amount")), marked: []string{`"amount": 2`}, about: 1},
		{f: about(drive, at("licenses"), at("tags")), marked: []string{`"licenses": [`, "{", `"amount": 1`, "}", "{", `"amount": 2`, "}", "]", `"tags": []`}, about: 1},
		{f: about(list, at("meta.total_count")), marked: []string{`"total_count": 2`}},
		{f: about(list, reports.Difference{In: reports.InList, Path: "too many", Drive: reports.Subject{Kind: "drive", UUID: "22222222-0a36-4f0b-8b5e-6d8f0d0f2b11"}}), about: 1},
		{f: about(reports.Subject{Kind: "field", Words: "size"}, at("size")), marked: []string{`"size": 1.50`}},
		{f: about(list, reports.Difference{In: reports.InStatus, Expected: "401", Found: "200"}), status: true},
		{f: about(list, reports.Difference{In: reports.InHeader, Path: "Content-Type"}), headers: []string{"Content-Type"}},
		{f: about(list, reports.Difference{In: reports.InAnswer, Expected: "something", Found: "size: at all"})},
		{f: reports.Finding{Subject: list, Under: "meta", Differences: []reports.Difference{at("total_count")}}, marked: []string{`"total_count": 2`}},
	} {
		c.f.Exchange = x
		m := mark([]reports.Finding{c.f}, x, lines)
		if got := markedLines(lines, m); !slices.Equal(got, c.marked) || len(m.about) != c.about || m.status != c.status {
			t.Errorf("%+v: %q, %d objects and the status %t should be marked; they are %q, %d and %t", c.f.Differences, c.marked, c.about, c.status, got, len(m.about), m.status)
		}
		if got := len(m.headers); got != len(c.headers) || got > 0 && !m.headers[c.headers[0]] {
			t.Errorf("%+v: the headers %q should be marked, and those of %v are", c.f.Differences, c.headers, m.headers)
		}
	}
}

func TestLinesThatDifferAreMarkedInBoth(t *testing.T) {
	other := strings.Replace(strings.Replace(listed, `"b"`, `"c"`, 1), `"amount": 2`, `"amount": 3`, 1)
	a, b := lay([]byte(listed)), lay([]byte(other))
	for _, c := range []struct {
		subject     reports.Subject
		inA, inB    []string
		lines, from []layLine
	}{
		{reports.InWords("the list"), []string{`"amount": 2`, `"name": "b"`}, []string{`"amount": 3`, `"name": "c"`}, a, b},
		{reports.Subject{Kind: "drive", UUID: "22222222-0a36-4f0b-8b5e-6d8f0d0f2b11"}, []string{`"name": "b"`}, []string{`"name": "c"`}, a, b},
		{reports.InWords("the list"), nil, nil, a, nil},
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
