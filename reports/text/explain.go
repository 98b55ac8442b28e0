package text

import (
	"fmt"
	"io"

	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// Explanation is all that the suite knows of one requirement.
type Explanation struct {
	Requirement  requirement.Requirement
	SectionTitle string           // the title of its area
	Decided      []string         // how it is decided, a sentence or a step each
	Faults       []ExplainedFault // those of the reference endpoint that it catches
}

// ExplainedFault is a fault of the reference endpoint, and why the requirement catches it.
type ExplainedFault struct{ Name, Why string }

// explainWidth is that of running text: a line longer than this is hard to read at any terminal's width.
const explainWidth = 88

// Explain writes an explanation as readable text.
func Explain(w io.Writer, e Explanation) error {
	p := &plaintext.Printer{Width: explainWidth}
	r := e.Requirement
	p.Line(r.ID + "  " + show.OneLine(e.SectionTitle))
	p.Line("")
	p.Wrapped("  ", show.OneLine(r.States))
	p.Line("")
	p.Paragraph("level", string(r.Level)+", "+levelMeaning(r.Level))
	p.Paragraph("effect", string(r.Effect)+", "+effectMeaning(r.Effect))
	p.Paragraph("source", r.Source)
	told := map[string]bool{}
	for _, section := range r.Documentation {
		if !told[section.URL] { // whole, so that it can be followed
			p.Line("  " + fmt.Sprintf("%-10s", plaintext.Once("read", len(told))) + show.OneLine(section.URL))
			told[section.URL] = true
		}
	}
	for i, step := range e.Decided {
		p.Paragraph(plaintext.Once("decided", i), step)
	}
	for i, fault := range e.Faults {
		p.Paragraph(plaintext.Once("catches", i), fault.Name+": "+fault.Why)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func levelMeaning(l requirement.Level) string {
	switch l {
	case requirement.Must:
		return "the documentation states it"
	case requirement.Should:
		return "the documentation shows it by example, or implies it"
	}
	return "undocumented, but what a careful client expects"
}

func effectMeaning(e requirement.Effect) string {
	switch e {
	case requirement.Read:
		return "judging it only reads"
	case requirement.Write:
		return "judging it makes, edits and deletes resources of its own in the account"
	}
	return "judging it asks for what a sound endpoint refuses and a broken one might carry out"
}
