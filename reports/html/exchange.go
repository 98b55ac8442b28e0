package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// htmlEvidence is what the page shows side by side: a request and its response, or two exchanges that were compared.
type htmlEvidence struct {
	Pair      bool
	Exchanges []htmlExchange
}

// htmlExchange is an exchange as the page shows it.
type htmlExchange struct {
	Anchor   string // its place on the page; empty where that is taken
	Number   int
	Role     string // what it is in a comparison
	Outcome  string
	Long     bool // its response fills its frame
	Remarks  []string
	Request  htmlMessage
	Response *htmlMessage
	Leaks    string // where a secret of the run stood in the response
	Legend   string // what its marks mean
	Curl     htmlCurl
}

// longBody is from how many bytes on a body is taken for one that fills its frame: what is not drawn yet should be
// about as high as it will be, so that nothing moves under the reader.
const longBody = 800

// htmlMessage is a request or a response.
type htmlMessage struct {
	Line    []htmlPiece
	Headers []htmlPiece
	Body    htmlBody
}

// htmlCurl is a curl line, and what it is of, for whoever hears the button's name only.
type htmlCurl struct{ Line, Of, Instead string }

// mostHTMLCurl is the longest curl line that is shown: no shell takes one that is much longer.
const mostHTMLCurl = 64 << 10

func newHTMLCurl(x *evidence.Exchange, findings ...reports.Finding) htmlCurl {
	c := htmlCurl{Line: show.Visible(reports.Repeat(x, findings...)), Of: fmt.Sprintf("exchange %d", x.Number)}
	if len(c.Line) > mostHTMLCurl {
		c.Instead = fmt.Sprintf("The curl line has %d bytes and is not shown here.", len(c.Line))
		c.Line = ""
	}
	return c
}

// proof is what shows some findings, before it is made ready for the page.
type proof struct {
	findings []reports.Finding
	x        *evidence.Exchange
	against  *evidence.Exchange
}

func (e proof) exchanges() int {
	if e.against != nil {
		return 2
	}
	return 1
}

// proofsOf are those of a failed result that the page shows, at most so many exchanges, and how many exchanges are
// not among them.
func proofsOf(r reports.Result) (shown []proof, left int) {
	if r.Verdict != reports.Fail {
		return nil, 0
	}
	count, in := 0, map[*evidence.Exchange]bool{}
	add := func(e proof) {
		if count+e.exchanges() > show.MostExchanges {
			return
		}
		count += e.exchanges()
		in[e.x], in[e.against] = true, true
		shown = append(shown, e)
	}
	for _, f := range r.Findings[:min(len(r.Findings), show.MostFindings)] {
		if f.Exchange == nil {
			continue
		}
		against := f.Against
		if against == f.Exchange {
			against = nil
		}
		i := slices.IndexFunc(shown, func(e proof) bool { return e.x == f.Exchange && e.against == against })
		if i >= 0 {
			shown[i].findings = append(shown[i].findings, f)
		} else {
			add(proof{[]reports.Finding{f}, f.Exchange, against})
		}
	}
	all := r.Shown()
	if len(r.Findings) == 0 {
		for _, x := range all {
			add(proof{nil, x, nil})
		}
	}
	for _, x := range all {
		if !in[x] {
			left++
		}
	}
	return shown, left
}

// proof makes one ready. most says how much of a body is shown.
func (v *htmlView) proof(id string, e proof, most int) htmlEvidence {
	lines := v.layouts.lines(e.x)
	marks := mark(e.findings, e.x, lines)
	if e.against == nil {
		return htmlEvidence{Exchanges: []htmlExchange{v.exchange(id, e.x, e.findings, lines, marks, most)}}
	}
	others := v.layouts.lines(e.against)
	otherMarks := mark(e.findings, e.against, others)
	marks.compare(&otherMarks, e.findings[0], lines, others)
	left, right := v.exchange(id, e.against, e.findings, others, otherMarks, most), v.exchange(id, e.x, e.findings, lines, marks, most)
	left.Role, right.Role = "Compared with", "Found in"
	return htmlEvidence{Pair: true, Exchanges: []htmlExchange{left, right}}
}

func (e htmlEvidence) withoutCurl() {
	for i := range e.Exchanges {
		e.Exchanges[i].Curl = htmlCurl{}
	}
}

func (v *htmlView) exchange(id string, x *evidence.Exchange, findings []reports.Finding, lines []layLine, m htmlMarks, most int) htmlExchange {
	shown := htmlExchange{
		Number: x.Number, Outcome: show.Brief(x.Outcome(), show.MostWidth), Remarks: remarksOn(x), Legend: m.legend(), Curl: newHTMLCurl(x, findings...),
		Request: htmlMessage{
			Line:    []htmlPiece{{Text: show.Beginning(x.Request.Method+" "+x.Request.URL, mostLine)}},
			Headers: headerLines(x.Request.Header, nil),
			Body:    showBody(evidence.BodyOf(x.Request.Body), false, lay(x.Request.Body), htmlMarks{}, most),
		},
	}
	if anchor := exchangeAnchor(id, x); !v.anchors[anchor] {
		v.anchors[anchor], shown.Anchor = true, anchor
	}
	if r := x.Response; r != nil {
		shown.Response = &htmlMessage{
			Line:    []htmlPiece{{Text: show.Visible(r.Proto) + " "}, {Text: fmt.Sprint(r.Status), Mark: m.status}},
			Headers: headerLines(r.Header, m.headers),
			Body:    showBody(r.Body, r.Truncated, lines, m, most),
		}
		shown.Long = r.Body.Len() > longBody
		shown.Leaks = show.Brief(strings.Join(r.Leaks, ", "), 3*show.MostWidth)
	}
	return shown
}

// exchangeAnchor is the place of an exchange among the evidence of a requirement.
func exchangeAnchor(id string, x *evidence.Exchange) string {
	return fmt.Sprintf("%s-exchange-%d", id, x.Number)
}

// remarksOn says what else there is to know of an exchange.
func remarksOn(x *evidence.Exchange) []string {
	var remarks []string
	if whose := strings.Trim(plaintext.Credentials(x.Request), " ()"); whose != "" {
		remarks = append(remarks, whose)
	}
	if x.Round > 1 {
		remarks = append(remarks, fmt.Sprintf("take %d of this read", x.Round))
	}
	if x.Attempt > 1 {
		remarks = append(remarks, fmt.Sprintf("attempt %d", x.Attempt))
	}
	if r := x.Response; r != nil && r.WireSize != r.Body.Len() && r.Body.Len() > 0 {
		remarks = append(remarks, show.Plural(r.WireSize, "byte")+" on the wire")
	}
	return remarks
}
