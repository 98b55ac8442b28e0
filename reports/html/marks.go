package html

import (
	"net/http"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// htmlMarks say which lines of an answer findings are about. What can't be known for certain is not marked.
type htmlMarks struct {
	status  bool
	headers map[string]bool // by canonical name
	about   []span          // lines of the body, from and to included: the drives that are meant
	differ  []span          // likewise: the values that are meant
}

// mark finds what the findings are about in an answer, of which lines are the body laid out, if it is JSON.
func mark(findings []reports.Finding, x *evidence.Exchange, lines []layLine) htmlMarks {
	m := htmlMarks{headers: map[string]bool{}}
	if x.Response == nil {
		return m
	}
	for _, leak := range x.Response.Leaks {
		m.header(x, strings.TrimPrefix(leak, "header "))
	}
	for _, f := range findings {
		start := max(m.named(lines, f.Subject), 0)
		for _, d := range f.Differences[:min(len(f.Differences), show.MostFindings)] {
			switch d.In {
			case reports.InStatus:
				m.status = m.status || x == f.Exchange
			case reports.InHeader:
				m.header(x, d.Path)
			case reports.InList, reports.InOrder:
				m.named(lines, d.Drive)
			case reports.InBody:
				m.value(lines, start, strings.Trim(f.Under+"."+d.Path, "."))
			}
		}
	}
	return m
}

func (m *htmlMarks) header(x *evidence.Exchange, name string) {
	if name = http.CanonicalHeaderKey(name); len(x.Response.Header[name]) > 0 {
		m.headers[name] = true
	}
}

// named marks what a subject is in a body, by its uuid, and returns the line that it begins in, or -1.
func (m *htmlMarks) named(lines []layLine, s reports.Subject) int {
	at := object(lines, s.UUID)
	if at > 0 {
		m.about = append(m.about, span{at, lines[at].end})
	}
	return at
}

// value marks the value at a path of what begins in a line, or else the only one of the whole body that has the path's name.
// What is missing is shown by the innermost value of the path that is there.
func (m *htmlMarks) value(lines []layLine, start int, path string) {
	for len(lines) > 0 && path != "" {
		at := resolve(lines, start, path)
		if at < 0 {
			at = only(lines, path)
		}
		if at > 0 {
			m.differ = append(m.differ, span{at, lines[at].end})
			return
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// mostLineDifferences is in how many lines two answers may differ for these to be marked.
const mostLineDifferences = 300

// compare marks the lines in which two answers differ: of the drive that the finding names, where both have it, or else
// of the whole. Where a value is marked on either side that one is what is meant: others may change by themselves.
func (m *htmlMarks) compare(other *htmlMarks, f reports.Finding, lines, others []layLine) {
	if len(lines) == 0 || len(others) == 0 || len(m.differ)+len(other.differ) > 0 {
		return
	}
	a, b := span{0, len(lines) - 1}, span{0, len(others) - 1}
	if this, that := object(lines, f.Subject.UUID), object(others, f.Subject.UUID); this >= 0 && that >= 0 {
		a, b = span{this, lines[this].end}, span{that, others[that].end}
	}
	inA, inB, found := show.Differing(bares(lines, a), bares(others, b), mostLineDifferences)
	if found {
		m.differ = append(m.differ, runs(inA, a.from)...)
		other.differ = append(other.differ, runs(inB, b.from)...)
	}
}

func bares(lines []layLine, part span) []string {
	var list []string
	for _, line := range lines[part.from : part.to+1] {
		list = append(list, line.bare())
	}
	return list
}

// runs are the spans of what is true, by their first and last number.
func runs(which []bool, first int) []span {
	var list []span
	for i, is := range which {
		if !is {
			continue
		}
		if last := len(list) - 1; last >= 0 && list[last].to == first+i-1 {
			list[last].to++
		} else {
			list = append(list, span{first + i, first + i})
		}
	}
	return list
}

// legend says what the marks of an answer mean; empty where nothing is marked.
func (m *htmlMarks) legend() string {
	var parts []string
	if m.status || len(m.headers) > 0 || len(m.differ) > 0 {
		parts = append(parts, "what differs is marked")
	}
	if len(m.about) > 0 {
		parts = append(parts, "what is named has a bar beside it")
	}
	return strings.Join(parts, "; ")
}
