// Package github writes the report of a run as annotations of GitHub Actions, and keeps what an endpoint says from being
// taken for one.
//
// It must not know the other formats.
package github

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Write writes the report as workflow commands of GitHub Actions, one a line: an error for what fails the run, a
// warning for what else its readers should know, and last a notice of what it came to. GitHub shows ten of a kind for a
// step, so the tenth tells of all that are left.
func Write(w io.Writer, r *reports.Report) error {
	var b strings.Builder
	for _, a := range shownOf(errorsOf(r)) {
		a.write(&b, "error")
	}
	for _, a := range shownOf(warningsOf(r)) {
		a.write(&b, "warning")
	}
	target := r.Target
	if r.Embedded {
		target = "the embedded reference endpoint"
	}
	annotation{title: r.Tool.Name + ": " + show.Brief(r.Conclusion(), show.MostName), text: r.Counts().Sentence() + " Target: " + show.Brief(target, show.MostSentence)}.write(&b, "notice")
	_, err := io.WriteString(w, b.String())
	return err
}

// annotation is one of them.
type annotation struct {
	name  string // of what it is about, where it is one of many
	title string
	text  string // may be several lines
}

// mostAnnotations of a kind are shown by GitHub.
const mostAnnotations = 10

// shownOf are the annotations of a kind that are written, the last one for those that are not.
func shownOf(all []annotation) []annotation {
	if len(all) <= mostAnnotations {
		return all
	}
	shown, rest := all[:mostAnnotations-1:mostAnnotations-1], all[mostAnnotations-1:]
	names := make([]string, len(rest))
	for i, a := range rest {
		names[i] = a.name
	}
	return append(shown, annotation{title: fmt.Sprintf("and %d more", len(rest)), text: show.Brief(strings.Join(names, ", "), 10*show.MostSentence)})
}

// errorsOf are what fails the run.
func errorsOf(r *reports.Report) []annotation {
	var all []annotation
	for _, line := range r.HarmLines() {
		all = append(all, annotation{"harm", "harm to the library", line})
	}
	annotated := map[string]bool{}
	for _, result := range r.Results {
		if result.FailsTheRun() {
			annotated[result.Requirement.ID] = true
			all = append(all, annotate(r, result, ""))
		}
	}
	for _, w := range r.Waivers {
		if w.Fails() {
			all = append(all, annotation{w.Requirement, fmt.Sprintf("%s waiver: %s", w.Requirement, w.State), show.Brief(w.Says, show.MostSentence)})
		}
	}
	if r.Baseline != nil {
		for _, c := range r.Baseline.Changes {
			if c.Kind.Worse() && !annotated[c.Requirement] {
				all = append(all, annotation{c.Requirement, fmt.Sprintf("%s %s: was %s, is %s", c.Requirement, c.Kind, c.Old, c.New), show.Brief(c.Says, show.MostSentence)})
			}
		}
	}
	if code := r.ExitCode(); code != reports.ExitConforms && code != reports.ExitDoesNot {
		all = append(all, annotation{"the run", show.Brief(r.Conclusion(), show.MostName), show.Brief(r.Conclusion(), show.MostSentence)})
	}
	return all
}

// warningsOf are what does not fail the run by itself. What is reported in a line each is reported together, for there is room
// for ten.
func warningsOf(r *reports.Report) []annotation {
	var all []annotation
	together := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		text := make([]string, 0, show.MostLines+1)
		for _, line := range lines[:min(len(lines), show.MostLines)] {
			text = append(text, show.Brief(line, show.MostSentence))
		}
		if more := len(lines) - show.MostLines; more > 0 {
			text = append(text, fmt.Sprintf("… and %d more", more))
		}
		all = append(all, annotation{title, title, strings.Join(text, "\n")})
	}
	if r.Incomplete != "" && r.ExitCode() == reports.ExitDoesNot {
		together("incomplete", []string{r.Incomplete})
	}
	if r.Dry() {
		together(strings.TrimSuffix(reports.NothingMade, "."), r.Plan.Lines())
	}
	together("left behind in the account", show.Each(r.Resources.Left, reports.Title))
	together("blocked: something that these build on failed", show.Each(r.ByReason(reports.Blocked), func(g reports.ReasonGroup) string {
		return strings.Join(g.IDs, ", ") + ": " + g.Reason
	}))
	together("unstable: differences between reads that did not persist", r.UnstableLines())
	together("warnings", r.Warnings)
	for _, result := range r.Results {
		switch {
		case result.IsAdvisory():
			all = append(all, annotate(r, result, " (advisory)"))
		case result.IsWaived():
			all = append(all, annotate(r, result, fmt.Sprintf(" (waived until %s: %s)", result.Waived.Until, result.Waived.Reason)))
		}
	}
	return all
}

// annotate tells of a failed requirement: what it states, how it fails, and how to repeat that.
func annotate(r *reports.Report, result reports.Result, remark string) annotation {
	rows := []string{show.Brief(result.Requirement.States, show.MostSentence), result.Summary()}
	if len(result.Findings) > 0 && result.Findings[0].Exchange != nil {
		if curl := show.Visible(result.Findings[0].Repeat(result.Findings[0].Exchange)); len(curl) <= show.MostShortCurl {
			rows = append(rows, curl)
		}
	}
	area := cmp.Or(r.AreaTitle(result.Requirement.Area), result.Requirement.Area)
	id := result.Requirement.ID
	return annotation{id, fmt.Sprintf("%s %s%s: %s", id, result.Requirement.Level, remark, area), strings.Join(rows, "\n")}
}

// write makes a command of an annotation. What is left of a line's end or a separator in its texts is escaped, so that
// none of them can end the line and begin another command.
func (a annotation) write(b *strings.Builder, command string) {
	fmt.Fprintf(b, "::%s title=%s::%s\n", command, commandProperty.Replace(show.Brief(a.title, show.MostSentence)), commandData.Replace(a.text))
}

var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// Suspend keeps GitHub Actions from obeying what stands in the lines that follow, until resume is called: a
// runner looks for commands in all that a step prints, and an endpoint may name a drive like one. The word that ends it
// is made up anew, so that no endpoint can know it.
func Suspend(w io.Writer) (resume func() error, err error) {
	word := rand.Text()
	resume = func() error {
		_, err := fmt.Fprintf(w, "::%s::\n", word)
		return err
	}
	_, err = fmt.Fprintf(w, "::stop-commands::%s\n", word)
	return resume, err
}
