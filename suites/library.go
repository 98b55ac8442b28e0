package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/collect"
	"github.com/libdrives/conformance/suites/evidence"
)

// Library is what a spec's body looks at: the endpoint's drives library as the record shows it. The same body runs
// twice: while the plan is made, when looking at an answer that is not in the record yet makes it wanted; and to judge,
// when everything it looks at is there.
type Library struct {
	*bench
	id       string // the requirement that looks
	take     int    // which take of the reads is looked at
	planning bool

	wants    []collect.Read
	untold   []string // stories that were looked at before they were told
	looked   []*evidence.Exchange
	seen     map[*evidence.Exchange]bool
	looks    map[string]bool // subjects that were judged
	rules    []string        // what was expected of them, each once
	all      bool            // every answer of the run is looked at
	findings []finding
	blocks   []block
	kinds    map[string]bool    // of drives that were looked for, and whether one was there
	missed   bool               // a step was looked at that the record does not have
	tainted  *evidence.Exchange // what keeps a requirement that was asked for from being judged; see removedFrom
}

// bench is what all the specs of a run share.
type bench struct {
	basePath string
	record   *evidence.Record
	schemas  *schema.Set
	parsed   *parsed
	fields   []string // the documented fields of a definition
	specs    map[string]func(*Library)
	memo     map[string]any // material, worked out once; see memoize
	sample   int            // negative: all
	seed     uint64
	stories  map[string]telling // how the experiments went; see Story
	offline  bool               // the record is that of a whole run which looked for what its requirements needed then
	saved    bool               // the record was read from a file, where secrets are removed
}

// finding is a reports.Finding and whether it may go away by itself: which drives exist can change between two reads.
type finding struct {
	reports.Finding
	existence bool
	echo      bool // that a secret was removed is what shows it
}

// block is why something could not be judged.
type block struct {
	by     string // the requirement that has to hold first, if there is one
	reason string
}

// The ways in which a body ends before its end; they are recovered in evaluate.
type (
	pendingSignal struct{}
	skipSignal    struct{ reason string }
	blockSignal   struct{}
)

// Answer is what the endpoint answered to a read.
func (lib *Library) Answer(read collect.Read) Answer {
	x := lib.record.Answer(read.Key(), lib.take)
	if x == nil {
		if !slices.Contains(lib.wants, read) {
			lib.wants = append(lib.wants, read)
		}
	} else {
		lib.look(x)
	}
	return Answer{lib: lib, read: read, exchange: x}
}

// look notes that the verdict rests on an exchange.
func (lib *Library) look(x *evidence.Exchange) {
	if !lib.seen[x] {
		lib.seen[x] = true
		lib.looked = append(lib.looked, x)
	}
}

// Skip ends the spec: the endpoint has no material for it. The reason names what was looked for.
func (lib *Library) Skip(format string, values ...any) {
	panic(skipSignal{fmt.Sprintf(format, values...)})
}

// block notes that something could not be judged, because a requirement that it builds on failed.
func (lib *Library) block(by, format string, values ...any) {
	lib.blocks = append(lib.blocks, block{by, fmt.Sprintf(format, values...)})
}

// Require ends the spec unless the answer is sound: 200 with JSON. It is blocked by the requirement that says so, or
// fails where that one holds.
func (lib *Library) Require(a Answer) {
	if a.Pending() {
		panic(pendingSignal{})
	}
	if text := a.problem(); text != "" {
		lib.hinder(a, text, a.blocker())
		panic(blockSignal{})
	}
}

// usable reports whether the answer can be looked into. Where it can't, the spec is blocked by the requirement that
// says that it can, as far as this answer goes, or fails where that one holds.
func (lib *Library) usable(a Answer) bool {
	if a.Pending() {
		return false
	}
	if text := a.problem(); text != "" {
		lib.hinder(a, text, a.blocker())
		return false
	}
	return true
}

