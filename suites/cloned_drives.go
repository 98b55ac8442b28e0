package suites

import (
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Cloning library drive: what a clone is like, from the answer that defines it until it is deleted, and what cloning leaves
// as it was. How a clone is asked for is in cloning.go.
func clonedDrives(s *Suite) {
	s.Requirement("CLONE-03", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		for _, step := range []steps.Step{steps.Clone, steps.CloneDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("owner", BeReference()), "the clone belongs to somebody, whose uuid is shown")
		}
		owner := lib.OwnerOfServers() // that of all servers of the run, which are the account's
		address := ""
		for _, clone := range lib.Clones() {
			told := lib.AppearancesOf(clone, nil).Telling("owner")
			inXML := lib.AppearancesInXML().Under(DrivesPath).AsDefined().Plainly().OfDrive(clone.UUID)
			lib.Everywhere(inXML.Showing("owner"), HaveJSON("owner", NameSomebody()), "a clone belongs to somebody where XML says to whom, too", "FORMAT-02", "FORMAT-09", "OWNER-06")
			lib.Everywhere(told, HaveJSON("owner", BeReference()), "a clone belongs to somebody in every answer that tells it")
			if owner == "" {
				owner = clone.JSON().Get("owner.uuid").String()
			}
			if address == "" {
				address = told.FirstText("owner.resource_uri")
			}
			if owner != "" {
				lib.Everywhere(told.Having("owner"), HaveJSON("owner.uuid", BeText(owner)), "all clones of the run belong to one owner, as its servers do, in every answer that tells them")
			}
			if address != "" {
				lib.Everywhere(told.Having("owner"), HaveJSON("owner.resource_uri", BeTextOrAbsent(address)), "the owner of the run's clones has one address, in every answer that tells it")
			}
		}
	})

	s.Requirement("CLONE-05", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		name := scenario.Step(steps.Clone).Asked("name").String()
		for _, step := range []steps.Step{steps.Clone, steps.CloneDone} {
			lib.Expect(scenario.Drive(step)).To(HaveJSON("name", BeText(name)), "the clone has the name that was asked for")
		}
		for _, clone := range lib.GrantedClones() {
			if asked := clone.Asked.Get("name"); asked.Str != "" {
				told := lib.AppearancesOf(clone, lib.FirstWrite(clone, Renaming(asked.Str)))
				lib.Everywhere(told.Defining("name"), HaveJSON("name", BeText(asked.Str)), "a clone has the name that was asked for in every answer that tells it, until it is renamed")
			}
		}
	})

	s.Requirement("CLONE-09", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		polls := scenario.Polls(steps.Job)
		for _, clone := range lib.WhileCopied(polls) {
			lib.Expect(clone).RelyingOn("CLONE-10").To(HaveJSON("status", BeOneOf("cloning_dst", "copying")), "while its job runs, before and after the look, the clone is being copied")
		}
		lib.Expect(scenario.Drive(steps.CloneDone)).RelyingOn("CLONE-10").To(HaveJSON("status", BeText("unmounted")), "once its job is done, the clone is unmounted")
	})

	s.Requirement("CLONE-10", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		if clone := scenario.Drive(steps.Clone); !lib.NamesItsJobLater(clone) {
			lib.Expect(clone).To(HaveJSON("jobs", HoldOne()), "the clone refers to exactly one job")
		}
		for _, look := range scenario.Polls(steps.Job) {
			if look.Job != nil {
				expectCloneJob(lib, *look.Job)
			}
		}
		job := scenario.Step(steps.Job)
		expectCloneJob(lib, job)
		lib.Expect(job).To(BeDone(), "the job comes to its end")
		if kept, taken := scenario.Taken(steps.JobAfterDelete); taken {
			lib.Expect(kept).To(HaveStatus(200), "the job is kept for days, also where its clone is deleted")
		}
		looked := lib.JobsByUUID()
		for _, clone := range lib.GrantedClones() {
			told := lib.OnceTheJobIsNamed(clone, lib.AppearancesOf(clone, lib.FirstWrite(clone, Acting)).Defining("jobs"))
			lib.Everywhere(told, HaveJSON("jobs", HoldOne()), "a clone refers to exactly one job in every answer that tells it, until it is cloned itself")
			if jobs := lib.JobsToldByItself(clone); len(jobs) > 0 {
				lib.Everywhere(told.Having("jobs"), HaveJSON("jobs", BeAnyOf(jobs, "what GET of the clone tells")), "a clone refers to one and the same job in every answer that tells it, until it is cloned itself")
			}
			lib.Everywhere(lib.AppearancesOf(clone, nil).Having("jobs"), HaveJSON("jobs", HoldJobReferences()), "a clone refers to each of its jobs by resource_uri and uuid in every answer that tells it")
			lib.Everywhere(lib.AppearancesOf(clone, nil).Having("jobs"), HaveJSON("jobs", HoldNoneTwice()), "a clone refers to each of its jobs once in every answer that tells it")
			lib.Everywhere(lib.AppearancesOf(clone, nil).Having("jobs"), HaveJSON("jobs", NameOwnJobs(clone.UUID, looked)), "a clone refers to jobs that are about it in every answer that tells it", lib.ThatRan(steps.LicensedClone, "CLONE-25")...)
		}
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
		listedAsAlone(lib)
		for _, clone := range lib.GrantedClones() {
			for _, got := range lib.GotByItself(clone.Drive) {
				if !lib.Expect(got).RelyingOn("FORMAT-09").To(HaveJSON("uuid", BeText(clone.UUID)), "whenever a clone is got by its uuid, it is the one of that uuid") {
					break
				}
			}
			for _, field := range []string{"tags", "affinities"} {
				lib.Everywhere(lib.AppearancesOf(clone, nil).Having(field), HaveJSON(field, HoldNoneTwice()), "every answer that tells a clone names nothing twice: "+field)
			}
			lib.Everywhere(lib.AppearancesOf(clone, nil).ListedAt(DrivesPath).Plainly(), HoldAll("uuid", "resource_uri", "status", "owner"), "without chosen fields, the list of drives tells the uuid, resource_uri, status and owner of a clone", "CLONE-03", "OWNER-06", "FORMAT-09")
		}
		editsAnswered(lib)
		toldAlike(lib)
	})

	s.Requirement("CLONE-12", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		clone := scenario.Drive(steps.Clone)
		lib.Expect(scenario.List(steps.Libdrives)).To(NotNameDrive(clone.UUID), "a clone is not in the library")
		lib.Expect(scenario.Step(steps.UnderLibdrives)).To(HaveStatus(404), "a clone is not found under /libdrives/")
		for _, clone := range lib.Clones() {
			told := lib.InTheLibrary(clone)
			lib.Everywhere(told, NotBeTold(), "no answer under /libdrives/ tells a clone")
		}
	})

	s.Requirement("CLONE-14", func(lib *Library) {
		scenarios := lib.Scenarios(steps.LicensedClone, steps.SideBySide, steps.BiggerClone)
		for i, at := range [][2]steps.Step{{steps.SourceBefore, steps.CloneDone}, {steps.Source, steps.FirstDone}, {steps.Source, steps.CloneDone}} {
			if i == 0 || scenarios[i].Took(at[0]) && scenarios[i].Took(at[1]) {
				metaOfImage(lib, scenarios[i].Source(at[0]), scenarios[i].Drive(at[1]))
			}
		}
		for entry := range entriesOf(lib, "meta") {
			if entry.JSON().Get("meta").Exists() {
				metaOfImage(lib, scenarios[2].Source(steps.Source), entry)
			}
		}
	})

	s.Requirement("CLONE-15", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		before := scenario.Source(steps.SourceBefore)
		lib.Expect(scenario.Step(steps.SourceAfter)).UnlessCorrected(scenario).To(EqualFields(before, "the library drive after it was cloned", "the library drive before", lib.Unmoved()...),
			"cloning leaves the library drive as it was")
		lib.ListAtTheEnd()
		seen := map[string]bool{}
		for _, clone := range lib.Clones() {
			if source, is := lib.LibraryDrive(clone); is && !seen[source.UUID] {
				seen[source.UUID] = true
				lib.StaysAsItWas(source.UUID, clone.Made, "that it was cloned, and what was done with its clones, leaves a library drive as it was in every answer")
			}
		}
	})

	s.Requirement("CLONE-18", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		clone := scenario.Drive(steps.Clone)
		lib.Expect(scenario.Step(steps.Delete)).To(HaveStatus(204), "the clone can be deleted")
		for _, moved := range lib.DeletesMoved() {
			lib.Expect(moved).To(HaveStatus(204), "a drive is deleted or not, and not to be deleted elsewhere")
		}
		for _, answered := range lib.DeletesDoneOrFailed() {
			lib.Expect(answered).To(HaveStatus(204), "a clone that is deleted is answered 204, each time")
		}
		lib.Expect(scenario.Step(steps.AfterDelete)).To(HaveStatus(404), "a deleted clone is not found")
		for _, step := range []steps.Step{steps.GoneStill, steps.GoneAgain, steps.GoneInXML} {
			if after, taken := scenario.Taken(step); taken && after.Refused() { // another copy of the account's drives may have it for a moment yet
				lib.Expect(after).UnlessBusy().To(HaveStatus(404), "a deleted clone is not found, however often and in whichever format it is asked for")
			}
		}
		for _, step := range []steps.Step{steps.DrivesAfterDelete, steps.DrivesDetailAfterDelete} {
			lib.Expect(scenario.List(step)).To(NotNameDrive(clone.UUID), "a deleted clone is in no list of drives")
		}
		severalDeleted(lib)
	})

	s.Requirement("CLONE-21", func(lib *Library) {
		scenarios := lib.Scenarios(steps.LicensedClone, steps.Attaching)
		lib.DetailListUnder("", "the detail list") // which the one of the end is compared with
		list, detail := lib.ListAtTheEnd(), lib.DetailListAtTheEnd()
		lib.ListsAtTheEnd()
		for _, own := range material.TellingOwn(lib, 2) {
			lib.OwnAtTheEnd(own) // what it tells is for PAGE-08
		}
		told := []string{"CLONE-15"}
		told = append(told, lib.ThatRan(steps.Attaching, "ATTACH-06", "ATTACH-08")...)
		told = append(told, lib.ThatRan(steps.ForbiddenMethods, "METHOD-08")...)
		used, by := lib.UsedDrives()
		for i, drive := range used {
			lib.Expect(list).RelyingOn(told...).To(NameDrive(drive.UUID), "a library drive that the run used is still listed when it is over")
			lib.Expect(detail).RelyingOn(told...).To(NameDrive(drive.UUID), "a library drive that the run used is still in the detail list when it is over")
			lib.StaysAsItWas(drive.UUID, by[i], "a library drive that the run used is as it was when it is over", told...)
		}
		toldAtTheEnd(lib, list, detail, told...)
		if len(used) == 0 {
			scenarios[0].Step(steps.Clone) // nothing was used
		}
	})

	s.Requirement("CLONE-22", func(lib *Library) {
		lib.Scenario(steps.LicensedClone).RequireDone(steps.Clone)
		for _, clone := range lib.GrantedClones() {
			told := lib.AppearancesOf(clone, nil).Defining("resource_uri")
			lib.Everywhere(told, HaveJSON("resource_uri", BeUnder(DrivesPath, clone.UUID)), "a clone's resource_uri is its path under /drives/ in every answer that tells it")
		}
		listed := lib.Appearances().Under(DrivesPath).InLists().NotOf(lib.List().Index()).Having("resource_uri")
		lib.Everywhere(listed, BeAtItsAddress(DrivesPath), "a list of drives tells of each the uuid that its address has")
	})

	s.Requirement("CLONE-23", func(lib *Library) {
		const kind = "library disk that shows its storage_type through the drives API"
		scenarios := lib.Scenarios(steps.LicensedClone, steps.SideBySide, steps.BiggerClone)
		scenarios[0].RequireDone(steps.Clone)
		storage := map[string]string{} // by source
		for i, step := range []steps.Step{steps.SourceBefore, steps.Source, steps.Source} {
			if i > 0 && !scenarios[i].Took(step) {
				continue
			}
			source := scenarios[i].Source(step)
			if through := lib.ThroughDrives(source); lib.Usable(through) {
				shown := through.JSON().Get("storage_type")
				lib.Among(kind, shown.Type == gjson.String && shown.Str != "", "storage_type")
				storage[source.UUID] = shown.Str
			}
		}
		for _, clone := range lib.GrantedClones() {
			if shown := storage[clone.Source]; shown != "" && !clone.Asked.Get("storage_type").Exists() {
				told := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written)).Having("storage_type")
				lib.Everywhere(told, HaveJSON("storage_type", BeText(shown)), "a clone is on the storage of its source where the request asks for no other")
			}
		}
	})

	s.Requirement("CLONE-24", func(lib *Library) {
		lib.Scenario(steps.LicensedClone).Drive(steps.CloneDone)
		for _, clone := range lib.GrantedClones() {
			lib.Everywhere(lib.AppearancesOf(clone, nil).Having("meta"), HaveJSON("meta", BeSoundMeta()), "a clone's meta has strings, paid and favourite aside, under keys of at most 32 characters")
		}
	})

	s.Requirement("CLONE-25", func(lib *Library) {
		scenarios := lib.Scenarios(steps.LicensedClone, steps.SideBySide)
		for i, at := range [][2]steps.Step{{steps.Clone, steps.Job}, {firstClone(scenarios[1]), steps.FirstJob}, {second(scenarios[1]), steps.SecondJob}} {
			scenario := scenarios[min(i, 1)]
			if i > 0 && (!scenario.Took(at[0]) || !scenario.Took(at[1])) {
				continue
			}
			answer := scenario.Step(at[0])
			if i > 0 && !scenario.Granted(answer) {
				continue
			}
			clone, source, job := scenario.Drive(at[0]), scenario.Cloned(answer), scenario.Step(at[1])
			if !lib.Usable(job) {
				continue
			}
			lib.Expect(job).RelyingOn("CLONE-10").To(HaveJSON("resources", NameResource(clone.UUID, "drives")), "the job names the clone among its resources")
			lib.Expect(job).RelyingOn("CLONE-10").To(HaveJSON("resources", NameResource(source.UUID, "drives", "libdrives")), "the job names the source among its resources")
			lib.Expect(job).RelyingOn("CLONE-10").To(HaveJSON("state", BeText("success")), "the job ends in the state success")
		}
		library, jobs := lib.List().Index(), lib.JobsByUUID()
		for _, clone := range lib.GrantedClones() {
			if _, ofLibrary := library.Get(clone.Source); ofLibrary || clone.Source == "" {
				continue // the job is among those above
			}
			if job, looked := jobs[strings.ToLower(clone.JSON().Get("jobs.0.uuid").String())]; looked {
				lib.Expect(job.Last()).RelyingOn("CLONE-10").To(HaveJSON("resources", NameResource(clone.UUID, "drives")), "the job of a clone of a clone names it among its resources")
				lib.Expect(job.Last()).RelyingOn("CLONE-10").To(HaveJSON("resources", NameResource(clone.Source, "drives")), "the job of a clone of a clone names the clone that it was made of among its resources")
			}
		}
		for _, uuid := range slices.Sorted(maps.Keys(jobs)) {
			for _, look := range jobs[uuid].Looks() {
				if !lib.Expect(look).RelyingOn("CLONE-10").To(HaveJSON("uuid", BeTextInAnyCase(uuid)), "a job has the uuid by which it is got, in every look at it") ||
					!lib.Expect(look).RelyingOn("CLONE-10").To(HaveJSON("resource_uri", BeAddressOf("jobs/", uuid)), "a job has the address at which it is got, in every look at it") {
					break
				}
			}
		}
		for _, job := range lib.JobsLookedAt() {
			created := BeAnyOf(job.Created(), "what the first look at it tells")
			for _, look := range job.Looks() {
				if !lib.Expect(look).RelyingOn("CLONE-10").To(HaveJSON("created", BeATime()), "a job was made at a time, as the example tells it") ||
					!lib.Expect(look).RelyingOn("CLONE-10").To(HaveJSON("created", created), "a job was made at one time, in every look at it") ||
					!lib.Expect(look).RelyingOn("CLONE-10").To(HaveEveryJobField(), "a job tells every documented field, in every look at it") ||
					!lib.Expect(look).RelyingOn("CLONE-10").To(lib.BeValid(schema.Job), "a job is defined as documented, in every look at it") ||
					!lib.Expect(look).RelyingOn("CLONE-10").To(NotBeDoneAndUnderWay(), "a job whose progress is 100 is done, and does not say in the same answer that it is under way") {
					break // the other looks at it say the same
				}
			}
		}
	})

	s.Requirement("CLONE-26", func(lib *Library) {
		lib.Scenario(steps.LicensedClone).Drive(steps.CloneDone)
		for _, clone := range lib.GrantedClones() {
			told := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written))
			for _, field := range []string{"mounted_on", "snapshots", "grantees"} {
				lib.Everywhere(told.Defining(field), HaveJSON(field, BeNothing()), "a clone begins alone: "+field+" is empty in every answer that tells it, until something is done with it")
			}
		}
	})

	s.Requirement("CLONE-27", func(lib *Library) {
		lib.Require(lib.Scenario(steps.LicensedClone).Step(steps.Job))
		for _, job := range lib.JobsLookedAt() {
			lib.Expect(job.Last()).To(NeverGoBack(job), "a job's progress never goes back")
		}
	})
}

