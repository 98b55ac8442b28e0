package judge

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// What one answer tells of a library drive has to agree with what the others tell. A library may change between two answers:
// so those that differ are taken again, side by side, before anyone is accused. What can't be taken again, such as an answer in
// the middle of a scenario, counts where the whole list says the same before and after it.

// Taken are the drives that the run's reads tell in JSON, whoever asked for them, of the round that is looked at: those that were
// made before the run began to write. Unlike Appearances they are there while the plan is made, once all reads have come: so what
// differs is taken again.
func (lib *Library) Taken() Appearances {
	lib.Compares = true
	if lib.Planning && !lib.Settled {
		return Appearances{}
	}
	return lib.ofThisRound(lib.allAppearances())
}

// TakenInXML are those that the reads tell in XML.
func (lib *Library) TakenInXML() Appearances {
	lib.Compares = true
	if lib.Planning && !lib.Settled {
		return Appearances{}
	}
	return lib.ofThisRound(lib.allAppearancesInXML())
}

func (lib *Library) ofThisRound(told Appearances) Appearances {
	lib.All = true
	first := lib.beganToWrite()
	return told.inAnswers(func(a *Appearance) bool { return lib.isOfThisRound(a.From, first) })
}

// isOfThisRound reports whether an exchange is a read of the round that is looked at, which was made before the run began to write.
func (lib *Library) isOfThisRound(x, firstWrite *evidence.Exchange) bool {
	// What other encodings unpack to is for FORMAT-08 to say.
	return x.Step.Scenario == "" && x.Request.Header.Get("Accept-Encoding") == "gzip" && x.Round == lib.round && x.Request.Method == http.MethodGet && (firstWrite == nil || x.Started.Before(firstWrite.Started))
}

// Bracketed are the drives that steps of scenarios read, in JSON: those that can't be taken again, as they were then. That what is
// got by one uuid does not show another is for others to say.
func (lib *Library) Bracketed() Appearances {
	return lib.Appearances().ByGet().inAnswers(func(a *Appearance) bool { return a.From.Step.Scenario != "" }).where(func(a *Appearance) bool {
		return a.Listed || strings.Contains(strings.ToLower(a.Path), strings.ToLower(a.UUID))
	})
}

// Plainly are those of answers that were not asked for some fields only.
func (told Appearances) Plainly() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return !a.Query.Has("fields") })
}

// Choosing are those of answers that were.
func (told Appearances) Choosing() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.Query.Has("fields") })
}

// OnPages are those on a page of a list, as it was asked for.
func (told Appearances) OnPages() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.onPage() })
}

// NotOnPages are the others.
func (told Appearances) NotOnPages() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return !a.onPage() })
}

func (a *Appearance) onPage() bool {
	number := func(name string) string { return strings.Trim(a.Query.Get(name), "0") }
	return a.Listed && (number("limit") != "" || number("offset") != "")
}

// filtered reports whether the list was asked for by a filter: any parameter but the usual ones is one.
func (a *Appearance) filtered() bool {
	for name := range a.Query {
		if !slices.Contains([]string{"limit", "offset", "fields", "format"}, name) {
			return true
		}
	}
	return false
}

// Unfiltered are those in lists that were asked for without any filter.
func (told Appearances) Unfiltered() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return !a.filtered() })
}

// Filtered are the others.
func (told Appearances) Filtered() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.filtered() })
}

// Twice are those that are not the first of their drive in their answer.
func (told Appearances) Twice() Appearances {
	return told.wherePassing(func() func(*Appearance) bool {
		seen := map[string]bool{} // of the answer that is looked at
		var in *evidence.Exchange
		return func(a *Appearance) bool {
			if a.From != in {
				clear(seen)
				in = a.From
			}
			again := seen[a.UUID]
			seen[a.UUID] = true
			return again
		}
	})
}

// likeEntries matches what an answer tells of a drive that is the same as in the drive's entry of a list.
type likeEntries struct {
	entries *Index
	of      List
	there   string
	texts   bool // both are XML, so that what is not there is like what is empty
	moving  bool // that fields are there that may change by themselves is looked at too
	fields  []string
}

