package reports

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/requirement"
)

// JUnit writes the report as JUnit XML: a suite per area and a case per requirement, in catalogue order.
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
func JUnit(w io.Writer, r *Report) error {
	x := &xmlWriter{Writer: bufio.NewWriterSize(w, 64<<10)}
	x.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.begin("testsuites")
	remarks := r.remarks()
	first := 0
	if len(r.Harm) > 0 {
		x.suiteOfTheRun(r, 0) // harm comes before any verdict
		first = 1
	}
	for i, s := range r.sections() {
		if i > 0 {
			remarks = nil // those of the whole run are told once, in the first suite
		}
		x.suite(r, first+i, s, remarks)
	}
	if code := r.ExitCode(); first == 0 && (code != ExitConforms && code != ExitDoesNot || r.waiversFail() || r.Baseline.Fails()) {
		x.suiteOfTheRun(r, len(r.sections()))
	}
	x.end()
	return x.Flush()
}

// suiteOfTheRun is one more suite with one case that errs. A run that is not green for a reason that no requirement
// tells of (it is incomplete, judged nothing, left something behind, has a waiver that is not right, or is worse than its
// baseline) would else look green to those who count failures and errors only.
func (x *xmlWriter) suiteOfTheRun(r *Report, id int) {
	x.begin("testsuite",
		attribute{"name", "libdrives.run"}, attribute{"package", "libdrives"}, attribute{"id", strconv.Itoa(id)},
		attribute{"tests", "1"}, attribute{"failures", "0"}, attribute{"errors", "1"}, attribute{"skipped", "0"},
		attribute{"time", seconds(milliseconds(r.Duration))},
		attribute{"timestamp", r.Started.UTC().Format("2006-01-02T15:04:05")}, attribute{"hostname", "localhost"},
	)
	x.properties(r, section{Area: requirement.Area{Title: "The run as a whole"}})
	x.begin("testcase",
		attribute{"name", "the run came to its end, harmed nothing and left nothing behind, its waivers are right, and nothing is worse than in the baseline"}, attribute{"classname", "libdrives.run"},
		attribute{"time", seconds(milliseconds(r.Duration))},
	)
	message := oneLine(r.Conclusion())
	if len(r.Harm) > 0 {
		message = r.Harm[0].String()
	}
	x.element("error", strings.Join(r.remarks(), "\n"), attribute{"message", message}, attribute{"type", "run"})
	x.end()
	x.element("system-out", "")
	x.element("system-err", "")
	x.end()
}

// section is an area with those of its requirements that were selected.
type section struct {
	requirement.Area
	results []Result
}

// sections are the areas that have results, in catalogue order. A result of an area that the report doesn't name is
// kept under the area's own name: nothing that was selected may be missing.
func (r *Report) sections() []section {
	var all []section
	index := map[string]int{}
	for _, area := range r.Areas {
		index[area.Name] = len(all)
		all = append(all, section{Area: area})
	}
	for _, result := range r.Results {
		i, found := index[result.Requirement.Area]
		if !found {
			i = len(all)
			index[result.Requirement.Area] = i
			all = append(all, section{Area: requirement.Area{Name: result.Requirement.Area, Title: result.Requirement.Area}})
		}
		all[i].results = append(all[i].results, result)
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.results) == 0 })
}

// remarks are what is to be said of the run as a whole: the harm that it did, what a dry run would make, why it did not end, what it left behind, what became of waivers
// that no result tells of, what is worse than in the baseline, warnings, and differences that did not persist, unless a
// result tells of them.
func (r *Report) remarks() []string {
	lines := r.harmLines()
	if r.dry() {
		lines = append(lines, nothingMade)
		lines = append(lines, r.Plan.Lines()...)
	}
	if r.Incomplete != "" {
		lines = append(lines, "incomplete: "+oneLine(r.Incomplete))
	}
	for _, left := range r.Resources.Left {
		lines = append(lines, "left behind: "+Title(left))
	}
	for _, w := range r.unseenWaivers() {
		lines = append(lines, "waiver of "+w.line())
	}
	if r.Baseline != nil {
		lines = append(lines, "since the baseline: "+r.Baseline.Conclusion())
		for _, c := range r.Baseline.Changes {
			if c.Kind == Regressed || c.Kind == Vanished {
				lines = append(lines, fmt.Sprintf("%s: %s: %s, was %s: %s", c.Kind, oneLine(c.Requirement), oneLine(c.New), oneLine(c.Old), oneLine(c.Says)))
			}
		}
		for _, note := range r.Baseline.Notes {
			lines = append(lines, "note on the baseline: "+oneLine(note))
		}
	}
	for _, text := range r.Warnings {
		lines = append(lines, "warning: "+oneLine(text))
	}
	for _, text := range r.Unstable {
		if !slices.ContainsFunc(r.Results, func(result Result) bool { return slices.Contains(result.Unstable, text) }) {
			lines = append(lines, "unstable: "+oneLine(text))
		}
	}
	return lines
}

