package suites

import (
	"fmt"
	"net/http"
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
			byURI[licence.JSON().Get("resource_uri").String()] = licence.JSON()
			byName[licence.JSON().Get("name").String()] = licence.JSON()
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
				lib.Expect(drive).RelyingOn("FORMAT-09").To(HaveJSON(at, EqualFields(DriveOf(known, catalogue.Exchange()), "the drive's licenses["+fmt.Sprint(i)+"]", "GET /licenses/", told...)),
					"a licence on a drive is in the list of licences by its resource_uri, with the same name, long_name, type, user_metric and burstable")
			}
		}
		lib.Among("drive with licences", false, "licenses")
		told := lib.Appearances().Of(lib.List().Index()).Having("licenses")
		lib.Everywhere(told, NestAsListed(catalogue), "a licence on a library drive is told as in the list of licences by every answer",
			slices.Concat([]string{"LIC-01", "FORMAT-09", "GET-03", "DETAIL-02", "DETAIL-03", "DETAIL-04", "DETAIL-05", "OWNER-03", "FIELDS-03", "PAGE-02"},
				lib.ThatRan(steps.LicensedClone, "CLONE-15", "CLONE-21"), lib.ThatRan(steps.Attaching, "ATTACH-06"))...)
		own := slices.Concat(lib.ThatRan(steps.LicensedClone, "LIC-04", "LIC-05", "LIC-06", "LIC-07", "LIC-08", "LIC-11", "LIC-13", "LIC-14", "CLONE-11"), lib.ThatRan(steps.SideBySide, "LIC-09", "LIC-15"),
			lib.ThatRan(steps.BiggerClone, "LIC-10"), lib.ThatRan(steps.UnnamedClones, "LIC-15"), []string{"PAGE-08", "FORMAT-09"})
		lib.Everywhere(lib.Appearances().NotOf(lib.List().Index()).Having("licenses"), NestNothingElse(catalogue), "a licence on a drive of the account's, a clone's among them, is told as in the list of licences by every answer", own...)
		inXML := append(own, "LIC-01", "GET-03", "OWNER-03", "FORMAT-02", "FORMAT-10", "DETAIL-06")
		lib.Everywhere(lib.AppearancesInXML().Having("licenses"), NestNothingElseInXML(catalogue), "as XML, a licence on a drive is told as in the list of licences by every answer", inXML...)
	})

	s.Requirement("LIC-03", func(lib *Library) {
		lib.Expect(lib.Answer(Get(LicensesPath)).About("the list of licences")).To(HaveStatus(200), "the licences can be listed")
		list := lib.ListAt(LicensesPath, "", "the list of licences")
		lib.Expect(list).To(BeAList(), "the licences can be listed whole")
		for _, licence := range list.Drives {
			licence.Name = licence.JSON().Get("long_name").String()
			licence.Kind, licence.UUID = "licence", licence.JSON().Get("name").String()
			lib.Expect(licence).To(HoldAll(ofLicences[:]...), "a listed licence has its documented fields")
			lib.Expect(licence).To(HaveJSON("type", BeOneOf("install", "instance", "stub")), "a licence's type is install, instance or stub")
		}
		lib.ExpectLicences(ofLicences[:], HaveJSON("type", BeOneOf("install", "instance", "stub")), "a listed licence has its documented fields and one of the types, in every answer of the run")
		lib.ExpectLicences(nil, lib.BeValid(schema.License), "a listed licence is defined as documented, in every answer of the run", "LIC-02")
	})

	s.Requirement("LIC-04", func(lib *Library) {
		clone := lib.LicensedClone()
		clone.Keeps("a clone carries the licences of its source, from the answer through the end of its job",
			slices.Concat([]steps.Step{steps.Clone}, clone.Scenario.DriveLooks(steps.Job), []steps.Step{steps.CloneDone})...)
		carried(lib, func(c Clone) bool { return c.MadeAt(steps.LicensedClone, steps.Clone) },
			"a clone carries the licences of its source, each with its amount, in every answer that defines it")
		usersTold(lib)
	})

	s.Requirement("LIC-05", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04")
		clone.Scenario.RequireDone(steps.Rename) // a rename that is refused proves nothing
		clone.Keeps("the licences stay when the clone is renamed", steps.Rename, steps.AfterRename)
	})

	s.Requirement("LIC-06", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04")
		clone.Keeps("the licences stay when an edit says `licenses: []`, refused or not", steps.NoLicences, steps.AfterNoLicences)
	})

	s.Requirement("LIC-07", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04")
		clone.Keeps("the licences stay when an edit names another licence or another amount, refused or not",
			steps.OtherLicence, steps.AfterOtherLicence, steps.OtherAmount, steps.AfterOtherAmount)
	})

	s.Requirement("LIC-08", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04")
		clone.Keeps("the licences stay through the resize action with `licenses: []`", steps.Resize, steps.AfterResize)
		if lib.Ran(steps.BiggerClone) {
			bigger := lib.Scenario(steps.BiggerClone)
			if bigger.Took(steps.AfterResize) && HasLicences(bigger.Source(steps.Source)) && bigger.CarriesLicences(steps.CloneDone, steps.Source) {
				LicensedCloneOf(bigger, steps.Source).Keeps("the licences stay through a resize that names none", steps.Resize, steps.AfterResize)
			}
		}
	})

	s.Requirement("LIC-09", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		clone := LicensedCloneOf(scenario, steps.LicensedSource).Relying(slices.Concat(lib.ThatRan(steps.UnnamedClones, "LIC-15"), lib.ThatRan(steps.LicensedClone, "LIC-04"))...)
		scenario.RequireDone(steps.OtherWay) // else it is another drive that is cloned again
		clone.Keeps("a clone of the clone carries the licences too", steps.CloneWithoutBody, steps.CloneOfCloneDone)
	})

	s.Requirement("LIC-10", func(lib *Library) {
		scenario := lib.Scenario(steps.BiggerClone)
		relying := append(lib.ThatRan(steps.SideBySide, "LIC-15"), lib.ThatRan(steps.LicensedClone, "LIC-04")...) // of a bigger clone, LIC-15 says so
		clone := LicensedCloneOf(scenario, steps.Source).Relying(relying...)
		answer := scenario.Step(steps.Clone)
		if scenario.Granted(answer) {
			clone.Keeps("`licenses: []` in the clone request does not shed the licences", steps.Clone, steps.CloneDone)
			carried(lib, func(c Clone) bool { return c.MadeAt(steps.BiggerClone, steps.Clone) },
				"`licenses: []` in the clone request does not shed the licences in any answer that defines the clone", relying...)
			return
		}
		// Refusing to shed them is right too, where it is that which is refused.
		lib.Expect(bigger(scenario, "media")).RelyingOn("CLONE-06", "CLONE-07").To(BeAccepted(), "the request is granted without `licenses: []`")
	})

	s.Requirement("LIC-11", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04")
		uuid := clone.Scenario.Drive(steps.Clone).UUID
		list := clone.Scenario.List(steps.DetailEntry)
		if lib.Expect(list).To(NameDrive(uuid), "the clone is found in the detail list by its uuid") {
			entry, _ := list.Index().Get(uuid)
			clone.Expect("the clone's entry in the detail list shows the same licences", entry)
		}
		for _, made := range lib.GrantedClones() {
			if source, is := lib.LibraryDrive(made); is && HasLicences(source) {
				told := lib.AppearancesOf(made, lib.FirstWrite(made, Written)).ListedAt(DrivesDetailPath).Defining("licenses")
				lib.Everywhere(told, CarryLicencesOf(source), "a clone's entry in the detail list shows the same licences: whole, by page and by filter",
					slices.Concat([]string{"LIC-04"}, lib.ThatRan(steps.BiggerClone, "LIC-10"), lib.ThatRan(steps.UnnamedClones, "LIC-15"))...)
			}
		}
	})

	s.Requirement("LIC-12", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		source := scenario.Source(steps.Source)
		if !lib.Among("disk without licences", LicenceNames(source.JSON()) == "none", "licenses") {
			return
		}
		for _, step := range []steps.Step{firstClone(scenario), steps.FirstDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("licenses", BeEmpty()), "a clone of a drive without licences has none")
		}
		for _, clone := range lib.GrantedClones() {
			if source, is := lib.LibraryDrive(clone); is && LicenceNames(source.JSON()) == "none" {
				lib.Everywhere(lib.AppearancesOf(clone, nil).Defining("licenses"), HaveJSON("licenses", BeEmpty()), "a clone of a drive without licences has none in any answer that tells it")
			}
		}
	})

	s.Requirement("LIC-13", func(lib *Library) {
		clone := lib.LicensedClone().Relying("LIC-04", "LIC-05", "LIC-06", "LIC-07", "LIC-14")
		// That it can be attached is for others to say: it may be busy yet, whatever its job says.
		if attach := clone.Scenario.Step(steps.AttachLicensed); !clone.Scenario.Granted(attach) {
			lib.Block(lib.FirstFailing("ATTACH-09", "CLONE-09"), "the licensed clone could not be attached: %s", attach.Exchange.Outcome())
			return
		}
		clone.Keeps("the licences stay while the clone is attached to a server, and after it is detached", steps.LicensedAttached, steps.LicensedDetached)
	})

	s.Requirement("LIC-14", func(lib *Library) {
		clone := lib.LicensedClone()
		for _, edit := range []struct {
			of      string
			at      []steps.Step
			relying string // what says the same of an edit that this one is a kind of
		}{
			{"meta", []steps.Step{steps.EditMeta, steps.AfterEditMeta}, "LIC-05"},
			{"tags", []steps.Step{steps.EditTags, steps.AfterEditTags}, "LIC-05"},
			{"media", []steps.Step{steps.EditMedia, steps.AfterEditMedia}, "LIC-05"},
			{"licences, which are null", []steps.Step{steps.NullLicences, steps.AfterNullLicences}, "LIC-06"},
		} {
			clone.Relying("LIC-04", edit.relying).Keeps("the licences stay through an edit of "+edit.of+", refused or not", edit.at...)
		}
		if clone.Scenario.Took(steps.SomeLicences) { // of one licence, some only are none
			clone.Relying("LIC-04", "LIC-07").Keeps("the licences stay when an edit names some of them only, refused or not", steps.SomeLicences, steps.AfterSomeLicences)
		}
	})

	s.Requirement("LIC-15", func(lib *Library) {
		scenarios := lib.Scenarios(steps.SideBySide, steps.UnnamedClones)
		plain := lib.ThatRan(steps.LicensedClone, "LIC-04")
		other := LicensedCloneOf(scenarios[0], steps.LicensedSource).Relying(plain...)
		other.Keeps("the licences come along when the drive is cloned through the drives API, bigger and with avoid", steps.OtherWay, steps.OtherWayDone)
		carried(lib, func(c Clone) bool {
			return c.MadeAt(steps.SideBySide, steps.OtherWay) || c.MadeAt(steps.UnnamedClones, steps.LicensedNoBody)
		}, "the licences come along whichever way the drive is cloned, in every answer that defines the clone", plain...)
		unnamed := LicensedCloneOf(scenarios[1], steps.LicensedNoBody.OfSource()).Relying(plain...)
		unnamed.Keeps("the licences come along when the drive is cloned without a body", steps.LicensedNoBody, steps.LicensedNoBodyDone)
	})

	s.Requirement("LIC-16", func(lib *Library) {
		before := licences(lib).Named()
		scenario := lib.Scenario(steps.LicenceMethods)
		for _, step := range []steps.Step{steps.PostLicences, steps.PutLicences} {
			lib.Expect(scenario.Step(step)).To(HaveStatus(405), "only GET is allowed on the licences")
		}
		after := lib.LicencesAtTheEnd().Named()
		for licence, entry := range after.Shared(before) {
			lib.Expect(licence).RelyingOn("LIC-03").AsSuch().To(EqualFields(entry, after.Name, before.Name, "name", "long_name", "type", "user_metric", "burstable"), "the run leaves the licences as they were")
		}
		options := lib.Answer(Read{Method: http.MethodOptions, Path: LicensesPath}).About("OPTIONS of the licences")
		if !options.Pending() && options.Incomplete() == "" && options.Status() == http.StatusOK {
			lib.Expect(options).To(NameNoMethod("DELETE"), "OPTIONS of the licences does not name DELETE")
		}
	})
}

