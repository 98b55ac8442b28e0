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

// choose resolves names of faults, variants and requirements.
func choose(catalogue *requirement.Catalogue, only []string) ([]fixtures.Fault, []fixtures.Variant, error) {
	faults, variants := fixtures.Faults(), fixtures.Variants()
	if len(only) == 0 {
		return faults, variants, nil
	}
	var known []string
	for _, f := range faults {
		known = append(known, f.Name)
	}
	for _, v := range variants {
		known = append(known, v.Name)
	}
	var errs []error
	meant := map[string]bool{}
	for _, name := range only {
		if slices.Contains(known, name) {
			meant[name] = true
			continue
		}
		r, err := catalogue.Lookup(name)
		if err != nil {
			for _, r := range catalogue.All() {
				known = append(known, r.ID)
			}
			errs = append(errs, &requirement.UnknownNameError{
				Kind: "fault, variant or requirement", Name: name, Nearest: requirement.Nearest(name, known), Hint: "reference --list-faults shows them",
			})
			continue
		}
		broken := false
		for _, f := range faults {
			if slices.Contains(f.Breaks, r.ID) {
				meant[f.Name], broken = true, true
			}
		}
		if !broken {
			errs = append(errs, fmt.Errorf("no fault breaks %s, so that there is nothing to test it by", r.ID))
		}
	}
	faults = slices.DeleteFunc(slices.Clone(faults), func(f fixtures.Fault) bool { return !meant[f.Name] })
	variants = slices.DeleteFunc(slices.Clone(variants), func(v fixtures.Variant) bool { return !meant[v.Name] })
	return faults, variants, errors.Join(errs...)
}
