package material

import (
	"slices"
	"strconv"

	"github.com/libdrives/conformance/suites/judge"
)

// kinds are the kinds of some drives: those of a kind have the same texts in the fields that queries look at, and are found by the
// same. Thousands of queries and ways are tried on them.
type kinds struct {
	all      []judge.Drive
	drives   []judge.Drive // the first of each kind
	of       []int         // the kind of each of all
	columns  map[string][]bool
	prepared map[prepared][][]string
}

// prepared is a field, as a comparison takes its texts.
type prepared struct {
	by    *comparison
	field string
}

// kindsOf are those of the fields that a query looks at.
func kindsOf(drives []judge.Drive, query []Term) *kinds {
	k := &kinds{all: drives, of: make([]int, len(drives)), columns: map[string][]bool{}, prepared: map[prepared][][]string{}}
	seen := map[string]int{}
	var texts []byte
	for i, drive := range drives {
		texts = appendTexts(texts[:0], drive, query)
		kind, known := seen[string(texts)]
		if !known {
			kind = len(k.drives)
			seen[string(texts)] = kind
			k.drives = append(k.drives, drive)
		}
		k.of[i] = kind
	}
	return k
}

// appendTexts appends the texts of a drive in the fields that a query looks at, each with its length.
func appendTexts(to []byte, drive judge.Drive, query []Term) []byte {
	for _, t := range query {
		for _, text := range drive.Look().Strings(field(t)) {
			to = append(strconv.AppendInt(to, int64(len(text)), 10), ':')
			to = append(to, text...)
		}
		to = append(to, ';')
	}
	return to
}

// tellOf says of each way whether it finds something else by a query than is right.
func (k *kinds) tellOf(ways []Way, query []Term) []bool {
	rightly := k.matching(query)
	tells := make([]bool, len(ways))
	for i := range ways {
		tells[i] = k.isTold(&ways[i], query, rightly)
	}
	return tells
}

// isTold reports whether the way finds something else than is right; rightly says of each kind whether it is to be found.
func (k *kinds) isTold(w *Way, query []Term, rightly []bool) bool {
	switch {
	case w.compares != nil:
		return k.isToldByComparing(w.compares, query, rightly)
	case w.asks != nil:
		changed := w.asks(query)
		return !sameTerms(changed, query) && !slices.Equal(k.matching(changed), rightly)
	case w.first > 0:
		return slices.ContainsFunc(k.of[min(w.first, len(k.of)):], func(kind int) bool { return rightly[kind] })
	case w.finds != nil:
		finds := w.finds(query)
		for kind, drive := range k.drives {
			if finds(kind, drive) != rightly[kind] {
				return true
			}
		}
		return false
	}
	var right []judge.Drive
	for i, drive := range k.all {
		if rightly[k.of[i]] {
			right = append(right, drive)
		}
	}
	return !sameDrives(right, w.drives(k.all, query))
}

func (k *kinds) isToldByComparing(c *comparison, query []Term, rightly []bool) bool {
	values, texts := c.valuesOf(query), make([][][]string, len(query))
	for i, t := range query {
		texts[i] = k.textsFor(c, field(t))
	}
	for kind, right := range rightly {
		found := true
		for i := range query {
			found = found && c.fitsAny(texts[i][kind], values[i])
		}
		if found != right {
			return true
		}
	}
	return false
}

// textsFor are the texts of each kind as a comparison takes them.
func (k *kinds) textsFor(c *comparison, field string) [][]string {
	key := prepared{c, field}
	known := k.prepared[key]
	if known == nil {
		known = make([][]string, len(k.drives))
		for kind, drive := range k.drives {
			known[kind] = c.all(drive.Look().Strings(field), c.ofText)
		}
		k.prepared[key] = known
	}
	return known
}

// matching says of each kind whether it matches every term.
func (k *kinds) matching(query []Term) []bool {
	all := slices.Repeat([]bool{true}, len(k.drives))
	for _, t := range query {
		for kind, matches := range k.column(t) {
			all[kind] = all[kind] && matches
		}
	}
	return all
}

// column says of each kind whether it matches a term.
func (k *kinds) column(t Term) []bool {
	key := t.key()
	known := k.columns[key]
	if known == nil {
		known = make([]bool, len(k.drives))
		t.each(k.drives, func(kind int) { known[kind] = true })
		k.columns[key] = known
	}
	return known
}

// key differs where two terms do.
func (t Term) key() string {
	text := []byte(t.Filter)
	for _, value := range t.values {
		text = append(strconv.AppendInt(append(text, ' '), int64(len(value)), 10), ':')
		text = append(text, value...)
	}
	return string(text)
}

func sameTerms(a, b []Term) bool {
	return slices.EqualFunc(a, b, func(one, other Term) bool {
		return one.Filter == other.Filter && slices.Equal(one.values, other.values)
	})
}
