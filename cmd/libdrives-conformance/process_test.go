package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	// stamp is the version that the binary under test is built with.
	stamp         = "v1.2.3-test"
	stampedCommit = "0123456789abcdef0123456789abcdef01234567"
	stampedDate   = "2026-01-02T03:04:05Z"
	// binaryVariable tells the tests where TestMain put the binary.
	binaryVariable = "TEST_BINARY_OF_LIBDRIVES_CONFORMANCE"
)

// TestMain builds the binary once, the way that it is shipped. What only sends requests needs none.
func TestMain(m *testing.M) {
	if requests := os.Getenv(floorVariable); requests != "" {
		if err := sendAll(requests); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(buildAndTest(m))
}

func buildAndTest(m *testing.M) int {
	dir, err := os.MkdirTemp("", "libdrives-conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, "no place for the binary:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	for _, variable := range []string{"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "JENKINS_URL"} { // of the server that runs the tests
		if err := os.Unsetenv(variable); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	binary := filepath.Join(dir, "libdrives-conformance")
	build := exec.Command("make", "--no-print-directory", "-C", filepath.Join("..", ".."), "build", "VERSION="+stamp, "COMMIT="+stampedCommit, "DATE="+stampedDate, "BIN="+binary)
	if _, err := exec.LookPath("make"); err != nil {
		build = exec.Command("go", "build", "-ldflags", "-X main.version="+stamp+" -X main.commit="+stampedCommit+" -X main.date="+stampedDate, "-o", binary, ".")
	}
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "the binary can't be built: %v\n%s", err, output)
		return 1
	}
	if err := os.Setenv(binaryVariable, binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// patience is the most that any of these processes may take; it ends a test that would hang. It is what go test leaves,
// for how slow a busy machine is nobody knows.
func patience(t *testing.T) time.Duration {
	if deadline, set := t.Deadline(); set {
		return time.Until(deadline) - 20*time.Second // to say what hangs
	}
	return time.Hour
}

// outcome is what a process came to.
type outcome struct {
	code           int
	stdout, stderr string
}

// command prepares the binary with nothing in its environment that a developer's shell might add.
func command(ctx context.Context, environ []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Getenv(binaryVariable), args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "LIBDRIVES_") && !strings.HasPrefix(entry, "NO_COLOR=") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, environ...)
	return cmd
}

// execute runs the binary to its end.
func execute(t *testing.T, environ []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, environ, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	code := exitCode(t, cmd.Run())
	return outcome{code, stdout.String(), stderr.String()}
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exited *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exited) && exited.Exited():
		return exited.ExitCode()
	}
	t.Fatalf("the process did not end by itself: %v", err)
	return -1
}

// errorLines are the lines of stderr that tell an error.
func (o outcome) errorLines() []string {
	var lines []string
	for line := range strings.Lines(o.stderr) {
		if strings.HasPrefix(line, "libdrives-conformance: ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// saysOneThing checks that the process reported one error in one line that has all of the words, and no stack trace.
func (o outcome) saysOneThing(t *testing.T, words ...string) {
	t.Helper()
	lines := o.errorLines()
	if len(lines) != 1 {
		t.Fatalf("stderr has %d lines that tell an error, there should be exactly one:\n%s", len(lines), o.stderr)
	}
	for _, word := range words {
		if !strings.Contains(lines[0], word) {
			t.Errorf("the error does not say %q: %s", word, lines[0])
		}
	}
	for _, trace := range []string{"goroutine ", "panic", ".go:", "Usage:", "\x1b["} {
		if strings.Contains(o.stderr, trace) {
			t.Errorf("stderr has %q in it, an error should be one line of plain text:\n%s", trace, o.stderr)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("the file should be there: %v", err)
	}
	return string(content)
}
