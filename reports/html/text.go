package html

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// span is a part of a text, by bytes.
type span struct{ from, to int }

// htmlPiece is a run of text as the page shows it.
type htmlPiece struct {
	Text string
	Mark bool // it is what differs
	Code bool // it is quoted as code
}

// htmlPieces cuts a text at its marks and makes it safe to show. Of a text that is longer than most bytes the beginning is
// kept, and how much is left is said.
func htmlPieces(text string, marks []span, most int) []htmlPiece {
	text, left := show.Head(strings.TrimRight(text, "\r\n"), most)
	var shown []htmlPiece
	at := 0
	for _, m := range merged(marks) {
		from, to := min(m.from, len(text)), min(m.to, len(text))
		if from > at {
			shown = append(shown, htmlPiece{Text: safeLines(text[at:from])})
		}
		if to > from {
			shown = append(shown, htmlPiece{Text: safeLines(text[from:to]), Mark: true})
		}
		at = max(at, to)
	}
	if rest := text[at:]; rest != "" {
		shown = append(shown, htmlPiece{Text: safeLines(rest)})
	}
	if left > 0 {
		shown = append(shown, htmlPiece{Text: show.Remainder(left)})
	}
	return shown
}

// safeLines makes a text safe to show and keeps its lines.
func safeLines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", "    ")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = show.Visible(line)
	}
	return strings.Join(lines, "\n")
}

// merged are spans in order, without overlaps.
func merged(spans []span) []span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b span) int { return a.from - b.from })
	var apart []span
	for _, s := range sorted {
		if last := len(apart) - 1; last >= 0 && s.from <= apart[last].to {
			apart[last].to = max(apart[last].to, s.to)
		} else {
			apart = append(apart, s)
		}
	}
	return apart
}

// htmlQuoted makes pieces of a statement, in which code stands between backticks.
func htmlQuoted(text string) []htmlPiece {
	var shown []htmlPiece
	for i, part := range strings.Split(show.OneLine(text), "`") {
		if part != "" {
			shown = append(shown, htmlPiece{Text: part, Code: i%2 == 1})
		}
	}
	return shown
}

// token is a word, a run of white space or a single sign of a text.
type token struct {
	span
	word bool
}

func tokensOf(text string) []token {
	kind := func(r rune) int {
		switch {
		case r == ' ' || r == '\n' || r == '\r' || r == '\t':
			return 1
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80:
			return 2
		}
		return 0
	}
	var all []token
	before := 0
	for i, r := range text {
		now := kind(r)
		if now == 0 || now != before || len(all) == 0 {
			all = append(all, token{span: span{from: i}, word: now == 2})
		}
		before = now
	}
	for i := range all {
		all[i].to = len(text)
		if i+1 < len(all) {
			all[i].to = all[i+1].from
		}
	}
	return all
}

func textsOf(text string, all []token) []string {
	list := make([]string, len(all))
	for i, t := range all {
		list[i] = text[t.from:t.to]
	}
	return list
}

func wordsOf(all []token) int {
	n := 0
	for _, t := range all {
		if t.word {
			n++
		}
	}
	return n
}
