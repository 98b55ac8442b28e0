package waivers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/waivers"
	"github.com/libdrives/conformance/suites/requirement"
)

// FuzzWaivers reads what may be a file of waivers. What is taken is right in every part; what is refused is reported line by
// line, each with the file.
func FuzzWaivers(f *testing.F) {
	catalogue, err := requirement.Load()
	if err != nil {
		f.Fatalf("the catalogue must load: %v", err)
	}
	for _, seed := range []string{
		"- requirement: OWNER-02\n  reason: 'ticket 12'\n  until: '2027-01-31'\n  match: 'found owner: missing'\n", "# none\n", "", "- {requirement: OWNER-02, reason: x, until: 2027-01-31}\n",
		"- requirement: OWNER-02\n", "- 1\n", "a: b\n", "- requirement: [a]\n", "---\n- requirement: OWNER-02\n---\n", "- &a {reason: *a}\n", "- requirement: OWNER-02\n  requirement: LIC-01\n", "\ufeff[]", "- <<: {a: b}\n", "!!binary x", "- ? a\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		taken, err := waivers.Parse("w.yaml", file, catalogue)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.HasPrefix(line, "w.yaml") {
					t.Errorf("the error for %q has a line without its place: %q", file, line)
				}
			}
			return
		}
		if err := reports.CheckWaivers(taken, catalogue); err != nil {
			t.Errorf("what is taken of %q is not right: %v", file, err)
		}
		for _, w := range taken {
			if _, err := time.Parse(time.DateOnly, w.Until); err != nil || strings.TrimSpace(w.Reason) == "" || w.Line < 1 {
				t.Errorf("of %q this is taken: %+v", file, w)
			}
		}
	})
}
