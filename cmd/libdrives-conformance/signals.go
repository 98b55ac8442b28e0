package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// interruptible lets the work run until it is done. The first SIGINT or SIGTERM cancels the work's context, so that it
// ends early and tells what it has; at the second, interruptible returns at once and leaves the work where it is. It
// listens on a channel of its own all the time, because Ginkgo listens too while specs run and swallows both signals
// afterwards.
func interruptible[T any](ctx context.Context, note func(string), work func(context.Context) T) (result T, ended bool) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan T, 1)
	go func() { done <- work(ctx) }()
	for interrupted := false; ; interrupted = true {
		select {
		case result = <-done:
			return result, true
		case caught := <-signals:
			if interrupted {
				return result, false
			}
			note(fmt.Sprintf("%s: ending the run and writing the reports; once more ends it at once", caught))
			cancel(fmt.Errorf("stopped by a signal (%s)", caught))
		}
	}
}
