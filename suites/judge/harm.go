package judge

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// harmShows are the requirements that fail for harm that a step of the forbidden methods did, beside METHOD-08.
var harmShows = map[steps.Step]string{
	steps.PostList: "METHOD-01", steps.PutList: "METHOD-02", steps.DeleteList: "METHOD-03",
	steps.PostSingle: "METHOD-04", steps.PutSingle: "METHOD-05", steps.DeleteSingle: "METHOD-06",
	steps.PostDetail: "METHOD-07", steps.PutDetail: "METHOD-07", steps.DeleteDetail: "METHOD-07",
	steps.PatchSingle: "METHOD-13", steps.PatchDetail: "METHOD-13", steps.PatchList: "METHOD-13",
	steps.PutDrive: "METHOD-11", steps.DeleteDrive: "METHOD-12",
}

// HarmRequirements are the requirements that can fail for harm that a step of a scenario did, the one that shows it first.
func HarmRequirements(scenario steps.Scenario, step steps.Step) []string {
	if scenario == steps.Attaching {
		return []string{"ATTACH-08"}
	}
	if id := harmShows[step]; id != "" {
		return []string{"METHOD-08", id}
	}
	return []string{"METHOD-08"}
}

// harmShownBy is the requirement that shows the first harm.
func (b *Evaluator) harmShownBy() string {
	for _, harm := range b.Harm {
		if len(harm.Requirements) > 0 {
			return harm.Requirements[0]
		}
	}
	return ""
}

// UnlessHarmed are the requirements that an expectation at a step relies on. Harm was looked at twice as it was done, so
// that it fails whatever else does.
func (s Scenario) UnlessHarmed(step steps.Step, ids ...string) []string {
	if s.Harmed(step) {
		return nil
	}
	return ids
}

// Harmed reports whether a step did harm.
func (s Scenario) Harmed(step steps.Step) bool {
	return slices.ContainsFunc(s.lib.Harm, func(h reports.Harm) bool { return h.Exchange != nil && h.Exchange.Key == s.name.Key(step) })
}

// LookBefore is the step after which the scenario of the forbidden methods looked last before it came to a step.
func (s Scenario) LookBefore(step steps.Step) steps.Step {
	last := steps.Step(steps.Before)
	for _, earlier := range steps.Forbidden() {
		if earlier == step {
			break
		}
		if s.Took(earlier.ThenDrive()) {
			last = earlier
		}
	}
	return last
}

// AddedBy are the drives of a list that were not in an earlier one and bear the name that a step's request gave.
func (s Scenario) AddedBy(step steps.Step, now, before List) []Drive {
	name := string(ownName.Find(s.Step(step).Exchange.Request.Body))
	known := before.Index()
	return slices.DeleteFunc(slices.Clone(now.Drives), func(d Drive) bool {
		_, was := known[d.UUID]
		return was || name == "" || !strings.HasPrefix(d.Name, name)
	})
}