// severalDeleted expects clones that were deleted at once to be gone, and no other. It is tried with what is not allowed on the
// library, and where the account has no drives but the run's.
func severalDeleted(lib *Library) {
	if len(lib.ThatRan(steps.ForbiddenMethods, "METHOD-15")) == 0 {
		return
	}
	scenario := lib.Scenario(steps.ForbiddenMethods)
	deleted, taken := scenario.Taken(steps.DeleteSeveral)
	if !taken || !lib.Expect(deleted).UnlessBusy().To(HaveStatus(204), "several clones can be deleted at once") {
		return
	}
	for _, step := range []steps.Step{steps.FirstOfSeveral, steps.SecondOfSeveral} {
		lib.Expect(scenario.Step(step)).To(HaveStatus(404), "each of several clones that were deleted at once is gone")
	}
	lib.Expect(scenario.Step(steps.NoneOfSeveral)).To(HaveStatus(200), "a clone that was not named among those to delete is still there")
}

// expectCloneJob asserts that the answer is of a job that clones a drive.
func expectCloneJob(lib *Library, job Answer) {
	if lib.Expect(job).To(HaveStatus(200), "the clone's job can be got") {
		lib.Expect(job).To(HaveJSON("operation", BeText("drive_clone")), "the clone's job is a drive_clone")
	}
}

