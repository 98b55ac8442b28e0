package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
)

// watched is a log of requests that says when a clone was asked for.
type watched struct {
	once   sync.Once
	cloned chan struct{}
}

func (w *watched) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("do=clone")) {
		w.once.Do(func() { close(w.cloned) })
	}
	return len(line), nil
}

// TestAnInterruptedFleetLeavesNothing ends a fleet while two of its processes have made clones: both clean up, and the board is made.
func TestAnInterruptedFleetLeavesNothing(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	var endpoints []*fixtures.Endpoint
	var logs []*watched
	var before []fixtures.Account
	for i := range 3 {
		log := &watched{cloned: make(chan struct{})}
		endpoint, err := fixtures.Start(fixtures.Options{CloneTime: 2 * time.Second, Log: log})
		if err != nil {
			t.Fatalf("no reference endpoint: %v", err)
		}
		t.Cleanup(func() { _ = endpoint.Close() })
		endpoints, logs, before = append(endpoints, endpoint), append(logs, log), append(before, endpoint.Account())
		fmt.Fprintf(&list, "- {name: e%d, target: %q, username: %s, profile: write, select: CLONE}\n", i, endpoint.URL(), fixtures.DefaultUsername)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "fleet.yaml")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword, "HOME=" + folder}, "fleet", "--targets", file, "--output-dir", folder+"/out", "--parallel", "2")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	for _, log := range logs[:2] {
		select {
		case <-log.cloned:
		case <-ctx.Done():
			t.Fatalf("no clone was asked for:\n%s", output.String())
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("the signal can't be sent: %v", err)
	}
	if code := exitCode(t, cmd.Wait()); code != 3 {
		t.Errorf("exit code %d, a fleet that was interrupted is incomplete, 3:\n%s", code, output.String())
	}
	for i, endpoint := range endpoints {
		if left := cmp.Diff(before[i], endpoint.Account()); left != "" {
			t.Errorf("the fleet leaves something at e%d:\n%s\n%s", i, left, output.String())
		}
	}
	if endpoints[2].Requests() != 0 {
		t.Error("an endpoint was judged after the signal")
	}
	for _, words := range []string{"e0: incomplete", "e1: incomplete", "e2: not judged", "of 2 it is not known"} {
		if !strings.Contains(output.String(), words) {
			t.Errorf("the fleet does not say %q:\n%s", words, output.String())
		}
	}
	if _, err := os.Stat(folder + "/out/board.html"); err != nil {
		t.Errorf("a fleet that was interrupted should make its board: %v", err)
	}
}
