package suites_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/requirement"
)

func isLibrary(r *http.Request) bool {
	return r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/libdrives/") || strings.HasSuffix(r.URL.Path, "/libdrives/detail/"))
}

// sendList answers with made-up library drives, of which there are said to be so many.
func sendList(w http.ResponseWriter, total, from, n int) bool {
	var objects []string
	for i := from; i < from+n; i++ {
		objects = append(objects, fmt.Sprintf(`{"uuid": "%08x-1111-4111-8111-111111111111", "name": "drive %d", "owner": null, "media": "disk", "size": 65536}`, i, i))
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"meta": {"limit": 0, "offset": %d, "total_count": %d}, "objects": [%s]}`, from, total, strings.Join(objects, ","))
	return true
}

// TestPagesAreAskedForAsFarAsTheDrivesSeenJustify judges lists whose total_count lies: that is a failure, and costs no
// more requests than there was something to be seen by. The lists ignore their filters too, so that each filtered request
// is sent again to confirm it; that is why more requests are justified than for a sound endpoint.
func TestPagesAreAskedForAsFarAsTheDrivesSeenJustify(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, limit, offset int) bool
		most   int
		fails  string
	}{
		"a count that nobody can believe": {func(w http.ResponseWriter, _, offset int) bool {
			return sendList(w, 1<<53, offset, max(0, 4-offset))
		}, 2000, "PAGE-03"},
		"a count that is not borne out": {func(w http.ResponseWriter, _, offset int) bool {
			return sendList(w, 50_000, offset, max(0, 4-offset))
		}, 2000, "PAGE-03"},
		"one page over and over": {func(w http.ResponseWriter, _, _ int) bool { return sendList(w, 50_000, 0, 4) }, 2000, "PAGE-03"},
		"pages without end":      {func(w http.ResponseWriter, _, offset int) bool { return sendList(w, 99_999, offset, 4) }, 2000, "PAGE-03"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := between(t, start(t, fixtures.Options{}), func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
				offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
				offset = min(max(offset, 0), 1<<20) // a hostile one must not harm the test
				return isLibrary(r) && c.answer(w, limit, offset)
			})
			config := account(t, target)
			config.Profile = requirement.ReadProfile
			if name != "pages without end" && !soaking() {
				config.Select = "LIST,PAGE"
			}
			run := suites.Run(&recorder{}, config)
			if run.Report == nil {
				t.Fatalf("the run must begin: %v", run.Err)
			}
			if sent := run.Report.Requests.Sent; sent > c.most {
				t.Errorf("%d requests were sent, %d are justified", sent, c.most)
			}
			if verdict := result(t, run.Report, c.fails).Verdict; verdict != reports.Fail || run.ExitCode() != reports.ExitDoesNot {
				t.Errorf("%s is %s and the exit code %d, want a failure and 1", c.fails, verdict, run.ExitCode())
			}
		})
	}
}

// TestWhatEndsARunIsTold ends runs by what the endpoint does: each is incomplete, with a report that says why, accuses
// nobody and leaves nothing that could be removed.
func TestWhatEndsARunIsTold(t *testing.T) {
	t.Parallel()
	var clones atomic.Int32
	for name, c := range map[string]struct {
		intercept func(w http.ResponseWriter, r *http.Request, asked int64) bool
		profile   requirement.Profile
		words     []string
	}{
		"a body without end": {func(w http.ResponseWriter, r *http.Request, _ int64) bool {
			for endless := r.Method == http.MethodGet && isLibrary(r) && !strings.HasSuffix(r.URL.Path, "/detail/") && r.URL.Query().Get("fields") != ""; endless; {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return true
				}
			}
			return false
		}, requirement.ReadProfile, []string{"GET /api/2.0/libdrives/?", "fields=", "longer than 1 MiB"}},
		"an outage": {func(w http.ResponseWriter, _ *http.Request, asked int64) bool {
			if asked < 60 {
				return false
			}
			w.Header().Set("Retry-After", "7200")
			return refuse(w, 503, "backend", "Closed for renovation.")
		}, requirement.ReadProfile, []string{"Closed for renovation.", "2h0m0s", "503"}},
		"busy for ever": {func(w http.ResponseWriter, _ *http.Request, asked int64) bool {
			return asked >= 60 && refuse(w, 429, "concurrency", "Too many.")
		}, requirement.ReadProfile, []string{"Too many.", "429"}},
		"the server is gone in the middle": {func(_ http.ResponseWriter, r *http.Request, _ int64) bool {
			if isClone(r) {
				clones.Add(1)
			}
			if clones.Load() > 0 && !isClone(r) {
				panic(http.ErrAbortHandler)
			}
			return false
		}, requirement.WriteProfile, []string{"the endpoint is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			target := between(t, start(t, fixtures.Options{}), func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				return c.intercept(w, r, asked.Add(1))
			})
			config := account(t, target)
			config.Profile, config.MaxBody, config.RetryDelay, config.CleanupTimeout = c.profile, 1<<20, time.Millisecond, time.Second
			run := suites.Run(&recorder{}, config)
			if run.Report == nil || run.ExitCode() != reports.ExitIncomplete {
				t.Fatalf("the run ended with exit code %d and %v, want a report and 3:%s", run.ExitCode(), run.Err, accusations(run.Report))
			}
			for _, words := range c.words {
				if !strings.Contains(run.Report.Incomplete, words) {
					t.Errorf("the report does not say %q but that it is incomplete because %s", words, run.Report.Incomplete)
				}
			}
			if failed := failures(run.Report); len(failed) > 0 {
				t.Errorf("of a sound endpoint that ended the run, %v are accused", failed)
			}
			if asked.Load() > 2000 {
				t.Errorf("%d requests were sent", asked.Load())
			}
		})
	}
}

func TestAnEndpointThatIsOutOfServiceIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]string{"with a long Retry-After": "7200", "without Retry-After": ""} {
		var asked atomic.Int64
		target := between(t, start(t, fixtures.Options{}), func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
			asked.Add(1)
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "<html><head><title>Down for maintenance</title></head></html>")
			return true
		})
		config := account(t, target)
		config.RetryDelay = time.Millisecond
		run := suites.Run(&recorder{}, config)
		var endpoint *suites.EndpointError
		var outage *client.OutageError
		if run.ExitCode() != reports.ExitIncomplete || !errors.As(run.Err, &endpoint) || !errors.As(run.Err, &outage) {
			t.Fatalf("%s: the run ended with exit code %d and %v, want 3 and an OutageError", name, run.ExitCode(), run.Err)
		}
		if !outage.Page || outage.Words != "Down for maintenance" || outage.Status != 503 || asked.Load() > 10 {
			t.Errorf("%s: after %d requests the outage is told as %v", name, asked.Load(), run.Err)
		}
	}
}
