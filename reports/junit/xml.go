package junit

import (
	"bufio"
	"strings"
	"unicode/utf8"
)

// xmlWriter writes elements, one a line. It exists because attributes keep their order, an empty element closes itself
// and line ends in text stay readable, none of which encoding/xml does. Errors stay in the buffered writer until it is
// flushed.
type xmlWriter struct {
	*bufio.Writer
	open []string
}

// attribute is a name and its value, in the order in which they are written.
type attribute struct{ name, value string }

func (x *xmlWriter) begin(name string, attributes ...attribute) {
	x.tag(name, attributes)
	x.WriteString(">\n")
	x.open = append(x.open, name)
}

func (x *xmlWriter) end() {
	name := x.open[len(x.open)-1]
	x.open = x.open[:len(x.open)-1]
	x.indent()
	x.WriteString("</" + name + ">\n")
}

// element writes an element that holds text, or nothing.
func (x *xmlWriter) element(name, text string, attributes ...attribute) {
	x.tag(name, attributes)
	if text == "" {
		x.WriteString("/>\n")
		return
	}
	x.WriteByte('>')
	x.escaped(text, false)
	x.WriteString("</" + name + ">\n")
}

func (x *xmlWriter) tag(name string, attributes []attribute) {
	x.indent()
	x.WriteString("<" + name)
	for _, a := range attributes {
		x.WriteString(" " + a.name + `="`)
		x.escaped(a.value, true)
		x.WriteByte('"')
	}
}

func (x *xmlWriter) indent() { x.WriteString(strings.Repeat("  ", len(x.open))) }

// escaped writes text so that it comes out of a parser as it is, save that what XML 1.0 has no place for (most control
// characters, noncharacters, bytes that are not UTF-8) is replaced by U+FFFD.
func (x *xmlWriter) escaped(text string, inAttribute bool) {
	for _, r := range text {
		switch {
		case r == '&':
			x.WriteString("&amp;")
		case r == '<':
			x.WriteString("&lt;")
		case r == '>':
			x.WriteString("&gt;") // else "]]>" in text would not be well-formed
		case r == '"' && inAttribute:
			x.WriteString("&quot;")
		case r == '\r':
			x.WriteString("&#13;") // else a parser makes a line feed of it
		case r == '\n' && inAttribute:
			x.WriteString("&#10;") // else a parser makes a space of it
		case r == '\t' && inAttribute:
			x.WriteString("&#9;")
		case r == '\n' || r == '\t' || ' ' <= r && r < 0xFFFE || 0x10000 <= r:
			x.WriteRune(r)
		default:
			x.WriteRune(utf8.RuneError)
		}
	}
}
