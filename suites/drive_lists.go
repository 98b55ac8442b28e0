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

	s.Requirement("HIDE-05", func(lib *Library) {
		library := Unique(lib.List().Drives)
		for i, path := range []string{DrivesPath, DrivesDetailPath} {
			hiding := []string{"HIDE-01", "HIDE-02"}[i]
			for _, query := range append([]string{"", "fields=uuid,name", "fields=uuid,name&limit=0"}, namesOf(lib)...) {
				lib.Expect(lib.Answer(Read{Path: path, Query: query}).About("GET /"+path+" with "+PageName(query))).RelyingOn(hiding, "HIDE-03").
					To(NameNoneOf(library), "however the account's drives are asked for, no library drive is among them")
			}
			// A tag that is nobody's may be refused.
			if tagged := lib.Answer(Read{Path: path, Query: material.FilterQuery("tag", tagOf(library, lib))}); !tagged.Pending() && tagged.Problem() == "" {
				lib.Expect(tagged.About("GET /"+path+" by a tag")).RelyingOn(hiding, "HIDE-03").To(NameNoneOf(library), "by a tag, no library drive is among the account's drives")
			}
			for _, inXML := range []Read{Read{Path: path, Query: "limit=0"}.With("Accept", TypeXML), Read{Path: path}.With("Accept", TypeXML)} {
				lib.Expect(lib.Answer(inXML).About("GET /"+inXML.Target()+" as XML")).RelyingOn(hiding).
					To(NameNoneInXML(library), "as XML, no library drive is among the account's drives")
			}
		}
		for _, told := range toldAsOwn(lib) {
			lib.Everywhere(told.BeforeWriting(lib), NotBeTold(), "whoever asks for the account's drives, and in which format, no library drive is among them in any answer before the run writes", "HIDE-01", "HIDE-02", "HIDE-03")
		}
	})

	s.Requirement("HIDE-04", func(lib *Library) {
		lib.AskFirst("HIDE-01", "HIDE-02", "HIDE-03", "HIDE-05")
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
		for _, told := range toldAsOwn(lib) {
			lib.Everywhere(told.SinceWriting(lib), NotBeTold(), "a library drive stays out of both drive lists in every answer since the run began to write", "HIDE-01", "HIDE-02", "HIDE-03", "HIDE-05")
		}
	})
}

// toldAsOwn are the library drives that the lists of the account's drives tell, in JSON and in XML.
func toldAsOwn(lib *Library) (told []Appearances) {
	library := lib.List().Index()
	for _, all := range []Appearances{lib.Appearances(), lib.AppearancesInXML()} {
		told = append(told, all.Under(DrivesPath).InLists().Of(library))
	}
	return told
}

// tagOf is the uuid of a tag of a library drive; where none has any, one that is nobody's.
func tagOf(library []Drive, lib *Library) string {
	for _, drive := range library {
		if uuid := drive.Field("tags").Get("0.uuid").String(); uuid != "" {
			return uuid
		}
	}
	return material.RandomUUID(lib)
}

// namesOf are queries by the names of some library drives, and by parts of them.
func namesOf(lib *Library) (queries []string) {
	for _, name := range material.Discriminating(lib, "name", 3) {
		queries = append(queries, material.FilterQuery("name", material.EscapeValue(name)), material.FilterQuery("name__contains", material.EscapeValue(name)))
	}
	for _, word := range material.NameParts(lib, 2) {
		queries = append(queries, material.FilterQuery("name__contains", word))
	}
	return queries
}
