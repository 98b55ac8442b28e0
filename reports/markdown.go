package reports

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the report for a comment on a pull request or for the summary of a job, in no more than 60 KiB. What
// there is no room for is shortened or left out, the least important first, and the last line says so. Whatever an
// endpoint says is shown as text: it makes no link, no picture, no markup, and notifies nobody.
func Markdown(w io.Writer, r *Report) error {
	m := &markdownReport{r: r, titles: map[string]string{}}
	for _, area := range r.Areas {
		m.titles[area.Name] = area.Title
	}
	m.headline()
	m.table()
	m.failures("Failed", failedHere, shortening{worth: worthEvidence, lost: "evidence of failures"}, shortening{worth: worthFailure, lost: "failures"})
	m.waivers()
	m.baseline()
	m.left()
	m.failures("Advisories: these do not fail the run", func(r Result) bool { return !r.Gated },
		shortening{worth: worthAdvisoryEvidence, lost: "evidence of advisories"}, shortening{worth: worthAdvisory, lost: "advisories"})
	m.failures("Waived: these fail, as is known", waived,
		shortening{worth: worthWaivedEvidence, lost: "evidence of waived failures"}, shortening{worth: worthWaived, lost: "waived failures"})
	m.unjudged("Blocked: something that these build on failed", Blocked, worthBlocked)
	m.unjudged("Skipped: there is nothing to judge these by", Skip, worthSkipped)
	m.sentences("Unstable: differences between reads that did not persist", r.unstable())
	m.sentences("Warnings", r.Warnings)
	m.made()
	if r.dry() {
		m.sentences(strings.TrimSuffix(nothingMade, "."), r.Plan.Lines())
	}
	_, err := io.WriteString(w, fit(m.parts, mostMarkdown))
	return err
}

// markdownReport is a report on its way to Markdown.
type markdownReport struct {
	r      *Report
	titles map[string]string // of areas
	parts  []part
}

// always adds what is never left out. Its size has to be bounded.
func (m *markdownReport) always(text string) { m.parts = append(m.parts, part{text: text}) }

func (m *markdownReport) add(text string, shorter ...shortening) {
	m.parts = append(m.parts, part{text, shorter})
}

// The bounds of texts, in characters.
const (
	mostName      = 100 // of an endpoint's name, or of a selection
	mostSentence  = 300
	mostLines     = 20 // of warnings and the like
	mostShortCurl = 2 << 10
)

// symbols show at a glance what a run came to, by its exit code.
var symbols = map[int]string{ExitConforms: "✅", ExitDoesNot: "❌"}

func (m *markdownReport) headline() {
	r, c := m.r, m.r.Counts()
	for i, line := range r.harmLines() {
		if i == mostFindings {
			m.always(fmt.Sprintf("… and %d more.\n\n", len(r.Harm)-i))
			break
		}
		m.always("**" + prose(line, 2*mostSentence) + "**\n\n")
	}
	symbol, found := symbols[r.ExitCode()]
	if !found {
		symbol = "⚠️"
	}
	target := "the embedded reference endpoint"
	if !r.Embedded {
		target = codeText(r.Target, mostSentence)
	}
	if r.Server != "" {
		target += " (" + codeText(r.Server, mostName) + ")"
	}
	m.always(fmt.Sprintf("## %s Library drives: %s\n\n", symbol, prose(r.Conclusion(), mostSentence)))
	if r.Incomplete != "" && r.ExitCode() != ExitIncomplete {
		m.always("It is incomplete too: " + prose(r.Incomplete, mostSentence) + "\n\n")
	}
	m.always(c.sentence() + "\n\n")
	m.always(fmt.Sprintf("Target: %s. Judged on %s by %s in %s, with %s (%d retried).\n\n", target, r.Started.UTC().Format("2006-01-02 15:04 UTC"),
		prose(r.Tool.Name+" "+r.Tool.Version, mostName), elapsed(r.Duration), plural(r.Requests.Sent, "request"), r.Requests.Retried))
	configuration := fmt.Sprintf("Profile %s, gate %s, sample %s, seed %d", prose(string(r.Configuration.Profile), mostName),
		prose(string(r.Configuration.Level), mostName), sample(r.Configuration.Sample), r.Configuration.Seed)
	if r.Configuration.Auth != "" {
		configuration += ", authentication " + prose(r.Configuration.Auth, mostName)
	}
	if r.Configuration.Select != "" {
		configuration += ", select " + codeText(r.Configuration.Select, mostName)
	}
	if r.Configuration.LabelFilter != "" {
		configuration += ", label filter " + codeText(r.Configuration.LabelFilter, mostName)
	}
	m.always(configuration + ".\n")
}

// table counts the verdicts of each section.
func (m *markdownReport) table() {
	var b strings.Builder
	b.WriteString("\n| Section | Passed | Failed | Advisory | Waived | Skipped | Blocked |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range m.r.sections() {
		// A bar would end the cell, and readers don't agree on what it takes to write one in code.
		b.WriteString(countsRow(prose(strings.ReplaceAll(s.Title, "|", "¦"), mostName), count(s.results)))
	}
	b.WriteString(countsRow("**all**", m.r.Counts()))
	m.add(b.String(), shortening{worth: worthTable, lost: "table of sections"})
}

// countsRow is a row of the table.
func countsRow(title string, c Counts) string {
	row := "| " + title
	for _, n := range []int{c.Pass, c.Failed(), c.Advisory, c.Waived, c.Skip, c.Blocked} {
		if n == 0 {
			row += " | -"
		} else {
			row += fmt.Sprintf(" | %d", n)
		}
	}
	return row + " |\n"
}

// title begins a part of the report.
func (m *markdownReport) title(title string, n int) {
	m.always(fmt.Sprintf("\n### %s (%d)\n\n", title, n))
}

// item is a line of a list.
func item(text string) string { return "- " + text + "\n" }

// sentences are a list of which only the beginning is told.
func (m *markdownReport) sentences(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	m.title(title, len(lines))
	for _, line := range lines[:min(len(lines), mostLines)] {
		m.add(item(prose(line, mostSentence)), shortening{worth: worthWarning, lost: "unstable reads and warnings"})
	}
	if more := len(lines) - mostLines; more > 0 {
		m.always(item(fmt.Sprintf("… and %d more", more)))
	}
}
