package redact

import (
	"iter"
	"math/bits"
)

// byteSet is a set of bytes.
type byteSet [4]uint64

func everyByte() byteSet   { return byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)} }
func beyondASCII() byteSet { return byteSet{2: ^uint64(0), 3: ^uint64(0)} }

func (s *byteSet) add(b byte)      { s[b/64] |= 1 << (b % 64) }
func (s *byteSet) remove(b byte)   { s[b/64] &^= 1 << (b % 64) }
func (s *byteSet) has(b byte) bool { return s[b/64]>>(b%64)&1 != 0 }

func (s *byteSet) join(other byteSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

// and yields the bytes that are in both sets.
func (s *byteSet) and(other byteSet) iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for i := range s {
			for both := s[i] & other[i]; both != 0; both &= both - 1 {
				if !yield(byte(i*64 + bits.TrailingZeros64(both))) {
					return
				}
			}
		}
	}
}
