package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// TextOptions say how a report is written for a person at a terminal.
type TextOptions struct {
	Color   bool // with ANSI colours
	Verbose bool // every finding, every reason, long values whole
	Quiet   bool // only failures and the closing line
	Width   int  // of the terminal; 0 is 100
}

// text is a report on its way to a terminal.
type text struct {
	*printer
	r *Report
	o TextOptions
}

// Text writes the report for a person: a summary by section, what failed, what is waived, the advisories, what was not
// judged and why, what became of waivers, what changed since the baseline, and last the conclusion. Curl lines are never
// wrapped.
func Text(w io.Writer, r *Report, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = 100
	}
	t := &text{&printer{paint: paint{o.Color}, base: r.Target, width: max(o.Width, 60), whole: o.Verbose}, r, o}
	t.harm()
	t.plan()
	if !o.Quiet {
		t.summary()
	}
	t.failures("Failed", Result.failsTheRun)
	if !o.Quiet {
		t.failures("Waived: these fail, and are put up with", func(result Result) bool { return result.Waived != nil })
		t.failures("Advisories: these do not fail the run", func(result Result) bool { return !result.Gated })
		t.unjudged("Skipped: there is nothing to judge these by", Skip)
		t.unjudged("Blocked: something that these build on failed", Blocked)
		t.unstable()
		t.sentences("Warnings", r.Warnings)
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

func (t *text) title(title string) {
	t.line(t.in(bold, title))
	t.line("")
}

// summary is a table of sections and verdicts.
func (t *text) summary() {
	head := oneLine(t.r.Tool.Name + " " + t.r.Tool.Version + " on " + t.r.targetName())
	if t.r.Server != "" {
		head += " (" + brief(t.r.Server, 60) + ")"
	}
	t.line(t.in(bold, head))
	c := t.r.Configuration
	line := fmt.Sprintf("profile %s, gate %s, sample %s, seed %d", c.Profile, c.Level, sample(c.Sample), c.Seed)
	if c.Select != "" {
		line += ", select " + oneLine(c.Select)
	}
	if c.LabelFilter != "" {
		line += ", label filter " + oneLine(c.LabelFilter)
	}
	t.line(line)
	t.line("")
	sections := t.r.sections()
	widest := len("section")
	for _, s := range sections {
		widest = max(widest, len([]rune(oneLine(s.Title))))
	}
	widest = min(widest, t.width-6*9)
	waived := "" // most runs have no waivers, and need no column of them
	if t.r.Counts().Waived > 0 {
		waived = fmt.Sprintf("%8s", "waived")
	}
	t.line(t.in(faint, fmt.Sprintf("%-*s  %8s%8s%s%10s%9s%9s", widest, "section", "passed", "failed", waived, "advisory", "skipped", "blocked")))
	for _, s := range sections {
		t.counts(widest, brief(s.Title, widest), count(s.results))
	}
	t.counts(widest, "all", t.r.Counts())
	t.line("")
}

func (t *text) counts(widest int, title string, c Counts) {
	cell := func(n, width int, code string) string {
		if n == 0 {
			return fmt.Sprintf("%*s", width, "-")
		}
		return t.in(code, fmt.Sprintf("%*d", width, n))
	}
	pad := strings.Repeat(" ", max(0, widest-len([]rune(title)))+2)
	waived := ""
	if t.r.Counts().Waived > 0 {
		waived = cell(c.Waived, 8, yellow)
	}
	t.line(title + pad + cell(c.Pass, 8, green) + cell(c.Failed(), 8, red) + waived + cell(c.Advisory, 10, yellow) +
		cell(c.Skip, 9, "") + cell(c.Blocked, 9, yellow))
}

// failures writes the failed requirements of one kind.
func (t *text) failures(title string, wanted func(Result) bool) {
	titles := map[string]string{}
	for _, area := range t.r.Areas {
		titles[area.Name] = area.Title
	}
	first := true
	for _, result := range t.r.Results {
		if result.Verdict != Fail || !wanted(result) {
			continue
		}
		if first && !t.o.Quiet {
			t.title(title)
		}
		first = false
		title, found := titles[result.Requirement.Area]
		if !found {
			title = result.Requirement.Source
		}
		t.heading(result, oneLine(title))
		t.findings(result)
		t.line("")
	}
}

// unjudged writes what was skipped or blocked: those with the same reason together, or one by one with what they state.
func (t *text) unjudged(title string, verdict Verdict) {
	ids := map[string][]string{}
	var reasons []string
	for _, result := range t.r.Results {
		if result.Verdict != verdict {
			continue
		}
		reason := because(result)
		if t.o.Verbose {
			reason = result.Requirement.ID + "  " + oneLine(result.Requirement.States) + "\n" + oneLine(reason)
		}
		if len(ids[reason]) == 0 {
			reasons = append(reasons, reason)
		}
		ids[reason] = append(ids[reason], result.Requirement.ID)
	}
	if len(reasons) == 0 {
		return
	}
	t.title(title)
	for _, reason := range reasons {
		if t.o.Verbose {
			what, why, _ := strings.Cut(reason, "\n")
			t.line("  " + what)
			t.line("    " + why)
			continue
		}
		for _, row := range wrap(brief(reason, 3*t.width), t.width-2) {
			t.line("  " + row)
		}
		for _, row := range wrap(strings.Join(ids[reason], " "), t.width-4) {
			t.line("    " + row)
		}
	}
	t.line("")
}

// unstable tells of differences between reads that did not persist, with the requirement that met them where one did.
func (t *text) unstable() {
	var lines []string
	told := map[string]bool{}
	for _, result := range t.r.Results {
		for _, sentence := range result.Unstable {
			told[sentence] = true
			lines = append(lines, result.Requirement.ID+"  "+sentence)
		}
	}
	for _, sentence := range t.r.Unstable {
		if !told[sentence] {
			lines = append(lines, sentence)
		}
	}
	t.sentences("Unstable: differences between reads that did not persist", lines)
}

func (t *text) sentences(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.title(title)
	for i, line := range lines {
		if i == mostFindings && !t.o.Verbose {
			t.line("  … " + plural(len(lines)-i, "more line"))
			break
		}
		if t.o.Verbose {
			line = oneLine(line)
		} else {
			line = brief(line, 3*t.width)
		}
		for _, row := range wrap(line, t.width-2) {
			t.line("  " + row)
		}
	}
	t.line("")
}

// closing says what it came to, and what to do next.
func (t *text) closing() {
	c := t.r.Counts()
	color := yellow
	switch t.r.ExitCode() {
	case ExitConforms:
		color = green
	case ExitDoesNot:
		color = red
	}
	waived := ""
	if c.Waived > 0 {
		waived = fmt.Sprintf("%d waived, ", c.Waived)
	}
	t.line(t.in(color, brief(t.r.Conclusion(), 3*mostWidth)) + ". " +
		fmt.Sprintf("Judged %d of %s: %d passed, %d failed, %s%d advisory; %d skipped, %d blocked. %s sent, %d retried, in %s. Target: %s",
			c.Pass+c.Fail, plural(c.Total(), "requirement"), c.Pass, c.Failed(), waived, c.Advisory, c.Skip, c.Blocked,
			plural(t.r.Requests.Sent, "request"), t.r.Requests.Retried, elapsed(t.r.Duration), oneLine(t.r.targetName())))
	if t.r.Incomplete != "" && t.r.ExitCode() != ExitIncomplete {
		t.line("It is incomplete too: " + brief(t.r.Incomplete, 3*mostWidth))
	}
	if next := t.next(); next != "" {
		t.line(next)
	}
}

// next is what a reader would do now.
func (t *text) next() string {
	ids := func(wanted func(Result) bool) []string {
		var found []string
		for _, r := range t.r.Results {
			if wanted(r) {
				found = append(found, r.Requirement.ID)
			}
		}
		return found
	}
	switch t.r.ExitCode() {
	case ExitDoesNot:
		failed := ids(Result.failsTheRun)
		if len(failed) == 0 && t.r.waiversFail() {
			return "Next: put the waivers right that are named above, in their file."
		}
		if len(failed) == 0 {
			return "Next: see to what is worse than in the baseline, or take this run's JSON report as the next baseline."
		}
		again := strings.Join(failed[:min(len(failed), 8)], ",")
		return fmt.Sprintf("Next: %[1]s explain %[2]s says how it is decided; %[1]s run --select %[3]s judges again what failed.",
			t.r.Tool.Name, failed[0], again)
	case ExitIncomplete:
		if t.r.Incomplete == "" {
			return t.unblock()
		}
		return "Next: see to what ended the run, and run again."
	case ExitLeftBehind:
		return "Next: " + t.r.Tool.Name + " cleanup shows what is left, and removes it with --yes."
	case ExitNothingJudged:
		return "Next: select more, or choose a profile that goes further; " + t.r.Tool.Name + " list shows every requirement and its effect."
	}
	if t.r.Counts().Advisory > 0 {
		return "Next: the advisories; --level should or --level may makes a run fail on them."
	}
	return ""
}

// elapsed is a duration as a person says it.
func elapsed(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}
