package suites_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// start serves the reference endpoint for a test.
func start(t *testing.T, options fixtures.Options) *fixtures.Endpoint {
	t.Helper()
	endpoint, err := fixtures.Start(options)
	if err != nil {
		t.Fatalf("the reference endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	return endpoint
}

// account is a configuration that judges a target as the reference endpoint's account, with a journal of the test's own.
func account(t *testing.T, target string) suites.Config {
	t.Helper()
	return suites.Config{
		Target: target, Username: fixtures.DefaultUsername, Password: fixtures.DefaultPassword,
		Profile: requirement.FullProfile, Journal: filepath.Join(t.TempDir(), "run.journal"),
		SettleTimeout: time.Second,
	}
}

// between puts something in front of the endpoint that answers some requests itself, where it returns true.
func between(t *testing.T, endpoint *fixtures.Endpoint, intercept func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool) string {
	t.Helper()
	at, err := url.Parse(endpoint.URL())
	if err != nil {
		t.Fatalf("the endpoint's URL must be one: %v", err)
	}
	forward := &httputil.ReverseProxy{ErrorLog: silent(), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: at.Scheme, Host: at.Host})
		r.Out.Host = at.Host
		r.Out.URL.RawQuery = r.In.URL.RawQuery // a proxy drops what it can't read, unless configured otherwise
	}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !intercept(w, r, forward) {
			forward.ServeHTTP(w, r)
		}
	}))
	server.Config.ErrorLog = silent()
	server.Start()
	t.Cleanup(server.Close)
	return server.URL + at.Path
}

// silent is a log of a server to which it is no news that a run hangs up: many tests end runs in the middle.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// refuse answers with an error as the API writes it.
func refuse(w http.ResponseWriter, status int, kind, message string) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `[{"error_type": "`+kind+`", "error_message": "`+message+`", "error_point": null}]`)
	return true
}

func isClone(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Get("do") == "clone"
}

var jobPath = regexp.MustCompile(`/jobs/([^/]+)/?$`)

