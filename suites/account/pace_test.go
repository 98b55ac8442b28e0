package account

import (
	"math"
	"testing"
	"time"
)

// TestWhatIsUnderWayIsSeenToBeOverSoon: simulated, for the times are long. What comes late is at most 0.15 s, or 3 % of the time
// that the job takes; where nothing tells when it will be over, a quarter of that time.
func TestWhatIsUnderWayIsSeenToBeOverSoon(t *testing.T) {
	t.Parallel()
	p := pace{DefaultPollMin, DefaultPollMax}
	linear := func(part float64) float64 { return math.Floor(100 * part) }
	for name, c := range map[string]struct {
		progress func(part float64) float64
		took     float64 // of the time that the job takes
		late     float64
		looks    int // at most
	}{
		"its progress tells":              {linear, 0, 0.03, 40},
		"the last one took as long":       {nil, 1, 0.03, 40},
		"the last one took a little less": {nil, 0.97, 0.03, 40},
		"both tell":                       {linear, 1.3, 0.03, 40},
		"nothing tells":                   {nil, 0, 0.25, 60},
		"the last one took no time":       {nil, 0.001, 0.25, 60},
		"the last one took much longer":   {nil, 20, 1, 40},
		"its progress is slow at first":   {func(part float64) float64 { return math.Floor(100 * part * part) }, 0, 0.25, 60},
		"its progress stays at 99":        {func(float64) float64 { return 99 }, 0, 0.25, 300},
		"its progress is next to nothing": {func(float64) float64 { return 1e-300 }, 0, 0.25, 60},
		"its progress is beyond all":      {func(float64) float64 { return 1e300 }, 0, 0.25, 60},
	} {
		for _, job := range []time.Duration{200 * time.Millisecond, 2 * time.Second, 5 * time.Second, time.Minute} {
			looks := 1
			at := time.Duration(0)
			for at < job {
				f := forecast{elapsed: at, took: time.Duration(c.took * float64(job))}
				if c.progress != nil {
					f.progress = c.progress(float64(at) / float64(job))
				}
				step := p.before(f)
				if step <= 0 || step > p.max {
					t.Fatalf("%s, a job of %s: after %s the next look comes %s later", name, job, at, step)
				}
				at += step
				looks++
			}
			if late := at - job; late > max(150*time.Millisecond, time.Duration(c.late*float64(job))) {
				t.Errorf("%s: a job of %s is seen to be over %s late", name, job, late)
			}
			if looks > c.looks {
				t.Errorf("%s: a job of %s is looked at %d times", name, job, looks)
			}
		}
	}
}