// hinder notes that an answer can't be looked into. That is held against the first of the requirements that fails; where
// all of them hold, it is a violation that no other requirement tells of.
func (lib *Library) hinder(a Answer, text string, grounds ...string) {
	by := lib.firstFailing(grounds...)
	if by == "" && a.incomplete() == "" && len(strings.Join(grounds, "")) > 0 {
		lib.findings = append(lib.findings, finding{Finding: reports.Finding{
			Subject: a.name(), Rule: "the answer can be looked into", Expected: "200 with JSON as documented", Found: text, Exchange: a.exchange,
		}})
		return
	}
	lib.block(by, "%s", text)
}

// firstFailing is the first of the requirements that fails, or "".
func (lib *Library) firstFailing(ids ...string) string {
	for _, id := range ids {
		if id != "" && lib.fails(id) {
			return id
		}
	}
	return ""
}

// fails reports whether another requirement fails on this record. What that one looks at is wanted too. As long as it
// is not known, it is taken to fail: nobody is accused on a guess.
func (lib *Library) fails(id string) bool {
	body := lib.specs[id]
	if id == lib.id || body == nil {
		return false
	}
	key := fmt.Sprintf("%s fails at take %d", id, lib.take)
	if known, done := lib.memo[key]; done {
		return known.(failure).is(lib)
	}
	if under := "judging " + key; lib.memo[under] == nil {
		lib.memo[under] = true
		defer delete(lib.memo, under)
	} else {
		return false // two requirements that rely on each other: neither excuses the other
	}
	e := lib.evaluate(id, body, lib.take, lib.planning)
	for _, story := range e.untold {
		if !slices.Contains(lib.untold, story) {
			lib.untold = append(lib.untold, story)
		}
	}
	if len(e.untold) > 0 {
		return true
	}
	if len(e.wants) > 0 {
		for _, read := range e.wants {
			if !slices.Contains(lib.wants, read) {
				lib.wants = append(lib.wants, read)
			}
		}
		return true
	}
	failed := failure{failed: len(e.findings) > 0}
	if failed.failed {
		failed.removed = e.removedFrom()
	}
	lib.memo[key] = failed
	return failed.is(lib)
}

// failure says whether a requirement fails, and what was removed from a saved record that may be all there is to it.
type failure struct {
	failed  bool
	removed *evidence.Exchange
}

func (f failure) is(lib *Library) bool {
	if f.removed != nil && lib.tainted == nil {
		lib.tainted = f.removed
	}
	return f.failed
}

// subjects is how many subjects were judged so far.
func (lib *Library) subjects() int { return len(lib.looks) }

// Among notes that a subject is there to be judged: a requirement about drives of a kind is skipped, with the kind
// named, where no drive is of it. It returns its argument.
func (lib *Library) Among(kind string, applies bool) bool {
	lib.kinds[kind] = lib.kinds[kind] || applies
	return applies
}

// evaluation is a body's run over one take of the record.
type evaluation struct {
	*Library
	skipped string // the reason, where the endpoint has no material
	crashed string // what went wrong in the suite itself
}

// evaluate runs a body and keeps what it found. A panic other than the body's own signals is a mistake in the suite, and
// never an accusation.
func (b *bench) evaluate(id string, body func(*Library), take int, planning bool) (e *evaluation) {
	e = &evaluation{Library: &Library{bench: b, id: id, take: take, planning: planning, seen: map[*evidence.Exchange]bool{}, looks: map[string]bool{}, kinds: map[string]bool{}}}
	defer func() {
		switch signal := recover().(type) {
		case nil, pendingSignal, blockSignal:
		case skipSignal:
			e.skipped = signal.reason
		default:
			e.crashed = fmt.Sprint(signal)
		}
	}()
	body(e.Library)
	return e
}

// existence reports whether some finding is about which drives exist.
func (e *evaluation) existence() bool {
	return slices.ContainsFunc(e.findings, func(f finding) bool { return f.existence })
}

