package evidence

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// Incoming is a body on its way into a record. It is written as it comes, in whatever pieces, and looked at on the way: how
// much a reader would make of it, and which entries it lists, so that those that came before take no room again. What does not
// look like a list is kept as it is.
type Incoming struct {
	store *Store
	k     kept
	part  part
	text  []byte // what came of the part and is not in the store yet
	gap   []byte // what stands before the entry that is read
	comma int    // commas in what stands between two entries
	sums  [2]maphash.Hash
	long  bool  // an entry is longer than LongestEntry
	ended *kept // the body, once it has ended
	ahead int   // bytes that came and are counted as held, but are in no page yet

	// The state of reading it as JSON.
	blind   bool // it is not looked into any more
	quoted  bool
	escaped bool
	depth   int  // -1 outside of the value
	object  bool // the value is an object
	key     keyState
	name    []byte // the key that was read last of the object
	named   bool   // the key `objects` was there
	counts  Counts
	inside  [mostTracked]int // by level, the entries of what is open there
}

// part is what of a body is read.
type part uint8

const (
	inHead  part = iota // what stands before the entries; all of it, where there are none
	between             // before an entry, or after the last one
	inEntry
	inTail // what stands after the entries, or after what could not be told from them
)

// keyState is what is read of the object that is the value.
type keyState uint8

const (
	beforeKey keyState = iota
	inKey
	afterKey // to the end of its value
	beforeValue
)

// Counts are how much a reader makes of a text, sound or not. A text that does not begin as a JSON object or array does is
// not counted.
type Counts struct {
	Values  int64 // in all of it
	Longest int   // entries of one array or object, as far as these do not nest too deep to be looked into
}

// What a list is known by, and its bounds.
const (
	listKey      = "objects"
	mostTracked  = 64  // levels whose entries are counted one by one
	longestGap   = 256 // bytes between two
	longestShort = 16 << 10
)

// LongestEntry is how many bytes an entry of a list may have that is read by itself: a definition has some two thousand.
const LongestEntry = 2 << 20

// Incoming begins a body.
func (r *Record) Incoming() *Incoming { return r.store.incoming() }

func (s *Store) incoming() *Incoming {
	in := &Incoming{store: s, depth: -1}
	for i := range in.sums {
		in.sums[i].SetSeed(s.seeds[i])
	}
	return in
}

// Kept is a body as it is kept in the record.
func (r *Record) Kept(text []byte) Body {
	in := r.Incoming()
	_, _ = in.Write(text) // it never fails
	return in.Body()
}

// Counts are how much what came so far holds.
func (in *Incoming) Counts() Counts { return in.counts }

// Long reports whether an entry of the list that came is longer than LongestEntry, so that it is not read by itself.
func (in *Incoming) Long() bool { return in.long }

// Len is how many bytes came so far.
func (in *Incoming) Len() int { return in.k.size }

// Write takes a further part of the body, and copies what it keeps. It never fails.
func (in *Incoming) Write(p []byte) (int, error) {
	in.k.size += len(p)
	for i := range in.sums {
		_, _ = in.sums[i].Write(p) // it never fails
	}
	from := 0 // what was not taken yet
	for i := 0; i < len(p) && !in.blind; i++ {
		if in.quoted {
			i = in.inText(p, i)
			continue
		}
		b := p[i]
		switch b {
		case ' ', '\n', '\r', '\t':
			continue
		case '"':
			in.quoted = true
			if in.depth == 0 && in.object && in.key == beforeKey {
				in.key, in.name = inKey, in.name[:0]
			}
		case '{', '[':
			in.open()
			switch {
			case in.depth == 0:
				in.object, in.key = b == '{', beforeKey
			case in.beginsList(b):
				in.take(p[from : i+1])
				in.flush()
				in.part, in.comma, from = between, 0, i+1
				continue
			case in.beginsEntry(b) && len(in.text)+i-from <= longestGap:
				in.gap = append(append(in.gap[:0], in.text...), p[from:i]...)
				in.text, in.part, from = in.text[:0], inEntry, i
			}
		case '}', ']':
			in.depth--
			switch {
			case in.depth < -1:
				in.blind = true
			case in.part == inEntry && in.depth == 1:
				in.endEntry(p[from : i+1])
				from = i + 1
				continue
			case in.part == between && in.depth == 0 && in.comma == 0:
				in.k.regular = true
				in.leave()
			}
		case ',':
			in.separate()
		case ':':
			if in.depth == 0 && in.key == afterKey {
				in.key = beforeValue
			}
		default:
			in.blind = in.depth < 0
		}
		if in.part == between && b != ',' {
			in.leave() // something stands there that is no object
		}
	}
	in.take(p[from:])
	in.count(len(in.text) + len(in.gap))
	return len(p), nil
}

// count counts what came and is in no page yet.
func (in *Incoming) count(ahead int) {
	in.store.held.Add(int64(ahead - in.ahead))
	in.ahead = ahead
}

