package suites

import (
	"net/url"
	"regexp"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// Cloning, continued: the job that makes the clone, clones side by side, and the end of one.
func cloningJobs(s *Suite) {
	s.Requirement("CLONE-09", func(lib *Library) {
		story := lib.Story(licensedClone)
		polls := story.polls("job")
		looks := []Drive{story.drive("clone")}
		for _, look := range polls {
			if look.drive != nil && look.drive.problem() == "" {
				if drive, defined := look.drive.defines(); defined {
					looks = append(looks, drive)
				}
			}
		}
		for _, clone := range looks {
			if stillRuns(polls, clone.from) {
				lib.Expect(clone).RelyingOn("CLONE-10").To(HaveJSON("status", BeOneOf("cloning_dst", "copying")), "while its job runs, the clone is being copied")
			}
		}
		lib.Expect(story.drive("clone done")).RelyingOn("CLONE-10").To(HaveJSON("status", BeText("unmounted")), "once its job is done, the clone is unmounted")
	})

	s.Requirement("CLONE-10", func(lib *Library) {
		story := lib.Story(licensedClone)
		lib.Expect(story.drive("clone")).To(HaveJSON("jobs", HoldOne()), "the clone refers to exactly one job")
		for _, look := range story.polls("job") {
			if look.job != nil {
				lib.expectCloneJob(*look.job)
			}
		}
		job := story.Step("job")
		lib.expectCloneJob(job)
		lib.Expect(job).To(BeDone(), "the job comes to its end")
	})

	s.Requirement("CLONE-17", func(lib *Library) {
		story := lib.Story(sideBySide)
		answer := story.Step("second clone")
		if without, taken := story.taken("second clone without avoid"); taken { // it may be for what it avoids that it was refused
			answer = without
		}
		lib.Expect(answer).To(HaveStatus(202), "a library drive can be cloned through the drives API too")
	})

	s.Requirement("CLONE-18", func(lib *Library) {
		story := lib.Story(licensedClone)
		clone := story.drive("clone")
		lib.Expect(story.Step("delete")).To(HaveStatus(204), "the clone can be deleted")
		lib.Expect(story.Step("after delete")).To(HaveStatus(404), "a deleted clone is not found")
		for _, step := range []string{"drives after delete", "drives detail after delete"} {
			lib.Expect(story.list(step)).To(NotNameDrive(clone.UUID), "a deleted clone is in no list of drives")
		}
	})

	s.Requirement("CLONE-19", func(lib *Library) {
		story := lib.Story(sideBySide)
		first, second := story.drive("first clone"), story.drive(story.second())
		lib.Expect(second).To(HaveJSON("uuid", BeOtherThan(first.UUID)), "two clones of a drive have different uuids")
		for _, step := range []string{"first done", "second done"} {
			lib.Expect(story.Step(step)).To(HaveStatus(200), "both clones are there")
		}
		lib.Expect(story.Step("second after delete")).To(HaveStatus(200), "the second clone is there when the first was deleted")
	})

	s.Requirement("CLONE-20", func(lib *Library) {
		story := lib.Story(sideBySide)
		answer := story.Step("second clone")
		if with, taken := story.taken("second clone with avoid"); taken { // it may be for the drives API that it was refused
			answer = with
		}
		lib.Expect(answer).To(BeAccepted(), "a clone may avoid another drive")
	})
}

// expectCloneJob asserts that the answer is of a job that clones a drive.
func (lib *Library) expectCloneJob(job Answer) {
	if lib.Expect(job).To(HaveStatus(200), "the clone's job can be got") {
		lib.Expect(job).To(HaveJSON("operation", BeText("drive_clone")), "the clone's job is a drive_clone")
	}
}

// stillRuns reports whether the job was seen running after an answer had come. A job that is done by then may have been
// done before the answer was made.
func stillRuns(polls []poll, answer *evidence.Exchange) bool {
	ended := answer.Started.Add(answer.Duration)
	return slices.ContainsFunc(polls, func(look poll) bool {
		return look.job != nil && look.job.problem() == "" && look.job.exchange.Started.After(ended) && runs(look.job.JSON())
	})
}

// runs reports whether a job says that it is not done.
func runs(job gjson.Result) bool {
	progress := job.Get("data.progress")
	return progress.Type == gjson.Number && progress.Num < 100
}

// second is the step that made the second clone.
func (s Story) second() string {
	for _, step := range []string{"second clone with avoid", "second clone without avoid"} {
		if a, taken := s.taken(step); taken && a.welcome() {
			return step
		}
	}
	return "second clone"
}

// bigger is the answer to the request for a bigger clone: the last that asked for the field. Where it is refused with all
// its choices, it is made again with fewer.
func (s Story) bigger(field string) Answer {
	answer := s.Step("clone")
	for _, step := range []string{"clone without licences", "clone of size alone"} {
		if a, taken := s.taken(step); taken && a.asked(field).Exists() {
			answer = s.Step(step)
		}
	}
	return answer
}

// cloned is the drive that a step's request asked to clone, as the story, or else the library, showed it last.
func (s Story) cloned(answer Answer) Drive {
	library := s.lib.List()
	path := cloneRequest.FindStringSubmatch(answer.exchange.Request.Path())
	if path == nil {
		return Drive{}
	}
	uuid, err := url.PathUnescape(path[1])
	if err != nil {
		return Drive{}
	}
	for _, x := range slices.Backward(s.lib.record.All()[:answer.exchange.Number-1]) {
		earlier := Answer{lib: s.lib, exchange: x, step: true}
		if len(x.Key) <= len(s.name) || x.Key[:len(s.name)+1] != s.name+"/" || earlier.problem() != "" {
			continue
		}
		if drive, defined := earlier.defines(); defined && drive.UUID == uuid {
			return drive
		}
	}
	return library.index()[uuid]
}

var cloneRequest = regexp.MustCompile(`/(?:lib)?drives/([^/]+)/action/`)

// cloneNaming is how a clone of a drive of that name is named where the request names none, by the profile's
// clone_naming. The documentation has x_1, x-2014-06-05 and x-2014-06-05 09:45:56; how the parts are joined is left open.
func cloneNaming(naming, name string) (pattern *regexp.Regexp, known bool) {
	const joint, date = `.{0,3}`, `[0-9]{4}-[0-9]{2}-[0-9]{2}`
	ends := map[string]string{
		"NONE": "", "COUNTER": `[^0-9]{0,3}[0-9]+`, "DATE": joint + date, "TIMESTAMP": joint + date + `[ T][0-9]{2}:[0-9]{2}:[0-9]{2}.*`,
	}
	end, known := ends[naming]
	if !known {
		return nil, false
	}
	return regexp.MustCompile("^" + regexp.QuoteMeta(name) + end + "$"), true
}
