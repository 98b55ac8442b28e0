// Package metrics writes the report of a run in the text format of Prometheus, for the textfile collector of node_exporter and
// for a pushgateway.
//
// It must not know the other formats. Every run writes the same series, whatever it came to, so that a query never finds a gap
// where a verdict changed.
package metrics

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Write writes the report. Numbers are of this one run and fall again with the next, so that they are gauges; how long answers
// took is a summary.
func Write(w io.Writer, r *reports.Report) error {
	p := &printer{to: bufio.NewWriter(w), common: common(r)}
	p.run(r)
	p.verdicts(r)
	p.requests(r.Requests)
	p.settlings(r.Settlings)
	p.family("libdrives_resources", "gauge", "Drives and servers that the run made in the account, and what may be left of them.")
	p.sample("libdrives_resources", float64(len(r.Resources.Made)), "state", "made")
	p.sample("libdrives_resources", float64(len(r.Resources.Left)), "state", "left")
	p.gauge("libdrives_harm", "What requests did to the library that can't be undone.", float64(len(r.Harm)))
	return p.to.Flush()
}

// common are the labels of every series: which endpoint it is about.
func common(r *reports.Report) []string {
	labels := []string{"target", r.TargetName()}
	if r.Name != "" {
		labels = append(labels, "name", r.Name)
	}
	return labels
}

func (p *printer) run(r *reports.Report) {
	p.family("libdrives_run_info", "gauge", "How the run was made; always 1.")
	p.sample("libdrives_run_info", 1, "version", r.Tool.Version, "profile", string(r.Configuration.Profile), "level", string(r.Configuration.Level),
		"edition", strconv.Itoa(r.Edition), "server", r.Server)
	conforms := 0.0
	if code := r.ExitCode(); code == reports.ExitConforms || code == reports.ExitLeftBehind {
		conforms = 1
	}
	p.gauge("libdrives_conforms", "1 where the endpoint conforms as far as it was judged, else 0; see libdrives_exit_code for why.", conforms)
	p.gauge("libdrives_exit_code", "Exit code of the run: 0 conforms, 1 does not, 3 incomplete, 4 nothing judged, 5 something left behind.", float64(r.ExitCode()))
	p.gauge("libdrives_run_timestamp_seconds", "When the run began, in seconds since 1970.", float64(r.Started.UnixMilli())/1000)
	p.gauge("libdrives_run_duration_seconds", "How long the run took.", r.Duration.Seconds())
}

// verdicts has a series for each requirement and verdict, as node_exporter has one for each unit and state: one of them is 1.
func (p *printer) verdicts(r *reports.Report) {
	counts := map[string]int{}
	for _, result := range r.Results {
		counts[result.Kind()]++
	}
	p.family("libdrives_requirements", "gauge", "Number of requirements by verdict. A failure above the gate is advisory.")
	for _, kind := range kinds() {
		p.sample("libdrives_requirements", float64(counts[kind]), "verdict", kind)
	}
	p.family("libdrives_requirement_verdict", "gauge", "1 for the verdict of a requirement, 0 for every other verdict.")
	for _, result := range r.Results {
		for _, kind := range kinds() {
			value := 0.0
			if kind == result.Kind() {
				value = 1
			}
			p.sample("libdrives_requirement_verdict", value, "requirement", result.Requirement.ID, "area", result.Requirement.Area,
				"level", string(result.Requirement.Level), "verdict", kind)
		}
	}
	p.family("libdrives_requirement_unstable", "gauge", "1 where two reads differed in what the requirement is about, and did not when they were taken again.")
	for _, result := range r.Results {
		p.sample("libdrives_requirement_unstable", float64(min(1, len(result.Unstable))), "requirement", result.Requirement.ID)
	}
}

func kinds() []string { return []string{"pass", "fail", "advisory", "waived", "skip", "blocked"} }

func (p *printer) requests(requests reports.Requests) {
	p.family("libdrives_requests", "gauge", "Requests of the run: all that were sent, and those of them that repeated one which met a transient refusal.")
	p.sample("libdrives_requests", float64(requests.Sent), "kind", "sent")
	p.sample("libdrives_requests", float64(requests.Retried), "kind", "retried")
	l := requests.Latency
	if l == nil {
		return
	}
	const name = "libdrives_request_duration_seconds"
	p.family(name, "summary", "How long the requests of the run took that a whole answer came to.")
	for _, q := range []struct {
		quantile string
		took     time.Duration
	}{{"0.5", l.Median}, {"0.9", l.P90}, {"0.99", l.P99}, {"1", l.Most}} {
		p.sample(name, q.took.Seconds(), "quantile", q.quantile)
	}
	p.sample(name+"_sum", l.Sum.Seconds())
	p.sample(name+"_count", float64(l.Answers))
}

func (p *printer) settlings(settlings []reports.Settling) {
	if len(settlings) == 0 {
		return
	}
	p.family("libdrives_settling_seconds", "gauge", "The longest that something took to show after its write.")
	for _, s := range settlings {
		p.sample("libdrives_settling_seconds", s.Longest.Seconds(), "what", s.What)
	}
	p.family("libdrives_settling_never", "gauge", "How often something did not show within the settling time.")
	for _, s := range settlings {
		p.sample("libdrives_settling_never", float64(s.Never), "what", s.What)
	}
}

// printer writes series. Its writer keeps the first error.
type printer struct {
	to     *bufio.Writer
	common []string
}

func (p *printer) gauge(name, help string, value float64) {
	p.family(name, "gauge", help)
	p.sample(name, value)
}

func (p *printer) family(name, kind, help string) {
	p.write("# HELP ", name, " ", help, "\n# TYPE ", name, " ", kind, "\n")
}

// sample writes a line; the labels are names and values in turn, and follow those that every series has.
func (p *printer) sample(name string, value float64, labels ...string) {
	p.write(name)
	separator := "{"
	for _, list := range [][]string{p.common, labels} {
		for i := 0; i+1 < len(list); i += 2 {
			p.write(separator, list[i], `="`, escaped(list[i+1]), `"`)
			separator = ","
		}
	}
	p.write("} ", strconv.FormatFloat(value, 'g', -1, 64), "\n")
}

func (p *printer) write(pieces ...string) {
	for _, piece := range pieces {
		_, _ = p.to.WriteString(piece) // Flush returns the error
	}
}

// escaped is the value of a label: visible text, for an endpoint may have said it, of a length that a database takes.
func escaped(value string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(show.Brief(value, show.MostName))
}
