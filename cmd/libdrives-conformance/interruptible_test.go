package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"
)

func TestTheFirstSignalCancelsAndTheSecondEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	release := make(chan struct{})
	defer close(release)
	var noted []string
	started := make(chan struct{})
	causes := make(chan error, 1)
	go func() {
		<-started
		kill(t)
	}()
	_, ended := interruptible(ctx, 0, func(line string) { noted = append(noted, line) }, func(ctx context.Context) string {
		close(started)
		<-ctx.Done()
		causes <- context.Cause(ctx)
		kill(t)
		<-release // work that does not listen
		return ""
	})
	if ended {
		t.Error("the work is said to have ended, but it hangs: the second signal should end it at once")
	}
	if len(noted) != 1 || !strings.Contains(noted[0], "interrupt") {
		t.Errorf("the notes are %q, the first signal should be told and the second not wait to be", noted)
	}
	if cause := <-causes; cause == nil || !strings.Contains(cause.Error(), "signal") {
		t.Errorf("the work is cancelled because of %v, the report should be able to say that it was a signal", cause)
	}
}

func TestASignalThatComesTwiceIsOne(t *testing.T) {
	heard := make(chan os.Signal, 4)
	signal.Notify(heard, os.Interrupt)
	defer signal.Stop(heard)
	await := func() {
		select {
		case <-heard:
		case <-t.Context().Done():
		}
	}
	result, ended := interruptible(t.Context(), time.Hour, func(string) {}, func(ctx context.Context) string {
		kill(t)
		await()
		<-ctx.Done()
		kill(t)
		await()
		return "the reports"
	})
	if !ended || result != "the reports" {
		t.Errorf("the result is %q and ended %v: a signal that a wrapper repeats should not cost the reports", result, ended)
	}
}

func TestWorkThatEndsGivesItsResult(t *testing.T) {
	result, ended := interruptible(t.Context(), sameSignal, func(string) {}, func(context.Context) string { return "done" })
	if !ended || result != "done" {
		t.Errorf("the result is %q and ended %v, work that nobody interrupts just ends", result, ended)
	}
}

func kill(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Errorf("this process can't be found: %v", err)
		return
	}
	if err := self.Signal(os.Interrupt); err != nil {
		t.Errorf("the signal can't be sent: %v", err)
	}
}
