package run

import (
	"slices"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// causeOf is the cause of a scenario that ended early, as reports have it.
func causeOf(cause account.Cause) reports.CauseKind {
	switch cause {
	case account.CauseMaxClones:
		return reports.CauseMaxClones
	case account.CauseHarm:
		return reports.CauseHarm
	case account.CauseUnproven:
		return reports.CauseUnproven
	case account.CauseNoClock:
		return reports.CauseMaterial
	}
	return ""
}

// harmOf is harm as reports have it. The requirement that shows it comes first; the others that fail for it are known
// once all are judged.
func harmOf(h account.Harm, record *evidence.Record) reports.Harm {
	shown := reports.Harm{
		Kind: h.Kind, UUID: h.UUID, Name: h.Name, Method: h.Exchange.Request.Method, Path: h.Exchange.Request.Path(),
		Returned: h.Returned, Requirements: judge.HarmRequirements(steps.Scenario(h.Scenario), steps.Step(h.Step)),
		More: h.More,
	}
	if record != nil {
		shown.Exchange = record.Answer(h.Exchange.Key, 1)
	}
	return shown
}

// shownBy is harm with the requirements that do fail for it. Where none of them was selected, the one that would.
func shownBy(harm []reports.Harm, results []reports.Result) []reports.Harm {
	shown := slices.Clone(harm)
	for i, h := range shown {
		failing := slices.DeleteFunc(slices.Clone(h.Requirements), func(id string) bool {
			return !slices.ContainsFunc(results, func(r reports.Result) bool {
				return r.Requirement.ID == id && r.Verdict == reports.Fail
			})
		})
		if len(failing) == 0 {
			failing = h.Requirements[:1]
		}
		shown[i].Requirements = failing
	}
	return shown
}

// harmLine is harm in a record that is kept in a file.
type harmLine struct {
	reports.Harm
	Key string `json:"key"` // of the exchange
}

func harmLineOf(h reports.Harm) harmLine {
	line := harmLine{Harm: h}
	if h.Exchange != nil {
		line.Key = h.Exchange.Key
	}
	return line
}

func (l harmLine) harm(record *evidence.Record) reports.Harm {
	l.Exchange = record.Answer(l.Key, 1)
	return l.Harm
}
