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

// wait lets the nth interval pass. It reports false where the context ends first.
func (p pace) wait(ctx context.Context, n int) bool {
	timer := time.NewTimer(p.interval(n))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
