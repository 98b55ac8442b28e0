package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Attaching library drive: a CDROM of the library is attached to a server by its uuid; a disk is cloned first.
func attaching(s *Suite) {
	s.Requirement("ATTACH-01", func(lib *Library) {
		lib.Expect(lib.Scenario(steps.Attaching).Step(steps.Attach)).To(HaveStatus(200), "a CDROM of the library can be attached to a server")
	})

	s.Requirement("ATTACH-02", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		attached := scenario.RequireDone(steps.Attach)
		for _, drive := range attached.Asked("drives").Array() {
			lib.Expect(scenario.Step(steps.ServerAttached)).To(HaveAttached(drive.Get("drive").String(), drive.Get("device").String()),
				"the server's definition names the drive, on the device asked for")
		}
	})

	s.Requirement("ATTACH-03", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		scenario.RequireDone(steps.Attach)
		drive := scenario.Step(steps.DriveOfServer)
		lib.Expect(drive).RelyingOn("OWNER-01", "AUTH-03").To(HaveStatus(200), "what a server names can be had through the drives API")
		// Where the drive has an owner before it is attached, that is not for this to say.
		if before := lib.ThroughDrives(scenario.Source(steps.CDROMBefore)); !before.Pending() && !lib.Holds(before, HaveJSON("owner", BeNull()), "it has an owner before it is attached", "OWNER-02") {
			return
		}
		lib.Expect(drive).To(HaveJSON("owner", BeNull()), "a null owner tells that it is of the library")
	})

	s.Requirement("ATTACH-04", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		if lib.Expect(scenario.Step(steps.SecondServer)).RelyingOn("ATTACH-07").To(HaveStatus(201), "a server can be created with a CDROM of the library") {
			lib.Expect(scenario.Step(steps.SecondServerAttached)).RelyingOn("ATTACH-02").To(HaveAttached(disc(scenario), ""), "the new server has the CDROM")
		}
	})

	s.Requirement("ATTACH-05", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		refused := scenario.Step(steps.AttachDisk)
		lib.Expect(refused).To(Refusing(), "a library disk is not attached directly")
		for _, drive := range refused.Asked("drives").Array() {
			uuid := drive.Get("drive").String()
			if uuid != disc(scenario) {
				lib.Expect(scenario.Step(steps.ServerAfterAttachDisk)).To(HaveDetached(uuid), "the server is as before")
			}
		}
		created := scenario.Step(steps.ServerWithDisk)
		lib.Expect(created).To(Refusing(), "a server is not created with a library disk")
		lib.Expect(scenario.List("servers after "+steps.ServerWithDisk)).To(NameNoDrive(created.Asked("objects.0.name").String()), "a server that was refused is not made")
	})

	s.Requirement("ATTACH-06", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		scenario.RequireDone(steps.Attach)
		before := scenario.Source(steps.CDROMBefore)
		lib.Expect(scenario.Step(steps.CDROMAttached)).UnlessCorrected(scenario).To(EqualFields(before, "the library drive while it was attached", "the library drive before", lib.Unmoved()...),
			"attaching leaves the library drive as it was")
		lib.Expect(scenario.Step(steps.Detach)).To(HaveStatus(200), "a CDROM of the library can be detached")
		detached := scenario.Step(steps.CDROMAfterDetach)
		lib.Expect(detached).UnlessCorrected(scenario).To(EqualFields(before, "the library drive after it was detached", "the library drive before", lib.Unmoved()...),
			"detaching leaves the library drive as it was")
		if server := scenario.Step(steps.Server).JSON().Get("objects.0.uuid"); server.Str != "" {
			lib.Expect(detached).To(HaveJSON("mounted_on", HoldNoReferenceTo(server.Str)), "once detached, the library drive no longer names the server")
			for _, step := range []steps.Step{steps.ListedAfterDetach, steps.DetailAfterDetach} {
				for _, entry := range scenario.EntriesOf(before, step) {
					lib.Expect(entry).To(HaveJSON("mounted_on", HoldNoReferenceTo(server.Str)), "once detached, no list of the library says that the drive is on the server")
				}
			}
		}
	})

	s.Requirement("ATTACH-07", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		scenario.RequireDone(steps.Attach)
		scenario.Step(steps.SecondServer)
		if attached, taken := scenario.Taken(steps.AttachToSecondServer); taken { // creating it with the CDROM was refused
			lib.Expect(attached).To(HaveStatus(200), "a CDROM of the library that is on a server can be put on a second one")
		}
		lib.Expect(scenario.Step(steps.SecondServerAttached)).RelyingOn("ATTACH-02", "ATTACH-04").To(HaveAttached(disc(scenario), ""), "the second server has the CDROM")
		lib.Expect(scenario.Step(steps.FirstServerStill)).RelyingOn("ATTACH-02").To(HaveAttached(disc(scenario), ""), "the first server still has it")
	})

	s.Requirement("ATTACH-08", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		for _, after := range [][3]steps.Step{
			{steps.DeleteRecursively, steps.CDROMAfterAllDrives, steps.SecondServerAttached}, {steps.DeleteCDROMs, steps.CDROMAfterCDROMs, steps.ServerAttachedAgain},
		} {
			if !scenario.Harmed(after[0]) && !lib.Holds(scenario.Step(after[2]), HaveAttached(disc(scenario), ""), "the server has no drive whose staying could be looked at", "ATTACH-01", "ATTACH-02", "ATTACH-04", "ATTACH-07") {
				continue // deleting it shows nothing
			}
			if !scenario.Heard(after[0]) {
				continue // nobody knows whether it was deleted
			}
			lib.Expect(scenario.Step(scenario.Latest(after[1]))).RelyingOn(scenario.UnlessHarmed(after[0], "GET-01")...).To(HaveStatus(200), "deleting a server recursively leaves the library drive in the library")
		}
	})

	s.Requirement("ATTACH-09", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		attach := scenario.Step(steps.AttachClone)
		if !lib.Expect(attach).RelyingOn("CLONE-09", "CLONE-19").To(HaveStatus(200), "a clone can be attached to a server") {
			return
		}
		lib.Expect(scenario.Drive(steps.CloneAttached)).To(HaveJSON("status", BeText("mounted")), "a clone that is attached is mounted")
		for _, drive := range attach.Asked("drives").Array() {
			lib.Expect(scenario.Step(steps.ServerWithClone)).To(HaveAttached(drive.Get("drive").String(), ""), "the server's definition names the clone")
		}
	})

	s.Requirement("ATTACH-10", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		scenario.RequireDone(steps.Attach)
		if !lib.Holds(scenario.Step(steps.ServerAttached), HaveAttached(disc(scenario), ""), "the server that was cloned does not have the CDROM", "ATTACH-02") {
			return
		}
		lib.Require(scenario.Step(steps.CloneServer))
		lib.Expect(scenario.Step(steps.ClonedServer)).To(HaveAttached(disc(scenario), ""), "a clone of a server has the same CDROM of the library")
	})
}

// disc is the uuid of the CDROM that the scenario attaches.
func disc(s Scenario) string { return s.Source(steps.CDROMBefore).UUID }
