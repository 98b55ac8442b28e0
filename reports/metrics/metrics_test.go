package metrics_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/metrics"
)

// parsed reads what is written of a report as Prometheus does.
func parsed(t *testing.T, r *reports.Report) map[string]*dto.MetricFamily {
	t.Helper()
	text := example.Render(t, func(b *strings.Builder) error { return metrics.Write(b, r) })
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("Prometheus does not take what is written: %v\n%s", err, text)
	}
	return families
}

// value is that of the one series with these labels, in the form name=value.
func value(t *testing.T, families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	t.Helper()
	var found []float64
	for _, metric := range families[name].GetMetric() {
		has := map[string]bool{}
		for _, label := range metric.GetLabel() {
			has[label.GetName()+"="+label.GetValue()] = true
		}
		if !slices.ContainsFunc(labels, func(label string) bool { return !has[label] }) {
			found = append(found, metric.GetGauge().GetValue())
		}
	}
	if len(found) != 1 {
		t.Fatalf("of %s there are %d series with %v, and should be one", name, len(found), labels)
	}
	return found[0]
}

func TestWhatIsWrittenIsReadByPrometheus(t *testing.T) {
	t.Parallel()
	r := example.Complete(t)
	r.Name = "ZRH"
	r.Requests.Latency = reports.LatencyOf([]time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second})
	r.Settlings = []reports.Settling{{What: "a clone is listed", Times: 3, Longest: 1500 * time.Millisecond, Never: 1}}
	families := parsed(t, r)
	for name, want := range map[string]float64{
		"libdrives_conforms": 0, "libdrives_exit_code": 1, "libdrives_run_duration_seconds": 4.2, "libdrives_run_info": 1,
		"libdrives_settling_seconds": 1.5, "libdrives_settling_never": 1, "libdrives_harm": 0,
	} {
		if got := value(t, families, name, "target="+example.Base, "name=ZRH"); got != want {
			t.Errorf("%s is %v, it should be %v", name, got, want)
		}
	}
	for _, c := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{"libdrives_requirement_verdict", []string{"requirement=DETAIL-02", "verdict=fail", "level=must"}, 1},
		{"libdrives_requirement_verdict", []string{"requirement=DETAIL-02", "verdict=pass"}, 0},
		{"libdrives_requirement_verdict", []string{"requirement=OWNER-02", "verdict=waived"}, 1},
		{"libdrives_requirement_verdict", []string{"requirement=LIC-09", "verdict=blocked"}, 1},
		{"libdrives_requirement_unstable", []string{"requirement=DETAIL-02"}, 1},
		{"libdrives_requirements", []string{"verdict=skip"}, 3},
		{"libdrives_requests", []string{"kind=sent"}, 412},
		{"libdrives_requests", []string{"kind=retried"}, 3},
		{"libdrives_resources", []string{"state=left"}, 1},
	} {
		if got := value(t, families, c.name, c.labels...); got != c.want {
			t.Errorf("%s%v is %v, it should be %v", c.name, c.labels, got, c.want)
		}
	}
	summary := families["libdrives_request_duration_seconds"].GetMetric()[0].GetSummary()
	quantiles := map[float64]float64{}
	for _, q := range summary.GetQuantile() {
		quantiles[q.GetQuantile()] = q.GetValue()
	}
	if want := map[float64]float64{0.5: 2, 0.9: 4, 0.99: 4, 1: 4}; !maps.Equal(quantiles, want) || summary.GetSampleCount() != 4 || summary.GetSampleSum() != 10 {
		t.Errorf("the summary of how long answers took is %v, and should have the quantiles %v, 4 answers and 10 s", summary, want)
	}
}

// TestNoAnswerBreaksTheFormat: whatever an endpoint says stands in a label and adds no line.
func TestNoAnswerBreaksTheFormat(t *testing.T) {
	t.Parallel()
	families := parsed(t, example.Attacked(t))
	for name, family := range families {
		if !strings.HasPrefix(name, "libdrives_") || family.GetHelp() == "" {
			t.Errorf("there is a family %q, which nobody wrote", name)
		}
	}
	info := families["libdrives_run_info"].GetMetric()[0]
	for _, label := range info.GetLabel() {
		if label.GetName() == "server" && !strings.HasPrefix(label.GetValue(), `<script>alert("1")</script>`) {
			t.Errorf("the server is told as %q, it should be as it was said", label.GetValue())
		}
	}
}

// TestAFullDiskIsTold: an error of the writer is returned.
func TestAFullDiskIsTold(t *testing.T) {
	t.Parallel()
	if err := metrics.Write(example.FullDisk{}, example.MadeUp(t)); err == nil {
		t.Error("nothing says that the metrics could not be written")
	}
}
