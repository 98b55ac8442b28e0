package judge

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
)

// HarmRequirements are the requirements that can fail for harm that a step of a story did, the one that shows it first.
func HarmRequirements(story, step string) []string {
	if story == AttachingDisc {
		return []string{"ATTACH-08"}
	}
	shows := []string{"METHOD-08"}
	method, path, _ := strings.Cut(step, " ")
	switch path {
	case "libdrives/":
		return append(shows, map[string]string{"POST": "METHOD-01", "PUT": "METHOD-02", "DELETE": "METHOD-03"}[method])
	case "libdrives/LIB/":
		return append(shows, map[string]string{"POST": "METHOD-04", "PUT": "METHOD-05", "DELETE": "METHOD-06"}[method])
	case "libdrives/detail/":
		return append(shows, "METHOD-07")
	case "drives/LIB/":
		return append(shows, map[string]string{"PUT": "METHOD-11", "DELETE": "METHOD-12"}[method])
	}
	return shows
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
func (s Scenario) UnlessHarmed(step string, ids ...string) []string {
	if slices.ContainsFunc(s.lib.Harm, func(h reports.Harm) bool { return h.Exchange != nil && h.Exchange.Key == s.name+"/"+step }) {
		return nil
	}
	return ids
}

// AddedBy are the drives of a list that were not in an earlier one and bear the name that a step's request gave.
func (s Scenario) AddedBy(step string, now, before List) []Drive {
	name := string(ownName.Find(s.Step(step).Exchange.Request.Body))
	known := before.Index()
	return slices.DeleteFunc(slices.Clone(now.Drives), func(d Drive) bool {
		_, was := known[d.UUID]
		return was || name == "" || !strings.HasPrefix(d.Name, name)
	})
}
