// Package text writes for a person at a terminal: the report of a run, a comparison, the matrix of a selftest, lists of
// requirements, what explains one, and progress while it goes.
//
// It must not know the other formats, or what a terminal is: its width and whether it shows colours are given.
package text

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Options say how a report is written for a person at a terminal.
type Options struct {
	Color   bool // with ANSI colours
	Verbose bool // every finding, every reason, long values whole
	Quiet   bool // only failures and the closing line
	Printed bool // the failures were printed already, each in a place of its own
	Width   int  // of the terminal; 0 is 100

	Again   string // the command line that judges the same again, to which --select is added; empty is the plain one
	CleanUp string // the command line that shows what is left; likewise
}

// text is a report on its way to a terminal.
type text struct {
	*plaintext.Printer
	r *reports.Report
	o Options
}

// Write writes the report for a person: first of all the harm that was done, what a dry run would make, a summary by section, what failed, what is waived, the advisories, what was not
// judged and why, what became of waivers, what changed since the baseline, and last the conclusion. Curl lines are never
// wrapped.
func Write(w io.Writer, r *reports.Report, o Options) error {
	t := newText(r, o)
	o = t.o
	t.harm()
	t.plan()
	if !o.Quiet {
		t.summary()
	}
	if !o.Printed {
		t.failures("Failed", reports.Result.FailsTheRun)
	}
	if !o.Quiet {
		t.failures("Waived: these fail, and are put up with", reports.Result.IsWaived)
		t.failures("Advisories: these do not fail the run", reports.Result.IsAdvisory)
		t.unjudged("Skipped: there is nothing to judge these by", reports.Skip)
		t.unjudged("Blocked: something that these build on failed", reports.Blocked)
		t.unstable()
		t.parts()
		t.sentences("Warnings", r.Warnings)
		t.blind()
	}
	t.waivers()
	t.baseline()
	if !o.Quiet {
		t.made()
	}
	t.left()
	t.closing()
	_, err := io.WriteString(w, t.String())
	return err
}

func newText(r *reports.Report, o Options) *text {
	if o.Width <= 0 {
		o.Width = 100
	}
	return &text{&plaintext.Printer{Paint: plaintext.Paint{Color: o.Color}, Base: r.Target, Start: r.Start(), Width: max(o.Width, 60), Whole: o.Verbose}, r, o}
}

func (t *text) title(title string) {
	t.Line(t.In(plaintext.Bold, title))
	t.Line("")
}

// summary is a table of sections and verdicts.
func (t *text) summary() {
	head := show.OneLine(t.r.Tool.Name + " " + t.r.Tool.Version + " on " + t.r.TargetName())
	if t.r.Server != "" {
		head += " (" + show.Brief(t.r.Server, 60) + ")"
	}
	t.Line(t.In(plaintext.Bold, head))
	c := t.r.Configuration
	line := fmt.Sprintf("profile %s, gate %s, sample %s, seed %d", c.Profile, c.Level, c.Drives(), c.Seed)
	if c.Select != "" {
		line += ", select " + show.OneLine(c.Select)
	}
	if c.LabelFilter != "" {
		line += ", label filter " + show.OneLine(c.LabelFilter)
	}
	t.Line(line)
	if origin := t.r.Tool.Origin(); origin != "" {
		t.Line("built from " + show.OneLine(origin))
	}
	t.Line("")
	sections := t.r.Sections()
	widest := len("section")
	for _, s := range sections {
		widest = max(widest, len([]rune(show.OneLine(s.Title))))
	}
	widest = min(widest, t.Width-6*9)
	waived := "" // most runs have no waivers, and need no column of them
	if t.r.Counts().Waived > 0 {
		waived = fmt.Sprintf("%8s", "waived")
	}
	t.Line(t.In(plaintext.Faint, fmt.Sprintf("%-*s  %8s%8s%s%10s%9s%9s", widest, "section", "passed", "failed", waived, "advisory", "skipped", "blocked")))
	for _, s := range sections {
		t.counts(widest, show.Brief(s.Title, widest), reports.Count(s.Results))
	}
	t.counts(widest, "all", t.r.Counts())
	t.Line("")
}

func (t *text) counts(widest int, title string, c reports.Counts) {
	cell := func(n, width int, code string) string {
		if n == 0 {
			return fmt.Sprintf("%*s", width, "-")
		}
		return t.In(code, fmt.Sprintf("%*d", width, n))
	}
	pad := strings.Repeat(" ", max(0, widest-len([]rune(title)))+2)
	waived := ""
	if t.r.Counts().Waived > 0 {
		waived = cell(c.Waived, 8, plaintext.Yellow)
	}
	t.Line(title + pad + cell(c.Pass, 8, plaintext.Green) + cell(c.Failed(), 8, plaintext.Red) + waived + cell(c.Advisory, 10, plaintext.Yellow) +
		cell(c.Skip, 9, "") + cell(c.Blocked, 9, plaintext.Yellow))
}

// parts says of which lists parts were looked at.
func (t *text) parts() {
	var parts []string
	for _, result := range t.r.Results {
		if result.Covered != nil {
			parts = append(parts, result.Requirement.ID+" "+result.Covered.String())
		}
	}
	const most = 3
	if len(parts) > most && !t.o.Verbose {
		parts = append(parts[:most], fmt.Sprintf("%d more requirements, which --verbose and the JSON report name", len(parts)-most))
	}
	t.sentences("Looked at in part, for the library is large", parts)
}

