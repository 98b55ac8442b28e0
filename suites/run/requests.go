package run

import (
	"cmp"
	"slices"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

// The bounds of what is reported of requests.
const (
	mostSlowest = 10
	mostRetries = 100
)

// requests counts what was sent, and names the slowest and those that were repeated.
func (r *runner) requests() reports.Requests {
	var requests reports.Requests
	if r.client != nil {
		stats := r.client.Stats()
		requests.Sent, requests.Retried = stats.Sent, stats.Retried
	} else {
		requests.Sent, requests.Retried = r.kept.tail.Sent, r.kept.tail.Retried
	}
	all := r.evaluator.Record.All()
	callOf := func(x *evidence.Exchange) reports.Call {
		x = r.evaluator.Record.Redacted(x) // before it is cut
		return reports.Call{Exchange: x.Number, Method: x.Request.Method, Path: judge.ClipTo(x.Request.Path(), 200), Status: x.Status(), Failure: x.Failure, Duration: x.Duration}
	}
	attempts := map[attempt]bool{}
	for _, x := range all {
		attempts[attempt{x.Key, x.Round, x.Attempt}] = true
	}
	for _, x := range all {
		if attempts[attempt{x.Key, x.Round, x.Attempt + 1}] && len(requests.Retries) < mostRetries {
			requests.Retries = append(requests.Retries, callOf(x))
		}
	}
	requests.Latency = reports.LatencyOf(answerTimes(all))
	slices.SortStableFunc(all, func(a, b *evidence.Exchange) int { return cmp.Compare(b.Duration, a.Duration) })
	for _, x := range all[:min(len(all), mostSlowest)] {
		requests.Slowest = append(requests.Slowest, callOf(x))
	}
	return requests
}

// answerTimes are how long those requests took that a whole answer came to.
func answerTimes(all []*evidence.Exchange) []time.Duration {
	var times []time.Duration
	for _, x := range all {
		if x.Response != nil && x.Failure == "" {
			times = append(times, x.Duration)
		}
	}
	return times
}

// attempt is one of the times that a read or step was tried.
type attempt struct {
	key           string
	round, number int
}
