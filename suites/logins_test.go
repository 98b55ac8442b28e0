package suites_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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

// TestARefusedLogoutIsTheFinding refuses the logout, with the session left open and with it ended all the same: AUTH-06 tells
// the logout, and whether the session is still open is told as it is.
func TestARefusedLogoutIsTheFinding(t *testing.T) {
	for _, ended := range []bool{false, true} {
		endpoint := start(t, fixtures.Options{})
		config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			if r.URL.Query().Get("do") != "logout" {
				return false
			}
			if ended {
				forward.ServeHTTP(httptest.NewRecorder(), r)
			}
			return refuse(w, http.StatusForbidden, "permission", "Not from here.")
		}))
		config.Select, config.Level = "AUTH-06,AUTH-07", requirement.May
		run := suites.Run(&recorder{}, config)
		if run.Report == nil {
			t.Fatalf("the run must begin: %v", run.Err)
		}
		r := result(t, run.Report, "AUTH-06")
		if r.Verdict != reports.Fail || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].FoundText(), "403") || !strings.Contains(r.Findings[0].Rule, "logout") {
			t.Errorf("with the logout refused, AUTH-06 is %s with %+v; the logout is the finding, and nothing else", r.Verdict, r.Findings)
		}
		if other := result(t, run.Report, "AUTH-07"); other.Verdict != reports.Pass {
			t.Errorf("with the logout refused, AUTH-07 is %s (%s); it is judged before", other.Verdict, other.Reason)
		}
		open := slices.ContainsFunc(run.Report.Warnings, func(warning string) bool { return strings.Contains(warning, "still open") })
		if open == ended {
			t.Errorf("the session is ended: %t; that it is still open is told: %t, in %q", ended, open, run.Report.Warnings)
		}
	}
}
