package judge

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// harmShows are the requirements that fail for harm that a step of the forbidden methods did, beside METHOD-08.
var harmShows = map[steps.Step]string{
	steps.PostList: "METHOD-01", steps.PutList: "METHOD-02", steps.DeleteList: "METHOD-03",
	steps.PostSingle: "METHOD-04", steps.PutSingle: "METHOD-05", steps.DeleteSingle: "METHOD-06",
	steps.PostSchema: "METHOD-07", steps.PutSchema: "METHOD-07", steps.DeleteSchema: "METHOD-07",
	steps.PostDetail: "METHOD-07", steps.PutDetail: "METHOD-07", steps.DeleteDetail: "METHOD-07",
	steps.PatchSingle: "METHOD-13", steps.PatchDetail: "METHOD-13", steps.PatchList: "METHOD-13",
	steps.PutDrive: "METHOD-11", steps.DeleteDrive: "METHOD-12", steps.ResizeSingle: "METHOD-15", steps.ResizeDrive: "METHOD-15", steps.DeleteAmong: "METHOD-15",
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

// HarmedAt goes through the steps of scenarios at which harm was done.
func (lib *Library) HarmedAt(names ...steps.Scenario) iter.Seq2[Scenario, steps.Step] {
	return func(yield func(Scenario, steps.Step) bool) {
		for _, h := range lib.Harm {
			if h.Exchange == nil {
				continue
			}
			name := steps.Scenario(h.Exchange.Step.Scenario)
			outcome, ran := lib.Outcomes[name]
			_, step, _ := strings.Cut(h.Exchange.Key, "/")
			if ran && slices.Contains(names, name) && !yield(Scenario{lib, name, outcome}, steps.Step(step)) {
				return
			}
		}
	}
}

// SeenBefore is the library drive as the scenario saw it last before a step.
func (s Scenario) SeenBefore(step steps.Step) Drive {
	at := s.exchange(step)
	for _, x := range slices.Backward(s.lib.Record.All()[:at.Number-1]) {
		if x.Step.Scenario != string(s.name) || positionOf(x).Part != steps.ThenDrive {
			continue
		}
		if drive, defined := s.answer(x).Defines(); defined {
			return drive
		}
	}
	return Drive{}
}

// TellOthers tells of the drives of a list that were not in an earlier one and do not bear the name that a step's request gave:
// others may have put them there.
func (s Scenario) TellOthers(step steps.Step, now, before List) {
	known, added := before.Index(), s.AddedBy(step, now, before)
	for _, drive := range now.Drives {
		_, was := known.Get(drive.UUID)
		ours := slices.ContainsFunc(added, func(a Drive) bool { return a.UUID == drive.UUID })
		if text := fmt.Sprintf("%s came into the library while %s was tried, under a name that this run did not give", drive.Title(), step); !was && !ours && !slices.Contains(s.lib.unstable, text) {
			s.lib.unstable = append(s.lib.unstable, text)
		}
	}
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
		_, was := known.Get(d.UUID)
		return was || name == "" || !strings.HasPrefix(d.Name, name)
	})
}