// metaOfImage expects what the library says of an image in the meta of its clone.
func metaOfImage(lib *Library, source, clone Drive) {
	for _, field := range []string{"os", "arch", "image_type", "description", "distribution", "version", "url", "default_user", "install_notes"} {
		value := source.JSON().Get(field)
		if value.Type != gjson.String || strings.TrimSpace(value.Str) == "" {
			continue
		}
		told, key := BeText(value.Str), field
		rule := "the library's " + field + " is in the clone's meta"
		switch field {
		case "default_user":
			told, rule = NotBeCutOff(value.Str), rule+", and not cut off"
		case "os", "arch", "image_type": // the documentation describes them in words of their own, such as 64-bit
			told = BeOtherThan("")
		case "install_notes":
			if other := "install notes"; clone.JSON().Get("meta." + other).Exists() {
				key = other
			}
			if source.JSON().Get("image_type").Str == "preinst" && clone.JSON().Get("meta."+key).String() == "" {
				continue // there is nothing to install any more
			}
			told, rule = NotBeCutOff(value.Str), rule+", and not cut off"
		}
		lib.Expect(clone).To(HaveJSON("meta."+key, told), rule)
	}
	if len(source.JSON().Get("category").Array()) > 0 {
		lib.Expect(clone).To(HaveJSON("meta.category", BeOtherThan("")), "the library's category is in the clone's meta")
	}
}

