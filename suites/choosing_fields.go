package suites

import (
	"fmt"
	"slices"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Choosing fields: `fields` says which fields of each drive are returned, and nothing else changes.
func choosingFields(s *Suite) {
	chosen := func(lib *Library, fields string) List {
		return lib.ListAt(LibdrivesPath, "fields="+fields, "the list with fields="+fields)
	}

	s.Requirement("FIELDS-01", func(lib *Library) {
		whole := lib.List()
		list := chosen(lib, "uuid,name")
		lib.Expect(list).To(BeAList(), "fields can be chosen")
		for _, drive := range list.Drives {
			lib.Expect(drive).To(HoldExactly("uuid", "name"), "just the chosen fields are returned")
		}
		// That these are answered is for others to say.
		inXML := lib.Answer(Read{Path: LibdrivesPath, Query: "fields=uuid,name"}.With("Accept", TypeXML))
		lib.Answer(Read{Path: LibdrivesPath, Query: withLicences(whole)}.With("Accept", TypeXML))
		if told, err := inXML.ToldInXML(); err == nil {
			only := HoldOnly(whole, lib.Fields, "uuid", "name")
			for _, drive := range told {
				lib.Expect(drive).RelyingOn("FORMAT-02").To(only, "as XML, just the chosen fields are returned")
			}
		}
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			own := lib.Answer(Read{Path: path, Query: "fields=uuid,name"})
			if own.Pending() || own.Problem() != "" {
				continue
			}
			for _, drive := range own.Drives() {
				lib.Expect(drive).RelyingOn("HIDE-01", "HIDE-02", "HIDE-05").To(HoldExactly("uuid", "name"), "of the account's drives, too, just the chosen fields are returned")
			}
		}
		for _, own := range material.TellingOwn(lib, 1) { // nobody else asks for some fields of them under a filter
			for _, path := range []string{DrivesPath, DrivesDetailPath} {
				lib.Answer(Read{Path: path, Query: "fields=uuid,name&" + material.FilterQuery("uuid", own.UUID)})
			}
		}
		for _, path := range []string{LibdrivesPath, DrivesPath, DrivesDetailPath} {
			lib.ExpectChosen(path, "just the chosen fields are returned, in every answer of the run", "FIELDS-02", "FIELDS-03", "PAGE-02", "HIDE-01", "HIDE-02", "HIDE-05", "LIST-03", "OWNER-05", "OWNER-06")
		}
	})

	s.Requirement("FIELDS-02", func(lib *Library) {
		lib.List()
		list := chosen(lib, "uuid")
		lib.Expect(list).To(BeAList(), "one field can be chosen")
		for _, drive := range list.Drives {
			lib.Expect(drive).To(HoldExactly("uuid"), "just the chosen field is returned")
		}
	})

	s.Requirement("FIELDS-03", func(lib *Library) {
		whole := lib.List()
		for _, fields := range []string{"uuid,name", "uuid", "uuid,name,media,size,arch,os,distribution,version,image_type,owner,paid"} {
			list := chosen(lib, fields)
			lib.Expect(list).To(ListExactly(Unique(whole.Drives), whole, whole.Name), "choosing fields does not change which drives are listed")
			if total, counted := WholeNumber(whole.First().TotalCount()); counted && !list.Pending {
				lib.Expect(list.First()).Comparing(whole).To(HaveJSON("meta.total_count", BeNumber(total)), "choosing fields does not change total_count")
			}
		}
		expectAllAlike(lib, LibdrivesPath, "media", whole, "PAGE-01", "PAGE-03", "LIST-05")
		told := lib.Taken().Under(LibdrivesPath).NotListedAt(LibdrivesDetailPath).Choosing()
		lib.Everywhere(told, lib.AgreeWith(whole), "choosing fields does not change their values, and a chosen field is there where the whole entry has it", "GET-03", "PAGE-02", "FIELDS-04")
	})

	s.Requirement("FIELDS-04", func(lib *Library) {
		whole := lib.List()
		for _, drive := range whole.Drives {
			lib.Among("drive with licences", len(drive.Field("licenses").Array()) > 0, "licenses")
		}
		if !lib.Kinds["drive with licences"] {
			return
		}
		list := chosen(lib, "uuid,licenses")
		lib.Expect(list).To(BeAList(), "a field with structure can be chosen")
		for drive, entry := range list.Shared(whole) {
			const rule = "licenses are returned whole when chosen"
			if lib.Expect(drive).To(EqualFields(entry, list.Name, whole.Name, "licenses"), rule) && entry.JSON().Get("licenses.0.license").IsObject() {
				lib.Expect(drive).To(HaveJSON("licenses.0.license", BeAnObject()), rule)
			}
		}
	})

	s.Requirement("FIELDS-05", func(lib *Library) {
		lib.List()
		answer := lib.Answer(Get("libdrives/?fields=uuid,no_such_field")).About("an unknown field name")
		lib.Expect(answer).To(HaveStatus(200, 400), "an unknown field name is ignored or refused")
		if answer.Pending() || answer.Problem() != "" {
			return
		}
		for _, drive := range answer.Drives() {
			lib.Expect(drive).RelyingOn("FIELDS-01", "FIELDS-02").To(HoldExactly("uuid"), "where an unknown field name is ignored, the other chosen field is returned, and nothing else")
		}
	})
}

// withLicences is a query for a few fields of a page on which a drive with licences stands, where there is one.
func withLicences(whole List) string {
	at := slices.IndexFunc(whole.Drives, func(drive Drive) bool { return len(drive.Field("licenses").Array()) > 0 })
	return fmt.Sprintf("fields=uuid,name,owner,licenses&limit=2&offset=%d", max(0, at))
}

// allAlike asks a list of drives, of a large library for its first page, for nothing but a field that has the same value on many: an
// endpoint that has each answer once, as databases offer it, lists fewer. Of so many drives, due are to be listed.
func allAlike(path, field string, large bool, drives int) (read Read, due int) {
	const page = 100 // how many a page may hold is left open
	limit := 0
	if large {
		limit, drives = page, min(page, drives)
	}
	return Read{Path: path, Query: fmt.Sprintf("fields=%s&limit=%d", field, limit)}, drives
}

// expectAllAlike expects a list to hold as many drives when it is asked so.
func expectAllAlike(lib *Library, path, field string, whole List, relies ...string) {
	read, due := allAlike(path, field, lib.Large(), len(whole.Drives))
	alike := lib.Answer(read).About("GET /" + read.Target())
	if whole.Pending || alike.Pending() || alike.Problem() != "" {
		return
	}
	lib.Expect(alike).RelyingOn(relies...).Comparing(whole).To(HaveJSON("objects.#", BeNumber(int64(due))), "drives of which the chosen field is alike are each listed")
}
