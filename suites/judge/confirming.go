package judge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// confirmed is what a body finds at last. A library may change at any moment: a description is corrected, a drive comes or
// goes. So whatever was found by comparing two answers counts only if it is found again by comparing two later ones, both
// taken again. What does not persist is unstable, in a sentence each.
func (b *Evaluator) confirmed(id string, body func(*Library), of *chain) (e *evaluation, unstable []string) {
	e = b.evaluate(id, body, 1, false, of)
	if e.Crashed != "" || !slices.ContainsFunc(e.Findings, finding.isCompared) {
		return e, e.unstable
	}
	unstable = e.unstable
	again := b.evaluate(id, body, 2, false, of)
	for _, x := range again.Looked {
		e.Look(x)
	}
	first := e.Findings
	e.Findings = slices.DeleteFunc(slices.Clone(first), finding.isCompared)
	settled := again.Crashed == "" && len(again.Wants) == 0 && len(again.Awaited) == 0 && len(again.Blocks) == 0
	for _, f := range first {
		switch {
		case !f.compared:
		case slices.ContainsFunc(again.Findings, func(later finding) bool { return b.persists(f, later) }):
			e.Findings = append(e.Findings, f)
		case settled:
			unstable = append(unstable, fmt.Sprintf("%s: %s; taken again, it did not show (requests %s)", f.Subject, FirstLine(f.FoundText()), numbers(f)))
		}
	}
	for _, later := range again.Findings {
		known := slices.ContainsFunc(first, func(f finding) bool { return b.persists(f, later) })
		switch {
		case known:
		case later.compared:
			unstable = append(unstable, fmt.Sprintf("%s: %s; it did not show before, when the same was asked (requests %s)", later.Subject, FirstLine(later.FoundText()), numbers(later)))
		default:
			e.Findings = append(e.Findings, later)
		}
	}
	if !settled { // what could not be looked at again is not held against the endpoint
		e.Wants, e.Blocks = append(e.Wants, again.Wants...), append(e.Blocks, again.Blocks...)
		if e.Crashed == "" {
			e.Crashed, e.Stack = again.Crashed, again.Stack
		}
	}
	return e, once(unstable)
}

// once leaves of differences that are told in the same words by other requests the first.
func once(sentences []string) []string {
	told := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(sentences), func(sentence string) bool {
		words, _, _ := strings.Cut(sentence, " (requests ")
		words, _, _ = strings.Cut(words, "; ")
		known := told[words]
		told[words] = true
		return known
	})
}

// Unasked is a read of a round that a verdict rests on and that is not in the record.
type Unasked struct {
	Read  *Asked
	Round int
}

// Lacking are the reads that the verdict of a requirement rests on and that nobody asked for. What the plan does not know of is
// what only shows once all of it has come, and what those look at that are relied on then. Where nothing is lacking, what was
// found is kept, and Judge comes to the verdict by it.
func (b *Evaluator) Lacking(id string, body func(*Library)) (lacking []Unasked) {
	now := b.find(id, body, &chain{unasked: &lacking})
	if len(lacking) == 0 {
		b.found.Store(id, now)
	}
	return lacking
}

// Reconsider forgets what was found so far: it may rest on what is asked for again, or was not heard yet.
func (b *Evaluator) Reconsider() {
	b.found.Clear()
	b.memo.forget(func(value any) bool { _, is := value.(failure); return is })
}

// found is what a body found at last.
type found struct {
	*evaluation
	unstable []string // see confirmed
	took     time.Duration
}

func (f finding) isCompared() bool { return f.compared }

// persists reports whether a later finding is the same as an earlier one: of the same subject, by the same rule, and in
// something that differed then too. Fields that are not documented may change by themselves all the time: in these the
// values have to be the same as well.
func (b *Evaluator) persists(f, later finding) bool {
	if f.Rule != later.Rule || f.Subject.Kind != later.Subject.Kind || f.Subject.UUID != later.Subject.UUID || f.Subject.UUID == "" && f.Subject.Words != later.Subject.Words {
		return false
	}
	essential, essentialLater := essentialDifferences(f), essentialDifferences(later)
	if len(essential) == 0 || len(essentialLater) == 0 {
		return len(essential) == len(essentialLater)
	}
	return slices.ContainsFunc(essential, func(d reports.Difference) bool {
		return slices.ContainsFunc(essentialLater, func(l reports.Difference) bool { return b.sameDifference(d, l) })
	})
}

// essentialDifferences are those that say more than that the number of drives is another.
func essentialDifferences(f finding) []reports.Difference {
	essential := slices.DeleteFunc(slices.Clone(f.Differences), func(d reports.Difference) bool {
		return d.In == reports.InCount || d.In == reports.InList && d.Drive == reports.Subject{}
	})
	if len(essential) == 0 {
		return f.Differences
	}
	return essential
}

func (b *Evaluator) sameDifference(d, later reports.Difference) bool {
	switch {
	case d.In != later.In:
		return false
	case d.In == reports.InOrder:
		return true
	case d.In == reports.InList:
		return d.Path == later.Path && d.Drive.UUID == later.Drive.UUID
	case d.In != reports.InBody:
		return d.Path == later.Path
	}
	field, _, _ := strings.Cut(d.Path, ".")
	field, _, _ = strings.Cut(field, "[")
	documented := d.Path == "" || field == "meta" || slices.Contains(b.Fields, field)
	return d.Path == later.Path && (documented || d.Expected == later.Expected && d.Found == later.Found)
}

func numbers(f finding) string {
	if f.Exchange == nil {
		return "none"
	}
	if f.Against == nil {
		return fmt.Sprint(f.Exchange.Number)
	}
	return fmt.Sprintf("%d and %d", f.Exchange.Number, f.Against.Number)
}

// corrected reports whether all that differs may be a correction: a text that describes the drive is another text now,
// which no request of the scenario said.
func (s Scenario) corrected(m equalJSON, actual any) bool {
	found, err := m.differences(actual)
	return err == nil && len(found) > 0 && !slices.ContainsFunc(found, func(d reports.Difference) bool {
		return !slices.Contains(evidence.Describing[:], d.Path) || !isText(d.Expected) || !isText(d.Found) || s.said(d.Found)
	})
}

// isText reports whether a value, as findings show it, is a text that is not empty.
func isText(shown string) bool { return len(shown) > len(`""`) && shown[0] == '"' }

// said reports whether a request of the scenario that writes held a text, or its beginning; of any, where none is named.
func (s Scenario) said(shown string) bool {
	const enough = 60
	text := []byte(strings.Trim(shown, `"`))
	text = text[:min(len(text), enough)]
	return slices.ContainsFunc(s.latestFirst(), func(x *evidence.Exchange) bool { return !reads(x) && bytes.Contains(x.Request.Body, text) })
}
