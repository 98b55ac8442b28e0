package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
)

// Attaching library drive: a CDROM of the library is attached to a server by its uuid; a disk is cloned first.
func attaching(s *Suite) {
	s.Requirement("ATTACH-01", func(lib *Library) {
		lib.Expect(lib.Scenario(AttachingDisc).Step("attach")).To(HaveStatus(200), "a CDROM of the library can be attached to a server")
	})

	s.Requirement("ATTACH-02", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		attached := story.Step("attach")
		lib.Require(attached)
		for _, drive := range attached.Asked("drives").Array() {
			lib.Expect(story.Step("server attached")).To(HaveAttached(drive.Get("drive").String(), drive.Get("device").String()),
				"the server's definition names the drive, on the device asked for")
		}
	})

	s.Requirement("ATTACH-03", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		lib.Require(story.Step("attach"))
		drive := story.Step("drive of the server")
		lib.Expect(drive).RelyingOn("OWNER-01", "AUTH-03").To(HaveStatus(200), "what a server names can be had through the drives API")
		lib.Expect(drive).RelyingOn("OWNER-02").To(HaveJSON("owner", BeNull()), "a null owner tells that it is of the library")
	})

	s.Requirement("ATTACH-04", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		if lib.Expect(story.Step("second server")).RelyingOn("ATTACH-07").To(HaveStatus(201), "a server can be created with a CDROM of the library") {
			lib.Expect(story.Step("second server attached")).RelyingOn("ATTACH-02").To(HaveAttached(disc(story), ""), "the new server has the CDROM")
		}
	})

	s.Requirement("ATTACH-05", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		refused := story.Step("attach disk")
		lib.Expect(refused).To(HaveStatus(400, 401, 402, 403, 404, 405, 406, 409, 410, 422), "a library disk is not attached directly")
		for _, drive := range refused.Asked("drives").Array() {
			uuid := drive.Get("drive").String()
			if uuid != disc(story) {
				lib.Expect(story.Step("server after attach disk")).To(HaveDetached(uuid), "the server is as before")
			}
		}
	})

	s.Requirement("ATTACH-06", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		lib.Require(story.Step("attach"))
		before := story.Source("cdrom before")
		lib.Expect(story.Step("detach")).To(HaveStatus(200), "a CDROM of the library can be detached")
		lib.Expect(story.Step("cdrom after detach")).To(EqualDrive(before.JSON, before.From, "the library drive after it was detached", "the library drive before"),
			"detaching leaves the library drive as it was")
	})

	s.Requirement("ATTACH-07", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		lib.Require(story.Step("attach"))
		story.Step("second server")
		if attached, taken := story.Taken("attach to second server"); taken { // creating it with the CDROM was refused
			lib.Expect(attached).To(HaveStatus(200), "a CDROM of the library that is on a server can be put on a second one")
		}
		lib.Expect(story.Step("second server attached")).RelyingOn("ATTACH-02", "ATTACH-04").To(HaveAttached(disc(story), ""), "the second server has the CDROM")
		lib.Expect(story.Step("first server still")).RelyingOn("ATTACH-02").To(HaveAttached(disc(story), ""), "the first server still has it")
	})

	s.Requirement("ATTACH-08", func(lib *Library) {
		story := lib.Scenario(AttachingDisc)
		for _, after := range [][2]string{{"delete recursively", "cdrom after all_drives"}, {"delete cdroms", "cdrom after cdroms"}} {
			lib.Expect(story.Step(story.Latest(after[1]))).RelyingOn(story.UnlessHarmed(after[0], "GET-01")...).To(HaveStatus(200), "deleting a server recursively leaves the library drive in the library")
		}
	})

	s.Requirement("ATTACH-09", func(lib *Library) {
		story := lib.Scenario(SideBySide)
		attach := story.Step("attach clone")
		if !lib.Expect(attach).RelyingOn("CLONE-09", "CLONE-19").To(HaveStatus(200), "a clone can be attached to a server") {
			return
		}
		lib.Expect(story.Drive("clone attached")).To(HaveJSON("status", BeText("mounted")), "a clone that is attached is mounted")
		for _, drive := range attach.Asked("drives").Array() {
			lib.Expect(story.Step("server with clone")).To(HaveAttached(drive.Get("drive").String(), ""), "the server's definition names the clone")
		}
	})
}

// disc is the uuid of the CDROM that the story attaches.
func disc(s Scenario) string { return s.Source("cdrom before").UUID }
