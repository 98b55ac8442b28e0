package main_test

import (
	"fmt"
	"io"
	"os"
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
