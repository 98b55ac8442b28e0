package suites

import (
	"net/url"
	"slices"
	"strings"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// List single drive: one library drive is got by its uuid.
func singleDrive(s *Suite) {
	s.Requirement("GET-01", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			single := lib.Single(drive)
			if lib.Expect(single).To(HaveStatus(200), "a listed drive can be got by its uuid") { // a drive that is not found is reported once: it may have gone by itself
				lib.Expect(single).To(HaveJSON("uuid", BeText(drive.UUID)), "the definition is that of the uuid asked for")
			}
		}
		for _, answer := range lib.NotGot(LibdrivesPath) {
			lib.Expect(answer).To(HaveStatus(200), "a listed drive can be got by its uuid, whoever asks and in which format")
		}
		expectOwnUUID(lib, LibdrivesPath, "GET-02", "FORMAT-09")
	})

	s.Requirement("GET-02", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Expect(lib.Single(drive)).To(lib.BeValid(schema.LibraryDrive), "a single drive is defined as documented")
		}
		told := lib.Appearances().Under(LibdrivesPath).ByGet().AsDefined().Plainly().Of(lib.List().Index())
		lib.Everywhere(told, lib.BeValid(schema.LibraryDrive), "a single drive is defined as documented in every answer", "GET-03")
		for _, answer := range lib.SinglesGot(LibdrivesPath) {
			lib.Expect(answer).To(BeSingleDefinition(), "a single drive is answered with its definition itself")
		}
	})

	s.Requirement("GET-03", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			lib.Expect(lib.Single(drive)).To(EqualDrive(drive, "the single definition", "the list"),
				"the single definition equals the drive's entry in the list")
		}
		list := lib.List()
		for _, drive := range material.Unlike(lib, 8) {
			lib.SingleAs(drive, TypeXML) // lest none with licences is told as XML by itself
		}
		told := lib.Taken().Under(LibdrivesPath).NotListedAt(LibdrivesDetailPath).Plainly().NotOnPages()
		lib.Everywhere(told, lib.AgreeWith(list), "a library drive is told alike by every list that it is in, filtered or not, and by itself, whoever asks", "GET-02")
		inXML := lib.TakenInXML().Under(LibdrivesPath).NotListedAt(LibdrivesDetailPath).Plainly().NotOnPages()
		lib.Everywhere(inXML, lib.AgreeInXMLWith(listInXML(lib)), "as XML, a library drive is told alike by every list that it is in, and by itself", "GET-02", "FORMAT-02", "FORMAT-09", "FORMAT-10", "PAGE-03")
		between := lib.Bracketed().Under(LibdrivesPath).NotListedAt(LibdrivesDetailPath).Plainly()
		lib.Everywhere(between, lib.AgreeWithBoth(), "a library drive is told by every answer as the lists before and after it tell it", changers(lib)...)
		for entry, one := range lib.ListedAtRest() {
			lib.Expect(entry).AsSuch().To(HaveJSON("status", BeText(one.Field("status").Str)), "when what was done with a library drive is over, the lists tell its status as it tells itself")
		}
	})

	s.Requirement("GET-04", func(lib *Library) {
		for _, drive := range material.Subjects(lib) {
			single := lib.Single(drive)
			named := lib.Expect(single).To(HaveJSON("resource_uri", BeUnder(LibdrivesPath, drive.UUID)), "resource_uri is the path of the drive under /libdrives/")
			if !named {
				continue
			}
			uri := single.JSON().Get("resource_uri").Str
			if strings.TrimSuffix(uri, "/") == strings.TrimSuffix(lib.BasePath+LibdrivesPath+drive.UUID, "/") {
				continue // the read that this definition came from
			}
			lib.Expect(lib.Answer(Read{Path: uri, Rooted: true}).AboutDrive(drive, "")).
				To(EqualDrive(single, "the answer to its resource_uri", "the single definition"), "getting resource_uri answers the same definition")
		}
	})

	s.Requirement("GET-05", func(lib *Library) {
		for _, uuid := range material.UnknownUUIDs(lib) {
			lib.Expect(lib.Answer(Get(LibdrivesPath+uuid+"/")).About("uuid "+uuid+", which nobody has")).
				To(HaveStatus(404), "a uuid that nobody has is not found")
		}
		inXML := lib.Answer(Get(LibdrivesPath+material.UnknownUUIDs(lib)[0]+"/").With("Accept", TypeXML)).About("a uuid that nobody has, as XML")
		lib.Expect(inXML).RelyingOn("FORMAT-02").To(HaveStatus(404), "a uuid that nobody has is not found, whatever format is asked for")
	})

	s.Requirement("GET-06", func(lib *Library) {
		library := lib.List().Index()
		looked := 0
		for _, own := range lib.OwnDrives(DrivesPath).Drives {
			_, listed := library.Get(own.UUID)
			if !lib.Among("drive of the account's own", own.UUID != "" && !listed) || looked == 5 {
				continue
			}
			looked++
			lib.Expect(lib.Answer(Get(LibdrivesPath+url.PathEscape(own.UUID)+"/")).AboutA("drive", own.UUID, "of the account")).
				To(HaveStatus(404), "a drive that an account owns is not in the library")
		}
		lib.Among("drive of the account's own", false)
	})
}

// expectOwnUUID expects every answer of the run to GET of a library drive below a path to define the drive that was asked for.
func expectOwnUUID(lib *Library, below string, relying ...string) {
	for _, answer := range lib.SinglesGot(below) {
		if uuid := lib.UUIDAsked(answer); answer.JSON().IsObject() && !lib.Expect(answer).RelyingOn(relying...).To(HaveJSON("uuid", BeText(uuid)), "the definition is that of the uuid asked for, in every answer of the run") {
			return
		}
	}
}

// changers are the requirements that say that what a scenario does leaves the library as it is: what one of them tells needs no other
// to tell it.
func changers(lib *Library) []string {
	return slices.Concat(
		lib.ThatRan(steps.LicensedClone, "CLONE-12", "CLONE-15", "CLONE-21"), lib.ThatRan(steps.Attaching, "ATTACH-06"), lib.ThatRan(steps.ForbiddenMethods, "METHOD-08"),
	)
}
