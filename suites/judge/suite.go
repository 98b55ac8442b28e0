package judge

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/libdrives/conformance/suites/requirement"
)

// Suite is a list of specs: for each requirement the body that judges it.
type Suite struct {
	specs map[string]func(*Library)
	twice []error // requirements for which two specs are registered
}

// NewSuite is the list of the specs that the sections register.
func NewSuite(sections ...func(*Suite)) *Suite {
	s := &Suite{specs: map[string]func(*Library){}}
	for _, section := range sections {
		section(s)
	}
	return s
}

// Requirement registers the body that judges a requirement. Text, labels and source of the spec come from the catalogue
// by the id.
func (s *Suite) Requirement(id string, body func(lib *Library)) {
	if s.specs[id] != nil {
		s.twice = append(s.twice, fmt.Errorf("two specs are registered for %s", id))
	}
	s.specs[id] = body
}

// Check finds the mistakes in the list: an id that the catalogue does not have, or one that is registered twice.
func (s *Suite) Check(catalogue *requirement.Catalogue) error {
	errs := slices.Clone(s.twice)
	for _, id := range slices.Sorted(maps.Keys(s.specs)) {
		if _, err := catalogue.Lookup(id); err != nil {
			errs = append(errs, fmt.Errorf("a spec is registered for it: %w", err))
		}
	}
	return errors.Join(errs...)
}

// Spec is the body that judges a requirement; nil where the suite has none.
func (s *Suite) Spec(id string) func(*Library) { return s.specs[id] }
