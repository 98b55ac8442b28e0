package judge

import (
	"fmt"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// AnswerMatch is a Gomega matcher over all of an answer, whatever its status: headers, format, and where it says so even the
// way in which it did not come.
type AnswerMatch struct {
	expected string
	look     func(Answer) (found string, holds bool)
	status   bool                          // it is about the status
	header   string                        // that it is about, if it is about one
	suffers  func(*evidence.Exchange) bool // the exchanges without a whole answer that it judges all the same; nil is none
	echo     bool                          // it is about secrets that are removed from what is shown
}

func (m AnswerMatch) judgesStatus() {}

func (m AnswerMatch) judgesBroken(x *evidence.Exchange) bool { return m.suffers != nil && m.suffers(x) }

func (m AnswerMatch) Match(actual any) (bool, error) {
	a, ok := actual.(Answer)
	if !ok {
		return false, fmt.Errorf("only an answer can be looked at whole")
	}
	_, holds := m.look(a)
	return holds, nil
}

func (m AnswerMatch) explain(actual any) reports.Finding {
	a, ok := actual.(Answer)
	if !ok {
		return inWords(m.expected, "")
	}
	text, _ := m.look(a)
	f := inWords(m.expected, Clip(text))
	switch {
	case m.status && a.Exchange.Response != nil:
		f = haveStatus{}.explain(a)
		f.Expected, f.Differences[0].Expected = m.expected, m.expected
	case m.header != "":
		f.Differences[0].In, f.Differences[0].Path = reports.InHeader, m.header
	}
	return f
}

func (m AnswerMatch) FailureMessage(actual any) string { return message(m, actual) }

func (m AnswerMatch) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// statusOf is how findings tell an answer's status.
func statusOf(a Answer) string {
	return haveStatus{}.explain(a).FoundText()
}