// carried expects the licences of the source in every answer that defines a clone, until something is done with the clone. That a
// list tells what the clone is by itself is for LIC-11 and CLONE-11 to say.
func carried(lib *Library, of func(Clone) bool, rule string, relying ...string) {
	for _, clone := range lib.GrantedClones() {
		if source, is := lib.LibraryDrive(clone); is && HasLicences(source) && of(clone) {
			told := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written)).NotListedAt(DrivesDetailPath).NotListedAt(DrivesPath).Defining("licenses")
			lib.Everywhere(told, CarryLicencesOf(source), rule, relying...)
		}
	}
}

// usersTold expects the licences of a clone to be told whole, where those of its source are: who holds one, too, be it nobody.
func usersTold(lib *Library) {
	for _, clone := range lib.GrantedClones() {
		source, is := lib.LibraryDrive(clone)
		if whole, err := HaveJSON("licenses", TellUsers()).Match(source); !is || !whole || err != nil {
			continue // LIC-01 says so
		}
		told := lib.AppearancesOf(clone, nil).NotListedAt(DrivesDetailPath).NotListedAt(DrivesPath).Having("licenses")
		lib.Everywhere(told, HaveJSON("licenses", TellUsers()), "each licence of a clone is told with its user in every answer that defines the clone")
	}
}

// licences are all that GET /licenses/ lists. Whether it can be had is for LIC-03 to say.
func licences(lib *Library) List {
	return lib.ListAt(LicensesPath, "", "GET /licenses/").Sound("LIC-03")
}
