package collect

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// bodyError says what is wrong with a body, of which the beginning may have come.
type bodyError struct{ text string }

func (e *bodyError) Error() string { return e.text }

// readBody reads the body into the response and unpacks it on the way, so that no more than the limit is ever held,
// however little was sent for it.
func readBody(into *evidence.Response, method string, from *http.Response, limit int64) error {
	defer func() { _ = from.Body.Close() }() // what was read is what counts
	wire := &wireReader{from: from.Body, left: limit + limit/64 + 4096}
	defer func() { into.WireSize = wire.size }()
	encoding := strings.ToLower(strings.Join(from.Header.Values("Content-Encoding"), ", "))
	var unpacked io.Reader = wire
	switch {
	case method == http.MethodHead, encoding == "", encoding == "identity":
	case encoding == "gzip" || encoding == "x-gzip":
		packed, err := gzip.NewReader(wire)
		if errors.Is(err, io.EOF) && wire.size == 0 && wire.err == nil {
			return nil // no body at all needs no unpacking
		}
		if err != nil {
			return bodyFailure(into, from, wire, err)
		}
		unpacked = packed
	default:
		// Packed text could hide what must not be kept; and nobody asked for it.
		return &bodyError{fmt.Sprintf("the body can't be unpacked: its Content-Encoding is %q, where gzip was asked for at most", encoding)}
	}
	var body bytes.Buffer
	if from.ContentLength > 0 && unpacked == io.Reader(wire) {
		body.Grow(int(min(from.ContentLength, limit)) + bytes.MinRead)
	}
	_, err := body.ReadFrom(io.LimitReader(unpacked, limit+1))
	into.Body = body.Bytes()
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
