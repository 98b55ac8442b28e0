package suites

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Cloning library drive: a library disk is cloned into the account, where the clone is an ordinary drive with an owner.
func cloning(s *Suite) {
	s.Requirement("CLONE-01", func(lib *Library) {
		lib.Expect(lib.Scenario(steps.LicensedClone).Step(steps.Clone)).To(HaveStatus(202), "a library drive can be cloned")
	})

	s.Requirement("CLONE-02", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		answer, source := scenario.Step(steps.Clone), scenario.Source(steps.SourceBefore)
		if !lib.Usable(answer) {
			return
		}
		drives := answer.JSON().Get("objects")
		if !lib.Expect(answer).To(HaveJSON("objects", HoldOne()), "the answer holds one drive") && len(drives.Array()) == 0 {
			return
		}
		for _, object := range drives.Array()[:1] {
			clone := Drive{UUID: object.Get("uuid").String(), Name: object.Get("name").String(), JSON: object, From: answer.Exchange, Kind: "clone"}
			lib.Expect(clone).To(lib.BeValid(schema.Drive), "the clone is defined as a drive")
			lib.Expect(clone).To(HaveJSON("uuid", BeOtherThan(source.UUID)), "the clone has a uuid of its own")
			lib.Expect(clone).To(HaveJSON("uuid", BeUUID()), "what names the clone is a uuid")
			for _, earlier := range lib.ListAt(DrivesPath, "", "GET /"+DrivesPath).Drives {
				if strings.EqualFold(earlier.UUID, clone.UUID) {
					lib.Expect(clone).To(HaveJSON("uuid", BeOtherThan(earlier.UUID)), "the clone is none of the drives that the account had before")
				}
			}
		}
	})

	s.Requirement("CLONE-03", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		for _, step := range []steps.Step{steps.Clone, steps.CloneDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("owner", BeReference()), "the clone belongs to somebody, whose uuid is shown")
		}
		owner := ""
		for _, clone := range lib.Clones() {
			told := lib.AppearancesOf(clone, nil).Telling("owner")
			lib.Everywhere(told, HaveJSON("owner", BeReference()), "a clone belongs to somebody in every answer that tells it")
			if owner == "" {
				owner = clone.JSON.Get("owner.uuid").String()
			}
			if owner != "" {
				lib.Everywhere(told.Having("owner"), HaveJSON("owner.uuid", BeText(owner)), "all clones of the run belong to one owner, in every answer that tells them")
			}
		}
	})

	s.Requirement("CLONE-04", func(lib *Library) {
		lib.Expect(lib.Scenario(steps.LicensedClone).Step(steps.CloneWithoutBody)).To(HaveStatus(202), "a clone needs no request body")
	})

	s.Requirement("CLONE-05", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		name := scenario.Step(steps.Clone).Asked("name").String()
		for _, step := range []steps.Step{steps.Clone, steps.CloneDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("name", BeText(name)), "the clone has the name that was asked for")
		}
	})

	s.Requirement("CLONE-06", func(lib *Library) {
		scenario := lib.Scenario(steps.BiggerClone)
		asked := bigger(scenario, "media")
		if scenario.Granted(asked) {
			clone := scenario.Drive(steps.CloneDone)
			for _, field := range []string{"media", "affinities"} {
				if !asked.Asked(field).Exists() {
					continue // the endpoint publishes no other choice
				}
				lib.Expect(clone).To(HaveJSON(field, BeLike(asked.Asked(field))), field+" given in the request is the clone's")
			}
		} else {
			lib.Expect(asked).RelyingOn("CLONE-07").To(HaveStatus(202), "media and affinities can be given in the request")
		}
		scenario = lib.Scenario(steps.LicensedClone)
		source, clone := scenario.Source(steps.SourceBefore), scenario.Drive(steps.CloneDone)
		for _, field := range []string{"media", "affinities"} {
			if value := source.JSON.Get(field); value.Exists() && value.Type != gjson.Null { // nothing says what becomes of null
				lib.Expect(clone).To(EqualFields(source, "the clone", "the library drive", field), field+" left out of the request is the source's")
			}
		}
	})

	s.Requirement("CLONE-07", func(lib *Library) {
		scenario := lib.Scenario(steps.BiggerClone)
		const mostRounding = 1 << 20
		answer := bigger(scenario, "size")
		if !scenario.Granted(answer) {
			lib.Expect(answer).To(HaveStatus(202), "a bigger size is granted")
			return
		}
		asked := answer.Asked("size").Int()
		lib.Expect(scenario.Drive(steps.CloneDone)).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)),
			"the clone is at least as big as asked, rounded up by no more than 1 MiB")
	})

	s.Requirement("CLONE-08", func(lib *Library) {
		scenario := lib.Scenario(steps.Refusals)
		answer := scenario.Step(steps.SmallerSize)
		if answer.Welcome() {
			clone := scenario.Drive(steps.SmallerCloneDone)
			lib.Expect(clone).To(HaveJSON("size", BeWhole(scenario.Cloned(answer).JSON.Get("size").Int())), "a clone is never smaller than its source")
			return
		}
		if lib.Expect(answer).To(HaveStatus(400), "a size below the source's is refused, or the clone is as big as its source") {
			lib.Expect(scenario.List("drives after smaller size")).To(NameNoDrive(answer.Asked("name").String()), "a clone that was refused is not made")
		}
	})

	s.Requirement("CLONE-09", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		polls := scenario.Polls(steps.Job)
		for _, clone := range lib.WhileCopied(scenario.Drive(steps.Clone), polls) {
			lib.Expect(clone).RelyingOn("CLONE-10").To(HaveJSON("status", BeOneOf("cloning_dst", "copying")), "while its job runs, the clone is being copied")
		}
		lib.Expect(scenario.Drive(steps.CloneDone)).RelyingOn("CLONE-10").To(HaveJSON("status", BeText("unmounted")), "once its job is done, the clone is unmounted")
	})

	s.Requirement("CLONE-10", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		lib.Expect(scenario.Drive(steps.Clone)).To(HaveJSON("jobs", HoldOne()), "the clone refers to exactly one job")
		for _, look := range scenario.Polls(steps.Job) {
			if look.Job != nil {
				expectCloneJob(lib, *look.Job)
			}
		}
		job := scenario.Step(steps.Job)
		expectCloneJob(lib, job)
		lib.Expect(job).To(BeDone(), "the job comes to its end")
	})

	s.Requirement("CLONE-11", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		clone := scenario.Drive(steps.Clone)
		for _, look := range scenario.Polls(steps.Job) {
			if look.Drive != nil {
				lib.Expect(*look.Drive).To(HaveStatus(200), "the clone is there while it is copied")
			}
		}
		done := scenario.Step(steps.CloneDone)
		lib.Expect(done).To(HaveStatus(200), "the clone is there")
		lib.Expect(done).To(HaveJSON("uuid", BeText(clone.UUID)), "the clone that is got is the one that was made")
		for _, step := range []steps.Step{steps.Drives, steps.DrivesDetail} {
			lib.Expect(scenario.List(step)).To(NameDrive(clone.UUID), "the clone is in the list of drives")
		}
	})

	s.Requirement("CLONE-12", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		clone := scenario.Drive(steps.Clone)
		lib.Expect(scenario.List(steps.Libdrives)).To(NotNameDrive(clone.UUID), "a clone is not in the library")
		lib.Expect(scenario.Step(steps.UnderLibdrives)).To(HaveStatus(404), "a clone is not found under /libdrives/")
	})

	s.Requirement("CLONE-13", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		profile := scenario.Step(steps.Profile)
		lib.Require(profile)
		naming := profile.JSON().Get("clone_naming")
		answer := scenario.Step(steps.CloneWithoutBody)
		source := scenario.Cloned(answer)
		pattern, known := cloneNaming(naming.String(), source.Name)
		if !known {
			lib.Skip("the profile's clone_naming is %s, which is not documented", Clip(Show(naming)))
		}
		for _, step := range []steps.Step{steps.CloneWithoutBody, steps.CloneOfCloneDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("name", MatchPattern(pattern, fmt.Sprintf("as clone_naming %s names a clone of %q", naming, source.Name))),
				"a clone without a name is named by the profile's clone_naming")
		}
	})

	s.Requirement("CLONE-14", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		source, clone := scenario.Source(steps.SourceBefore), scenario.Drive(steps.CloneDone)
		for _, field := range []string{"os", "arch", "description", "image_type", "distribution", "version", "url"} {
			value := source.JSON.Get(field)
			if value.Type != gjson.String || strings.TrimSpace(value.Str) == "" {
				continue
			}
			expected := BeText(value.Str)
			if field == "os" || field == "arch" || field == "image_type" {
				expected = BeOtherThan("") // the documentation describes them in words of their own, such as 64-bit
			}
			lib.Expect(clone).To(HaveJSON("meta."+field, expected), "the library's "+field+" is in the clone's meta")
		}
	})

	s.Requirement("CLONE-15", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		before := scenario.Source(steps.SourceBefore)
		lib.Expect(scenario.Step(steps.SourceAfter)).UnlessCorrected(scenario).To(EqualDrive(before, "the library drive after it was cloned", "the library drive before"),
			"cloning leaves the library drive as it was")
	})

	s.Requirement("CLONE-16", func(lib *Library) {
		scenario := lib.Scenario(steps.Refusals)
		answer := scenario.Step(steps.UnknownUUID)
		lib.Expect(answer).To(HaveStatus(404), "a uuid that nobody has can't be cloned")
		lib.Expect(scenario.List("drives after unknown uuid")).To(NameNoDrive(answer.Asked("name").String()), "a clone that was refused is not made")
	})

	s.Requirement("CLONE-17", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		answer := scenario.Step(steps.SecondClone)
		if without, taken := scenario.Taken(steps.SecondCloneWithoutAvoid); taken { // it may be for what it avoids that it was refused
			answer = without
		}
		lib.Expect(answer).To(HaveStatus(202), "a library drive can be cloned through the drives API too")
	})

	s.Requirement("CLONE-18", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		clone := scenario.Drive(steps.Clone)
		lib.Expect(scenario.Step(steps.Delete)).To(HaveStatus(204), "the clone can be deleted")
		lib.Expect(scenario.Step(steps.AfterDelete)).To(HaveStatus(404), "a deleted clone is not found")
		for _, step := range []steps.Step{steps.DrivesAfterDelete, steps.DrivesDetailAfterDelete} {
			lib.Expect(scenario.List(step)).To(NotNameDrive(clone.UUID), "a deleted clone is in no list of drives")
		}
	})

	s.Requirement("CLONE-19", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		first, second := scenario.Drive(steps.FirstClone), scenario.Drive(second(scenario))
		lib.Expect(second).To(HaveJSON("uuid", BeOtherThan(first.UUID)), "two clones of a drive have different uuids")
		for _, step := range []steps.Step{steps.FirstDone, steps.SecondDone} {
			lib.Expect(scenario.Step(step)).To(HaveStatus(200), "both clones are there")
		}
		if !scenario.Heard(steps.DeleteFirst) {
			return // whether the first was deleted
		}
		lib.Expect(scenario.Step(steps.SecondAfterDelete)).To(HaveStatus(200), "the second clone is there when the first was deleted")
	})

	s.Requirement("CLONE-20", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		answer := scenario.Step(steps.SecondClone)
		if with, taken := scenario.Taken(steps.SecondCloneWithAvoid); taken { // it may be for the drives API that it was refused
			answer = with
		}
		lib.Expect(answer).To(BeAccepted(), "a clone may avoid another drive")
	})
}

// expectCloneJob asserts that the answer is of a job that clones a drive.
func expectCloneJob(lib *Library, job Answer) {
	if lib.Expect(job).To(HaveStatus(200), "the clone's job can be got") {
		lib.Expect(job).To(HaveJSON("operation", BeText("drive_clone")), "the clone's job is a drive_clone")
	}
}

// second is the step that made the second clone.
func second(s Scenario) steps.Step {
	for _, step := range []steps.Step{steps.SecondCloneWithAvoid, steps.SecondCloneWithoutAvoid} {
		if a, taken := s.Taken(step); taken && a.Welcome() {
			return step
		}
	}
	return steps.SecondClone
}

// bigger is the answer to the request for a bigger clone: the last that asked for the field. Where it is refused with all
// its choices, it is made again with fewer.
func bigger(s Scenario, field string) Answer {
	answer := s.Step(steps.Clone)
	for _, step := range []steps.Step{steps.CloneWithoutLicences, steps.CloneOfSizeAlone} {
		if a, taken := s.Taken(step); taken && a.Asked(field).Exists() && a.Exchange.Number > answer.Exchange.Number {
			answer = s.Step(step)
		}
	}
	return answer
}

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