// answerJob answers for a job in the endpoint's place.
func answerJob(w http.ResponseWriter, r *http.Request, state string, progress string) bool {
	job := jobPath.FindStringSubmatch(r.URL.Path)
	if job == nil {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"operation": "drive_clone", "state": "`+state+`", "data": {"progress": `+progress+`}, "resources": [], "children": [], "resource_uri": "`+r.URL.Path+`", "uuid": "`+job[1]+`"}`)
	return true
}

// result finds a requirement's result.
func result(t *testing.T, report *reports.Report, id string) reports.Result {
	t.Helper()
	for _, r := range report.Results {
		if r.Requirement.ID == id {
			return r
		}
	}
	t.Fatalf("the report has no %s, which was selected", id)
	return reports.Result{}
}

// TestBadLuck judges a sound endpoint through all kinds of adverse conditions: each ends with a clear verdict or reason.
func TestBadLuck(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, condition := range map[string]struct {
		intercept func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool
		code      int
		fails     []string // exactly these
		id        string   // this requirement's reason or finding has the words
		words     string
		left      bool
	}{
		"no funds": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return isClone(r) && refuse(w, 402, "payment", "There is not enough money.")
		}, 3, nil, "CLONE-01", "There is not enough money.", false},
		"no permission": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return isClone(r) && refuse(w, 403, "permission", "The account may not clone.")
		}, 3, nil, "CLONE-01", "The account may not clone.", false},
		"out of capacity": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return isClone(r) && refuse(w, 503, "concurrency", "There is no room.")
		}, 3, nil, "CLONE-01", "There is no room.", false},
		"no server": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/servers/") && refuse(w, 402, "payment", "Servers cost money.")
		}, 3, nil, "ATTACH-01", "Servers cost money.", false},
		"clones fail halfway": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return answerJob(w, r, "failed", "40")
		}, 1, []string{"CLONE-10"}, "CLONE-10", `state "failed", progress 40`, false},
		"clones never end": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return answerJob(w, r, "started", "40")
		}, 1, []string{"CLONE-10"}, "CLONE-10", `state "started", progress 40`, false},
		"deleting is refused": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			return r.Method == http.MethodDelete && refuse(w, 403, "permission", "It is busy.")
		}, 1, []string{"CLONE-18"}, "CLONE-18", "It is busy.", true},
		"the connection drops after a write": {func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			if r.Method != http.MethodPost {
				return false
			}
			forward.ServeHTTP(httptest.NewRecorder(), r)
			connection, _, err := http.NewResponseController(w).Hijack()
			return err == nil && connection.Close() == nil
		}, 3, nil, "CLONE-01", "connection", false},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := start(t, fixtures.Options{})
			before := endpoint.Account()
			config := account(t, between(t, endpoint, condition.intercept))
			config.Select, config.CloneTimeout = "CLONE,LIC,ATTACH,HIDE-04", time.Second
			var test recorder
			run := suites.Run(&test, config)
			if run.Report == nil {
				t.Fatalf("the run must begin: %v", run.Err)
			}
			if code := run.ExitCode(); code != condition.code {
				t.Errorf("exit code %d, %s should end with %d: %s%s", code, name, condition.code, run.Report.Conclusion(), summary(run.Report))
			}
			if failed := failures(run.Report); !reflect.DeepEqual(failed, condition.fails) {
				t.Errorf("failed are %v, of a sound endpoint with %s just %v should: %s", failed, name, condition.fails, summary(run.Report))
			}
			judged := result(t, run.Report, condition.id)
			text := judged.Reason
			for _, finding := range judged.Findings {
				text += "\n" + finding.FoundText()
			}
			if !strings.Contains(text, condition.words) {
				t.Errorf("%s does not say %q but %q", condition.id, condition.words, text)
			}
			if left := len(run.Report.Resources.Left) > 0; left != condition.left {
				t.Errorf("left behind is %v, which should be so: %v; notes: %q", run.Report.Resources.Left, condition.left, run.Report.Warnings)
			}
			if same := reflect.DeepEqual(before, endpoint.Account()); same == condition.left {
				t.Errorf("the account is as before: %v; it should be exactly where nothing is said to be left", same)
			}
		})
	}
}

// TestAnInterruptedRunAccusesNobody ends runs of a sound endpoint at many moments: what was not answered is blocked.
func TestAnInterruptedRunAccusesNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	stride := int64(367)
	if soaking() {
		stride = 27
	}
	for last := int64(3); last < 1480; last += stride {
		ctx, cancel := context.WithCancel(t.Context())
		var asked atomic.Int64
		target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			if asked.Add(1) == last {
				cancel()
			}
			forward.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context()))) // carried out, whoever waits for it
			return true
		})
		config := account(t, target)
		config.Level = requirement.May
		run := suites.RunContext(ctx, &recorder{}, config)
		cancel()
		if run.Report == nil {
			t.Fatalf("ended at request %d, the run has no report: %v", last, run.Err)
		}
		if failed := failures(run.Report); len(failed) > 0 {
			t.Errorf("ended at request %d, the run accuses %v:%s", last, failed, summary(run.Report))
		}
		for _, result := range run.Report.Results {
			if strings.Contains(result.Reason, "the suite itself failed") {
				t.Errorf("ended at request %d, %s is blocked by a mistake of the suite: %s", last, result.Requirement.ID, result.Reason)
			}
		}
		if code := run.ExitCode(); code != 3 && int64(run.Report.Requests.Sent) >= last {
			t.Errorf("ended at request %d, the run ends with exit code %d, want 3", last, code)
		}
	}
}

// TestATooLowRateIsNamed gives runs less time than their rate needs: what was not asked for is blocked, never skipped as if
// the library had none of it, and the rate is reported.
func TestATooLowRateIsNamed(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{2, 12} {
		config := account(t, start(t, fixtures.Options{}).URL())
		config.Profile, config.Level = requirement.ReadProfile, requirement.May
		config.Rate, config.Timeout = rate, 1500*time.Millisecond
		run := suites.Run(&recorder{}, config)
		if run.Report == nil {
			t.Fatalf("the run must begin: %v", run.Err)
		}
		if !strings.Contains(run.Report.Incomplete, "its rate of") || run.ExitCode() != reports.ExitIncomplete {
			t.Errorf("at %g requests a second the run ends with %d: %q; it should be incomplete for its rate", rate, run.ExitCode(), run.Report.Incomplete)
		}
		for _, r := range run.Report.Results {
			if r.Verdict == reports.Skip || r.Verdict == reports.Fail {
				t.Errorf("at %g requests a second %s is %s (%s); what was not asked for is blocked", rate, r.Requirement.ID, r.Verdict, r.Reason)
			}
		}
	}
}
