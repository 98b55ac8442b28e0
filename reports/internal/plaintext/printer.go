// Package plaintext lays out findings and their evidence as plain text. A terminal shows them so, JUnit holds them so, and
// Markdown has them so in its blocks of code.
//
// It must not know any of these formats.
package plaintext

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// Printer lays out findings, in the same way for a terminal and for plain files.
type Printer struct {
	strings.Builder
	Paint
	Base  string // the API base, left out of request paths
	Width int    // of a row
	Start string // the command that serves the endpoint once more, where it is gone; before each line that repeats a request
	Whole bool   // nothing is shortened that need not be
}

// Paint colours text, or not.
type Paint struct{ Color bool }

// The colours, from the sixteen that every terminal has.
const (
	Bold   = "1"
	Faint  = "2"
	Red    = "31"
	Green  = "32"
	Yellow = "33"
)

func (p Paint) In(code, text string) string {
	if !p.Color || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Wrapped writes running text in rows that are indented.
func (p *Printer) Wrapped(indent, text string) {
	for _, row := range show.Wrap(text, p.Width-len(indent)) {
		p.Line(indent + row)
	}
}

func (p *Printer) Line(text string) {
	p.WriteString(text)
	p.WriteByte('\n')
}

// The layout of a finding: labels are indented by two, and what they say begins in the same column.
const (
	labelWidth = 10
	noteColumn = 42 // what follows a subject or a request is aligned here
	mostRows   = 6  // of a value, where values are shortened
)

// field writes a label and a value of one or more lines below each other.
func (p *Printer) field(label, value string) {
	for i, row := range p.rows(value) {
		if i > 0 {
			label = ""
		}
		p.labelled(label, row)
	}
}

func (p *Printer) labelled(label, row string) {
	p.Line(strings.TrimRight(fmt.Sprintf("  %-*s%s", labelWidth, label, row), " "))
}

// rows are the safe lines of a value, cut to what is shown of it.
func (p *Printer) rows(value string) []string {
	if p.Whole {
		value, left := show.Head(value, show.MostValue)
		lines := show.VisibleLines(value)
		lines[len(lines)-1] += show.Remainder(left)
		return lines
	}
	beginning, left := show.Head(value, show.MostBody)
	var rows []string
	for _, line := range show.VisibleLines(beginning) {
		rows = append(rows, show.Wrap(line, p.Width-labelWidth-2)...)
	}
	if len(rows) > mostRows || left > 0 {
		rows = append(rows[:min(len(rows), mostRows)], fmt.Sprintf("… (%d bytes in all)", len(value)))
	}
	return rows
}

// noted writes a label and a short text with a remark in a column of its own.
func (p *Printer) noted(label, text, note string) {
	if note != "" {
		text += strings.Repeat(" ", max(2, noteColumn-utf8.RuneCountInString(text))) + note
	}
	p.labelled(label, text)
}

// Heading names a requirement and says what it states.
func (p *Printer) Heading(r reports.Result, title string) {
	color := Red
	if r.Verdict == reports.Fail && !r.FailsTheRun() || r.Verdict == reports.Skip || r.Verdict == reports.Blocked {
		color = Yellow
	} else if r.Verdict == reports.Pass {
		color = Green
	}
	level := fmt.Sprintf("%-6s", r.Requirement.Level)
	p.Line(p.In(Bold, r.Requirement.ID) + "  " + p.In(color, level) + " " + title)
	if statement := show.OneLine(r.Requirement.States); p.Width > 0 {
		p.Wrapped("  ", statement)
	} else {
		p.Line("  " + statement)
	}
	if r.Waived != nil {
		p.field("waived", r.WaivedUntil())
	}
}

// Findings writes those of a failed requirement: the first in full and how many there are like it, or all of them.
func (p *Printer) Findings(r reports.Result) {
	if len(r.Findings) == 0 {
		p.field("found", "it does not hold, but the run kept no finding")
		return
	}
	if !p.Whole {
		p.Finding(r.Findings[0], Tally(r), true)
		p.Others(r)
		return
	}
	for i, f := range r.Findings {
		if i == show.MostFindings {
			p.Line("")
			p.Line("  " + show.Plural(len(r.Findings)-i, "more finding") + " not listed one by one")
			return
		}
		note := ""
		if len(r.Findings) > 1 {
			note = fmt.Sprintf("(finding %d of %d", i+1, len(r.Findings))
			if r.Subjects > 0 {
				note += fmt.Sprintf("; %d looked at", r.Subjects)
			}
			note += ")"
		}
		if i > 0 {
			p.Line("")
		}
		p.Finding(f, note, i == 0 || f.Exchange != r.Findings[i-1].Exchange || f.Against != r.Findings[i-1].Against)
	}
}

// Tally says how many were looked at and how many more are wrong in the same way as the first. A drive that is wrong in several
// answers is one.
func Tally(r reports.Result) string {
	first := r.Findings[0]
	alike := map[string]bool{}
	for _, f := range r.Findings {
		if f.Rule == first.Rule && f.Subject.Kind == first.Subject.Kind {
			alike[f.Subject.Identity()] = true
		}
	}
	looked := r.Subjects
	if r.Looked != nil {
		looked = r.Looked[first.Subject.Kind]
	}
	var parts []string
	switch noun := first.Subject.Kind; {
	case looked < 2 || looked < len(alike): // there is none besides, or what is wrong was not counted
	case noun != "":
		parts = append(parts, "1 of "+show.Plural(looked, noun))
	default:
		parts = append(parts, fmt.Sprintf("1 of %d looked at", looked))
	}
	if more := len(alike) - 1; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more like it", more))
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, "; ") + ")"
}

