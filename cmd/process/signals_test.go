package process_test

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/libdrives/conformance/cmd/process"
)

func TestTheFirstSignalCancelsAndTheSecondEndsAtOnce(t *testing.T) {
	for _, sent := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT} {
		t.Run(sent.String(), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			release := make(chan struct{})
			defer close(release)
			notes := make(chan string, 4)
			causes := make(chan error, 1)
			_, ended := process.Interruptible(ctx, 0, func(line string) { notes <- line }, func(ctx context.Context) string {
				kill(t, sent)
				<-ctx.Done()
				causes <- context.Cause(ctx)
				kill(t, sent)
				<-release // work that does not listen
				return ""
			})
			if ended {
				t.Error("the work is said to have ended, but it hangs: the second signal should end it at once")
			}
			if noted := <-notes; !strings.Contains(noted, sent.String()) || !strings.Contains(noted, "once more") {
				t.Errorf("the note is %q, the first signal should be told, and what a second does", noted)
			}
			if cause := <-causes; cause == nil || !strings.Contains(cause.Error(), "signal ("+sent.String()) {
				t.Errorf("the work is cancelled because of %v, the report should be able to say that it was a signal", cause)
			}
		})
	}
}

func TestASignalThatComesTwiceIsOne(t *testing.T) {
	heard := listen(t, os.Interrupt)
	result, ended := process.Interruptible(t.Context(), time.Hour, func(string) {}, func(ctx context.Context) string {
		kill(t, os.Interrupt)
		await(t, heard)
		<-ctx.Done()
		kill(t, os.Interrupt)
		await(t, heard)
		return "the reports"
	})
	if !ended || result != "the reports" {
		t.Errorf("the result is %q and ended %v: a signal that a wrapper repeats should not cost the reports", result, ended)
	}
}

// TestAHangupNeverEndsTheWorkAtOnce sends hangups before and after a signal that counts.
func TestAHangupNeverEndsTheWorkAtOnce(t *testing.T) {
	heard := listen(t, syscall.SIGHUP, syscall.SIGTERM)
	result, ended := process.Interruptible(t.Context(), 0, func(string) {}, func(ctx context.Context) string {
		for _, sent := range []os.Signal{syscall.SIGHUP, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGHUP} {
			kill(t, sent)
			await(t, heard)
			<-ctx.Done()
		}
		return context.Cause(ctx).Error()
	})
	if !ended || !strings.Contains(result, "hangup") {
		t.Errorf("the result is %q and ended %v: a terminal that is gone should end the work, and never before it is done", result, ended)
	}
}

// TestANoteThatNobodyTakesDelaysNothing has an output that blocks, as a pipe does whose reader stopped.
func TestANoteThatNobodyTakesDelaysNothing(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	result, ended := process.Interruptible(t.Context(), time.Hour, func(string) { <-release }, func(ctx context.Context) string {
		kill(t, os.Interrupt)
		<-ctx.Done()
		return "the reports"
	})
	if !ended || result != "the reports" {
		t.Errorf("the result is %q and ended %v: the work should end whether the note is read or not", result, ended)
	}
}

func TestWorkThatEndsGivesItsResult(t *testing.T) {
	result, ended := process.Interruptible(t.Context(), process.SameSignal, func(string) {}, func(context.Context) string { return "done" })
	if !ended || result != "done" {
		t.Errorf("the result is %q and ended %v, work that nobody interrupts just ends", result, ended)
	}
}

func TestAnOutputThatNobodyReadsTakesEverything(t *testing.T) {
	process.IgnoreClosedPipes()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatalf("no pipe for the test: %v", err)
	}
	defer func() { _ = writer.Close() }()
	if err := reader.Close(); err != nil {
		t.Fatalf("the reader must close: %v", err)
	}
	output := process.NewOutput(writer)
	for range 2 {
		if n, err := output.Write([]byte("text")); n != 4 || err != nil {
			t.Errorf("%d bytes are written and the error is %v: that nobody reads is the reader's choice", n, err)
		}
	}
}

func TestAFullDiskIsAnErrorOfAnOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full, which is a disk that is always full")
	}
	defer func() { _ = full.Close() }()
	if _, err := process.NewOutput(full).Write([]byte("text")); err == nil {
		t.Error("there is no error: text that is lost should be told")
	}
}

// listen tells of signals that were delivered to this process.
func listen(t *testing.T, signals ...os.Signal) <-chan os.Signal {
	heard := make(chan os.Signal, 16)
	signal.Notify(heard, signals...)
	t.Cleanup(func() { signal.Stop(heard) })
	return heard
}

func await(t *testing.T, heard <-chan os.Signal) {
	select {
	case <-heard:
	case <-t.Context().Done():
	}
}

func kill(t *testing.T, sent os.Signal) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Errorf("this process can't be found: %v", err)
		return
	}
	if err := self.Signal(sent); err != nil {
		t.Errorf("the signal can't be sent: %v", err)
	}
}
