package suites_test

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strings"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/suites/requirement"
)

// flagsOfGinkgo are those that were given, by whoever runs the tests or by the command ginkgo.
func flagsOfGinkgo() []string {
	var given []string
	flag.Visit(func(f *flag.Flag) {
		if strings.HasPrefix(f.Name, "ginkgo.") {
			given = append(given, "-"+f.Name)
		}
	})
	return given
}

// chooseTests makes go test run TestConformance and nothing else, where a target or a flag of Ginkgo is given: the
// suite's own tests are for its developers. A flag that could not be obeyed beside the others is an error.
func chooseTests(asked settings.Settings) error {
	ofGinkgo := flagsOfGinkgo()
	var err error
	switch {
	case len(ofGinkgo) > 0:
		err = chooseTree(asked, ofGinkgo[0])
	case asked.Config.Target != "":
		err = chooseSubtests(asked)
	default:
		return nil
	}
	if err == nil && value("test.run") == "" {
		err = flag.Set("test.run", "^TestConformance$")
	}
	return err
}

// chooseTree refuses what can't be obeyed beside flags of Ginkgo.
func chooseTree(asked settings.Settings, given string) error {
	var errs []error
	for _, other := range []struct{ name, instead string }{
		{"run", "-ginkgo.focus or -ginkgo.label-filter selects"},
		{"skip", "-ginkgo.skip or -ginkgo.label-filter selects"},
		{"fuzz", "leave one of them out"},
		{"bench", "leave one of them out"},
	} {
		if value("test."+other.name) != "" {
			errs = append(errs, fmt.Errorf("-%s: with %s the requirements are specs of Ginkgo, and nothing else runs: %s", other.name, given, other.instead))
		}
	}
	if value("test.failfast") == "true" {
		errs = append(errs, fmt.Errorf("-failfast: with %s the requirements are specs of Ginkgo: use -ginkgo.fail-fast", given))
	}
	if n := value("test.count"); n != "1" || strings.Contains(value("test.cpu"), ",") {
		errs = append(errs, fmt.Errorf("-count and -cpu: Ginkgo runs its specs once in a process, so that with %s they can't be run again: use ginkgo --repeat", given))
	}
	if files := asked.Files(); value("ginkgo.dry-run") == "true" && len(files) > 0 {
		errs = append(errs, fmt.Errorf("%s: with -ginkgo.dry-run nothing is judged, so that there is nothing to write: leave it out", strings.Join(files, ", ")))
	}
	catalogue, err := requirement.Load()
	if err != nil {
		return err
	}
	if err := catalogue.KnownLabels(value("ginkgo.label-filter")); err != nil {
		errs = append(errs, fmt.Errorf("-ginkgo.label-filter: %w", err))
	}
	return errors.Join(errs...)
}

// chooseSubtests refuses what can't be obeyed beside a target.
func chooseSubtests(asked settings.Settings) error {
	var errs []error
	if given := value("test.run"); given != "" && !reaches(given) {
		errs = append(errs, fmt.Errorf("-run %s: it leaves out TestConformance, which judges the target: such as -run 'TestConformance/OWNER'", given))
	}
	if files := asked.Files(); len(files) > 0 && (value("test.count") != "1" || strings.Contains(value("test.cpu"), ",")) {
		errs = append(errs, fmt.Errorf("%s: it holds one run, and -count or -cpu asks for several: leave one of them out", strings.Join(files, ", ")))
	}
	return errors.Join(errs...)
}

// reaches reports whether a pattern of -run selects TestConformance, or something in it.
func reaches(pattern string) bool {
	for alternative := range strings.SplitSeq(pattern, "|") {
		name, _, _ := strings.Cut(alternative, "/")
		if test, err := regexp.Compile(name); err != nil || test.MatchString("TestConformance") { // go test tells of one that is wrong
			return true
		}
	}
	return false
}

func value(name string) string {
	if f := flag.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}
