package html

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// htmlBody is a body as the page shows it.
type htmlBody struct {
	Note   string // its size, and what was done to it
	Wrap   bool   // it is not laid out, and its lines may be of any length
	Blocks []htmlBlock
}

// htmlBlock is some lines of a body.
type htmlBlock struct {
	About  bool   // they are a drive that a finding names
	Left   string // how many lines are left out here, in place of lines
	Pieces []htmlPiece
}

// mostLine is how many bytes of a line of a body that is laid out are shown.
const mostLine = 2 << 10

// showBody shows up to most bytes of a body: laid out, with its marks, where it could be, or else as text.
func showBody(body evidence.Body, truncated bool, lines []layLine, m htmlMarks, most int) htmlBody {
	if body.Len() == 0 {
		return htmlBody{}
	}
	shown := htmlBody{Note: show.Plural(body.Len(), "byte")}
	if truncated {
		shown.Note = "more than the " + shown.Note + " that the run reads of one"
	}
	if lines != nil {
		shown.Note += ", JSON, laid out for reading"
		shown.Blocks = blocks(lines, chosenLines(lines, m, most), m)
		return shown
	}
	shown.Wrap = true
	beginning, _ := show.Head(string(body.Beginning(most+utf8.UTFMax)), most)
	shown.Blocks = []htmlBlock{{Pieces: htmlPieces(beginning, nil, most)}}
	if left := body.Len() - len(beginning); left > 0 {
		shown.Blocks = append(shown.Blocks, htmlBlock{Left: show.Plural(left, "more byte")})
	}
	return shown
}

// chosenLines are the lines that are shown where not all are: those that are marked, what stands around them, and the
// beginning.
func chosenLines(lines []layLine, m htmlMarks, most int) []bool {
	chosen := make([]bool, len(lines))
	spent := 0
	choose := func(from, to, most int) {
		for i := max(from, 0); i <= min(to, len(lines)-1); i++ {
			cost := min(len(lines[i].text), mostLine) + 1
			if !chosen[i] && spent+cost > most && i > 0 {
				return
			}
			if !chosen[i] {
				chosen[i] = true
				spent += cost
			}
		}
	}
	const around = 3
	for _, spans := range [][]span{merged(m.differ), merged(m.about)} {
		for _, s := range spans {
			choose(s.from-around, s.to+around, most*3/4)
		}
	}
	choose(0, len(lines)-1, most)
	return chosen
}

func blocks(lines []layLine, chosen []bool, m htmlMarks) []htmlBlock {
	var c composer
	about, differ := covered(m.about, len(lines)), covered(m.differ, len(lines))
	for i := 0; i < len(lines); i++ {
		if !chosen[i] {
			from := i
			for i+1 < len(lines) && !chosen[i+1] {
				i++
			}
			c.leave(show.Plural(i-from+1, "more line"))
			continue
		}
		text := show.Beginning(lines[i].text, mostLine)
		inner := strings.TrimLeft(text, " ")
		c.add(text[:len(text)-len(inner)], about[i], false)
		c.add(inner, about[i], differ[i])
		c.add("\n", about[i], false)
	}
	return c.done()
}

// composer makes blocks of texts, as few pieces as can be: a page of few pieces is made faster.
type composer struct {
	blocks  []htmlBlock
	text    strings.Builder // of the piece that is not done
	about   bool
	mark    bool
	started bool // the last block may go on
}

func (c *composer) add(text string, about, mark bool) {
	if c.started && c.about == about && c.mark == mark {
		c.text.WriteString(text)
		return
	}
	c.flush()
	if !c.started || c.about != about {
		c.blocks = append(c.blocks, htmlBlock{About: about})
	}
	c.started, c.about, c.mark = true, about, mark
	c.text.WriteString(text)
}

func (c *composer) leave(what string) {
	c.flush()
	c.blocks = append(c.blocks, htmlBlock{Left: what})
	c.started = false
}

func (c *composer) flush() {
	if c.text.Len() > 0 {
		last := &c.blocks[len(c.blocks)-1]
		last.Pieces = append(last.Pieces, htmlPiece{Text: c.text.String(), Mark: c.mark})
		c.text.Reset()
	}
}

func (c *composer) done() []htmlBlock {
	c.flush()
	return c.blocks
}

// covered says of each of so many lines whether it is in one of the spans.
func covered(spans []span, lines int) []bool {
	in := make([]bool, lines)
	for _, s := range spans {
		for i := s.from; i <= s.to; i++ {
			in[i] = true
		}
	}
	return in
}

// layouts lays bodies out for a whole page. It keeps the latest, because neighbours are often about the same answer,
// and it stops where there is too much to do: who opens the page should not have waited for it.
type layouts struct {
	left   int // bytes that may still be laid out
	recent []layout
}

type layout struct {
	of    *evidence.Exchange
	lines []layLine
}

const (
	mostLayouts = 8
	mostToLay   = 64 << 20
)

func (l *layouts) lines(x *evidence.Exchange) []layLine {
	if x == nil || x.Response == nil || x.Response.Truncated {
		return nil
	}
	for _, known := range l.recent {
		if known.of == x {
			return known.lines
		}
	}
	if l.left -= x.Response.Body.Len(); l.left < 0 {
		return nil
	}
	if len(l.recent) == mostLayouts {
		l.recent = l.recent[1:]
	}
	lines := lay(x.Response.Body.Bytes())
	l.recent = append(l.recent, layout{x, lines})
	return lines
}

// headerLines are the headers of a request or a response, by name, so many of them and so much of each as a reader
// looks at.
func headerLines(header map[string][]string, marks map[string]bool) []htmlPiece {
	var shown []htmlPiece
	for i, name := range slices.Sorted(maps.Keys(header)) {
		if i == mostHeaders {
			return append(shown, htmlPiece{Text: fmt.Sprintf("… %s\n", show.Plural(len(header)-i, "more header"))})
		}
		for _, value := range header[name][:min(len(header[name]), mostHeaders)] {
			shown = append(shown, htmlPiece{Text: show.Visible(name) + ": " + show.Beginning(value, mostLine), Mark: marks[name]}, htmlPiece{Text: "\n"})
		}
	}
	return shown
}

const mostHeaders = 40
