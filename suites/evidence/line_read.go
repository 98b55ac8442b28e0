package evidence

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
)

// lineReader decodes lines of JSON. The body of a response, which may be nearly all of a long line, is taken into a record as it is
// read, and is at no time in memory as a whole.
type lineReader struct {
	from *bufio.Reader
	into *Record // nil where the line is held as it is
	read int     // lines
	line lineScan
}

// decode reads a line. long is the body of its response, where that is long: the line is decoded without it.
func (r *lineReader) decode(into any) (long *Incoming, err error) {
	r.line = lineScan{into: r.into, text: r.line.text[:0], room: r.line.room}
	for read := 0; ; {
		part, err := r.from.ReadSlice('\n')
		read += len(part)
		r.line.write(part)
		if err == nil || errors.Is(err, io.EOF) && read > 0 { // the last line end may be missing
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
	r.read++
	if err := json.Unmarshal(r.line.text, into); err != nil {
		return nil, err
	}
	return r.line.body, r.line.failed
}

// lineScan is a line on its way in. It is looked at just as far as to tell where the body of a response is.
type lineScan struct {
	into   *Record
	text   []byte    // of the line, without what is in the record
	body   *Incoming // the body, where it is long
	failed error     // why it can't be decoded
	room   []byte

	depth   int
	after   byte      // what stood last in no text, and is no white space
	keys    [3]string // the last one of each of the first levels
	quoted  bool
	isKey   bool
	isBody  bool
	begins  int // where the text in quotes does
	escaped bool
	figures int // of a character, that are to come
}

// longLine is how much of a body is decoded at a time.
const longLine = 64 << 10

// write takes a further part of the line.
func (s *lineScan) write(part []byte) {
	for n := 1; len(part) > 0; part, n = part[n:], 1 {
		plain := false
		switch {
		case !s.quoted:
			s.step(part[0])
		case s.figures > 0:
			s.figures--
		case s.escaped:
			s.escaped = false
			if part[0] == 'u' {
				s.figures = 4
			}
		case part[0] == '\\':
			s.escaped = true
		case part[0] == '"':
			s.end()
		default:
			plain = true
			for n < len(part) && part[n] != '"' && part[n] != '\\' {
				n++
			}
		}
		s.text = append(s.text, part[:n]...)
		if plain && s.isBody && len(s.text)-s.begins >= longLine {
			s.flush(n)
		}
	}
}

// step looks at what stands in no text.
func (s *lineScan) step(b byte) {
	switch b {
	case ' ', '\t', '\n', '\r':
		return
	case '{', '[':
		s.depth++
	case '}', ']':
		s.depth--
	case '"':
		s.quoted, s.begins = true, len(s.text)+1
		inKeys := s.depth > 0 && s.depth < len(s.keys)
		s.isKey = inKeys && (s.after == '{' || s.after == ',')
		s.isBody = s.into != nil && s.depth == 2 && s.after == ':' && s.keys[1] == "response" && s.keys[2] == "body"
		if s.isBody {
			s.body = nil // of a key that is given twice, the last counts
		}
	}
	s.after = b
}

// end ends what stands in quotes.
func (s *lineScan) end() {
	if s.isKey {
		s.keys[s.depth] = string(s.text[s.begins:])
	}
	if s.isBody && s.body != nil {
		s.take(len(s.text))
	}
	s.quoted, s.isKey, s.isBody = false, false, false
}

// flush takes what came of a long body, of which the last n bytes are no part of an escape. It does so up to a byte that is a
// character by itself, lest one is taken apart.
func (s *lineScan) flush(n int) {
	for at := len(s.text); at > len(s.text)-n; at-- {
		if s.text[at-1] < 0x80 {
			if s.body == nil {
				s.body = s.into.Incoming()
			}
			s.take(at)
			return
		}
	}
}

// take decodes what stands in quotes up to a place, and takes it into the record.
func (s *lineScan) take(end int) {
	s.room = append(append(append(s.room[:0], '"'), s.text[s.begins:end]...), '"')
	s.text = append(s.text[:s.begins], s.text[end:]...)
	var text string
	if err := json.Unmarshal(s.room, &text); err != nil {
		if s.failed == nil {
			s.failed = err
		}
		return
	}
	_, _ = s.body.Write([]byte(text)) // it never fails
}
