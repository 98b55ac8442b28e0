package suites_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// TestGoTestObeysOrRefuses runs this very test binary, as go test and the command ginkgo run it.
func TestGoTestObeysOrRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for arguments, c := range map[string]struct {
		fault string
		code  int
		says  string // a pattern of the output
		count int    // how often it is there; 0 is once or more
	}{
		// a subtest for each requirement that is selected
		"-test.v": {says: `(?m)^    --- PASS: TestConformance/[A-Z]+-[0-9]{2} `, count: 102},
		"-test.v -test.run TestConformance/OWNER":                                {says: `(?m)^    --- (PASS|SKIP): TestConformance/`, count: 7},
		"-test.v -test.run TestConformance/OWNER -test.skip TestConformance/.*2": {says: `(?m)^    --- PASS: TestConformance/`, count: 6},
		"-test.v -test.run TestConformance/OWNER -test.count 2":                  {says: `(?m)^--- PASS: TestConformance `, count: 2},
		"-select OWNER":                   {fault: "owner-missing-through-drives", code: 1, says: `(?s)--- FAIL: TestConformance/OWNER-02 .*expected  owner: null.*found     owner: missing.*repeat    curl`},
		"-select OWNER -level may":        {fault: "owner-missing-through-drives", code: 1, says: `does not conform. Judged 7 of 7`},
		"-test.run TestConformance/NONE":  {code: 1, says: `nothing is selected: of the 102 requirements`},
		"-test.run TestConformance/CLONE": {code: 1, says: `nothing is selected`},
		"-test.run TestEndpoint":          {code: 2, says: `^-run TestEndpoint: it leaves out TestConformance[^\n]*'TestConformance/OWNER'\n$`},
		"-test.count 2 -junit FILE":       {code: 2, says: `^-junit: it holds one run[^\n]*\n$`},
		// the tree of Ginkgo, and nothing else
		"-ginkgo.label-filter=OWNER":                     {says: `Ran 7 of 102 Specs`},
		"-ginkgo.focus=OWNER-02 -junit FILE":             {fault: "owner-missing-through-drives", code: 1, says: `(?s)found     owner: missing.*Ran 1 of 102 Specs.*Judged 1 of 1`},
		"-ginkgo.label-filter=OWNER&&LIC":                {code: 1, says: `Detected no specs ran`},
		"-ginkgo.label-filter=OWNR":                      {code: 2, says: `^-ginkgo.label-filter: unknown label "OWNR": did you mean "OWNER"[^\n]*\n$`},
		"-ginkgo.v -test.count 2":                        {code: 2, says: `^-count and -cpu: [^\n]*ginkgo --repeat\n$`},
		"-ginkgo.v -test.run TestConformance/OWNER":      {code: 2, says: `^-run: with -ginkgo.v [^\n]*-ginkgo.focus[^\n]*\n$`},
		"-ginkgo.v -test.failfast":                       {code: 2, says: `^-failfast: [^\n]*-ginkgo.fail-fast\n$`},
		"-ginkgo.dry-run -junit FILE":                    {code: 2, says: `^-junit: with -ginkgo.dry-run [^\n]*\n$`},
		"-ginkgo.dry-run":                                {says: `Ran 102 of 102 Specs`},
		"-test.run TestConformance/OWNER -ginkgo.seed=1": {code: 2, says: `^-run: with -ginkgo.seed `},
	} {
		t.Run(arguments, func(t *testing.T) {
			options := fixtures.Options{}
			if c.fault != "" {
				options.Faults = []string{c.fault}
			}
			endpoint := start(t, options)
			file := filepath.Join(t.TempDir(), "report.xml")
			given := append(strings.Fields(strings.ReplaceAll(arguments, "FILE", file)), "-target", endpoint.URL(), "-username", fixtures.DefaultUsername)
			cmd := exec.CommandContext(t.Context(), os.Args[0], given...)
			cmd.Env = append(os.Environ(), "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword, "GINKGO_NO_COLOR=TRUE")
			output, err := cmd.CombinedOutput()
			var exited *exec.ExitError
			if err != nil && !errors.As(err, &exited) {
				t.Fatalf("the test binary must run: %v", err)
			}
			if got := cmd.ProcessState.ExitCode(); got != c.code {
				t.Errorf("exit code %d, it should be %d", got, c.code)
			}
			if n := len(regexp.MustCompile(c.says).FindAll(output, -1)); n == 0 || c.count > 0 && n != c.count {
				t.Errorf("%q is in the output %d times, it should be %s", c.says, n, map[bool]string{true: "there", false: fmt.Sprint(c.count)}[c.count == 0])
			}
			if t.Failed() {
				t.Logf("%s", output)
			}
			if asked := endpoint.Requests(); (c.code == 2 || strings.Contains(arguments, "dry-run") || strings.Contains(c.says, "nothing is selected")) && asked > 0 {
				t.Errorf("the endpoint was asked %d times", asked)
			}
			if _, err := os.Stat(file); strings.Contains(arguments, "FILE") && (err == nil) != (c.code < 2) {
				t.Errorf("the report that was asked for is there or not: %v", err)
			}
		})
	}
}

// TestWhatRunSelectsIsWhatIsAskedFor compares the ways to select: the endpoint is asked for the same.
func TestWhatRunSelectsIsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	for _, arguments := range []string{"-select LIST-01", "-test.run TestConformance/LIST-01", "-ginkgo.label-filter=LIST-01", "-ginkgo.focus=LIST-01"} {
		endpoint := start(t, fixtures.Options{})
		cmd := exec.CommandContext(t.Context(), os.Args[0], append(strings.Fields(arguments), "-target", endpoint.URL(), "-username", fixtures.DefaultUsername)...)
		cmd.Env = append(os.Environ(), "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword)
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", arguments, err, output)
		}
		asked[arguments] = endpoint.Requests()
	}
	for arguments, n := range asked {
		if n != asked["-select LIST-01"] || n > 3 {
			t.Errorf("with %s the endpoint was asked %d times, and %d times with -select", arguments, n, asked["-select LIST-01"])
		}
	}
}