// judge comes to the verdict of a requirement. Where reads differ in which drives exist and the same reads were taken
// again, a difference that did not persist is told as unstable instead of being held against the endpoint.
func (b *bench) judge(id string, body func(*Library)) reports.Result {
	e := b.evaluate(id, body, 1, false)
	var unstable []string
	if e.existence() {
		again := b.evaluate(id, body, 2, false)
		if len(again.wants) == 0 && again.crashed == "" && len(again.blocks) == 0 && !again.existence() {
			for _, f := range e.findings {
				if f.existence {
					unstable = append(unstable, fmt.Sprintf("%s: %s; taken again, it did not show (requests %s)", f.Subject, firstLine(f.Found), numbers(f)))
				}
			}
			e.findings = slices.DeleteFunc(e.findings, func(f finding) bool { return f.existence })
			e.findings = append(e.findings, again.findings...)
			e.looked = append(e.looked, again.looked...)
		}
	}
	result := reports.Result{Subjects: e.subjects(), Exchanges: e.looked, Unstable: unstable}
	for _, f := range e.findings {
		result.Findings = append(result.Findings, f.Finding)
	}
	result.Verdict, result.Reason, result.BlockedBy = e.verdict()
	if gone := e.removedFrom(); gone != nil && result.Verdict != reports.Pass && !e.echoed() {
		result.Verdict, result.BlockedBy, result.RemovedFrom = reports.Blocked, "", gone.Number
		result.Reason = fmt.Sprintf("a value that was removed as a secret from exchange %d keeps this from being judged", gone.Number)
		result.Findings, result.Unstable = nil, nil
	}
	return result
}

// echoed reports whether a finding is that credentials are repeated.
func (e *evaluation) echoed() bool {
	return slices.ContainsFunc(e.findings, func(f finding) bool { return f.echo })
}

// verdict weighs what was found: a shown violation first, then whatever kept the spec from looking at everything.
func (e *evaluation) verdict() (verdict reports.Verdict, reason, by string) {
	switch {
	case e.crashed != "":
		return reports.Blocked, "the suite itself failed (please report it): " + e.crashed, ""
	case len(e.findings) > 0:
		return reports.Fail, "", ""
	case e.offline && len(e.wants) > 0:
		return reports.Skip, fmt.Sprintf("the record holds no exchange for %s", e.wants[0].Key()), ""
	case e.offline && len(e.untold) > 0:
		return reports.Skip, fmt.Sprintf("the record does not hold the story “%s”", e.untold[0]), ""
	case len(e.wants) > 0:
		return reports.Blocked, fmt.Sprintf("the run ended before %s was asked for", e.wants[0].Key()), ""
	case len(e.untold) > 0:
		return reports.Blocked, fmt.Sprintf("the run ended before the story “%s” was told", e.untold[0]), ""
	case len(e.blocks) > 0:
		first := e.blocks[0]
		if first.by != "" && first.by != e.id {
			return reports.Blocked, fmt.Sprintf("%s has to hold first: %s", first.by, first.reason), first.by
		}
		return reports.Blocked, first.reason, ""
	case e.skipped != "":
		return reports.Skip, e.skipped, ""
	case e.subjects() == 0:
		return reports.Skip, e.missing(), ""
	}
	return reports.Pass, "", ""
}

// missing says which material a body found none of.
func (e *evaluation) missing() string {
	kinds := make([]string, 0, len(e.kinds))
	for kind, there := range e.kinds {
		if !there {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return "the library lists no drive"
	}
	slices.Sort(kinds)
	return "the library has no " + kinds[0]
}

func numbers(f finding) string {
	if f.Exchange == nil {
		return "none"
	}
	if f.Against == nil {
		return fmt.Sprint(f.Exchange.Number)
	}
	return fmt.Sprintf("%d and %d", f.Exchange.Number, f.Against.Number)
}
