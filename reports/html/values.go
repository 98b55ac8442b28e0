package html

import (
	"regexp"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// differingParts finds what differs between an expected and a found value. Both are sentences of a few forms; where none
// fits, nothing is said to differ: all of it may.
func differingParts(expected, found string) (inExpected, inFound []span) {
	for _, form := range []func(string, string) ([]span, []span){
		besideEachOther, countedDrives, answered, exactly, keyed, alike,
	} {
		if inExpected, inFound = form(expected, found); len(inExpected)+len(inFound) > 0 {
			return inExpected, inFound
		}
	}
	return nil, nil
}

var (
	sameAs      = regexp.MustCompile(`(?:^|: )the same as in (.+)$`)
	keyPaths    = regexp.MustCompile(`^(?:[\w.\[\]]+: )*`)
	countAtEnd  = regexp.MustCompile(`\((\d+) (\w+?)s?\)$`)
	firstCount  = regexp.MustCompile(`^(\d+) (\w+?)s?(?:\n|$)`)
	listedItem  = regexp.MustCompile(`(?m)^[a-z ]+: (.+)$`)
	statusText  = regexp.MustCompile(`^(?:status )?(\d{3}\b[^:\n]*)`)
	statusClass = regexp.MustCompile(`^a (\dxx)\b`)
	answersNot  = regexp.MustCompile(` answers (\d{3}), not `)
	keyPath     = regexp.MustCompile(`^([A-Za-z_][\w-]*(?:\.\w+|\[\d+\])*): `)
	anyWord     = regexp.MustCompile(`\w+`)
)

// besideEachOther is "the same as in X", found "path: this in X, that in Y".
func besideEachOther(expected, found string) (none, inFound []span) {
	same := sameAs.FindStringSubmatch(expected)
	if same == nil {
		return nil, nil
	}
	at := 0
	for line := range strings.Lines(found) {
		from := len(keyPaths.FindString(line))
		this, rest, ok := strings.Cut(line[from:], " in "+same[1]+", ")
		if end := strings.LastIndex(rest, " in "); ok && end >= 0 {
			that := rest[:end]
			thatFrom := at + from + len(this) + len(" in "+same[1]+", ")
			a, b := changed(this, that)
			inFound = append(inFound, moved(a, at+from)...)
			inFound = append(inFound, moved(b, thatFrom)...)
		}
		at += len(line)
	}
	return nil, inFound
}

// countedDrives is "… (44 drives)", found "43 drives" and what is missing or too many, a line each.
func countedDrives(expected, found string) (inExpected, inFound []span) {
	want, got := countAtEnd.FindStringSubmatchIndex(expected), firstCount.FindStringSubmatchIndex(found)
	if want == nil || got == nil || expected[want[4]:want[5]] != found[got[4]:got[5]] {
		return nil, nil
	}
	if expected[want[2]:want[3]] != found[got[2]:got[3]] {
		inExpected, inFound = []span{{want[2], want[3]}}, []span{{got[2], got[3]}}
	}
	for _, m := range listedItem.FindAllStringSubmatchIndex(found, show.MostFindings) {
		inFound = append(inFound, span{m[2], m[3]})
	}
	return inExpected, inFound
}

// answered is a status, perhaps with what the answer is made of. The body that may follow is not what differs.
func answered(expected, found string) (inExpected, inFound []span) {
	if m := answersNot.FindStringSubmatchIndex(found); m != nil {
		return nil, []span{{m[2], m[3]}}
	}
	got := statusText.FindStringSubmatchIndex(found)
	if got == nil {
		return nil, nil
	}
	if m := statusClass.FindStringSubmatchIndex(expected); m != nil {
		return []span{{m[2], m[3]}}, []span{{got[2], got[2] + 3}}
	}
	want := statusText.FindStringSubmatchIndex(expected)
	if want == nil {
		return nil, nil
	}
	a, b := changed(expected[want[2]:want[3]], found[got[2]:got[3]])
	return moved(a, want[2]), moved(b, got[2])
}

// exactly is "exactly uuid, name": what differs are words, wherever they stand.
func exactly(expected, found string) (inExpected, inFound []span) {
	key := keyPath.FindString(expected)
	list, ok := strings.CutPrefix(expected[len(key):], "exactly ")
	if !ok || !strings.HasPrefix(found, key) {
		return nil, nil
	}
	lacking := func(text, other string, from int) []span {
		var marks []span
		known := anyWord.FindAllString(other, -1)
		for _, m := range anyWord.FindAllStringIndex(text, -1) {
			if !slices.Contains(known, text[m[0]:m[1]]) {
				marks = append(marks, span{from + m[0], from + m[1]})
			}
		}
		return marks
	}
	rest := found[len(key):]
	return lacking(list, rest, len(expected)-len(list)), lacking(rest, list, len(key))
}

// keyed is "owner: null", found "owner: {…}".
func keyed(expected, found string) (inExpected, inFound []span) {
	key := keyPath.FindString(expected)
	if key == "" || !strings.HasPrefix(found, key) {
		return nil, nil
	}
	a, b := changed(expected[len(key):], found[len(key):])
	return moved(a, len(key)), moved(b, len(key))
}

// alike is anything that has at least half of its words in common.
func alike(expected, found string) (inExpected, inFound []span) {
	a, b := tokensOf(expected), tokensOf(found)
	onlyA, _, told := show.Differing(textsOf(expected, a), textsOf(found, b), mostTokens)
	if !told {
		return nil, nil
	}
	common := 0
	for i, t := range a {
		if t.word && !onlyA[i] {
			common++
		}
	}
	if common == 0 || 2*common < wordsOf(a) || common == wordsOf(a) && common == wordsOf(b) {
		return nil, nil
	}
	return changed(expected, found)
}

// mostTokens is in how many words and signs two values may differ for their differing parts to be told apart.
const mostTokens = 200

// changed finds what differs between two values: words and signs, or, where these have little in common, all between
// their common beginning and their common end.
func changed(a, b string) (inA, inB []span) {
	as, bs := tokensOf(a), tokensOf(b)
	aTexts, bTexts := textsOf(a, as), textsOf(b, bs)
	start := 0
	for start < len(as) && start < len(bs) && aTexts[start] == bTexts[start] {
		start++
	}
	endA, endB := len(as), len(bs)
	for endA > start && endB > start && aTexts[endA-1] == bTexts[endB-1] {
		endA--
		endB--
	}
	fewest := min(wordsOf(as[start:endA]), wordsOf(bs[start:endB]))
	onlyA, onlyB, told := show.Differing(aTexts[start:endA], bTexts[start:endB], mostTokens)
	if told && fewest > 0 {
		common := 0
		for i, only := range onlyA {
			if as[start+i].word && !only {
				common++
			}
		}
		if 2*common >= fewest {
			return picked(as[start:endA], onlyA), picked(bs[start:endB], onlyB)
		}
	}
	return fromTo(as[start:endA]), fromTo(bs[start:endB])
}

func picked(all []token, which []bool) []span {
	var marks []span
	for i, t := range all {
		if which[i] {
			marks = append(marks, t.span)
		}
	}
	return marks
}

func fromTo(all []token) []span {
	if len(all) == 0 {
		return nil
	}
	return []span{{all[0].from, all[len(all)-1].to}}
}

func moved(spans []span, by int) []span {
	for i := range spans {
		spans[i].from += by
		spans[i].to += by
	}
	return spans
}
