package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASelftestOfOneFaultIsGreenAndWritesItsReports(t *testing.T) {
	const fault = "owner-missing-on-disks-through-drives"
	dir := t.TempDir()
	files := map[string]string{"json": filepath.Join(dir, "m.json"), "html": filepath.Join(dir, "m.html"), "markdown": filepath.Join(dir, "m.md")}
	args := []string{"selftest", "--only", fault, "--parallel", "1", "--clone-time", "5ms"}
	for flag, file := range files {
		args = append(args, "--"+flag, file)
	}
	o := execute(t, nil, args...)
	if o.code != 0 {
		t.Fatalf("exit code %d, a fault that is killed is 0:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if !strings.Contains(o.stdout, "ok   "+fault+"  OWNER-02\n") || !strings.Contains(o.stdout, "1 of 1") {
		t.Errorf("the matrix and the score are not told:\n%s", o.stdout)
	}
	if !strings.Contains(o.stderr, "1 of 1 faults and variants tested") {
		t.Errorf("there is no progress on stderr:\n%s", o.stderr)
	}
	for flag, file := range files {
		if !strings.Contains(read(t, file), fault) || !strings.Contains(o.stderr, "wrote "+file) {
			t.Errorf("--%s: the file should name the fault, and stderr the file", flag)
		}
	}
	var matrix struct {
		OK      bool   `json:"ok"`
		Version string `json:"version"`
	}
	if err := json.Unmarshal([]byte(read(t, files["json"])), &matrix); err != nil || !matrix.OK || matrix.Version != stamp {
		t.Errorf("the JSON says %+v (%v); it should be ok, of the version %s", matrix, err, stamp)
	}
}

func TestWhatASelftestDidNotComeToIsNotJudged(t *testing.T) {
	// A run that is given no time is incomplete, also where the endpoint is sound.
	o := execute(t, nil, "selftest", "--only", "chunked,LIC-05", "--timeout", "1ms", "--quiet")
	if o.code != 3 || strings.Contains(o.stdout, "survived") || strings.Contains(o.stdout, "BAD") {
		t.Errorf("exit code %d, what can't be judged in its time is 3, and neither survived nor bad:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if o.stderr != "" || !strings.Contains(o.stdout, "chunked") || !strings.Contains(o.stdout, "not judged LIC-05") || !strings.Contains(o.stdout, "Of what was judged all is as it should be") {
		t.Errorf("it should be told on stdout, and with --quiet nothing on stderr:\n%s%s", o.stdout, o.stderr)
	}
}

func TestAnInterruptedSelftestIsExitCode3(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "m.json")
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := command(ctx, nil, "selftest", "--json", file)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatalf("no pipe for stderr: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	lines := bufio.NewScanner(stderr)
	if !lines.Scan() { // the first line comes when the first fault was tested
		t.Errorf("it ended without any progress: %v", lines.Err())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Errorf("the signal can't be sent: %v", err)
	}
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	if code := exitCode(t, cmd.Wait()); code != 3 {
		t.Errorf("exit code %d, an interrupted selftest is 3:\n%s", code, said.String())
	}
	if !strings.Contains(said.String(), "libdrives-conformance: stopped by a signal") || !strings.Contains(read(t, file), "not tested") {
		t.Errorf("stderr should say why it ended, and the report what was not tested:\n%s", said.String())
	}
}
