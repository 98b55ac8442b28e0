// Package junit writes the report of a run as JUnit XML, which is what CI servers read.
//
// It must not know the other formats.
package junit

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// Write writes the report as JUnit XML: a suite per area and a case per requirement, in catalogue order.
//
// The form is the one that both schemas accept which people validate against, Ant's (windyroad) and the Jenkins xunit
// plugin's (junit-10):
//   - Ant allows no attribute on testsuites, so the totals of the run are not there but in each suite.
//   - Ant demands of a testsuite: package, id counting from 0, a timestamp without zone or fraction, hostname, time, and
//     properties, testcases, system-out, system-err in this order. Jenkins allows all of these.
//   - Ant allows one child in a testcase: skipped, error or failure. So the evidence of an advisory can't go into a
//     system-out of the case, as Jenkins would have it; it is the text of skipped, where both allow text.
//   - Ant demands a type on failure; it is the requirement's level. Jenkins allows no child in it, so the evidence is text.
//   - Jenkins' time is digits with one point: no sign, no exponent. Ant's is a decimal, so no thousands separators either.
//   - Ant's names are tokens: no line ends and no runs of spaces.
func Write(w io.Writer, r *reports.Report) error {
	x := &xmlWriter{Writer: bufio.NewWriterSize(w, 64<<10)}
	x.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.begin("testsuites")
	noted := remarks(r)
	first := 0
	if len(r.Harm) > 0 {
		x.suiteOfTheRun(r, 0) // harm comes before any verdict
		first = 1
	}
	for i, s := range r.Sections() {
		if i > 0 {
			noted = nil // those of the whole run are reported once, in the first suite
		}
		x.suite(r, first+i, s, noted)
	}
	if code := r.ExitCode(); first == 0 && (code != reports.ExitConforms && code != reports.ExitDoesNot || r.WaiversFail() || r.Baseline.Fails()) {
		x.suiteOfTheRun(r, len(r.Sections()))
	}
	x.end()
	return x.Flush()
}

// suiteOfTheRun is one more suite with one case that errs. A run that is not green for a reason that no requirement
// tells of (it did harm, is incomplete, judged nothing, left something behind, has a waiver that is not right, or is worse than its
// baseline) would else look green to those who count failures and errors only.
func (x *xmlWriter) suiteOfTheRun(r *reports.Report, id int) {
	x.beginSuite(r.Started, "libdrives.run", id, tally{tests: 1, errors: 1}, milliseconds(r.Duration))
	x.properties(r, reports.Section{Area: requirement.Area{Title: "The run as a whole"}})
	x.begin("testcase",
		attribute{"name", "the run came to its end, harmed nothing and left nothing behind, its waivers are right, and nothing is worse than in the baseline"}, attribute{"classname", "libdrives.run"},
		attribute{"time", seconds(milliseconds(r.Duration))},
	)
	message := show.OneLine(r.Conclusion())
	if len(r.Harm) > 0 {
		message = r.Harm[0].String()
	}
	x.element("error", strings.Join(remarks(r), "\n"), attribute{"message", message}, attribute{"type", "run"})
	x.end()
	x.element("system-out", "")
	x.element("system-err", "")
	x.end()
}

// remarks are what is to be said of the run as a whole: the harm that it did, what a dry run would make, why it did not end, what it left behind, what became of waivers
// that no result tells of, what is worse than in the baseline, warnings, and differences that did not persist, unless a
// result tells of them.
func remarks(r *reports.Report) []string {
	lines := r.HarmLines()
	if r.Dry() {
		lines = append(lines, reports.NothingMade)
		lines = append(lines, r.Plan.Lines()...)
	}
	if r.Incomplete != "" {
		lines = append(lines, "incomplete: "+show.OneLine(r.Incomplete))
	}
	for _, left := range r.Resources.Left {
		lines = append(lines, "left behind: "+reports.Title(left))
	}
	for _, w := range r.UnseenWaivers() {
		lines = append(lines, "waiver of "+w.OneLine())
	}
	if r.Baseline != nil {
		lines = append(lines, "since the baseline: "+r.Baseline.Conclusion())
		for _, c := range r.Baseline.Changes {
			if c.Kind.Worse() {
				lines = append(lines, fmt.Sprintf("%s: %s: %s, was %s: %s", c.Kind, show.OneLine(c.Requirement), show.OneLine(c.New), show.OneLine(c.Old), show.OneLine(c.Says)))
			}
		}
		for _, note := range r.Baseline.Notes {
			lines = append(lines, "note on the baseline: "+show.OneLine(note))
		}
	}
	for _, text := range r.Warnings {
		lines = append(lines, "warning: "+show.OneLine(text))
	}
	for _, remark := range r.UnstableRemarks() {
		if remark.Requirement == "" {
			lines = append(lines, "unstable: "+show.OneLine(remark.Text))
		}
	}
	return lines
}

