package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Library drives are in neither of the lists of drives.
func driveLists(s *Suite) {
	hidden := func(path string) func(*Library) {
		return func(lib *Library) {
			library := Unique(lib.List().Drives)
			list := lib.OwnDrives(path)
			lib.Expect(list).To(NameNoneOf(library), "no library drive is in GET /"+path)
			// One page more than there should be: what is on pages only may stand at their end.
			for _, page := range lib.Walk(path, "", len(list.Drives)+1) {
				lib.Expect(page).To(NameNoneOf(library), "no library drive is on a page of GET /"+path)
			}
		}
	}
	s.Requirement("HIDE-01", hidden(DrivesPath))
	s.Requirement("HIDE-02", hidden(DrivesDetailPath))

	s.Requirement("HIDE-03", func(lib *Library) {
		for _, drive := range material.Few(lib, 8) {
			for _, path := range []string{DrivesPath, DrivesDetailPath} {
				lib.Expect(lib.Answer(Read{Path: path, Query: material.FilterQuery("uuid", drive.UUID)}).AboutDrive(drive, "")).
					To(ListNothing(), "a library drive is not found among the drives by its uuid")
			}
		}
	})

	s.Requirement("HIDE-04", func(lib *Library) {
		library := Unique(lib.List().Drives)
		used := lib.Scenarios(steps.LicensedClone, steps.Attaching)
		for i, when := range []string{"while it is cloned", "while it is attached to a server"} {
			if !used[i].Took(steps.Drives) && used[1-i].Took(steps.Drives) {
				continue // one of the two is enough to judge by
			}
			for _, look := range used[i].EveryList(steps.Drives) {
				lib.Expect(look).RelyingOn("HIDE-01").To(NameNoneOf(library), "a library drive stays out of GET /drives/ "+when)
			}
			for _, look := range used[i].EveryList(steps.DrivesDetail) {
				lib.Expect(look).RelyingOn("HIDE-02").To(NameNoneOf(library), "a library drive stays out of GET /drives/detail/ "+when)
			}
		}
		for _, list := range []struct{ path, by string }{{DrivesPath, "HIDE-01"}, {DrivesDetailPath, "HIDE-02"}} {
			for _, look := range lib.ListsSinceWriting(list.path) {
				lib.Expect(look).RelyingOn(list.by).To(NameNoneOf(library), "a library drive stays out of GET /"+list.path+" once the run writes: after clones and servers are deleted, too")
			}
		}
	})
}