func (x *xmlWriter) suite(r *Report, id int, s section, remarks []string) {
	c := count(s.results)
	var total int64
	var unstable []string
	for _, result := range s.results {
		total += milliseconds(result.Duration)
		for _, text := range result.Unstable {
			unstable = append(unstable, result.Requirement.ID+": unstable: "+oneLine(text))
		}
	}
	failed := c.Failed()
	x.begin("testsuite",
		attribute{"name", "libdrives." + s.Name},
		attribute{"package", "libdrives"},
		attribute{"id", strconv.Itoa(id)},
		attribute{"tests", strconv.Itoa(len(s.results))},
		attribute{"failures", strconv.Itoa(failed)},
		attribute{"errors", "0"},
		attribute{"skipped", strconv.Itoa(len(s.results) - c.Pass - failed)},
		attribute{"time", seconds(total)},
		attribute{"timestamp", r.Started.UTC().Format("2006-01-02T15:04:05")},
		attribute{"hostname", "localhost"}, // the machine's own name would make equal runs differ
	)
	x.properties(r, s)
	for _, result := range s.results {
		x.testcase(result)
	}
	x.element("system-out", strings.Join(unstable, "\n"))
	x.element("system-err", strings.Join(remarks, "\n"))
	x.end()
}

// properties say what was judged and how, so that a suite can be read by itself.
func (x *xmlWriter) properties(r *Report, s section) {
	x.begin("properties")
	for _, p := range []attribute{
		{"section", s.Title},
		{"tool", r.Tool.Name + " " + r.Tool.Version},
		{"target", r.Target},
		{"embedded", strconv.FormatBool(r.Embedded)},
		{"server", r.Server},
		{"profile", string(r.Configuration.Profile)},
		{"level", string(r.Configuration.Level)},
		{"select", r.Configuration.Select},
		{"label-filter", r.Configuration.LabelFilter},
		{"auth", r.Configuration.Auth},
		{"sample", sample(r.Configuration.Sample)},
		{"seed", strconv.FormatUint(r.Configuration.Seed, 10)},
		{"conclusion", r.Conclusion()},
		{"requests", strconv.Itoa(r.Requests.Sent)},
		{"retried", strconv.Itoa(r.Requests.Retried)},
	} {
		x.element("property", "", attribute{"name", p.name}, attribute{"value", oneLine(p.value)})
	}
	x.end()
}

func (x *xmlWriter) testcase(r Result) {
	attributes := []attribute{
		{"name", r.Requirement.ID + ": " + oneLine(r.Requirement.States)},
		{"classname", "libdrives." + r.Requirement.Area},
		{"time", seconds(milliseconds(r.Duration))},
	}
	if r.Verdict == Pass {
		x.element("testcase", "", attributes...)
		return
	}
	x.begin("testcase", attributes...)
	switch {
	case r.failsTheRun():
		x.element("failure", Evidence(r), attribute{"message", r.summary()}, attribute{"type", string(r.Requirement.Level)})
	case r.Verdict == Fail && r.Waived != nil:
		x.element("skipped", Evidence(r), attribute{"message", "waived " + r.waived() + "; " + r.summary()})
	case r.Verdict == Fail:
		x.element("skipped", Evidence(r), attribute{"message", "advisory: " + r.summary()})
	case r.Verdict == Skip:
		x.element("skipped", "", attribute{"message", oneLine(because(r))})
	case r.Waived != nil:
		x.element("skipped", "", attribute{"message", "waived " + r.waived() + "; blocked: " + oneLine(because(r))})
	default:
		x.element("skipped", "", attribute{"message", "blocked: " + oneLine(because(r))})
	}
	x.end()
}

// milliseconds rounds a duration; sums of these add up in the report as they do for its reader.
func milliseconds(d time.Duration) int64 { return max(0, d.Round(time.Millisecond).Milliseconds()) }

func seconds(milliseconds int64) string {
	return fmt.Sprintf("%d.%03d", milliseconds/1000, milliseconds%1000)
}

// sample is how many drives are looked at one by one, as its flag says it.
func sample(n int) string {
	if n <= 0 {
		return "all"
	}
	return strconv.Itoa(n)
}
