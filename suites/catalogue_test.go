package suites_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestCatalogueSpecsAndPageAgree checks that every requirement has a spec, and where the page of requirements has a table of
// requirements, that it names each once and none beside.
func TestCatalogueSpecsAndPageAgree(t *testing.T) {
	t.Parallel()
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, r := range catalogue.All() {
		known = append(known, r.ID)
		if !suites.Judged(r.ID) {
			t.Errorf("%s has no spec", r.ID)
		}
	}
	text, err := os.ReadFile("../.github/docs/requirements.md")
	if err != nil {
		t.Skipf("there is no page of requirements to compare with: %v", err)
	}
	rows := regexp.MustCompile("(?m)^\\| *[`*]*([A-Z]+-[0-9]{2})[`*]* *\\|").FindAllSubmatch(text, -1)
	if len(rows) == 0 {
		t.Skip("the page has no table of requirements")
	}
	count := map[string]int{}
	for _, row := range rows {
		id := string(row[1])
		count[id]++
		if !slices.Contains(known, id) {
			t.Errorf("the page's table has %s, which the catalogue does not", id)
		}
	}
	for _, id := range known {
		if count[id] != 1 {
			t.Errorf("the page's table has %s %d times, want once", id, count[id])
		}
	}
}

// TestEverySpecIsRegisteredOnce checks the list of specs against the catalogue the other way round: a spec without a
// requirement, or two for one, keep a run from beginning.
func TestEverySpecIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	var test recorder
	result := suites.Run(&test, suites.Config{Select: "LIST-01"})
	if result.Err != nil {
		t.Errorf("a run does not begin: %v", result.Err)
	}
}
