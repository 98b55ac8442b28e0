package suites

import (
	"fmt"
	"math/rand/v2"
)

// combined are the fields that are combined with each other.
var combined = [...]string{"os", "arch", "image_type", "distribution", "category", "version"}

// crossing are up to most pairs of terms whose drives in common are fewer than those of either.
func (lib *Library) crossing(most int) [][2]term {
	return memoize(lib, fmt.Sprintf("%d crossing", most), func(drives []Drive) [][2]term { return lib.findCrossing(drives, most) })
}

func (lib *Library) findCrossing(drives []Drive, most int) [][2]term {
	found := newFinder(drives)
	var pairs [][2]term
	for i, a := range combined {
		for _, b := range combined[i+1:] {
			for _, x := range lib.discriminating(a, 3) {
				for _, y := range lib.discriminating(b, 3) {
					one, other := term{a, []string{x}}, term{b, []string{y}}
					both := found.count(one, other)
					if both > 0 && both < found.count(one) && both < found.count(other) {
						pairs = append(pairs, [2]term{one, other})
					}
				}
			}
		}
	}
	return lib.choose(pairs, most)
}

// binding are up to most pairs of a term with two values and a term with one, for which (a or b) and c is neither
// a or (b and c) nor (a and c) or b.
func (lib *Library) binding(most int) [][2]term {
	return memoize(lib, fmt.Sprintf("%d binding", most), func(drives []Drive) [][2]term { return lib.findBinding(drives, most) })
}

func (lib *Library) findBinding(drives []Drive, most int) [][2]term {
	found := newFinder(drives)
	var pairs [][2]term
	for i, a := range combined {
		for j, b := range combined {
			values := lib.discriminating(a, 3)
			if i == j || len(values) < 2 {
				continue
			}
			for k := range values {
				x, y := values[k], values[(k+1)%len(values)]
				for _, z := range lib.discriminating(b, 2) {
					first, last, one := term{a, []string{x}}, term{a, []string{y}}, term{b, []string{z}}
					firstToo, lastToo := found.count(first, one), found.count(last, one)
					if firstToo > 0 && lastToo > 0 && firstToo < found.count(first) && lastToo < found.count(last) {
						pairs = append(pairs, [2]term{{a, []string{x, y}}, one})
					}
				}
			}
		}
	}
	return lib.choose(pairs, most)
}

// finder counts the drives that match terms of one value, looking at each drive once a term.
type finder struct {
	drives  []Drive
	matches map[string][]bool
}

func newFinder(drives []Drive) finder { return finder{drives, map[string][]bool{}} }

func (f finder) of(t term) []bool {
	key := t.String()
	if known := f.matches[key]; known != nil {
		return known
	}
	column := make([]bool, len(f.drives))
	for i, drive := range f.drives {
		column[i] = t.matches(drive)
	}
	f.matches[key] = column
	return column
}

func (f finder) count(terms ...term) int {
	columns := make([][]bool, len(terms))
	for i, t := range terms {
		columns[i] = f.of(t)
	}
	n := 0
	for i := range f.drives {
		all := true
		for _, column := range columns {
			all = all && column[i]
		}
		if all {
			n++
		}
	}
	return n
}

func (lib *Library) choose(pairs [][2]term, most int) [][2]term {
	rand.New(rand.NewPCG(lib.seed, 4)).Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs[:min(most, len(pairs))]
}

// overlapping are up to most pairs of a list field's values that some drives have both of and some only one.
func (lib *Library) overlapping(field string, most int) [][]string {
	return memoize(lib, fmt.Sprintf("%d overlapping in %s", most, field), func(drives []Drive) [][]string {
		found := newFinder(drives)
		values := lib.discriminating(field, 12)
		var pairs [][]string
		for i, a := range values {
			for _, b := range values[i+1:] {
				one, other := term{field, []string{a}}, term{field, []string{b}}
				both := found.count(one, other)
				if both > 0 && both < found.count(one) && both < found.count(other) && len(pairs) < most {
					pairs = append(pairs, []string{a, b})
				}
			}
		}
		return pairs
	})
}
