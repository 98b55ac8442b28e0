package judge

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// Assertion is what is expected of something that the record shows.
type Assertion struct {
	lib       *Library
	actual    any
	relies    []string
	scenario  *Scenario           // in which a text that describes a drive may have been corrected
	left      bool                // it is not made, for something else keeps the actual from being judged
	compared  *evidence.Exchange  // another answer that what is expected was worked out from
	asSuch    bool                // it is about two requests as such
	cause     string              // the requirement that names the cause of a failure, where it fails too
	because   string              // what that one says
	unordered types.GomegaMatcher // what is expected where lists keep no order
}

// Expect begins an assertion about an Answer, a Drive of a list, or a List. Unlike Gomega's own it does not end the
// spec when it fails: every subject is looked at, so that the report can say how many are wrong.
func (lib *Library) Expect(actual any) Assertion { return Assertion{lib: lib, actual: actual} }

// explainer is a matcher that knows what differs: of the finding it makes what was expected, what was found and the
// differences.
type explainer interface {
	explain(actual any) reports.Finding
}

// comparer is a matcher that compares with another answer.
type comparer interface{ against() *evidence.Exchange }

// judgesStatus is a matcher for which an answer other than 200 is no obstacle.
type judgesStatus interface{ judgesStatus() }

// judgesBroken is a matcher for which an answer that did not come whole may be something to judge.
type judgesBroken interface {
	judgesBroken(x *evidence.Exchange) bool
}

// moving is a matcher that knows of a failure whether it may be only because something changed between two requests.
type moving interface{ mayHaveMoved(actual any) bool }

// ordering is a matcher of lists that knows whether all that differs is the order.
type ordering interface{ orderAlone(actual any) bool }

// comparesAnswers reports whether a failure was found by comparing two answers.
func comparesAnswers(matcher types.GomegaMatcher, actual any) bool {
	if m, ok := matcher.(moving); ok {
		return m.mayHaveMoved(actual)
	}
	c, ok := matcher.(comparer)
	return ok && c.against() != nil
}

// RelyingOn is the same assertion, where a failure says nothing new if one of these requirements fails: it is then
// blocked by that one.
func (a Assertion) RelyingOn(ids ...string) Assertion {
	a.relies = append(a.relies[:len(a.relies):len(a.relies)], ids...)
	return a
}

// Comparing is the same assertion, where what is expected was worked out from another answer: it may have changed between
// the two, so that both are taken again before anyone is accused.
func (a Assertion) Comparing(with interface{ exchange() *evidence.Exchange }) Assertion {
	a.compared = with.exchange()
	return a
}

// UnlessCorrected is the same assertion about a drive before and after steps of a scenario, which can't be taken again.
// That a text which describes the drive is another one now is reported as unstable: the provider may correct it at any time.
// That it is gone, or what a request of the scenario said, is held against the endpoint.
func (a Assertion) UnlessCorrected(in Scenario) Assertion {
	a.scenario = &in
	return a
}

// AsSuch is the same assertion, where the rule is about two requests as such: a third does not forgive it.
func (a Assertion) AsSuch() Assertion {
	a.asSuch = true
	return a
}

// Naming is the same assertion, where a failure follows from another requirement's if that fails: it fails all the same,
// and says so in the words given.
func (a Assertion) Naming(cause, because string) Assertion {
	a.cause, a.because = cause, because
	return a
}

// WithoutOrder is the same assertion, which expects something else where lists keep no order between two requests
// (LIST-07).
func (a Assertion) WithoutOrder(otherwise types.GomegaMatcher) Assertion {
	a.unordered = otherwise
	return a
}

// UnlessBusy is the same assertion about an answer, which is left out, and blocks the spec, where the answer says no more
// than that it should be asked for another time.
func (a Assertion) UnlessBusy() Assertion {
	answer, is := a.actual.(Answer)
	a.left = a.left || is && a.lib.Unheard(answer)
	return a
}

// ByItsFormat is the same assertion about an answer in some format. It is left out where the same is not answered with 200
// in JSON either: that is for others to say.
func (a Assertion) ByItsFormat() Assertion {
	answer, is := a.actual.(Answer)
	a.left = a.left || is && !a.lib.formatCounts(answer)
	return a
}

