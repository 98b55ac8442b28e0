package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// moments is how often a run is killed, or interrupted, at a random moment: in the soak more often.
func moments() int {
	if os.Getenv("CONFORMANCE_SOAK") != "" {
		return 50
	}
	return 10
}

// What the runs select: what can only be seen by doing, for there are moments enough in it and none is spent on reading;
// or everything, for probes, sessions and reads can be in the middle of something too.
const (
	writing    = "CLONE,LIC,ATTACH,HIDE-04"
	everything = ""
)

// selection is what the run of a moment selects: every fifth everything.
func selection(moment int) string {
	if moment%5 == 4 {
		return everything
	}
	return writing
}

// selecting is the flag that selects, which a run that judges everything has none of.
func selecting(names string) []string {
	if names == everything {
		return nil
	}
	return []string{"--select", names}
}

// reached is a reference endpoint in a process of its own, with a way to look at its account. A gate stands before it,
// which passes on whatever arrives, also where the one that asked is gone.
type reached struct {
	target string
	stop   func() int
	gate   *gate
}

func reachReference(t *testing.T) reached {
	t.Helper()
	reference := serveReference(t, "\n", "--quiet", "--clone-time", "40ms")
	direct, err := url.Parse(strings.TrimSpace(reference.introduction))
	if err != nil {
		t.Fatalf("the reference endpoint must say where it is: %v", err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: direct.Scheme, Host: direct.Host})
	proxy.ErrorLog = log.New(io.Discard, "", 0) // that a process was killed is no news
	g := &gate{open: map[net.Conn]bool{}, closed: make(chan struct{})}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.arrived(r.Method)
		proxy.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
	}))
	server.Config.ConnState = g.changed
	server.Start()
	stop := func() int {
		server.Close()
		return reference.stop()
	}
	return reached{server.URL + direct.Path, stop, g}
}

// gate knows the connections that are open, and counts the requests that arrive.
type gate struct {
	mu      sync.Mutex
	open    map[net.Conn]bool
	closed  chan struct{} // closed, and another one, when a connection is
	count   int           // of requests since the last await
	wrote   int           // the number of the first of them that is not a GET, or 0
	awaited int           // the request that come is closed for
	come    chan struct{}
}

// await begins to count requests at zero. What it returns is closed when the request of this number arrives, before it is
// answered.
func (g *gate) await(number int) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count, g.wrote, g.awaited, g.come = 0, 0, number, make(chan struct{})
	return g.come
}

func (g *gate) arrived(method string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	if g.wrote == 0 && method != http.MethodGet {
		g.wrote = g.count
	}
	if g.come != nil && g.count == g.awaited {
		close(g.come)
	}
}

// counted is what arrived since await.
func (g *gate) counted() length {
	g.mu.Lock()
	defer g.mu.Unlock()
	return length{g.wrote, g.count}
}

// length is how many requests a run makes, and which of them is the first that is not a GET.
type length struct{ write, all int }

// moment is the number of a request, by chance: where the run is one that writes, from its first write on.
func (l length) moment(chance *rand.Rand, selected string) int {
	if selected == everything {
		return 1 + chance.IntN(l.all)
	}
	return l.write + chance.IntN(l.all-l.write+1)
}

func (g *gate) changed(connection net.Conn, state http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch state {
	case http.StateNew:
		g.open[connection] = true
	case http.StateClosed, http.StateHijacked:
		delete(g.open, connection)
		close(g.closed)
		g.closed = make(chan struct{})
	}
}

// settle waits until everything is answered that a process asked for before it was killed: its connections are closed.
func (r reached) settle(ctx context.Context, t *testing.T) {
	t.Helper()
	r.holds(t) // connections are taken in their order: after this one, those that wait to be taken are known
	http.DefaultClient.CloseIdleConnections()
	for {
		r.gate.mu.Lock()
		left, closed := len(r.gate.open), r.gate.closed
		r.gate.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-closed:
		case <-ctx.Done():
			t.Fatalf("%d connections of a process that was killed stay open", left)
		}
	}
}

// holds is what the account holds: the uuids of its drives and servers.
func (r reached) holds(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, path := range []string{"drives/?limit=0", "servers/?limit=0"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.target+path, nil)
		if err != nil {
			t.Fatalf("the request must be one: %v", err)
		}
		request.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatalf("the reference endpoint must answer: %v", err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		var list struct{ Objects []struct{ UUID string } }
		if err != nil || json.Unmarshal(body, &list) != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("GET %s must be answered with a list, not %d: %s", path, response.StatusCode, body)
		}
		for _, object := range list.Objects {
			all = append(all, object.UUID)
		}
	}
	slices.Sort(all)
	return all
}

// environment is how the tests log in, with a folder of their own for journals.
func environment(t *testing.T) []string {
	return []string{
		"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword, "XDG_STATE_HOME=" + t.TempDir(),
		"LIBDRIVES_SETTLE_TIMEOUT=500ms", // what the reference endpoint does shows at once
	}
}

// ending is a run in a process of its own that a test ends.
type ending struct {
	*exec.Cmd
	output bytes.Buffer
	ended  chan struct{} // closed when the process is no more
	err    error         // of Wait, once it is
}

