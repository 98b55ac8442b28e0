//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/fixtures"
)

// cloneMade is the line of a log that tells of a clone.
var cloneMade = regexp.MustCompile(`^POST \S+do=clone\S* 20[0-9] `)

// cloned is a log of an endpoint that tells of the first clone that was made.
type cloned struct {
	once sync.Once
	seen chan struct{}
}

func (c *cloned) Write(p []byte) (int, error) {
	if cloneMade.Match(p) {
		c.once.Do(func() { close(c.seen) })
	}
	return len(p), nil
}

// writingRun is a run that makes drives and servers, on an endpoint of its own whose clones take their time.
type writingRun struct {
	endpoint *fixtures.Endpoint
	before   fixtures.Account
	making   <-chan struct{} // closed once a clone was made
	environ  []string
	report   string
	args     []string
}

func newWritingRun(t *testing.T) *writingRun {
	t.Helper()
	log := &cloned{seen: make(chan struct{})}
	endpoint, err := fixtures.Start(fixtures.Options{CloneTime: 300 * time.Millisecond, Log: log})
	if err != nil {
		t.Fatalf("the reference endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	report := filepath.Join(t.TempDir(), "report.xml")
	return &writingRun{endpoint, endpoint.Account(), log.seen, environment(t), report, []string{"run", "--target", endpoint.URL(),
		"--username", fixtures.DefaultUsername, "--profile", "write", "--select", writing, "--junit", report}}
}

// command is the run, in a group of processes of its own as a shell starts it.
func (w *writingRun) command(t *testing.T) *exec.Cmd {
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	t.Cleanup(cancel)
	cmd := command(ctx, w.environ, w.args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// awaitMaking returns once the run made a clone.
func (w *writingRun) awaitMaking(t *testing.T) {
	t.Helper()
	select {
	case <-w.making:
	case <-time.After(patience(t)):
		t.Fatal("no clone was made")
	}
}

// leftNothing checks what every run comes to, however it is ended.
func (w *writingRun) leftNothing(t *testing.T) {
	t.Helper()
	if difference := cmp.Diff(w.before, w.endpoint.Account()); difference != "" {
		t.Errorf("the account is not as it was before the run:\n%s", difference)
	}
	whole := filepath.Join(t.TempDir(), "whole.xml")
	if o := execute(t, nil, "run", "--profile", "write", "--select", writing, "--junit", whole); o.code != 0 {
		t.Fatalf("a run that nobody disturbs must conform, not end with %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	_, _ = count(t, w.report) // that it is XML
	if all, selected := requirements(t, w.report), requirements(t, whole); !slices.Equal(all, selected) {
		t.Errorf("the report has %v, selected are %v", all, selected)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(w.report), ".libdrives-*")); err != nil || len(left) > 0 {
		t.Errorf("half a file is left: %v (%v)", left, err)
	}
}

// started starts a process with both outputs in one pipe, as 2>&1 | does, and returns once it said something.
func started(t *testing.T, cmd *exec.Cmd) (reader *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatalf("no pipe for the outputs: %v", err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	if err := writer.Close(); err != nil {
		t.Fatalf("the pipe must close here: %v", err)
	}
	if _, err := bufio.NewReader(reader).ReadString('\n'); err != nil {
		t.Fatalf("it must say something: %v", err)
	}
	return reader
}

func closeNow(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatalf("the other end must close: %v", err)
	}
}

// heedHangups makes what this process starts heed hangups, also where it is itself asked to ignore them.
func heedHangups(t *testing.T) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
}

func TestARunThatNobodyReadsGoesOn(t *testing.T) {
	w := newWritingRun(t)
	cmd := w.command(t)
	closeNow(t, started(t, cmd)) // run … 2>&1 | head -1
	if code := exitCode(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d, what a reader reads changes no verdict: 0", code)
	}
	w.leftNothing(t)
}

func TestASignalEndsARunThatMakes(t *testing.T) {
	t.Parallel()
	heedHangups(t)
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(sent.String(), func(t *testing.T) {
			w := newWritingRun(t)
			cmd := w.command(t)
			var output bytes.Buffer
			cmd.Stdout, cmd.Stderr = &output, &output
			if err := cmd.Start(); err != nil {
				t.Fatalf("the binary must start: %v", err)
			}
			w.awaitMaking(t)
			if err := cmd.Process.Signal(sent); err != nil {
				t.Fatalf("the signal can't be sent: %v", err)
			}
			if code := exitCode(t, cmd.Wait()); code != 3 {
				t.Errorf("exit code %d, a run that a signal ended is incomplete, 3:\n%s", code, &output)
			}
			if !strings.Contains(output.String(), "signal ("+sent.String()+")") {
				t.Errorf("nothing says which signal it was:\n%s", &output)
			}
			w.leftNothing(t)
		})
	}
}

// TestCtrlCEndsWhoReadsTheRunToo is run … 2>&1 | tee log: the signal ends tee at once, and the run has nobody to tell.
func TestCtrlCEndsWhoReadsTheRunToo(t *testing.T) {
	w := newWritingRun(t)
	cmd := w.command(t)
	reader := started(t, cmd)
	w.awaitMaking(t)
	closeNow(t, reader)
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatalf("the signal can't be sent: %v", err)
	}
	if code := exitCode(t, cmd.Wait()); code != 3 {
		t.Errorf("exit code %d, an interrupted run is incomplete, 3", code)
	}
	w.leftNothing(t)
}

// TestAReaderThatStopsKeepsNothing is run … 2>&1 | less while nobody reads on: the pipe is full from the beginning.
func TestAReaderThatStopsKeepsNothing(t *testing.T) {
	t.Parallel()
	w := newWritingRun(t)
	if err := syscall.Mkfifo(w.report, 0o600); err != nil {
		t.Skipf("no named pipe can be made here: %v", err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatalf("no pipe for the outputs: %v", err)
	}
	defer func() { _ = reader.Close() }()
	fill(t, writer)
	cmd := w.command(t)
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	closeNow(t, writer)
	written := make(chan []byte, 1)
	go func() { // the report, which is written once everything is removed
		text, err := os.ReadFile(w.report)
		if err != nil {
			t.Errorf("the report should be written: %v", err)
		}
		written <- text
	}()
	w.awaitMaking(t)
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatalf("the signal can't be sent: %v", err)
	}
	select {
	case text := <-written:
		if err := os.Remove(w.report); err != nil {
			t.Fatalf("the named pipe must go: %v", err)
		}
		if err := os.WriteFile(w.report, text, 0o600); err != nil {
			t.Fatalf("the report must be kept: %v", err)
		}
	case <-time.After(patience(t)):
		t.Fatal("no report was written, though nothing but the terminal is stopped")
	}
	w.leftNothing(t)
	again := time.NewTicker(process.SameSignal)
	defer again.Stop()
	for {
		select {
		case err := <-exited:
			if code := exitCode(t, err); code != 3 {
				t.Errorf("exit code %d, an interrupted run is incomplete, 3", code)
			}
			return
		case <-again.C:
			_ = cmd.Process.Signal(syscall.SIGTERM) // the second ends it; it may have ended by then
		}
	}
}

// fill makes a pipe take nothing more.
func fill(t *testing.T, writer *os.File) {
	t.Helper()
	fd := int(writer.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatalf("the pipe can't be filled: %v", err)
	}
	for size := 4096; size > 0; {
		_, err := syscall.Write(fd, make([]byte, size))
		switch {
		case errors.Is(err, syscall.EAGAIN):
			size /= 2
		case err != nil && !errors.Is(err, syscall.EINTR):
			t.Fatalf("the pipe can't be filled: %v", err)
		}
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		t.Fatalf("the pipe must block: %v", err)
	}
}

// TestAHangupThatIsIgnoredEndsNothing is nohup.
func TestAHangupThatIsIgnoredEndsNothing(t *testing.T) {
	t.Parallel()
	w := newWritingRun(t)
	cmd := w.command(t)
	cmd.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	reader := started(t, cmd)
	defer func() { _ = reader.Close() }()
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	w.awaitMaking(t)
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatalf("the signal can't be sent: %v", err)
	}
	if code := exitCode(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d, a run under nohup outlives its terminal and conforms: 0", code)
	}
	w.leftNothing(t)
}

func TestCleanupThatNobodyReadsFinishes(t *testing.T) {
	w := newWritingRun(t)
	run := w.command(t)
	if err := run.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	w.awaitMaking(t)
	if err := run.Process.Kill(); err != nil {
		t.Fatalf("the run can't be killed: %v", err)
	}
	_ = run.Wait() // it was killed
	if cmp.Equal(w.before, w.endpoint.Account()) {
		t.Fatal("the run that was killed left nothing, so that there is nothing to clean up")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, w.environ, "cleanup", "--target", w.endpoint.URL(), "--username", fixtures.DefaultUsername, "--yes")
	if code := unread(t, cmd); code != 0 {
		t.Errorf("exit code %d, everything can be removed whoever reads of it: 0", code)
	}
	if difference := cmp.Diff(w.before, w.endpoint.Account()); difference != "" {
		t.Errorf("the account is not as it was before the run:\n%s", difference)
	}
}

// unread runs a process whose outputs nobody reads from the beginning.
func unread(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatalf("no pipe for the outputs: %v", err)
	}
	closeNow(t, reader)
	defer func() { _ = writer.Close() }()
	if cmd.Stdout = writer; cmd.Stderr == nil {
		cmd.Stderr = writer
	}
	return exitCode(t, cmd.Run())
}