// AgreeWith matches what an answer tells of a drive whose documented fields, as far as the answer is to have them, are the same as
// in the drive's entry of the list. Fields that may change by themselves are left out, and so is the owner: of that others tell
// wherever it stands.
func (lib *Library) AgreeWith(list List, fields ...string) types.GomegaMatcher {
	all := len(fields) == 0
	if all {
		fields = lib.atRest()
	}
	return likeEntries{entries: list.Index(), of: list, there: list.Name, fields: fields, moving: all}
}

// atRest are the documented fields that two reads tell alike as long as nobody writes. What a drive is mounted on is among them: a
// library drive tells the account's servers alone, which change when somebody writes to them, and what differs is taken again. What
// other accounts clone may change its status and its jobs at any time.
func (lib *Library) atRest() []string {
	return slices.DeleteFunc(slices.Clone(lib.Fields), func(field string) bool {
		return field == "owner" || field != "mounted_on" && slices.Contains(Volatile, field)
	})
}

// AgreeInXMLWith is AgreeWith for what two answers in XML tell, text by text.
func (lib *Library) AgreeInXMLWith(whole Answer, fields ...string) types.GomegaMatcher {
	list := List{Name: whole.name()}
	if !whole.Pending() {
		list.Parts = []Answer{whole}
		list.Drives, _ = whole.XML() // that it is well-formed is for FORMAT-02 to say
	}
	m := lib.AgreeWith(list, fields...).(likeEntries)
	m.texts, m.moving = true, false
	return m
}

func (m likeEntries) differences(actual any) (found []reports.Difference) {
	a, is := actual.(Appearance)
	if !is {
		return nil
	}
	entry, listed := m.entries.entryOf(a.Drive)
	if !listed || entry.sameText(a.Drive) {
		return nil // which drives are told is for others to say
	}
	chosen, some := a.Query["fields"]
	for _, field := range m.fields {
		here := a.Field(field)
		asked := !some || slices.ContainsFunc(chosen, func(list string) bool { return slices.Contains(strings.Split(list, ","), field) })
		if !here.Exists() && !asked {
			continue
		}
		there := entry.Field(field)
		switch {
		case here.Raw == there.Raw:
			continue
		case !there.Exists() && !m.texts:
			continue // that the whole list leaves nothing out is for LIST-04 to say
		case m.texts && textOf(here) == textOf(there):
			continue
		}
		found = compare(found, field, there, here, nil)
	}
	if m.moving && !some {
		found = presenceDiffers(found, entry.JSON(), a.JSON())
	}
	return found
}

// textOf is all that stands in an element of XML, without the white space that lays it out.
func textOf(v gjson.Result) string {
	if !v.IsObject() && !v.IsArray() {
		return laidIn(v.Str)
	}
	var texts []string
	v.ForEach(func(key, inside gjson.Result) bool {
		if text := textOf(inside); text != "" {
			texts = append(texts, key.Str+" "+text)
		}
		return true
	})
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}

// ofAnswers says that it matters what an answer was asked for.
func (m likeEntries) ofAnswers() {}

func (m likeEntries) Match(actual any) (bool, error) { return len(m.differences(actual)) == 0, nil }

func (m likeEntries) explain(actual any) reports.Finding {
	return reports.Finding{
		Expected: "the same as in " + m.there, Compared: &reports.Sides{There: m.there, Here: "this answer"}, Differences: m.differences(actual),
	}
}

func (m likeEntries) against() *evidence.Exchange { return m.of.Exchange() }

func (m likeEntries) FailureMessage(actual any) string { return message(m, actual) }

func (m likeEntries) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// AgreeWithBoth matches what an answer tells of a drive that is the same as in the last whole list before it, or in the first after
// it, field by field: what both of them say alike it has to say, too.
func (lib *Library) AgreeWithBoth(fields ...string) types.GomegaMatcher {
	all := len(fields) == 0
	if all {
		fields = slices.DeleteFunc(lib.Unmoved(), func(field string) bool { return field == "owner" })
	}
	m := betweenLists{fields: fields, moving: all}
	if lib.Planning {
		return m
	}
	m.made = lib.serversMade()
	for _, list := range lib.fullLists(nil) {
		m.lists = append(m.lists, bracket{from: list.Exchange, entries: sync.OnceValue(func() *Index { return list.AsList().Index() })})
	}
	return m
}

// bracket is a whole list, as it was once.
type bracket struct {
	from    *evidence.Exchange
	entries func() *Index // found when it is needed
}

