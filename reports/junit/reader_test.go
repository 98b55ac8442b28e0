package junit_test

import (
	"testing"

	junitreader "github.com/joshdk/go-junit"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
)

// TestAPublicReaderUnderstandsTheJUnitReport: what a reader that others wrote counts and names is what the run found.
func TestAPublicReaderUnderstandsTheJUnitReport(t *testing.T) {
	for name, r := range map[string]*reports.Report{"made up": example.MadeUp(t), "complete": example.Complete(t), "attacked": example.Attacked(t), "whole catalogue": example.Everything(t, 0), "all fails": example.Everything(t, 2)} {
		suites, err := junitreader.Ingest([]byte(junitOf(t, r)))
		if err != nil {
			t.Errorf("%s: the reader refuses the report: %v", name, err)
			continue
		}
		var sum junitreader.Totals
		cases := map[string]junitreader.Test{}
		for _, suite := range suites {
			if suite.Name == "libdrives.run" {
				continue
			}
			sum.Tests, sum.Passed, sum.Failed, sum.Skipped = sum.Tests+suite.Totals.Tests, sum.Passed+suite.Totals.Passed, sum.Failed+suite.Totals.Failed, sum.Skipped+suite.Totals.Skipped
			for _, c := range suite.Tests {
				cases[c.Name] = c
			}
		}
		c := r.Counts()
		if sum.Tests != c.Total() || sum.Passed != c.Pass || sum.Failed != c.Failed() || sum.Skipped != c.Total()-c.Pass-c.Failed() {
			t.Errorf("%s: the reader counts %+v, and the run %+v", name, sum, c)
		}
		if len(cases) != len(r.Results) {
			t.Errorf("%s: the reader finds %d cases, and %d requirements were judged", name, len(cases), len(r.Results))
		}
	}
}