// failures writes the failed requirements of one kind.
func (t *text) failures(title string, wanted func(reports.Result) bool) {
	first, shared := true, t.r.Shared()
	for _, result := range t.r.Results {
		share := shared[result.Requirement.ID]
		if !wanted(result) || share.By != "" && !t.o.Verbose {
			continue
		}
		if first && !t.o.Quiet {
			t.title(title)
		}
		first = false
		t.Heading(result, show.OneLine(cmp.Or(t.r.AreaTitle(result.Requirement.Area), result.Requirement.Source)))
		t.Findings(result)
		for i, line := range share.Lines() {
			t.Paragraph(plaintext.Once("shared", i), line)
		}
		t.Line("")
	}
}

// unjudged writes what was skipped or blocked: those with the same reason together, or one by one with what they state.
func (t *text) unjudged(title string, verdict reports.Verdict) {
	groups := t.r.ByReason(verdict)
	if len(groups) == 0 {
		return
	}
	t.title(title)
	if t.o.Verbose {
		for _, result := range t.r.Results {
			if result.Verdict == verdict {
				t.Line("  " + result.Requirement.ID + "  " + show.OneLine(result.Requirement.States))
				t.Line("    " + show.OneLine(result.Because()))
				t.stack(result)
			}
		}
		t.Line("")
		return
	}
	for _, g := range groups {
		t.Wrapped("  ", show.Brief(g.Reason, 3*t.Width))
		t.Wrapped("    ", strings.Join(g.IDs, " "))
	}
	t.Line("")
}

// stack shows where the suite itself failed.
func (t *text) stack(result reports.Result) {
	if result.Stack != "" {
		for _, line := range show.VisibleLines(result.Stack) {
			t.Line("      " + line)
		}
	}
}

// unstable tells of differences between reads that did not persist, with the requirement that met them where one did.
func (t *text) unstable() {
	t.sentences("Unstable: differences between reads that did not persist", show.Each(t.r.UnstableRemarks(), func(remark reports.Remark) string {
		if remark.Requirement == "" {
			return remark.Text
		}
		return remark.Requirement + "  " + remark.Text
	}))
}

func (t *text) sentences(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.title(title)
	for i, line := range lines {
		if i == show.MostFindings && !t.o.Verbose {
			t.Line("  … " + show.Plural(len(lines)-i, "more line"))
			break
		}
		if t.o.Verbose {
			line = show.OneLine(line)
		} else {
			line = show.Brief(line, 3*t.Width)
		}
		t.Wrapped("  ", line)
	}
	t.Line("")
}

// closing says what it came to, and what to do next.
func (t *text) closing() {
	c := t.r.Counts()
	color := plaintext.Yellow
	switch t.r.ExitCode() {
	case reports.ExitConforms:
		color = plaintext.Green
	case reports.ExitDoesNot:
		color = plaintext.Red
	}
	waived := ""
	if c.Waived > 0 {
		waived = fmt.Sprintf("%d waived, ", c.Waived)
	}
	t.Line(t.In(color, show.Brief(t.r.Conclusion(), 3*show.MostWidth)) + ". " +
		fmt.Sprintf("Judged %d of %s: %d passed, %d failed, %s%d advisory; %d skipped, %d blocked. %s sent, %d retried, in %s. Target: %s",
			c.Pass+c.Fail, show.Plural(c.Total(), "requirement"), c.Pass, c.Failed(), waived, c.Advisory, c.Skip, c.Blocked,
			show.Plural(t.r.Requests.Sent, "request"), t.r.Requests.Retried, show.Elapsed(t.r.Duration), show.OneLine(t.r.TargetName())))
	if t.r.Incomplete != "" && t.r.ExitCode() != reports.ExitIncomplete {
		t.Line("It is incomplete too: " + show.Brief(t.r.Incomplete, 3*show.MostWidth))
	}
	if next := t.next(); next != "" {
		t.Line(next)
	}
}

// next is what a reader would do now.
func (t *text) next() string {
	ids := func(wanted func(reports.Result) bool) []string {
		var found []string
		for _, r := range t.r.Results {
			if wanted(r) {
				found = append(found, r.Requirement.ID)
			}
		}
		return found
	}
	switch t.r.ExitCode() {
	case reports.ExitDoesNot:
		failed := ids(reports.Result.FailsTheRun)
		if len(failed) == 0 && t.r.WaiversFail() {
			return "Next: put the waivers right that are named above, in their file."
		}
		if len(failed) == 0 {
			return "Next: see to what is worse than in the baseline, or take this run's JSON report as the next baseline."
		}
		return fmt.Sprintf("Next: %s explain %s says how it is decided; %s --select %s judges again what failed.",
			t.r.Tool.Name, failed[0], cmp.Or(t.o.Again, t.r.Tool.Name+" run"+t.endpoint()), strings.Join(failed, ","))
	case reports.ExitIncomplete:
		if t.r.Unsettled() {
			return "Next: see why they were skipped or are unstable; without --strict, that is no reason not to conform."
		}
		if t.r.Incomplete == "" {
			return t.unblock()
		}
		return "Next: see to what ended the run, and run again."
	case reports.ExitLeftBehind:
		return "Next: " + cmp.Or(t.o.CleanUp, t.r.Tool.Name+" cleanup --target "+t.r.Target) + " shows what is left, and removes it with --yes."
	case reports.ExitNothingJudged:
		return "Next: select more, or choose a profile that goes further; " + t.r.Tool.Name + " list shows every requirement and its effect."
	}
	if t.r.Counts().Advisory > 0 {
		return "Next: the advisories; --level should or --level may makes a run fail on them."
	}
	return ""
}

// endpoint is the flags by which the endpoint is judged as it was, where nobody says how the run was started.
func (t *text) endpoint() string {
	if t.r.Embedded {
		return ""
	}
	return " --target " + show.OneLine(t.r.Target) + " --profile " + string(t.r.Configuration.Profile)
}
