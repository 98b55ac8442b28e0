package reports

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/requirement"
)

// mostMatches bounds the waivers that are drafted for one requirement: one that fails in more ways is waived as a whole.
const mostMatches = 6

// ListWaivers writes the beginnings of a waivers file as YAML: one for each way in which a requirement of the selection
// fails the run of a report, and for each that such a failure blocks. Reason and until are left empty, which ParseWaivers refuses, so that somebody has to decide
// on them. A failure that is waived already keeps its waivers, so that the file can take the place of the one before.
func ListWaivers(w io.Writer, r *Report, selected []requirement.Requirement) error {
	p := &printer{width: 120}
	p.comment(fmt.Sprintf("Failures of %s on %s, as %s %s judged it.", brief(r.targetName(), 200), r.Started.UTC().Format(time.DateOnly), brief(r.Tool.Name, 60), brief(r.Tool.Version, 60)))
	p.comment("Give each a reason, why it is put up with, and until, the last day on which it is, such as 2027-01-31; without them the file is refused. " +
		"What is not put up with, take out. match: words that every finding has in it, as reports tell it in one line; without it, the requirement may fail in any way.")
	listed := 0
	for _, result := range r.Results {
		chosen := slices.ContainsFunc(selected, func(s requirement.Requirement) bool { return s.ID == result.Requirement.ID })
		if !r.waivable(result) || !chosen {
			continue
		}
		listed++
		p.line("")
		p.comment(fmt.Sprintf("%s (%s): %s", result.Requirement.ID, result.Requirement.Level, result.Requirement.States))
		for _, waiver := range drafts(result, r) {
			p.comment(waiver.because)
			p.line("- requirement: " + result.Requirement.ID)
			p.line("  reason: " + yamlText(waiver.Reason))
			p.line("  until: " + yamlText(waiver.Until))
			if waiver.Match != "" {
				p.line("  match: " + yamlText(waiver.Match))
			}
		}
	}
	if listed == 0 {
		p.line("")
		p.comment("Nothing that was asked for fails the run: there is nothing to waive.")
		p.line("[]")
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// comment writes wrapped lines that YAML passes over.
func (p *printer) comment(text string) {
	for _, row := range wrap(oneLine(text), p.width-2) {
		p.line("# " + row)
	}
}

// yamlText is a text of one line as YAML, whatever stands in it.
func yamlText(text string) string { return "'" + strings.ReplaceAll(oneLine(text), "'", "''") + "'" }

// waivable reports whether a waiver can keep a result from turning the run red: one that fails it, or waits for one that
// fails.
func (r *Report) waivable(result Result) bool {
	results := r.byID()
	for range results { // no longer than a chain of all of them
		if result.Verdict != Blocked {
			break
		}
		by := results[strings.ToUpper(result.BlockedBy)]
		if by == nil {
			return false
		}
		if result = *by; result.Verdict == Fail {
			return true
		}
	}
	return result.Verdict == Fail && result.Gated
}

// plight says how a result fails, or what it is blocked by.
func (r Result) plight() string {
	if r.Verdict == Blocked {
		return "Blocked, and put up with only together with what blocks it: " + brief(because(r), 300)
	}
	return "Fails: " + r.summary()
}

// draft is a waiver to be filled in, and the failure that it is for.
type draft struct {
	Waiver
	because string
}

// drafts are one for each rule that does not hold, as long as these are few.
func drafts(result Result, r *Report) []draft {
	var made []draft
	if result.Waived != nil {
		for _, w := range r.Waivers {
			if w.Requirement == result.Requirement.ID && w.State == WaiverHolds {
				made = append(made, draft{w.Waiver, result.plight()})
			}
		}
		return made
	}
	var rules []string
	byRule := map[string][]Finding{}
	for _, f := range result.Findings {
		if len(byRule[f.Rule]) == 0 {
			rules = append(rules, f.Rule)
		}
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	asAWhole := []draft{{because: result.plight()}}
	if len(rules) == 0 || len(rules) > mostMatches {
		return asAWhole
	}
	for _, rule := range rules {
		match := common(byRule[rule])
		if match == "" {
			return asAWhole
		}
		if slices.ContainsFunc(made, func(d draft) bool { return d.Match == match }) {
			continue
		}
		alike := Result{Requirement: result.Requirement, Verdict: Fail, Findings: byRule[rule]}
		made = append(made, draft{Waiver{Match: match}, alike.plight()})
	}
	return made
}

// changing is what differs from one run to the next though the failure is the same, or was left out of the line.
var changing = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|https?://|[0-9]{4}-[0-9]{2}-[0-9]{2}|…`)

// common is what the findings say alike, up to where they begin to differ or something stands that will be another in
// the next run. It ends with a whole word.
func common(findings []Finding) string {
	text := findings[0].withoutSubject()
	whole := true
	cut := func(at int) {
		if at < len(text) {
			text, whole = text[:at], false
		}
	}
	for _, f := range findings[1:] {
		other := f.withoutSubject()
		same := 0
		for same < min(len(text), len(other)) && text[same] == other[same] {
			same++
		}
		cut(same)
	}
	if at := changing.FindStringIndex(text); at != nil {
		cut(at[0])
	}
	if !whole {
		text = text[:max(0, strings.LastIndexByte(text, ' '))]
		for _, dangling := range []string{"; expected", "; found"} {
			text = strings.TrimSuffix(text, dangling)
		}
	}
	return strings.TrimRight(text, " ;")
}
