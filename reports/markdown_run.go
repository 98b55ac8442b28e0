package reports

import (
	"fmt"
	"strings"
)

// waivers tells those that are not as they should be, and those that nothing came of.
func (m *markdownReport) waivers() {
	var wrong, idle []WaiverOutcome
	for _, w := range m.r.Waivers {
		switch w.State {
		case WaiverHolds: // told with the failure
		case WaiverNotJudged:
			idle = append(idle, w)
		default:
			wrong = append(wrong, w)
		}
	}
	tell := func(title string, list []WaiverOutcome, worth int) {
		if len(list) == 0 {
			return
		}
		m.title(title, len(list))
		for _, w := range list {
			line := fmt.Sprintf("**%s** %s: %s Until %s, because: %s", prose(w.Requirement, mostName), prose(string(w.State), mostName),
				sentence(w.Says), prose(w.Until, mostName), prose(w.Reason, mostSentence))
			m.add(item(line), shortening{worth: worth, lost: "waivers"})
		}
	}
	tell("Waivers that fail the run", wrong, worthProblem)
	tell("Waivers that were not needed", idle, worthSkipped)
}

// sentence is prose that ends in a full stop.
func sentence(text string) string { return prose(strings.TrimRight(text, ". "), mostSentence) + "." }

// baseline tells what changed since an earlier report.
func (m *markdownReport) baseline() {
	c := m.r.Baseline
	if c == nil {
		return
	}
	m.title("Changes since the earlier report", len(c.Changes))
	m.always(fmt.Sprintf("Compared with %s, judged on %s by version %s.\n\n", codeText(c.Old.Target, mostSentence),
		c.Old.Started.UTC().Format("2006-01-02 15:04 UTC"), prose(c.Old.Version, mostName)))
	for _, note := range c.Notes {
		m.add(item(sentence(note)), shortening{worth: worthOtherChange, lost: "notes on the comparison"})
	}
	for _, change := range c.Changes {
		worth := worthOtherChange
		if change.Kind == Regressed || change.Kind == Vanished {
			worth = worthProblem
		}
		line := fmt.Sprintf("**%s** %s: %s → %s", prose(change.Requirement, mostName), prose(string(change.Kind), mostName),
			prose(change.Old, mostName), prose(change.New, mostName))
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
		m.add(item(codeText(Title(r), mostSentence)), shortening{worth: worthProblem, lost: "resources left behind"})
	}
}

// made says what the run made in the account.
func (m *markdownReport) made() {
	if len(m.r.Resources.Made) == 0 {
		return
	}
	t := &text{printer: &printer{}, r: m.r}
	t.made()
	m.add("\n"+prose(t.String(), mostSentence)+"\n", shortening{worth: worthMade, lost: "what was made"})
}
