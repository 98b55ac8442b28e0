package client

import (
	"errors"
	"io"
	"net/http"
)

// gathering is a body on its way. It takes room only for what came, in pieces, so that a length that is not borne out
// costs nothing; each piece is counted against what all answers may hold.
type gathering struct {
	client *Client
	late   bool  // see Client.reserve
	most   int64 // it is given up once it is longer
	pieces [][]byte
	size   int64 // of the pieces
}

// The rooms of pieces: each one twice the one before.
const (
	firstPiece = 4 << 10
	lastPiece  = 1 << 20
)

// errAllBodies says that there is no more room for what answers hold together.
var errAllBodies = errors.New("all answers together hold too much")

// readFrom reads to the end, or until the body is longer than it may be. said is its length, as far as anybody said it.
func (g *gathering) readFrom(from io.Reader, said int64) error {
	room := int64(firstPiece)
	if said >= 0 && said < firstPiece {
		room = said + 1 // the end is seen where nothing more comes
	}
	for g.size <= g.most {
		if !g.client.reserve(room, g.late) {
			return errAllBodies
		}
		piece := make([]byte, room)
		n, err := fill(from, piece)
		g.pieces = append(g.pieces, piece[:n])
		g.size += int64(n)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		room = min(2*room, lastPiece)
	}
	return nil
}

// fill reads until the piece is full, or what is read from ends or breaks. io.ReadFull would not tell these two apart.
func fill(from io.Reader, piece []byte) (n int, err error) {
	for n < len(piece) && err == nil {
		var read int
		read, err = from.Read(piece[n:])
		n += read
	}
	return n, err
}

// bytes is the body in one piece. The pieces are given back.
func (g *gathering) bytes() []byte {
	if len(g.pieces) == 1 && cap(g.pieces[0]) <= firstPiece {
		return g.pieces[0]
	}
	return g.join(g.size)
}

// beginning is as much of the body as is kept where it is over a bound. Where all answers hold too much, that is little.
func (g *gathering) beginning(bound Bound) []byte {
	if bound == AllBodies {
		return g.join(min(g.size, firstPiece))
	}
	return g.join(min(g.size, g.most, mostBeginning))
}

// join is so much of the body in one piece, which is all that is counted from then on.
func (g *gathering) join(length int64) []byte {
	joined := make([]byte, 0, length)
	for _, piece := range g.pieces {
		joined = append(joined, piece[:min(int64(len(piece)), length-int64(len(joined)))]...)
	}
	rooms := int64(0)
	for _, piece := range g.pieces {
		rooms += int64(cap(piece))
	}
	g.client.giveBack(rooms - length)
	g.pieces, g.size = [][]byte{joined}, length
	return joined
}

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
