package material

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/libdrives/conformance/suites/judge"
)

// combined are the fields that are combined with each other.
var combined = [...]string{"os", "arch", "image_type", "distribution", "category", "version"}

// Crossing are up to most pairs of terms whose drives in common are fewer than those of either.
func Crossing(lib *judge.Library, most int) [][2]Term {
	return judge.MemoizeText(lib, fmt.Sprintf("%d crossing", most), func(drives []judge.Drive) [][2]Term { return findCrossing(lib, drives, most) })
}

func findCrossing(lib *judge.Library, drives []judge.Drive, most int) [][2]Term {
	found := newFinder(drives)
	var pairs [][2]Term
	for i, a := range combined {
		for _, b := range combined[i+1:] {
			for _, x := range Discriminating(lib, a, 3) {
				for _, y := range Discriminating(lib, b, 3) {
					one, other := Term{a, []string{x}}, Term{b, []string{y}}
					both := found.count(one, other)
					if both > 0 && both < found.count(one) && both < found.count(other) {
						pairs = append(pairs, [2]Term{one, other})
					}
				}
			}
		}
	}
	return choosePairs(lib, pairs, most)
}

// Binding are up to most pairs of a term with two values and a term with one, for which (a or b) and c is neither
// a or (b and c) nor (a and c) or b.
func Binding(lib *judge.Library, most int) [][2]Term {
	return judge.MemoizeText(lib, fmt.Sprintf("%d binding", most), func(drives []judge.Drive) [][2]Term { return findBinding(lib, drives, most) })
}

func findBinding(lib *judge.Library, drives []judge.Drive, most int) [][2]Term {
	found := newFinder(drives)
	var pairs [][2]Term
	for i, a := range combined {
		for j, b := range combined {
			values := Discriminating(lib, a, 3)
			if i == j || len(values) < 2 {
				continue
			}
			for k := range values {
				x, y := values[k], values[(k+1)%len(values)]
				for _, z := range Discriminating(lib, b, 2) {
					first, last, one := Term{a, []string{x}}, Term{a, []string{y}}, Term{b, []string{z}}
					firstToo, lastToo := found.count(first, one), found.count(last, one)
					if firstToo > 0 && lastToo > 0 && firstToo < found.count(first) && lastToo < found.count(last) {
						pairs = append(pairs, [2]Term{{a, []string{x, y}}, one})
					}
				}
			}
		}
	}
	return choosePairs(lib, pairs, most)
}

// Triples are up to most threes of terms of which none can be left out: fewer drives match all three than any two of them.
func Triples(lib *judge.Library, most int) [][]Term {
	return judge.MemoizeText(lib, fmt.Sprintf("%d triples", most), func(drives []judge.Drive) [][]Term {
		found := newFinder(drives)
		var triples [][]Term
		for i, a := range combined {
			for j, b := range combined[i+1:] {
				for _, c := range combined[i+1+j+1:] {
					triples = append(triples, triplesOf(lib, found, a, b, c)...)
				}
			}
		}
		rand.New(rand.NewPCG(lib.Seed, 7)).Shuffle(len(triples), func(i, j int) { triples[i], triples[j] = triples[j], triples[i] })
		return triples[:min(most, len(triples))]
	})
}

func triplesOf(lib *judge.Library, found finder, a, b, c string) (triples [][]Term) {
	for _, x := range Discriminating(lib, a, 3) {
		for _, y := range Discriminating(lib, b, 3) {
			for _, z := range Discriminating(lib, c, 3) {
				one, two, three := Where(a, x), Where(b, y), Where(c, z)
				all := found.count(one, two, three)
				if all > 0 && all < found.count(one, two) && all < found.count(one, three) && all < found.count(two, three) {
					triples = append(triples, []Term{one, two, three})
				}
			}
		}
	}
	return triples
}

// finder counts the drives that match terms of one value, looking at each drive once a term.
type finder struct {
	drives  []judge.Drive
	matches map[string]places
}

func newFinder(drives []judge.Drive) finder { return finder{drives, map[string]places{}} }

func (f finder) of(t Term) places {
	key := t.key()
	known, is := f.matches[key]
	if !is {
		known = matchingOf(f.drives, []Term{t})
		f.matches[key] = known
	}
	return known
}

func (f finder) count(terms ...Term) int {
	all := f.of(terms[0])
	if len(terms) == 1 {
		return all.n
	}
	all.bits = slices.Clone(all.bits)
	for _, t := range terms[1:] {
		all.and(f.of(t))
	}
	return all.n
}

func choosePairs(lib *judge.Library, pairs [][2]Term, most int) [][2]Term {
	rand.New(rand.NewPCG(lib.Seed, 4)).Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs[:min(most, len(pairs))]
}

// Overlapping are up to most pairs of a list field's values that some drives have both of and some only one.
func Overlapping(lib *judge.Library, field string, most int) [][]string {
	return judge.MemoizeText(lib, fmt.Sprintf("%d overlapping in %s", most, field), func(drives []judge.Drive) [][]string {
		found := newFinder(drives)
		values := Discriminating(lib, field, 12)
		var pairs [][]string
		for i, a := range values {
			for _, b := range values[i+1:] {
				one, other := Term{field, []string{a}}, Term{field, []string{b}}
				both := found.count(one, other)
				if both > 0 && both < found.count(one) && both < found.count(other) && len(pairs) < most {
					pairs = append(pairs, []string{a, b})
				}
			}
		}
		return pairs
	})
}
