package suites

import (
	"net/url"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// inBothViews are the fields that a library drive has under /libdrives/ and through the drives API, with the same values.
var inBothViews = [...]string{"name", "media", "size", "licenses", "meta", "affinities", "allow_multimount", "tags"}

// ofLibraryAlone are the fields that a drive of the library has under /libdrives/ and no regular drive has.
var ofLibraryAlone = [...]string{"arch", "category", "description", "distribution", "favourite", "image_type", "install_notes", "os", "paid", "url", "version"}

// Recognizing library drives: the drives API answers for a library drive too, and only a null owner tells it apart.
func recognizing(s *Suite) {
	s.Requirement("OWNER-01", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Expect(lib.ThroughDrives(drive)).RelyingOn("AUTH-03").To(HaveStatus(200), "a library drive can be had through the drives API")
		}
		for _, answer := range lib.NotGot(DrivesPath) {
			lib.Expect(answer).To(HaveStatus(200), "a library drive can be had through the drives API, whoever asks and in which format")
		}
	})

	s.Requirement("OWNER-02", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Usable(lib.ThroughDrives(drive)) // lest nobody has asked for it
		}
		told := lib.Appearances().Under(DrivesPath).AsDefined().Of(lib.List().Index()).Telling("owner")
		relying := append(lib.ThatRan(steps.Attaching, "ATTACH-03"), lib.ThatRan(steps.LicensedClone, "CLONE-11")...)
		lib.Everywhere(told, HaveJSON("owner", BeNull()), "a library drive belongs to nobody in every answer that defines it through the drives API", relying...)
		for _, drive := range material.Few(lib, 2) {
			lib.ThroughDrivesAs(drive, TypeXML) // lest none is told as XML
		}
		inXML := lib.AppearancesInXML().Under(DrivesPath).AsDefined().Of(lib.List().Index())
		lib.Everywhere(inXML, HaveJSON("owner", NameNobody()), "through the drives API, XML names no owner of a library drive", relying...)
	})

	s.Requirement("OWNER-03", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			single := lib.Single(drive)
			if !lib.Usable(single) {
				continue
			}
			lib.Expect(lib.ThroughDrives(drive)).To(HaveJSON("uuid", BeText(drive.UUID)), "both views show the uuid asked for")
			lib.Expect(lib.ThroughDrives(drive)).To(EqualFields(single, "the drives API", "the library",
				inBothViews[:]...), "both views show the same drive")
		}
		told := lib.Taken().Under(DrivesPath).AsDefined().Plainly()
		lib.Everywhere(told, lib.AgreeWith(lib.List(), inBothViews[:]...), "through the drives API, a library drive is told as in the list, whoever asks", "GET-03")
		for _, drive := range material.Unlike(lib, 6) {
			lib.ThroughDrivesAs(drive, TypeXML) // lest none with licences is told as XML
		}
		inXML := lib.TakenInXML().Under(DrivesPath).AsDefined().Plainly()
		lib.Everywhere(inXML, TellAsIn(lib.List()), "through the drives API, XML tells the name, media, size and licences of a library drive as the list does", "GET-03", "FORMAT-02", "FORMAT-09")
		between := lib.Bracketed().Under(DrivesPath).AsDefined().Plainly()
		lib.Everywhere(between, lib.AgreeWithBoth(inBothViews[:]...), "through the drives API, a library drive is told as the lists before and after tell it", append(changers(lib), "GET-03", "ROBUST-08")...)
		expectOwnUUID(lib, DrivesPath, "OWNER-01", "OWNER-07", "FORMAT-09")
		mounted := lib.MountedAsIn(lib.List())
		lib.Everywhere(told, mounted, "both views name the same servers that a library drive is mounted on", "GET-03", "ROBUST-08")
		lib.Everywhere(inXML, mounted, "as XML, too, both views name the same servers that a library drive is mounted on", "FORMAT-02", "FORMAT-09", "GET-03", "ROBUST-08")
		lib.Everywhere(inXML, lib.AgreeInXMLWith(listInXML(lib), inBothViews[:]...), "as XML, too, a library drive is told through the drives API as in the list", "FORMAT-02", "FORMAT-09", "FORMAT-10", "PAGE-03", "GET-03")
	})

	s.Requirement("OWNER-04", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Expect(lib.ThroughDrives(drive)).To(HaveJSON("resource_uri", BeUnder(DrivesPath, drive.UUID)), "resource_uri is the path of the drive under /drives/")
		}
		told := lib.Appearances().Under(DrivesPath).ByGet().AsDefined().Of(lib.List().Index()).Having("resource_uri")
		lib.Everywhere(told, BeAtItsAddress(DrivesPath), "resource_uri is the path of the drive under /drives/, in every answer", append(lib.ThatRan(steps.LicensedClone, "CLONE-11"), "OWNER-03", "OWNER-07")...)
	})

	s.Requirement("OWNER-05", func(lib *Library) {
		lib.DetailList().Sound("DETAIL-01") // lest nobody has asked for it, nor for single drives
		for _, drive := range material.Subjects(lib) {
			lib.Usable(lib.Single(drive))
		}
		told := lib.Appearances().Under(LibdrivesPath).ByGet().Of(lib.List().Index()).Telling("owner")
		lib.Everywhere(told, HaveJSON("owner", BeNull()), "a library drive belongs to nobody in every answer that tells it under /libdrives/")
		listInXML(lib)
		for _, drive := range material.Few(lib, 2) {
			lib.SingleAs(drive, TypeXML)
		}
		inXML := lib.AppearancesInXML().Under(LibdrivesPath).Of(lib.List().Index())
		lib.Everywhere(inXML, HaveJSON("owner", NameNobody()), "under /libdrives/, XML names no owner of a library drive")
	})

	s.Requirement("OWNER-06", func(lib *Library) {
		library := lib.List().Index()
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			for _, drive := range lib.OwnDrives(path).Drives {
				// A library drive that leaked into the list is for HIDE-01 and HIDE-02 to say.
				if _, leaked := library.Get(drive.UUID); lib.Among("drive of the account's own", !leaked) {
					lib.Expect(drive).To(HaveJSON("owner", BeSomebody()), "a drive in GET /"+path+" belongs to somebody")
				}
			}
		}
		lib.Among("drive of the account's own", false)
		told := lib.Appearances().Under(DrivesPath).ByGet().NotOf(library).Telling("owner")
		lib.Everywhere(told, HaveJSON("owner", BeSomebody()), "a drive of the account's belongs to somebody in every answer that tells it", "CLONE-03")
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			lib.Answer(Read{Path: path, Query: "limit=0"}.With("Accept", TypeXML))
		}
		inXML := lib.AppearancesInXML().Under(DrivesPath).NotOf(library).Having("owner")
		lib.Everywhere(inXML, HaveJSON("owner", NameSomebody()), "XML that names the owner of a drive of the account's names somebody")
	})

	s.Requirement("OWNER-07", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Expect(lib.ThroughDrives(drive)).To(lib.BeValid(schema.Drive), "through the drives API, it is defined as a regular drive")
		}
		told := lib.Appearances().Under(DrivesPath).ByGet().AsDefined().Plainly().Of(lib.List().Index())
		lib.Everywhere(told, lib.BeValid(schema.Drive), "through the drives API, it is defined as a regular drive in every answer", "GET-03", "OWNER-03")
		lib.Everywhere(told, HoldAll("grantees", "permissions", "runtime", "snapshots"), "through the drives API, it has the fields of a regular drive")
		lib.Everywhere(told, HoldNoneOf(ofLibraryAlone[:]...), "through the drives API, it has no field that only the library has")
		for _, answer := range lib.SinglesGot(DrivesPath) {
			lib.Expect(answer).RelyingOn("OWNER-01").To(BeSingleDefinition(), "through the drives API, a drive is answered with its definition itself")
		}
	})
}

