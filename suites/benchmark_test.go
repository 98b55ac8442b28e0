package suites_test

import (
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// BenchmarkReadRun is a run of the read profile against the embedded reference endpoint, on a network without latency,
// on one with 20 ms, and with a library of 3000 drives.
func BenchmarkReadRun(b *testing.B) {
	for _, c := range []struct {
		name    string
		options fixtures.Options
	}{
		{"latency=0", fixtures.Options{}},
		{"latency=20ms", fixtures.Options{Latency: 20 * time.Millisecond}},
		{"drives=3000", fixtures.Options{Drives: 3000}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				var test recorder
				result := suites.Run(&test, suites.Config{Profile: requirement.ReadProfile, Reference: c.options})
				if test.failed {
					b.Fatalf("the run failed: %v", result.Err)
				}
				b.ReportMetric(float64(result.Report.Requests.Sent), "requests/op")
			}
		})
	}
}

// BenchmarkFullRun is what a selftest does hundreds of times: a run of every requirement against the embedded reference
// endpoint.
func BenchmarkFullRun(b *testing.B) {
	for b.Loop() {
		var test recorder
		result := suites.Run(&test, suites.Config{Profile: requirement.FullProfile})
		if test.failed {
			b.Fatalf("the run failed: %v", result.Err)
		}
		b.ReportMetric(float64(result.Report.Requests.Sent), "requests/op")
	}
}