func TestNoCommandIsKilledByAPipeThatIsClosed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	record, report := filepath.Join(folder, "r.jsonl"), filepath.Join(folder, "r.json")
	if o := execute(t, nil, "run", "--select", "LIST-01", "--record", record, "--json", report); o.code != 0 {
		t.Fatalf("the run must conform, not end with %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	for _, c := range []struct {
		args string
		code int
	}{
		{"list", 0},
		{"list --format json", 0},
		{"explain LIST-01", 0},
		{"help run", 0},
		{"version", 0},
		{"completion bash", 0},
		{"diff " + report + " " + report, 0},
		{"judge " + record, 0},
		{"reference --list-faults", 0},
		{"selftest --only chunked --clone-time 5ms", 0},
		{"run --select OWNER --fault owner-missing-through-drives", 1},
		{"run --no-such-flag", 2},
		{"run --target http://127.0.0.1:1/ --username u", 3},
		{"run --select LIST-01 --json /dev/stdout", 3},
		{"run --select LIST-01 --annotations github", 3},
	} {
		t.Run(c.args, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			var environ []string
			if strings.Contains(c.args, "--target") {
				environ = append(environ, "LIBDRIVES_PASSWORD=x")
			}
			cmd := command(ctx, environ, strings.Fields(c.args)...)
			if code := unread(t, cmd); code != c.code {
				t.Errorf("exit code %d, with its outputs closed it should be %d as ever", code, c.code)
			}
		})
	}
}

