package judge

import (
	"slices"
	"sync"

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

// askedReads are the reads that bodies looked at. They may be used by many goroutines at once.
type askedReads struct {
	mu    sync.Mutex
	known map[string]*Asked // by their keys
	room  []byte            // for a key
}

// oneOf is the one that is asked for by a read.
func (a *askedReads) oneOf(read evidence.Read) *Asked {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.room = read.AppendKey(a.room[:0])
	if known := a.known[string(a.room)]; known != nil {
		return known
	}
	if a.known == nil {
		a.known = map[string]*Asked{}
	}
	asked := &Asked{read, string(a.room)}
	a.known[asked.key] = asked
	return asked
}

// by is the one that has a key; nil where none was asked for.
func (a *askedReads) by(key string) *Asked {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known[key]
}

// forget has what a body noted on its way go, where what it came to is all that is wanted of it: of a large library it is
// long, and there is one of each requirement.
func (e *evaluation) forget() {
	if len(e.Blocks)+len(e.Wants)+len(e.Awaited) > 0 || e.SubjectsJudged() == 0 {
		return // why it is not judged may take further looks
	}
	e.seen, e.wanted, e.reads, e.lists, e.relied, e.Looked = nil, nil, nil, nil, nil, slices.Clip(slices.Clone(e.Looked))
}
