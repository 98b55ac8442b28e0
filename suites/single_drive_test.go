package suites_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestAResourceURILeadsFromTheHost judges an API that is asked for under an alias of its base. What it calls a drive's
// path leads to the drive all the same, from the host and not from the alias.
func TestAResourceURILeadsFromTheHost(t *testing.T) {
	t.Parallel()
	target := between(t, start(t, fixtures.Options{}), func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/alias")
		r.URL.RawPath = strings.TrimPrefix(r.URL.RawPath, "/alias")
		return false
	})
	config := account(t, strings.Replace(target, "/api/", "/alias/api/", 1))
	config.Profile, config.Level, config.Select = requirement.ReadProfile, requirement.May, "GET,OWNER"
	var test recorder
	run := suites.Run(&test, config)
	if failed := failures(run.Report); len(failed) > 0 || run.ExitCode() != 0 {
		t.Errorf("%v fail, though each drive is where its resource_uri says%s", failed, summary(run.Report))
	}
}