// toldFields are the fields of a clone that nothing but a write changes, each with what says the same of it more narrowly.
func toldFields(lib *Library) map[string][]string {
	licences := append(lib.ThatRan(steps.LicensedClone, "LIC-04", "LIC-05", "LIC-06", "LIC-07", "LIC-08", "LIC-11", "LIC-13", "LIC-14"), lib.ThatRan(steps.BiggerClone, "LIC-10")...)
	return map[string][]string{
		"name":             {"CLONE-05"},
		"size":             append(lib.ThatRan(steps.BiggerClone, "CLONE-07"), lib.ThatRan(steps.LicensedClone, "LIC-08")...),
		"media":            lib.ThatRan(steps.BiggerClone, "CLONE-06"),
		"affinities":       lib.ThatRan(steps.BiggerClone, "CLONE-06"),
		"meta":             append([]string{"CLONE-24"}, lib.ThatRan(steps.BiggerClone, "CLONE-14")...),
		"licenses":         append(licences, "LIC-12"),
		"tags":             nil,
		"storage_type":     {"CLONE-23"},
		"allow_multimount": nil,
	}
}

// toldOrder is the order in which the fields are looked at.
var toldOrder = []string{"name", "size", "media", "affinities", "meta", "licenses", "tags", "allow_multimount", "storage_type"}

