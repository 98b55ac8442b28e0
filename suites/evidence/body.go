package evidence

import (
	"bytes"
	"io"
	"slices"
)

// Body is what came as the body of a response, byte for byte. That of an exchange in a record is kept in the record's store,
// and read back when it is asked for. The zero value is an empty one.
type Body struct {
	held []byte // all of it, where it is in no store
	kept *kept
}

// kept is a body in a store: its text, or, of a list, what stands before its entries, these, and what stands after them.
type kept struct {
	store   *Store
	size    int
	head    []blob
	entries []Entry
	gap     string         // what stands between most of the entries
	gaps    map[int]string // what stands after an entry where that is something else
	tail    []blob
	whole   Entry // all of it, where it is short and no list
	short   bool
	regular bool // the entries are all that its array `objects` has, objects each
	clean   *cleaning
	users   int // how many bodies came that are this one; guarded by the store's lock
}

// BodyOf is a body in memory.
func BodyOf(text []byte) Body { return Body{held: text} }

// Len is how many bytes it has.
func (b Body) Len() int {
	if b.kept != nil {
		return b.kept.size
	}
	return len(b.held)
}

// Bytes is all of it. It is not to be changed. Of a long list, Entries and Frame take less room.
func (b Body) Bytes() []byte {
	switch {
	case b.kept == nil:
		return b.held
	case b.kept.clean != nil:
		return b.kept.clean.bytes()
	}
	text := make([]byte, 0, b.kept.size)
	b.kept.parts(func(part []byte) bool {
		text = append(text, part...)
		return true
	})
	return text
}

// Beginning is as much of it as so many bytes hold. It is not to be changed.
func (b Body) Beginning(most int) []byte {
	if b.kept == nil || b.kept.clean != nil {
		text := b.Bytes()
		return text[:min(len(text), most)]
	}
	var text []byte
	b.kept.parts(func(part []byte) bool {
		text = append(text, part...)
		return len(text) < most
	})
	return text[:min(len(text), most)]
}

// Reader reads it from its beginning, a part at a time.
func (b Body) Reader() io.Reader {
	if b.kept == nil || b.kept.clean != nil {
		return bytes.NewReader(b.Bytes())
	}
	return &bodyReader{of: b.kept}
}

// Equal reports whether both are the same text.
func (b Body) Equal(other Body) bool {
	if b.Len() != other.Len() {
		return false
	}
	if one, two := b.kept, other.kept; b.IsList() && other.IsList() && one.store == two.store && one.gap == two.gap && len(one.gaps)+len(two.gaps) == 0 {
		return slices.Equal(one.entries, two.entries) && bytes.Equal(one.store.readAll(nil, one.head), two.store.readAll(nil, two.head)) &&
			bytes.Equal(one.store.readAll(nil, one.tail), two.store.readAll(nil, two.tail))
	}
	return bytes.Equal(b.Bytes(), other.Bytes())
}

// IsList reports whether it is an object with an array `objects` of objects, as far as can be told without looking into
// these. Then Entries are those, and Frame is what stands around them.
func (b Body) IsList() bool { return b.kept != nil && b.kept.regular && b.kept.clean == nil }

// Entries are those of a list. They are not to be changed.
func (b Body) Entries() []Entry { return b.kept.entries }

// Frame is a list without its entries.
func (b Body) Frame() []byte {
	return b.kept.store.readAll(b.kept.store.readAll(nil, b.kept.head), b.kept.tail)
}

// Store is where a body of a record is kept; nil where it is in none, or empty.
func (b Body) Store() *Store {
	if b.kept == nil {
		return nil
	}
	return b.kept.store
}

// Key is what two bodies of a record have in common that are the same text; nil where the body is in no record.
func (b Body) Key() any {
	if b.kept == nil {
		return nil
	}
	return b.kept
}

// Whole is the body as an entry; is holds where it is short, and no list.
func (b Body) Whole() (e Entry, is bool) {
	if b.kept == nil || b.kept.clean != nil {
		return 0, false
	}
	return b.kept.whole, b.kept.short
}

