package suites

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/collect"
	"github.com/libdrives/conformance/suites/evidence"
)

// causeOf is the cause of a story that ended early, as reports have it.
func causeOf(cause collect.Cause) reports.Cause {
	switch cause {
	case collect.CauseMaxClones:
		return reports.CauseMaxClones
	case collect.CauseHarm:
		return reports.CauseHarm
	}
	return ""
}

// harmOf is harm as reports have it. The requirement that shows it comes first; the others that fail for it are known
// once all are judged.
func harmOf(h collect.Harm, record *evidence.Record) reports.Harm {
	told := reports.Harm{
		Kind: reports.HarmKind(h.Kind), UUID: h.UUID, Name: h.Name, Method: h.Exchange.Request.Method, Path: h.Exchange.Request.Path(),
		Returned: reports.Returned(h.Returned), Requirements: harmRequirements(h),
	}
	if record != nil {
		told.Exchange = record.Answer(h.Exchange.Key, 1)
	}
	return told
}

// harmRequirements are those that can fail for a kind of harm.
func harmRequirements(h collect.Harm) []string {
	if h.Story == attachingDisc {
		return []string{"ATTACH-08"}
	}
	ids := []string{"METHOD-08"}
	for id, steps := range forbiddenBy {
		if slices.Contains(steps, h.Step) {
			ids = append(ids, id)
		}
	}
	return ids
}

// harmShownBy is the requirement that shows the first harm.
func (b *bench) harmShownBy() string {
	for _, harm := range b.harm {
		if len(harm.Requirements) > 0 {
			return harm.Requirements[0]
		}
	}
	return ""
}

// unlessHarmed are the requirements that an expectation at a step relies on. Harm was looked at twice as it was done, so
// that it fails whatever else does.
func (s Story) unlessHarmed(step string, ids ...string) []string {
	if slices.ContainsFunc(s.lib.harm, func(h reports.Harm) bool { return h.Exchange != nil && h.Exchange.Key == s.name+"/"+step }) {
		return nil
	}
	return ids
}

// shownBy is harm with the requirements that do fail for it. Where none of them was selected, the one that would.
func shownBy(harm []reports.Harm, results []reports.Result) []reports.Harm {
	told := slices.Clone(harm)
	for i, h := range told {
		failing := slices.DeleteFunc(slices.Clone(h.Requirements), func(id string) bool {
			return !slices.ContainsFunc(results, func(r reports.Result) bool {
				return r.Requirement.ID == id && r.Verdict == reports.Fail
			})
		})
		if len(failing) == 0 {
			failing = h.Requirements[:1]
		}
		told[i].Requirements = failing
	}
	return told
}

// harmLine is harm in a record that is kept in a file.
type harmLine struct {
	Kind         reports.HarmKind `json:"kind"`
	UUID         string           `json:"uuid"`
	Name         string           `json:"name"`
	Method       string           `json:"method"`
	Path         string           `json:"path"`
	Returned     reports.Returned `json:"returned,omitempty"`
	Requirements []string         `json:"requirements"`
	Key          string           `json:"key"` // of the exchange
}

func harmLineOf(h reports.Harm) harmLine {
	line := harmLine{h.Kind, h.UUID, h.Name, h.Method, h.Path, h.Returned, h.Requirements, ""}
	if h.Exchange != nil {
		line.Key = h.Exchange.Key
	}
	return line
}

func (l harmLine) harm(record *evidence.Record) reports.Harm {
	return reports.Harm{
		Kind: l.Kind, UUID: l.UUID, Name: l.Name, Method: l.Method, Path: l.Path, Returned: l.Returned, Requirements: l.Requirements,
		Exchange: record.Answer(l.Key, 1),
	}
}

// addedBy are the drives of a list that were not in an earlier one and bear the name that a step's request gave.
func addedBy(step Answer, now, before List) []Drive {
	name := string(ownName.Find(step.exchange.Request.Body))
	known := before.index()
	return slices.DeleteFunc(slices.Clone(now.Drives), func(d Drive) bool {
		_, was := known[d.UUID]
		return was || name == "" || !strings.HasPrefix(d.Name, name)
	})
}
