package account_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// slow is an endpoint whose deletions take effect later than they are answered.
type slow struct {
	lag  time.Duration
	mu   sync.Mutex
	when map[string]time.Time // by path, when the deletion was answered
	last map[string][]byte    // lists as they were before
}

// deletes answers a deletion at once and carries it out after the lag; GET answers meanwhile with the status deleting.
func (s *slow) deletes(w http.ResponseWriter, r *http.Request, pass http.Handler) {
	s.mu.Lock()
	began, under := s.when[r.URL.Path]
	if r.Method == http.MethodDelete && !under {
		s.when[r.URL.Path] = time.Now()
	}
	s.mu.Unlock()
	switch {
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case under && time.Since(began) > s.lag:
		deletion := r.Clone(r.Context())
		deletion.Method = http.MethodDelete
		pass.ServeHTTP(httptest.NewRecorder(), deletion)
		pass.ServeHTTP(w, r)
	case under:
		rewrite(func(_ *http.Request, body []byte) []byte {
			return []byte(strings.Replace(string(body), `"unmounted"`, `"deleting"`, 1))
		})(w, r, pass)
	default:
		pass.ServeHTTP(w, r)
	}
}

// lists shows lists as they were before the first deletion, until the lag is over.
func (s *slow) lists(w http.ResponseWriter, r *http.Request, pass http.Handler) {
	rewrite(func(r *http.Request, body []byte) []byte {
		s.mu.Lock()
		defer s.mu.Unlock()
		list := r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/drives/") || strings.HasSuffix(r.URL.Path, "/detail/") || strings.HasSuffix(r.URL.Path, "/servers/"))
		if r.Method == http.MethodDelete {
			s.when[""] = time.Now()
		}
		if !list {
			return body
		}
		if began, deleting := s.when[""]; deleting && time.Since(began) < s.lag && s.last[r.URL.Path] != nil {
			return s.last[r.URL.Path]
		}
		s.last[r.URL.Path] = body
		return body
	})(w, r, pass)
}

// TestWhatIsBeingDeletedIsWaitedFor: 204 says that the deletion has started.
func TestWhatIsBeingDeletedIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, pick := range map[string]func(*slow) gate{
		"deleting for a while": func(s *slow) gate { return s.deletes },
		"lists that trail":     func(s *slow) gate { return s.lists },
	} {
		for _, lag := range []time.Duration{60 * time.Millisecond, time.Hour} {
			s := &slow{lag: lag, when: map[string]time.Time{}, last: map[string][]byte{}}
			n := rent(t, fixtures.Options{}, pick(s), func(c *account.Config) {
				if c.SettleTimeout = 10 * time.Second; lag == time.Hour {
					c.SettleTimeout = 200 * time.Millisecond
				}
			})
			scenario := n.account.Writer("s")
			_, one := scenario.Clone(t.Context(), "one", *n.material().Unlicensed, account.CloneOptions{})
			scenario.AwaitStatus(t.Context(), "rest", one, "unmounted")
			scenario.Clone(t.Context(), "two", *n.material().Unlicensed, account.CloneOptions{})
			scenario.CreateServer(t.Context(), "server", nil)
			for _, path := range []string{"drives/", "drives/detail/", "servers/"} { // for what trails
				scenario.List(t.Context(), path, path)
			}
			scenario.Delete(t.Context(), "delete", one, "")
			if lag < time.Hour {
				if left := n.clean(); !left.Settled {
					t.Errorf("%s: it is not settled: %q", name, left.Notes)
				}
				continue
			}
			left := n.account.Cleanup(t.Context())
			removed := 0
			for _, r := range n.account.Made() {
				if r.Removed {
					removed++
				}
			}
			if len(left.Left) != 3 || removed > 0 || left.Settled {
				t.Errorf("%s for ever: left are %v of three, %d are said to be removed, settled %t", name, left.Left, removed, left.Settled)
			}
		}
	}
}

