// Package minimize looks for the smallest part of an input that still does harm, so that a finding shows no more than it
// takes. What harm is, and how a candidate is tried, is the caller's to say: the package knows of no request.
package minimize

import (
	"slices"
	"strings"
)

// Search looks for the smallest part of an input that still does harm, for whoever has to understand the harm.
type Search struct {
	// AtOnce is how many candidates are tried before it goes on: many where they are asked for side by side, for then
	// each round costs a round trip; one where each is asked for in turn.
	AtOnce int
	// Harms says whether a candidate does harm. Where that is not known (yet), the search ends, with the smallest that is
	// known to: run again, it goes on from there.
	Harms func(candidate string) (harm, known bool)
}

// mostPieces is into how many pieces an input is taken apart to try it without each: so many for each size of a piece.
const mostPieces = 32

// Smallest is the smallest part found of an input, given in its units, the least parts that make sense: the shortest
// beginning, of that the shortest end, and of that what is left without each piece that may go, from large pieces to
// single units. An input that is long is not tried without each of its units.
func (s Search) Smallest(units []string) string {
	n, done := s.shortest(len(units), func(n int) []string { return units[:n] })
	units = units[:n]
	if done {
		n, done = s.shortest(len(units), func(n int) []string { return units[len(units)-n:] })
		units = units[len(units)-n:]
	}
	for size := max(1, len(units)/2); done && len(units) <= size*mostPieces; size = max(1, size/2) {
		before := len(units)
		units, done = s.without(units, size)
		if size == 1 && len(units) == before {
			break
		}
	}
	return strings.Join(units, "")
}

// shortest looks for the least length that does harm, given that the whole length does, as if all greater ones did. done
// is false where some are not known.
func (s Search) shortest(length int, part func(n int) []string) (least int, done bool) {
	none := 0 // the greatest length that is known to do no harm
	for length-none > 1 {
		step := max(1, (length-none+s.AtOnce)/(s.AtOnce+1))
		known := true
		next, without := length, none
		for n := none + step; n < length; n += step {
			harm, answered := s.Harms(strings.Join(part(n), ""))
			known = known && answered
			if harm && n < next {
				next = n
			}
			if !harm && n < next {
				without = n
			}
		}
		if !known {
			return length, false
		}
		length, none = next, without
	}
	return length, true
}

// without leaves out each piece of a size that may go, one after another. done is false where some are not known.
func (s Search) without(units []string, size int) (left []string, done bool) {
	for at := 0; at < len(units); {
		known, goes := true, -1
		next := at
		for range s.AtOnce {
			if next >= len(units) {
				break
			}
			rest := slices.Delete(slices.Clone(units), next, min(next+size, len(units)))
			if len(rest) > 0 { // nothing at all is another input
				harm, answered := s.Harms(strings.Join(rest, ""))
				known = known && answered
				if harm && goes < 0 {
					goes = next
				}
			}
			next += size
		}
		switch {
		case !known:
			return units, false
		case goes < 0:
			at = next
		default:
			units, at = slices.Delete(slices.Clone(units), goes, min(goes+size, len(units))), goes
		}
	}
	return units, true
}
