package reports

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/evidence"
)

// printer lays out findings, in the same way for a terminal and for plain files.
type printer struct {
	strings.Builder
	paint
	base  string // the API base, left out of request paths
	width int    // of a row
	whole bool   // nothing is shortened that need not be
}

// paint colours text, or not.
type paint struct{ color bool }

// The colours, from the sixteen that every terminal has.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p paint) in(code, text string) string {
	if !p.color || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p *printer) line(text string) {
	p.WriteString(text)
	p.WriteByte('\n')
}

// The layout of a finding: labels are indented by two, and what they say begins in the same column.
const (
	labelWidth = 10
	noteColumn = 42  // what follows a subject or a request is aligned here
	mostRows   = 6   // of a value, where values are shortened
	mostWidth  = 120 // of remarks that stand beside a text, and of lines of progress
)

// field writes a label and a value of one or more lines below each other.
func (p *printer) field(label, value string) {
	for i, row := range p.rows(value) {
		if i > 0 {
			label = ""
		}
		p.labelled(label, row)
	}
}

func (p *printer) labelled(label, row string) {
	p.line(strings.TrimRight(fmt.Sprintf("  %-*s%s", labelWidth, label, row), " "))
}

// rows are the safe lines of a value, cut to what is shown of it.
func (p *printer) rows(value string) []string {
	if p.whole {
		value, left := head(value, mostValue)
		lines := visibleLines(value)
		lines[len(lines)-1] += remainder(left)
		return lines
	}
	beginning, left := head(value, mostBody)
	var rows []string
	for _, line := range visibleLines(beginning) {
		rows = append(rows, wrap(line, p.width-labelWidth-2)...)
	}
	if len(rows) > mostRows || left > 0 {
		rows = append(rows[:min(len(rows), mostRows)], fmt.Sprintf("… (%d bytes in all)", len(value)))
	}
	return rows
}

// noted writes a label and a short text with a remark in a column of its own.
func (p *printer) noted(label, text, note string) {
	if note != "" {
		text += strings.Repeat(" ", max(2, noteColumn-utf8.RuneCountInString(text))) + note
	}
	p.labelled(label, text)
}

// heading names a requirement and says what it states.
func (p *printer) heading(r Result, title string) {
	color := red
	if r.Verdict == Fail && !r.failsTheRun() || r.Verdict == Skip || r.Verdict == Blocked {
		color = yellow
	} else if r.Verdict == Pass {
		color = green
	}
	level := fmt.Sprintf("%-6s", r.Requirement.Level)
	p.line(p.in(bold, r.Requirement.ID) + "  " + p.in(color, level) + " " + title)
	statement := []string{oneLine(r.Requirement.States)}
	if p.width > 0 {
		statement = wrap(statement[0], p.width-2)
	}
	for _, row := range statement {
		p.line("  " + row)
	}
	if r.Waived != nil {
		p.field("waived", r.waived())
	}
}

// findings writes those of a failed requirement: the first in full and how many there are like it, or all of them.
func (p *printer) findings(r Result) {
	if len(r.Findings) == 0 {
		p.field("found", "it does not hold, but the run kept no finding")
		return
	}
	if !p.whole {
		p.finding(r.Findings[0], tally(r), true)
		p.others(r)
		return
	}
	for i, f := range r.Findings {
		if i == mostFindings {
			p.line("")
			p.line("  " + plural(len(r.Findings)-i, "more finding") + " not told one by one")
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
			p.line("")
		}
		p.finding(f, note, i == 0 || f.Exchange != r.Findings[i-1].Exchange || f.Against != r.Findings[i-1].Against)
	}
}

// tally says how many were looked at and how many more are wrong in the same way as the first.
func tally(r Result) string {
	var parts []string
	if noun, _ := label(r.Findings[0].Subject); r.Subjects > 1 && noun != "" {
		parts = append(parts, "1 of "+plural(r.Subjects, noun))
	} else if r.Subjects > 1 {
		parts = append(parts, fmt.Sprintf("1 of %d looked at", r.Subjects))
	}
	alike := 0
	for _, f := range r.Findings[1:] {
		if f.Rule == r.Findings[0].Rule {
			alike++
		}
	}
	if alike > 0 {
		parts = append(parts, fmt.Sprintf("%d more like it", alike))
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, "; ") + ")"
}

// others names the rules, beside that of the first finding, that do not hold either.
func (p *printer) others(r Result) {
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
		p.field("also", fmt.Sprintf("%s (%s)", oneLine(rule), plural(count[rule], "finding")))
	}
}

// nouns are the words that begin a subject and can stand as its label.
var nouns = regexp.MustCompile(`(?s)^(drive|clone|page|list|job|server|licence|answer|request|field)\s+(.+)$`)

// label takes the noun off a subject: "drive c710… "Debian"" is labelled drive.
func label(subject string) (noun, rest string) {
	if match := nouns.FindStringSubmatch(subject); match != nil {
		return match[1], match[2]
	}
	return "", subject
}

// uuid is shortened to its first group, by which a reader recognizes it; the curl line keeps it whole.
var uuid = regexp.MustCompile(`\b([0-9a-fA-F]{8})-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`)

func (p *printer) short(text string, most int) string {
	if p.whole {
		text, left := head(text, mostValue)
		return visible(text) + remainder(left)
	}
	text, _ = head(text, mostValue)
	return clip(visible(uuid.ReplaceAllString(text, "$1-…")), most)
}

// finding writes one. The curl lines are left out where the finding before has the same.
func (p *printer) finding(f Finding, note string, repeat bool) {
	if noun, subject := label(f.Subject); noun != "" {
		p.noted(noun, p.short(subject, p.width-labelWidth-2), note)
	} else if subject != "" {
		p.noted("subject", p.short(subject, p.width-labelWidth-2), note)
	} else if note != "" {
		p.labelled("", note)
	}
	if f.Exchange != nil {
		p.noted("request", p.request(f.Exchange), p.outcome(f.Exchange))
	}
	if f.Against != nil {
		p.noted("compared", "with "+p.request(f.Against), p.outcome(f.Against))
	}
	if f.Rule != "" {
		p.field("rule", f.Rule)
	}
	if f.Expected != "" {
		p.field("expected", f.Expected)
	}
	if f.Found != "" {
		p.field("found", f.Found)
	}
	for _, x := range []*evidence.Exchange{f.Exchange, f.Against} {
		if repeat && x != nil { // never wrapped or shortened: it is there to be pasted into a shell
			p.labelled("repeat", visible(x.Request.Curl()))
		}
	}
}

func (p *printer) outcome(x *evidence.Exchange) string {
	return clip("→ "+oneLine(x.Outcome()), mostWidth)
}

// request is what was asked for, with the path below the API base.
func (p *printer) request(x *evidence.Exchange) string {
	path := x.Request.Path()
	if base := strings.TrimRight(p.base, "/"); base != "" {
		if rest, found := strings.CutPrefix(x.Request.URL, base); found && strings.HasPrefix(rest, "/") {
			path = rest
		}
	}
	return p.short(x.Request.Method+" "+path, p.width-labelWidth-2) + credentials(x.Request)
}
