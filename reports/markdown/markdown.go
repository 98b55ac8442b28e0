// Package markdown writes for pull requests, job summaries and repositories: the report of a run, a comparison, the matrix of
// a selftest and lists of requirements.
//
// It must not know the other formats. Whatever an endpoint said is text, and never markup, a link or a mention.
package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Write writes the report for a comment on a pull request or for the summary of a job, in no more than 60 KiB. What
// there is no room for is shortened or left out, the least important first, and the last line says so. Whatever an
// endpoint says is shown as text: it makes no link, no picture, no markup, and notifies nobody.
func Write(w io.Writer, r *reports.Report) error {
	m := &markdownReport{r: r}
	m.headline()
	m.table()
	m.failures("Failed", reports.Result.FailsTheRun, shortening{worth: worthEvidence, lost: "evidence of failures"}, shortening{worth: worthFailure, lost: "failures"})
	m.waivers()
	m.baseline()
	m.left()
	m.failures("Advisories: these do not fail the run", reports.Result.IsAdvisory,
		shortening{worth: worthAdvisoryEvidence, lost: "evidence of advisories"}, shortening{worth: worthAdvisory, lost: "advisories"})
	m.failures("Waived: these fail, as is known", reports.Result.IsWaived,
		shortening{worth: worthWaivedEvidence, lost: "evidence of waived failures"}, shortening{worth: worthWaived, lost: "waived failures"})
	m.unjudged("Blocked: something that these build on failed", reports.Blocked, worthBlocked)
	m.unjudged("Skipped: there is nothing to judge these by", reports.Skip, worthSkipped)
	m.sentences("Unstable: differences between reads that did not persist", r.UnstableLines())
	m.sentences("Warnings", r.Warnings)
	m.blind()
	m.made()
	if r.Dry() {
		m.sentences(strings.TrimSuffix(reports.NothingMade, "."), r.Plan.Lines())
	}
	_, err := io.WriteString(w, fit(m.parts, mostMarkdown))
	return err
}

// markdownReport is a report on its way to Markdown.
type markdownReport struct {
	r     *reports.Report
	parts []part
}

// always adds what is never left out. Its size has to be bounded.
func (m *markdownReport) always(text string) { m.parts = append(m.parts, part{text: text}) }

func (m *markdownReport) add(text string, shorter ...shortening) {
	m.parts = append(m.parts, part{text, shorter})
}

// symbols show at a glance what a run came to, by its exit code.
var symbols = map[int]string{reports.ExitConforms: "✅", reports.ExitDoesNot: "❌"}

func (m *markdownReport) headline() {
	r, c := m.r, m.r.Counts()
	for i, line := range r.HarmLines() {
		if i == show.MostFindings {
			m.always(fmt.Sprintf("… and %d more.\n\n", len(r.Harm)-i))
			break
		}
		m.always("**" + prose(line, 2*show.MostSentence) + "**\n\n")
	}
	symbol, found := symbols[r.ExitCode()]
	if !found {
		symbol = "⚠️"
	}
	target := "the embedded reference endpoint"
	if !r.Embedded {
		target = codeText(r.Target, show.MostSentence)
	}
	if r.Server != "" {
		target += " (" + codeText(r.Server, show.MostName) + ")"
	}
	m.always(fmt.Sprintf("## %s Library drives: %s\n\n", symbol, prose(r.Conclusion(), show.MostSentence)))
	if r.Incomplete != "" && r.ExitCode() != reports.ExitIncomplete {
		m.always("It is incomplete too: " + prose(r.Incomplete, show.MostSentence) + "\n\n")
	}
	m.always(c.Sentence() + "\n\n")
	m.always(fmt.Sprintf("Target: %s. Judged on %s by %s in %s, with %s (%d retried).\n\n", target, r.Started.UTC().Format("2006-01-02 15:04 UTC"),
		prose(r.Tool.String(), show.MostName), show.Elapsed(r.Duration), show.Plural(r.Requests.Sent, "request"), r.Requests.Retried))
	configuration := fmt.Sprintf("Profile %s, gate %s, sample %s, seed %d", prose(string(r.Configuration.Profile), show.MostName),
		prose(string(r.Configuration.Level), show.MostName), r.Configuration.Drives(), r.Configuration.Seed)
	if r.Configuration.Auth != "" {
		configuration += ", authentication " + prose(r.Configuration.Auth, show.MostName)
	}
	if r.Configuration.Select != "" {
		configuration += ", select " + codeText(r.Configuration.Select, show.MostName)
	}
	if r.Configuration.LabelFilter != "" {
		configuration += ", label filter " + codeText(r.Configuration.LabelFilter, show.MostName)
	}
	m.always(configuration + ".\n")
}

// table counts the verdicts of each section.
func (m *markdownReport) table() {
	var b strings.Builder
	b.WriteString("\n| Section | Passed | Failed | Advisory | Waived | Skipped | Blocked |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range m.r.Sections() {
		// A bar would end the cell, and readers don't agree on what it takes to write one in code.
		b.WriteString(countsRow(prose(strings.ReplaceAll(s.Title, "|", "¦"), show.MostName), reports.Count(s.Results)))
	}
	b.WriteString(countsRow("**all**", m.r.Counts()))
	m.add(b.String(), shortening{worth: worthTable, lost: "table of sections"})
}

// countsRow is a row of the table.
func countsRow(title string, c reports.Counts) string {
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

// sentences are a list of which only the beginning is reported.
func (m *markdownReport) sentences(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	m.title(title, len(lines))
	for _, line := range lines[:min(len(lines), show.MostLines)] {
		m.add(item(prose(line, show.MostSentence)), shortening{worth: worthWarning, lost: "unstable reads and warnings"})
	}
	if more := len(lines) - show.MostLines; more > 0 {
		m.always(item(fmt.Sprintf("… and %d more", more)))
	}
}
