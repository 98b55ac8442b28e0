package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// CheckSyntax says why a body can't be looked into as one JSON value: what is wrong with its syntax, or that it nests
// deeper than maxDepth. It is as lenient as readers are: a key given twice, bytes that are not UTF-8, or a byte order mark
// before the value are no obstacle.
func CheckSyntax(body []byte, maxDepth int) error {
	return walkJSON(WithoutMark(body), maxDepth, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// WithoutMark is a text without the byte order mark that it may begin with.
func WithoutMark(text []byte) []byte { return bytes.TrimPrefix(text, byteOrderMark) }

var byteOrderMark = []byte("\xef\xbb\xbf")

// walkJSON reads one value and nothing after it, token by token, so that depth costs no stack.
func walkJSON(body []byte, maxDepth int, options ...jsontext.Options) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("the body is empty")
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(body), options...)
	for {
		if _, err := decoder.ReadToken(); err != nil {
			return syntaxProblem(err)
		}
		switch depth := decoder.StackDepth(); {
		case depth > maxDepth:
			return fmt.Errorf("at byte %d: it nests deeper than %d levels", decoder.InputOffset(), maxDepth)
		case depth == 0:
			end := decoder.InputOffset()
			if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("at byte %d: more text follows the value", end)
			}
			return nil
		}
	}
}

// syntaxProblem says where and what, in place of the library's way of saying it.
func syntaxProblem(err error) error {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return err
	}
	what := syntax.Err.Error()
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		what = fmt.Sprintf("the key %q is given twice", syntax.JSONPointer.LastToken())
	case errors.Is(err, io.ErrUnexpectedEOF):
		what = "the text ends before the value does"
	}
	return fmt.Errorf("at byte %d: %s", syntax.ByteOffset, what)
}

// CheckJSON says why a body is not one JSON value as RFC 8259 and I-JSON have it: syntax, a key given twice, bytes that
// are not UTF-8, text after the value, or nesting deeper than maxDepth.
func CheckJSON(body []byte, maxDepth int) error {
	if bytes.HasPrefix(body, byteOrderMark) {
		return errors.New("at byte 0: a byte order mark, which JSON that is sent must not begin with (RFC 8259, section 8.1)")
	}
	return walkJSON(body, maxDepth)
}
