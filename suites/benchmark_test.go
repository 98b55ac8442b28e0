package suites_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/scenarios/steps"
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
			b.ReportAllocs()
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
	b.ReportAllocs()
	for b.Loop() {
		var test recorder
		result := suites.Run(&test, suites.Config{Profile: requirement.FullProfile})
		if test.failed {
			b.Fatalf("the run failed: %v", result.Err)
		}
		b.ReportMetric(float64(result.Report.Requests.Sent), "requests/op")
	}
}

// readRecord is the record of a run of the read profile, as a file holds it.
func readRecord(b *testing.B) []byte {
	b.Helper()
	var test recorder
	result := suites.Run(&test, suites.Config{Profile: requirement.ReadProfile})
	var file bytes.Buffer
	if err := result.WriteRecord(&file); err != nil || test.failed {
		b.Fatalf("there is no record: %v, %v", result.Err, err)
	}
	return file.Bytes()
}

// BenchmarkPlanning runs all bodies to learn what they want, over a record in which all that reads answer is there.
func BenchmarkPlanning(b *testing.B) {
	var head, tail struct{}
	record, err := evidence.ReadRecord(bytes.NewReader(readRecord(b)), &head, &tail)
	if err != nil {
		b.Fatalf("the record can't be read: %v", err)
	}
	schemas, err := schema.Compile()
	if err != nil {
		b.Fatalf("the schemas can't be compiled: %v", err)
	}
	catalogue, err := requirement.Load()
	if err != nil {
		b.Fatalf("the catalogue can't be read: %v", err)
	}
	specs := suites.Specs()
	b.ReportAllocs()
	for b.Loop() {
		evaluator := &judge.Evaluator{
			Specs: specs.Spec, Record: record, BasePath: "/api/2.0/", Parsed: judge.NewParsed(), Schemas: schemas, Sample: 200, Seed: 1,
			Outcomes: map[steps.Scenario]judge.Outcome{},
		}
		wanting := 0
		for _, r := range catalogue.All() {
			if r.Effect == requirement.Read && len(evaluator.Evaluate(r.ID, specs.Spec(r.ID), 1, true).Wants) > 0 {
				wanting++
			}
		}
		if wanting > 0 {
			b.Fatalf("%d requirements want something that the run did not ask for", wanting)
		}
	}
}

// BenchmarkJudge judges a saved record, which is read from memory.
func BenchmarkJudge(b *testing.B) {
	record := readRecord(b)
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	for b.Loop() {
		if result := suites.Judge(bytes.NewReader(record), suites.Config{}); result.ExitCode() != 0 {
			b.Fatalf("the record is judged %d: %v", result.ExitCode(), result.Err)
		}
	}
}
