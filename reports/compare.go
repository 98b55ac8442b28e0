package reports

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Compare says what changed from one report to a later one, requirement by requirement; see the kinds of change. Neither
// report is changed.
func Compare(old, new *Report) *Comparison {
	return CompareChosen(old, new, func(string) bool { return true })
}

// CompareChosen compares what was chosen to be judged in the new run: what was not is no loss. chosen is asked about ids in
// capitals.
func CompareChosen(old, new *Report, chosen func(id string) bool) *Comparison {
	c := &Comparison{Old: old.side(), New: new.side()}
	before, now := old.ByID(), new.ByID()
	byKind := map[ChangeKind][]Change{}
	aside := 0
	for _, was := range old.Results {
		is, there := now[strings.ToUpper(was.Requirement.ID)]
		if !there && !chosen(strings.ToUpper(was.Requirement.ID)) {
			aside++
			continue
		}
		for _, change := range changesOf(&was, is, there, old.Edition) {
			byKind[change.Kind] = append(byKind[change.Kind], change)
		}
	}
	for _, is := range new.Results {
		if was, there := before[strings.ToUpper(is.Requirement.ID)]; is.Judged() && !(there && was.Judged()) {
			byKind[New] = append(byKind[New], change(New, state(was, there), is, sayNow(is)))
		}
	}
	for _, kind := range ChangeKinds() {
		c.Changes = append(c.Changes, byKind[kind]...)
	}
	c.Notes = notes(old, new)
	if aside > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("only what was selected is compared: %s of the old report left aside", show.Plural(aside, "requirement")))
	}
	return c
}

func (r *Report) side() Side { return Side{r.Target, r.Tool.Version, r.Started} }

func (r *Report) ByID() map[string]*Result {
	results := map[string]*Result{}
	for i := range r.Results {
		results[strings.ToUpper(r.Results[i].Requirement.ID)] = &r.Results[i]
	}
	return results
}

// Judged reports whether the run came to a verdict about the requirement.
func (r Result) Judged() bool { return r.Verdict == Pass || r.Verdict == Fail }

func change(kind ChangeKind, old string, is Result, says string) Change {
	return Change{Kind: kind, Requirement: is.Requirement.ID, States: show.OneLine(is.Requirement.States), Old: old, New: state(&is, true), Says: says, Fails: is.Verdict == Fail}
}

// firstEdition is that of reports of before there were editions, and the one for which every waiver could be written.
const firstEdition = 1

// widened says that a requirement asks for more than it did in a report of an edition; nothing where it does not.
func widened(r *Result, edition int) string {
	if r.Requirement.Widened <= max(edition, firstEdition) {
		return ""
	}
	return fmt.Sprintf("; the statement is wider now, since edition %d of the catalogue", r.Requirement.Widened)
}

// changesOf are the changes of a requirement that was in the old report, of an edition.
func changesOf(was, is *Result, there bool, edition int) []Change {
	if !there {
		if !was.Judged() {
			return nil
		}
		gone := change(Vanished, state(was, true), *was, "the new report has no verdict for it: it was not selected, or this version does not have it")
		gone.New = state(nil, false)
		return []Change{gone}
	}
	var changes []Change
	add := func(kind ChangeKind, says string) {
		changes = append(changes, change(kind, state(was, true), *is, says))
	}
	switch {
	case was.Judged() && !is.Judged() && is.Waived == nil:
		add(Vanished, "it was not judged: "+show.OneLine(is.Because()))
	case is.Verdict == Fail && is.Waived == nil && (was.Verdict == Pass || was.Waived != nil && is.Gated):
		add(Regressed, sayNow(*is)+widened(is, edition))
	case was.Verdict == Fail && is.Verdict == Pass:
		add(Fixed, sayNow(*is))
	}
	if was.Requirement.Level != is.Requirement.Level {
		meaning := "a failure of it does not fail the run"
		if is.Gated {
			meaning = "a failure of it fails the run"
		}
		changes = append(changes, Change{
			Kind: LevelChanged, Requirement: is.Requirement.ID, States: show.OneLine(is.Requirement.States),
			Old: string(was.Requirement.Level), New: string(is.Requirement.Level), Says: meaning, Fails: is.Verdict == Fail,
		})
	}
	if len(was.Unstable) == 0 && len(is.Unstable) > 0 {
		add(BecameUnsure, show.Brief(is.Unstable[0], 300))
		changes[len(changes)-1].New += ", unstable"
	}
	return changes
}

// state is how a requirement stands in a report, in a few words.
func state(r *Result, there bool) string {
	switch {
	case !there:
		return "not in the report"
	case r.Verdict == Blocked && r.Waived != nil:
		return "blocked (waived)"
	case r.Verdict != Fail:
		return string(r.Verdict)
	case !r.Gated:
		return fmt.Sprintf("fail (%s, advisory)", r.Requirement.Level)
	case r.Waived != nil:
		return fmt.Sprintf("fail (%s, waived)", r.Requirement.Level)
	}
	return fmt.Sprintf("fail (%s)", r.Requirement.Level)
}

// sayNow is what the new report says of a requirement that was judged.
func sayNow(r Result) string {
	if r.Verdict == Pass {
		return "it holds"
	}
	return r.Summary()
}

// notes are what makes two reports hard to compare, and what the changes alone would hide.
func notes(old, new *Report) []string {
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	differ := func(what, before, now string) {
		if before != now {
			note("another %s: %s before, %s now", what, shown(before), shown(now))
		}
	}
	if old.Edition != 0 { // a report of before there were editions is of the first
		differ("edition of the catalogue", strconv.Itoa(old.Edition), strconv.Itoa(new.Edition))
	}
	differ("target", old.TargetName(), new.TargetName())
	differ("version of the suite", old.Tool.Version, new.Tool.Version)
	a, b := old.Configuration, new.Configuration
	differ("profile", string(a.Profile), string(b.Profile))
	differ("gate", string(a.Level), string(b.Level))
	differ("selection", cmp.Or(a.Select, "everything"), cmp.Or(b.Select, "everything"))
	differ("label filter", a.LabelFilter, b.LabelFilter)
	differ("way to log in", a.Auth, b.Auth)
	differ("sample of drives", a.Drives(), b.Drives())
	differ("seed", strconv.FormatUint(a.Seed, 10), strconv.FormatUint(b.Seed, 10))
	if old.Incomplete != "" {
		note("the old run is incomplete (%s): what it did not judge can't have regressed", show.Brief(old.Incomplete, 200))
	}
	if new.Incomplete != "" {
		note("the new run is incomplete (%s): what it did not judge is reported as vanished", show.Brief(new.Incomplete, 200))
	}
	if new.Started.Before(old.Started) {
		note("the new run began before the old one: are the two reports in the right order?")
	}
	before := old.ByID()
	for _, is := range new.Results {
		was, there := before[strings.ToUpper(is.Requirement.ID)]
		if is.Waived != nil && there && was.Verdict == Pass {
			note("%s passed before and is now %s, waived %s", show.Visible(is.Requirement.ID), map[Verdict]string{Fail: "failing", Blocked: "blocked"}[is.Verdict], is.WaivedUntil())
		}
	}
	return notes
}

func shown(value string) string {
	if strings.TrimSpace(value) == "" {
		return "none"
	}
	return show.Brief(value, 200)
}

// TargetName is the target as a person calls it.
func (r *Report) TargetName() string {
	if r.Embedded {
		return "the embedded reference endpoint"
	}
	return r.Target
}
