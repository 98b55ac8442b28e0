package html

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The bounds of JSON that is laid out for reading. What is beyond them is shown as it came.
const (
	mostLaidOut = 2 << 20 // bytes of a body
	mostDepth   = 64
)

// layLine is a line of JSON that is laid out: a scalar, or the beginning or the end of an object or array.
type layLine struct {
	text   string // with its indentation
	key    string // of a member of an object
	parent int    // the line that opens what it stands in; -1 for the first
	end    int    // the line that closes what this line opens; else itself
}

// lay lays JSON out, a member or element a line. Nothing but white space is changed: the order of keys, keys given
// twice and the way numbers are written are evidence. It returns nil of what is not JSON, or beyond the bounds.
func lay(body []byte) []layLine {
	if len(body) > mostLaidOut || depth(body) > mostDepth {
		return nil
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(body), "", "  "); err != nil {
		return nil
	}
	lines := make([]layLine, 0, bytes.Count(indented.Bytes(), []byte{'\n'})+1)
	open := []int{-1}
	for text := range strings.SplitSeq(indented.String(), "\n") {
		i, inner := len(lines), strings.TrimLeft(text, " ")
		if inner != "" && (inner[0] == '}' || inner[0] == ']') && len(open) > 1 {
			last := open[len(open)-1]
			open = open[:len(open)-1]
			lines[last].end = i
		}
		lines = append(lines, layLine{text: text, key: keyOf(inner), parent: open[len(open)-1], end: i})
		if strings.HasSuffix(inner, "{") || strings.HasSuffix(inner, "[") {
			open = append(open, i)
		}
	}
	return lines
}

// depth is how deep brackets nest outside strings.
func depth(body []byte) int {
	deepest, now, inString := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// keyOf is the key of a line `"key": …`, as it is written.
func keyOf(line string) string {
	if !strings.HasPrefix(line, `"`) {
		return ""
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			if strings.HasPrefix(line[i+1:], ": ") {
				return line[1:i]
			}
			return ""
		}
	}
	return ""
}

// value is what stands on a line beside its key, without the comma behind it.
func (l layLine) value() string {
	text := strings.TrimLeft(l.text, " ")
	if l.key != "" {
		text = text[len(l.key)+len(`"": `):]
	}
	return strings.TrimSuffix(text, ",")
}

// bare is a line without what depends on where it stands.
func (l layLine) bare() string { return strings.TrimSuffix(strings.TrimLeft(l.text, " "), ",") }

// object finds the object with a uuid: the line that opens it, or -1.
func object(lines []layLine, uuid string) int {
	if uuid == "" {
		return -1
	}
	for _, line := range lines {
		if line.key == "uuid" && line.value() == `"`+uuid+`"` {
			return line.parent
		}
	}
	return -1
}

// resolve follows a path such as licenses[1].amount or licenses.1.amount from the object or array that line from opens.
// It returns the line where it ends, or -1 where it leads nowhere.
func resolve(lines []layLine, from int, path string) int {
	steps := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	for _, step := range steps {
		if from = child(lines, from, step); from < 0 {
			return -1
		}
	}
	return from
}

func child(lines []layLine, of int, step string) int {
	index, err := strconv.Atoi(step)
	list := err == nil && strings.HasSuffix(lines[of].text, "[")
	for i, n := of+1, 0; i < lines[of].end; i, n = lines[i].end+1, n+1 {
		if list && n == index || !list && lines[i].key == step && step != "" {
			return i
		}
	}
	return -1
}

// only finds the one line of all that has a key; -1 where there are none or several.
func only(lines []layLine, key string) int {
	found := -1
	for i, line := range lines {
		if line.key == key {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}
