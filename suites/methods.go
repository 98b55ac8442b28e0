package suites

import (
	"net/http"
	"net/url"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Allowed HTTP methods: only GET is allowed on the library.
func methods(s *Suite) {
	for _, forbidden := range []struct {
		id    string
		tried []steps.Step
	}{
		{"METHOD-01", []steps.Step{steps.PostList}}, {"METHOD-02", []steps.Step{steps.PutList}}, {"METHOD-03", []steps.Step{steps.DeleteList}},
		{"METHOD-04", []steps.Step{steps.PostSingle}}, {"METHOD-05", []steps.Step{steps.PutSingle}}, {"METHOD-06", []steps.Step{steps.DeleteSingle}},
		{"METHOD-07", []steps.Step{steps.PostDetail, steps.PutDetail, steps.DeleteDetail, steps.PostSchema, steps.PutSchema, steps.DeleteSchema}},
	} {
		s.Requirement(forbidden.id, func(lib *Library) {
			for _, step := range forbidden.tried {
				lib.Expect(lib.Scenario(steps.ForbiddenMethods).Step(step)).To(HaveStatus(405), "only GET is allowed on the library")
			}
		})
	}

	s.Requirement("METHOD-13", func(lib *Library) {
		for _, step := range []steps.Step{steps.PatchList, steps.PatchDetail, steps.PatchSingle} {
			lib.Expect(lib.Scenario(steps.ForbiddenMethods).Step(step)).To(HaveStatus(405, 501), "nothing of the library can be patched")
		}
	})

	s.Requirement("METHOD-08", func(lib *Library) {
		scenario := lib.Scenario(steps.ForbiddenMethods)
		for _, step := range steps.Forbidden() {
			if scenario.Took(step) {
				unchanged(lib, scenario, step)
				if scenario.Took(step.DrivesAfter()) {
					lib.NothingMade(scenario, step, unknownThere(lib, step)...)
				}
			}
		}
		harmedBeside(lib)
		madeByGet(lib, scenario)
		for _, step := range steps.Forbidden() {
			if step != steps.DeleteAmong { // not sent to every account
				scenario.Step(step) // what was not sent is not judged
			}
		}
	})

	s.Requirement("METHOD-09", func(lib *Library) {
		options := lib.Answer(Read{Method: http.MethodOptions, Path: LibdrivesPath}).About("OPTIONS of the list")
		if !lib.Expect(options).To(HaveStatus(200), "OPTIONS is answered") {
			return
		}
		lib.Expect(options).To(NameMethod("GET"), "OPTIONS names GET")
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			lib.Expect(options).To(NameNoMethod(method), "OPTIONS names no method that is not allowed")
		}
		for _, refused := range lib.MethodsRefused() {
			for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
				lib.Expect(refused).To(NotAllow(method), "a 405 allows no method that is not allowed")
			}
		}
	})

	s.Requirement("METHOD-14", func(lib *Library) {
		paths := []string{LibdrivesDetailPath, LibdrivesSchemaPath}
		for _, drive := range material.Few(lib, 1) {
			paths = append(paths, LibdrivesPath+url.PathEscape(drive.UUID)+"/")
		}
		for _, path := range paths {
			options := lib.Answer(Read{Method: http.MethodOptions, Path: path}).About("OPTIONS /" + path)
			lib.Expect(options).To(HaveStatus(200), "OPTIONS is answered")
			if options.Pending() || options.Status() != 200 {
				continue
			}
			lib.Expect(options).To(NameMethod("GET"), "OPTIONS names GET")
			for _, method := range []string{"PUT", "DELETE", "PATCH"} {
				lib.Expect(options).To(NameNoMethod(method), "OPTIONS names no method that is not allowed")
			}
		}
	})

	s.Requirement("METHOD-10", func(lib *Library) {
		head := lib.Answer(Read{Method: http.MethodHead, Path: LibdrivesPath}).About("HEAD of the list")
		get := lib.Plain().Await()
		lib.Expect(head).Comparing(get).To(HaveStatus(get.Status(), 405), "HEAD answers the status of GET, or 405")
		// Whether a body follows can't be known: a client reads none after the headers of an answer to HEAD.
		if head.Status() == get.Status() {
			lib.Expect(head).Comparing(get).To(HaveType(MediaType(get)), "HEAD answers the Content-Type of GET")
			lib.Expect(head).Comparing(get).To(NotSayEmpty(get), "HEAD does not say that there is no body where GET has one")
		}
	})

	s.Requirement("METHOD-11", func(lib *Library) {
		scenario := lib.Scenario(steps.ForbiddenMethods)
		lib.Expect(scenario.Step(steps.PutDrive)).To(Refusing(), "a library drive can't be edited through the drives API, not even to be as it is")
		unchanged(lib, scenario, steps.PutDrive)
	})

	s.Requirement("METHOD-12", func(lib *Library) {
		scenario := lib.Scenario(steps.ForbiddenMethods)
		lib.Expect(scenario.Step(steps.DeleteDrive)).To(Refusing(), "a library drive can't be deleted through the drives API")
		unchanged(lib, scenario, steps.DeleteDrive)
	})

	s.Requirement("METHOD-15", func(lib *Library) {
		scenario := lib.Scenario(steps.ForbiddenMethods)
		for _, step := range []steps.Step{steps.ResizeSingle, steps.ResizeDrive} {
			lib.Expect(scenario.Step(step)).RelyingOn(unknownThere(lib, step)...).To(Refusing(), "a library drive can't be resized, neither under /libdrives/ nor through the drives API, not even to be as it is")
			unchanged(lib, scenario, step)
		}
		if deleted, taken := scenario.Taken(steps.DeleteAmong); taken {
			if deleted.Status() != http.StatusNoContent { // as for nothing
				lib.Expect(deleted).To(Refusing(), "a library drive can't be deleted among the account's drives")
			}
			unchanged(lib, scenario, steps.DeleteAmong)
		}
	})
}

