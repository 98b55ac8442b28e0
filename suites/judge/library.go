package judge

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Library is what a spec's body looks at: the endpoint's drives library as the record shows it. The same body runs
// twice: while the plan is made, when looking at an answer that is not in the record yet makes it wanted; and to judge,
// when everything it looks at is there.
type Library struct {
	*Evaluator
	chain    *chain
	id       string // the requirement that looks
	round    int    // which round of the reads is looked at
	Planning bool

	Wants    []*Asked
	wanted   map[*Asked]bool  // those of Wants
	Awaited  []steps.Scenario // scenarios that were looked at before they were run
	Looked   []*evidence.Exchange
	seen     map[*evidence.Exchange]bool
	looks    map[uint64]string           // subjects without a uuid that were judged, by their hashes: the kind of each
	looksOf  map[string]*numberSet       // those that have one, by kind
	kinds    map[string]int              // how many of them are of each kind, where something was found; once it is over
	counted  numberSet                   // those that are drives, by the numbers of their uuids
	judged   int                         // how many they were, once the body has ended
	lists    map[listAsked]List          // that were looked at
	relied   map[string]bool             // whether other requirements fail
	covered  map[string]reports.Coverage // of these, where a part was looked at, how much it is
	Rules    []string                    // what was expected of them, each once
	All      bool                        // every answer of the run is looked at
	Compares bool                        // what reads tell is compared, whoever asked for them
	Findings []finding
	Blocks   []reports.Cause
	skipped  reports.Cause       // where there was nothing to judge it by
	Kinds    map[string]bool     // of drives that were looked for, and whether one was there
	fieldsOf map[string][]string // the fields by which drives of a kind are recognized
	reads    []*Asked            // that were looked at and are in the record
	unstable []string            // differences that were not held against the endpoint, one sentence each
	unsure   bool                // something differs between two answers, and may do so only because of a change in between
	missed   bool                // a step was looked at that the record does not have
	tainted  *evidence.Exchange  // what keeps a requirement that was asked for from being judged; see removedFrom
}

// Evaluator is what all the specs of a run share.
type Evaluator struct {
	BasePath      string
	Record        *evidence.Record
	Schemas       *schema.Set
	Parsed        *parsed
	Fields        []string                       // the documented fields of a definition
	Specs         func(id string) func(*Library) // the bodies of the suite; nil where it has none
	Shared        *Shared                        // what other runs worked out of the same library; nil where there are none
	Sample        int                            // negative: all
	Seed          uint64
	Outcomes      map[steps.Scenario]Outcome // how the scenarios went
	Harm          []reports.Harm             // what the scenarios did to the library that can't be undone
	Gone          bool                       // the endpoint answered nothing any more, so that a missing answer says nothing of what was asked
	Outage        bool                       // the endpoint went out of service, so that its refusals for now say nothing of what was asked
	SettleTimeout time.Duration              // how long what a write brings about may take to show
	Offline       bool                       // the record is that of a whole run which looked for what its requirements needed then
	Saved         bool                       // the record was read from a file, where secrets are removed
	WholeLists    bool                       // the run whose record is judged asked for whole lists, whatever the size of the library
	Settled       bool                       // while the plan is made: all that reads are to tell has come once
	UnderWay      map[string]bool            // while the plan is made: the keys of reads that are looked at later, even if they have come

	asked askedReads
	memo  memo       // material, and what else is worked out once
	valid validTexts // definitions
	found sync.Map   // found, by requirement: what was found already, where nothing was lacking
}

// chain is what the evaluations of a requirement, and of those that it relies on, have in common.
type chain struct {
	judging    map[string]bool // whether a requirement fails is being found out
	askedAgain map[string]bool // those of it that were asked for again meanwhile
	unasked    *[]Unasked      // where it is found out what a verdict lacks: what was found so far
}

// finding is a reports.Finding and whether it may go away by itself: what the library holds can change between two reads.
type finding struct {
	reports.Finding
	compared bool
	echo     bool // that a secret was removed is what shows it
}

// stop ends the body before its end, as FailNow ends a test: it ends the goroutine that Evaluate gave the body. What was
// found so far, and why it ended, is noted in the Library by then.
func (lib *Library) stop() { runtime.Goexit() }

// Await ends the body until the lists have come.
func (lib *Library) Await(lists ...List) {
	if slices.ContainsFunc(lists, func(list List) bool { return list.Pending }) {
		lib.stop()
	}
}

