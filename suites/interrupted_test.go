package suites_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestAWriteThatWasInterruptedAccusesNobody ends a run while a resize is under way. The endpoint carries it out once the clean-up has
// looked at the clone for the last time, and a list that trails shows the clone in its new size.
func TestAWriteThatWasInterruptedAccusesNobody(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	endpoint := start(t, fixtures.Options{CloneTime: time.Nanosecond})
	var mu sync.Mutex
	var resize *http.Request
	var body []byte
	listed := map[string]*httptest.ResponseRecorder{} // by path, what the lists show once the clone is resized
	shown := 0
	heard := func(r *http.Request, forward http.Handler) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		return answer
	}
	config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case resize == nil && r.Method == http.MethodPost && r.URL.Query().Get("do") == "resize":
			resize = r.Clone(context.WithoutCancel(r.Context()))
			body, _ = io.ReadAll(r.Body) // all of it was sent
			interrupt()
			panic(http.ErrAbortHandler)
		case resize == nil || !strings.Contains(r.URL.Path, "/drives/"):
			return false
		case r.Method == http.MethodDelete && strings.HasPrefix(resize.URL.Path, r.URL.Path) && len(listed) == 0:
			resize.Body = io.NopCloser(bytes.NewReader(body))
			if answer := heard(resize, forward); answer.Code != http.StatusAccepted {
				t.Errorf("the resize is answered %d", answer.Code)
			}
			for _, path := range []string{"drives/", "drives/detail/"} {
				look := r.Clone(r.Context())
				look.Method, look.URL.Path, look.URL.RawQuery = http.MethodGet, strings.SplitAfter(r.URL.Path, "/2.0/")[0]+path, "limit=0"
				listed[look.URL.Path] = heard(look, forward)
			}
		case r.Method == http.MethodGet && listed[r.URL.Path] != nil && shown < 2:
			shown++
			for name, values := range listed[r.URL.Path].Header() {
				w.Header()[name] = values
			}
			_, _ = w.Write(listed[r.URL.Path].Body.Bytes())
			return true
		}
		return false
	}))
	config.Select, config.Profile, config.Level = "CLONE,LIC", requirement.FullProfile, requirement.May
	run := suites.RunContext(ctx, &recorder{}, config)
	if run.Report == nil {
		t.Fatalf("the run must begin: %v", run.Err)
	}
	if resize == nil || shown == 0 {
		t.Fatal("no list showed what the resize made of the clone: this tests nothing")
	}
	if failed := failures(run.Report); len(failed) > 0 {
		t.Errorf("a run that was interrupted accuses %v:%s", failed, summary(run.Report))
	}
}
