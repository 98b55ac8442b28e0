package suites

import (
	"regexp"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
)

var canonicalUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// Listing library drives: the list holds the definition of every image of the library, whole.
func listing(s *Suite) {
	s.Requirement("LIST-01", func(lib *Library) {
		lib.Expect(lib.Plain()).To(HaveStatus(200), "the library can be listed")
	})

	s.Requirement("LIST-02", func(lib *Library) {
		for _, list := range []Answer{
			lib.Plain().AnsweredBy("LIST-01"), lib.Answer(Get("libdrives/?limit=0")).About("the list with limit=0").AnsweredBy(PageJudgedBy("limit=0")),
		} {
			lib.Expect(list).To(HaveJSON("objects", BeAnArray()), "a list has an array of objects")
			lib.Expect(list).To(HaveJSON("meta", BeAnObject()), "a list has an object with meta information")
		}
	})

	s.Requirement("LIST-03", func(lib *Library) {
		valid := lib.BeValid(schema.LibraryDrive)
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(valid, "a listed drive is defined as documented")
		}
		lib.ExpectObjects(LibdrivesPath, "a list holds objects alone, in every answer of the run", "LIST-02", "FIELDS-05")
		told := lib.Appearances().ListedAt(LibdrivesPath).Plainly().Of(lib.List().Index())
		lib.Everywhere(told, lib.BeValid(schema.LibraryDrive), "a listed drive is defined as documented by every answer that lists it", "GET-03", "PAGE-02")
	})

	s.Requirement("LIST-04", func(lib *Library) {
		all := HoldAll(lib.Fields...)
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(all, "the list leaves out no documented field")
		}
	})

	s.Requirement("LIST-05", func(lib *Library) {
		list := lib.List()
		once := BeListedOnceIn(list)
		for _, drive := range Unique(list.Drives) {
			lib.Expect(drive).To(once, "a drive is listed once in the whole list")
		}
		told := lib.Appearances().ListedAt(LibdrivesPath).Unfiltered().Plainly().NotOnPages()
		lib.Everywhere(told.Twice(), BeToldOnce(), "a drive is listed once in every answer that is asked for the list")
	})

	s.Requirement("LIST-06", func(lib *Library) {
		uuid, size := HaveJSON("uuid", MatchPattern(canonicalUUID, "a lower-case, hyphenated RFC 4122 uuid")), HaveJSON("size", BeWhole(1))
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(uuid, "a uuid has its canonical form")
			lib.Expect(drive).To(size, "a size is a whole number of bytes above zero")
		}
	})

	s.Requirement("LIST-07", func(lib *Library) {
		lib.List() // a list that can't be looked into has no order
		earlier, later := lib.TwoLists()
		later.To(ListInOrder(earlier.Drives(), earlier.AsList(), "the list taken before, in its order"), "two lists name the same drives in the same order")
	})
}
