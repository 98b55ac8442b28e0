package client

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// bodyError says what is wrong with a body, of which the beginning may have come.
type bodyError struct {
	text  string
	fault bodyFault
}

// bodyFault is a kind of what can be wrong with a body.
type bodyFault int

const (
	unknownCoding bodyFault = iota // nobody asked for its Content-Encoding
	badPacking                     // it can't be unpacked
	brokenOff                      // the connection broke before its end
	switched                       // the connection is no longer one for HTTP
)

// cutOff reports whether a connection broke before the whole answer came.
func cutOff(err error) bool {
	var body *bodyError
	if errors.As(err, &body) {
		return body.fault == brokenOff
	}
	return connectionLost(err)
}

// hasFault reports whether what is wrong with a body is one of these.
func hasFault(err error, faults ...bodyFault) bool {
	var body *bodyError
	return errors.As(err, &body) && slices.Contains(faults, body.fault)
}

func (e *bodyError) Error() string { return e.text }

// unpacker is what it takes to unpack a gzip body. A new one costs more than most bodies, so it is used again.
type unpacker struct {
	gzip.Reader
	packed bufio.Reader
}

// begin makes it ready for a body.
func (u *unpacker) begin(from io.Reader) error {
	u.packed.Reset(from)
	return u.Reset(&u.packed)
}

// readBody reads the body into the response and unpacks it on the way, so that no more than the limits is ever held,
// however little was sent for it and whatever its length is said to be. Of a body that is over a limit only the beginning
// is kept, and its connection is closed: the rest is not waited for. over is apart from err, which may be why another
// answer ended the run.
func (c *Client) readBody(into *evidence.Response, r Request, from *http.Response, late bool) (over *BodyError, err error) {
	defer func() { _ = from.Body.Close() }() // what was read is what counts
	if from.StatusCode == http.StatusSwitchingProtocols {
		// What follows is no HTTP, has no end, and reading it does not end with the request's time.
		return nil, &bodyError{"the answer is 101 Switching Protocols, which nobody asked for", switched}
	}
	limit, mostValues := c.bounds(r)
	wire := &wireReader{from: from.Body, left: limit + limit/64 + 4096}
	defer func() { into.WireSize = wire.size }()
	body := gathering{client: c, most: limit, late: late, body: c.record.Incoming()}
	if !c.reserve(headerSize(from.Header), late) {
		into.Header, into.Truncated = http.Header{}, true
		return c.tooMuch(r, AllBodies, c.config.MaxHeld), nil
	}
	switch encoding := strings.ToLower(strings.Join(from.Header.Values("Content-Encoding"), ", ")); {
	case r.Method == http.MethodHead, encoding == "", encoding == "identity":
		err = body.readFrom(wire)
	case encoding == "gzip" || encoding == "x-gzip":
		u, ok := c.unpackers.Get().(*unpacker)
		if !ok {
			u = &unpacker{}
		}
		defer c.unpackers.Put(u)
		err = u.begin(wire)
		if errors.Is(err, io.EOF) && wire.size == 0 && wire.err == nil {
			return nil, nil // no body at all needs no unpacking
		}
		if err == nil {
			err = body.readFrom(u)
		}
	default:
		// Packed text could hide what must not be kept; and nobody asked for it.
		return nil, &bodyError{fmt.Sprintf("the body can't be unpacked: its Content-Encoding is %q, where gzip was asked for at most", encoding), unknownCoding}
	}
	switch {
	case errors.Is(err, errAllBodies):
		into.Body, into.Truncated = body.beginning(AllBodies), true
		return c.tooMuch(r, AllBodies, c.config.MaxHeld), nil
	case body.size() > limit || wire.left <= 0:
		into.Body, into.Truncated = body.beginning(OneBody), true
		return c.tooMuch(r, OneBody, limit), nil
	}
	bound, most, heavy := overweight(body.body, mostValues, c.config.MaxBody != DefaultMaxBody)
	if err == nil && heavy {
		into.Body, into.Truncated = body.beginning(bound), true
		return c.tooMuch(r, bound, most), nil
	}
	into.Body = body.body.Body()
	if err != nil {
		return nil, bodyFailure(into, from, wire, err)
	}
	c.learn(r, into.Body, body.body.Counts())
	return nil, nil
}

// tooMuch is the error of an answer that is over a bound.
func (c *Client) tooMuch(r Request, bound Bound, limit int64) *BodyError {
	return &BodyError{Request: c.requestLine(r), Bound: bound, Limit: limit}
}

// bodyFailure tells a body that was cut off from one that is badly packed.
func bodyFailure(into *evidence.Response, from *http.Response, wire *wireReader, err error) error {
	switch {
	case wire.err == nil && from.Header.Get("Content-Encoding") != "":
		return &bodyError{fmt.Sprintf("the gzip body can't be unpacked beyond byte %d: %s", into.Body.Len(), gzipProblem(err)), badPacking}
	case from.ContentLength > 0 && connectionLost(wire.err):
		return &bodyError{fmt.Sprintf("the body was cut off after %d of %d bytes", wire.size, from.ContentLength), brokenOff}
	case connectionLost(wire.err):
		return &bodyError{fmt.Sprintf("the body was cut off after %d bytes", wire.size), brokenOff}
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