// unknownThere is what says of every action but the clone that there is none under /libdrives/, where a step asks for one.
func unknownThere(lib *Library, step steps.Step) []string {
	if step != steps.ResizeSingle {
		return nil
	}
	return lib.ThatRan(steps.UnknownActions, "ROBUST-05")
}

// madeByGet expects that a GET of the clone action makes no clone. It is asked for where a clone that it made would be known by its
// job.
func madeByGet(lib *Library, scenario Scenario) {
	answer, taken := scenario.Taken(steps.GetClone)
	if !taken {
		return
	}
	for _, clone := range lib.Clones() {
		if clone.MadeAt(steps.ForbiddenMethods, steps.GetClone) {
			lib.Expect(answer).To(NotBeMade(), "a GET makes no clone")
		}
	}
	lib.NothingMade(scenario, steps.GetClone)
}

// unchanged expects the library drive and the list to be after a step as they were when the scenario looked before it:
// what an earlier step changed is not reported again. A drive that is new in the list is held against the endpoint where it
// bears the name that the request gave; others may put one there. Where the request was refused, what became of other
// drives than the one that is probed is not held against it: the provider may correct any at any time.
func unchanged(lib *Library, scenario Scenario, step steps.Step) {
	before := scenario.LookBefore(step)
	now, then := scenario.Step(scenario.Latest(step.ThenDrive())), scenario.Drive(scenario.Latest(before.ThenDrive()))
	lib.Expect(now).UnlessCorrected(scenario).To(EqualFields(then, "the library drive after "+string(step), "the library drive before", lib.Unmoved()...), "a request that is refused leaves the library drive as it was")
	after, was := scenario.Step(scenario.Latest(step.ThenList())).AsList(), scenario.Step(scenario.Latest(before.ThenList())).AsList()
	lib.Expect(after).RelyingOn(scenario.UnlessHarmed(step, "LIST-07")...).To(NameAllOf(Unique(was.Drives)), "a request that is refused takes no drive off the list")
	carriedOut := scenario.Step(step).Welcome()
	for drive, entry := range after.Shared(was) {
		if carriedOut || drive.UUID == then.UUID {
			lib.Expect(drive).UnlessCorrected(scenario).To(EqualFields(entry, "the list after "+string(step), "the list before", lib.Unmoved()...), "a request that is refused leaves the list as it was")
		}
	}
	scenario.TellOthers(step, after, was)
	for _, added := range scenario.AddedBy(step, after, was) {
		lib.Expect(after).To(NotNameDrive(added.UUID), "a request that is refused puts no drive on the list")
	}
}

// harmedBeside expects the library drives that other probes were sent to, actions that there are not and clone requests that
// make no sense, to be as they were before.
func harmedBeside(lib *Library) {
	for scenario, step := range lib.HarmedAt(steps.UnknownActions, steps.HostileClones) {
		now, then := scenario.Step(scenario.Latest(step.ThenDrive())), scenario.SeenBefore(step)
		lib.Expect(now).To(EqualFields(then, "the library drive after "+string(step), "the library drive before", lib.Unmoved()...), "a request that is refused leaves the library drive as it was")
	}
}
