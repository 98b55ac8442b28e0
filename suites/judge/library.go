package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

// Library is what a spec's body looks at: the endpoint's drives library as the record shows it. The same body runs
// twice: while the plan is made, when looking at an answer that is not in the record yet makes it wanted; and to judge,
// when everything it looks at is there.
type Library struct {
	*Evaluator
	id       string // the requirement that looks
	round    int    // which take of the reads is looked at
	Planning bool

	Wants    []evidence.Read
	wanted   map[evidence.Read]bool // those of Wants
	Awaited  []string               // stories that were looked at before they were told
	Looked   []*evidence.Exchange
	seen     map[*evidence.Exchange]bool
	looks    map[string]bool // subjects that were judged
	Rules    []string        // what was expected of them, each once
	All      bool            // every answer of the run is looked at
	Findings []finding
	Blocks   []Block
	Kinds    map[string]bool    // of drives that were looked for, and whether one was there
	missed   bool               // a step was looked at that the record does not have
	tainted  *evidence.Exchange // what keeps a requirement that was asked for from being judged; see removedFrom
}

// Evaluator is what all the specs of a run share.
type Evaluator struct {
	BasePath string
	Record   *evidence.Record
	Schemas  *schema.Set
	Parsed   *parsed
	Fields   []string                       // the documented fields of a definition
	Specs    func(id string) func(*Library) // the bodies of the suite; nil where it has none
	Memo     map[string]any                 // material, worked out once; see memoize
	Sample   int                            // negative: all
	Seed     uint64
	Outcomes map[string]Outcome // how the experiments went; see Story
	Harm     []reports.Harm     // what the experiments did to the library that can't be undone
	Outage   bool               // the endpoint went out of service, so that its refusals for now say nothing of what was asked
	Offline  bool               // the record is that of a whole run which looked for what its requirements needed then
	Saved    bool               // the record was read from a file, where secrets are removed
}

// finding is a reports.Finding and whether it may go away by itself: which drives exist can change between two reads.
type finding struct {
	reports.Finding
	existence bool
	echo      bool // that a secret was removed is what shows it
}

// Block is why something could not be judged.
type Block struct {
	By     string // the requirement that has to hold first, if there is one
	Reason string
	Cause  reports.Cause // where it was the run that did without
}

// The ways in which a body ends before its end; they are recovered in evaluate.
type (
	PendingSignal struct{}
	skipSignal    struct {
		reason string
		cause  reports.Cause
	}
	blockSignal struct{}
)

// Answer is what the endpoint answered to a read.
func (lib *Library) Answer(read evidence.Read) Answer {
	x := lib.Record.Answer(read.Key(), lib.round)
	if x == nil {
		lib.want(read)
	} else {
		lib.Look(x)
	}
	return Answer{lib: lib, Read: read, Exchange: x}
}

// want notes that a read is looked at which is not in the record.
func (lib *Library) want(read evidence.Read) {
	if !lib.wanted[read] {
		lib.wanted[read] = true
		lib.Wants = append(lib.Wants, read)
	}
}

// Look notes that the verdict rests on an exchange.
func (lib *Library) Look(x *evidence.Exchange) {
	if !lib.seen[x] {
		lib.seen[x] = true
		lib.Looked = append(lib.Looked, x)
	}
}

// Skip ends the spec: the endpoint has no material for it. The reason names what was looked for.
func (lib *Library) Skip(format string, values ...any) {
	panic(skipSignal{reason: fmt.Sprintf(format, values...)})
}

// skipFor ends the spec for a cause that lies with the run.
func (lib *Library) skipFor(cause reports.Cause, reason string) {
	panic(skipSignal{reason, cause})
}

// Block notes that something could not be judged, because a requirement that it builds on failed.
func (lib *Library) Block(by, format string, values ...any) {
	lib.Blocks = append(lib.Blocks, Block{By: by, Reason: fmt.Sprintf(format, values...)})
}

// Require ends the spec unless the answer is sound: 200 with JSON. It is blocked by the requirement that says so, or
// fails where that one holds.
func (lib *Library) Require(a Answer) {
	if a.Pending() {
		panic(PendingSignal{})
	}
	if text := a.Problem(); text != "" {
		lib.unsound(a, text, a.blocker())
		panic(blockSignal{})
	}
}

