package collect

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/libdrives/conformance/suites/evidence"
)

// bodyError says what is wrong with a body, of which the beginning may have come.
type bodyError struct{ text string }

func (e *bodyError) Error() string { return e.text }

// unpacker is what it takes to unpack a gzip body. A new one costs more than most bodies, so it is used again.
type unpacker struct {
	gzip.Reader
	text bytes.Buffer // what was unpacked, until it is known how long it is
}

// mostKept is the most room that an unpacker keeps for the next body.
const mostKept = 1 << 20

// readBody reads the body into the response and unpacks it on the way, so that no more than the limit is ever held,
// however little was sent for it. Unpackers are taken from the pool and put back.
func readBody(into *evidence.Response, method string, from *http.Response, limit int64, unpackers *sync.Pool) error {
	defer func() { _ = from.Body.Close() }() // what was read is what counts
	wire := &wireReader{from: from.Body, left: limit + limit/64 + 4096}
	defer func() { into.WireSize = wire.size }()
	var err error
	switch encoding := strings.ToLower(strings.Join(from.Header.Values("Content-Encoding"), ", ")); {
	case method == http.MethodHead, encoding == "", encoding == "identity":
		var body bytes.Buffer
		if from.ContentLength > 0 {
			body.Grow(int(min(from.ContentLength, limit)) + bytes.MinRead)
		}
		_, err = body.ReadFrom(io.LimitReader(wire, limit+1))
		into.Body = body.Bytes()
	case encoding == "gzip" || encoding == "x-gzip":
		u, ok := unpackers.Get().(*unpacker)
		if !ok {
			u = &unpacker{}
		}
		defer u.putBack(unpackers)
		err = u.Reset(wire)
		if errors.Is(err, io.EOF) && wire.size == 0 && wire.err == nil {
			return nil // no body at all needs no unpacking
		}
		if err == nil {
			_, err = u.text.ReadFrom(io.LimitReader(u, limit+1))
			into.Body = bytes.Clone(u.text.Bytes())
		}
	default:
		// Packed text could hide what must not be kept; and nobody asked for it.
		return &bodyError{fmt.Sprintf("the body can't be unpacked: its Content-Encoding is %q, where gzip was asked for at most", encoding)}
	}
	if int64(len(into.Body)) > limit || wire.left <= 0 {
		into.Body = into.Body[:min(int64(len(into.Body)), limit)]
		into.Truncated = true
		return &bodyError{fmt.Sprintf("the body is longer than %s, of which no more is read", size(limit))}
	}
	if err != nil {
		return bodyFailure(into, from, wire, err)
	}
	return nil
}

// putBack keeps the unpacker for another body, unless this one was so long that its room would be kept for nothing.
func (u *unpacker) putBack(unpackers *sync.Pool) {
	if u.text.Cap() <= mostKept {
		u.text.Reset()
		unpackers.Put(u)
	}
}

// bodyFailure tells a body that was cut off from one that is badly packed.
func bodyFailure(into *evidence.Response, from *http.Response, wire *wireReader, err error) error {
	switch {
	case wire.err == nil && from.Header.Get("Content-Encoding") != "":
		return &bodyError{fmt.Sprintf("the gzip body can't be unpacked beyond byte %d: %s", len(into.Body), gzipProblem(err))}
	case from.ContentLength > 0 && connectionLost(wire.err):
		return &bodyError{fmt.Sprintf("the body was cut off after %d of %d bytes", wire.size, from.ContentLength)}
	case connectionLost(wire.err):
		return &bodyError{fmt.Sprintf("the body was cut off after %d bytes", wire.size)}
	}
	return fmt.Errorf("the body can't be read beyond byte %d: %w", wire.size, err)
}

func gzipProblem(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it ends too early"
	case errors.Is(err, gzip.ErrHeader):
		return "it is not gzip"
	case errors.Is(err, gzip.ErrChecksum):
		return "its checksum is wrong"
	}
	return "it is not sound"
}

// wireReader counts what came, bounds it, and remembers how it ended.
type wireReader struct {
	from io.Reader
	size int
	left int64
	err  error // why it broke off; nil where it ended as it should
}

func (r *wireReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.size += n
	r.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// size writes a number of bytes as people do.
func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
