package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is how long after a signal another one is taken for the same.
const sameSignal = time.Second

// interruptible lets the work run until it is done. The first SIGINT or SIGTERM cancels the work's context, so that it
// ends early and tells what it has; at the second, interruptible returns at once and leaves the work where it is. What
// comes within a moment of the first is the same one: a wrapper passes on what the terminal sends to its whole group. It
// listens on a channel of its own all the time, because Ginkgo listens too while specs run and swallows both signals
// afterwards.
func interruptible[T any](ctx context.Context, moment time.Duration, note func(string), work func(context.Context) T) (result T, ended bool) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan T, 1)
	go func() { done <- work(ctx) }()
	var first time.Time
	for {
		select {
		case result = <-done:
			return result, true
		case caught := <-signals:
			switch {
			case first.IsZero():
				first = time.Now()
			case time.Since(first) < moment:
				continue
			default:
				return result, false
			}
			note(fmt.Sprintf("%s: ending the run and writing the reports; once more ends it at once", caught))
			cancel(fmt.Errorf("stopped by a signal (%s)", caught))
		}
	}
}