type betweenLists struct {
	lists  []bracket // in the order in which they were asked for
	fields []string
	moving bool            // as in likeEntries
	made   map[string]bool // the run's servers, which come and go
}

// around are the drive's entries in the lists before and after an answer.
func (m betweenLists) around(a Appearance) (before, after Drive, both bool) {
	was, is := false, false
	ended := a.From.Started.Add(a.From.Duration)
	for _, list := range m.lists {
		entry, listed := list.entries().entryOf(a.Drive)
		switch {
		case !listed:
		case list.from.Started.Add(list.from.Duration).Before(a.From.Started):
			before, was = entry, true
		case !is && list.from.Started.After(ended):
			after, is = entry, true
		}
	}
	return before, after, was && is
}

func (m betweenLists) differences(actual any) (found []reports.Difference) {
	a, is := actual.(Appearance)
	if !is {
		return nil
	}
	before, after, both := m.around(a)
	if !both || before.sameText(a.Drive) {
		return nil
	}
	for _, field := range m.fields {
		there := before.Field(field)
		if there.Exists() && len(compare(nil, field, there, after.Field(field), nil)) == 0 {
			found = compare(found, field, there, a.Field(field), nil)
		}
	}
	was, now := before.Field("mounted_on"), a.Field("mounted_on")
	if servers := besides(m.made, namedIn(was)); was.Exists() && now.Exists() && slices.Equal(servers, besides(m.made, namedIn(after.Field("mounted_on")))) &&
		!slices.Equal(servers, besides(m.made, namedIn(now))) {
		found = append(found, differing("mounted_on", Show(was), Show(now)))
	}
	if m.moving {
		for _, field := range moved {
			if before.Field(field).Exists() && after.Field(field).Exists() && !a.Field(field).Exists() {
				found = append(found, differing(field, Show(before.Field(field)), absent))
			}
		}
	}
	return found
}

// ofAnswers says that it matters when an answer came.
func (m betweenLists) ofAnswers() {}

func (m betweenLists) Match(actual any) (bool, error) { return len(m.differences(actual)) == 0, nil }

func (m betweenLists) explain(actual any) reports.Finding {
	f := reports.Finding{Expected: "the same as in the whole lists before and after", Differences: m.differences(actual)}
	if a, is := actual.(Appearance); is {
		if before, after, both := m.around(a); both {
			there := fmt.Sprintf("the whole lists before and after (exchanges %d and %d)", before.From.Number, after.From.Number)
			f.Expected, f.Compared = "the same as in "+there, &reports.Sides{There: there, Here: "this answer"}
		}
	}
	return f
}

func (m betweenLists) FailureMessage(actual any) string { return message(m, actual) }

func (m betweenLists) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// EntriesOf are the entries of a drive in a list that a step asked for, where the scenario came to it.
func (s Scenario) EntriesOf(drive Drive, step steps.Step) (entries []Drive) {
	if !s.Took(step) {
		return nil
	}
	for _, entry := range s.List(step).Drives {
		if entry.UUID == drive.UUID {
			entries = append(entries, entry)
		}
	}
	return entries
}

// ListedAtRest are the entries of library drives in the lists that scenarios asked for when they were done with them, each with what
// the drive said of itself before and after: where that is two things, something else was done with it, and it is left out.
func (lib *Library) ListedAtRest() iter.Seq2[Drive, Drive] {
	return func(yield func(entry, one Drive) bool) {
		for _, name := range []steps.Scenario{steps.LicensedClone, steps.Attaching} {
			if _, ran := lib.Outcomes[name]; !ran || lib.Planning {
				continue
			}
			scenario := lib.Scenario(name)
			before, looked := scenario.Taken(steps.AtRest)
			after, lookedAgain := scenario.Taken(steps.StillAtRest)
			if !looked || !lookedAgain || before.Problem() != "" || after.Problem() != "" {
				continue
			}
			one, defined := before.Defines()
			still, definedStill := after.Defines()
			if !defined || !definedStill || one.Field("status").Str == "" || one.Field("status").Raw != still.Field("status").Raw {
				continue
			}
			for _, step := range []steps.Step{steps.ListedAtRest, steps.ListedInDetailAtRest} {
				for _, entry := range scenario.EntriesOf(one, step) {
					if !yield(entry, one) {
						return
					}
				}
			}
		}
	}
}
