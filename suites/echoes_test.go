package suites_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestWhatIsRepeatedIsToldFromWhatIsSaid judges endpoints that repeat credentials, and sound ones whose own words the
// password is.
func TestWhatIsRepeatedIsToldFromWhatIsSaid(t *testing.T) {
	t.Parallel()
	const message = "There is no such object."
	repeat := func(what func(username, password, authorization string) string) func(*http.Request) string {
		return func(r *http.Request) string {
			username, password, basic := r.BasicAuth()
			if !basic {
				return ""
			}
			return what(username, password, r.Header.Get("Authorization"))
		}
	}
	for _, c := range []struct {
		name, password string
		say            func(*http.Request) string // in the header of a 404
		want           reports.Verdict
	}{
		{"nothing", "correct horse battery", func(*http.Request) string { return "" }, reports.Pass},
		{"a word", "object", func(*http.Request) string { return message }, reports.Pass},
		{"a sentence", message, func(*http.Request) string { return message }, reports.Pass},
		{"a long password", "correct horse battery", repeat(func(_, password, _ string) string { return "wrong: " + password }), reports.Fail},
		{"a password in hexadecimal", "correct horse battery", repeat(func(_, password, _ string) string { return fmt.Sprintf("%x", password) }), reports.Fail},
		{"name and password", "object no 9", repeat(func(username, password, _ string) string { return username + ":" + password }), reports.Fail},
		{"the header, with a short password", "object", repeat(func(_, _, authorization string) string { return authorization }), reports.Fail},
		{"the header, with a password of one letter", "e", repeat(func(_, _, authorization string) string { return authorization }), reports.Fail},
	} {
		endpoint := start(t, fixtures.Options{Password: c.password})
		target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			answer := httptest.NewRecorder()
			forward.ServeHTTP(answer, r)
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			if said := c.say(r); answer.Code == http.StatusNotFound && said != "" {
				w.Header().Set("X-Says", said)
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return true
		})
		config := account(t, target)
		config.Password, config.Profile, config.Level, config.Select = c.password, requirement.ReadProfile, requirement.May, "ROBUST-07"
		got := result(t, suites.Run(&recorder{}, config).Report, "ROBUST-07")
		if got.Verdict != c.want {
			t.Errorf("an endpoint that says %s, with the password %q: ROBUST-07 is %s (%s, %+v), and should be %s", c.name, c.password, got.Verdict, got.Reason, got.Findings, c.want)
		}
		for _, f := range got.Findings {
			if !strings.Contains(f.FoundText(), "header X-Says") {
				t.Errorf("what is repeated in a header is told as %q", f.FoundText())
			}
		}
	}
}
