package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// Shown are the exchanges that show a result, each once: those of its findings, or else those it rests on.
func (r Result) Shown() []*evidence.Exchange {
	var shown []*evidence.Exchange
	add := func(x *evidence.Exchange) {
		if x != nil && !slices.Contains(shown, x) {
			shown = append(shown, x)
		}
	}
	for _, finding := range r.Findings[:min(len(r.Findings), show.MostFindings)] {
		for _, x := range finding.Exchanges() {
			add(x)
		}
	}
	if len(r.Findings) == 0 {
		for _, x := range r.Exchanges {
			add(x)
		}
	}
	return shown
}

// LookedAt says how much was looked at.
func (r Result) LookedAt() string {
	text := fmt.Sprintf("%d looked at", r.Subjects)
	if r.Covered != nil {
		text += ", " + r.Covered.String()
	}
	return text
}

// Because is why a requirement was not judged.
func (r Result) Because() string {
	reason := r.Reason
	if reason == "" {
		reason = "no reason was given"
	}
	if r.BlockedBy != "" && r.Cause.Requirement == "" {
		reason += " (" + r.BlockedBy + " has to hold first)"
	}
	return reason
}

// summary is a finding in one line.
func (f Finding) summary() string { return strings.Join(f.parts(), "; ") }

// WithoutSubject is the part of the line that does not change with what was looked at.
func (f Finding) WithoutSubject() string {
	f.Subject = Subject{}
	return f.summary()
}

func (f Finding) parts() []string {
	parts := []string{f.Subject.String(), f.Rule}
	if expected := f.ExpectedText(); expected != "" {
		parts = append(parts, "expected "+show.Brief(expected, 160))
	}
	if found := f.FoundText(); found != "" {
		parts = append(parts, "found "+show.Brief(found, 160))
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	for i, part := range parts {
		parts[i] = show.Brief(part, 200)
	}
	return parts
}

// Summary is why a requirement failed, in one line.
func (r Result) Summary() string {
	if len(r.Findings) == 0 {
		return "does not hold: " + show.Brief(r.Requirement.States, 200)
	}
	text := r.Findings[0].summary()
	if more := len(r.Findings) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Exchanges are those of a finding, each once.
func (f Finding) Exchanges() []*evidence.Exchange {
	var list []*evidence.Exchange
	for _, x := range []*evidence.Exchange{f.Exchange, f.Against} {
		if x != nil && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// Message is what there is to say of a result in one line; nothing of one that passed.
func (r Result) Message() string {
	switch r.Verdict {
	case Fail:
		return r.Summary()
	case Skip, Blocked:
		return show.OneLine(r.Because())
	}
	return ""
}

// Exchanges are those that the results rest on, and of these the ones that are shown whole. They stand in the order in
// which the results name them, because their numbers depend on which of many requests was answered first.
func (r *Report) Exchanges() (all []*evidence.Exchange, whole map[*evidence.Exchange]bool) {
	known := map[*evidence.Exchange]bool{}
	whole = map[*evidence.Exchange]bool{}
	add := func(x *evidence.Exchange) {
		if x != nil && !known[x] {
			known[x] = true
			all = append(all, x)
		}
	}
	for _, result := range r.Results {
		for _, x := range result.Exchanges {
			add(x)
		}
		if len(result.Findings) == 0 {
			continue
		}
		for i, x := range result.Shown() {
			add(x)
			whole[x] = whole[x] || i < show.MostExchanges
		}
	}
	return all, whole
}

// Kind is the name of the kind that a result is of.
func (r Result) Kind() string {
	switch {
	case r.IsAdvisory():
		return "advisory"
	case r.IsWaived():
		return "waived"
	}
	return string(r.Verdict)
}
