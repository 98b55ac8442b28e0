package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Detailed listing: the list has the level of detail of the detail list already, so the two are identical.
func detailedListing(s *Suite) {
	s.Requirement("DETAIL-01", func(lib *Library) {
		lib.Expect(lib.Answer(Get(LibdrivesDetailPath)).About("the detail list")).To(HaveStatus(200), "the library can be listed in detail")
	})

	s.Requirement("DETAIL-02", func(lib *Library) {
		lib.ListAt(LibdrivesPath, "", "the list") // both are asked for side by side
		lib.DetailListUnder("", "the detail list")
		list, detail := lib.List(), lib.DetailList()
		lib.Identical(detail, list, "the detail list is identical to the list")
	})

	s.Requirement("DETAIL-03", func(lib *Library) {
		lib.List()
		for _, query := range lib.PageQueries() {
			plain, detail := lib.Page(query), lib.DetailPage(query)
			if !lib.Usable(plain) {
				continue
			}
			lib.Expect(detail).RelyingOn(wholeList(query)...).To(HaveMetaOf(plain), "a page of the detail list has the meta of the same page of the list")
			if len(wholeList(query)) == 0 {
				lib.IdenticalPages(detail, plain, "a page of the detail list is identical to the same page of the list")
			}
		}
	})

	s.Requirement("DETAIL-04", func(lib *Library) {
		lib.List()
		for _, fields := range []string{"fields=uuid,name", "fields=uuid,name,licenses,size,meta"} {
			lib.IdenticalUnder(fields, "the detail list is identical to the list under the same `fields`")
		}
	})

	s.Requirement("DETAIL-05", func(lib *Library) {
		for _, filter := range []struct {
			field string
			most  int
		}{{"os", 2}, {"arch", 1}, {"image_type", 2}} {
			for _, value := range material.Discriminating(lib, filter.field, filter.most) {
				lib.IdenticalUnder(material.FilterQuery(filter.field, material.EscapeValue(value)), "the detail list is identical to the list under the same filter")
			}
		}
		lib.Among("two drives that differ in os, arch or image_type", lib.SubjectsJudged() > 0, "os", "arch", "image_type")
	})
}

// wholeList is the requirement that says what both whole lists hold, where the query asks for these.
func wholeList(query string) []string {
	if query == "limit=0" {
		return []string{"DETAIL-02"}
	}
	return nil
}