// Answer is what the endpoint answered to a read.
func (lib *Library) Answer(read evidence.Read) Answer {
	asked := lib.asked.oneOf(read)
	x := lib.Record.Answer(asked.key, lib.round)
	if x == nil || lib.UnderWay[asked.key] {
		x = nil
		lib.want(asked)
	} else {
		lib.Look(x)
		lib.reads = append(lib.reads, asked)
	}
	return Answer{lib: lib, read: asked, Exchange: x}
}

// takeAgain notes that a difference was found in an exchange: where that is a read, it is taken again with what it differs from.
func (lib *Library) takeAgain(x *evidence.Exchange) {
	if read := lib.asked.by(x.Key); read != nil && x.Step.Scenario == "" {
		lib.reads = append(lib.reads, read)
	}
}

// want notes that a read is looked at which is not in the record.
func (lib *Library) want(read *Asked) {
	if !lib.wanted[read] {
		lib.wanted[read] = true
		lib.Wants = append(lib.Wants, read)
		if lib.chain.unasked != nil {
			*lib.chain.unasked = append(*lib.chain.unasked, Unasked{Read: read, Round: lib.round})
		}
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
	lib.skipFor(reports.Cause{Kind: reports.CauseMaterial, Detail: fmt.Sprintf(format, values...)})
}

// skipFor ends the spec for a cause.
func (lib *Library) skipFor(cause reports.Cause) {
	lib.skipped = cause
	lib.stop()
}

// Block notes that something could not be judged, because a requirement that it builds on failed.
func (lib *Library) Block(by, format string, values ...any) {
	lib.blockFor(reports.Cause{Kind: reports.CauseAnswer, Requirement: by, Detail: fmt.Sprintf(format, values...)})
}

// blockFor notes that something could not be judged for a cause.
func (lib *Library) blockFor(cause reports.Cause) { lib.Blocks = append(lib.Blocks, cause) }

// Require ends the spec unless the answer is sound: 200 with JSON. It is blocked by the requirement that says so, or
// fails where that one holds.
func (lib *Library) Require(a Answer) {
	if a.Pending() {
		lib.stop()
	}
	if text := a.Problem(); text != "" {
		lib.unsound(a, text, a.blocker())
		lib.stop()
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
		lib.unsure = lib.unsure || a.isGone()
		lib.Findings = append(lib.Findings, finding{compared: a.isGone(), Finding: reports.Finding{
			Subject: a.subject(), Rule: "the answer can be looked into", Expected: "200 with JSON as documented", Found: text, Exchange: a.Exchange,
		}})
		return
	}
	lib.blockAt(a.Exchange, by, text)
}

// FirstFailing is the first of the requirements that fails, or "".
func (lib *Library) FirstFailing(ids ...string) string {
	for _, id := range ids {
		if id != "" && lib.fails(id) {
			return id
		}
	}
	return ""
}

// AskFirst has what other requirements look at asked for before the scenarios run, for a spec that relies on them: what held
// before is not found out afterwards.
func (lib *Library) AskFirst(ids ...string) {
	if !lib.Planning {
		return
	}
	awaited := lib.Awaited
	for _, id := range ids {
		lib.findsFailing(id) // what is found again later may await scenarios
	}
	lib.Awaited = awaited
}

// fails reports whether another requirement fails on this record. The record stays as it is while a body runs, so that this is found
// out once for it, however many findings rely on the other.
func (lib *Library) fails(id string) bool {
	failing, known := lib.relied[id]
	if !known {
		failing = lib.findsFailing(id)
		lib.relied[id] = failing
	}
	return failing
}

// findsFailing reports whether another requirement fails on this record. What that one looks at is wanted too. As long as it
// is not known, it is taken to fail: nobody is accused on a guess.
func (lib *Library) findsFailing(id string) bool {
	body := lib.Specs(id)
	if id == lib.id || body == nil {
		return false
	}
	key := fmt.Sprintf("%s fails in round %d", id, lib.round)
	if !lib.Planning {
		key = id + " fails"
	}
	if known, done := lib.memo.get(key); done {
		return known.(failure).is(lib)
	}
	c := lib.chain
	if c.judging[key] {
		c.askedAgain[key] = true
		return false // two requirements that rely on each other: neither excuses the other
	}
	if c.judging == nil {
		c.judging, c.askedAgain = map[string]bool{}, map[string]bool{}
	}
	c.judging[key] = true
	defer delete(c.judging, key)
	defer delete(c.askedAgain, key)
	var e *evaluation
	if lib.Planning {
		e = lib.evaluate(id, body, lib.round, true, c)
	} else {
		e, _ = lib.confirmed(id, body, c)
	}
	for _, scenario := range e.Awaited {
		if !slices.Contains(lib.Awaited, scenario) {
			lib.Awaited = append(lib.Awaited, scenario)
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
	failed := failure{failed: len(e.Findings) > 0, unsure: e.unsure}
	if e.unsure {
		failed.reads = distinct(e.reads)
	}
	if failed.failed {
		failed.removed = e.removedFrom()
	}
	delete(c.askedAgain, key)
	if len(c.askedAgain) == 0 { // else it holds only as long as that is judged which relies on it in turn
		lib.memo.put(key, failed)
	}
	return failed.is(lib)
}

// failure says whether a requirement fails, and what was removed from a saved record that may be all there is to it.
type failure struct {
	failed  bool
	removed *evidence.Exchange
	unsure  bool     // it fails, or does not, by what may have changed meanwhile
	reads   []*Asked // that it rests on
}

// distinct are the reads, each once: each requirement adds those of all that it relies on.
func distinct(reads []*Asked) []*Asked {
	seen := make(map[*Asked]bool, len(reads))
	return slices.DeleteFunc(slices.Clone(reads), func(read *Asked) bool {
		again := seen[read]
		seen[read] = true
		return again
	})
}

func (f failure) is(lib *Library) bool {
	if f.unsure {
		lib.unsure = true
		lib.reads = append(lib.reads, f.reads...)
	}
	if f.removed != nil && lib.tainted == nil {
		lib.tainted = f.removed
	}
	return f.failed
}

// SubjectsJudged is how many subjects were judged so far.
func (lib *Library) SubjectsJudged() int {
	n := len(lib.looks)
	for _, of := range lib.looksOf {
		n += of.n
	}
	return max(lib.judged, n)
}

// Among notes that a subject is there to be judged: a requirement about drives of a kind is skipped, with the kind
// named, where no drive is of it, and blocked where the fields that tell can't be read. It returns what it is given.
func (lib *Library) Among(kind string, applies bool, fieldsOf ...string) bool {
	lib.fieldsOf[kind] = fieldsOf
	lib.Kinds[kind] = lib.Kinds[kind] || applies
	return applies
}

// evaluation is a body's run over one round of the record.
type evaluation struct {
	*Library
	Crashed string // what went wrong in the suite itself
	Stack   string // where
}

// Evaluate runs a body, in a goroutine of its own that the body may end, and keeps what it found: that of a requirement, or,
// without an id, one that only looks. A panic is a mistake in the suite, and never an accusation. Several bodies may be run at once.
func (b *Evaluator) Evaluate(id string, body func(*Library), round int, planning bool) (e *evaluation) {
	return b.evaluate(id, body, round, planning, &chain{})
}

func (b *Evaluator) evaluate(id string, body func(*Library), round int, planning bool, of *chain) (e *evaluation) {
	e = &evaluation{Library: &Library{Evaluator: b, chain: of, id: id, round: round, Planning: planning, wanted: map[*Asked]bool{}, seen: map[*evidence.Exchange]bool{}, looks: map[uint64]string{}, looksOf: map[string]*numberSet{}, lists: map[listAsked]List{}, relied: map[string]bool{}, covered: map[string]reports.Coverage{}, Kinds: map[string]bool{}, fieldsOf: map[string][]string{}}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() {
			if mistake := recover(); mistake != nil {
				e.Crashed, e.Stack = fmt.Sprint(mistake), stackOf(debug.Stack())
			}
		}()
		body(e.Library)
		if id != "" && len(e.Findings)+len(e.Blocks)+len(e.Wants)+len(e.Awaited)+e.SubjectsJudged() == 0 {
			_, fields := e.lacking()
			e.blockUnreadable(fields)
		}
	}()
	<-ended
	e.judged = e.SubjectsJudged()
	if len(e.Findings) > 0 {
		e.kinds = e.countLooks()
	}
	e.looks, e.looksOf, e.counted = nil, nil, numberSet{} // of a large library they are long, and what was found is kept
	return e
}

// mostStack is how much of a stack is kept: the innermost calls, which say where.
const mostStack = 8 << 10

// stackOf is a stack as a report holds it.
func stackOf(stack []byte) string {
	return strings.ToValidUTF8(string(stack[:min(len(stack), mostStack)]), "")
}

// Unsure reports whether something differs between two answers that has to be taken again, both of them, before anyone is
// accused of it.
func (e *evaluation) Unsure() bool { return e.unsure }

// Reads are those that the body looked at and that are in the record, each once, but for those that are to come after
// another.
func (e *evaluation) Reads() []*Asked {
	seen := map[*Asked]bool{}
	return slices.DeleteFunc(slices.Clone(e.reads), func(read *Asked) bool {
		again := seen[read] || read.Nth > 0
		seen[read] = true
		return again
	})
}

// Find finds out what a requirement comes to, unless that is known.
func (b *Evaluator) Find(id string, body func(*Library)) found {
	if known, is := b.found.Load(id); is {
		return known.(found)
	}
	now := b.find(id, body, &chain{})
	b.found.Store(id, now)
	return now
}

func (b *Evaluator) find(id string, body func(*Library), of *chain) found {
	began := time.Now()
	e, unstable := b.confirmed(id, body, of)
	e.forget()
	return found{evaluation: e, unstable: unstable, took: time.Since(began)}
}

// Judge comes to the verdict of a requirement. A difference between two answers that did not persist when both were taken
// again is reported as unstable instead of being held against the endpoint.
func (b *Evaluator) Judge(id string, body func(*Library)) reports.Result {
	known := b.Find(id, body)
	e, unstable := known.evaluation, known.unstable
	result := reports.Result{Duration: known.took, Subjects: e.SubjectsJudged(), Exchanges: e.Looked, Unstable: unstable, Covered: e.coverage()}
	for _, f := range e.Findings {
		result.Findings = append(result.Findings, f.Finding)
	}
	if len(result.Findings) > 0 {
		result.Looked = e.kinds
	}
	result.Stack = e.Stack
	verdict, cause := e.verdict()
	if gone := e.removedFrom(); gone != nil && verdict != reports.Pass && !e.echoed() {
		verdict, cause = reports.Blocked, reports.Cause{Kind: reports.CauseRemoved, RemovedFrom: gone.Number}
		result.Findings, result.Unstable = nil, nil
	}
	result.NotJudged(verdict, cause)
	return result
}

// echoed reports whether a finding is that credentials are repeated.
func (e *evaluation) echoed() bool {
	return slices.ContainsFunc(e.Findings, func(f finding) bool { return f.echo })
}

// verdict weighs what was found: a shown violation first, then whatever kept the spec from looking at everything.
func (e *evaluation) verdict() (reports.Verdict, reports.Cause) {
	switch {
	case e.Crashed != "":
		return reports.Blocked, reports.Cause{Kind: reports.CauseSuite, Detail: e.Crashed}
	case len(e.Findings) > 0:
		return reports.Fail, reports.Cause{}
	case e.Offline && len(e.Wants) > 0:
		return reports.Skip, reports.Cause{Kind: reports.CauseNotRecorded, Exchange: e.Wants[0].Key()}
	case e.Offline && len(e.Awaited) > 0:
		return reports.Skip, reports.Cause{Kind: reports.CauseNotRecorded, Scenario: string(e.Awaited[0])}
	case len(e.Wants) > 0:
		return reports.Blocked, reports.Cause{Kind: reports.CauseRunEnded, Exchange: e.Wants[0].Key()}
	case len(e.Awaited) > 0:
		return reports.Blocked, reports.Cause{Kind: reports.CauseRunEnded, Scenario: string(e.Awaited[0])}
	case len(e.Blocks) > 0:
		first := e.Blocks[0]
		if first.Requirement == e.id {
			first.Requirement = ""
		}
		return reports.Blocked, first
	case e.skipped != (reports.Cause{}):
		return reports.Skip, e.skipped
	case e.SubjectsJudged() == 0 && e.unheardLook() != nil:
		x := e.unheardLook()
		return reports.Blocked, reports.Cause{Kind: cmp.Or(causeOf(x), reports.CauseAnswer), Detail: (Answer{lib: e.Library, Exchange: x}).Incomplete()}
	case e.SubjectsJudged() == 0:
		return reports.Skip, reports.Cause{Kind: reports.CauseMaterial, Detail: e.missing()}
	}
	return reports.Pass, reports.Cause{}
}
