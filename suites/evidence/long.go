package evidence

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"unicode/utf8"
)

// longBody is how long a body is that is written part by part.
const longBody = 256 << 10

// StandIn is what stands for a long text in a value that WriteJSON writes; empty where the body is short, or no text.
func (b Body) StandIn() string {
	if b.Len() <= longBody || !b.isText() {
		return ""
	}
	return rand.Text()
}

// isText reports whether the body is UTF-8.
func (b Body) isText() bool {
	is := true
	_ = b.textParts(func(part []byte) error { // which has no error of its own
		is = is && utf8.Valid(part)
		return nil
	})
	return is
}

// textParts gives a body in parts that do not end in the middle of a character, as far as it is text.
func (b Body) textParts(yield func(part []byte) error) error {
	from := b.Reader()
	room := make([]byte, pageSize)
	kept := 0
	for {
		n, err := from.Read(room[kept:])
		part := room[:kept+n]
		whole := len(part)
		if err == nil {
			whole -= begunCharacter(part)
		}
		if whole > 0 {
			if failed := yield(part[:whole]); failed != nil {
				return failed
			}
		}
		if err != nil {
			return nil // it is at its end: what is in a store reads without errors
		}
		kept = copy(room, part[whole:])
	}
}

// begunCharacter is how many bytes at the end of a text begin a character that is not whole.
func begunCharacter(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// WriteJSON writes a value as JSON. Where it holds the body's stand-in as a text, the body is written in its place, part
// by part: all of a long list in memory would be several times its length.
func WriteJSON(to io.Writer, value any, standIn string, body Body) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	text := bytes.TrimSuffix(line.Bytes(), []byte("\n"))
	before, after, found := bytes.Cut(text, []byte(standIn))
	if standIn == "" || !found {
		_, err := to.Write(text)
		return err
	}
	if _, err := to.Write(before); err != nil {
		return err
	}
	var room bytes.Buffer
	parts := json.NewEncoder(&room)
	parts.SetEscapeHTML(false)
	if err := body.textParts(func(part []byte) error {
		room.Reset()
		if err := parts.Encode(string(part)); err != nil {
			return err
		}
		_, err := to.Write(room.Bytes()[1 : room.Len()-len("\"\n")])
		return err
	}); err != nil {
		return err
	}
	_, err := to.Write(after)
	return err
}
