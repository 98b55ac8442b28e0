package markdown_test

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	source "github.com/yuin/goldmark/text"
)

// tester is *testing.T or *rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// markdownPage is a Markdown report as a reader that does not know this suite sees it.
type markdownPage struct {
	sections map[string]string // their text, by heading
	rows     [][]string        // of the table
	folds    int               // parts that are folded
	last     string            // paragraph
	words    string            // all text that is not code
	markup   []string          // what should not be there
}

func (p markdownPage) headings() []string {
	var all []string
	for heading := range p.sections {
		all = append(all, heading)
	}
	slices.Sort(all)
	return all
}

// ourMarkup is all the HTML that a report may hold.
var ourMarkup = regexp.MustCompile(`^(<details><summary><b>[^<>]*</b>(?:[^<>]|<code>[^<>]*</code>)*</summary>|</details>)$`)

// parseMarkdown reads it as GitHub does, with its tables and its links of bare addresses.
func parseMarkdown(t tester, markdown string) markdownPage {
	t.Helper()
	p := markdownPage{sections: map[string]string{}}
	bytes := []byte(markdown)
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(source.NewReader(bytes))
	heading, depth := "", 0
	var words strings.Builder
	say := func(said string, code bool) {
		p.sections[heading] += said
		if !code {
			words.WriteString(said)
		}
	}
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			switch n.(type) {
			case *ast.Paragraph, *ast.TextBlock, *table.TableCell:
				say("\n", false)
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			heading = inner(n, bytes)
			p.sections[heading] += ""
			return ast.WalkSkipChildren, nil
		case *ast.Paragraph:
			p.last = inner(n, bytes)
		case *ast.Text:
			say(unescaped(n.Value(bytes)), false)
		case *ast.String:
			say(string(n.Value), false)
		case *ast.CodeSpan:
			say(inner(n, bytes), true)
			return ast.WalkSkipChildren, nil
		case *ast.FencedCodeBlock:
			say(lines(n, bytes), true)
		case *ast.HTMLBlock:
			for line := range strings.SplitSeq(strings.TrimSpace(lines(n, bytes)), "\n") {
				if !ourMarkup.MatchString(line) {
					p.markup = append(p.markup, "HTML: "+line)
				}
				if strings.HasPrefix(line, "<details>") {
					p.folds++
					depth++
				} else {
					depth--
				}
				if depth < 0 || depth > 1 {
					p.markup = append(p.markup, "a fold in a fold, or the end of none: "+line)
				}
				p.sections[heading] += html.UnescapeString(tags.ReplaceAllString(line, "")) + "\n"
				words.WriteString(html.UnescapeString(tags.ReplaceAllString(codeTag.ReplaceAllString(line, " "), "")) + "\n")
			}
		case *table.TableRow, *table.TableHeader:
			var cells []string
			for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
				cells = append(cells, inner(cell, bytes))
			}
			p.rows = append(p.rows, cells)
		case *ast.Emphasis:
			if inside := inner(n, bytes); strings.Contains(inside, "evil") {
				p.markup = append(p.markup, "emphasis: "+inside)
			}
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), "https://docs.cloudsigma.com/en/latest/") || strings.Contains(inner(n, bytes), "evil") {
				p.markup = append(p.markup, "link: "+inner(n, bytes))
			}
		case *ast.Document, *ast.List, *ast.ListItem, *ast.TextBlock, *table.Table, *table.TableCell:
		default:
			p.markup = append(p.markup, n.Kind().String()+": "+inner(n, bytes))
		}
		return ast.WalkContinue, nil
	})
	if depth != 0 {
		p.markup = append(p.markup, "a fold that is not closed")
	}
	p.words = words.String()
	return p
}

var (
	tags    = regexp.MustCompile(`<[^>]*>`)
	codeTag = regexp.MustCompile(`<code>[^<]*</code>`)
	// linked is what GitHub makes links of wherever it is not code.
	linked = regexp.MustCompile(`(?i)@\w|#\d|gh-\d|://|www\.|\b[0-9a-f]{40}\b|\$\w|:evil:`)
)

// isInert demands that nothing on the page is more than text and the report's own markup.
func (p markdownPage) isInert(t tester) {
	t.Helper()
	for _, found := range p.markup[:min(len(p.markup), 3)] {
		t.Errorf("the report holds what it should not: %.300q", found)
	}
	if found := linked.FindString(p.words); found != "" {
		at := strings.Index(p.words, found)
		t.Errorf("GitHub would make a link of %q, for it is not code: %q", found, p.words[max(0, at-60):min(len(p.words), at+60)])
	}
	for _, row := range p.rows {
		if len(row) != 7 {
			t.Errorf("a row of the table has %d cells, and should have 7: %q", len(row), row)
		}
	}
}

// inner is the text of all that is in a node.
func inner(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, isText := n.(*ast.Text); isText && entering {
			if _, inCode := n.Parent().(*ast.CodeSpan); inCode {
				b.Write(text.Value(source))
			} else {
				b.WriteString(unescaped(text.Value(source)))
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func lines(n ast.Node, source []byte) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(source))
	}
	return b.String()
}

var backslash = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// unescaped is what a reader sees of a text between markup.
func unescaped(text []byte) string {
	return html.UnescapeString(backslash.ReplaceAllString(string(text), "$1"))
}
