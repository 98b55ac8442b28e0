package suites_test

import (
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestAnEndpointThatFailsAfterCloningIsNotAskedForMore bounds what hostile bodies cost where a 500 does not mean that
// nothing was made.
func TestAnEndpointThatFailsAfterCloningIsNotAskedForMore(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{Faults: []string{"broken-body-crashes-after-cloning"}})
	before := endpoint.Account()
	config := account(t, endpoint.URL())
	config.Level, config.Select = requirement.May, "ROBUST-04"
	run := suites.Run(&recorder{}, config)
	if judged := result(t, run.Report, "ROBUST-04"); len(judged.Findings) == 0 {
		t.Error("ROBUST-04 finds nothing, though a request that can't be understood is a 500 and makes a drive")
	}
	if made := len(run.Report.Resources.Made); made != 3 {
		t.Errorf("%d drives were made, after three it is enough", made)
	}
	if after := endpoint.Account(); !reflect.DeepEqual(before, after) {
		t.Errorf("the account was %v and is %v, it should be as before", before, after)
	}
}

// TestAHostileBodyIsShownAtItsSmallest judges endpoints that fail at hostile clone requests, or carry them out. The
// finding shows the smallest body that the endpoint fails at; one that makes a drive is shown as it is, for to look for a
// smaller one would make more. Every body names what it might make.
func TestAHostileBodyIsShownAtItsSmallest(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	given := regexp.MustCompile(`libdrives-conformance-[0-9a-z]+-[0-9]+`)
	for fault, c := range map[string]struct {
		want   string
		clones int
	}{
		"broken-body-crashes":     {`NAME`, 0},
		"deep-body-crashes":       {`NAME", "meta": ` + strings.Repeat("[", 601), 0},
		"broken-body-clones":      {`{"name": "NAME"`, 3},
		"second-document-ignored": {`{"name": "NAME"} {}`, 1},
	} {
		endpoint := start(t, fixtures.Options{Faults: []string{fault}})
		before := endpoint.Account()
		config := account(t, endpoint.URL())
		config.Level, config.Select = requirement.May, "ROBUST-04"
		run := suites.Run(&recorder{}, config)
		judged := result(t, run.Report, "ROBUST-04")
		if len(judged.Findings) == 0 {
			t.Errorf("%s: ROBUST-04 finds nothing", fault)
			continue
		}
		if got := given.ReplaceAllString(string(judged.Findings[0].Exchange.Request.Body), "NAME"); got != c.want {
			t.Errorf("%s: shown is %.60q, the smallest is %.60q", fault, got, c.want)
		}
		if subject := judged.Findings[0].Subject.String(); strings.Contains(subject, "(minimized from ") != (c.clones == 0) {
			t.Errorf("%s: the finding is about %q, it should say whether the body was minimized", fault, subject)
		}
		clones, bodies := 0, 0
		for _, x := range run.Record.All() {
			if x.Request.Method != http.MethodPost {
				continue
			}
			if bodies++; !given.Match(x.Request.Body) {
				t.Errorf("%s: the body %.60q bears no name by which what it makes could be found", fault, x.Request.Body)
			}
			if x.Status() == http.StatusAccepted {
				clones++
			}
		}
		if clones != c.clones {
			t.Errorf("%s: %d clones were made, want %d", fault, clones, c.clones)
		}
		if bodies > 160 {
			t.Errorf("%s: %d clone requests were sent, which is more than it takes", fault, bodies)
		}
		if after := endpoint.Account(); !reflect.DeepEqual(before, after) {
			t.Errorf("%s: the account was %v and is %v, it should be as before", fault, before, after)
		}
	}
}
