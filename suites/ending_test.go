//go:build unix

package suites_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
)

// cloned is a log of an endpoint that tells of the first clone that was made.
type cloned struct {
	once sync.Once
	seen chan struct{}
}

var cloneMade = regexp.MustCompile(`^POST \S+do=clone\S* 20[0-9] `)

func (c *cloned) Write(p []byte) (int, error) {
	if cloneMade.Match(p) {
		c.once.Do(func() { close(c.seen) })
	}
	return len(p), nil
}

// TestGoTestOfATargetEndsAsARunDoes ends this very test binary, as go test runs it with -target, while it makes drives:
// by signals, and by a pipe that nobody reads any more.
func TestGoTestOfATargetEndsAsARunDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	patience := time.Hour
	if deadline, set := t.Deadline(); set {
		patience = time.Until(deadline) - 20*time.Second // to say what hangs
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // else a process that is started under nohup ignores it
	defer signal.Stop(hangups)
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE} {
		t.Run(sent.String(), func(t *testing.T) {
			log := &cloned{seen: make(chan struct{})}
			endpoint, err := fixtures.Start(fixtures.Options{CloneTime: 300 * time.Millisecond, Log: log})
			if err != nil {
				t.Fatalf("the reference endpoint must start: %v", err)
			}
			defer func() { _ = endpoint.Close() }()
			before := endpoint.Account()
			report := filepath.Join(t.TempDir(), "report.xml")
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.v", "-target", endpoint.URL(), "-username", fixtures.DefaultUsername,
				"-profile", "write", "-settle-timeout", "1s", "-select", "CLONE,LIC,ATTACH,HIDE-04", "-junit", report)
			cmd.Env = append(os.Environ(), "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword, "XDG_STATE_HOME="+t.TempDir())
			reader, writer, err := os.Pipe()
			if err != nil {
				t.Fatalf("no pipe for the outputs: %v", err)
			}
			defer func() { _ = reader.Close() }()
			cmd.Stdout, cmd.Stderr = writer, writer
			if err := cmd.Start(); err != nil {
				t.Fatalf("the test binary must start: %v", err)
			}
			_ = writer.Close()
			select {
			case <-log.seen:
			case <-ctx.Done():
				t.Fatal("no clone was made")
			}
			_ = reader.Close() // tee is ended by what ends the run
			words := "stopped by a signal (" + sent.String() + ")"
			code := 1 // as every test that fails
			if sent == syscall.SIGPIPE {
				words, code = "<testsuites", 0 // nothing but the closed pipe
			} else if err := cmd.Process.Signal(sent); err != nil {
				t.Fatalf("the signal can't be sent: %v", err)
			}
			var exited *exec.ExitError
			if err := cmd.Wait(); err != nil && (!errors.As(err, &exited) || !exited.Exited()) {
				t.Fatalf("the process did not end by itself: %v", err)
			}
			if got := cmd.ProcessState.ExitCode(); got != code {
				t.Errorf("exit code %d, it should be %d", got, code)
			}
			if difference := cmp.Diff(before, endpoint.Account()); difference != "" {
				t.Errorf("the account is not as it was before the run:\n%s", difference)
			}
			text, err := os.ReadFile(report)
			if err != nil || !strings.Contains(string(text), words) || !bytes.HasSuffix(bytes.TrimSpace(text), []byte("</testsuites>")) {
				t.Errorf("the report should be whole, and say %q: %v\n%s", words, err, text)
			}
		})
	}
}
