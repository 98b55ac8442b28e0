package markdown

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// mostOpen is how many failures of a kind are shown in full; more are folded, so that their statements can be seen at
// a glance.
const mostOpen = 3

// mostFirst is of how many failures the evidence is worth more than that other requirements are named.
const mostFirst = 10

// mostInALine is how many characters a failure in a line has for what it states, and for what was found: all of the
// catalogue has to fit.
const mostInALine = 140

// failures tells the failed requirements of one kind: each whole, or in a line, or not at all.
func (m *markdownReport) failures(title string, wanted func(reports.Result) bool, inALine, none shortening) {
	var failed []reports.Result
	shared := m.r.Shared()
	for _, r := range m.r.Results {
		if wanted(r) && shared[r.Requirement.ID].By == "" {
			failed = append(failed, r)
		}
	}
	if len(failed) == 0 {
		return
	}
	m.title(title, len(failed))
	for i, r := range failed {
		line := inALine
		if line.worth == worthEvidence && i < mostFirst {
			line.worth = worthFirstEvidence
		}
		line.text = item(fmt.Sprintf("**%s** (%s) %s %s", prose(r.Requirement.ID, show.MostName), prose(string(r.Requirement.Level), show.MostName),
			prose(r.Requirement.States, mostInALine), prose(r.Summary(), mostInALine)))
		m.add(m.failure(r, shared[r.Requirement.ID], len(failed) > mostOpen), line, none)
	}
}

// failure tells a failed requirement whole.
func (m *markdownReport) failure(r reports.Result, shared reports.Shared, folded bool) string {
	var b strings.Builder
	title := cmp.Or(m.r.AreaTitle(r.Requirement.Area), r.Requirement.Area)
	if folded {
		fmt.Fprintf(&b, "<details><summary><b>%s</b> (%s) %s</summary>\n\n", inHTML(r.Requirement.ID, show.MostName),
			inHTML(string(r.Requirement.Level), show.MostName), inHTML(r.Requirement.States, show.MostSentence))
	} else {
		fmt.Fprintf(&b, "**%s** (%s) %s\n\n", prose(r.Requirement.ID, show.MostName),
			prose(string(r.Requirement.Level), show.MostName), prose(r.Requirement.States, 2*show.MostSentence))
	}
	fmt.Fprintf(&b, "%s; in the documentation: %s\n\n", prose(title, show.MostName), documented(r.Requirement, func(name string) string { return prose(name, show.MostSentence) }))
	if r.Waived != nil {
		fmt.Fprintf(&b, "Waived until %s: %s\n\n", prose(r.Waived.Until, show.MostName), prose(r.Waived.Reason, show.MostSentence))
	}
	if len(r.Findings) == 0 {
		b.WriteString("It does not hold, but the run kept no finding.\n\n")
	} else {
		b.WriteString(fenced("text", m.finding(r)) + "\n")
		b.WriteString(m.starts() + repeats(r.Findings[0]))
	}
	for _, line := range shared.Lines() {
		fmt.Fprintf(&b, "And %s.\n\n", prose(line, 4*show.MostSentence))
	}
	if folded {
		b.WriteString("</details>\n\n") // without a blank line, what follows would be HTML too
	}
	return b.String()
}

// documented are where the documentation says it, each as a link.
func documented(r requirement.Requirement, text func(string) string) string {
	if len(r.Documentation) == 0 {
		return text(r.Source)
	}
	return strings.Join(show.Each(r.Documentation, func(s requirement.Section) string {
		return "[" + text(s.Name) + "](" + s.URL + ")"
	}), "; ")
}

// finding is the first one of a result as a terminal shows it, and how many there are like it.
func (m *markdownReport) finding(r reports.Result) string {
	p := &plaintext.Printer{Base: m.r.Target, Width: 100}
	p.Finding(r.Findings[0], plaintext.Tally(r), false)
	p.Others(r)
	lines := strings.Split(p.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}

// starts is the line that serves the embedded endpoint once more, for it is gone.
func (m *markdownReport) starts() string {
	if start := m.r.Start(); start != "" {
		return fenced("sh", show.Visible(start)) + "\n"
	}
	return ""
}

// repeats are the lines that repeat a finding's requests in a shell. One that is too long is not cut: it would be
// another request.
func repeats(f reports.Finding) string {
	var b strings.Builder
	for _, x := range f.Exchanges() {
		curl := show.Visible(f.Repeat(x))
		if len(curl) > show.MostShortCurl {
			fmt.Fprintf(&b, "The line that repeats request %d is too long to be shown here: %s.\n\n", x.Number, show.Plural(len(curl), "byte"))
			continue
		}
		b.WriteString(fenced("sh", curl) + "\n")
	}
	return b.String()
}

// unjudged tells what was skipped or blocked, those with the same reason together.
func (m *markdownReport) unjudged(title string, verdict reports.Verdict, worth int) {
	groups, total := m.r.ByReason(verdict), 0
	for _, g := range groups {
		total += len(g.IDs)
	}
	if total == 0 {
		return
	}
	m.title(title, total)
	for _, g := range groups {
		m.add(item(prose(g.Reason, show.MostSentence)+": "+prose(strings.Join(g.IDs, ", "), 10*show.MostSentence)),
			shortening{worth: worth, lost: "reasons why something was not judged"})
	}
}
