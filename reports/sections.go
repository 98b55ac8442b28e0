package reports

import (
	"slices"

	"github.com/libdrives/conformance/suites/requirement"
)

// Section is an area with those of its requirements that were selected.
type Section struct {
	requirement.Area
	Results []Result
}

// Sections are the areas that have results, in catalogue order. A result of an area that the report doesn't name is
// kept under the area's own name: nothing that was selected may be missing.
func (r *Report) Sections() []Section {
	var all []Section
	index := map[string]int{}
	for _, area := range r.Areas {
		index[area.Name] = len(all)
		all = append(all, Section{Area: area})
	}
	for _, result := range r.Results {
		i, found := index[result.Requirement.Area]
		if !found {
			i = len(all)
			index[result.Requirement.Area] = i
			all = append(all, Section{Area: requirement.Area{Name: result.Requirement.Area, Title: result.Requirement.Area}})
		}
		all[i].Results = append(all[i].Results, result)
	}
	return slices.DeleteFunc(all, func(s Section) bool { return len(s.Results) == 0 })
}
