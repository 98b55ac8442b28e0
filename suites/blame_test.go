package suites_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestWhatNeedsNoLicencesIsJudgedWithoutThem has an account that may not clone what carries licences: what needs none is
// judged by another drive, and what needs them is blocked by the refusal.
func TestWhatNeedsNoLicencesIsJudgedWithoutThem(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, status := range []int{402, 403} {
		endpoint := start(t, fixtures.Options{})
		config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			segments := strings.Split(r.URL.Path, "/")
			if !isClone(r) || len(segments) < 4 {
				return false
			}
			return carriesLicences(t, endpoint, segments[len(segments)-3]) && refuse(w, status, "payment", "Licences are not for you.")
		}))
		config.Select = "CLONE,LIC,ATTACH-09,HIDE-04"
		run := suites.Run(&recorder{}, config)
		if run.Report == nil {
			t.Fatalf("the run must begin: %v", run.Err)
		}
		for _, r := range run.Report.Results {
			id := r.Requirement.ID
			needs := slices.Contains([]string{"LIC-04", "LIC-05", "LIC-06", "LIC-07", "LIC-08", "LIC-09", "LIC-10", "LIC-11", "LIC-13", "LIC-14", "LIC-15"}, id)
			switch {
			case needs && (r.Verdict != reports.Blocked || !strings.Contains(r.Reason, "Licences are not for you.")):
				t.Errorf("with %d for licensed clones, %s is %s (%s); it needs licences, so the refusal blocks it", status, id, r.Verdict, r.Reason)
			case !needs && id == "LIC-16": // of no clone
			case !needs && r.Verdict != reports.Pass:
				t.Errorf("with %d for licensed clones, %s is %s (%s%s); it can be judged by a drive without licences", status, id, r.Verdict, r.Reason, firstFound(r))
			}
		}
	}
}

func firstFound(r reports.Result) string {
	if len(r.Findings) == 0 {
		return ""
	}
	return r.Findings[0].FoundText()
}

// carriesLicences asks the endpoint itself.
func carriesLicences(t *testing.T, endpoint *fixtures.Endpoint, uuid string) bool {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, endpoint.URL()+"drives/"+uuid+"/", nil)
	if err != nil {
		t.Error(err)
		return false
	}
	r.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
	x, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return false
	}
	defer func() { _ = x.Body.Close() }()
	body, err := io.ReadAll(x.Body)
	return err == nil && bytes.Contains(body, []byte(`"license":`))
}

// TestMaterialThatCannotBeReadIsNotMissing leaves a field out of the plain list alone: nothing is said to be missing from
// the library.
func TestMaterialThatCannotBeReadIsNotMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for field, by := range map[string][]string{"media": {"LIST-03"}, "size": {"LIST-03"}, "licenses": {"LIST-03"}, "os": {"LIST-04"}} {
		if !soaking() && (field == "size" || field == "licenses") {
			continue
		}
		endpoint := start(t, fixtures.Options{})
		config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			if !strings.HasSuffix(r.URL.Path, "/libdrives/") || r.Method != http.MethodGet {
				return false
			}
			r.Header.Del("Accept-Encoding")
			forward.ServeHTTP(renaming{w, field}, r)
			return true
		}))
		if field == "os" { // which drives are cloned and attached follows from the others
			config.Profile = requirement.ReadProfile
		}
		run := suites.Run(&recorder{}, config)
		if run.Report == nil {
			t.Fatalf("the run must begin: %v", run.Err)
		}
		if result(t, run.Report, by[0]).Verdict != reports.Fail {
			t.Errorf("without %s in the list, %s must fail", field, by[0])
		}
		for _, r := range run.Report.Results {
			if r.Verdict == reports.Skip {
				t.Errorf("without %s in the list, %s is skipped (%s); the drives are there, so %v blocks it", field, r.Requirement.ID, r.Reason, by)
			}
		}
	}
}

// renaming is a response in whose body a key is another one.
type renaming struct {
	http.ResponseWriter
	key string
}

func (r renaming) Write(body []byte) (int, error) {
	_, err := r.ResponseWriter.Write(bytes.ReplaceAll(body, []byte(`"`+r.key+`":`), []byte(`"`+strings.Repeat("x", len(r.key))+`":`)))
	return len(body), err
}

// TestACountThatIsWrongKeepsNothingFromBeingJudged has a list that counts one drive more than it shows: that is a failure of
// its own, and what the scenarios need is there all the same.
func TestACountThatIsWrongKeepsNothingFromBeingJudged(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{
		Select: "PAGE-03,CLONE-01,ATTACH-01,METHOD-01", Level: requirement.May, Reference: fixtures.Options{Faults: []string{"total-count-one-too-many"}},
	})
	if run.Report == nil {
		t.Fatalf("the run must begin: %v", run.Err)
	}
	for _, r := range run.Report.Results {
		if want := map[bool]reports.Verdict{true: reports.Fail, false: reports.Pass}[r.Requirement.ID == "PAGE-03"]; r.Verdict != want {
			t.Errorf("%s is %s (%s%s), want %s", r.Requirement.ID, r.Verdict, r.Reason, firstFound(r), want)
		}
	}
}

// TestAnAccountThatMayHaveNoMoreIsNotTheEndpoint lets an account make two clones, or one server, and no more, in each way in
// which that can be told: nobody is accused, and what is left names the refusal.
func TestAnAccountThatMayHaveNoMoreIsNotTheEndpoint(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	const words = "Your quota is used up."
	for name, c := range map[string]struct {
		status int
		most   int32
		of     func(r *http.Request) bool
	}{
		"clones, 402":  {402, 2, isClone},
		"clones, 403":  {403, 2, isClone},
		"servers, 402": {402, 1, isServer},
		"servers, 403": {403, 1, isServer},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			config := account(t, between(t, start(t, fixtures.Options{}), func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				return c.of(r) && r.Header.Get("Authorization") != "" && asked.Add(1) > c.most && refuse(w, c.status, "permission", words)
			}))
			config.Select, config.Level = "CLONE,LIC,ATTACH,HIDE-04,ROBUST-04", requirement.May
			run := suites.Run(&recorder{}, config)
			if run.Report == nil {
				t.Fatalf("the run must begin: %v", run.Err)
			}
			for _, r := range run.Report.Results {
				if r.Verdict == reports.Fail || r.Verdict == reports.Blocked && !strings.Contains(r.Reason, words) {
					t.Errorf("%s is %s (%s%s); the account may have no more, which is the cause of whatever is left", r.Requirement.ID, r.Verdict, r.Reason, firstFound(r))
				}
			}
		})
	}
}

func isServer(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/servers/")
}
