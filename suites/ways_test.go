package suites_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestWithAndWithoutGinkgoTheVerdictsAreTheSame judges a sound endpoint and some that are not, both ways: by Ginkgo's
// runner, as the program does, and without it, as in a process that has a suite of its own.
func TestWithAndWithoutGinkgoTheVerdictsAreTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	verdicts := func(fault, selected string, ownsProcess bool) map[string]string {
		options := fixtures.Options{}
		if fault != "" {
			options.Faults = []string{fault}
		}
		var test recorder
		result := suites.Run(&test, suites.Config{Level: requirement.May, Select: selected, Reference: options, OwnsProcess: ownsProcess})
		if result.Report == nil {
			t.Fatalf("the run did not begin: %v", result.Err)
		}
		if test.failed != (fault != "") {
			t.Errorf("fault %q, by Ginkgo's runner %v: that the test failed is %v", fault, ownsProcess, test.failed)
		}
		came := map[string]string{}
		for _, judged := range result.Report.Results {
			came[judged.Requirement.ID] = string(judged.Verdict) + " " + judged.BlockedBy
		}
		return came
	}
	for fault, selected := range map[string]string{
		"": "", "owner-missing-through-drives": "OWNER,DETAIL", "licences-gone-when-job-ends": "CLONE,LIC", "meta-total-is-text": "LIST,FIELDS,PAGE,FILTER",
	} {
		if difference := cmp.Diff(verdicts(fault, selected, true), verdicts(fault, selected, false)); difference != "" {
			t.Errorf("fault %q: with Ginkgo's runner (-) and without (+) the verdicts differ:\n%s", fault, difference)
		}
	}
}
