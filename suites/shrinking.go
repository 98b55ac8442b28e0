package suites

import (
	"regexp"
	"strings"
)

// unit is the least part of an escaped input: an escaped character beyond ASCII, an escape, or a character.
var unit = regexp.MustCompile(`(?:%[c-fC-F][0-9a-fA-F])(?:%[89abAB][0-9a-fA-F])+|%[0-9a-fA-F]{2}|(?s:.)`)

// The bounds of shrinking: requests at once, and how long an input may be for each of its characters to be tried.
const (
	mostAtOnce  = 15
	shortEnough = 32
)

// shrink looks for the smallest part of an input that still does harm: the shortest beginning, of that the shortest end,
// and of that what is left without each character that may go. Candidates that were not sent yet are wanted by being
// looked at, and the search goes on when the body runs again; meanwhile it returns the smallest known.
func (lib *Library) shrink(input string, harms func(candidate string) (harm, known bool)) string {
	units := unit.FindAllString(input, -1)
	n, done := shortest(len(units), func(n int) (bool, bool) { return harms(strings.Join(units[:n], "")) })
	units = units[:n]
	if !done {
		return strings.Join(units, "")
	}
	n, done = shortest(len(units), func(n int) (bool, bool) { return harms(strings.Join(units[len(units)-n:], "")) })
	units = units[len(units)-n:]
	for done && len(units) > 1 && len(units) <= shortEnough {
		smaller := units
		for i := range units {
			without := append(append([]string{}, units[:i]...), units[i+1:]...)
			harm, known := harms(strings.Join(without, ""))
			done = done && known
			if harm && len(smaller) == len(units) {
				smaller = without
			}
		}
		if !done || len(smaller) == len(units) {
			break
		}
		units = smaller
	}
	return strings.Join(units, "")
}

// shortest looks for the least length that does harm, given that the whole length does, as if all greater ones did. It
// tries many lengths at once, because each round of requests costs a round trip. done is false where some are not known
// yet.
func shortest(length int, harms func(n int) (harm, known bool)) (least int, done bool) {
	none := 0 // the greatest length that is known to do no harm
	for length-none > 1 {
		step := max(1, (length-none+mostAtOnce)/(mostAtOnce+1))
		known := true
		next, without := length, none
		for n := none + step; n < length; n += step {
			harm, answered := harms(n)
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
