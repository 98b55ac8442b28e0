package suites_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// challengeVariants are the legal ways to challenge.
var challengeVariants = []string{
	"basic-before-digest", "digest-challenge-only", "challenges-in-one-header", "digest-before-basic-in-one-header", "further-schemes",
	"digest-by-sha-256-too", "challenge-with-odd-blanks", "challenge-in-other-letters",
}

// TestDigestIsTriedWhateverTheChallenge judges an account that logs in by HTTP Digest, whose challenge comes in every legal form:
// it is let in, and AUTH-05 holds because Digest requests were sent, right ones and a wrong one.
func TestDigestIsTriedWhateverTheChallenge(t *testing.T) {
	t.Parallel()
	for _, variant := range challengeVariants {
		run := suites.RunContext(t.Context(), &recorder{}, suites.Config{
			Profile: requirement.ReadProfile, Select: "AUTH-04,AUTH-05", Auth: "digest", Reference: fixtures.Options{Variants: []string{variant}},
		})
		if run.Report == nil {
			t.Errorf("%s: there is no report: %v", variant, run.Err)
			continue
		}
		for _, id := range []string{"AUTH-04", "AUTH-05"} {
			r := result(t, run.Report, id)
			if r.Verdict != reports.Pass {
				t.Errorf("%s: %s is %s: %s", variant, id, r.Verdict, r.Reason)
			}
			for _, status := range []int{http.StatusOK, http.StatusUnauthorized} {
				tried := slices.ContainsFunc(r.Exchanges, func(x *evidence.Exchange) bool {
					return x.Status() == status && len(x.Request.Header["Authorization"]) > 0
				})
				if id == "AUTH-05" && !tried {
					t.Errorf("%s: AUTH-05 passes, and rests on no request by Digest that was answered %d", variant, status)
				}
			}
		}
	}
}
