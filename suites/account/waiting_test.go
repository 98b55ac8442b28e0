package account_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
)

func TestAPollThatIsNotAnsweredSoundlyEndsTheWait(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter){
		"302":       func(w http.ResponseWriter) { w.Header().Set("Location", "/"); w.WriteHeader(302) },
		"401":       func(w http.ResponseWriter) { w.WriteHeader(401) },
		"500":       func(w http.ResponseWriter) { answerWith(w, 500, "oh dear") },
		"no answer": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		var looks, asked atomic.Int32
		n := rent(t, fixtures.Options{CloneTime: time.Minute}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			path := strings.TrimPrefix(r.URL.Path, "/api/2.0/")
			switch {
			case isClone(r):
				asked.Add(1)
			case asked.Load() > 0 && r.Method == http.MethodGet && (strings.HasPrefix(path, "jobs/") || strings.HasPrefix(path, "drives/") && strings.Count(path, "/") == 2):
				if looks.Add(1) > 4 { // before, the clone is seen to be the run's
					answer(w)
					return
				}
			}
			pass.ServeHTTP(w, r)
		}, func(c *account.Config) { c.CloneTimeout, c.CleanupTimeout = 10*time.Minute, time.Millisecond })
		s := n.account.Writer("s")
		_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
		if clone == nil {
			t.Fatalf("%s: nothing was cloned: this tests nothing", name)
		}
		if _, done := s.AwaitClone(t.Context(), "job", clone); done || looks.Load() > 120 {
			t.Errorf("%s: the wait ended as done: %v, after %d looks", name, done, looks.Load())
		}
		n.ended("s", "waited for no longer", map[bool]string{true: "no answer", false: name}[name == "no answer"])
	}
}

func TestAListIsAskedForAsFarAsItShowsSomethingNew(t *testing.T) {
	t.Parallel()
	page := func(total string, uuids ...int) string {
		var objects []string
		for _, uuid := range uuids {
			objects = append(objects, fmt.Sprintf(`{"uuid": "%08d-1111-4111-8111-111111111111"}`, uuid))
		}
		return `{"meta": {"total_count": ` + total + `}, "objects": [` + strings.Join(objects, ",") + `]}`
	}
	for name, c := range map[string]struct {
		answer func(n int) string
		most   int
	}{
		"a count that nobody can believe": {func(int) string { return page("9007199254740992", 1, 2) }, 1},
		"one page over and over":          {func(int) string { return page("5000", 1, 2) }, 2},
		"pages that end early":            {func(n int) string { return page("5000", []int{2 * n, 2*n + 1}[:max(0, min(2, 8-2*n))]...) }, 5},
		"a sound list":                    {func(n int) string { return page("8", 2*n, 2*n+1) }, 4},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, c.answer(calls))
			calls++
		}))
		t.Cleanup(server.Close)
		base, err := url.Parse(server.URL + "/api/2.0/")
		if err != nil {
			t.Fatalf("%s is no base: %v", server.URL, err)
		}
		client, record := connect(t, base)
		account := account.Open(account.Config{Client: client, Record: record, Run: account.NewRunID()})
		if got := account.Writer("s").List(t.Context(), "list", "drives/"); len(got) != c.most {
			t.Errorf("%s: %d requests were made, want %d", name, len(got), c.most)
		}
	}
}

// away is a gate that answers nothing as long as it is set.
func away(set *atomic.Bool) gate {
	return func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if set.Load() {
			panic(http.ErrAbortHandler)
		}
		pass.ServeHTTP(w, r)
	}
}

func TestCleanupGoesOnWhereTheEndpointComesBack(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	n := rent(t, fixtures.Options{}, away(&gone), func(c *account.Config) { c.CleanupTimeout = 20 * time.Second })
	s := n.account.Writer("s")
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	s.CreateServer(t.Context(), "server", nil)
	gone.Store(true)
	s.Get(t.Context(), "look", "drives/"+clone.UUID+"/")
	time.AfterFunc(500*time.Millisecond, func() { gone.Store(false) })
	n.clean()
}

func TestCleanupOfAnEndpointThatIsGoneHasATimeOfItsOwn(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	n := rent(t, fixtures.Options{}, away(&gone), func(c *account.Config) {
		c.CleanupTimeout, c.CloneTimeout = 300*time.Millisecond, time.Hour
	})
	s := n.account.Writer("s")
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	gone.Store(true)
	s.Get(t.Context(), "look", "drives/"+clone.UUID+"/")
	began := time.Now()
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 1 || !strings.Contains(strings.Join(left.Notes, "\n"), "answered nothing") || time.Since(began) > time.Minute {
		t.Errorf("after %s a clone at an endpoint that is gone is left: %v, with the notes %q", time.Since(began), left.Left, left.Notes)
	}
}
