package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// The bounds of what is told of one result: an endpoint that is wrong in everything must not make files that no viewer
// opens.
const (
	mostFindings  = 50      // findings told one by one
	mostExchanges = 5       // answers shown with headers and body
	mostBody      = 4 << 10 // bytes of a shown body
	mostValue     = 8 << 10 // bytes of an expected or found value, where values are whole
)

// telling are the headers that help to understand an answer or to find it in the endpoint's logs.
var telling = []string{
	"Accept", "Accept-Encoding", "Allow", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Date",
	"Location", "Retry-After", "Server", "Set-Cookie", "Vary", "Via", "Www-Authenticate", "X-Request-Id",
}

// Evidence is everything that a result rests on, in plain text: every finding with its request, and the answers with
// status, telling headers and the beginning of the body.
func Evidence(f Result) string {
	p := &printer{whole: true}
	p.heading(f, f.Requirement.Source)
	switch f.Verdict {
	case Fail:
		p.findings(f)
	case Pass:
		p.field("passed", fmt.Sprintf("%d looked at", f.Subjects))
	default:
		p.field(string(f.Verdict), because(f))
	}
	for i, line := range f.Unstable {
		if i == mostFindings {
			p.field("unstable", plural(len(f.Unstable)-i, "more difference"))
			break
		}
		p.field("unstable", line)
	}
	shown := exhibits(f)
	for i, x := range shown {
		if i == mostExchanges {
			p.line("")
			p.line("  " + plural(len(shown)-i, "more exchange") + " not shown here")
			break
		}
		p.exchange(x)
	}
	return p.String()
}

// exhibits are the exchanges that show a result, each once: those of its findings, or else those it rests on.
func exhibits(f Result) []*evidence.Exchange {
	var shown []*evidence.Exchange
	add := func(x *evidence.Exchange) {
		if x != nil && !slices.Contains(shown, x) {
			shown = append(shown, x)
		}
	}
	for _, finding := range f.Findings[:min(len(f.Findings), mostFindings)] {
		add(finding.Exchange)
		add(finding.Against)
	}
	if len(f.Findings) == 0 {
		for _, x := range f.Exchanges {
			add(x)
		}
	}
	return shown
}

// exchange writes one exchange: the request behind ">", the answer behind "<", then the body.
func (p *printer) exchange(x *evidence.Exchange) {
	p.line("")
	p.line(fmt.Sprintf("  exchange %d, %s", x.Number, visible(x.Outcome())))
	p.line("  > " + visible(x.Request.Method+" "+x.Request.URL) + credentials(x.Request))
	p.headers("  > ", x.Request.Header)
	p.body("  > ", x.Request.Body, false)
	if x.Response == nil {
		return
	}
	p.line("  < " + visible(x.Response.Proto) + fmt.Sprintf(" %d", x.Response.Status))
	p.headers("  < ", x.Response.Header)
	p.body("  < ", x.Response.Body, x.Response.Truncated)
}

func (p *printer) headers(margin string, header map[string][]string) {
	for _, name := range telling {
		for _, value := range header[name] {
			value, left := head(value, mostBody)
			p.line(margin + name + ": " + visible(value) + remainder(left))
		}
	}
}

func (p *printer) body(margin string, body []byte, truncated bool) {
	if len(body) == 0 {
		return
	}
	beginning, left := head(string(body[:min(len(body), mostBody+1)]), mostBody)
	if left > 0 {
		left = len(body) - len(beginning)
	}
	p.line(strings.TrimRight(margin, " "))
	for _, line := range visibleLines(beginning) {
		p.line(margin + line)
	}
	switch {
	case truncated:
		p.line(margin + fmt.Sprintf("… the body is longer than the %d bytes that the run reads of one", len(body)))
	case left > 0:
		p.line(margin + strings.TrimSpace(remainder(left)))
	}
}

func remainder(left int) string {
	if left == 0 {
		return ""
	}
	return " … " + plural(left, "more byte")
}

// credentials says whose they are, where a request was not sent as the account of the run.
func credentials(r evidence.Request) string {
	switch r.As {
	case evidence.Account:
		return ""
	case evidence.Nobody:
		return " (no credentials)"
	}
	return " (credentials: " + string(r.As) + ")"
}

// because is why a requirement was not judged.
func because(r Result) string {
	reason := r.Reason
	if reason == "" {
		reason = "no reason was given"
	}
	if r.BlockedBy != "" && !strings.Contains(reason, r.BlockedBy) {
		reason += " (" + r.BlockedBy + " has to hold first)"
	}
	return reason
}

// summary is a finding in one line.
func (f Finding) summary() string { return strings.Join(f.parts(), "; ") }

// withoutSubject is the part of the line that does not change with what was looked at.
func (f Finding) withoutSubject() string {
	f.Subject = ""
	return f.summary()
}

func (f Finding) parts() []string {
	parts := []string{f.Subject, f.Rule}
	if f.Expected != "" {
		parts = append(parts, "expected "+brief(f.Expected, 160))
	}
	if f.Found != "" {
		parts = append(parts, "found "+brief(f.Found, 160))
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	for i, part := range parts {
		parts[i] = brief(part, 200)
	}
	return parts
}

// summary is why a requirement failed, in one line.
func (r Result) summary() string {
	if len(r.Findings) == 0 {
		return "does not hold: " + brief(r.Requirement.States, 200)
	}
	text := r.Findings[0].summary()
	if more := len(r.Findings) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}