// StrictEntries reports whether each entry of a list is one JSON value as CheckJSON has it.
func (b Body) StrictEntries(maxDepth int) bool {
	const above = 2 // levels that entries of a list stand in
	for _, e := range b.kept.entries {
		if !b.kept.store.strict(e, maxDepth-above) {
			return false
		}
	}
	return true
}

// cleaning is how secrets are removed from a body when it is read.
type cleaning struct {
	of *kept
	by cleaner
}

// without is the body without secrets, and whether there are any.
func (b Body) without(m cleaner) (Body, bool) {
	switch {
	case b.kept == nil:
		text, found := m.Bytes(b.held)
		return Body{held: text}, found
	case b.kept.clean != nil:
		return b, false
	}
	found := false
	if many, ok := m.(interface{ holds(*kept) bool }); ok {
		found = many.holds(b.kept)
	} else {
		found = b.kept.searched(m)
	}
	if !found {
		return b, false
	}
	text, _ := m.Bytes(b.Bytes())
	return Body{kept: &kept{store: b.kept.store, size: len(text), clean: &cleaning{b.kept, m}}}, true
}

// bytes is the text without secrets.
func (c *cleaning) bytes() []byte {
	text, _ := c.by.Bytes(Body{kept: c.of}.Bytes())
	return text
}

// searched reports whether a secret stands in the body.
func (k *kept) searched(m cleaner) bool {
	return k.holds(m, func(e Entry) bool {
		_, found := m.Bytes(k.store.Text(e))
		return found
	})
}

// holds reports whether a secret stands in the body. Of a list each entry is looked at by itself.
func (k *kept) holds(m cleaner, inEntry func(Entry) bool) bool {
	if k.short {
		return inEntry(k.whole)
	}
	for _, around := range [][]blob{k.head, k.tail} {
		var room []byte
		for _, part := range around { // with the end of the part before it: a secret may stand across
			room = append(room[:0], room[max(0, len(room)-longestHidden):]...)
			room = k.store.read(room, part)
			if _, found := m.Bytes(room); found {
				return true
			}
		}
	}
	return slices.ContainsFunc(k.entries, inEntry)
}

// longestHidden is how long a secret may be, in whatever way it is written, that stands across two parts of a text.
const longestHidden = 8 << 10

// parts gives the text piece by piece, until it is not wanted any more.
func (k *kept) parts(yield func([]byte) bool) {
	var room []byte
	each := func(b blob) bool {
		room = k.store.read(room[:0], b)
		return yield(room)
	}
	if k.short {
		yield(k.store.Text(k.whole))
		return
	}
	for _, b := range k.head {
		if !each(b) {
			return
		}
	}
	for i, e := range k.entries {
		if !each(k.store.row(e)) || i < len(k.entries)-1 && !yield([]byte(k.after(i))) {
			return
		}
	}
	for _, b := range k.tail {
		if !each(b) {
			return
		}
	}
}

// after is what stands between an entry and the next one.
func (k *kept) after(i int) string {
	if other, is := k.gaps[i]; is {
		return other
	}
	return k.gap
}

func (s *Store) row(e Entry) blob {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[e].blob
}

func (s *Store) readAll(into []byte, blobs []blob) []byte {
	for _, b := range blobs {
		into = s.read(into, b)
	}
	return into
}

// bodyReader reads a body part by part. It keeps its place in it by the number of the part.
type bodyReader struct {
	of   *kept
	part int
	rest []byte
	room []byte
}

func (r *bodyReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if !r.next() {
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next takes the next part: of the head, the entries with what stands between them, the tail.
func (r *bodyReader) next() bool {
	k, at := r.of, r.part
	r.part++
	if k.short {
		r.rest = k.store.Text(k.whole)
		return at == 0
	}
	between := max(0, 2*len(k.entries)-1)
	switch {
	case at < len(k.head):
		r.room = k.store.read(r.room[:0], k.head[at])
	case at < len(k.head)+between:
		at -= len(k.head)
		if at%2 == 1 {
			r.room = append(r.room[:0], k.after(at/2)...)
		} else {
			r.room = k.store.read(r.room[:0], k.store.row(k.entries[at/2]))
		}
	case at < len(k.head)+between+len(k.tail):
		r.room = k.store.read(r.room[:0], k.tail[at-len(k.head)-between])
	default:
		return false
	}
	r.rest = r.room
	return true
}
