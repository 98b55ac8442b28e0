package reports

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/requirement"
)

// Formats are those that List knows.
func Formats() []string { return []string{"table", "json", "markdown"} }

// List writes requirements as a table, as JSON or as Markdown. An unknown format is an error that names the nearest
// known one.
func List(w io.Writer, format string, c []requirement.Requirement) error {
	b := bufio.NewWriter(w)
	switch format {
	case "table":
		listTable(b, c)
	case "json":
		if err := listJSON(b, c); err != nil {
			return err
		}
	case "markdown":
		listMarkdown(b, c)
	default:
		return &requirement.UnknownNameError{
			Kind: "format", Name: format, Nearest: requirement.Nearest(format, Formats()),
			Hint: "known are " + strings.Join(Formats(), ", "),
		}
	}
	return b.Flush()
}

// listTable writes a line each, so that grep finds whole requirements; the longest column comes last.
func listTable(w io.Writer, c []requirement.Requirement) {
	rows := [][]string{{"id", "level", "effect", "source", "statement"}}
	for _, r := range c {
		rows = append(rows, []string{r.ID, string(r.Level), string(r.Effect), oneLine(r.Source), oneLine(r.States)})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		last := len(row) - 1
		for i, cell := range row[:last] {
			_, _ = fmt.Fprintf(w, "%-*s  ", widths[i], cell)
		}
		_, _ = fmt.Fprintln(w, row[last])
	}
}

func listJSON(w io.Writer, c []requirement.Requirement) error {
	type entry struct {
		ID        string             `json:"id"`
		Area      string             `json:"area"`
		Level     requirement.Level  `json:"level"`
		Effect    requirement.Effect `json:"effect"`
		Source    string             `json:"source"`
		Statement string             `json:"statement"`
	}
	entries := make([]entry, 0, len(c)) // an empty list is [], not null
	for _, r := range c {
		entries = append(entries, entry{r.ID, r.Area, r.Level, r.Effect, r.Source, r.States})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(entries)
}

func listMarkdown(w io.Writer, c []requirement.Requirement) {
	_, _ = fmt.Fprint(w, "| Requirement | Level | Effect | Source | Statement |\n|---|---|---|---|---|\n")
	for _, r := range c {
		_, _ = fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", r.ID, r.Level, r.Effect, markdown(r.Source), markdown(r.States))
	}
}

// markdown makes a table cell of a text. Between backticks the text stays as it is, save for the bar that would end the
// cell even there.
func markdown(text string) string {
	parts := strings.Split(strings.ReplaceAll(oneLine(text), "|", `\|`), "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

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
	p := &printer{width: explainWidth}
	r := e.Requirement
	p.line(r.ID + "  " + oneLine(e.SectionTitle))
	p.line("")
	for _, row := range wrap(oneLine(r.States), explainWidth-2) {
		p.line("  " + row)
	}
	p.line("")
	p.paragraph("level", string(r.Level)+", "+levelMeaning(r.Level))
	p.paragraph("effect", string(r.Effect)+", "+effectMeaning(r.Effect))
	p.paragraph("source", r.Source)
	for i, step := range e.Decided {
		p.paragraph(once("decided", i), step)
	}
	for i, fault := range e.Faults {
		p.paragraph(once("catches", i), fault.Name+": "+fault.Why)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// once is a label in its first line and nothing in those below.
func once(label string, i int) string {
	if i == 0 {
		return label
	}
	return ""
}

// paragraph writes a label and running text, wrapped.
func (p *printer) paragraph(label, text string) {
	for i, row := range wrap(oneLine(text), p.width-labelWidth-2) {
		p.labelled(once(label, i), row)
	}
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
