package suites

import (
	"net/http"

	. "github.com/libdrives/conformance/suites/judge"
)

// Allowed HTTP methods: only GET is allowed on the library.
func methods(s *Suite) {
	for _, forbidden := range []struct {
		id    string
		steps []string
	}{
		{"METHOD-01", []string{"POST libdrives/"}}, {"METHOD-02", []string{"PUT libdrives/"}}, {"METHOD-03", []string{"DELETE libdrives/"}},
		{"METHOD-04", []string{"POST libdrives/LIB/"}}, {"METHOD-05", []string{"PUT libdrives/LIB/"}}, {"METHOD-06", []string{"DELETE libdrives/LIB/"}},
		{"METHOD-07", []string{"POST libdrives/detail/", "PUT libdrives/detail/", "DELETE libdrives/detail/"}},
	} {
		s.Requirement(forbidden.id, func(lib *Library) {
			for _, step := range forbidden.steps {
				lib.Expect(lib.Scenario(ForbiddenMethods).Step(step)).To(HaveStatus(405), "only GET is allowed on the library")
			}
		})
	}

	s.Requirement("METHOD-08", func(lib *Library) {
		story := lib.Scenario(ForbiddenMethods)
		for _, step := range forbiddenSteps {
			if story.Took(step) {
				unchanged(lib, story, step)
			}
		}
		for _, step := range forbiddenSteps {
			story.Step(step) // what was not sent is not judged
		}
	})

	s.Requirement("METHOD-09", func(lib *Library) {
		options := lib.Answer(Read{Method: http.MethodOptions, Path: LibdrivesPath}).About("OPTIONS of the list")
		lib.Expect(options).To(HaveStatus(200), "OPTIONS is answered")
		if options.Pending() || options.Status() != 200 {
			return
		}
		lib.Expect(options).To(NameMethod("GET"), "OPTIONS names GET")
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			lib.Expect(options).To(NameNoMethod(method), "OPTIONS names no method that is not allowed")
		}
	})

	s.Requirement("METHOD-10", func(lib *Library) {
		get := lib.Plain()
		head := lib.Answer(Read{Method: http.MethodHead, Path: LibdrivesPath}).About("HEAD of the list")
		if get.Pending() || head.Pending() {
			return
		}
		if lib.Incomplete(get) {
			return
		}
		lib.Expect(head).To(HaveStatus(get.Status(), 405), "HEAD answers the status of GET, or 405")
		// Whether a body follows can't be told: a client reads none after the headers of an answer to HEAD.
		if head.Status() == get.Status() {
			lib.Expect(head).To(HaveType(MediaType(get)), "HEAD answers the Content-Type of GET")
		}
	})

	s.Requirement("METHOD-11", func(lib *Library) {
		story := lib.Scenario(ForbiddenMethods)
		lib.Expect(story.Step("PUT drives/LIB/")).To(HaveStatus(403, 405), "a library drive can't be edited through the drives API")
		unchanged(lib, story, "PUT drives/LIB/")
	})

	s.Requirement("METHOD-12", func(lib *Library) {
		story := lib.Scenario(ForbiddenMethods)
		lib.Expect(story.Step("DELETE drives/LIB/")).To(HaveStatus(403, 404, 405), "a library drive can't be deleted through the drives API")
		unchanged(lib, story, "DELETE drives/LIB/")
	})
}

// forbiddenSteps are the steps of the story after which it looks at the drive and the list, in their order.
var forbiddenSteps = [...]string{
	"POST libdrives/LIB/", "POST libdrives/detail/", "POST libdrives/",
	"PUT libdrives/LIB/", "PUT libdrives/detail/", "PUT libdrives/", "PUT drives/LIB/",
	"DELETE libdrives/LIB/", "DELETE libdrives/detail/", "DELETE libdrives/", "DELETE drives/LIB/",
}

// lookBefore is the step after which the story looked last before it came to a step.
func lookBefore(s Scenario, step string) string {
	last := "before"
	for _, earlier := range forbiddenSteps {
		if earlier == step {
			break
		}
		if s.Took(earlier + " then drive") {
			last = earlier
		}
	}
	return last
}

// unchanged expects the library drive and the list to be after a step as they were when the story looked before it:
// what an earlier step changed is not told again. A drive that is new in the list is held against the endpoint where it
// bears the name that the request gave; others may put one there.
func unchanged(lib *Library, story Scenario, step string) {
	before := lookBefore(story, step)
	now, then := story.Step(story.Latest(step+" then drive")), story.Drive(story.Latest(before+" then drive"))
	lib.Expect(now).To(EqualDrive(then.JSON, then.From, "the library drive after "+step, "the library drive before"), "a request that is refused leaves the library drive as it was")
	after, was := story.Step(story.Latest(step+" then list")).AsList(), story.Step(story.Latest(before+" then list")).AsList()
	lib.Expect(after).RelyingOn(story.UnlessHarmed(step, "LIST-07")...).To(NameAllOf(Unique(was.Drives)), "a request that is refused takes no drive off the list")
	entries := was.Index()
	for _, drive := range after.Drives {
		if entry, listed := entries[drive.UUID]; listed {
			lib.Expect(drive).To(EqualDrive(entry.JSON, entry.From, "the list after "+step, "the list before"), "a request that is refused leaves the list as it was")
		}
	}
	for _, added := range story.AddedBy(step, after, was) {
		lib.Expect(after).To(NotNameDrive(added.UUID), "a request that is refused puts no drive on the list")
	}
}