// inText reads what stands in quotes, and returns the place of the last byte of it that is there.
func (in *Incoming) inText(p []byte, i int) int {
	from := i
	for ; i < len(p); i++ {
		switch {
		case in.escaped:
			in.escaped = false
			continue
		case p[i] == '\\':
			in.escaped = true
			continue
		case p[i] != '"':
			continue
		}
		in.quoted = false
		break
	}
	if in.key == inKey {
		if room := len(listKey) + 1 - len(in.name); room > 0 {
			in.name = append(in.name, p[from:min(i, from+room)]...)
		}
		if !in.quoted {
			in.key = afterKey
		}
	}
	return i
}

// open counts what begins an object or an array.
func (in *Incoming) open() {
	in.counts.Values++
	if in.depth++; in.depth < mostTracked {
		in.inside[in.depth] = 1
	}
}

// separate counts an entry that follows a comma.
func (in *Incoming) separate() {
	in.counts.Values++
	if in.depth >= 0 && in.depth < mostTracked {
		in.inside[in.depth]++
		in.counts.Longest = max(in.counts.Longest, in.inside[in.depth])
	}
	if in.depth == 0 {
		in.key = beforeKey
	}
	if in.part == between && in.depth == 1 {
		in.comma++
	}
}

// beginsList reports whether the array that was opened is the list. The first value of the key counts.
func (in *Incoming) beginsList(b byte) bool {
	if in.depth != 1 || in.key != beforeValue || in.named || string(in.name) != listKey {
		return false
	}
	in.named = true
	return b == '[' && in.part == inHead
}

// beginsEntry reports whether the object that was opened is an entry of the list.
func (in *Incoming) beginsEntry(b byte) bool {
	commas := 1
	if len(in.k.entries) == 0 {
		commas = 0
	}
	return b == '{' && in.part == between && in.depth == 2 && in.comma == commas
}

// endEntry keeps an entry whose text ends so.
func (in *Incoming) endEntry(end []byte) {
	text := end
	if len(in.text) > 0 {
		in.text = append(in.text, end...)
		text = in.text
	}
	e := in.store.Keep(text)
	last := len(in.k.entries) - 1
	switch {
	case last < 0 && len(in.gap) > 0:
		in.k.head = append(in.k.head, in.store.put(in.gap))
	case last == 0:
		in.k.gap = string(in.gap)
	case last > 0 && in.k.gap != string(in.gap):
		if in.k.gaps == nil {
			in.k.gaps = map[int]string{}
		}
		in.k.gaps[last] = string(in.gap)
		in.store.held.Add(longestGap)
	}
	in.k.entries = append(in.k.entries, e)
	in.text, in.gap, in.comma, in.part = in.text[:0], in.gap[:0], 0, between
}

// leave takes what follows as it is: the list is at its end, or is none.
func (in *Incoming) leave() {
	in.text = append(bytes.Clone(in.gap), in.text...)
	in.gap, in.part = nil, inTail
}

// take keeps a further part of the text.
func (in *Incoming) take(p []byte) {
	long := in.part == inEntry && len(in.text)+len(p) > LongestEntry
	in.long = in.long || long
	if long || in.part == between && len(in.text)+len(p) > longestGap {
		in.leave()
	}
	for in.part != inEntry && len(in.text)+len(p) > pageSize {
		n := max(0, pageSize-len(in.text))
		in.text = append(in.text, p[:n]...)
		in.flush()
		p = p[n:]
	}
	in.text = append(in.text, p...)
}

// flush keeps what came of the part, which is not an entry.
func (in *Incoming) flush() {
	if len(in.text) == 0 {
		return
	}
	b := in.store.put(in.text)
	in.text = in.text[:0]
	if in.part == inHead {
		in.k.head = append(in.k.head, b)
	} else {
		in.k.tail = append(in.k.tail, b)
	}
}

// Cut is the beginning of what came, where no more of it is wanted. The rest takes no room any more, unless the
// same body came for somebody else. What Body returned is not to be used any more.
func (in *Incoming) Cut(most int) Body {
	all := in.Body()
	if all.kept == nil {
		return all
	}
	begin := all.Beginning(most)
	in.store.forget(all.kept, in.digest())
	begun := in.store.incoming()
	_, _ = begun.Write(begin) // it never fails
	return begun.Body()
}

// Body is the body as it came, which has ended.
func (in *Incoming) Body() Body {
	if in.ended != nil {
		return Body{kept: in.ended}
	}
	defer in.count(0)
	if in.part == between || in.part == inEntry { // it was cut off
		in.leave()
	}
	k := in.k
	if k.size == 0 {
		return Body{}
	}
	k.store, k.entries = in.store, slices.Clone(k.entries) // of the length that it is
	if in.part == inHead && len(k.head) == 0 && k.size <= longestShort {
		k.whole, k.short = in.store.Keep(in.text), true
	} else {
		in.flush()
		k.head, k.tail = in.k.head, in.k.tail // what was just added too
	}
	once := in.store.once(&k, in.digest())
	in.ended = once
	return Body{kept: once}
}

func (in *Incoming) digest() digest { return digest{in.sums[0].Sum64(), in.sums[1].Sum64()} }
