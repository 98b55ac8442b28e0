package waivers

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// mostMatches bounds the waivers that are drafted for one requirement: one that fails in more ways is waived as a whole.
const mostMatches = 6

// Draft writes the beginnings of a waivers file as YAML: one for each way in which a requirement of the selection
// fails the run of a report, and for each that such a failure blocks. Reason and until are left empty, which Parse refuses, so that somebody has to decide
// on them. A failure that is waived already keeps its waivers, so that the file can take the place of the one before.
func Draft(w io.Writer, r *reports.Report, selected []requirement.Requirement) error {
	p := &plaintext.Printer{Width: 120}
	comment(p, fmt.Sprintf("Failures of %s on %s, as %s judged it.", show.Brief(r.TargetName(), 200), r.Started.UTC().Format(time.DateOnly), show.Brief(r.Tool.String(), 120)))
	comment(p, "Give each a reason, why it is put up with, and until, the last day on which it is, such as 2027-01-31; without them the file is refused. "+
		"What is not put up with, take out. match: words that every finding has in it, as reports tell it in one line; without it, the requirement may fail in any way.")
	listed := 0
	for _, result := range r.Results {
		chosen := slices.ContainsFunc(selected, func(s requirement.Requirement) bool { return s.ID == result.Requirement.ID })
		if !waivable(r, result) || !chosen {
			continue
		}
		listed++
		p.Line("")
		comment(p, fmt.Sprintf("%s (%s): %s", result.Requirement.ID, result.Requirement.Level, result.Requirement.States))
		for _, waiver := range drafts(result, r) {
			comment(p, waiver.because)
			p.Line("- requirement: " + result.Requirement.ID)
			p.Line("  reason: " + yamlText(waiver.Reason))
			p.Line("  until: " + yamlText(waiver.Until))
			if waiver.Match != "" {
				p.Line("  match: " + yamlText(waiver.Match))
			}
		}
	}
	if listed == 0 {
		p.Line("")
		comment(p, "Nothing that was asked for fails the run: there is nothing to waive.")
		p.Line("[]")
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// comment writes wrapped lines that YAML passes over.
func comment(p *plaintext.Printer, text string) {
	p.Wrapped("# ", show.OneLine(text))
}

// yamlText is a text of one line as YAML, whatever stands in it.
func yamlText(text string) string {
	return "'" + strings.ReplaceAll(show.OneLine(text), "'", "''") + "'"
}

// waivable reports whether a waiver can keep a result from turning the run red: one that fails it, or waits for one that
// fails.
func waivable(r *reports.Report, result reports.Result) bool {
	results := r.ByID()
	for range results { // no longer than a chain of all of them
		if result.Verdict != reports.Blocked {
			break
		}
		by := results[strings.ToUpper(result.BlockedBy)]
		if by == nil {
			return false
		}
		if result = *by; result.Verdict == reports.Fail {
			return true
		}
	}
	return result.Verdict == reports.Fail && result.Gated
}

// failureText says how a result fails, or what it is blocked by.
func failureText(r reports.Result) string {
	if r.Verdict == reports.Blocked {
		return "Blocked, and put up with only together with what blocks it: " + show.Brief(r.Because(), 300)
	}
	return "Fails: " + r.Summary()
}

// draft is a waiver to be filled in, and the failure that it is for.
type draft struct {
	reports.Waiver
	because string
}

// drafts are one for each rule that does not hold, as long as these are few.
func drafts(result reports.Result, r *reports.Report) []draft {
	var made []draft
	if result.Waived != nil {
		for _, w := range r.Waivers {
			if w.Requirement == result.Requirement.ID && w.State == reports.WaiverHolds {
				made = append(made, draft{w.Waiver, failureText(result)})
			}
		}
		return made
	}
	var rules []string
	byRule := map[string][]reports.Finding{}
	for _, f := range result.Findings {
		if len(byRule[f.Rule]) == 0 {
			rules = append(rules, f.Rule)
		}
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	asAWhole := []draft{{because: failureText(result)}}
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
		alike := reports.Result{Requirement: result.Requirement, Verdict: reports.Fail, Findings: byRule[rule]}
		made = append(made, draft{reports.Waiver{Match: match}, failureText(alike)})
	}
	return made
}

// changing is what differs from one run to the next though the failure is the same, or was left out of the line.
var changing = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|https?://|[0-9]{4}-[0-9]{2}-[0-9]{2}|…`)

// common is what the findings say alike, up to where they begin to differ or something stands that will be another in
// the next run. It ends with a whole word.
func common(findings []reports.Finding) string {
	text := findings[0].WithoutSubject()
	whole := true
	cut := func(at int) {
		if at < len(text) {
			text, whole = text[:at], false
		}
	}
	for _, f := range findings[1:] {
		other := f.WithoutSubject()
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
