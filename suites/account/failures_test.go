package account_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
)

func TestARefusedCloneEndsTheScenarioWithTheReason(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{402: "402 Payment Required", 403: "403 Forbidden", 503: "503 Service Unavailable", 500: "500"} {
		n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if isClone(r) {
				answerWith(w, status, "no, thank you")
				return
			}
			pass.ServeHTTP(w, r)
		}, nil)
		n.runAll(t.Context(), true)
		for _, scenario := range []string{"licensed clone", "bigger clone", "side by side"} {
			n.ended(scenario, says, "no, thank you")
		}
		if made := n.account.Made(); len(made) != 2 {
			t.Errorf("%d: beside the two servers, something was made: %v", status, made)
		}
		n.clean()
	}
}

// cut is a gate that breaks the connection at requests that it is told of, after the endpoint carried them out.
func cut(when func(*http.Request) bool) gate {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if !when(r) {
			pass.ServeHTTP(w, r)
			return
		}
		pass.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
}

func TestACreateWhoseAnswerWasLostIsFoundByItsName(t *testing.T) {
	t.Parallel()
	creates := func(r *http.Request) bool {
		return isClone(r) || r.Method == http.MethodPost && r.URL.Path == "/api/2.0/servers/"
	}
	n := rent(t, fixtures.Options{}, cut(creates), nil)
	n.runAll(t.Context(), true)
	for _, scenario := range []string{"licensed clone", "bigger clone", "side by side", "attaching"} {
		if reason := n.account.Ended()[scenario]; reason != "" {
			t.Errorf("the scenario %q ended with %q; what was made is listed, so that it can go on with it", scenario, reason)
		}
	}
	if len(n.endpoint.Account().Drives) == len(n.before.Drives) {
		t.Fatal("the endpoint carried out none of the requests whose answers were lost: this tests nothing")
	}
	n.clean()
	lost := 0
	for _, e := range n.entries() {
		if e.Event == account.Lost {
			lost++
		}
	}
	if lost == 0 {
		t.Errorf("the journal has no entry for a lost answer: %v", n.entries())
	}
}

func TestADriveOnAServerWhoseCreateWasInterruptedIsRemoved(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var carried atomic.Int64
	n := rent(t, fixtures.Options{}, cut(func(r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/api/2.0/servers/" {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !bytes.Contains(body, []byte(`"virtio"`)) {
			return false
		}
		interrupt() // the endpoint carries out what nobody waits for any more
		carried.Add(1)
		return true
	}), nil)
	n.runAll(ctx, false)
	if carried.Load() == 0 {
		t.Fatal("no server with a disk was asked for: this tests nothing")
	}
	n.clean()
}

func TestACloneOfTheCloneIsFoundThoughItHasNoNameOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, naming := range []string{"none", "counter", "date", "timestamp"} {
		n := rent(t, fixtures.Options{Variants: []string{"clone-naming-" + naming}}, cut(func(r *http.Request) bool {
			return isClone(r) && r.ContentLength == 0
		}), nil)
		n.runAll(t.Context(), false)
		if reason := n.account.Ended()["side by side"]; reason != "" {
			t.Errorf("by the naming %s the scenario ended with %q; the clone of the clone is listed, so that it can go on", naming, reason)
		}
		n.clean()
	}
}

func TestALostCreateThatMadeNothingIsTold(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if isClone(r) {
			panic(http.ErrAbortHandler)
		}
		pass.ServeHTTP(w, r)
	}, nil)
	n.account.Writer("s").Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	if left := n.clean(); !strings.Contains(strings.Join(left.Notes, "\n"), "it left no drive: its answer was lost") {
		t.Errorf("the notes don't say that the lost create left nothing: %q", left.Notes)
	}
}

// rewrite is a gate that changes the bodies of answers.
func rewrite(change func(r *http.Request, body []byte) []byte) gate {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		r.Header.Del("Accept-Encoding")
		answer := httptest.NewRecorder()
		pass.ServeHTTP(answer, r)
		body, _ := io.ReadAll(answer.Body)
		body = change(r, body)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}
}

