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
		lib.Whole(LibdrivesPath, "", "the list") // both are asked for side by side
		lib.DetailListUnder("", "the detail list")
		list, detail := lib.List(), lib.DetailList()
		lib.Identical(detail, list, "the detail list is identical to the list")
	})

	s.Requirement("DETAIL-03", func(lib *Library) {
		lib.List()
		for _, page := range lib.PageQueries() {
			plain := lib.Answer(Read{Path: LibdrivesPath, Query: page}).About("the page " + PageName(page) + " of the list").AnsweredBy(PageJudgedBy(page)).AsPage()
			detail := lib.Answer(Read{Path: LibdrivesDetailPath, Query: page}).About("the page " + PageName(page) + " of the detail list").AnsweredBy("DETAIL-01")
			if plain.Pending() || detail.Pending() || !lib.Usable(plain) {
				continue
			}
			meta := lib.Expect(detail)
			if page == "limit=0" {
				meta = meta.RelyingOn("DETAIL-02")
			}
			// What meta says beside what is documented may be an address, which differs.
			meta.To(HaveJSON("meta", EqualFields(plain.JSON().Get("meta"), plain.Exchange, detail.Subject.String(), plain.Subject.String(), "limit", "offset", "total_count")), "a page of the detail list has the meta of the same page of the list")
			if page != "limit=0" { // what the whole lists hold is for DETAIL-02 to say
				lib.IdenticalPages(detail, plain, "a page of the detail list is identical to the same page of the list")
			}
		}
	})

	s.Requirement("DETAIL-04", func(lib *Library) {
		lib.List()
		for _, fields := range []string{"fields=uuid,name", "fields=uuid,name,licenses,size,meta"} {
			sameUnder(lib, fields)
		}
	})

	s.Requirement("DETAIL-05", func(lib *Library) {
		for _, value := range material.Discriminating(lib, "os", 2) {
			sameUnder(lib, material.FilterQuery("os", material.EscapeValue(value)))
		}
		for _, value := range material.Discriminating(lib, "arch", 1) {
			sameUnder(lib, material.FilterQuery("arch", material.EscapeValue(value)))
		}
		for _, value := range material.Discriminating(lib, "image_type", 2) {
			sameUnder(lib, material.FilterQuery("image_type", material.EscapeValue(value)))
		}
		lib.Among("two drives that differ in os, arch or image_type", lib.SubjectsJudged() > 0, "os", "arch", "image_type")
	})
}

// sameUnder expects both lists to be identical under a query.
func sameUnder(lib *Library, query string) {
	plain := lib.Whole(LibdrivesPath, query, "the list with "+query)
	detail := lib.DetailListUnder(query, "the detail list with "+query)
	if plain.Pending || detail.Pending {
		return
	}
	if text := plain.Problem(); text != "" {
		lib.Block(lib.FirstFailing("FIELDS-01", "FIELDS-02", "FILTER-10", "FILTER-12"), "%s", text) // what the plain list does with the query
		return
	}
	lib.Identical(detail, plain, "the detail list is identical to the list under the same "+queryKind(query))
}

func queryKind(query string) string {
	if len(query) > 6 && query[:6] == "fields" {
		return "`fields`"
	}
	return "filter"
}
