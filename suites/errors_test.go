package suites_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestWhichErrorsAreJudgedByTheirForm puts a server in front of the API that answers some requests itself. What it says
// in words of its own is not held against the API; what the API would have to say is.
func TestWhichErrorsAreJudgedByTheirForm(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	const limit = "limit=-1"
	say := func(status int, media, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			if media != "" {
				w.Header().Set("Content-Type", media)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, c := range map[string]struct {
		query, path string // what the front answers: a query, or a part of a path
		answer      func(http.ResponseWriter)
		accused     bool
	}{
		"a page":                             {limit, "", say(400, "text/html", "<html><h1>400</h1></html>"), false},
		"a word":                             {limit, "", say(400, "text/plain", "Bad request"), false},
		"nothing":                            {limit, "", say(400, "", ""), false},
		"XML":                                {limit, "", say(400, "application/xml", "<error/>"), false},
		"a status that is not documented":    {limit, "", say(431, "application/json", `{"message": "too large"}`), false},
		"a body that only calls itself JSON": {limit, "", say(400, "application/json", `{"message": `), false},
		"a path that leaves the API":         {"", "etc%2fpasswd", say(404, "application/json", `{"detail": "Not found."}`), false},
		"an object":                          {limit, "", say(400, "application/json", `{"message": "wrong"}`), true},
		"an object that is called a text":    {limit, "", say(400, "text/plain", `{"message": "wrong"}`), false},
		"a text in JSON":                     {limit, "", say(400, "application/json", `"wrong"`), true},
		"an error without its point":         {limit, "", say(400, "application/json", `[{"error_type": "validation", "error_message": "wrong"}]`), true},
		"a gateway's word for being busy":    {limit, "", say(503, "application/json", `{"message": "Service Unavailable"}`), false},
		"an error of another status":         {limit, "", say(503, "application/json", `[]`), true},
		"an error as documented":             {limit, "", say(400, "application/json", `[{"error_type": "validation", "error_message": "", "error_point": null}]`), false},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := start(t, fixtures.Options{})
			target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				mine := c.query != "" && r.URL.RawQuery == c.query || c.path != "" && strings.Contains(r.URL.EscapedPath(), c.path)
				if mine {
					c.answer(w)
				}
				return mine
			})
			config := account(t, target)
			config.Profile, config.Select, config.RetryDelay = requirement.ReadProfile, "ERROR-04,ROBUST-01", time.Millisecond
			judged := result(t, suites.Run(&recorder{}, config).Report, "ERROR-04")
			want := reports.Pass
			if c.accused {
				want = reports.Fail
			}
			if judged.Verdict != want {
				t.Errorf("ERROR-04 is %s %s, want %s", judged.Verdict, judged.Reason, want)
			}
			if c.accused && len(judged.Findings) > 0 && !strings.Contains(judged.Findings[0].Subject.String(), "GET /api/2.0/libdrives/?limit=-1 (exchange ") {
				t.Errorf("the finding names %q, it should name the exchange", judged.Findings[0].Subject.String())
			}
		})
	}
}