// To asserts that the actual matches; rule says in words what should hold, and stands by itself in the report. It
// reports whether it does. Where the answer itself is not sound and another requirement says that it should be, the
// assertion is blocked by that one instead of failing.
func (a Assertion) To(matcher types.GomegaMatcher, rule string) bool {
	source, pending := a.source()
	if pending || a.left {
		return false
	}
	if source.Exchange != nil {
		a.lib.Look(source.Exchange)
		if obstacle, by := a.precondition(source, matcher); obstacle != "" && (by == "" || a.lib.fails(by)) {
			a.lib.blockAt(source.Exchange, by, obstacle)
			return false
		}
	}
	a.lib.count(a.actual, a.subject())
	if !slices.Contains(a.lib.Rules, rule) {
		a.lib.Rules = append(a.lib.Rules, rule)
	}
	if list, is := a.actual.(List); is && list.part != nil {
		if fitsInPart(list, matcher) {
			return true
		}
		a.actual = list.all() // before anyone is accused
		return a.To(matcher, rule)
	}
	var matched bool
	var err error
	if drive, is := a.actual.(Drive); is {
		matched, err = a.lib.Parsed.matchOnce(matcher, drive, drive)
	} else {
		matched, err = matcher.Match(a.actual)
	}
	if matched && err == nil {
		return true
	}
	if lost := a.lib.lostBefore(source.Exchange); lost != nil {
		a.lib.blockAt(lost, "", lostText(lost))
		return false
	}
	return a.missed(source, matcher, rule, err)
}

// missed notes that the actual does not match, unless that is for another requirement to say. It reports whether what
// matters holds all the same.
func (a Assertion) missed(source Answer, matcher types.GomegaMatcher, rule string, err error) (holds bool) {
	if a.unordered != nil && a.lib.fails("LIST-07") {
		otherwise := a.unordered
		a.unordered = nil
		return a.To(otherwise, rule)
	}
	if m, ok := matcher.(ordering); ok && a.cause == "" {
		if m.orderAlone(a.actual) && a.lib.fails("LIST-07") {
			return true // that lists keep no order is for that one to say
		}
		if comparesAnswers(matcher, a.actual) && !a.asSuch {
			a = a.RelyingOn("LIST-07") // and so it is that drives come and go in them
		}
	}
	if m, ok := matcher.(equalJSON); ok && a.scenario != nil && err == nil && a.scenario.corrected(m, a.actual) {
		f := a.finding(source, matcher, rule, err, true)
		a.lib.unstable = append(a.lib.unstable, fmt.Sprintf("%s: %s; no request said so (requests %s)", f.Subject, FirstLine(f.FoundText()), numbers(f)))
		return true
	}
	compared := !a.asSuch && (source.isGone() || a.compared != nil || comparesAnswers(matcher, a.actual))
	if a.cause != "" && a.lib.fails(a.cause) {
		rule, compared = fmt.Sprintf("%s: it can't be, for %s (%s)", rule, a.because, a.cause), false
	}
	a.lib.unsure = a.lib.unsure || compared
	list, isList := a.actual.(List)
	other, comparesLists := matcher.(interface{ ofPages() bool })
	if isList && len(list.Parts) > 1 || comparesLists && other.ofPages() {
		a = a.RelyingOn("PAGE-02") // by which a list was put together
	}
	if by := a.lib.FirstFailing(a.relies...); by != "" {
		a.lib.Block(by, "%s is not as it should be (%s)", a.subject(), rule)
		return false
	}
	a.lib.Findings = append(a.lib.Findings, a.finding(source, matcher, rule, err, compared))
	return false
}

// finding says what of the actual does not match.
func (a Assertion) finding(source Answer, matcher types.GomegaMatcher, rule string, err error, compared bool) (f finding) {
	if m, ok := matcher.(explainer); ok {
		f.Finding = m.explain(a.actual)
	} else {
		f.Found = matcher.FailureMessage(a.actual)
	}
	if err != nil {
		f.Finding = unsaid(f.Finding, err)
	}
	f.Subject, f.Rule, f.Exchange = a.subject(), rule, source.Exchange
	f.Against, f.compared = a.compared, compared
	if c, ok := matcher.(comparer); ok && c.against() != nil {
		f.Against = c.against()
	}
	if w, ok := matcher.(AnswerMatch); ok {
		f.echo = w.echo
	}
	f.Expected, f.Found = strings.Clone(f.Expected), strings.Clone(f.Found)
	for i := range f.Differences { // what is a piece of an answer would hold all of it
		d := &f.Differences[i]
		d.Path, d.Expected, d.Found, d.Value = ownText(d.Path), ownText(d.Expected), ownText(d.Found), ownText(d.Value)
	}
	return f
}

// ownText is a text of a finding that holds nothing of the answer that it was taken from. A key or a value may be as long as an
// endpoint likes: of one that nobody would read to its end the beginning tells which it is.
func ownText(text string) string {
	return strings.Clone(ClipTo(text, 16<<10))
}

