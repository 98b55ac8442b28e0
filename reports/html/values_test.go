package html

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports/internal/show"
)

// told writes a value with what differs in brackets.
func marked(text string, marks []span) string {
	var b strings.Builder
	for _, piece := range htmlPieces(text, marks, show.MostValue) {
		if piece.Mark {
			b.WriteString("[" + piece.Text + "]")
		} else {
			b.WriteString(piece.Text)
		}
	}
	return b.String()
}

func TestTheDifferingPartOfAValueIsMarked(t *testing.T) {
	for _, c := range []struct{ expected, found, inExpected, inFound string }{
		{"owner: null", "owner: missing", "owner: [null]", "owner: [missing]"},
		{"owner: null", `owner: {"uuid": "5b4a"}`, "owner: [null]", `owner: [{"uuid": "5b4a"}]`},
		{"meta.total_count: 44", "meta.total_count: 45", "meta.total_count: [44]", "meta.total_count: [45]"},
		{`default_format: "application/json"`, `default_format: "application/xml"`, `default_format: "application/[json]"`, `default_format: "application/[xml]"`},
		{"status 200", `status 203: {"meta": {}}`, "status [200]", `status [203]: {"meta": {}}`},
		{"status 200 or 400", "status 500: …", "status [200 or 400]", "status [500]: …"},
		{"a 4xx", "status 500: [{}]", "a [4xx]", "status [500]: [{}]"},
		{"200 with JSON", "status 200 with XML", "200 with [JSON]", "status 200 with [XML]"},
		{"valid", "GET /x/ answers 401, not 200", "valid", "GET /x/ answers [401], not 200"},
		{"exactly uuid, name", "name, os, uuid", "exactly uuid, name", "name, [os], uuid"},
		{"methods: exactly get", `methods: ["get", "put"]`, "methods: exactly get", `methods: ["get", "[put]"]`},
		{"the drives of arch \"64\" (40 drives)", "39 drives\nmissing: drive b6df \"Zabbix\"", "the drives of arch \"64\" ([40] drives)", "[39] drives\nmissing: [drive b6df \"Zabbix\"]"},
		{"the same as in the list", "favourite: true in the list, false in the single definition", "the same as in the list", "favourite: [true] in the list, [false] in the single definition"},
		{"licenses.1.license: the same as in GET /licenses/", `licenses.1.license: name: missing in GET /licenses/, "a" in the drive's licenses[1]`,
			"licenses.1.license: the same as in GET /licenses/", `licenses.1.license: name: [missing] in GET /licenses/, ["a"] in the drive's licenses[1]`},
		{"Content-Type application/xml", "Content-Type application/json; charset=utf-8", "Content-Type application/[xml]", "Content-Type application/[json; charset=utf-8]"},
		{"all of arch, name, os", "missing: os", "all of arch, name, os", "missing: os"},
		{"valid against the schema", "description is an integer", "valid against the schema", "description is an integer"},
		{"", "something", "", "something"},
	} {
		inExpected, inFound := differingParts(c.expected, c.found)
		if got := marked(c.expected, inExpected); got != c.inExpected {
			t.Errorf("expected %q, found %q: in what was expected the marks should be %q, and are %q", c.expected, c.found, c.inExpected, got)
		}
		if got := marked(c.found, inFound); got != c.inFound {
			t.Errorf("expected %q, found %q: in what was found the marks should be %q, and are %q", c.expected, c.found, c.inFound, got)
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
