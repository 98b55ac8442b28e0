package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
	"github.com/tidwall/gjson"
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

// A write whose answer was not heard may have been carried out all the same. Where a later look shows that it was, what follows
// is judged; what the answer itself should have been is not.

// shownAfter reports whether a later look shows that a write was carried out whose answer was not heard.
func (lib *Library) shownAfter(write *evidence.Exchange) bool {
	if made := lib.Record.Answer(string(steps.Step(write.Key).Made(1)), 1); made != nil {
		return made.Status() == http.StatusOK
	}
	if gone := lib.Record.Answer(string(steps.Step(write.Key).Gone()), 1); gone != nil {
		return gone.Status() == http.StatusNotFound || gone.Status() == http.StatusGone
	}
	return lib.editShown(write)
}

// editShown reports whether what an edit, or a resize, asked for is shown by a look after it, and was not by the look before.
func (lib *Library) editShown(write *evidence.Exchange) bool {
	if write.Request.Method != http.MethodPut && !strings.Contains(write.Request.Path(), "do=resize") || !gjson.ValidBytes(write.Request.Body) {
		return false
	}
	asked, path := gjson.ParseBytes(write.Request.Body), pathOf(write)
	before, after := false, false
	for _, x := range lib.Record.All() {
		switch {
		case pathOf(x) != path || x == write:
		case x.Number > write.Number && !reads(x):
			return after && !before // another write of the same
		case x.Status() != http.StatusOK || (Answer{lib: lib, Exchange: x}).Incomplete() != "":
		case x.Number < write.Number:
			before = shows(lib.Parsed.value(x), asked)
		default:
			after = shows(lib.Parsed.value(x), asked)
		}
	}
	return after && !before
}

// pathOf is the path of the drive or server that an exchange is about.
func pathOf(x *evidence.Exchange) string {
	path, _, _ := strings.Cut(x.Request.Path(), "?")
	return strings.TrimSuffix(path, "action/")
}

// shows reports whether a definition has the name, the size and the drives that were asked for.
func shows(definition, asked gjson.Result) bool {
	drives := func(of gjson.Result) (uuids []string) {
		for _, entry := range of.Get("drives").Array() {
			drive := entry.Get("drive")
			if drive.IsObject() {
				drive = drive.Get("uuid")
			}
			uuids = append(uuids, strings.ToLower(drive.String()))
		}
		slices.Sort(uuids)
		return uuids
	}
	size, sized := WholeNumber(asked.Get("size"))
	has, _ := WholeNumber(definition.Get("size"))
	return definition.Get("name").String() == asked.Get("name").String() && (!sized || has >= size) &&
		(!asked.Get("drives").Exists() || slices.Equal(drives(definition), drives(asked)))
}

// foundAfter is the look at what a step made whose answer does not say: it was found by its name.
func (s Scenario) foundAfter(step steps.Step, a Answer) (found Answer, is bool) {
	if _, defined := a.Defines(); defined && a.Welcome() {
		return Answer{}, false
	}
	found, is = s.Taken(step.Made(1))
	return found, is && found.Welcome()
}

// Granted reports whether a step's request was carried out, as its answer or a later look says.
func (s Scenario) Granted(a Answer) bool { return a.Welcome() || s.lib.shownAfter(a.Exchange) }

// RequireDone ends the spec unless a step's request was carried out, as its answer or a later look says.
func (s Scenario) RequireDone(step steps.Step) Answer {
	a := s.Step(step)
	if !s.lib.shownAfter(a.Exchange) {
		s.lib.Require(a)
	}
	return a
}

// Heard reports whether it is known what a step's request came to. Where it is not, that blocks the spec.
func (s Scenario) Heard(step steps.Step) bool {
	a, taken := s.Taken(step)
	return !taken || s.lib.shownAfter(a.Exchange) || !s.lib.Incomplete(a)
}
