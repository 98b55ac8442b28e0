package suites

import (
	"fmt"

	"github.com/libdrives/conformance/suites/requirement"
)

// Suite is the list of specs: for each requirement the body that judges it.
type Suite struct {
	catalogue *requirement.Catalogue
	specs     map[string]func(*Library)
	errs      []error
}

// sections are the specs' files, in the order of the documentation.
var sections = [...]func(*Suite){
	listing, choosingFields, detailedListing, singleDrive, recognizing, driveLists, publishedSchema, cloning, cloningJobs,
	licensedImages, licencesOfClones, attaching,
	pagination, filtering, methods, authentication, sessions, formats, errorAnswers, robustness,
	hostileWrites,
}

// registerSpecs makes the list of all specs. Mistakes in it are kept in errs: an id that the catalogue does not have,
// or one that is registered twice.
func registerSpecs(catalogue *requirement.Catalogue) *Suite {
	s := &Suite{catalogue: catalogue, specs: map[string]func(*Library){}}
	for _, section := range sections {
		section(s)
	}
	return s
}

// Requirement registers the body that judges a requirement. Text, labels and source of the spec come from the catalogue
// by the id.
func (s *Suite) Requirement(id string, body func(lib *Library)) {
	if _, err := s.catalogue.Lookup(id); err != nil {
		s.errs = append(s.errs, fmt.Errorf("a spec is registered for it: %w", err))
	}
	if s.specs[id] != nil {
		s.errs = append(s.errs, fmt.Errorf("two specs are registered for %s", id))
	}
	s.specs[id] = body
}

// Judged reports whether the suite has a spec for the requirement.
func Judged(id string) bool {
	catalogue, err := requirement.Load()
	if err != nil {
		return false
	}
	return registerSpecs(catalogue).specs[id] != nil
}
