package judge

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// plain are the steps that ask for a clone of a library drive, or for a server, and for nothing else: whoever is refused that is
// refused all of the kind, whether or not there were some before.
var plain = [...]plainStep{
	{steps.LicensedClone, steps.Clone}, {steps.SideBySide, steps.FirstClone},
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
