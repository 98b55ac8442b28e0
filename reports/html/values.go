package html

import (
	"strings"

	"github.com/libdrives/conformance/reports"

	"github.com/libdrives/conformance/reports/internal/show"
)

// said shows the words of a finding with what differs in them marked: of each side of a difference what the other has not.
// No more than most bytes are looked at.
func said(parts []reports.Part, most int) []htmlPiece {
	var b strings.Builder
	var marks []span
	for _, p := range parts {
		if p.Of != reports.OfNeither && b.Len() < most {
			text, _ := show.Head(p.Text, most-b.Len()+1)
			other, _ := show.Head(p.Other, most+1)
			marks = append(marks, moved(side(text, other, p), b.Len())...)
		}
		b.WriteString(p.Text)
	}
	return htmlPieces(b.String(), marks, most)
}

// side are the marks of a side of a difference.
func side(text, other string, p reports.Part) []span {
	compare := changed
	switch {
	case p.Loose:
		compare = alike
	case other == "":
		return []span{{0, len(text)}}
	}
	if p.Of == reports.OfExpected {
		marks, _ := compare(text, other)
		return marks
	}
	_, marks := compare(other, text)
	return marks
}

// alike is anything that has at least half of its words in common.
func alike(expected, found string) (inExpected, inFound []span) {
	a, b := tokensOf(expected), tokensOf(found)
	onlyA, _, differ := show.Differing(textsOf(expected, a), textsOf(found, b), mostTokens)
	if !differ {
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

// mostTokens is in how many words and signs two values may differ for their differing parts to be distinguished.
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
	onlyA, onlyB, differ := show.Differing(aTexts[start:endA], bTexts[start:endB], mostTokens)
	if differ && fewest > 0 {
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
