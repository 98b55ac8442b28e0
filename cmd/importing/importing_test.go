package importing_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// The test of an importer: with *testing.T, Run fails the test unless the endpoint conforms. Without a Target it judges
// the reference endpoint that the suite carries; an importer names its own, with Username and Password.
func TestMyEndpoint(t *testing.T) {
	result := suites.Run(t, suites.Config{Level: requirement.Should})
	if counts := result.Report.Counts(); counts.Pass == 0 {
		t.Errorf("nothing was judged: %+v", counts)
	}
}

// judge stands for an importer's test, so that the example can show what a failed one knows.
type judge struct{ failed bool }

func (j *judge) Fail() { j.failed = true }

// An endpoint that loses the owner is caught, and the report says by which requirement.
func Example() {
	var test judge
	result := suites.Run(&test, suites.Config{Select: "OWNER-01,OWNER-02", Reference: brokenEndpoint()})
	for _, judged := range result.Report.Results {
		fmt.Println(judged.Requirement.ID, judged.Verdict)
	}
	fmt.Println("conforms:", result.ExitCode() == reports.ExitConforms, "test failed:", test.failed)
	// Output:
	// OWNER-01 pass
	// OWNER-02 fail
	// conforms: false test failed: true
}

// What is not an endpoint of this API is never green.
func TestSomethingElseIsNotGreen(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<h1>Welcome</h1>")
	}))
	defer page.Close()
	var test judge
	result := suites.Run(&test, suites.Config{Target: page.URL, Username: "me", Password: "secret-of-mine"})
	if !test.failed || result.ExitCode() != reports.ExitIncomplete {
		t.Errorf("a web page in the API's place: test failed %v, exit code %d; want a failed test and %d", test.failed, result.ExitCode(), reports.ExitIncomplete)
	}
}

// brokenEndpoint is the reference endpoint with one fault, in the place of the importer's own endpoint.
func brokenEndpoint() fixtures.Options {
	return fixtures.Options{Faults: []string{"owner-missing-through-drives"}}
}
