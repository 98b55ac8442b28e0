package judge

import (
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// What became of the run's own writes to its clones and servers, whichever scenario sent them.

// DeletesDoneOrFailed are the whole answers to the account's requests to delete a clone of the run's that say that it is deleted, or that
// the endpoint failed at it, those that clean up among them. One that is refused may be asked for too early.
func (lib *Library) DeletesDoneOrFailed() []Answer {
	return append(lib.writtenToClones(http.MethodDelete, 2), lib.writtenToClones(http.MethodDelete, 5)...)
}

// writtenToClones are the whole answers of a class of statuses to the requests that the account wrote by a method for a clone of the run's.
func (lib *Library) writtenToClones(method string, class int) []Answer {
	clones := map[string]bool{}
	for _, clone := range lib.Clones() {
		clones[strings.ToLower(clone.UUID)] = true
	}
	written := lib.written(method, class, func(path string) bool {
		below, under := strings.CutPrefix(path, DrivesPath)
		uuid, _, _ := strings.Cut(below, "/")
		return under && clones[strings.ToLower(uuid)]
	})
	return slices.DeleteFunc(written, func(a Answer) bool { return a.Exchange.Request.As != evidence.Account })
}

// DeletesMoved are the answers to these requests that lead elsewhere.
func (lib *Library) DeletesMoved() []Answer { return lib.writtenToClones(http.MethodDelete, 3) }

// EditsMoved are the answers to the account's edits and resizes of the run's clones that lead elsewhere.
func (lib *Library) EditsMoved() []Answer {
	moved := append(lib.writtenToClones(http.MethodPut, 3), lib.writtenToClones(http.MethodPost, 3)...)
	return slices.DeleteFunc(moved, func(a Answer) bool { return strings.Contains(a.Exchange.Request.Path(), "do=clone") })
}

// ServerEditsMoved are those of the account's edits of the run's servers.
func (lib *Library) ServerEditsMoved() []Answer {
	made := lib.serversMade()
	moved := lib.written(http.MethodPut, 3, func(path string) bool { return made[strings.ToLower(serverNamed(path))] })
	return slices.DeleteFunc(moved, func(a Answer) bool { return a.Exchange.Request.As != evidence.Account })
}

// written are the whole answers of a class of statuses to the run's requests by a method.
func (lib *Library) written(method string, class int, to func(path string) bool) (answers []Answer) {
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		if x.Request.Method != method || !to(path) || x.Status()/100 != class {
			continue
		}
		if a := (Scenario{lib: lib, name: steps.Scenario(x.Step.Scenario)}).answer(x); a.Incomplete() == "" {
			answers = append(answers, a)
		}
	}
	return answers
}