// Usable reports whether the answer can be looked into. Where it can't, the spec is blocked by the requirement that
// says that it can, as far as this answer goes, or fails where that one holds.
func (lib *Library) Usable(a Answer) bool {
	if a.Pending() {
		return false
	}
	if text := a.Problem(); text != "" {
		lib.unsound(a, text, a.blocker())
		return false
	}
	return true
}

// unsound notes that an answer can't be looked into. That is held against the first of the requirements that fails; where
// all of them hold, it is a violation that no other requirement tells of.
func (lib *Library) unsound(a Answer, text string, grounds ...string) {
	if lost := lib.lostBefore(a.Exchange); lost != nil && a.Incomplete() == "" {
		lib.blockAt(lost, "", lostText(lost))
		return
	}
	by := ""
	if a.Incomplete() == "" { // else it is the way there that is to blame
		by = lib.FirstFailing(grounds...)
	}
	if by == "" && a.Incomplete() == "" && len(strings.Join(grounds, "")) > 0 {
		lib.Findings = append(lib.Findings, finding{Finding: reports.Finding{
			Subject: a.name(), Rule: "the answer can be looked into", Expected: "200 with JSON as documented", Found: text, Exchange: a.Exchange,
		}})
		return
	}
	lib.blockAt(a.Exchange, by, text)
}

// FirstFailing is the first of the requirements that fails, or "".
func (lib *Library) FirstFailing(ids ...string) string {
	for _, id := range ids {
		if id != "" && lib.Fails(id) {
			return id
		}
	}
	return ""
}

