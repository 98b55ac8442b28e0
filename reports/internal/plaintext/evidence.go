package plaintext

import (
	"fmt"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// telling are the headers that help to understand an answer or to find it in the endpoint's logs.
var telling = []string{
	"Accept", "Accept-Encoding", "Allow", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Date",
	"Location", "Retry-After", "Server", "Set-Cookie", "Vary", "Via", "Www-Authenticate", "X-Request-Id",
}

// Evidence is everything that a result rests on, in plain text: every finding with its request, and the answers with
// status, telling headers and the beginning of the body.
func Evidence(f reports.Result) string {
	p := &Printer{Whole: true}
	p.Heading(f, f.Requirement.Source)
	switch f.Verdict {
	case reports.Fail:
		p.Findings(f)
	case reports.Pass:
		p.field("passed", f.LookedAt())
	default:
		p.field(string(f.Verdict), f.Because())
		if f.Stack != "" {
			p.field("stack", f.Stack)
		}
	}
	for i, line := range f.Unstable {
		if i == show.MostFindings {
			p.field("unstable", show.Plural(len(f.Unstable)-i, "more difference"))
			break
		}
		p.field("unstable", line)
	}
	shown := f.Shown()
	for i, x := range shown {
		if i == show.MostExchanges {
			p.Line("")
			p.Line("  " + show.Plural(len(shown)-i, "more exchange") + " not shown here")
			break
		}
		p.exchange(x)
	}
	return p.String()
}

// exchange writes one exchange: the request behind ">", the answer behind "<", then the body.
func (p *Printer) exchange(x *evidence.Exchange) {
	p.Line("")
	p.Line(fmt.Sprintf("  exchange %d, %s", x.Number, show.Visible(x.Outcome())))
	p.Line("  > " + show.Visible(x.Request.Method+" "+x.Request.URL) + Credentials(x.Request))
	p.headers("  > ", x.Request.Header)
	p.body("  > ", evidence.BodyOf(x.Request.Body), false)
	if x.Response == nil {
		return
	}
	p.Line("  < " + show.Visible(x.Response.Proto) + fmt.Sprintf(" %d", x.Response.Status))
	p.headers("  < ", x.Response.Header)
	p.body("  < ", x.Response.Body, x.Response.Truncated)
}

func (p *Printer) headers(margin string, header map[string][]string) {
	for _, name := range telling {
		for _, value := range header[name] {
			p.Line(margin + name + ": " + show.Beginning(value, show.MostBody))
		}
	}
}

func (p *Printer) body(margin string, body evidence.Body, truncated bool) {
	if body.Len() == 0 {
		return
	}
	beginning, left := show.Head(string(body.Beginning(show.MostBody+1)), show.MostBody)
	if left > 0 {
		left = body.Len() - len(beginning)
	}
	p.Line(strings.TrimRight(margin, " "))
	for _, line := range show.VisibleLines(beginning) {
		p.Line(margin + line)
	}
	switch {
	case truncated:
		p.Line(margin + fmt.Sprintf("… the body is longer than the %d bytes that the run reads of one", body.Len()))
	case left > 0:
		p.Line(margin + strings.TrimSpace(show.Remainder(left)))
	}
}

// Credentials says whose they are, where a request was not sent as the account of the run.
func Credentials(r evidence.Request) string {
	switch r.As {
	case evidence.Account:
		return ""
	case evidence.Nobody:
		return " (no credentials)"
	}
	return " (credentials: " + string(r.As) + ")"
}