// toldAtTheEnd expects the answers of when the run is over to agree as those of its beginning do: both lists, and some drives by
// themselves and through the drives API. Of the licences LIC-16 says so.
func toldAtTheEnd(lib *Library, list, detail List, told ...string) {
	for drive, entry := range detail.Shared(list) {
		lib.Expect(drive).RelyingOn(append(told, "DETAIL-02", "GET-03")...).To(EqualDrive(entry, detail.Name, list.Name), "when the run is over, the detail list is as the list is")
	}
	lib.Expect(detail).RelyingOn(append(told, "DETAIL-01", "DETAIL-02", "LIST-05", "LIST-07", "PAGE-03")...).To(ListSameDrives(list), "when the run is over, the detail list names the drives of the list")
	options := lib.OptionsAtTheEnd("")
	lib.Expect(options).RelyingOn(append(told, "METHOD-09")...).To(HaveStatus(200), "when the run is over, OPTIONS of the list is still answered")
	for _, drive := range material.Few(lib, 1) {
		single := lib.OptionsAtTheEnd(url.PathEscape(drive.UUID) + "/")
		lib.Expect(single).RelyingOn(append(told, "METHOD-14")...).To(HaveStatus(200), "when the run is over, OPTIONS of a library drive is still answered")
	}
	refused := lib.UnsupportedAtTheEnd()
	lib.Expect(refused).UnlessBusy().RelyingOn(append(told, "FORMAT-07")...).To(HaveStatus(406), "when the run is over, who accepts no supported type still gets 406")
	lib.OddLimitAtTheEnd() // ROBUST-02 looks at it, and AUTH-10 at who else is kept out
	for _, drive := range material.Few(lib, 1) {
		for _, kept := range lib.KeptOutAtTheEnd(drive) {
			lib.Expect(kept).UnlessBusy().RelyingOn(append(told, "AUTH-01")...).To(HaveStatus(401), "when the run is over, who has no credentials still gets 401")
		}
		lib.InXMLAtTheEnd(drive)
	}
	entries := list.Index()
	for _, drive := range material.Unlike(lib, 6) {
		entry, is := entries.Get(drive.UUID)
		if !is {
			continue
		}
		single, through := lib.SinglesAtTheEnd(drive)
		lib.Expect(single).RelyingOn(append(told, "GET-01", "GET-02", "GET-03")...).To(EqualDrive(entry, "the single definition", list.Name), "when the run is over, a single drive is as in the list")
		lib.Expect(through).RelyingOn(append(told, "OWNER-01", "OWNER-03", "OWNER-07", "GET-03")...).To(EqualFields(entry, "the drives API", list.Name, inBothViews[:]...), "when the run is over, a library drive is through the drives API as in the list")
		for _, one := range []Answer{single, through} {
			if shown, defined := one.Defines(); defined && lib.Usable(one) {
				lib.Expect(shown).RelyingOn(append(told, "GET-02", "GET-03", "OWNER-03", "ROBUST-08")...).To(EqualServers(lib, entry, list.Name), "when the run is over, a library drive is on the servers that the list tells, but for those of the run")
			}
		}
	}
}
