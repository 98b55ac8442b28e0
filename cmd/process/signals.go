// Package process is what a program of ours has to do with the system that runs it: the signals that end it, and outputs
// that nobody reads any more. It must not know what the program does.
package process

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// SameSignal is how long after a signal another one is taken for the same.
const SameSignal = time.Second

// IgnoreClosedPipes keeps the process from being killed where it writes to a pipe that nobody reads any more: the write
// is an error then, as every other write is that fails.
func IgnoreClosedPipes() { signal.Ignore(syscall.SIGPIPE) }

// EndingSignals are those that end the work. A hangup is not among them where it was ignored when the process began:
// that is how nohup asks it to outlive its terminal.
func EndingSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// Interruptible lets the work run until it is done. The first signal that ends it cancels the work's context, so that it
// ends early and tells what it has; at the second, Interruptible returns at once and leaves the work where it is. What
// comes within a moment of the first is the same one: a wrapper passes on what the terminal sends to its whole group. A
// hangup cancels the work too, but counts as neither the first nor the second: that a terminal is gone is nobody's wish
// for haste, and more signals come by themselves when a session ends.
//
// The note is reported from another goroutine, so that an output that takes nothing more does not keep a second signal from
// being heard. Interruptible listens on a channel of its own all the time, because Ginkgo listens too while specs run and
// swallows two of the signals afterwards.
func Interruptible[T any](ctx context.Context, moment time.Duration, note func(string), work func(context.Context) T) (result T, ended bool) {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, EndingSignals()...)
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
			case caught == syscall.SIGHUP:
				if ctx.Err() == nil {
					go note(fmt.Sprintf("%s: ending the work and writing the reports", caught))
				}
			case first.IsZero():
				first = time.Now()
				go note(fmt.Sprintf("%s: ending the work and writing the reports; once more ends it at once", caught))
			case time.Since(first) < moment:
			default:
				return result, false
			}
			cancel(fmt.Errorf("stopped by a signal (%s)", caught))
		}
	}
}
