package show

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDifferingFindsTheSmallestDifference(t *testing.T) {
	for _, c := range []struct{ a, b, onlyA, onlyB string }{
		{"", "", "", ""},
		{"a", "a", "", ""},
		{"a", "", "a", ""},
		{"", "a", "", "a"},
		{"a b c", "a x c", "b", "x"},
		{"a b c d", "a c d", "b", ""},
		{"a c d", "a b c d e", "", "b e"},
		{"x", "y", "x", "y"},
	} {
		a, b := strings.Fields(c.a), strings.Fields(c.b)
		inA, inB, found := Differing(a, b, 10)
		if !found || chosen(a, inA) != c.onlyA || chosen(b, inB) != c.onlyB {
			t.Errorf("between %q and %q, %q and %q should differ; told: %t, %q and %q", c.a, c.b, c.onlyA, c.onlyB, found, chosen(a, inA), chosen(b, inB))
		}
	}
	if _, _, found := Differing(strings.Fields("a b c d"), strings.Fields("e f g h"), 7); found {
		t.Error("texts that differ in more than the bound have a difference told; none should be")
	}
}

func chosen(words []string, which []bool) string {
	var kept []string
	for i, word := range words {
		if which[i] {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

func TestWhatDoesNotDifferIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 30)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		inA, inB, found := Differing(a, b, 60)
		if !found {
			t.Fatalf("%q and %q differ in less than the bound, and nothing is told", a, b)
		}
		rest := func(words []string, which []bool) []string {
			var kept []string
			for i, word := range words {
				if !which[i] {
					kept = append(kept, word)
				}
			}
			return kept
		}
		if !slices.Equal(rest(a, inA), rest(b, inB)) {
			t.Fatalf("without what differs, %q and %q should be the same; they are %q and %q", a, b, rest(a, inA), rest(b, inB))
		}
	})
}
