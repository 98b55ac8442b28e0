package judge

import (
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// Asked is a read that bodies look at. There is one of it in a run, however many of them do: of a large library each looks at
// thousands.
type Asked struct {
	evidence.Read
	key string
}

// Key names the read in the record.
func (a *Asked) Key() string { return a.key }

// oneOf is the one that is asked for by a read.
func (b *Evaluator) oneOf(read evidence.Read) *Asked {
	b.room = read.AppendKey(b.room[:0])
	if known := b.asked[string(b.room)]; known != nil {
		return known
	}
	if b.asked == nil {
		b.asked = map[string]*Asked{}
	}
	asked := &Asked{read, string(b.room)}
	b.asked[asked.key] = asked
	return asked
}

// forget has what a body noted on its way go, where what it came to is all that is wanted of it: of a large library it is
// long, and there is one of each requirement.
func (e *evaluation) forget() {
	e.seen, e.wanted, e.reads, e.lists, e.relied, e.Looked = nil, nil, nil, nil, nil, slices.Clip(slices.Clone(e.Looked))
}
