package suites_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestRunsInARowLeaveNothingInTheProcess judges a sound endpoint over and over, behind a network that delays some answers,
// breaks some connections and refuses some requests for now. Nobody is accused, and after the last run the process has no
// goroutine and no open file more than after the tenth, and no more memory in use.
func TestRunsInARowLeaveNothingInTheProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	runs, settled := 4, 2
	if soaking() {
		runs, settled = 1000, 10
	}
	var before used
	judged := 0
	for n := range runs {
		profile := requirement.ReadProfile
		if soaking() && n%2 == 1 {
			profile = requirement.FullProfile
		}
		t.Run(fmt.Sprintf("run %d", n+1), func(t *testing.T) {
			if judgeBehindBadNetwork(t, uint64(n), profile) == 0 {
				judged++
			}
		})
		if n+1 == settled {
			before = use()
		}
	}
	after := use()
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines after %d runs, %d after %d", after.goroutines, runs, before.goroutines, settled)
	}
	if after.files > before.files {
		t.Errorf("%d open files after %d runs, %d after %d", after.files, runs, before.files, settled)
	}
	const noise = 1 << 20 // pools and caches of the runtime and of libraries come and go
	if soaking() && after.heap > before.heap+noise {
		t.Errorf("%d bytes of memory in use after %d runs, %d after %d", after.heap, runs, before.heap, settled)
	}
	t.Logf("%d of %d runs were judged whole; in use at the end %+v, after %d runs %+v", judged, runs, after, settled, before)
	if judged < runs/2 {
		t.Errorf("%d of %d runs were judged whole: this tests too little", judged, runs)
	}
}

// used is what a process has in use.
type used struct {
	goroutines, files int
	heap              uint64
}

func use() used {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	now := used{goroutines: runtime.NumGoroutine()}
	for range 25 { // what ends with a connection takes a moment to end
		<-time.After(20 * time.Millisecond)
		runtime.GC()
		now.goroutines = min(now.goroutines, runtime.NumGoroutine())
	}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		now.files = len(entries)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	now.heap = memory.HeapAlloc
	return now
}

// judgeBehindBadNetwork judges a new endpoint once. It returns the exit code.
func judgeBehindBadNetwork(t *testing.T, seed uint64, profile requirement.Profile) int {
	config := account(t, badNetwork(t, start(t, fixtures.Options{}), seed))
	config.Profile, config.Level, config.Seed = profile, requirement.May, seed
	impatient(&config)
	run := suites.RunContext(t.Context(), &recorder{}, config)
	if run.Report == nil {
		t.Fatalf("run %d came to no report: %v", seed, run.Err)
	}
	if failed := failures(run.Report); len(failed) > 0 {
		t.Errorf("run %d accuses %s%s", seed, strings.Join(failed, ", "), accusations(run.Report))
	}
	if left := run.Report.Resources.Left; len(left) > 0 {
		t.Errorf("run %d left %v", seed, left)
	}
	return run.ExitCode()
}

// badNetwork is an endpoint behind a network that delays five of a hundred requests, refuses one of them for now, and breaks
// the connection of one read in a thousand.
func badNetwork(t *testing.T, endpoint *fixtures.Endpoint, seed uint64) (target string) {
	t.Helper()
	var mu sync.Mutex
	chance := rand.New(rand.NewPCG(seed, 1))
	return between(t, endpoint, func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		mu.Lock()
		drawn, delay := chance.IntN(1000), time.Duration(chance.IntN(20))*time.Millisecond
		mu.Unlock()
		switch {
		case drawn < 1 && r.Method == http.MethodGet:
			panic(http.ErrAbortHandler)
		case drawn < 10:
			w.Header().Set("Retry-After", "0")
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return true
		case drawn < 60:
			timer := time.NewTimer(delay)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done():
			}
		}
		return false
	})
}
