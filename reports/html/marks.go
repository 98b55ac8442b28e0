package html

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// htmlMarks say which lines of an answer findings are about. What can't be told for certain is not marked.
type htmlMarks struct {
	status  bool
	headers map[string]bool // by canonical name
	about   []span          // lines of the body, from and to included: the drives that are meant
	differ  []span          // likewise: the values that are meant
}

var (
	namedDrive = regexp.MustCompile(`\b(?:drive|clone|server|job) ([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\b`)
	leadingKey = regexp.MustCompile(`^([A-Za-z_][\w-]*(?:\.\w+|\[\d+\])*)(?:: | is )`)
	aHeader    = regexp.MustCompile(`\bheader ([A-Za-z][\w-]*)`)
	aName      = regexp.MustCompile(`^([A-Za-z][\w-]*)(?:: ?| |$)`)
	aStatus    = regexp.MustCompile(`^(?:status |.* answers )(\d{3})\b`)
)

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
		expected, _ := show.Head(f.Expected, show.MostValue)
		found, _ := show.Head(f.Found, show.MostValue)
		if status := aStatus.FindStringSubmatch(found); x == f.Exchange && status != nil && status[1] == strconv.Itoa(x.Response.Status) {
			m.status = true
		}
		for _, text := range []string{expected, found} {
			if name := aName.FindStringSubmatch(text); name != nil {
				m.header(x, name[1])
			}
			for _, name := range aHeader.FindAllStringSubmatch(text, show.MostFindings) {
				m.header(x, name[1])
			}
		}
		if len(lines) > 0 {
			m.body(f, expected, found, lines)
		}
	}
	return m
}

func (m *htmlMarks) header(x *evidence.Exchange, name string) {
	if name = http.CanonicalHeaderKey(name); len(x.Response.Header[name]) > 0 {
		m.headers[name] = true
	}
}

// body marks the drives that a finding names, and in that which it is about, or else in the whole, the value that its
// sentences begin with.
func (m *htmlMarks) body(f reports.Finding, expected, found string, lines []layLine) {
	subject, _ := show.Head(f.Subject, show.MostValue)
	start := 0
	if named := namedDrive.FindStringSubmatch(subject); named != nil {
		at := object(lines, named[1])
		if at > 0 {
			m.about = append(m.about, span{at, lines[at].end})
		}
		start = max(at, 0)
	}
	for _, named := range namedDrive.FindAllStringSubmatch(found, show.MostFindings) {
		if at := object(lines, named[1]); at > 0 {
			m.about = append(m.about, span{at, lines[at].end})
		}
	}
	for _, text := range []string{found, expected} {
		key := leadingKey.FindStringSubmatch(text)
		if key == nil {
			continue
		}
		at := resolve(lines, start, key[1])
		if at < 0 {
			at = only(lines, key[1])
		}
		if at > 0 {
			m.differ = append(m.differ, span{at, lines[at].end})
			return
		}
	}
	_, extra := exactly(expected, found)
	for _, word := range extra {
		if at := child(lines, start, found[word.from:word.to]); at > 0 {
			m.differ = append(m.differ, span{at, lines[at].end})
		}
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
	if named := namedDrive.FindStringSubmatch(show.Brief(f.Subject, show.MostWidth)); named != nil {
		inThis, inThat := object(lines, named[1]), object(others, named[1])
		if inThis >= 0 && inThat >= 0 {
			a, b = span{inThis, lines[inThis].end}, span{inThat, others[inThat].end}
		}
	}
	inA, inB, told := show.Differing(bares(lines, a), bares(others, b), mostLineDifferences)
	if told {
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
