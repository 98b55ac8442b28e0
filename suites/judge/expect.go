package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// Assertion is what is expected of something that the record shows.
type Assertion struct {
	lib    *Library
	actual any
	relies []string
}

// Expect begins an assertion about an Answer, a Drive of a list, or a List. Unlike Gomega's own it does not end the
// spec when it fails: every subject is looked at, so that the report can say how many are wrong.
func (lib *Library) Expect(actual any) Assertion { return Assertion{lib: lib, actual: actual} }

// explainer is a matcher that can say apart what it expected and what it found.
type explainer interface {
	explain(actual any) (expected, found string)
}

// comparer is a matcher that compares with another answer.
type comparer interface{ against() *evidence.Exchange }

// judgesStatus is a matcher for which an answer other than 200 is no hindrance.
type judgesStatus interface{ judgesStatus() }

// judgesBroken is a matcher for which an answer that did not come whole may be something to judge.
type judgesBroken interface {
	judgesBroken(x *evidence.Exchange) bool
}

// existential is a matcher whose failure may be about which drives exist, which others may change while the suite
// reads.
type existential interface{ aboutExistence(actual any) bool }

// RelyingOn is the same assertion, where a failure says nothing new if one of these requirements fails: it is then
// blocked by that one.
func (a Assertion) RelyingOn(ids ...string) Assertion {
	a.relies = append(a.relies[:len(a.relies):len(a.relies)], ids...)
	return a
}

// To asserts that the actual matches; rule says in words what should hold, and stands by itself in the report. It
// reports whether it does. Where the answer itself is not sound and another requirement says that it should be, the
// assertion is blocked by that one instead of failing.
func (a Assertion) To(matcher types.GomegaMatcher, rule string) bool {
	source, pending := a.source()
	if pending {
		return false
	}
	if source.Exchange != nil {
		a.lib.Look(source.Exchange)
		if hindrance, by := a.precondition(source, matcher); hindrance != "" && (by == "" || a.lib.Fails(by)) {
			a.lib.blockAt(source.Exchange, by, hindrance)
			return false
		}
	}
	a.lib.looks[a.subject()] = true
	if !slices.Contains(a.lib.Rules, rule) {
		a.lib.Rules = append(a.lib.Rules, rule)
	}
	matched, err := matcher.Match(a.actual)
	if matched && err == nil {
		return true
	}
	if lost := a.lib.lostBefore(source.Exchange); lost != nil {
		a.lib.blockAt(lost, "", lostText(lost))
		return false
	}
	if by := a.lib.FirstFailing(a.relies...); by != "" {
		a.lib.Block(by, "%s is not as it should be (%s)", a.subject(), rule)
		return false
	}
	f := finding{Finding: reports.Finding{Subject: a.subject(), Rule: rule, Exchange: source.Exchange}}
	switch m := matcher.(type) {
	case explainer:
		f.Expected, f.Found = m.explain(a.actual)
	default:
		f.Found = matcher.FailureMessage(a.actual)
	}
	if err != nil {
		f.Found = err.Error()
	}
	if c, ok := matcher.(comparer); ok {
		f.Against = c.against()
	}
	if e, ok := matcher.(existential); ok {
		f.existence = e.aboutExistence(a.actual)
	}
	if w, ok := matcher.(AnswerMatch); ok {
		f.echo = w.echo
	}
	a.lib.Findings = append(a.lib.Findings, f)
	return false
}

// source is the answer that the actual stands in.
func (a Assertion) source() (source Answer, pending bool) {
	switch actual := a.actual.(type) {
	case Answer:
		return actual, actual.Pending()
	case Drive:
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
		if m, ok := matcher.(judgesBroken); ok && m.judgesBroken(source.Exchange) && (!source.Exchange.Closed() || a.lib.brokenByEndpoint(source.Exchange)) {
			return "", ""
		}
		return text, ""
	}
	if _, isDrive := a.actual.(Drive); isDrive {
		return "", ""
	}
	by = source.blocker()
	if _, ok := matcher.(judgesStatus); ok || by == "" || by == a.lib.id {
		return "", ""
	}
	return source.Problem(), by
}

func (a Assertion) subject() string {
	switch actual := a.actual.(type) {
	case Answer:
		return actual.name()
	case Drive:
		return actual.Title()
	case List:
		return actual.Name
	}
	return ""
}

// value is the JSON that a matcher looks into.
func value(actual any) (gjson.Result, error) {
	switch actual := actual.(type) {
	case Answer:
		if text := actual.Problem(); text != "" {
			return gjson.Result{}, fmt.Errorf("%s", text)
		}
		return actual.JSON(), nil
	case Drive:
		return actual.JSON, nil
	case List: // its first answer, for a fact that was worked out from all of them
		if text := actual.Problem(); text != "" {
			return gjson.Result{}, fmt.Errorf("%s", text)
		}
		return actual.First().JSON(), nil
	case gjson.Result:
		return actual, nil
	}
	return gjson.Result{}, fmt.Errorf("%T holds no JSON", actual)
}

// Clip keeps a shown value to a length that a person reads.
func Clip(text string) string {
	const longest = 4000
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
