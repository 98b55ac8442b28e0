package suites

import (
	"cmp"
	"slices"
	"strings"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Attaching library drive: a CDROM of the library is attached to a server by its uuid; a disk is cloned first.
func attaching(s *Suite) {
	s.Requirement("ATTACH-01", func(lib *Library) {
		lib.Expect(lib.Scenario(steps.Attaching).Step(steps.Attach)).To(HaveStatus(200), "a CDROM of the library can be attached to a server")
		for _, edited := range append(lib.ServersEdited(), lib.ServerEditsMoved()...) {
			lib.Expect(edited).RelyingOn(append(lib.ThatRan(steps.SideBySide, "ATTACH-09"), lib.ThatRan(steps.Attaching, "ATTACH-05", "ATTACH-06")...)...).To(HaveStatus(200), "an edit of a server that is carried out is answered 200, each time")
		}
	})

	s.Requirement("ATTACH-02", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		serversTold(lib)
		attached := scenario.RequireDone(steps.Attach)
		for _, drive := range attached.Asked("drives").Array() {
			mounted := HaveMounted("", drive)
			lib.Expect(scenario.Step(steps.ServerAttached)).To(mounted, "the server's definition names the drive, on the device, the channel and in the order asked for")
			if attached.Problem() == "" {
				lib.Expect(attached).To(mounted, "the answer to attaching shows the drive as it was asked for")
			}
			if entry, listed := scenario.ServerInList(steps.ServerAttached); listed {
				lib.Expect(entry).To(mounted, "the list of servers shows the drive as it was asked for, within the settling time")
			}
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
		addressed := lib.Mounts().Addressed()
		for _, uuid := range addressed.UUIDs() {
			lib.Everywhere(addressed.OfDrive(uuid), HaveJSON("drive.resource_uri", BeUnder(DrivesPath, uuid)), "the address of a drive on a server is that under which it can be had")
		}
	})

	s.Requirement("ATTACH-04", func(lib *Library) {
		scenario := lib.Scenario(steps.Attaching)
		lib.Everywhere(lib.SecondServers(), NotBeTold(), "one request makes one server, also where it clones one")
		for _, moved := range lib.ServersMoved() {
			lib.Expect(moved).To(HaveStatus(201), "a server that is asked for is made or refused, and not to be found elsewhere")
		}
		for _, made := range lib.ServersCreated() {
			lib.Expect(made).To(HaveStatus(201), "a server that is made is answered 201")
			lib.Expect(made).To(HaveJSON("objects", HoldOne()), "the answer that makes a server holds it in `objects`")
			lib.Expect(made).RelyingOn("ATTACH-02").To(HaveJSON("objects.0.uuid", BeUUID()), "the answer that makes a server names it by a uuid")
			if lib.Expect(made).To(HaveLocation(), "a 201 says in Location where the server is") {
				lib.Expect(made).RelyingOn("ATTACH-02").To(LeadTo(ServersPath, made.JSON().Get("objects.0.uuid").String()), "the Location of a 201 leads to the server that was made")
			}
		}
		if lib.Expect(scenario.Step(steps.SecondServer)).RelyingOn("ATTACH-07").To(HaveStatus(201), "a server can be created with a CDROM of the library") {
			lib.Expect(scenario.Step(steps.SecondServerAttached)).RelyingOn("ATTACH-02").To(HaveAttached(disc(scenario), ""), "the new server has the CDROM")
			if made := scenario.Step(steps.SecondServer); made.JSON().Get("objects.0.uuid").Exists() {
				for _, drive := range made.Asked("objects.0.drives").Array() {
					lib.Expect(made).RelyingOn("ATTACH-02").To(HaveMounted("objects.0", drive), "the answer that makes the server shows the CDROM")
				}
			}
			if entry, listed := scenario.ServerInList(steps.SecondServerAttached); listed {
				lib.Expect(entry).RelyingOn("ATTACH-02").To(HaveAttached(disc(scenario), ""), "the new server has the CDROM in the list of servers")
			}
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
		if lib.Expect(scenario.Step(steps.Detach)).To(HaveStatus(200), "a CDROM of the library can be detached") {
			lib.Expect(scenario.Step(steps.Detach)).To(HaveDetached(before.UUID), "the answer to detaching shows the server without the CDROM")
			lib.Expect(scenario.Step(steps.ServerAfterDetach)).To(HaveDetached(before.UUID), "once detached, the CDROM is not on the server any more")
			if entry, listed := scenario.ServerInList(steps.ServerAfterDetach); listed {
				lib.Expect(entry).To(HaveDetached(before.UUID), "once detached, the CDROM is not on the server any more in the list of servers")
			}
		}
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
			if deleted := scenario.Step(after[0]); !scenario.Granted(deleted) {
				// Refused, it shows nothing of what becomes of the library drive.
				lib.Expect(deleted).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-18")...).To(BeAccepted(), "a server that has a CDROM of the library can be deleted with its drives")
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
		server := attach.JSON().Get("uuid").String()
		if server != "" {
			lib.Expect(scenario.Drive(steps.CloneAttached)).To(HaveJSON("mounted_on", HoldReferenceTo(server)), "a clone that is attached names the server")
		}
		for _, drive := range attach.Asked("drives").Array() {
			mounted := HaveMounted("", drive)
			lib.Expect(scenario.Step(steps.ServerWithClone)).To(mounted, "the server's definition names the clone, as it was asked for")
			lib.Expect(attach).To(mounted, "the answer to attaching shows the clone as it was asked for")
			if entry, listed := scenario.ServerInList(steps.ServerWithClone); listed {
				lib.Expect(entry).To(mounted, "the list of servers shows the clone as it was asked for, within the settling time")
			}
		}
		leftByServers(lib, scenario)
		lib.Everywhere(lib.ServersLeft(), NotBeTold(), "a server that was deleted is gone, within the settling time")
		listedOnServer(lib, server)
		detachedClone(lib, scenario)
		asked, told := lib.MountsAsked(), lib.Mounts()
		asAsked := told.NotOnClonedServers(lib)
		servers := lib.ServersTold()
		for _, clone := range lib.GrantedClones() {
			on := lib.AppearancesOf(clone, nil).Having("mounted_on")
			lib.Everywhere(on, HaveJSON("mounted_on", NameServersWhole()), "every answer that says on which servers a clone is names each by resource_uri, uuid and name", lib.ThatRan(steps.LicensedClone, "CLONE-11", "CLONE-26")...)
			lib.Everywhere(on, HaveJSON("mounted_on", HoldNoneTwice()), "every answer that says on which servers a clone is names each once, as the run attached it once", lib.ThatRan(steps.LicensedClone, "CLONE-11", "CLONE-26")...)
			lib.Everywhere(on, HaveJSON("mounted_on", MountedOn(servers)), "a clone is on servers of the account alone, by the uuid, address and name that they have, in every answer", lib.ThatRan(steps.LicensedClone, "CLONE-11", "CLONE-26")...)
			if as := asked[strings.ToLower(clone.UUID)]; len(as) > 0 {
				lib.Everywhere(asAsked.OfDrive(clone.UUID), BeMountedAs(as...), "every answer that tells a server of the run's shows a clone on it as it was asked for", lib.ThatRan(steps.Attaching, "ATTACH-02")...)
				lib.Everywhere(told.OfDrive(clone.UUID), HaveJSON("drive", BeDriveReference()), "every answer that tells a server of the run's names a clone on it by resource_uri and uuid")
			}
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

// serversTold expects what holds of a server, and of what is on it, in every answer of the run that tells it.
func serversTold(lib *Library) {
	const mostRounding = 1 << 30
	asked, told := lib.MountsAsked(), lib.Mounts()
	asAsked := told.NotOnClonedServers(lib)
	for _, drive := range Unique(lib.List().Drives) {
		if as := asked[strings.ToLower(drive.UUID)]; len(as) > 0 {
			lib.Everywhere(asAsked.OfDrive(drive.UUID), BeMountedAs(as...), "every answer that tells a server of the run's shows a drive of the library on it as it was asked for", lib.ThatRan(steps.Attaching, "ATTACH-05")...)
			lib.Everywhere(told.OfDrive(drive.UUID), HaveJSON("drive", BeDriveReference()), "every answer that tells a server of the run's names a drive of the library on it by resource_uri and uuid")
		}
	}
	for _, got := range lib.ServersGot() {
		if !lib.Expect(got).RelyingOn("FORMAT-09").To(HaveStatus(200), "whenever a server of the run's is got, it is answered 200") {
			break
		}
	}
	servers, names, memory := lib.ServersToldWhole(), lib.ServersAsked("name"), lib.ServersAsked("mem")
	lib.Everywhere(servers.Having("drives"), HaveJSON("drives", HoldNoneTwice()), "every answer that defines a server of the run's names each of its drives once")
	if lib.OwnerOfServers() != "" {
		lib.Everywhere(servers, HoldAll("owner"), "every answer that defines a server of the run's says who owns it, where others do")
		lib.Everywhere(servers.Showing("owner"), HaveJSON("owner", BeReference()), "a server of the run's belongs to somebody in every answer that shows who owns it, where others do")
	}
	lib.Everywhere(servers, lib.BeValid(schema.Server), "every answer that defines a server of the run's defines it as a server", lib.ThatRan(steps.Attaching, "ATTACH-04")...)
	narrower := slices.Concat(lib.ThatRan(steps.Attaching, "ATTACH-01", "ATTACH-04", "ATTACH-05", "ATTACH-06", "ATTACH-07"), lib.ThatRan(steps.SideBySide, "ATTACH-09"))
	for _, edited := range lib.ServersEdited() { // of a server that is made, ATTACH-04 says so
		for _, drive := range edited.Asked("drives").Array() {
			lib.Expect(edited).RelyingOn(narrower...).To(HaveMounted("", drive), "the answer that edits a server shows each drive that was asked for on it")
		}
	}
	if servers.Show("mem") {
		lib.Everywhere(servers, HoldAll("mem"), "every answer that defines a server of the run's tells its memory, where others do")
	}
	for _, uuid := range servers.UUIDs() {
		one := servers.OfDrive(uuid)
		lib.Everywhere(one, HaveJSON("uuid", BeTextInAnyCase(uuid)), "every answer that defines a server of the run's has its uuid")
		lib.Everywhere(one, HaveJSON("resource_uri", BeAddressOf(ServersPath, uuid)), "every answer that defines a server of the run's has its address")
		if len(names[uuid]) > 0 {
			lib.Everywhere(one, HaveJSON("name", BeAnyOf(names[uuid], "what the run called it")), "every answer that defines a server of the run's has its name")
		}
		if len(memory[uuid]) > 0 { // the run asks for the same each time
			asked := memory[uuid][0].Int()
			lib.Everywhere(one.Showing("mem"), HaveJSON("mem", BeBetween(asked, asked+mostRounding)), "every answer that defines a server of the run's shows the memory that was asked for, rounded up by no more than 1 GiB")
			if told := ToldByItself(one, "mem"); len(told) > 0 { // the first will do: nothing changes it
				lib.Everywhere(one.Showing("mem"), HaveJSON("mem", BeAnyOf(told[:1], "what GET of the server tells")), "every answer that defines a server of the run's shows the memory that it has by itself")
			}
		}
	}
	lib.Everywhere(told.Unasked(asked), NotBeTold(), "a server has no drive that nobody put on it", lib.ThatRan(steps.Attaching, "ATTACH-05", "ATTACH-10")...)
}

// leftByServers expects clones to be there when the servers were deleted that had them: one alone, one with its CDROMs.
func leftByServers(lib *Library, scenario Scenario) {
	for _, gone := range []struct {
		attached, after steps.Step
		rule            string
	}{
		{steps.AttachCloneAgain, steps.CloneAfterServer, "a clone that is on a server stays when the server alone is deleted"},
		{steps.ServerOfSecond, steps.SecondAfterCDROMs, "a clone that is on a server stays when the server is deleted with its CDROMs"},
	} {
		attached, taken := scenario.Taken(gone.attached)
		if !taken || !scenario.Granted(attached) {
			continue
		}
		after, taken := scenario.Taken(gone.after)
		if !taken || !lib.Expect(after).To(HaveStatus(200), gone.rule) {
			continue
		}
		if server := cmp.Or(attached.JSON().Get("uuid").String(), attached.JSON().Get("objects.0.uuid").String()); server != "" {
			lib.Expect(after).To(HaveJSON("mounted_on", HoldNoReferenceTo(server)), "a clone no longer names a server that was deleted, within the settling time")
		}
	}
}

// listedOnServer expects the entries of a clone that is attached, and detached, in the lists of drives to show it.
func listedOnServer(lib *Library, server string) {
	for _, listed := range lib.ListedClones() {
		entry, is := listed.Entry()
		if listed.Scenario != steps.SideBySide || !is {
			continue // that it is listed is for CLONE-11 to say
		}
		status, mounts := "unmounted", HoldNoReferenceTo(server)
		if listed.Step == steps.CloneAttached {
			status, mounts = "mounted", HoldReferenceTo(server)
		}
		if entry.Tells("status", !listed.Detail) {
			lib.Expect(entry).To(HaveJSON("status", BeText(status)), "in a list a clone that is attached is mounted, and unmounted once it is detached, within the settling time")
		}
		if entry.Tells("mounted_on", true) && server != "" {
			lib.Expect(entry).To(HaveJSON("mounted_on", mounts), "in a list a clone names the server that it is on, and not the one that it was on")
		}
	}
}

// detachedClone expects a clone that was taken off a server, and the server, to show that.
func detachedClone(lib *Library, scenario Scenario) {
	detach, taken := scenario.Taken(steps.DetachClone)
	if !taken || !lib.Expect(detach).To(HaveStatus(200), "a clone can be detached") {
		return
	}
	clone := scenario.Drive(steps.CloneDetached)
	lib.Expect(clone).To(HaveJSON("status", BeText("unmounted")), "a clone that was detached is unmounted")
	lib.Expect(clone).To(HaveJSON("mounted_on", HoldNoReferenceTo(detach.JSON().Get("uuid").String())), "a clone that was detached no longer names the server")
	lib.Expect(detach).To(HaveDetached(clone.UUID), "the answer to detaching shows the server without the clone")
	lib.Expect(scenario.Step(steps.ServerWithoutClone)).To(HaveDetached(clone.UUID), "once detached, the clone is not on the server any more")
	if entry, listed := scenario.ServerInList(steps.ServerWithoutClone); listed {
		lib.Expect(entry).To(HaveDetached(clone.UUID), "once detached, the clone is not on the server any more in the list of servers")
	}
}

// disc is the uuid of the CDROM that the scenario attaches.
func disc(s Scenario) string { return s.Source(steps.CDROMBefore).UUID }
