package reports

import (
	"slices"
	"time"
)

// Latency is how long answers took: the longest time that so many of a hundred took at most.
type Latency struct {
	Answers          int
	Sum              time.Duration
	Median, P90, P99 time.Duration
	Most             time.Duration
}

// LatencyOf adds up how long answers took; nil where there are none.
func LatencyOf(times []time.Duration) *Latency {
	if len(times) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(times))
	l := &Latency{Answers: len(sorted), Most: sorted[len(sorted)-1]}
	for _, t := range sorted {
		l.Sum += t
	}
	// The nearest rank: a time that an answer took, and none between two.
	rank := func(percent int) time.Duration { return sorted[(percent*len(sorted)+99)/100-1] }
	l.Median, l.P90, l.P99 = rank(50), rank(90), rank(99)
	return l
}
