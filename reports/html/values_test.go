package html

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
)

func TestTheDifferingPartOfAValueIsMarked(t *testing.T) {
	one := func(in reports.Location, path, expected, found string) reports.Finding {
		return reports.Finding{Differences: []reports.Difference{{In: in, Path: path, Expected: expected, Found: found}}}
	}
	counted := one(reports.InCount, "", "40 drives", "39 drives")
	counted.Expected = `the drives of arch "64"`
	counted.Differences = append(counted.Differences, reports.Difference{In: reports.InList, Path: "missing", Drive: reports.Subject{Kind: "drive", UUID: "b6df", Name: "Zabbix"}})
	compared := one(reports.InBody, "favourite", "true", "false")
	compared.Expected, compared.Compared = "the same as in the list", &reports.Sides{There: "the list", Here: "the single definition"}
	below := one(reports.InBody, "name", "missing", `"a"`)
	below.Under, below.Expected, below.Compared = "licenses.1.license", "the same as in GET /licenses/", &reports.Sides{There: "GET /licenses/", Here: "the drive's licenses[1]"}
	refused := one(reports.InStatus, "", "200", "203")
	refused.Differences[0].Note = `{"meta": {}}`
	violated := one(reports.InBody, "description", "", "is an integer")
	violated.Expected = "valid against the schema"
	for name, c := range map[string]struct {
		f               reports.Finding
		expected, found string
	}{
		"a value":                     {one(reports.InBody, "owner", "null", "missing"), "owner: [null]", "owner: [missing]"},
		"an object":                   {one(reports.InBody, "owner", "null", `{"uuid": "5b4a"}`), "owner: [null]", `owner: [{"uuid": "5b4a"}]`},
		"a part of a value":           {one(reports.InBody, "default_format", `"application/json"`, `"application/xml"`), `default_format: "application/[json]"`, `default_format: "application/[xml]"`},
		"an entry":                    {one(reports.InBody, "methods", `["get"]`, `["get", "put"]`), `methods: ["get"]`, `methods: ["get"[, "put"]]`},
		"a status":                    {refused, "status [200]", `status [203]: {"meta": {}}`},
		"a header":                    {one(reports.InHeader, "Content-Type", "Content-Type application/xml", "Content-Type application/json; charset=utf-8"), "Content-Type application/[xml]", "Content-Type application/[json; charset=utf-8]"},
		"a count and a drive":         {counted, `the drives of arch "64" ([40] drives)`, "[39] drives\nmissing: [drive b6df  \"Zabbix\"]"},
		"two answers":                 {compared, "the same as in the list", "favourite: [true] in the list, [false] in the single definition"},
		"two answers, below a place":  {below, "licenses.1.license: the same as in GET /licenses/", `licenses.1.license: name: [missing] in GET /licenses/, ["a"] in the drive's licenses[1]`},
		"a violation":                 {violated, "valid against the schema", "description [is an integer]"},
		"texts alike":                 {one(reports.InAnswer, "", "200 with JSON", "200 with XML"), "200 with [JSON]", "200 with [XML]"},
		"texts with little in common": {one(reports.InAnswer, "", "one JSON value", "a body that is cut off"), "one JSON value", "a body that is cut off"},
		"words alone":                 {reports.Finding{Found: "something"}, "", "something"},
	} {
		expected, found := c.f.Words()
		for side, of := range map[string]struct {
			parts []reports.Part
			want  string
		}{"expected": {expected, c.expected}, "found": {found, c.found}} {
			var b strings.Builder
			for _, piece := range said(of.parts, 1<<10) {
				if piece.Mark {
					piece.Text = "[" + piece.Text + "]"
				}
				b.WriteString(piece.Text)
			}
			if b.String() != of.want {
				t.Errorf("%s: what was %s should be shown as %q, and is %q", name, side, of.want, b.String())
			}
		}
	}
}

func TestPiecesAreSafeAndCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		marks []span
		most  int
		want  string
	}{
		{"a\r\nb\tc\x1b\u202e\n\n", nil, 100, "a\nb    c\\x1b\\u202e"},
		{"abcdef", []span{{1, 3}, {2, 4}, {4, 5}}, 100, "a[bcde]f"},
		{"abcdef", []span{{2, 6}}, 4, "ab[cd] … 2 more bytes"},
		{"üü", []span{{0, 4}}, 3, "[ü] … 2 more bytes"},
	} {
		var b strings.Builder
		for _, piece := range htmlPieces(c.text, c.marks, c.most) {
			if piece.Mark {
				b.WriteString("[" + piece.Text + "]")
			} else {
				b.WriteString(piece.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("the pieces of %q with marks %v, cut to %d bytes, are %q and should be %q", c.text, c.marks, c.most, b.String(), c.want)
		}
	}
}