// Fails reports whether another requirement fails on this record. What that one looks at is wanted too. As long as it
// is not known, it is taken to fail: nobody is accused on a guess.
func (lib *Library) Fails(id string) bool {
	body := lib.Specs(id)
	if id == lib.id || body == nil {
		return false
	}
	key := fmt.Sprintf("%s fails at take %d", id, lib.round)
	if known, done := lib.Memo[key]; done {
		return known.(failure).is(lib)
	}
	if under := "judging " + key; lib.Memo[under] == nil {
		lib.Memo[under] = true
		defer delete(lib.Memo, under)
	} else {
		return false // two requirements that rely on each other: neither excuses the other
	}
	e := lib.Evaluate(id, body, lib.round, lib.Planning)
	for _, story := range e.Awaited {
		if !slices.Contains(lib.Awaited, story) {
			lib.Awaited = append(lib.Awaited, story)
		}
	}
	if len(e.Awaited) > 0 {
		return true
	}
	if len(e.Wants) > 0 {
		for _, read := range e.Wants {
			lib.want(read)
		}
		return true
	}
	failed := failure{failed: len(e.Findings) > 0}
	if failed.failed {
		failed.removed = e.removedFrom()
	}
	lib.Memo[key] = failed
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

// SubjectsJudged is how many subjects were judged so far.
func (lib *Library) SubjectsJudged() int { return len(lib.looks) }

// Among notes that a subject is there to be judged: a requirement about drives of a kind is skipped, with the kind
// named, where no drive is of it. It returns its argument.
func (lib *Library) Among(kind string, applies bool) bool {
	lib.Kinds[kind] = lib.Kinds[kind] || applies
	return applies
}

// evaluation is a body's run over one take of the record.
type evaluation struct {
	*Library
	skipped string        // the reason, where the endpoint has no material
	cause   reports.Cause // of that, where it was the run that did without
	Crashed string        // what went wrong in the suite itself
}

// Evaluate runs a body and keeps what it found. A panic other than the body's own signals is a mistake in the suite, and
// never an accusation.
func (b *Evaluator) Evaluate(id string, body func(*Library), take int, planning bool) (e *evaluation) {
	e = &evaluation{Library: &Library{Evaluator: b, id: id, round: take, Planning: planning, wanted: map[evidence.Read]bool{}, seen: map[*evidence.Exchange]bool{}, looks: map[string]bool{}, Kinds: map[string]bool{}}}
	defer func() {
		switch signal := recover().(type) {
		case nil, PendingSignal, blockSignal:
		case skipSignal:
			e.skipped, e.cause = signal.reason, signal.cause
		default:
			e.Crashed = fmt.Sprint(signal)
		}
	}()
	body(e.Library)
	return e
}

// Existence reports whether some finding is about which drives exist.
func (e *evaluation) Existence() bool {
	return slices.ContainsFunc(e.Findings, func(f finding) bool { return f.existence })
}

// Judge comes to the verdict of a requirement. Where reads differ in which drives exist and the same reads were taken
// again, a difference that did not persist is told as unstable instead of being held against the endpoint.
func (b *Evaluator) Judge(id string, body func(*Library)) reports.Result {
	e := b.Evaluate(id, body, 1, false)
	var unstable []string
	if e.Existence() {
		again := b.Evaluate(id, body, 2, false)
		if len(again.Wants) == 0 && again.Crashed == "" && len(again.Blocks) == 0 && !again.Existence() {
			for _, f := range e.Findings {
				if f.existence {
					unstable = append(unstable, fmt.Sprintf("%s: %s; taken again, it did not show (requests %s)", f.Subject, FirstLine(f.Found), numbers(f)))
				}
			}
			e.Findings = slices.DeleteFunc(e.Findings, func(f finding) bool { return f.existence })
			e.Findings = append(e.Findings, again.Findings...)
			e.Looked = append(e.Looked, again.Looked...)
		}
	}
	result := reports.Result{Subjects: e.SubjectsJudged(), Exchanges: e.Looked, Unstable: unstable}
	for _, f := range e.Findings {
		result.Findings = append(result.Findings, f.Finding)
	}
	result.Verdict, result.Reason, result.BlockedBy = e.verdict()
	switch {
	case result.Verdict == reports.Skip && result.Reason == e.skipped:
		result.Cause = e.cause
	case result.Verdict == reports.Blocked && len(e.Blocks) > 0 && e.Crashed == "":
		result.Cause = e.Blocks[0].Cause
	}
	if gone := e.removedFrom(); gone != nil && result.Verdict != reports.Pass && !e.echoed() {
		result.Verdict, result.BlockedBy, result.Cause, result.RemovedFrom = reports.Blocked, "", reports.CauseRemoved, gone.Number
		result.Reason = fmt.Sprintf("a value that was removed as a secret from exchange %d keeps this from being judged", gone.Number)
		result.Findings, result.Unstable = nil, nil
	}
	return result
}

// echoed reports whether a finding is that credentials are repeated.
func (e *evaluation) echoed() bool {
	return slices.ContainsFunc(e.Findings, func(f finding) bool { return f.echo })
}

// verdict weighs what was found: a shown violation first, then whatever kept the spec from looking at everything.
func (e *evaluation) verdict() (verdict reports.Verdict, reason, by string) {
	switch {
	case e.Crashed != "":
		return reports.Blocked, "the suite itself failed (please report it): " + e.Crashed, ""
	case len(e.Findings) > 0:
		return reports.Fail, "", ""
	case e.Offline && len(e.Wants) > 0:
		return reports.Skip, fmt.Sprintf("the record holds no exchange for %s", e.Wants[0].Key()), ""
	case e.Offline && len(e.Awaited) > 0:
		return reports.Skip, fmt.Sprintf("the record does not hold the story “%s”", e.Awaited[0]), ""
	case len(e.Wants) > 0:
		return reports.Blocked, fmt.Sprintf("the run ended before %s was asked for", e.Wants[0].Key()), ""
	case len(e.Awaited) > 0:
		return reports.Blocked, fmt.Sprintf("the run ended before the story “%s” was told", e.Awaited[0]), ""
	case len(e.Blocks) > 0:
		first := e.Blocks[0]
		if first.By != "" && first.By != e.id {
			return reports.Blocked, fmt.Sprintf("%s has to hold first: %s", first.By, first.Reason), first.By
		}
		return reports.Blocked, first.Reason, ""
	case e.skipped != "":
		return reports.Skip, e.skipped, ""
	case e.SubjectsJudged() == 0:
		return reports.Skip, e.missing(), ""
	}
	return reports.Pass, "", ""
}

// missing says which material a body found none of.
func (e *evaluation) missing() string {
	kinds := make([]string, 0, len(e.Kinds))
	for kind, there := range e.Kinds {
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
