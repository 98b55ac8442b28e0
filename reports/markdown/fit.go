package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mostMarkdown is the size of a Markdown report: GitHub takes no comment of more than 64 Ki characters, and what posts
// one adds some of its own.
const mostMarkdown = 60 << 10

// A report that is too long is shortened in steps, the ones of least worth first. These are their worths.
const (
	worthWaivedEvidence = iota
	worthAdvisoryEvidence
	worthEvidence
	worthMade
	worthBlind
	worthWarning
	worthSkipped
	worthOtherChange
	worthBlocked
	worthWaived
	worthAdvisory
	worthFirstEvidence
	worthTable
	worthProblem // what fails the run beside the failures, and what is left behind
	worthFailure
)

// part is a piece of a report that is reported whole, or shorter where there is no room.
type part struct {
	text    string
	shorter []shortening
}

// shortening is a shorter way to tell a part, or, if it is empty, none.
type shortening struct {
	worth int    // of what is lost; it does not fall from one shortening to the next
	lost  string // what that is, in the plural
	text  string
}

// fit joins the parts to a text of no more bytes than most. It says last what it had no room for.
func fit(parts []part, most int) string {
	type step struct{ worth, part, index int }
	var steps []step
	size := 0
	for i, p := range parts {
		size += len(p.text)
		for j, s := range p.shorter {
			steps = append(steps, step{s.worth, i, j})
		}
	}
	slices.SortFunc(steps, func(a, b step) int { // of equal worth, from the end to the beginning
		return cmp.Or(cmp.Compare(a.worth, b.worth), cmp.Compare(b.part, a.part), cmp.Compare(a.index, b.index))
	})
	texts, lost := make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	if size > most {
		most -= roomForLost
	}
	for _, s := range steps {
		if size <= most {
			break
		}
		shorter := parts[s.part].shorter[s.index]
		size += len(shorter.text) - len(texts[s.part])
		texts[s.part], lost[s.part] = shorter.text, shorter.lost
	}
	return strings.Join(texts, "") + leftOut(lost)
}

// roomForLost is enough for the line that leftOut makes: there are few kinds of what can be lost.
const roomForLost = 1 << 10

// leftOut says what was lost.
func leftOut(lost []string) string {
	var kinds []string
	count := map[string]int{}
	for _, kind := range lost {
		if kind == "" {
			continue
		}
		if count[kind]++; count[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s (%d)", kind, count[kind])
	}
	return fmt.Sprintf("\n_Left out, to stay below %d KiB: %s. The reports for a browser and for programs have it all._\n",
		mostMarkdown>>10, strings.Join(kinds, ", "))
}