// listedAsAlone expects the entry of a clone in the lists to be as the clone is by itself, once it had the time to be.
func listedAsAlone(lib *Library) {
	relying := toldFields(lib)
	attached := lib.ThatRan(steps.SideBySide, "ATTACH-09")
	relying["status"], relying["mounted_on"] = append([]string{"CLONE-09"}, attached...), append([]string{"CLONE-26"}, attached...)
	for _, listed := range lib.ListedClones() {
		if !lib.Usable(listed.Alone) || !lib.Usable(listed.List.AnsweredBy("AUTH-03")) {
			continue
		}
		entry, is := listed.Entry()
		alone, _ := listed.Alone.Defines()
		if !is {
			lib.Expect(listed.List.AsList()).To(NameDrive(alone.UUID), "a clone is found in the lists of drives by its uuid")
			continue
		}
		for _, field := range append([]string{"status", "mounted_on"}, toldOrder...) {
			if alone.JSON().Get(field).Exists() && entry.Tells(field, !listed.Detail) {
				lib.Expect(entry).RelyingOn(relying[field]...).AsSuch().To(EqualFields(alone, "the clone's entry in the list", "the clone by itself", field),
					"the clone's entry in a list shows what the clone is by itself, within the settling time")
			}
		}
	}
}

// metaKeys are the keys of what a clone of the library has as meta.
var metaKeys = [...]string{"os", "arch", "distribution", "version", "default_user", "install_notes", "install notes", "url", "description", "image_type", "category", "paid", "favourite", "favorite"}

