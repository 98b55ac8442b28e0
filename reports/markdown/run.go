package markdown

import (
	"fmt"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// waivers tells those that are not as they should be, and those that nothing came of.
func (m *markdownReport) waivers() {
	var wrong, idle []reports.WaiverOutcome
	for _, w := range m.r.Waivers {
		switch w.State {
		case reports.WaiverHolds: // reported with the failure
		case reports.WaiverNotJudged:
			idle = append(idle, w)
		default:
			wrong = append(wrong, w)
		}
	}
	list := func(title string, list []reports.WaiverOutcome, worth int) {
		if len(list) == 0 {
			return
		}
		m.title(title, len(list))
		for _, w := range list {
			line := fmt.Sprintf("**%s** %s: %s Until %s, because: %s", prose(w.Requirement, show.MostName), prose(string(w.State), show.MostName),
				sentence(w.Says), prose(w.Until, show.MostName), prose(w.Reason, show.MostSentence))
			m.add(item(line), shortening{worth: worth, lost: "waivers"})
		}
	}
	list("Waivers that fail the run", wrong, worthProblem)
	list("Waivers that were not needed", idle, worthSkipped)
}

// sentence is prose that ends in a full stop.
func sentence(text string) string {
	return prose(strings.TrimRight(text, ". "), show.MostSentence) + "."
}

// baseline tells what changed since an earlier report.
func (m *markdownReport) baseline() {
	c := m.r.Baseline
	if c == nil {
		return
	}
	m.title("Changes since the earlier report", len(c.Changes))
	m.always(fmt.Sprintf("Compared with %s, judged on %s by version %s.\n\n", codeText(c.Old.Target, show.MostSentence),
		c.Old.Started.UTC().Format("2006-01-02 15:04 UTC"), prose(c.Old.Version, show.MostName)))
	for _, note := range c.Notes {
		m.add(item(sentence(note)), shortening{worth: worthOtherChange, lost: "notes on the comparison"})
	}
	for _, change := range c.Changes {
		worth := worthOtherChange
		if change.Kind.Worse() {
			worth = worthProblem
		}
		line := fmt.Sprintf("**%s** %s: %s → %s", prose(change.Requirement, show.MostName), prose(string(change.Kind), show.MostName),
			prose(change.Old, show.MostName), prose(change.New, show.MostName))
		if change.Says != "" {
			line += ". " + sentence(change.Says)
		}
		m.add(item(line), shortening{worth: worth, lost: "changes"})
	}
}

// left names what could not be removed: it goes on costing money.
func (m *markdownReport) left() {
	if len(m.r.Resources.Left) == 0 {
		return
	}
	m.title("Left behind in the account", len(m.r.Resources.Left))
	for _, r := range m.r.Resources.Left {
		m.add(item(codeText(reports.Title(r), show.MostSentence)), shortening{worth: worthProblem, lost: "resources left behind"})
	}
}

// made says what the run made in the account.
func (m *markdownReport) made() {
	if made := m.r.Resources.Sentence(); made != "" {
		m.add("\n"+prose(made, show.MostSentence)+"\n", shortening{worth: worthMade, lost: "what was made"})
		for _, line := range m.r.Trailed() {
			m.add("\n"+prose(line, show.MostSentence)+"\n", shortening{worth: worthMade, lost: "what took long to show"})
		}
	}
}
