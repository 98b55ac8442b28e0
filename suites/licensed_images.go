package suites

import (
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Licensed drive images: some images carry licences, which cost money on a running server.
func licensedImages(s *Suite) {
	s.Requirement("LIC-01", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.Field("licenses").Array() {
				lib.Among("drive with licences", true, "licenses")
				lib.Expect(drive).To(HaveJSON(fmt.Sprintf("licenses.%d", i), lib.BeValid(schema.LicenceEntry)),
					fmt.Sprintf("licenses[%d] (%s) has amount, license and user as documented", i, entry.Get("license.name").String()))
			}
		}
		lib.Among("drive with licences", false, "licenses")
	})

	s.Requirement("LIC-02", func(lib *Library) {
		catalogue := licences(lib)
		byURI, byName := map[string]gjson.Result{}, map[string]gjson.Result{}
		for _, licence := range catalogue.Drives {
			byURI[licence.JSON.Get("resource_uri").String()] = licence.JSON
			byName[licence.JSON.Get("name").String()] = licence.JSON
		}
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.Field("licenses").Array() {
				lib.Among("drive with licences", true, "licenses")
				at, known := fmt.Sprintf("licenses.%d.license", i), byURI[LicenceURI(entry)]
				if entry.Get("license").Type == gjson.String {
					lib.Expect(drive).To(HaveJSON(at, BeAmong(byURI, "the address of a licence that GET /licenses/ lists")), "a licence on a drive is in the list of licences")
					continue
				}
				name := entry.Get("license.name")
				if name.Type != gjson.String {
					continue // LIC-01 says so
				}
				if !known.Exists() {
					known = byName[name.Str]
				}
				var told []string
				for _, field := range []string{"resource_uri", "name", "long_name", "type", "user_metric", "burstable"} {
					if entry.Get("license." + field).Exists() { // else LIC-01 says so
						told = append(told, field)
					}
				}
				lib.Expect(drive).To(HaveJSON(at, EqualFields(Drive{JSON: known, From: catalogue.Exchange()}, "the drive's licenses["+fmt.Sprint(i)+"]", "GET /licenses/", told...)),
					"a licence on a drive is in the list of licences by its resource_uri, with the same name, long_name, type, user_metric and burstable")
			}
		}
		lib.Among("drive with licences", false, "licenses")
	})

	s.Requirement("LIC-03", func(lib *Library) {
		lib.Expect(lib.Answer(Get(LicensesPath)).About("the list of licences")).To(HaveStatus(200), "the licences can be listed")
		list := lib.ListAt(LicensesPath, "", "the list of licences")
		lib.Expect(list).To(BeAList(), "the licences can be listed whole")
		for _, licence := range list.Drives {
			licence.Name = licence.JSON.Get("long_name").String()
			licence.Kind, licence.UUID = "licence", licence.JSON.Get("name").String()
			lib.Expect(licence).To(HaveJSON("type", BeOneOf("install", "instance", "stub")), "a licence's type is install, instance or stub")
		}
	})

	s.Requirement("LIC-04", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("a clone carries the licences of its source, from the answer through the end of its job",
			slices.Concat([]steps.Step{steps.Clone}, clone.Scenario.DriveLooks(steps.Job), []steps.Step{steps.CloneDone})...)
	})

	s.Requirement("LIC-05", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Scenario.RequireDone(steps.Rename) // a rename that is refused proves nothing
		clone.Keeps("the licences stay when the clone is renamed", steps.Rename, steps.AfterRename)
	})

	s.Requirement("LIC-06", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("the licences stay when an edit says `licenses: []`, refused or not", steps.NoLicences, steps.AfterNoLicences)
	})

	s.Requirement("LIC-07", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("the licences stay when an edit names another licence or another amount, refused or not",
			steps.OtherLicence, steps.AfterOtherLicence, steps.OtherAmount, steps.AfterOtherAmount)
	})

	s.Requirement("LIC-08", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("the licences stay through the resize action with `licenses: []`", steps.Resize, steps.AfterResize)
	})

	s.Requirement("LIC-09", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("a clone of the clone carries the licences too", steps.CloneWithoutBody, steps.CloneOfCloneDone)
	})

	s.Requirement("LIC-10", func(lib *Library) {
		scenario := lib.Scenario(steps.BiggerClone)
		clone := LicensedCloneOf(scenario, steps.Source).Relying("LIC-04")
		answer := scenario.Step(steps.Clone)
		if answer.Welcome() {
			clone.Keeps("`licenses: []` in the clone request does not shed the licences", steps.Clone, steps.CloneDone)
			return
		}
		// Refusing to shed them is right too, where it is that which is refused.
		lib.Expect(bigger(scenario, "media")).RelyingOn("CLONE-06", "CLONE-07").To(BeAccepted(), "the request is granted without `licenses: []`")
	})

	s.Requirement("LIC-11", func(lib *Library) {
		clone := lib.LicensedClone()
		uuid := clone.Scenario.Drive(steps.Clone).UUID
		list := clone.Scenario.List(steps.DetailEntry)
		if lib.Expect(list).To(NameDrive(uuid), "the clone is found in the detail list by its uuid") {
			clone.Expect("the clone's entry in the detail list shows the same licences", list.Index()[uuid])
		}
	})

	s.Requirement("LIC-12", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		source := scenario.Source(steps.Source)
		if !lib.Among("disk without licences", LicenceNames(source.JSON) == "none", "licenses") {
			return
		}
		for _, step := range []steps.Step{steps.FirstClone, steps.FirstDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("licenses", BeEmpty()), "a clone of a drive without licences has none")
		}
	})
}

// licences are all that GET /licenses/ lists. Whether it can be had is for LIC-03 to say.
func licences(lib *Library) List {
	return lib.ListAt(LicensesPath, "", "GET /licenses/").Sound("LIC-03")
}
