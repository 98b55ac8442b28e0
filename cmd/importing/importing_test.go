package importing_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/libdrives/conformance/fixtures"
)

const checkout = "../.."

// TestAnImportersModule makes a module outside of the repository, of the code that the page importers.md shows and of
// tests of its own, and tries what an importer does with it: a script for each thing. The programs are built once.
func TestAnImportersModule(t *testing.T) {
	programs := t.TempDir()
	module := writeModule(t)
	build(t, module, "go", "test", "-mod=mod", "-ldflags=-s -w", "-c", "-o", programs+"/", "./...")
	build(t, checkout, "go", "build", "-ldflags=-s -w", "-o", programs+"/", "github.com/onsi/ginkgo/v2/ginkgo")
	top, err := filepath.Abs(checkout)
	if err != nil {
		t.Fatalf("the checkout must have a path: %v", err)
	}
	late := aboutToEnd(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/scripts",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Values[theEndpoint{}] = &rented{late: late}
			env.Setenv("PATH", programs+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("PROGRAMS", programs)
			env.Setenv("CHECKOUT", top)
			env.Setenv("GINKGO_NO_COLOR", "TRUE")
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			for _, name := range []string{"HOME", "GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY"} {
				env.Setenv(name, goEnv(name))
			}
			env.Setenv("GOFLAGS", goEnv("GOFLAGS")+" '-ldflags=-s -w'") // what only debuggers read takes half of the time of linking
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"endpoint": startEndpoint, "asked": asked, "requests": requests, "await": await, "untouched": untouched,
		},
	})
}

// aboutToEnd is closed before go test ends the process, early enough to say what did not come.
func aboutToEnd(t *testing.T) <-chan struct{} {
	ctx := t.Context()
	if deadline, set := t.Deadline(); set {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(-20*time.Second))
		t.Cleanup(cancel)
	}
	return ctx.Done()
}

// writeModule makes the importer's module, which needs what this one does and finds it where this one did.
func writeModule(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/module")); err != nil {
		t.Fatalf("the importer's own tests must be there: %v", err)
	}
	readme, err := os.ReadFile(filepath.Join(checkout, ".github", "docs", "importers.md"))
	if err != nil {
		t.Fatalf("the page for importers must be there: %v", err)
	}
	blocks := regexp.MustCompile("(?s)```go\n// (\\S+_test\\.go)\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) != 2 {
		t.Fatalf("the page shows importers %d files of tests, want one with Run and one with Describe", len(blocks))
	}
	for _, block := range blocks {
		write(t, filepath.Join(folder, string(block[1])), string(block[2]))
	}
	ours, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		t.Fatalf("the module file must be there: %v", err)
	}
	sums, err := os.ReadFile(filepath.Join(checkout, "go.sum"))
	if err != nil {
		t.Fatalf("the checksums must be there: %v", err)
	}
	top, err := filepath.Abs(checkout)
	if err != nil {
		t.Fatalf("the checkout must have a path: %v", err)
	}
	const name = "github.com/libdrives/conformance"
	text := strings.Replace(string(ours), "module "+name, "module example.com/importer", 1)
	text = regexp.MustCompile(`(?m)^tool .*$`).ReplaceAllString(text, "")
	write(t, filepath.Join(folder, "go.mod"), fmt.Sprintf("%s\nrequire %s v0.0.0\n\nreplace %s => %s\n", text, name, name, top))
	write(t, filepath.Join(folder, "go.sum"), string(sums))
	return folder
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatalf("the folder of %s can't be made: %v", file, err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatalf("%s can't be written: %v", file, err)
	}
}

func build(t *testing.T, folder, program string, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, arguments...)
	cmd.Dir = folder // the importer's module may need what this one does not, and gets it as others do: go.sum says what is right
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s does not work: %v\n%s", program, strings.Join(arguments, " "), err, output)
	}
}

func goEnv(name string) string {
	if name == "HOME" {
		return os.Getenv(name)
	}
	value, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return os.Getenv(name)
	}
	return strings.TrimSpace(string(value))
}

// theEndpoint is the key of a script's endpoint.
type theEndpoint struct{}

// rented is the endpoint of a script.
type rented struct {
	*fixtures.Endpoint
	before fixtures.Account
	log    requestLog
	late   <-chan struct{} // closed when go test is about to end
}

// requestLog is what an endpoint was asked for, a line a request.
type requestLog struct {
	mu      sync.Mutex
	lines   []string
	changed chan struct{} // closed when a line comes
}

func (l *requestLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, string(p))
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return len(p), nil
}

// count is how many requests match, and a channel that is closed when there is another one.
func (l *requestLog) count(pattern *regexp.Regexp) (n int, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	for _, line := range l.lines {
		if pattern.MatchString(line) {
			n++
		}
	}
	return n, l.changed
}

// clear forgets what was asked so far.
func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = nil
}

func of(ts *testscript.TestScript) *rented { return ts.Value(theEndpoint{}).(*rented) }

// startEndpoint starts an endpoint with the faults that are named, and tells the script's programs of it.
func startEndpoint(ts *testscript.TestScript, _ bool, faults []string) {
	r := of(ts)
	endpoint, err := fixtures.Start(fixtures.Options{Faults: faults, Log: &r.log})
	ts.Check(err)
	ts.Defer(func() { _ = endpoint.Close() })
	r.Endpoint, r.before = endpoint, endpoint.Account()
	ts.Setenv("LIBDRIVES_TARGET", endpoint.URL())
	ts.Setenv("LIBDRIVES_USERNAME", fixtures.DefaultUsername)
	ts.Setenv("LIBDRIVES_PASSWORD", fixtures.DefaultPassword)
}

// asked expects that the endpoint was asked for something that matches, or, negated, that it was not.
func asked(ts *testscript.TestScript, not bool, pattern []string) {
	n, _ := of(ts).log.count(regexp.MustCompile(strings.Join(pattern, " ")))
	if (n > 0) == not {
		ts.Fatalf("the endpoint was asked %d times for what matches %q", n, pattern)
	}
}

// requests sets a variable to the number of requests so far.
func requests(ts *testscript.TestScript, _ bool, name []string) {
	n, _ := of(ts).log.count(regexp.MustCompile(""))
	ts.Setenv(name[0], fmt.Sprint(n))
	of(ts).log.clear()
}

// await waits until the endpoint was asked for something that matches, or go test is about to end.
func await(ts *testscript.TestScript, _ bool, pattern []string) {
	expected := regexp.MustCompile(strings.Join(pattern, " "))
	for {
		n, more := of(ts).log.count(expected)
		if n > 0 {
			return
		}
		select {
		case <-more:
		case <-of(ts).late:
			ts.Fatalf("the endpoint was never asked for what matches %q", expected)
		}
	}
}

// untouched expects that the account is as it was.
func untouched(ts *testscript.TestScript, _ bool, _ []string) {
	if difference := cmp.Diff(of(ts).before, of(ts).Account()); difference != "" {
		ts.Fatalf("the account is not as it was before:\n%s", difference)
	}
}