// Holds reports whether an answer is as something needs it. Where it is not, that can't be judged: it is blocked by the first
// of the requirements that fails.
func (lib *Library) Holds(answer Answer, matcher types.GomegaMatcher, text string, by ...string) bool {
	if !lib.Usable(answer) {
		return false
	}
	if matched, err := matcher.Match(answer); matched && err == nil {
		return true
	}
	lib.Block(lib.FirstFailing(by...), "%s: %s", answer.name(), text)
	return false
}

// source is the answer that the actual stands in.
func (a Assertion) source() (source Answer, pending bool) {
	switch actual := a.actual.(type) {
	case Answer:
		return actual, actual.Pending()
	case Drive:
		return Answer{lib: a.lib, Exchange: actual.From}, false
	case Appearance:
		return Answer{lib: a.lib, Exchange: actual.From}, false
	case List:
		return actual.weakest(), actual.Pending
	}
	return Answer{}, false
}

// precondition says why the actual can't be judged: no whole answer came, or it is not sound and that is for another
// requirement to say.
func (a Assertion) precondition(source Answer, matcher types.GomegaMatcher) (text, by string) {
	if text := source.Incomplete(); text != "" {
		if m, ok := matcher.(judgesBroken); ok && source.suffered(m) {
			return "", ""
		}
		return text, ""
	}
	switch a.actual.(type) {
	case Drive, Appearance:
		return "", ""
	}
	by = source.blocker()
	if _, ok := matcher.(judgesStatus); ok || by == "" || by == a.lib.id {
		return "", ""
	}
	return source.Problem(), by
}

func (a Answer) exchange() *evidence.Exchange { return a.Exchange }

func (list List) exchange() *evidence.Exchange { return list.Exchange() }

func (a Assertion) subject() reports.Subject {
	switch actual := a.actual.(type) {
	case Answer:
		return actual.subject()
	case Drive:
		return actual.Subject()
	case Appearance:
		return actual.Subject()
	case List:
		return reports.InWords(actual.Name)
	}
	return reports.Subject{}
}

// message is what Gomega says of a matcher that is used without this package.
func message(m explainer, actual any) string {
	f := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", f.ExpectedText(), f.FoundText())
}

// inWords is a finding of which nothing but words is known.
func inWords(expected, found string) reports.Finding {
	return reports.Finding{Differences: []reports.Difference{{In: reports.InAnswer, Expected: expected, Found: found}}}
}

// unsaid is a finding of which an error kept the matcher from looking.
func unsaid(f reports.Finding, err error) reports.Finding {
	var status *statusError
	if !errors.As(err, &status) {
		return inWords(f.ExpectedText(), err.Error())
	}
	return reports.Finding{Expected: f.ExpectedText(), Found: err.Error(), Differences: []reports.Difference{
		{In: reports.InStatus, Expected: "200", Found: strconv.Itoa(status.status)},
	}}
}

// statusError is an answer that can't be looked into for its status.
type statusError struct {
	text   string
	status int
}

func (e *statusError) Error() string { return e.text }

// value is the JSON that a matcher looks into.
func value(actual any) (gjson.Result, error) {
	switch actual := actual.(type) {
	case Answer:
		if err := actual.unsound(); err != nil {
			return gjson.Result{}, err
		}
		return actual.JSON(), nil
	case Drive:
		return actual.JSON(), nil
	case Appearance:
		return actual.JSON(), nil
	case List: // its first answer, for a fact that was worked out from all of them
		if err := actual.unsound(); err != nil {
			return gjson.Result{}, err
		}
		return actual.First().JSON(), nil
	case gjson.Result:
		return actual, nil
	}
	return gjson.Result{}, fmt.Errorf("%T holds no JSON", actual)
}

// valueAt is the value at a path of the JSON that a matcher looks into.
func valueAt(actual any, path string) (gjson.Result, error) {
	var answer Answer
	switch actual := actual.(type) {
	case Answer:
		answer = actual
		if err := actual.unsound(); err != nil {
			return gjson.Result{}, err
		}
	case List:
		answer = actual.First()
		if err := actual.unsound(); err != nil {
			return gjson.Result{}, err
		}
	case Drive:
		return actual.at(path), nil
	case Appearance:
		return actual.at(path), nil
	default:
		v, err := value(actual)
		return v.Get(path), err
	}
	return answer.at(path), nil
}

// Clip keeps a shown value to a length that a person reads.
func Clip(text string) string { return ClipTo(text, 4000) }
