package suites

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

var canonicalUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// Listing library drives: the list holds the definition of every image of the library, whole.
func listing(s *Suite) {
	s.Requirement("LIST-01", func(lib *Library) {
		lib.Expect(lib.Plain()).To(HaveStatus(200), "the library can be listed")
	})

	s.Requirement("LIST-02", func(lib *Library) {
		for _, list := range []Answer{
			lib.Plain().answered("LIST-01"), lib.Answer(evidence.Get("libdrives/?limit=0")).about("the list with limit=0").answered(answeredBy("limit=0")),
		} {
			lib.Expect(list).To(HaveJSON("objects", BeAnArray()), "a list has an array of objects")
			lib.Expect(list).To(HaveJSON("meta", BeAnObject()), "a list has an object with meta information")
		}
	})

	s.Requirement("LIST-03", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(lib.BeValid(schema.LibraryDrive), "a listed drive is defined as documented")
		}
	})

	s.Requirement("LIST-04", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(HoldAll(lib.fields...), "the list leaves out no documented field")
		}
	})

	s.Requirement("LIST-05", func(lib *Library) {
		listed := map[string][]int{}
		list := lib.List()
		for _, drive := range list.Drives {
			listed[drive.UUID] = append(listed[drive.UUID], drive.Index)
		}
		for _, drive := range list.Drives {
			places := listed[drive.UUID]
			if drive.Index != places[0] || drive.UUID == "" {
				continue
			}
			lib.Expect(drive).To(BeTrue(len(places) == 1, "listed once", fmt.Sprintf("listed %d times, at the indexes %v", len(places), places)),
				"a drive is listed once in the whole list")
		}
	})

	s.Requirement("LIST-06", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(HaveJSON("uuid", MatchPattern(canonicalUUID, "a lower-case, hyphenated RFC 4122 uuid")), "a uuid has its canonical form")
			lib.Expect(drive).To(HaveJSON("size", BeWhole(1)), "a size is a whole number of bytes above zero")
		}
	})

	s.Requirement("LIST-07", func(lib *Library) {
		lib.List() // a list that can't be looked into has no order
		read := evidence.Get("libdrives/?limit=0")
		first := lib.Answer(read).about("the list").groundedOn("LIST-02").answered(answeredBy("limit=0"))
		if first.Pending() {
			return // the second list is asked for after the first
		}
		second := lib.Answer(read.Again()).about("the list, taken again").groundedOn("LIST-02").answered(answeredBy("limit=0"))
		lib.Expect(second).To(ListInOrder(first.drives(), lib.List(), "the list taken just before, in its order"), "two lists name the same drives in the same order")
	})
}

// Choosing fields: `fields` says which fields of each drive are returned, and nothing else changes.
func choosingFields(s *Suite) {
	chosen := func(lib *Library, fields string) List {
		return lib.Whole(libdrivesPath, "fields="+fields, "the list with fields="+fields)
	}

	s.Requirement("FIELDS-01", func(lib *Library) {
		lib.List()
		list := chosen(lib, "uuid,name")
		lib.Expect(list).To(BeAList(), "fields can be chosen")
		for _, drive := range list.Drives {
			lib.Expect(drive).To(HoldExactly("uuid", "name"), "just the chosen fields are returned")
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
		entries := whole.index()
		for _, fields := range []string{"uuid,name", "uuid", "uuid,name,media,size,arch,os,distribution,version,image_type,owner,paid"} {
			list := chosen(lib, fields)
			lib.Expect(list).To(ListSameDrives(whole), "choosing fields changes neither which drives are listed nor their order")
			for _, drive := range list.Drives {
				entry, listed := entries[drive.UUID]
				if listed {
					lib.Expect(drive).To(EqualFields(entry.JSON, entry.from, list.name, whole.name, lib.chosenFields(drive)...),
						"choosing fields does not change their values")
				}
			}
			if total, counted := wholeNumber(whole.first().JSON().Get("meta.total_count")); counted && !list.pending {
				lib.Expect(list.first()).To(HaveJSON("meta.total_count", BeNumber(total)), "choosing fields does not change total_count")
			}
		}
	})

	s.Requirement("FIELDS-04", func(lib *Library) {
		whole := lib.List()
		entries := whole.index()
		for _, drive := range whole.Drives {
			lib.Among("drive with licences", len(drive.field("licenses").Array()) > 0)
		}
		if !lib.kinds["drive with licences"] {
			return
		}
		list := chosen(lib, "uuid,licenses")
		lib.Expect(list).To(BeAList(), "a field with structure can be chosen")
		for _, drive := range list.Drives {
			if entry, listed := entries[drive.UUID]; listed {
				lib.Expect(drive).To(EqualFields(entry.JSON, entry.from, list.name, whole.name, "licenses"), "licenses are returned whole when chosen")
			}
		}
	})

	s.Requirement("FIELDS-05", func(lib *Library) {
		lib.List()
		lib.Expect(lib.Answer(evidence.Get("libdrives/?fields=uuid,no_such_field")).about("an unknown field name")).
			To(HaveStatus(200, 400), "an unknown field name is ignored or refused")
	})
}

// chosenFields are the documented fields that an entry has, volatile ones aside.
func (lib *Library) chosenFields(drive Drive) []string {
	there := members(drive.JSON)
	return slices.DeleteFunc(slices.Clone(lib.fields), func(field string) bool {
		return !there[field].Exists() || slices.Contains(volatile, field)
	})
}
