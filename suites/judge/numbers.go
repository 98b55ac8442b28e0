package judge

import "strings"

// Drives are told apart by their uuids over and over, in lists of thousands. So each uuid has a number, by which a set of drives, or
// what is known of each, takes little room and is quickly found.

// numberOf is the number of a drive's uuid.
func (p *parsed) numberOf(d Drive) uint32 {
	if f := d.fields; f != nil && f.number > 0 && f.in != nil && f.in.parsed == p && f.texts[uuidText] == d.UUID {
		return f.number
	}
	return p.numberOfUUID(d.UUID)
}

// numberOfUUID is the number of a uuid. Numbers begin with 1.
func (p *parsed) numberOfUUID(uuid string) uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.named[uuid]; known != nil {
		return known.number
	}
	return p.numbered(named{texts: [2]string{uuid, ""}}, nil).number
}

// mostNames is how many names of one uuid are remembered. A drive has one as a rule, and what has no uuid as many as there are
// of it.
const mostNames = 8

// namedOnce is what a drive is told by, of which there is to be one. The caller holds the lock.
func (p *parsed) namedOnce(n named) *named {
	first := p.named[n.texts[uuidText]]
	many := 0
	for known := first; known != nil; known = known.next {
		if known.strings == n.strings && known.texts[nameText] == n.texts[nameText] {
			return known
		}
		many++
	}
	if many == mostNames {
		first = &named{number: first.number, texts: first.texts} // it is not remembered
	}
	return p.numbered(n, first)
}

// numbered is what a drive is told by, as it is kept, after the first that has its uuid.
func (p *parsed) numbered(n named, first *named) *named {
	if len(p.namedRooms) == 0 {
		p.namedRooms = make([]named, 64)
	}
	own := &p.namedRooms[0]
	p.namedRooms = p.namedRooms[1:]
	*own = named{strings: n.strings, texts: [2]string{"", p.own(n.texts[nameText])}}
	if own.lower = strings.ToLower(own.texts[nameText]); own.lower != own.texts[nameText] {
		own.lower = p.own(own.lower)
	}
	if first == nil {
		p.numbers++
		own.number, own.texts[uuidText] = p.numbers, p.own(n.texts[uuidText])
		p.named[own.texts[uuidText]] = own
		return own
	}
	own.number, own.texts[uuidText] = first.number, first.texts[uuidText]
	own.next, first.next = first.next, own
	return own
}

// own is a copy of a text. Many short ones stand in one piece of memory.
func (p *parsed) own(text string) string {
	const room, long = 16 << 10, 1 << 10
	if len(text) > long {
		return strings.Clone(text)
	}
	if p.texts == nil || p.texts.Cap()-p.texts.Len() < len(text) {
		p.texts = &strings.Builder{}
		p.texts.Grow(room)
	}
	from := p.texts.Len()
	p.texts.WriteString(text)
	return p.texts.String()[from:]
}

// numberSet is a set of numbers.
type numberSet struct {
	bits []uint64
	n    int
}

// add adds a number. It reports whether it is new.
func (s *numberSet) add(number uint32) bool {
	at, bit := int(number/64), uint64(1)<<(number%64)
	if at >= len(s.bits) {
		s.bits = append(s.bits, make([]uint64, at+1-len(s.bits))...)
	}
	if s.bits[at]&bit != 0 {
		return false
	}
	s.bits[at] |= bit
	s.n++
	return true
}

func (s *numberSet) has(number uint32) bool {
	at := int(number / 64)
	return at < len(s.bits) && s.bits[at]&(1<<(number%64)) != 0
}

// byNumber is something that is known of drives by their numbers; what is not is the zero value.
type byNumber[V any] struct{ values []V }

// of is what is known of a number, to be changed.
func (b *byNumber[V]) of(number uint32) *V {
	if missing := int(number) + 1 - len(b.values); missing > 0 {
		b.values = append(b.values, make([]V, missing)...)
	}
	return &b.values[number]
}

// perUUID is a number of something for each uuid of drives; 0 where there is none.
type perUUID struct {
	of     *parsed // who numbers the uuids; nil as long as no drive came that has a number
	counts byNumber[int32]
	others map[string]*int32 // by uuid, as long as nobody numbers them
}

// at is that of a drive's uuid, to be changed.
func (c *perUUID) at(d Drive) *int32 {
	f := d.fields
	if f != nil && f.in != nil && f.number > 0 && f.texts[uuidText] == d.UUID {
		if c.of == nil {
			c.of = f.in.parsed
			for uuid, count := range c.others {
				*c.counts.of(c.of.numberOfUUID(uuid)) = *count
			}
		}
		return c.counts.of(f.number)
	}
	if c.of != nil {
		return c.counts.of(c.of.numberOfUUID(d.UUID))
	}
	if c.others == nil {
		c.others = map[string]*int32{}
	}
	count := c.others[d.UUID]
	if count == nil {
		count = new(int32)
		c.others[d.UUID] = count
	}
	return count
}
