package judge

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/evidence"
)

// AnswerMatch is a Gomega matcher over all of an answer, whatever its status: headers, format, and where it says so even the
// way in which it did not come.
type AnswerMatch struct {
	expected string
	look     func(Answer) (found string, holds bool)
	suffers  func(*evidence.Exchange) bool // the exchanges without a whole answer that it judges all the same; nil is none
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

func (m AnswerMatch) explain(actual any) (expected, found string) {
	if a, ok := actual.(Answer); ok {
		found, _ = m.look(a)
	}
	return m.expected, Clip(found)
}

func (m AnswerMatch) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m AnswerMatch) NegatedFailureMessage(actual any) string {
	return "not " + m.FailureMessage(actual)
}

// BeSo matches an answer of which a fact holds that was worked out from the record; it says what was expected and found.
func BeSo(holds bool, expected, found string) types.GomegaMatcher {
	return AnswerMatch{expected: expected, look: func(Answer) (string, bool) { return found, holds }}
}

// statusOf is how findings tell an answer's status.
func statusOf(a Answer) string {
	_, found := haveStatus{}.explain(a)
	return found
}
