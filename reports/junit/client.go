package junit

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteClient writes what a client came to as JUnit XML, in the form of Write: a suite of the endpoints, a case for each, and
// one of the requests, a case for each kind that the documentation does not allow.
func WriteClient(w io.Writer, c *reports.Client) error {
	x := &xmlWriter{Writer: bufio.NewWriterSize(w, 64<<10)}
	x.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.begin("testsuites")
	runs := append([]reports.ClientRun{c.Sound}, c.Variants...)
	x.clientSuite(c, 0, "libdrives.client.endpoints", tally{
		len(runs), show.Count(runs, reports.ClientRun.Fails), 0, show.Count(runs, func(r reports.ClientRun) bool { return r.Verdict != reports.Pass && !r.Fails() }),
	}, func() {
		for _, r := range runs {
			x.clientRun(r)
		}
	})
	x.clientSuite(c, 1, "libdrives.client.requests", tally{
		len(c.Undocumented), show.Count(c.Undocumented, reports.Undocumented.Fails), 0, show.Count(c.Undocumented, func(u reports.Undocumented) bool { return !u.Fails() }),
	}, func() {
		for _, u := range c.Undocumented {
			x.undocumented(u)
		}
	})
	if code := c.ExitCode(); code == reports.ExitIncomplete || len(c.Waivers) > 0 && code == reports.ExitDoesNot {
		x.clientSuite(c, 2, "libdrives.client.run", tally{1, 0, 1, 0}, func() {
			x.begin("testcase", attribute{"name", "all was run, and the waivers are right"}, attribute{"classname", "libdrives.client.run"}, attribute{"time", seconds(0)})
			x.element("error", "", attribute{"message", show.OneLine(c.Conclusion())}, attribute{"type", "run"})
			x.end()
		})
	}
	x.end()
	return x.Flush()
}

func (x *xmlWriter) clientSuite(c *reports.Client, id int, name string, n tally, cases func()) {
	x.beginSuite(c.Started, name, id, n, milliseconds(c.Duration))
	x.begin("properties")
	x.property("tool", c.Tool.Name+" "+c.Tool.Version)
	x.property("command", strings.Join(c.Command, " "))
	x.property("conclusion", c.Conclusion())
	x.end()
	cases()
	x.element("system-out", "")
	x.element("system-err", "")
	x.end()
}

func (x *xmlWriter) clientRun(r reports.ClientRun) {
	attributes := []attribute{
		{"name", cmp.Or(r.Name, "the endpoint as documented")}, {"classname", "libdrives.client.endpoints"}, {"time", seconds(milliseconds(r.Duration))},
	}
	if r.Verdict == reports.Pass {
		x.element("testcase", "", attributes...)
		return
	}
	x.begin("testcase", attributes...)
	switch {
	case r.Fails():
		x.element("failure", clientText(r), attribute{"message", show.OneLine(r.Reason)}, attribute{"type", "client"})
	case r.Waived != nil:
		x.element("skipped", clientText(r), attribute{"message", fmt.Sprintf("waived until %s: %s", r.Waived.Until, show.OneLine(r.Waived.Reason))})
	default:
		x.element("skipped", "", attribute{"message", show.OneLine(r.Reason)})
	}
	x.end()
}

// clientText is what was unusual, what was sent last and what the command printed last.
func clientText(r reports.ClientRun) string {
	var b strings.Builder
	if r.Why != "" {
		fmt.Fprintf(&b, "The endpoint: %s\n", show.OneLine(r.Why))
	}
	for _, line := range r.Last {
		fmt.Fprintf(&b, "%s\n", show.OneLine(line))
	}
	for _, line := range show.VisibleLines(r.Output) {
		fmt.Fprintf(&b, "| %s\n", line)
	}
	return b.String()
}

func (x *xmlWriter) undocumented(u reports.Undocumented) {
	x.begin("testcase", attribute{"name", u.Rule + ": " + show.OneLine(u.Shape)}, attribute{"classname", "libdrives.client.requests"}, attribute{"time", seconds(0)})
	text := fmt.Sprintf("%s (%s)\nFound: %s. Sent %s.", u.States, u.Source, show.OneLine(u.Found), show.Plural(u.Count, "time"))
	if u.Waived != nil {
		x.element("skipped", text, attribute{"message", fmt.Sprintf("waived until %s: %s", u.Waived.Until, show.OneLine(u.Waived.Reason))})
	} else {
		x.element("failure", text, attribute{"message", show.OneLine(u.Found)}, attribute{"type", "client"})
	}
	x.end()
}
