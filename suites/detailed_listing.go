package suites

import (
	"fmt"

	"github.com/libdrives/conformance/schema"
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
		told := lib.Taken().ListedAt(LibdrivesDetailPath).Unfiltered().Plainly().NotOnPages()
		lib.Everywhere(told, lib.AgreeWith(list), "the detail list tells each drive as the list does, whoever asks", "GET-03")
		between := lib.Bracketed().ListedAt(LibdrivesDetailPath).Plainly()
		lib.Everywhere(between, lib.AgreeWithBoth(), "the detail list tells each drive as the lists before and after it do", append(changers(lib), "GET-03")...)
		valid := lib.Appearances().ListedAt(LibdrivesDetailPath).Plainly().Of(list.Index())
		lib.Everywhere(valid, lib.BeValid(schema.LibraryDrive), "the detail list has the documented fields of the list, with values of their types", "GET-03", "LIST-03")
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
		const sameFilter = "the detail list is identical to the list under the same filter"
		for _, exact := range exactFilters {
			for _, value := range material.Discriminating(lib, exact.field, 2) {
				lib.IdenticalUnder(material.Where(exact.field, value).Query(), sameFilter)
			}
			for _, value := range material.Discriminating(lib, exact.field, 1) {
				lib.IdenticalUnder(material.Where(exact.field, value).Query()+"&fields=uuid", sameFilter+" with `fields`", "DETAIL-04")
			}
		}
		for _, odd := range []material.Term{material.Where("name", "%"), material.Where("category", "%")} {
			lib.IdenticalUnder(odd.Query(), sameFilter)
		}
		for _, exact := range exactFilters {
			for _, value := range material.Discriminating(lib, exact.field, 1) {
				lib.IdenticalUnder(material.Where(exact.field, value+" ").Query(), sameFilter)
			}
		}
		for _, word := range material.Fragments(lib, 2) {
			lib.IdenticalUnder(material.Where("name__icontains", word).Query(), sameFilter)
		}
		for _, pair := range material.Crossing(lib, 2) {
			lib.IdenticalUnder(pair[0].Query()+"&"+pair[1].Query(), sameFilter)
		}
		lib.Among("two drives that differ in what can be filtered by", lib.SubjectsJudged() > 0, "os", "arch", "image_type", "name", "uuid")
		for _, value := range material.Discriminating(lib, "os", 1) {
			_, limit := atOnce(lib)
			query := fmt.Sprintf("%s&limit=%d", material.Where("os", value).Query(), limit)
			plain := lib.Answer(Read{Path: LibdrivesPath, Query: query}.With("Accept", TypeXML)).About("the list with " + query + " as XML")
			detail := lib.Answer(Read{Path: LibdrivesDetailPath, Query: query}.With("Accept", TypeXML)).About("the detail list with " + query + " as XML").AnsweredBy("DETAIL-01")
			if _, err := plain.ToldInXML(); err == nil && !detail.Pending() {
				lib.Expect(detail).RelyingOn("LIST-07", "DETAIL-01", "DETAIL-06", "FORMAT-02", "FORMAT-10", "FILTER-19", "GET-03").RelyingOn(byParts(lib)...).To(BeLikeInXML(plain), sameFilter+", as XML too")
			}
		}
	})

	s.Requirement("DETAIL-06", func(lib *Library) {
		lib.List() // whether it has an end is for PAGE-03 to say
		plain := listInXML(lib)
		detail := lib.Answer(Read{Path: LibdrivesDetailPath, Query: inOneWay(lib)}.With("Accept", TypeXML)).About("the detail list as XML").AnsweredBy("DETAIL-01")
		if plain.Pending() {
			return
		}
		lib.Expect(detail).RelyingOn("DETAIL-01", "PAGE-03", "FORMAT-02", "FORMAT-10", "DETAIL-02").RelyingOn(byParts(lib)...).To(BeLikeInXML(plain), "the detail list as XML is identical to the list as XML")
	})
}

// wholeList is the requirement that says what both whole lists hold, where the query asks for these.
func wholeList(query string) []string {
	if query == "limit=0" {
		return []string{"DETAIL-02"}
	}
	return nil
}
