package client

import (
	"errors"
	"io"
	"net/http"

	"github.com/libdrives/conformance/suites/evidence"
)

// gathering is a body on its way into the record. It takes room only for what came, so that a length that is not borne out
// costs nothing; what is in memory is counted against what all answers may hold.
type gathering struct {
	client *Client
	late   bool  // see Client.reserve
	most   int64 // it is given up once it is longer
	body   *evidence.Incoming
}

// readSize is how much of a body is read at a time.
const readSize = 32 << 10

// errAllBodies says that there is no more room for what answers hold together.
var errAllBodies = errors.New("all answers together hold too much")

// readFrom reads to the end, or until the body is longer than it may be.
func (g *gathering) readFrom(from io.Reader) error {
	room, ok := g.client.rooms.Get().(*[readSize]byte)
	if !ok {
		room = new([readSize]byte)
	}
	defer g.client.rooms.Put(room)
	for g.size() <= g.most {
		n, err := from.Read(room[:min(readSize, g.most+1-g.size())])
		_, _ = g.body.Write(room[:n]) // it never fails
		if !g.client.reserve(0, g.late) {
			return errAllBodies
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// size is how many bytes came.
func (g *gathering) size() int64 { return int64(g.body.Len()) }

// beginning is as much of the body as is kept where it is over a bound. Where all answers hold too much, that is little.
func (g *gathering) beginning(bound Bound) evidence.Body {
	most := min(g.size(), g.most, mostBeginning)
	if bound == AllBodies {
		most = min(g.size(), leastBeginning)
	}
	return g.body.Cut(int(most))
}

// leastBeginning is how much of a body is kept where there is no room for more.
const leastBeginning = 4 << 10

// headerSize is about what the headers of an answer hold.
func headerSize(header http.Header) int64 {
	n := 0
	for name, values := range header {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return int64(n)
}
