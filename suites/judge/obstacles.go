package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// causeOf is the cause of what hangs on an exchange whose answer was not heard.
func causeOf(x *evidence.Exchange) reports.CauseKind {
	switch x.Obstacle() {
	case evidence.Busy:
		return reports.CauseBusy
	case evidence.Gateway, evidence.Broken:
		return reports.CauseGateway
	}
	return ""
}

// blockAt notes that something could not be judged because of what came back in an exchange.
func (lib *Library) blockAt(x *evidence.Exchange, by, reason string) {
	if scenario, _, isStep := steps.Find(x.Key); by == "" && causeOf(x) == "" && isStep && scenario == steps.Session {
		by = lib.FirstFailing("AUTH-06") // without a session nothing is sent by it
	}
	lib.blockFor(reports.Cause{Kind: cmp.Or(causeOf(x), reports.CauseAnswer), Requirement: by, Detail: reason})
}

// Incomplete reports whether no whole answer of the endpoint's own came, which blocks the spec.
func (lib *Library) Incomplete(a Answer) bool {
	text := a.Incomplete()
	if text != "" {
		lib.blockAt(a.Exchange, "", text)
	}
	return text != ""
}

// dependent are the scenarios whose steps build on one another: what a step shows depends on whether the writes before it
// were carried out. The steps of the others stand alone, and what they look for must not be there whoever answered.
var dependent = [...]steps.Scenario{steps.LicensedClone, steps.BiggerClone, steps.SideBySide, steps.Attaching, steps.Session}

// lostBefore is the first write before a step of the same scenario whose answer was not heard, so that nobody knows whether
// it was carried out; nil where there is none, or where the step looks at the library, which no write may change.
func (lib *Library) lostBefore(x *evidence.Exchange) *evidence.Exchange {
	if x == nil {
		return nil
	}
	scenario, _, isStep := steps.Find(x.Key)
	if !isStep || !slices.Contains(dependent[:], scenario) || strings.Contains(x.Request.Path(), "/libdrives/") && reads(x) && scenario != steps.Session {
		return nil
	}
	for _, earlier := range lib.Record.All()[:x.Number-1] {
		mine := strings.HasPrefix(earlier.Key, scenario.Key("")) || scenario == steps.Session && (earlier.Key == evidence.LoginKey || earlier.Key == evidence.LogoutKey)
		if mine && !reads(earlier) && lib.Record.Answer(earlier.Key, earlier.Round) == earlier && (Answer{lib: lib, Exchange: earlier}).Incomplete() != "" && !lib.shownAfter(earlier) {
			return earlier
		}
	}
	return nil
}

// unheardLook is the first exchange that was looked at and that brought no whole answer; nil where there is none.
func (lib *Library) unheardLook() *evidence.Exchange {
	at := slices.IndexFunc(lib.Looked, func(x *evidence.Exchange) bool { return (Answer{lib: lib, Exchange: x}).Incomplete() != "" })
	if at < 0 {
		return nil
	}
	return lib.Looked[at]
}

// lostText says that what follows a write can't be judged.
func lostText(lost *evidence.Exchange) string {
	return fmt.Sprintf("whether %s %s was carried out is not known: %s", lost.Request.Method, lost.Request.Path(), cmp.Or(lost.Failure, lost.ObstacleText()))
}

func reads(x *evidence.Exchange) bool { return evidence.IsRead(x.Request.Method) }

// unheard is the exchange that kept a scenario from going on, where that is the way to the endpoint: the last one that
// was not heard. It is nil where the scenario ended for another reason.
func (s Scenario) unheard() *evidence.Exchange {
	mine := s.latestFirst()
	if len(mine) == 0 {
		return nil
	}
	if last := mine[0]; s.lib.Record.Answer(last.Key, last.Round) == last && last.Obstacle() != evidence.NoObstacle {
		return last
	}
	return s.lib.lostBefore(mine[0])
}