// editsAnswered expects the answer to an edit to show what was asked for, and what the clone is afterwards.
func editsAnswered(lib *Library) {
	for _, moved := range lib.EditsMoved() {
		lib.Expect(moved).To(HaveStatus(200, 202), "an edit and a resize are carried out or refused, and not to be asked for elsewhere")
	}
	for _, clone := range lib.GrantedClones() {
		for _, edit := range lib.EditsOf(clone) {
			lib.Expect(edit).To(HaveStatus(200), "an edit is answered 200")
			if !lib.Expect(edit).To(HaveJSON("uuid", BeText(clone.UUID)), "the answer to an edit is the drive's definition itself") {
				continue
			}
			shown, _ := edit.Defines()
			lib.Expect(shown).To(HaveJSON("name", BeText(edit.Asked("name").String())), "the answer to an edit shows the name that was asked for")
			if meta := edit.Asked("meta"); meta.IsObject() && shown.JSON().Get("meta").IsObject() {
				gone := slices.DeleteFunc(slices.Clone(metaKeys[:]), func(key string) bool { return Members(meta)[key].Exists() })
				lib.Expect(shown).To(HaveJSON("meta", HoldNoneOf(gone...)), "an edit takes the whole meta: of what it had as a clone of the library nothing stays that the edit leaves out")
			}
			for _, key := range []string{"meta.purpose"} {
				if asked := edit.Asked(key); asked.Exists() {
					lib.Expect(shown).To(HaveJSON(key, BeText(asked.String())), "the answer to an edit shows the meta that was asked for")
				}
			}
		}
		for _, resize := range lib.ResizesOf(clone) {
			lib.Expect(resize).To(HaveStatus(202), "a resize is answered 202")
			if lib.Expect(resize).To(HaveJSON("objects", HoldOne()), "the answer to a resize holds the drive in `objects`") {
				lib.Expect(resize).To(HaveJSON("objects.0.uuid", BeText(clone.UUID)), "the answer to a resize is of the drive that is resized")
			}
		}
	}
	scenario := lib.Scenario(steps.LicensedClone)
	relying := toldFields(lib)
	for _, edit := range [][2]steps.Step{
		{steps.Rename, steps.AfterRename}, {steps.EditMeta, steps.AfterEditMeta}, {steps.EditTags, steps.AfterEditTags}, {steps.EditMedia, steps.AfterEditMedia},
		{steps.MediaBack, steps.AfterMediaBack}, {steps.NoLicences, steps.AfterNoLicences},
	} {
		answer, taken := scenario.Taken(edit[0])
		after, looked := scenario.Taken(edit[1])
		if !taken || !looked || answer.Problem() != "" || after.Problem() != "" {
			continue // refused, or for others to say
		}
		told, defined := answer.Defines()
		for _, field := range []string{"name", "size", "media", "affinities", "meta", "tags", "storage_type", "allow_multimount"} {
			if then := after.JSON().Get(field); defined && then.Exists() && told.JSON().Get(field).Exists() {
				lib.Expect(after).RelyingOn(relying[field]...).AsSuch().To(EqualFields(told, "the clone after the edit", "the answer to the edit", field),
					"a clone is what the answer to an edit of it said, within the settling time")
			}
		}
	}
	resized(lib, scenario)
	for _, other := range []steps.Scenario{steps.BiggerClone, steps.SideBySide} {
		if lib.Ran(other) {
			resized(lib, lib.Scenario(other))
		}
	}
}

// resized expects a resize that was accepted to have come about once the clone is at rest.
func resized(lib *Library, scenario Scenario) {
	const mostRounding = 1 << 30
	resize, taken := scenario.Taken(steps.Resize)
	after, looked := scenario.Taken(steps.AfterResize)
	if !taken || !looked || resize.Problem() != "" || after.Problem() != "" || !slices.Contains([]string{"unmounted", "mounted"}, after.JSON().Get("status").String()) {
		return
	}
	asked := resize.Asked("size").Int()
	lib.Expect(after).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)), "a clone that was resized is as big as it was asked to be, once it is at rest")
	if told, defined := resize.Defines(); defined {
		for _, field := range []string{"name", "media", "meta", "affinities", "tags", "storage_type", "allow_multimount"} {
			if !told.JSON().Get(field).Exists() && field != "name" && field != "media" {
				continue // it need not tell it
			}
			lib.Expect(told).RelyingOn("CLONE-24").To(EqualFields(DriveOf(after.JSON(), after.Exchange), "the answer to the resize", "the clone after it", field), "the answer to a resize shows the clone")
		}
	}
}