func TestAReportThatNobodyReadsIsTold(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, nil, "run", "--select", "LIST-01", "--json", "/dev/stdout")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	o := outcome{code: unread(t, cmd), stderr: stderr.String()}
	if o.code != 3 {
		t.Errorf("exit code %d, a report that is lost must not look green: 3", o.code)
	}
	o.saysOneThing(t, "/dev/stdout", "broken pipe")
}

func TestOutputsThatAreClosedAtTheBeginningChangeNothing(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.xml")
	cmd := command(t.Context(), []string{"REPORT=" + report})
	cmd.Args = []string{"sh", "-c", `exec "$0" run --profile read --select LIST --junit "$REPORT" <&- >&- 2>&-`, cmd.Path}
	cmd.Path = "/bin/sh"
	if code := exitCode(t, cmd.Run()); code != 0 {
		t.Errorf("exit code %d, the reference endpoint conforms whoever is told: 0", code)
	}
	if all, passed := count(t, report); all == 0 || passed != all {
		t.Errorf("the report has %d requirements of which %d pass, all should", all, passed)
	}
}

func TestTheReferenceEndpointEndsOnEverySignal(t *testing.T) {
	heedHangups(t)
	for _, sent := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		reference := serveReference(t, "\n", "--quiet")
		if code := reference.end(sent); code != 0 {
			t.Errorf("%v: exit code %d, being stopped is how the reference endpoint ends: 0", sent, code)
		}
	}
}

func TestTheReferenceEndpointServesOnWhenNobodyReadsItsLog(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, nil, "reference", "--verbose")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("no pipe for the output: %v", err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatalf("no pipe for the log: %v", err)
	}
	closeNow(t, reader)
	cmd.Stderr = writer
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	closeNow(t, writer)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("it must say where it serves: %v", err)
	}
	closeNow(t, stdout)
	url := strings.TrimSpace(strings.TrimPrefix(line, "URL"))
	for range 2 {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"libdrives/", nil)
		if err != nil {
			t.Fatalf("the request must be one: %v", err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatalf("it should answer on, though nobody reads its log: %v", err)
		}
		_ = response.Body.Close()
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("the signal can't be sent: %v", err)
	}
	if code := exitCode(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d, being stopped is how the reference endpoint ends: 0", code)
	}
}
