package evidence

import (
	"bytes"
	"errors"
)

// CheckJSON says why a body is not one JSON value as RFC 8259 and I-JSON have it: syntax, a key given twice, bytes that
// are not UTF-8, text after the value, or nesting deeper than maxDepth.
func CheckJSON(body []byte, maxDepth int) error {
	if bytes.HasPrefix(body, byteOrderMark) {
		return errors.New("at byte 0: a byte order mark, which JSON that is sent must not begin with (RFC 8259, section 8.1)")
	}
	return walkJSON(body, maxDepth)
}
