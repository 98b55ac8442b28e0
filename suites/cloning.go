package suites

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
)

// Cloning library drive: a library disk is cloned into the account, where the clone is an ordinary drive with an owner.
func cloning(s *Suite) {
	s.Requirement("CLONE-01", func(lib *Library) {
		lib.Expect(lib.Story(licensedClone).Step("clone")).To(HaveStatus(202), "a library drive can be cloned")
	})

	s.Requirement("CLONE-02", func(lib *Library) {
		story := lib.Story(licensedClone)
		answer, source := story.Step("clone"), story.source("source before")
		if !lib.usable(answer) {
			return
		}
		drives := answer.JSON().Get("objects")
		if !lib.Expect(answer).To(HaveJSON("objects", HoldOne()), "the answer holds one drive") && len(drives.Array()) == 0 {
			return
		}
		for _, object := range drives.Array()[:1] {
			clone := Drive{UUID: object.Get("uuid").String(), Name: object.Get("name").String(), JSON: object, from: answer.exchange, kind: "clone"}
			lib.Expect(clone).To(lib.BeValid(schema.Drive), "the clone is defined as a drive")
			lib.Expect(clone).To(HaveJSON("uuid", BeOtherThan(source.UUID)), "the clone has a uuid of its own")
		}
	})

	s.Requirement("CLONE-03", func(lib *Library) {
		story := lib.Story(licensedClone)
		for _, step := range []string{"clone", "clone done"} {
			lib.Expect(story.drive(step)).To(HaveJSON("owner", BeReference()), "the clone belongs to somebody, whose uuid is told")
		}
	})

	s.Requirement("CLONE-04", func(lib *Library) {
		lib.Expect(lib.Story(licensedClone).Step("clone without body")).To(HaveStatus(202), "a clone needs no request body")
	})

	s.Requirement("CLONE-05", func(lib *Library) {
		story := lib.Story(licensedClone)
		name := story.Step("clone").asked("name").String()
		for _, step := range []string{"clone", "clone done"} {
			lib.Expect(story.drive(step)).To(HaveJSON("name", BeText(name)), "the clone has the name that was asked for")
		}
	})

	s.Requirement("CLONE-06", func(lib *Library) {
		story := lib.Story(biggerClone)
		asked := story.bigger("media")
		if asked.welcome() {
			clone := story.drive("clone done")
			for _, field := range []string{"media", "affinities"} {
				lib.Expect(clone).To(HaveJSON(field, BeLike(asked.asked(field))), field+" given in the request is the clone's")
			}
		} else {
			lib.Expect(asked).RelyingOn("CLONE-07").To(HaveStatus(202), "media and affinities can be given in the request")
		}
		story = lib.Story(licensedClone)
		source, clone := story.source("source before"), story.drive("clone done")
		for _, field := range []string{"media", "affinities"} {
			if value := source.JSON.Get(field); value.Exists() && value.Type != gjson.Null { // nothing says what becomes of null
				lib.Expect(clone).To(EqualFields(source.JSON, source.from, "the clone", "the library drive", field), field+" left out of the request is the source's")
			}
		}
	})

	s.Requirement("CLONE-07", func(lib *Library) {
		story := lib.Story(biggerClone)
		const mostRounding = 1 << 20
		answer := story.bigger("size")
		if !answer.welcome() {
			lib.Expect(answer).To(HaveStatus(202), "a bigger size is granted")
			return
		}
		asked := answer.asked("size").Int()
		lib.Expect(story.drive("clone done")).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)),
			"the clone is at least as big as asked, rounded up by no more than 1 MiB")
	})

	s.Requirement("CLONE-08", func(lib *Library) {
		story := lib.Story(refusals)
		answer := story.Step("smaller size")
		if answer.welcome() {
			clone := story.drive("smaller clone done")
			lib.Expect(clone).To(HaveJSON("size", BeWhole(story.cloned(answer).JSON.Get("size").Int())), "a clone is never smaller than its source")
			return
		}
		if lib.Expect(answer).To(HaveStatus(400), "a size below the source's is refused, or the clone is as big as its source") {
			lib.Expect(story.list("drives after smaller size")).To(NameNoDrive(answer.asked("name").String()), "a clone that was refused is not made")
		}
	})

	s.Requirement("CLONE-11", func(lib *Library) {
		story := lib.Story(licensedClone)
		clone := story.drive("clone")
		for _, look := range story.polls("job") {
			if look.drive != nil {
				lib.Expect(*look.drive).To(HaveStatus(200), "the clone is there while it is copied")
			}
		}
		done := story.Step("clone done")
		lib.Expect(done).To(HaveStatus(200), "the clone is there")
		lib.Expect(done).To(HaveJSON("uuid", BeText(clone.UUID)), "the clone that is got is the one that was made")
		for _, step := range []string{"drives", "drives detail"} {
			lib.Expect(story.list(step)).To(NameDrive(clone.UUID), "the clone is in the list of drives")
		}
	})

	s.Requirement("CLONE-12", func(lib *Library) {
		story := lib.Story(licensedClone)
		clone := story.drive("clone")
		lib.Expect(story.list("libdrives")).To(NotNameDrive(clone.UUID), "a clone is not in the library")
		lib.Expect(story.Step("under libdrives")).To(HaveStatus(404), "a clone is not found under /libdrives/")
	})

	s.Requirement("CLONE-13", func(lib *Library) {
		story := lib.Story(licensedClone)
		profile := story.Step("profile")
		lib.Require(profile)
		naming := profile.JSON().Get("clone_naming")
		answer := story.Step("clone without body")
		source := story.cloned(answer)
		pattern, known := cloneNaming(naming.String(), source.Name)
		if !known {
			lib.Skip("the profile's clone_naming is %s, which is not documented", clip(show(naming)))
		}
		for _, step := range []string{"clone without body", "clone of the clone done"} {
			lib.Expect(story.drive(step)).To(HaveJSON("name", MatchPattern(pattern, fmt.Sprintf("as clone_naming %s names a clone of %q", naming, source.Name))),
				"a clone without a name is named by the profile's clone_naming")
		}
	})

	s.Requirement("CLONE-14", func(lib *Library) {
		story := lib.Story(licensedClone)
		source, clone := story.source("source before"), story.drive("clone done")
		for _, field := range []string{"os", "arch", "description", "image_type", "distribution", "version", "url"} {
			if value := source.JSON.Get(field); value.Type == gjson.String && strings.TrimSpace(value.Str) != "" {
				lib.Expect(clone).To(HaveJSON("meta."+field, BeText(value.Str)), "the library's "+field+" is in the clone's meta")
			}
		}
	})

	s.Requirement("CLONE-15", func(lib *Library) {
		story := lib.Story(licensedClone)
		before := story.source("source before")
		lib.Expect(story.Step("source after")).To(EqualDrive(before.JSON, before.from, "the library drive after it was cloned", "the library drive before"),
			"cloning leaves the library drive as it was")
	})

	s.Requirement("CLONE-16", func(lib *Library) {
		story := lib.Story(refusals)
		answer := story.Step("unknown uuid")
		lib.Expect(answer).To(HaveStatus(404), "a uuid that nobody has can't be cloned")
		lib.Expect(story.list("drives after unknown uuid")).To(NameNoDrive(answer.asked("name").String()), "a clone that was refused is not made")
	})
}