// TestABusyDriveDoesNotUseUpTheTimeOfTheOthers keeps the youngest drive busy for ever, and the clean-up short.
func TestABusyDriveDoesNotUseUpTheTimeOfTheOthers(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	busy := ""
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		mu.Lock()
		mine := busy != "" && strings.Contains(r.URL.Path, busy)
		mu.Unlock()
		switch {
		case mine && r.Method == http.MethodDelete:
			answerWith(w, 403, "it is busy")
		case mine:
			rewrite(func(_ *http.Request, body []byte) []byte {
				return []byte(strings.Replace(string(body), `"unmounted"`, `"copying"`, 1))
			})(w, r, pass)
		default:
			pass.ServeHTTP(w, r)
		}
	}, func(c *account.Config) { c.CleanupTimeout, c.CloneTimeout = 3*time.Second, 10*time.Millisecond })
	s := n.account.Writer("s")
	for _, step := range []string{"one", "two", "three"} {
		_, clone := s.Clone(t.Context(), step, *n.material().Unlicensed, account.CloneOptions{})
		s.AwaitStatus(t.Context(), step+" rests", clone, "unmounted")
		mu.Lock()
		busy = clone.UUID
		mu.Unlock()
	}
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 1 || left.Left[0].UUID != busy || len(n.endpoint.Account().Drives) != len(n.before.Drives)+1 {
		t.Errorf("left are %v, want the busy drive %s alone: %q", left.Left, busy, left.Notes)
	}
}

// TestAWriteUnderWayWhenTheRunIsInterruptedIsAnswered: what it made is known by its answer then, and need not be looked for.
func TestAWriteUnderWayWhenTheRunIsInterruptedIsAnswered(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodPost {
			stop()
		}
		pass.ServeHTTP(w, r)
	}, func(c *account.Config) { c.SettleTimeout = 10 * time.Second })
	x, clone := n.account.Writer("s").Clone(ctx, "clone", *n.material().Unlicensed, account.CloneOptions{})
	if x.Response == nil || clone == nil {
		t.Errorf("the clone that was under way is broken off (%s), it should be answered: made is %v", x.Failure, clone)
	}
	if late, _ := n.account.Writer("s").Clone(ctx, "late", *n.material().Unlicensed, account.CloneOptions{}); late.Response != nil {
		t.Errorf("a clone is asked for after the interrupt, and answered %d", late.Status())
	}
	n.clean()
}

// TestACreateThatWasNotSentIsNotLost: nobody has to look for what it made.
func TestACreateThatWasNotSentIsNotLost(t *testing.T) {
	t.Parallel()
	// The clean-up looks for the endpoint until its time is over: it never comes back.
	n := rent(t, fixtures.Options{}, nil, func(c *account.Config) { c.CleanupTimeout = 300 * time.Millisecond })
	m := n.material()
	s := n.account.Writer("s")
	s.Get(t.Context(), "source", m.Unlicensed.Path)
	_, clone := s.Clone(t.Context(), "clone", *m.Unlicensed, account.CloneOptions{})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s.Clone(ctx, "late", *m.Unlicensed, account.CloneOptions{})
	_ = n.endpoint.Close() // from now on nothing is sent at all
	s.Clone(t.Context(), "unreachable", *m.Unlicensed, account.CloneOptions{})
	s.Probe(t.Context(), "probe", client.Request{Method: "POST", Path: m.Unlicensed.Path + "action/", Query: "do=x", Body: []byte(`{"name": "` + s.NewName() + `"}`)})
	for _, e := range n.entries() {
		if e.Event == account.Lost {
			t.Errorf("a create that was not sent is lost in the journal: %+v", e)
		}
	}
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 0 && (len(left.Left) != 1 || left.Left[0].Name != clone.Name) || left.Settled {
		t.Errorf("left may be what was made alone: %v; notes: %q", left.Left, left.Notes)
	}
	if strings.Contains(strings.Join(left.Notes, "\n"), "answer was lost") {
		t.Errorf("a create that was not sent is said to have lost its answer: %q", left.Notes)
	}
}

// TestADeleteThatShouldBeRefusedIsNoDeletion: the endpoint answers a DELETE without enough credentials as if it was carried out, and
// does nothing. The drive is deleted all the same when the account is cleaned up.
func TestADeleteThatShouldBeRefusedIsNoDeletion(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodDelete && r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		pass.ServeHTTP(w, r)
	}, nil)
	s := n.account.Writer("probing")
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	s.AwaitClone(t.Context(), "job", clone)
	if x := s.ProbeOwn(t.Context(), "delete", http.MethodDelete, clone, evidence.Nobody); x.Status() != http.StatusNoContent {
		t.Fatalf("the DELETE %s: this tests nothing", x.Outcome())
	}
	n.clean()
}
