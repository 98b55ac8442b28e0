// Package show is what the renderers of reports share: text of an endpoint made safe to show, shortened, wrapped, counted,
// and compared.
//
// It must not know what a report is, or anything else of this module.
package show

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes text that came from an endpoint safe to show: whatever could move a cursor, colour a terminal, end a
// line, turn the reading direction or hide between letters is written as an escape. Bytes that are not UTF-8 are too.
func Visible(text string) string {
	i := 0
	for i < len(text) && ' ' <= text[i] && text[i] <= '~' {
		i++
	}
	if i == len(text) {
		return text
	}
	var b strings.Builder
	b.WriteString(text[:i])
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			escape(&b, `\x`, 2, rune(text[i]))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case !hides(r):
			b.WriteRune(r)
		case r < 0x100:
			escape(&b, `\x`, 2, r)
		case r < 0x10000:
			escape(&b, `\u`, 4, r)
		default:
			escape(&b, `\U`, 8, r)
		}
		i += size
	}
	return b.String()
}

// escape writes a character as so many hexadecimal digits. It is spelled out because a hostile text is nothing else.
func escape(b *strings.Builder, kind string, digits int, r rune) {
	b.WriteString(kind)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte("0123456789abcdef"[r>>shift&0xF])
	}
}

// hides reports whether a character is not seen for what it is: controls (C1 has terminal commands of its own),
// formats such as the bidirectional overrides, line and paragraph separators, surrogates and noncharacters.
func hides(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs) || r&0xFFFE == 0xFFFE
}

// OneLine makes one safe line of a text: every run of white space becomes a space.
func OneLine(text string) string { return Visible(strings.Join(strings.Fields(text), " ")) }

// Brief makes a safe line of a text and shortens it, without looking at more of it than is shown.
func Brief(text string, most int) string {
	beginning, left := Head(text, 8*most)
	line := Clip(OneLine(beginning), most)
	if left > 0 && !strings.HasSuffix(line, "…") {
		line += "…"
	}
	return line
}

// VisibleLines makes a safe line of each line of a text.
func VisibleLines(text string) []string {
	text = strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "\r\n", "\n")
	lines := strings.Split(strings.ReplaceAll(text, "\t", "    "), "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	return lines
}

// Clip shortens a text to a number of characters; one that was shortened ends in an ellipsis.
func Clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	seen, end := 0, 0
	for i := range text {
		if seen == most-1 {
			end = i
		}
		if seen++; seen > most {
			return text[:end] + "…"
		}
	}
	return text
}

// Head cuts a text to a number of bytes without breaking a character, and says how many bytes it left out.
func Head(text string, most int) (beginning string, left int) {
	if len(text) <= most {
		return text, 0
	}
	end := most
	for end > most-utf8.UTFMax && end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], len(text) - end
}

// Wrap breaks a line between words so that no row is wider than width; a longer word is broken where it has to be.
func Wrap(line string, width int) []string {
	var rows []string
	for len(line) > width {
		end, space := breaks(line, width)
		if end == len(line) {
			break
		}
		if space > 0 && strings.TrimSpace(line[:space]) != "" {
			rows = append(rows, strings.TrimRight(line[:space], " "))
			line = strings.TrimLeft(line[space:], " ")
			continue
		}
		rows = append(rows, line[:end])
		line = line[end:]
	}
	if line != "" || len(rows) == 0 {
		rows = append(rows, line)
	}
	return rows
}

// breaks finds where the first width characters of a line end, and the last space up to there, or 0.
func breaks(line string, width int) (end, space int) {
	seen := 0
	for i, r := range line {
		if r == ' ' {
			space = i
		}
		if seen == width {
			return i, space
		}
		seen++
	}
	return len(line), space
}

// Plural puts a number before a noun: "1 drive", "3 drives".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Beginning makes a text safe to show, up to most bytes of it, and says how much is left.
func Beginning(text string, most int) string {
	text, left := Head(text, most)
	return Visible(text) + Remainder(left)
}

func Remainder(left int) string {
	if left == 0 {
		return ""
	}
	return " … " + Plural(left, "more byte")
}
