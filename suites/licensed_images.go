package suites

import (
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

// Licensed drive images: some images carry licences, which cost money on a running server.
func licensedImages(s *Suite) {
	s.Requirement("LIC-01", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.field("licenses").Array() {
				lib.Among("drive with licences", true)
				lib.Expect(drive).To(HaveJSON(fmt.Sprintf("licenses.%d", i), lib.BeValid(schema.LicenceEntry)),
					fmt.Sprintf("licenses[%d] (%s) has amount, license and user as documented", i, entry.Get("license.name").String()))
			}
		}
		lib.Among("drive with licences", false)
	})

	s.Requirement("LIC-02", func(lib *Library) {
		catalogue := lib.licences()
		known := map[string]gjson.Result{}
		for _, licence := range catalogue.Drives {
			known[licence.JSON.Get("name").String()] = licence.JSON
		}
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.field("licenses").Array() {
				lib.Among("drive with licences", true)
				name := entry.Get("license.name")
				if name.Type != gjson.String {
					continue // LIC-01 says so
				}
				lib.Expect(drive).To(HaveJSON(fmt.Sprintf("licenses.%d.license", i),
					EqualFields(known[name.Str], catalogue.exchange(), "the drive's licenses["+fmt.Sprint(i)+"]", "GET /licenses/", "name", "type", "resource_uri")),
					"a licence on a drive is in the list of licences, with the same name, type and resource_uri")
			}
		}
		lib.Among("drive with licences", false)
	})

	s.Requirement("LIC-03", func(lib *Library) {
		lib.Expect(lib.Answer(evidence.Get(licensesPath)).about("the list of licences")).To(HaveStatus(200), "the licences can be listed")
		list := lib.Whole(licensesPath, "", "the list of licences")
		lib.Expect(list).To(BeAList(), "the licences can be listed whole")
		for _, licence := range list.Drives {
			licence.Name = licence.JSON.Get("long_name").String()
			licence.kind, licence.UUID = "licence", licence.JSON.Get("name").String()
			lib.Expect(licence).To(HaveJSON("type", BeOneOf("install", "instance", "stub")), "a licence's type is install, instance or stub")
		}
	})
}

// Licensed drive images, continued: the licences stay bound to a clone, whatever is done to it.
func licencesOfClones(s *Suite) {
	s.Requirement("LIC-04", func(lib *Library) {
		clone := lib.licensedClone()
		clone.keeps("a clone carries the licences of its source, from the answer through the end of its job",
			append(append([]string{"clone"}, clone.story.pollSteps("job")...), "job drive", "clone done")...)
	})

	s.Requirement("LIC-05", func(lib *Library) {
		clone := lib.licensedClone()
		lib.Require(clone.story.Step("rename")) // a rename that is refused proves nothing
		clone.keeps("the licences stay when the clone is renamed", "rename", "after rename")
	})

	s.Requirement("LIC-06", func(lib *Library) {
		clone := lib.licensedClone()
		clone.keeps("the licences stay when an edit says `licenses: []`, refused or not", "no licences", "after no licences")
	})

	s.Requirement("LIC-07", func(lib *Library) {
		clone := lib.licensedClone()
		clone.keeps("the licences stay when an edit names another licence or another amount, refused or not",
			"other licence", "after other licence", "other amount", "after other amount")
	})

	s.Requirement("LIC-08", func(lib *Library) {
		clone := lib.licensedClone()
		clone.keeps("the licences stay through the resize action with `licenses: []`", "resize", "after resize")
	})

	s.Requirement("LIC-09", func(lib *Library) {
		clone := lib.licensedClone()
		clone.keeps("a clone of the clone carries the licences too", "clone without body", "clone of the clone done")
	})

	s.Requirement("LIC-10", func(lib *Library) {
		story := lib.Story(biggerClone)
		clone := licensedCloneOf(story, "source").relying("LIC-04")
		answer := story.Step("clone")
		if answer.welcome() {
			clone.keeps("`licenses: []` in the clone request does not shed the licences", "clone", "clone done")
			return
		}
		// Refusing to shed them is right too, where it is that which is refused.
		lib.Expect(story.bigger("media")).RelyingOn("CLONE-06", "CLONE-07").To(BeAccepted(), "the request is granted without `licenses: []`")
	})

	s.Requirement("LIC-11", func(lib *Library) {
		clone := lib.licensedClone()
		uuid := clone.story.drive("clone").UUID
		list := clone.story.list("detail entry")
		if lib.Expect(list).To(NameDrive(uuid), "the clone is found in the detail list by its uuid") {
			clone.expect("the clone's entry in the detail list shows the same licences", list.index()[uuid])
		}
	})

	s.Requirement("LIC-12", func(lib *Library) {
		story := lib.Story(sideBySide)
		source := story.source("source")
		if !lib.Among("disk without licences", licenceNames(source.JSON) == "none") {
			return
		}
		for _, step := range []string{"first clone", "first done"} {
			lib.Expect(story.drive(step)).To(HaveJSON("licenses", BeEmpty()), "a clone of a drive without licences has none")
		}
	})
}

// licences are all that GET /licenses/ lists. Whether it can be had is for LIC-03 to say.
func (lib *Library) licences() List {
	return lib.Whole(licensesPath, "", "GET /licenses/").sound("LIC-03")
}
