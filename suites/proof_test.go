package suites_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

// answerClone hands a clone on and answers with what became of its answer.
func answerClone(w http.ResponseWriter, r *http.Request, forward http.Handler, change func(uuid string) string) bool {
	if !isClone(r) {
		return false
	}
	r.Header.Del("Accept-Encoding")
	answer := httptest.NewRecorder()
	forward.ServeHTTP(answer, r)
	body := answer.Body.Bytes()
	var made struct{ Objects []struct{ UUID string } }
	if json.Unmarshal(body, &made) == nil && len(made.Objects) > 0 {
		body = bytes.ReplaceAll(body, []byte(made.Objects[0].UUID), []byte(change(made.Objects[0].UUID)))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
	return true
}

// TestAnAnswerThatNamesAnothersDriveIsAFinding: what the run has nothing to write to for is blocked, the requirement that
// says so fails, nothing of anybody's is touched, and nothing is left.
func TestAnAnswerThatNamesAnothersDriveIsAFinding(t *testing.T) {
	endpoint := start(t, fixtures.Options{})
	var mu sync.Mutex
	var theirs string
	var c *colleague
	target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		mu.Lock()
		if isClone(r) && theirs == "" {
			_, drive := c.ask(r.Context(), http.MethodPost, "drives/", `{"objects": [{"name": "shop backup", "media": "disk", "size": 1048576}]}`)
			theirs = drive.UUID
		}
		theirs := theirs
		mu.Unlock()
		if theirs != "" && r.Method != http.MethodGet && strings.Contains(r.URL.Path, theirs) {
			t.Errorf("%s %s is sent, which is somebody else's", r.Method, r.URL)
		}
		return answerClone(w, r, forward, func(string) string { return theirs })
	})
	c = &colleague{base: endpoint.URL()}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	config := account(t, target)
	config.Select, config.Journal = "CLONE,LIC", ""
	run := suites.Run(&recorder{}, config)
	if run.ExitCode() != reports.ExitDoesNot {
		t.Errorf("exit code %d, the clone is not found by its name: %s%s", run.ExitCode(), run.Report.Conclusion(), summary(run.Report))
	}
	if failed := failures(run.Report); len(failed) == 0 || !reflect.DeepEqual(failed[:1], []string{"CLONE-05"}) && !reflect.DeepEqual(failed[:1], []string{"CLONE-02"}) {
		t.Errorf("%v fail, CLONE-02 or CLONE-05 should tell:%s", failed, summary(run.Report))
	}
	edit := result(t, run.Report, "LIC-05")
	if edit.Verdict != reports.Blocked || !strings.Contains(edit.Reason, "not proven") || edit.BlockedBy == "" {
		t.Errorf("LIC-05 is %s by %q: %q, it should be blocked for want of a proof", edit.Verdict, edit.BlockedBy, edit.Reason)
	}
	if left := run.Report.Resources.Left; len(left) > 0 {
		t.Errorf("the clones have names, so none is to be left: %v", left)
	}
	// There are warnings, but nothing is left: the journal goes away.
	journals, err := filepath.Glob(filepath.Join(os.Getenv("XDG_STATE_HOME"), "libdrives-conformance", "*"))
	if err != nil || len(journals) > 0 || len(run.Report.Warnings) == 0 {
		t.Errorf("a run that left nothing keeps the journal %v, with the warnings %q: %v", journals, run.Report.Warnings, err)
	}
	if status, _ := c.ask(t.Context(), http.MethodGet, "drives/"+theirs+"/", ""); status != http.StatusOK {
		t.Errorf("the drive of somebody else is answered %d", status)
	}
}

// TestAMalformedUUIDIsAccused: it is worked with and removed all the same.
func TestAMalformedUUIDIsAccused(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	before := endpoint.Account()
	var mu sync.Mutex
	given := map[string]string{}
	target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		mu.Lock()
		body, _ := io.ReadAll(r.Body)
		for uuid, short := range given {
			if !strings.Contains(r.URL.Path, uuid) {
				r.URL.Path = strings.ReplaceAll(r.URL.Path, short, uuid)
			}
			body = bytes.ReplaceAll(body, []byte(`"`+short+`"`), []byte(`"`+uuid+`"`))
		}
		mu.Unlock()
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Del("Accept-Encoding")
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		changed := answer.Body.Bytes()
		mu.Lock()
		var made struct{ Objects []struct{ UUID string } }
		if isClone(r) && json.Unmarshal(changed, &made) == nil && len(made.Objects) > 0 {
			given[made.Objects[0].UUID] = made.Objects[0].UUID[:35]
		}
		for uuid, short := range given {
			changed = bytes.ReplaceAll(changed, []byte(uuid), []byte(short))
		}
		mu.Unlock()
		for name, values := range answer.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(changed)
		return true
	})
	config := account(t, target)
	config.Select = "CLONE"
	run := suites.Run(&recorder{}, config)
	if changed := result(t, run.Report, "CLONE-02"); changed.Verdict != reports.Fail {
		t.Errorf("CLONE-02 is %s: a uuid one digit short is none:%s", changed.Verdict, summary(run.Report))
	}
	if made := run.Report.Resources; len(made.Made) == 0 || len(made.Left) > 0 || !reflect.DeepEqual(before, endpoint.Account()) {
		t.Errorf("made %v, left %v; the account is as before: %t", made.Made, made.Left, reflect.DeepEqual(before, endpoint.Account()))
	}
}