func (x *xmlWriter) suite(r *reports.Report, id int, s reports.Section, remarks []string) {
	c := reports.Count(s.Results)
	var total int64
	var unstable []string
	for _, result := range s.Results {
		total += milliseconds(result.Duration)
		for _, text := range result.Unstable {
			unstable = append(unstable, result.Requirement.ID+": unstable: "+show.OneLine(text))
		}
	}
	failed := c.Failed()
	x.beginSuite(r.Started, "libdrives."+s.Name, id, tally{len(s.Results), failed, 0, len(s.Results) - c.Pass - failed}, total)
	x.properties(r, s)
	for _, result := range s.Results {
		x.testcase(result)
	}
	x.element("system-out", strings.Join(unstable, "\n"))
	x.element("system-err", strings.Join(remarks, "\n"))
	x.end()
}

// tally is how many cases of a suite there are, and what they came to.
type tally struct{ tests, failures, errors, skipped int }

func (x *xmlWriter) beginSuite(started time.Time, name string, id int, n tally, took int64) {
	x.begin("testsuite",
		attribute{"name", name},
		attribute{"package", "libdrives"},
		attribute{"id", strconv.Itoa(id)},
		attribute{"tests", strconv.Itoa(n.tests)},
		attribute{"failures", strconv.Itoa(n.failures)},
		attribute{"errors", strconv.Itoa(n.errors)},
		attribute{"skipped", strconv.Itoa(n.skipped)},
		attribute{"time", seconds(took)},
		attribute{"timestamp", started.UTC().Format("2006-01-02T15:04:05")},
		attribute{"hostname", "localhost"}, // the machine's own name would make equal runs differ
	)
}

// properties say what was judged and how, so that a suite can be read by itself.
func (x *xmlWriter) properties(r *reports.Report, s reports.Section) {
	x.begin("properties")
	for _, p := range []attribute{
		{"section", s.Title},
		{"tool", r.Tool.Name + " " + r.Tool.Version},
		{"commit", r.Tool.Commit},
		{"commit-date", r.Tool.Date},
		{"target", r.Target},
		{"embedded", strconv.FormatBool(r.Embedded)},
		{"server", r.Server},
		{"profile", string(r.Configuration.Profile)},
		{"level", string(r.Configuration.Level)},
		{"select", r.Configuration.Select},
		{"label-filter", r.Configuration.LabelFilter},
		{"auth", r.Configuration.Auth},
		{"sample", r.Configuration.Drives()},
		{"seed", strconv.FormatUint(r.Configuration.Seed, 10)},
		{"conclusion", r.Conclusion()},
		{"requests", strconv.Itoa(r.Requests.Sent)},
		{"retried", strconv.Itoa(r.Requests.Retried)},
	} {
		x.property(p.name, p.value)
	}
	x.end()
}

func (x *xmlWriter) property(name, value string) {
	x.element("property", "", attribute{"name", name}, attribute{"value", show.OneLine(value)})
}

func (x *xmlWriter) testcase(r reports.Result) {
	attributes := []attribute{
		{"name", r.Requirement.ID + ": " + show.OneLine(r.Requirement.States)},
		{"classname", "libdrives." + r.Requirement.Area},
		{"time", seconds(milliseconds(r.Duration))},
	}
	if r.Verdict == reports.Pass {
		x.element("testcase", "", attributes...)
		return
	}
	x.begin("testcase", attributes...)
	switch {
	case r.FailsTheRun():
		x.element("failure", plaintext.Evidence(r), attribute{"message", r.Summary()}, attribute{"type", string(r.Requirement.Level)})
	case r.IsWaived():
		x.element("skipped", plaintext.Evidence(r), attribute{"message", "waived " + r.WaivedUntil() + "; " + r.Summary()})
	case r.IsAdvisory():
		x.element("skipped", plaintext.Evidence(r), attribute{"message", "advisory: " + r.Summary()})
	case r.Verdict == reports.Skip:
		x.element("skipped", "", attribute{"message", show.OneLine(r.Because())})
	case r.Waived != nil:
		x.element("skipped", "", attribute{"message", "waived " + r.WaivedUntil() + "; blocked: " + show.OneLine(r.Because())})
	case r.Stack != "":
		x.element("skipped", plaintext.Evidence(r), attribute{"message", "blocked: " + show.OneLine(r.Because())})
	default:
		x.element("skipped", "", attribute{"message", "blocked: " + show.OneLine(r.Because())})
	}
	x.end()
}

// milliseconds rounds a duration; sums of these add up in the report as they do for its reader.
func milliseconds(d time.Duration) int64 { return max(0, d.Round(time.Millisecond).Milliseconds()) }

func seconds(milliseconds int64) string {
	return fmt.Sprintf("%d.%03d", milliseconds/1000, milliseconds%1000)
}
