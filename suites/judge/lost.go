package judge

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

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
			before = shows(lib.Parsed.body(x).value, asked)
		default:
			after = shows(lib.Parsed.body(x).value, asked)
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
