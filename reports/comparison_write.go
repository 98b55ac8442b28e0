package reports

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/libdrives/conformance/suites/requirement"
)

// ComparisonFormats are those that WriteComparison knows; the first is the default of the command line.
func ComparisonFormats() []string { return []string{"text", "json", "markdown"} }

// WriteComparison writes a comparison as text for a terminal of a width (0 is 100), as JSON or as Markdown. An unknown
// format is an error that names the nearest known one.
func WriteComparison(w io.Writer, format string, c *Comparison, width int) error {
	switch format {
	case "text":
		_, err := io.WriteString(w, comparisonText(c, width))
		return err
	case "json":
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(jsonDifference{JSONFormat, c.Conclusion(), c.ExitCode(), toJSONComparison(c)})
	case "markdown":
		_, err := io.WriteString(w, comparisonMarkdown(c))
		return err
	}
	return &requirement.UnknownNameError{
		Kind: "format", Name: format, Nearest: requirement.Nearest(format, ComparisonFormats()),
		Hint: "known are " + strings.Join(ComparisonFormats(), ", "),
	}
}

// jsonDifference is a comparison as a document of its own: what a report holds of its baseline, and what it came to.
type jsonDifference struct {
	Format     int    `json:"format"`
	Conclusion string `json:"conclusion"`
	ExitCode   int    `json:"exit_code"`
	*jsonComparison
}

// comparisonText is the comparison for a person: the two sides, what makes them hard to compare, what changed, and last
// the conclusion.
func comparisonText(c *Comparison, width int) string {
	if width <= 0 {
		width = 100
	}
	p := &printer{width: max(width, 60)}
	for _, side := range []struct {
		label string
		Side
	}{{"old", c.Old}, {"new", c.New}} {
		p.line(side.label + "  " + side.text())
	}
	p.line("")
	if len(c.Notes) > 0 {
		p.line("Notes")
		p.line("")
		p.notes(c)
		p.line("")
	}
	for _, kind := range changeKinds() {
		if c.count(kind) > 0 {
			p.line(kind.title())
			p.line("")
			p.changes(c, kind)
			p.line("")
		}
	}
	p.line(c.Conclusion())
	return p.String()
}

// text names a side in one line.
func (s Side) text() string {
	return timestamp(s.Started)[:len("2006-01-02T15:04:05")] + "Z  " + brief(s.Target, 200) + " (version " + brief(s.Version, 60) + ")"
}

func (p *printer) notes(c *Comparison) {
	for _, note := range c.Notes {
		for _, row := range wrap(oneLine(note), p.width-2) {
			p.line("  " + row)
		}
	}
}

// changes writes those of one kind: those that read the same together, with their ids below, and with what it states
// where it is one only.
func (p *printer) changes(c *Comparison, kind ChangeKind) {
	alike := map[string][]Change{}
	var titles []string
	for _, change := range c.Changes {
		if change.Kind != kind {
			continue
		}
		title := oneLine(change.Old) + " → " + oneLine(change.New) + ": " + oneLine(change.Says)
		if len(alike[title]) == 0 {
			titles = append(titles, title)
		}
		alike[title] = append(alike[title], change)
	}
	for _, title := range titles {
		for _, row := range wrap(title, p.width-2) {
			p.line("  " + row)
		}
		var ids []string
		for _, change := range alike[title] {
			ids = append(ids, oneLine(change.Requirement))
		}
		if len(ids) == 1 {
			ids = append(ids, "", oneLine(alike[title][0].States)) // the id, two spaces, the statement
		}
		for _, row := range wrap(strings.Join(ids, " "), p.width-4) {
			p.line("    " + row)
		}
	}
}
