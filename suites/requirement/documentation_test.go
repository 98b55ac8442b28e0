package requirement_test

import (
	"regexp"
	"testing"

	"github.com/libdrives/conformance/suites/requirement"
)

// TestEverySourceCanBeRead: each part of each source has a public address.
func TestEverySourceCanBeRead(t *testing.T) {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`^https://docs\.cloudsigma\.com/en/latest/[a-z_]+\.html(#[a-z0-9-]+)?$`)
	for _, r := range catalogue.All() {
		if len(r.Documentation) == 0 {
			t.Errorf("%s: %q can't be read anywhere", r.ID, r.Source)
		}
		for _, section := range r.Documentation {
			if section.Name == "" || !address.MatchString(section.URL) {
				t.Errorf("%s: %q is at %q, which is no page of the documentation", r.ID, section.Name, section.URL)
			}
		}
	}
	if _, err := requirement.Parse([]byte("edition: 2\ndocumentation: {base: 'https://h/', sections: {A: a.html}}\nareas: {X: x}\nrequirements:\n  - {id: X-01, level: must, effect: read, source: B, states: s}\n")); err == nil {
		t.Error("a source without an address is taken, and nobody could read it")
	}
}
