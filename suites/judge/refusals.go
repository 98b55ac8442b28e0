package judge

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Unheard reports whether the answer says no more than that it should be asked for another time, or is not the endpoint's own,
// which blocks the spec: the credentials were not looked at, or the account is locked for a while.
func (lib *Library) Unheard(answer Answer) bool {
	if answer.Exchange.Obstacle() == evidence.NoObstacle {
		return false
	}
	lib.blockAt(answer.Exchange, "", answer.Incomplete())
	return true
}

// LockedOut reports whether the answer to a wrong password or digest accuses nobody, which blocks the spec: it was not looked at,
// or the account is locked for a while.
func (lib *Library) LockedOut(answer Answer) bool {
	switch {
	case answer.Pending():
		return false
	case answer.Status() == http.StatusForbidden:
		lib.blockFor(reports.Cause{Kind: reports.CauseBusy, Detail: answer.name() + " was answered 403, as by an endpoint that locks an account for a while"})
		return true
	case answer.Exchange.Response == nil:
		return lib.Incomplete(answer)
	}
	return lib.Unheard(answer)
}

// SmallestFailing is the answer to the smallest part of a body that the endpoint fails at, as it does at the whole. What
// it carries out is not sent again.
func SmallestFailing(scenario Scenario, step steps.Step, whole Answer) Answer {
	if !failed(whole) {
		return whole
	}
	smallest := whole
	for n := 1; scenario.Took(step.Smaller(n)); n++ {
		smaller, _ := scenario.Taken(step.Smaller(n))
		if failed(smaller) && sizeBesideName(smaller) < sizeBesideName(smallest) {
			smallest = smaller
		}
	}
	if smallest.Exchange != whole.Exchange {
		smallest.Subject.Words += fmt.Sprintf(" (minimized from %s)", ClipTo(string(whole.Exchange.Request.Body), 60))
	}
	return smallest
}

// sizeBesideName is the length of a body but for the name that the suite gave, which has more digits the later it is.
func sizeBesideName(a Answer) int { return len(ownName.ReplaceAll(a.Exchange.Request.Body, nil)) }

// failed reports whether the endpoint failed at a write instead of refusing it. Where the answer was lost on the way, nobody
// knows.
func failed(a Answer) bool { return a.Incomplete() == "" && a.Status() >= 500 }

// RefuseAsInvalid matches a 400 with errors of the type validation.
func RefuseAsInvalid() types.GomegaMatcher {
	return AnswerMatch{expected: "400 with a validation error", status: true, look: func(a Answer) (string, bool) {
		if a.Status() != 400 {
			return statusOrSilence(a), false
		}
		_, holds := HaveErrorType("validation").(AnswerMatch).look(a)
		return statusOf(a), holds
	}}
}

// ownName is a name that the suite gives to what it makes.
var ownName = regexp.MustCompile(regexp.QuoteMeta(evidence.NamePrefix) + `[0-9A-Za-z-]+`)

// NothingMade expects that no drive bears the name that a step's request gave, and that none was proven to have come of it
// under another one.
func (lib *Library) NothingMade(scenario Scenario, step steps.Step) {
	for n := 1; scenario.Took(step.Unnamed(n)); n++ {
		made, _ := scenario.Taken(step.Unnamed(n))
		lib.Expect(made).To(NotBeMade(), "what is refused is not made, under another name either")
	}
	name := ownName.Find(scenario.Step(step).Exchange.Request.Body)
	if name != nil {
		lib.Expect(scenario.List(step.DrivesAfter())).To(NameNoDrive(string(name)), "what is refused is not made")
	}
}

// NotBeMade matches no answer: it shows a drive that a request made which should have made none.
func NotBeMade() types.GomegaMatcher {
	return AnswerMatch{expected: "no drive that a job tells to have been made of its source by that request", status: true, look: func(a Answer) (string, bool) {
		drive, _ := a.Defines()
		return fmt.Sprintf("drive %s %q", ClipTo(drive.UUID, longestID), ClipTo(drive.Name, LongestShown)), false
	}}
}
