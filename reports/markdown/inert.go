package markdown

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// What comes from an endpoint must stay text wherever Markdown is shown. A backslash or an entity is enough against
// Markdown and HTML, but not against GitHub, which looks through the finished page for names to notify, numbers of
// issues, addresses, commits and formulas: only what is code is left alone. So texts are split into words and code.

// piece is a part of a line: words, or code.
type piece struct {
	text string
	code bool
}

// linked is a word that GitHub makes more of than text: @name, #1, GH-1, an address, a commit, $x$ or :name:.
var linked = regexp.MustCompile(`(?i)[@#$]|://|www\.|gh-\d|[0-9a-f]{7}|:[a-z+-][a-z0-9_+-]*:`)

// pieces splits a safe line. What stands between backticks is code, as our own sentences have it.
func pieces(line string) []piece { return unglued(split(line)) }

func split(line string) []piece {
	var all []piece
	add := func(text string, code bool) {
		if last := len(all) - 1; last >= 0 && all[last].code == code {
			all[last].text += text // code beside code would not be seen to end
		} else if text != "" {
			all = append(all, piece{text, code})
		}
	}
	words := func(text string) {
		for word := range strings.SplitAfterSeq(text, " ") {
			bare := strings.TrimSuffix(word, " ")
			add(bare, linked.MatchString(bare))
			add(word[len(bare):], false)
		}
	}
	for line != "" {
		before, rest, opened := strings.Cut(line, "`")
		inside, after, closed := strings.Cut(rest, "`")
		switch {
		case !opened || !closed:
			words(line)
			return all
		case strings.TrimSpace(inside) == "":
			words(before + "`" + inside + "`")
		default:
			words(before)
			add(inside, true)
		}
		line = after
	}
	return all
}

// unglued takes into each piece of code that readers might make a link of the word that it is glued to: they differ in
// whether an address may begin before the backtick.
func unglued(all []piece) []piece {
	for i := len(all) - 1; i > 0; i-- {
		before := &all[i-1]
		if !all[i].code || before.code || !linked.MatchString(all[i].text) {
			continue
		}
		space := strings.LastIndexByte(before.text, ' ') + 1
		all[i].text = before.text[space:] + all[i].text
		if before.text = before.text[:space]; before.text == "" && i > 1 { // what stands before that is code
			all[i-2].text += all[i].text
			all = slices.Delete(all, i-1, i+1)
			i--
		}
	}
	return slices.DeleteFunc(all, func(p piece) bool { return p.text == "" })
}

// prose is a text in one line of Markdown, shortened to a number of characters.
func prose(text string, most int) string {
	var b strings.Builder
	for i, p := range pieces(show.Brief(text, most)) {
		switch {
		case p.code:
			b.WriteString(codeSpan(p.text))
		case i == 0:
			b.WriteString(beginning.ReplaceAllString(markdownWords.Replace(p.text), `$1\$2$3`))
		default:
			b.WriteString(markdownWords.Replace(p.text))
		}
	}
	return b.String()
}

var markdownWords = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// beginning is what would begin a list or a heading's underline where a text stands first in its line.
var beginning = regexp.MustCompile(`^(\d+)([.)](?: |$))|^([-+=])`)

// unbounded is for texts that are shown whole, however long they are.
const unbounded = 1 << 24

// cell is a text in a cell of a table.
func cell(text string) string { return inCell(prose(text, unbounded)) }

// inCell keeps the bars of a piece of Markdown from ending the cell that it stands in: they would even within code.
func inCell(markdown string) string { return strings.ReplaceAll(markdown, "|", `\|`) }

// inHTML is prose in a line of HTML.
func inHTML(text string, most int) string {
	var b strings.Builder
	for _, p := range pieces(show.Brief(text, most)) {
		if p.code {
			b.WriteString("<code>" + html.EscapeString(p.text) + "</code>")
		} else {
			b.WriteString(html.EscapeString(p.text))
		}
	}
	return b.String()
}

// codeText is a text of an endpoint, in one line of Markdown.
func codeText(text string, most int) string {
	if text = show.Brief(text, most); text == "" {
		return "(empty)"
	}
	return codeSpan(text)
}

func codeSpan(text string) string {
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = " " + text + " " // a reader takes one off at either end
	}
	return fence + text + fence
}

// fenced is a block of code. Its lines are safe already.
func fenced(language, lines string) string {
	fence := strings.Repeat("`", max(3, longestRun(lines)+1))
	return fence + language + "\n" + strings.TrimRight(lines, "\n") + "\n" + fence + "\n"
}

// longestRun is how many backticks a text has beside each other at most.
func longestRun(text string) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
