package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// Attaching library drive: a CDROM of the library is attached to a server by its uuid; a disk is cloned first.
func attaching(s *Suite) {
	s.Requirement("ATTACH-01", func(lib *Library) {
		lib.Expect(lib.Story(attachingDisc).Step("attach")).To(HaveStatus(200), "a CDROM of the library can be attached to a server")
	})

	s.Requirement("ATTACH-02", func(lib *Library) {
		story := lib.Story(attachingDisc)
		attached := story.Step("attach")
		lib.Require(attached)
		for _, drive := range attached.asked("drives").Array() {
			lib.Expect(story.Step("server attached")).To(HaveAttached(drive.Get("drive").String(), drive.Get("device").String()),
				"the server's definition names the drive, on the device asked for")
		}
	})

	s.Requirement("ATTACH-03", func(lib *Library) {
		story := lib.Story(attachingDisc)
		lib.Require(story.Step("attach"))
		drive := story.Step("drive of the server")
		lib.Expect(drive).RelyingOn("OWNER-01", "AUTH-03").To(HaveStatus(200), "what a server names can be had through the drives API")
		lib.Expect(drive).RelyingOn("OWNER-02").To(HaveJSON("owner", BeNull()), "a null owner tells that it is of the library")
	})

	s.Requirement("ATTACH-04", func(lib *Library) {
		story := lib.Story(attachingDisc)
		if lib.Expect(story.Step("second server")).RelyingOn("ATTACH-07").To(HaveStatus(201), "a server can be created with a CDROM of the library") {
			lib.Expect(story.Step("second server attached")).RelyingOn("ATTACH-02").To(HaveAttached(story.disc(), ""), "the new server has the CDROM")
		}
	})

	s.Requirement("ATTACH-05", func(lib *Library) {
		story := lib.Story(attachingDisc)
		refused := story.Step("attach disk")
		lib.Expect(refused).To(HaveStatus(400, 401, 402, 403, 404, 405, 406, 409, 410, 422), "a library disk is not attached directly")
		for _, drive := range refused.asked("drives").Array() {
			uuid := drive.Get("drive").String()
			if uuid != story.disc() {
				lib.Expect(story.Step("server after attach disk")).To(HaveDetached(uuid), "the server is as before")
			}
		}
	})

	s.Requirement("ATTACH-06", func(lib *Library) {
		story := lib.Story(attachingDisc)
		lib.Require(story.Step("attach"))
		before := story.source("cdrom before")
		lib.Expect(story.Step("detach")).To(HaveStatus(200), "a CDROM of the library can be detached")
		lib.Expect(story.Step("cdrom after detach")).To(EqualDrive(before.JSON, before.from, "the library drive after it was detached", "the library drive before"),
			"detaching leaves the library drive as it was")
	})

	s.Requirement("ATTACH-07", func(lib *Library) {
		story := lib.Story(attachingDisc)
		lib.Require(story.Step("attach"))
		story.Step("second server")
		if attached, taken := story.taken("attach to second server"); taken { // creating it with the CDROM was refused
			lib.Expect(attached).To(HaveStatus(200), "a CDROM of the library that is on a server can be put on a second one")
		}
		lib.Expect(story.Step("second server attached")).RelyingOn("ATTACH-02", "ATTACH-04").To(HaveAttached(story.disc(), ""), "the second server has the CDROM")
		lib.Expect(story.Step("first server still")).RelyingOn("ATTACH-02").To(HaveAttached(story.disc(), ""), "the first server still has it")
	})

	s.Requirement("ATTACH-08", func(lib *Library) {
		story := lib.Story(attachingDisc)
		for _, after := range [][2]string{{"delete recursively", "cdrom after all_drives"}, {"delete cdroms", "cdrom after cdroms"}} {
			lib.Expect(story.Step(story.latest(after[1]))).RelyingOn(story.unlessHarmed(after[0], "GET-01")...).To(HaveStatus(200), "deleting a server recursively leaves the library drive in the library")
		}
	})

	s.Requirement("ATTACH-09", func(lib *Library) {
		story := lib.Story(sideBySide)
		attach := story.Step("attach clone")
		if !lib.Expect(attach).RelyingOn("CLONE-09", "CLONE-19").To(HaveStatus(200), "a clone can be attached to a server") {
			return
		}
		lib.Expect(story.drive("clone attached")).To(HaveJSON("status", BeText("mounted")), "a clone that is attached is mounted")
		for _, drive := range attach.asked("drives").Array() {
			lib.Expect(story.Step("server with clone")).To(HaveAttached(drive.Get("drive").String(), ""), "the server's definition names the clone")
		}
	})
}

// disc is the uuid of the CDROM that the story attaches.
func (s Story) disc() string { return s.source("cdrom before").UUID }

// HaveAttached matches the definition of a server that names the drive, on the device where one is given.
func HaveAttached(uuid, device string) types.GomegaMatcher { return haveAttached{uuid, device, true} }

// HaveDetached matches the definition of a server that does not name the drive.
func HaveDetached(uuid string) types.GomegaMatcher { return haveAttached{uuid, "", false} }

type haveAttached struct {
	uuid, device string
	there        bool
}

func (m haveAttached) Match(actual any) (bool, error) {
	v, err := value(actual)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(v.Get("drives").Array(), m.is) == m.there, nil
}

// is reports whether an entry of a server's drives is the drive, nested or by its uuid or URI.
func (m haveAttached) is(entry gjson.Result) bool {
	drive := entry.Get("drive")
	names := drive.Get("uuid").String() == m.uuid || drive.Type == gjson.String && strings.Contains(drive.Str, m.uuid)
	return names && (m.device == "" || entry.Get("device").String() == m.device)
}

func (m haveAttached) explain(actual any) (expected, found string) {
	expected = "drive " + m.uuid + " among its drives"
	switch {
	case !m.there:
		expected = "no " + expected
	case m.device != "":
		expected += ", on " + m.device
	}
	v, err := value(actual)
	if err != nil {
		return expected, err.Error()
	}
	return expected, "drives: " + clip(show(v.Get("drives")))
}

func (m haveAttached) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m haveAttached) NegatedFailureMessage(actual any) string {
	return "not " + m.FailureMessage(actual)
}