// Others names the rules, beside that of the first finding, that do not hold either.
func (p *Printer) Others(r reports.Result) {
	count := map[string]int{}
	var rules []string
	for _, f := range r.Findings[1:] {
		if f.Rule == r.Findings[0].Rule {
			continue
		}
		if count[f.Rule]++; count[f.Rule] == 1 {
			rules = append(rules, f.Rule)
		}
	}
	for i, rule := range rules {
		if i == mostRows {
			p.field("also", fmt.Sprintf("%d more ways in which it does not hold", len(rules)-i))
			return
		}
		p.field("also", fmt.Sprintf("%s (%s)", show.OneLine(rule), show.Plural(count[rule], "finding")))
	}
}

// uuid is shortened to its first group, by which a reader recognizes it; the curl line keeps it whole.
var uuid = regexp.MustCompile(`\b([0-9a-fA-F]{8})-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`)

func (p *Printer) short(text string, most int) string {
	if p.Whole {
		return show.Beginning(text, show.MostValue)
	}
	text, _ = show.Head(text, show.MostValue)
	return show.Clip(show.Visible(uuid.ReplaceAllString(text, "$1-…")), most)
}

// Finding writes one. The curl lines are left out where the finding before has the same.
func (p *Printer) Finding(f reports.Finding, note string, repeat bool) {
	if subject := f.Subject.Bare(); subject != "" {
		p.noted(cmp.Or(f.Subject.Kind, "subject"), p.short(subject, p.Width-labelWidth-2), note)
	} else if note != "" {
		p.labelled("", note)
	}
	if f.Exchange != nil {
		p.noted("request", p.Request(f.Exchange), p.outcome(f.Exchange))
	}
	if f.Against != nil {
		p.noted("compared", "with "+p.Request(f.Against), p.outcome(f.Against))
	}
	if f.Rule != "" {
		p.field("rule", f.Rule)
	}
	if expected := f.ExpectedText(); expected != "" {
		p.field("expected", expected)
	}
	if found := f.FoundText(); found != "" {
		p.field("found", found)
	}
	if repeat && p.Start != "" && f.Exchange != nil {
		p.labelled("start", show.Visible(p.Start))
	}
	for _, x := range []*evidence.Exchange{f.Exchange, f.Against} {
		if repeat && x != nil { // never wrapped or shortened: it is there to be pasted into a shell
			p.labelled("repeat", show.Visible(f.Repeat(x)))
		}
	}
}

func (p *Printer) outcome(x *evidence.Exchange) string {
	return show.Clip("→ "+show.OneLine(x.Outcome()), show.MostWidth)
}

// Request is what was asked for, with the path below the API base.
func (p *Printer) Request(x *evidence.Exchange) string {
	path := x.Request.Path()
	if base := strings.TrimRight(p.Base, "/"); base != "" {
		if rest, found := strings.CutPrefix(x.Request.URL, base); found && strings.HasPrefix(rest, "/") {
			path = rest
		}
	}
	return p.short(x.Request.Method+" "+path, p.Width-labelWidth-2) + Credentials(x.Request)
}

// Once is a label in its first line and nothing in those below.
func Once(label string, i int) string {
	if i == 0 {
		return label
	}
	return ""
}

// Paragraph writes a label and running text, wrapped.
func (p *Printer) Paragraph(label, text string) {
	for i, row := range show.Wrap(show.OneLine(text), p.Width-labelWidth-2) {
		p.labelled(Once(label, i), row)
	}
}
