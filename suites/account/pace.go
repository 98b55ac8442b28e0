package account

import (
	"context"
	"math"
	"time"
)

// pace is how often something that is under way is looked at: at growing intervals, because what took long so far will
// take long still.
type pace struct{ min, max time.Duration }

// growth lets the last look come at most a quarter of the whole time too late.
const growth = 1.25

func (p pace) interval(n int) time.Duration {
	grown := float64(p.min) * math.Pow(growth, float64(n))
	return time.Duration(min(grown, float64(p.max)))
}

// forecast is what tells when something that is under way will be over.
type forecast struct {
	elapsed  time.Duration // since it began
	progress float64       // in percent, as the endpoint says; 0: it says none
	took     time.Duration // the time that the last one of the kind took; 0: there was none
}

// What is about to be over is looked at each 50th part of the time that it has taken, and each mostLate where that is longer.
const (
	finest   = 50
	mostLate = 100 * time.Millisecond
)

// before is how long nothing is looked at that is forecast so: three quarters of the time that is left, never longer than it
// has taken so far, for the endpoint's progress may be wrong. What takes more than twice the time that it should is looked at
// at growing intervals, as what nothing is known of.
func (p pace) before(f forecast) time.Duration {
	expected := f.took
	if f.progress >= 1 && f.progress < 100 { // less than that says too little
		expected = time.Duration(float64(f.elapsed) * 100 / f.progress)
	}
	fine := max(f.elapsed/finest, min(mostLate, f.elapsed/4))
	wait := f.elapsed / 4
	switch {
	case expected > f.elapsed:
		wait = max(fine, min((expected-f.elapsed)*3/4, f.elapsed))
	case f.elapsed < 2*expected:
		wait = fine
	}
	return min(max(wait, p.min), p.max)
}

// wait lets the nth interval pass. It reports false where the context ends first.
func (p pace) wait(ctx context.Context, n int) bool { return pass(ctx, p.interval(n)) }

// pass lets a time pass. It reports false where the context ends first.
func pass(ctx context.Context, interval time.Duration) bool {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
