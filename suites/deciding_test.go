package suites_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestEveryRequirementSaysHowItIsDecided takes each third requirement alone, and in the soak every one: it says what it looks at
// and what it expects, and nothing of what changes from run to run.
func TestEveryRequirementSaysHowItIsDecided(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the catalogue must load: %v", err)
	}
	chance := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}|127\.0\.0\.1|libdrives-conformance-`)
	for i, r := range catalogue.All() {
		if i%3 != 0 && !soaking() {
			continue
		}
		d, err := suites.Decide(t.Context(), r.ID)
		if err != nil {
			t.Errorf("%s: how it is decided can't be told: %v", r.ID, err)
			continue
		}
		if len(d.Rules) == 0 || len(d.Reads)+len(d.Scenarios) == 0 {
			t.Errorf("%s: judged alone it looks at %v and %v and expects %v, it should look at something and expect something of it", r.ID, d.Reads, d.Scenarios, d.Rules)
		}
		if (r.Effect == requirement.Read) != (len(d.Scenarios) == 0) {
			t.Errorf("%s: its effect is %s, and it looks at the scenarios %v", r.ID, r.Effect, d.Scenarios)
		}
		text := strings.Join(slices.Concat(d.Reads, d.Rules), "\n")
		for _, scenario := range d.Scenarios {
			text += "\n" + strings.Join(scenario.Requests, "\n")
		}
		if found := chance.FindString(text); found != "" {
			t.Errorf("%s: how it is decided holds %q, which is another one in each run:\n%s", r.ID, found, text)
		}
	}
}

// TestHowARequirementIsDecidedIsToldTheSameEachTime looks at some that rest on many requests, and on jobs that take a
// while.
func TestHowARequirementIsDecidedIsToldTheSameEachTime(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]suites.Decision{
		"owner-02": {
			Reads: []string{"GET /libdrives/?limit=0", "44 × GET /drives/LIB/", "2 × GET /drives/LIB/ [Accept: application/xml]", "whatever else of the kind the run was answered"},
			Rules: []string{"a library drive belongs to nobody in every answer that defines it through the drives API",
				"through the drives API, XML names no owner of a library drive"},
		},
		"LIC-04": {
			Scenarios: []suites.DecidedScenario{{Name: "licensed clone", Requests: []string{
				"GET /libdrives/LIB/ (source before)", "POST /libdrives/LIB/action/?do=clone (clone)",
				"2 × GET /drives/DRIVE/ (job until it is done, clone done, after edit of media)", "GET /jobs/JOB/ (job until it is done)",
			}}},
			Reads: []string{"GET /libdrives/?limit=0", "whatever else of the kind the run was answered"},
			Rules: []string{
				"a clone carries the licences of its source, from the answer through the end of its job",
				"a clone carries the licences of its source, each with its amount, in every answer that defines it",
				"each licence of a clone is told with its user in every answer that defines the clone",
			},
		},
		"METHOD-01": {
			Scenarios: []suites.DecidedScenario{{Name: "forbidden methods", Requests: []string{"POST /libdrives/"}}},
			Rules:     []string{"only GET is allowed on the library"},
		},
	} {
		for range 3 {
			got, err := suites.Decide(t.Context(), id)
			if err != nil {
				t.Fatalf("%s: how it is decided can't be told: %v", id, err)
			}
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("%s is decided by\n%+v\nand should be by\n%+v", id, *got, want)
			}
		}
	}
	for _, name := range []string{"OWNER-2", "OWNER"} {
		if _, err := suites.Decide(t.Context(), name); err == nil {
			t.Errorf("%s is no requirement, so that how it is decided can't be told", name)
		}
	}
}
