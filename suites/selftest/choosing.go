package selftest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/requirement"
)

// Check finds the unknown names in Options.Only, before anything is run.
func Check(only []string) error {
	catalogue, err := requirement.Load()
	if err != nil {
		return err
	}
	_, _, err = choose(catalogue, only)
	return err
}

// AllVariants stands in Options.Only for every variant.
const AllVariants = "variants"

// choose resolves names of faults, variants and requirements.
func choose(catalogue *requirement.Catalogue, only []string) ([]fixtures.Fault, []fixtures.Variant, error) {
	faults, variants := fixtures.Faults(), fixtures.Variants()
	if len(only) == 0 {
		return faults, variants, nil
	}
	known := []string{AllVariants}
	for _, f := range faults {
		known = append(known, f.Name)
	}
	for _, v := range variants {
		known = append(known, v.Name)
	}
	var errs []error
	meant := map[string]bool{}
	for _, name := range only {
		if name == AllVariants {
			for _, v := range variants {
				meant[v.Name] = true
			}
			continue
		}
		if slices.Contains(known, name) {
			meant[name] = true
			continue
		}
		named, err := catalogue.Named(name)
		var unknown *requirement.UnknownNameError
		if errors.As(err, &unknown) {
			unknown.Kind, unknown.Hint = "fault, variant, requirement or area", "reference --list-faults shows them"
			if unknown.Nearest == "" {
				unknown.Nearest = requirement.Nearest(name, known)
			} else {
				unknown.Nearest = requirement.Nearest(name, append(known, unknown.Nearest))
			}
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		broken := false
		for _, f := range faults {
			if slices.ContainsFunc(named, func(r requirement.Requirement) bool { return slices.Contains(f.Breaks, r.ID) }) {
				meant[f.Name], broken = true, true
			}
		}
		if !broken {
			errs = append(errs, fmt.Errorf("no fault breaks %s, so that there is nothing to test it by", name))
		}
	}
	faults = slices.DeleteFunc(slices.Clone(faults), func(f fixtures.Fault) bool { return !meant[f.Name] })
	variants = slices.DeleteFunc(slices.Clone(variants), func(v fixtures.Variant) bool { return !meant[v.Name] })
	return faults, variants, errors.Join(errs...)
}
