package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

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

// RefusedForItsState reports whether a step's request was refused otherwise than it should be while the drive that it was sent to
// could not be used, as the look before it shows: it may be refused for that. This blocks the spec.
func (s Scenario) RefusedForItsState(step steps.Step, due types.GomegaMatcher) bool {
	a := s.Step(step)
	if matched, err := due.Match(a); matched && err == nil || a.Incomplete() != "" || a.Status()/100 != 4 {
		return false
	}
	status := s.SeenBefore(step).JSON().Get("status").String()
	if slices.Contains([]string{"", "unmounted", "mounted", "cloning_src"}, status) {
		return false
	}
	s.lib.Block("", "%s is refused with %d, which may be for the drive's status: %q", a.name(), a.Status(), status)
	return true
}

// ownName is a name that the suite gives to what it makes.
var ownName = regexp.MustCompile(regexp.QuoteMeta(evidence.NamePrefix) + `[0-9A-Za-z-]+`)

// NothingMade expects that no drive bears the name that a step's request gave, and that none was proven to have come of it
// under another one. Where one of the requirements fails, that says it already.
func (lib *Library) NothingMade(scenario Scenario, step steps.Step, relies ...string) {
	for n := 1; scenario.Took(step.Unnamed(n)); n++ {
		made, _ := scenario.Taken(step.Unnamed(n))
		lib.Expect(made).RelyingOn(relies...).To(NotBeMade(), "what is refused is not made, under another name either")
	}
	name := ownName.Find(scenario.Step(step).Exchange.Request.Body)
	if name != nil {
		lib.Expect(scenario.List(step.DrivesAfter())).RelyingOn(relies...).To(NameNoDrive(string(name)), "what is refused is not made")
	}
}

// NotBeMade matches no answer: it shows a drive that a request made which should have made none.
func NotBeMade() types.GomegaMatcher {
	return AnswerMatch{expected: "no drive that a job tells to have been made of its source by that request", status: true, look: func(a Answer) (string, bool) {
		drive, _ := a.Defines()
		return fmt.Sprintf("drive %s %q", ClipTo(drive.UUID, longestID), ClipTo(drive.Name, LongestShown)), false
	}}
}

// plain are the steps that ask for a clone of a library drive, or for a server, and for nothing else: whoever is refused that is
// refused all of the kind, whether or not there were some before. The second clone is asked for through the library, to avoid
// another, only once it was refused through the drives API without that.
var plain = [...]plainStep{
	{steps.LicensedClone, steps.Clone}, {steps.SideBySide, steps.FirstClone}, {steps.SideBySide, steps.SecondCloneWithAvoid},
	{steps.SideBySide, steps.Server}, {steps.Attaching, steps.Server}, {steps.Attaching, steps.SecondServerAlone},
}

type plainStep struct {
	scenario steps.Scenario
	step     steps.Step
}

// overQuota reports whether a clone or a server was refused in the words by which a plain one was: it is the account that may
// have no more of them, and not what was asked for.
func (s Scenario) overQuota(a Answer) bool {
	kind, message := creates(a.Exchange), errorMessage(a)
	return kind != "" && message != "" && slices.ContainsFunc(s.lib.Record.All(), func(x *evidence.Exchange) bool {
		if x == a.Exchange || x.Status() != http.StatusForbidden || creates(x) != kind || errorMessage(Answer{lib: s.lib, Exchange: x}) != message {
			return false
		}
		at := positionOf(x)
		return at.Part == steps.Itself && slices.ContainsFunc(plain[:], func(p plainStep) bool {
			return string(p.scenario) == x.Step.Scenario && p.step == at.Step
		})
	})
}

// clonesRefused says which clone was refused to the account, in any scenario; empty where none was.
func (lib *Library) clonesRefused() string {
	for _, x := range lib.Record.All() {
		if reads(x) || creates(x) == "" || x.Step.Scenario == "" {
			continue
		}
		s := Scenario{lib: lib, name: steps.Scenario(x.Step.Scenario)}
		if text := s.refused(s.answer(x)); text != "" {
			return text
		}
	}
	return ""
}

// errorMessage is the message of the first error that an answer tells.
func errorMessage(a Answer) string {
	body := a.JSON()
	return cmp.Or(body.Get("0.error_message").String(), body.Get("error_message").String())
}

// passedOver is why a scenario went on without a step: a write on which it rests was refused to the account, or its answer was
// not heard, or it was refused by what a requirement is about.
func (s Scenario) passedOver(step steps.Step) (cause reports.Cause, found bool) {
	for _, x := range slices.Backward(s.lib.Record.All()) {
		if x.Step.Scenario != string(s.name) || reads(x) || s.lib.Record.Answer(x.Key, x.Round) != x {
			continue
		}
		a := s.answer(x)
		if text := s.refused(a); text != "" {
			return reports.Cause{Kind: reports.CauseAnswer, Detail: text}, true
		}
		if a.Incomplete() != "" && !s.lib.shownAfter(x) {
			return reports.Cause{Kind: cmp.Or(causeOf(x), reports.CauseAnswer), Detail: lostText(x)}, true
		}
	}
	if by := s.lib.FirstFailing(append(s.judgesOfRefusals(), "LIC-01")...); by != "" {
		return reports.Cause{Kind: reports.CauseScenario, Scenario: string(s.name), Step: string(step), Requirement: by, Detail: "it went on without it"}, true
	}
	return reports.Cause{}, false
}

// LatestAsking is the last answer at a step to a request whose address has the text in it.
func (s Scenario) LatestAsking(step steps.Step, text string) (answer Answer, asked bool) {
	for _, x := range s.latestFirst() {
		if x.Key == s.name.Key(step) && strings.Contains(x.Request.URL, text) {
			return s.answer(x), true
		}
	}
	return Answer{}, false
}
