package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// ClientOptions say how what a client came to is written for a person at a terminal.
type ClientOptions struct {
	Color bool // with ANSI colours
	Width int  // of a line; 0 is a usual one
}

// mostOutputLines is how many of the last lines of a command's output are shown for a run.
const mostOutputLines = 12

// clientText is what a client came to, on its way to a terminal.
type clientText struct {
	*plaintext.Printer
	plaintext.Paint
}

// WriteClient writes what a client came to for a person: what it does not cope with, each with what it sent and printed last,
// what it sent that the documentation does not allow, and last the conclusion.
func WriteClient(w io.Writer, c *reports.Client, o ClientOptions) error {
	if o.Width == 0 {
		o.Width = 100
	}
	t := &clientText{&plaintext.Printer{Width: o.Width}, plaintext.Paint{Color: o.Color}}
	t.Line(c.Tool.String() + ", the client " + show.OneLine(strings.Join(c.Command, " ")))
	t.Line("")
	if c.Sound.Verdict != reports.Pass {
		t.title("The endpoint as documented")
		t.run(c.Sound)
	}
	t.runs("Does not cope with", c.Variants, reports.ClientRun.Fails)
	t.runs("Does not cope with, waived", c.Variants, func(r reports.ClientRun) bool { return r.Waived != nil })
	t.named("Failed once and succeeded when it was run again", c.Variants, func(r reports.ClientRun) bool { return r.Unsteady })
	if c.Sound.Verdict != reports.Fail { // else it is none of them, as the conclusion says
		t.named("Not run", c.Variants, func(r reports.ClientRun) bool { return r.Verdict == reports.Blocked })
	}
	t.named("Faults that the client does not notice", c.Faults, func(r reports.ClientRun) bool { return r.Verdict == reports.Pass })
	t.undocumented(c)
	color := plaintext.Green
	if c.ExitCode() != reports.ExitConforms {
		color = plaintext.Red
	}
	t.Line(t.In(color, "The client "+c.Conclusion()+".") + fmt.Sprintf(" %s in %s.", show.Plural(c.Endpoints(), "endpoint"), show.Elapsed(c.Duration)))
	_, err := io.WriteString(w, t.String())
	return err
}

func (t *clientText) title(title string) {
	t.Line(t.In(plaintext.Bold, title))
	t.Line("")
}

// runs writes those of some kind in full.
func (t *clientText) runs(title string, runs []reports.ClientRun, is func(reports.ClientRun) bool) {
	if show.Count(runs, is) == 0 {
		return
	}
	t.title(title)
	for _, r := range runs {
		if is(r) {
			t.run(r)
		}
	}
}

func (t *clientText) run(r reports.ClientRun) {
	if r.Name != "" {
		t.Wrapped("  ", t.In(plaintext.Bold, r.Name)+": "+show.OneLine(r.Why))
	}
	if r.Waived != nil {
		t.Wrapped("    ", fmt.Sprintf("waived until %s: %s", r.Waived.Until, show.OneLine(r.Waived.Reason)))
	}
	t.Wrapped("    ", t.In(plaintext.Red, show.OneLine(r.Reason))+fmt.Sprintf(" (%s in %s)", show.Plural(r.Requests, "request"), show.Elapsed(r.Duration)))
	for _, line := range r.Last {
		t.Line("    " + show.Brief(show.OneLine(line), t.Width-4))
	}
	if output := strings.TrimSpace(r.Output); output != "" {
		lines := show.VisibleLines(output)
		for _, line := range lines[max(0, len(lines)-mostOutputLines):] {
			t.Line("    " + t.In(plaintext.Faint, "| "+show.Clip(line, t.Width-6)))
		}
	}
	t.Line("")
}

// named writes the names of those of some kind.
func (t *clientText) named(title string, runs []reports.ClientRun, is func(reports.ClientRun) bool) {
	var names []string
	for _, r := range runs {
		if is(r) {
			names = append(names, r.Name)
		}
	}
	if len(names) > 0 {
		t.title(title)
		t.Wrapped("  ", strings.Join(names, ", "))
		t.Line("")
	}
}

func (t *clientText) undocumented(c *reports.Client) {
	if len(c.Undocumented) == 0 {
		return
	}
	t.title("Sends what the documentation does not allow")
	for _, u := range c.Undocumented {
		t.Wrapped("  ", t.In(plaintext.Bold, show.OneLine(u.Shape))+fmt.Sprintf(", %s, answered %d", show.Plural(u.Count, "time"), u.Status))
		t.Wrapped("    ", t.In(plaintext.Red, show.OneLine(u.Found)))
		t.Wrapped("    ", fmt.Sprintf("%s (%s)", u.States, u.Rule))
		t.Line("    " + t.In(plaintext.Faint, u.Source+": "+u.Link))
		if u.Waived != nil {
			t.Wrapped("    ", fmt.Sprintf("waived until %s: %s", u.Waived.Until, show.OneLine(u.Waived.Reason)))
		}
		t.Line("")
	}
}
