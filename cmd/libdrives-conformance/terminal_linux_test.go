package main_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal opens a terminal that no person sits at: what is written to it is read from its master.
func pseudoTerminal(t *testing.T) (master, terminal *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this system gives no terminal to test with: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	connection, err := master.SyscallConn()
	if err != nil {
		t.Fatalf("the terminal must be a file: %v", err)
	}
	var number int
	var failed error
	if err := connection.Control(func(fd uintptr) {
		if failed = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); failed == nil {
			number, failed = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
	}); err != nil || failed != nil {
		t.Skipf("this system gives no terminal to test with: %v %v", err, failed)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this system gives no terminal to test with: %v", err)
	}
	return master, terminal
}

// TestOnACIServerProgressIsPlain: a server may give a job a terminal, and keeps every state of a line that is written over.
func TestOnACIServerProgressIsPlain(t *testing.T) {
	t.Parallel()
	for variable, live := range map[string]bool{"GITLAB_CI=false": true, "GITLAB_CI=true": false, "JENKINS_URL=http://ci/": false, "GITHUB_ACTIONS=true": false} {
		master, terminal := pseudoTerminal(t)
		cmd := command(t.Context(), []string{variable, "NO_COLOR=1"}, "run", "--select", "LIST", "--latency", "10ms")
		cmd.Stderr = terminal
		if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
			t.Fatalf("the terminal must have a size: %v", err)
		}
		shown := make(chan string)
		go func() {
			text, _ := io.ReadAll(master) // ends with an error once the terminal is closed
			shown <- string(text)
		}()
		if code := exitCode(t, cmd.Run()); code != 0 {
			t.Errorf("%s: exit code %d, the endpoint conforms, 0", variable, code)
		}
		closeNow(t, terminal)
		if text := <-shown; strings.Contains(text, "\x1b[") != live {
			t.Errorf("%s: a line that is written over should be there: %v; stderr is %q", variable, live, text)
		}
	}
}

func TestARunWhoseTerminalIsClosedEndsAndLeavesNothing(t *testing.T) {
	heedHangups(t)
	w := newWritingRun(t)
	master, terminal := pseudoTerminal(t)
	cmd := w.command(t)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	closeNow(t, terminal)
	go func() { _, _ = io.Copy(io.Discard, master) }() // until it is closed
	w.awaitMaking(t)
	closeNow(t, master)
	if code := exitCode(t, cmd.Wait()); code != 3 {
		t.Errorf("exit code %d, a run whose terminal was closed is incomplete, 3", code)
	}
	w.leftNothing(t)
}
