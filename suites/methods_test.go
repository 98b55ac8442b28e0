package suites_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

var uuidInText = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// TestForbiddenMethodsComeByTheHarmTheyMayDo looks at the order of what is asked for by methods that are not allowed: on
// a sound endpoint, and on one that changes the drive, whose old definition is then given back, and nothing more is tried.
func TestForbiddenMethodsComeByTheHarmTheyMayDo(t *testing.T) {
	t.Parallel()
	order := []string{
		"POST libdrives/schema/", "POST libdrives/LIB/", "POST libdrives/detail/", "POST libdrives/",
		"PATCH libdrives/LIB/", "PATCH libdrives/detail/", "PATCH libdrives/",
		"PUT libdrives/schema/", "PUT libdrives/LIB/", "PUT libdrives/detail/", "PUT libdrives/", "PUT drives/LIB/",
		"POST libdrives/LIB/action/ resize", "POST drives/LIB/action/ resize",
		"DELETE libdrives/schema/", "DELETE libdrives/LIB/", "DELETE libdrives/detail/", "DELETE libdrives/", "DELETE drives/LIB/",
	}
	const rename, restore, further = "PUT drives/LIB/", "given back through drives", "given back through libdrives"
	renamed := append(slices.Clone(order[:slices.Index(order, rename)+1]), restore, further)
	for fault, want := range map[string][]string{"": order, "library-drive-edit-refused-but-written-through-drives": renamed} {
		config := suites.Config{Level: requirement.May, Select: "METHOD,CLONE-01,ROBUST-04"}
		if fault != "" {
			config.Reference = fixtures.Options{Faults: []string{fault}}
		}
		run := suites.Run(&recorder{}, config)
		var sent []string
		for _, x := range run.Record.All() {
			if method := x.Request.Method; method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
				continue
			}
			step, mine := strings.CutPrefix(x.Key, "forbidden methods/")
			if mine {
				sent = append(sent, step)
			}
			if mine && step != restore && step != further && uuidInText.Match(x.Request.Body) {
				t.Errorf("%q: the body of %s names a drive, which an endpoint might take for the one to change: %s", fault, step, x.Request.Body)
			}
			if !mine && len(sent) > 0 && x.Request.Method == http.MethodPost {
				t.Errorf("%q: %s comes after %s, what may harm the library should come last", fault, x.Key, sent[len(sent)-1])
			}
		}
		if !slices.Equal(sent, want) {
			t.Errorf("with the fault %q the methods are tried in the order\n%s\nand should be in\n%s", fault, strings.Join(sent, "\n"), strings.Join(want, "\n"))
		}
	}
}
