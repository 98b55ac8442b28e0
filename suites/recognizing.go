package suites

import (
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

// Recognizing library drives: the drives API answers for a library drive too, and only a null owner tells it apart.
func recognizing(s *Suite) {
	s.Requirement("OWNER-01", func(lib *Library) {
		for _, drive := range lib.Subjects() {
			lib.Expect(lib.ThroughDrives(drive)).RelyingOn("AUTH-03").To(HaveStatus(200), "a library drive can be had through the drives API")
		}
	})

	s.Requirement("OWNER-02", func(lib *Library) {
		for _, drive := range lib.Subjects() {
			lib.Expect(lib.ThroughDrives(drive)).To(HaveJSON("owner", BeNull()), "a library drive belongs to nobody")
		}
	})

	s.Requirement("OWNER-03", func(lib *Library) {
		for _, drive := range lib.Subjects() {
			single := lib.Single(drive)
			if !lib.usable(single) {
				continue
			}
			lib.Expect(lib.ThroughDrives(drive)).To(HaveJSON("uuid", BeText(drive.UUID)), "both views show the uuid asked for")
			lib.Expect(lib.ThroughDrives(drive)).To(EqualFields(single.JSON(), single.exchange, "the drives API", "the library",
				"name", "media", "size", "licenses", "meta", "affinities", "allow_multimount", "tags"), "both views show the same drive")
		}
	})

	s.Requirement("OWNER-04", func(lib *Library) {
		for _, drive := range lib.Subjects() {
			lib.Expect(lib.ThroughDrives(drive)).To(HaveJSON("resource_uri", beUnder(drivesPath, drive.UUID)), "resource_uri is the path of the drive under /drives/")
		}
	})

	s.Requirement("OWNER-05", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(HaveJSON("owner", BeNull()), "a drive of the list belongs to nobody")
		}
		for _, drive := range lib.DetailList().sound("DETAIL-01").Drives {
			lib.Expect(drive).To(HaveJSON("owner", BeNull()), "a drive of the detail list belongs to nobody")
		}
		for _, drive := range lib.Subjects() {
			lib.Expect(lib.Single(drive)).To(HaveJSON("owner", BeNull()), "a single library drive belongs to nobody")
		}
	})

	s.Requirement("OWNER-06", func(lib *Library) {
		library := lib.List().index()
		for _, path := range []string{drivesPath, drivesDetailPath} {
			for _, drive := range lib.OwnDrives(path).Drives {
				// A library drive that leaked into the list is for HIDE-01 and HIDE-02 to say.
				if _, leaked := library[drive.UUID]; lib.Among("drive of the account's own", !leaked) {
					lib.Expect(drive).To(HaveJSON("owner", NotBeNull()), "a drive in GET /"+path+" belongs to somebody")
				}
			}
		}
		lib.Among("drive of the account's own", false)
	})

	s.Requirement("OWNER-07", func(lib *Library) {
		for _, drive := range lib.Subjects() {
			lib.Expect(lib.ThroughDrives(drive)).To(lib.BeValid(schema.Drive), "through the drives API, it is defined as a regular drive")
		}
	})
}

// Library drives are in neither of the lists of drives.
func driveLists(s *Suite) {
	hidden := func(path string) func(*Library) {
		return func(lib *Library) {
			library := unique(lib.List().Drives)
			list := lib.OwnDrives(path)
			lib.Expect(list).To(NameNoneOf(library), "no library drive is in GET /"+path)
			// One page more than there should be: what is on pages only may stand at their end.
			for _, page := range lib.walk(path, "", len(list.Drives)+1) {
				lib.Expect(page).To(NameNoneOf(library), "no library drive is on a page of GET /"+path)
			}
		}
	}
	s.Requirement("HIDE-01", hidden(drivesPath))
	s.Requirement("HIDE-02", hidden(drivesDetailPath))

	s.Requirement("HIDE-03", func(lib *Library) {
		for _, drive := range lib.few(8) {
			for _, path := range []string{drivesPath, drivesDetailPath} {
				lib.Expect(lib.Answer(evidence.Read{Path: path, Query: filterQuery("uuid", drive.UUID)}).about(drive.title())).
					To(ListNothing(), "a library drive is not found among the drives by its uuid")
			}
		}
	})

	s.Requirement("HIDE-04", func(lib *Library) {
		library := unique(lib.List().Drives)
		used := lib.Stories(licensedClone, attachingDisc)
		for i, when := range []string{"while it is cloned", "while it is attached to a server"} {
			if !used[i].Begun() && used[1-i].Begun() {
				continue // one of the two is enough to judge by
			}
			lib.Expect(used[i].list("drives")).RelyingOn("HIDE-01").To(NameNoneOf(library), "a library drive stays out of GET /drives/ "+when)
			lib.Expect(used[i].list("drives detail")).RelyingOn("HIDE-02").To(NameNoneOf(library), "a library drive stays out of GET /drives/detail/ "+when)
		}
	})
}