func TestAFailingCloneIsWaitedForNoLonger(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{CloneTime: time.Minute}, rewrite(func(r *http.Request, body []byte) []byte {
		if !strings.Contains(r.URL.Path, "/jobs/") {
			return bytes.ReplaceAll(body, []byte(`"cloning_dst"`), []byte(`"unavailable"`))
		}
		return bytes.ReplaceAll(body, []byte(`"started"`), []byte(`"failed"`))
	}), func(c *account.Config) {
		c.CloneTimeout, c.CleanupTimeout = 300*time.Millisecond, 3*time.Second // in which all else is removed, also on a busy machine
	})
	n.runAll(t.Context(), false)
	n.ended("licensed clone", "the clone failed", `"failed"`)
	// The drives stay busy for longer than the clean-up may take: it says so, and the journal remains.
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 9 || !strings.Contains(strings.Join(left.Notes, "\n"), "no more time to wait") {
		t.Errorf("nine clones can't be deleted yet; left are %v, with the notes %q", left.Left, left.Notes)
	}
}

func TestACloneThatDoesNotEndIsWaitedForAsLongAsItMayTake(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{CloneTime: time.Hour}, nil, func(c *account.Config) {
		c.CloneTimeout, c.CleanupTimeout = 50*time.Millisecond, 100*time.Millisecond
	})
	n.runAll(t.Context(), false)
	n.ended("licensed clone", "did not end within 50ms", `"started"`)
	if x := n.record.Answer("licensed clone/job", 1); x.Status() != 200 {
		t.Errorf("the last look at the job is %v", x)
	}
}

func TestCleanupOutlivesTheRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var clones atomic.Int32
	n := rent(t, fixtures.Options{CloneTime: 100 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		pass.ServeHTTP(w, r)
		if isClone(r) && clones.Add(1) == 3 {
			stop()
		}
	}, nil)
	n.runAll(ctx, true)
	n.ended("licensed clone", "interrupted")
	left := n.account.Cleanup(ctx)
	if len(left.Left) > 0 {
		t.Errorf("after an interruption the clean-up left %v: %q", left.Left, left.Notes)
	}
	n.unchanged("after an interruption")
}

func TestADriveThatCantBeDeletedIsTold(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodDelete {
			answerWith(w, 403, "not today")
			return
		}
		pass.ServeHTTP(w, r)
	}, nil)
	s := n.account.Writer("s")
	_, drive := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	s.CreateServer(t.Context(), "server", nil)
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 2 || !strings.Contains(strings.Join(left.Notes, "\n"), "not today") {
		t.Errorf("two resources can't be deleted; left are %v, with the notes %q", left.Left, left.Notes)
	}
	result := n.cleanUp(account.CleanUpOptions{Entries: n.entries()}) // straight at the endpoint, which lets it
	if len(result.Left) > 0 || len(result.Removed) != 2 {
		t.Errorf("the later clean-up left %v and removed %v, want %s among two", result.Left, result.Removed, drive)
	}
	n.unchanged("after the later clean-up")
}

func TestTheBoundOfClonesIsKept(t *testing.T) {
	t.Parallel()
	for limit := 1; limit <= 5; limit++ {
		n := rent(t, fixtures.Options{}, nil, func(c *account.Config) { c.MaxClones = limit })
		n.runAll(t.Context(), false)
		drives := 0
		for _, r := range n.account.Made() {
			if r.Kind == account.Drive {
				drives++
			}
		}
		if drives != limit {
			t.Errorf("with at most %d clones, %d were made", limit, drives)
		}
		if limit < 5 {
			n.ended("bigger clone", "--max-clones")
		}
		if n.record.Answer("refusals/unknown uuid", 1) != nil {
			t.Errorf("a clone of what nobody has was asked for beside %d clones, and a broken endpoint makes one", limit)
		}
		n.clean()
	}
}