// start starts a run.
func (r reached) start(ctx context.Context, t *testing.T, selected string, environ []string, further ...string) *ending {
	t.Helper()
	e := &ending{ended: make(chan struct{})}
	e.Cmd = command(ctx, environ, slices.Concat([]string{"run", "--target", r.target, "--username", fixtures.DefaultUsername,
		"--profile", "full"}, selecting(selected), further)...)
	e.Stdout = &e.output
	if err := e.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	go func() { e.err = e.Wait(); close(e.ended) }()
	return e
}

// reach returns when the awaited request has arrived, or the run has ended before it.
func (e *ending) reach(come <-chan struct{}) {
	select {
	case <-come:
	case <-e.ended:
	}
}

// lengths counts how many requests the runs make, by what they judge. A moment of a run is told by them and not by time, which
// is another one on a busy machine.
func lengths(t *testing.T, r reached) map[string]length {
	t.Helper()
	made := map[string]length{}
	for _, selected := range []string{writing, everything} {
		ctx, cancel := context.WithTimeout(t.Context(), patience(t))
		defer cancel()
		r.gate.await(0)
		run := r.start(ctx, t, selected, environment(t))
		<-run.ended
		if code := exitCode(t, run.err); code != 0 {
			t.Fatalf("a run that nobody disturbs must conform, not end with %d:\n%s", code, &run.output)
		}
		made[selected] = r.gate.counted()
	}
	return made
}

// requirements are the ids in a JUnit report, in order.
func requirements(t *testing.T, file string) []string {
	t.Helper()
	var ids []string
	for _, found := range regexp.MustCompile(`<testcase name="([A-Z]+-[0-9]{2}): `).FindAllStringSubmatch(read(t, file), -1) {
		ids = append(ids, found[1])
	}
	return ids
}

func TestCleanupFinishesWhatAKilledRunLeft(t *testing.T) {
	t.Parallel()
	r := reachReference(t)
	defer r.stop()
	before := r.holds(t)
	whole := lengths(t, r)
	chance := rand.New(rand.NewPCG(1, 1))
	left := 0
	for i := range moments() {
		number := whole[selection(i)].moment(chance, selection(i))
		func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			environ := environment(t)
			come := r.gate.await(number)
			run := r.start(ctx, t, selection(i), environ)
			run.reach(come)
			if err := run.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatalf("the run can't be killed: %v", err)
			}
			<-run.ended
			r.settle(ctx, t)
			if !slices.Equal(r.holds(t), before) {
				left++
			}
			for again := range 2 {
				o := execute(t, environ, "cleanup", "--target", r.target, "--username", fixtures.DefaultUsername, "--yes")
				if o.code != 0 {
					t.Errorf("kill %d, at request %d: cleanup %d ends with %d, it should remove everything:\n%s%s", i, number, again+1, o.code, o.stdout, o.stderr)
				}
				// What is settled leaves no journal.
				if again == 1 && !strings.Contains(o.stdout, "Nothing was looked for") {
					t.Errorf("kill %d, at request %d: the second cleanup finds something:\n%s", i, number, o.stdout)
				}
			}
			if now := r.holds(t); !slices.Equal(now, before) {
				t.Errorf("kill %d, at request %d: the account holds %d resources after the cleanup and held %d before the run", i, number, len(now), len(before))
			}
		}()
	}
	t.Logf("requests of the runs: %v; of %d kills, %d left something behind for cleanup", whole, moments(), left)
	if left == 0 {
		t.Error("no kill left anything behind, so that cleanup had nothing to do: the moments are not in the middle of runs")
	}
}

func TestAnInterruptedRunLeavesNothing(t *testing.T) {
	t.Parallel()
	r := reachReference(t)
	defer r.stop()
	before := r.holds(t)
	whole := lengths(t, r)
	chance := rand.New(rand.NewPCG(1, 2))
	codes := map[int]int{}
	selected := map[string][]string{}
	for _, names := range []string{writing, everything} {
		file := filepath.Join(t.TempDir(), "whole.xml")
		if o := execute(t, nil, append([]string{"run", "--junit", file}, selecting(names)...)...); o.code != 0 {
			t.Fatalf("a run that nobody disturbs must conform, not end with %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		selected[names] = requirements(t, file)
	}
	for i := range moments() {
		number := whole[selection(i)].moment(chance, selection(i))
		func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			report := filepath.Join(t.TempDir(), "report.xml")
			come := r.gate.await(number)
			run := r.start(ctx, t, selection(i), environment(t), "--junit", report)
			run.reach(come)
			signal := []os.Signal{os.Interrupt, syscall.SIGTERM}[i%2]
			if err := run.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatalf("the signal can't be sent: %v", err)
			}
			<-run.ended
			code := exitCode(t, run.err)
			codes[code]++
			if code != 3 && code != 0 {
				t.Errorf("interrupt %d, at request %d: exit code %d, it should be 3, or 0 where the run had ended:\n%s", i, number, code, &run.output)
			}
			if all := requirements(t, report); !slices.Equal(all, selected[selection(i)]) {
				t.Errorf("interrupt %d, at request %d: the report has %v, selected are %v", i, number, all, selected[selection(i)])
			}
			if now := r.holds(t); !slices.Equal(now, before) {
				t.Errorf("interrupt %d, at request %d: the account holds %d resources after the run and held %d before it:\n%s", i, number, len(now), len(before), &run.output)
			}
		}()
	}
	t.Logf("requests of the runs: %v; exit codes of %d interrupted ones: %v", whole, moments(), codes)
	if codes[3] == 0 {
		t.Error("no interrupted run was incomplete: the moments are not in the middle of runs")
	}
}
