package suites

import (
	"fmt"
	"slices"

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
		queries := lib.PageQueries()
		if total := len(lib.List().Drives); total > 1 {
			queries = append(queries, "offset=1") // PAGE-09 has it of the list
		}
		for _, query := range queries {
			plain, detail := lib.Page(query), lib.DetailPage(query)
			if !lib.Usable(plain) {
				continue
			}
			lib.Expect(detail).RelyingOn(wholeList(query)...).To(HaveMetaOf(plain), "a page of the detail list has the meta of the same page of the list")
			if len(wholeList(query)) == 0 {
				lib.IdenticalPages(detail, plain, "a page of the detail list is identical to the same page of the list")
			}
		}
		onPages := lib.Taken().ListedAt(LibdrivesDetailPath).Plainly().OnPages()
		lib.Everywhere(onPages, lib.AgreeWith(lib.List(), "mounted_on"), "a page of the detail list names the servers that a drive is mounted on as the list does", "GET-03", "DETAIL-02", "PAGE-02")
		expectUneven(lib, LibdrivesDetailPath, lib.List(), "DETAIL-01", "LIST-07", "PAGE-02", "DETAIL-02", "DETAIL-04")
		expectUnevenInXML(lib, LibdrivesDetailPath, lib.List(), "DETAIL-01", "LIST-07", "PAGE-02", "DETAIL-02", "DETAIL-06", "FORMAT-02", "FORMAT-10")
		lib.ExpectObjects(LibdrivesDetailPath, "the detail list holds objects alone, in every answer of the run", "LIST-03", "DETAIL-02")
		lib.ExpectNumbers(LibdrivesDetailPath, "meta of the detail list holds whole numbers, not negative, in every answer of the run", "PAGE-04")
		lib.ExpectLimits(LibdrivesDetailPath, WithoutFilters, "a page of the detail list holds at most as many drives as its limit, which meta.limit echoes", "LIST-02", "PAGE-01", "PAGE-04")
		lib.ExpectOffsets(LibdrivesDetailPath, WithoutFilters, "meta.offset of the detail list echoes the offset", "LIST-02", "PAGE-02", "PAGE-04")
		lib.Answer(Read{Path: LibdrivesDetailPath, Query: "format=json"}.With("Accept", TypeXML)) // nobody else asks for it so
		lib.ExpectCountedAlike(LibdrivesDetailPath, lib.Page(""), "total_count of the detail list is that of the list in every answer of the run, whoever asks and in which format", append(changers(lib), "PAGE-03", "PAGE-04", "PAGE-05", "FIELDS-03", "LIST-07", "DETAIL-02", "DETAIL-04")...)
		lib.ExpectPlacedAlike(LibdrivesDetailPath, lib.List(), "an answer with the detail list holds the drives that stand at its places in the list, whoever asks and in which format", append(changers(lib), "LIST-05", "LIST-07", "PAGE-01", "PAGE-02", "PAGE-05", "PAGE-09", "DETAIL-02")...)
		lib.ExpectFull(LibdrivesDetailPath, WithoutFilters, "a page of the detail list holds as many drives as its limit and total_count leave",
			"PAGE-01", "PAGE-02", "PAGE-03", "PAGE-05", "PAGE-06", "PAGE-07", "PAGE-09", "DETAIL-02", "DETAIL-04", "FIELDS-03", "LIST-05", "LIST-07")
	})

	s.Requirement("DETAIL-04", func(lib *Library) {
		lib.List()
		for _, fields := range []string{"fields=uuid,name", "fields=uuid,name,licenses,size,meta,owner"} {
			lib.IdenticalUnder(fields, "the detail list is identical to the list under the same `fields`", "OWNER-05")
		}
		lib.Answer(Read{Path: LibdrivesDetailPath, Query: withLicences(lib.List())}.With("Accept", TypeXML))
		expectAllAlike(lib, LibdrivesDetailPath, "media", lib.List(), "FIELDS-03", "PAGE-01", "PAGE-03", "LIST-05", "DETAIL-02")
		lib.ExpectChosen(LibdrivesDetailPath, "the detail list returns just the chosen fields, in every answer of the run", "DETAIL-06", "FIELDS-01", "FIELDS-02", "FIELDS-03", "PAGE-02", "OWNER-05", "LIST-03")
	})

	s.Requirement("DETAIL-05", func(lib *Library) {
		const sameFilter = "the detail list is identical to the list under the same filter"
		for _, filter := range everyFilter() {
			for _, t := range slices.Concat(material.Telling(lib, filter), material.Combined(lib, filter)) {
				lib.IdenticalUnder(t.Query(), sameFilter)
			}
		}
		for _, spread := range material.Spread(lib, 4) {
			lib.IdenticalUnder(spread.Query(), sameFilter)
		}
		for _, words := range material.FurtherSearches(lib) {
			lib.IdenticalUnder(material.Where("name__icontains", words).Query(), sameFilter)
		}
		for _, name := range material.NamesWithComma(lib, 1) {
			lib.IdenticalUnder(material.Where("name", name).Query(), sameFilter)
		}
		expectNoParts(lib, LibdrivesDetailPath, "FILTER-08")
		expectNoPartsInEveryWay(lib, LibdrivesDetailPath, "FILTER-08", "FILTER-10", "FILTER-12", "FILTER-13", "FILTER-18", "FILTER-19", "DETAIL-06")
		for _, odd := range []material.Term{material.Where("name", "%"), material.Where("category", "%")} {
			lib.IdenticalUnder(odd.Query(), sameFilter)
		}
		for _, pair := range slices.Concat(material.Covering(lib), material.WordPairs(lib, 2)) {
			lib.IdenticalUnder(pair[0].Query()+"&"+pair[1].Query(), sameFilter)
		}
		lib.ExpectLimits(LibdrivesDetailPath, ByFilters, "under a filter a page of the detail list holds at most as many drives as its limit, which meta.limit echoes", "FILTER-15", "DETAIL-03")
		lib.ExpectOffsets(LibdrivesDetailPath, ByFilters, "under a filter meta.offset of the detail list echoes the offset", "FILTER-15", "DETAIL-03")
		lib.ExpectFull(LibdrivesDetailPath, ByFilters, "under a filter the detail list holds as many drives as its limit and total_count leave", "FILTER-15", "FILTER-16", "DETAIL-03", "FIELDS-03", "LIST-07")
		picked := lib.Taken().ListedAt(LibdrivesDetailPath).Filtered().Plainly().NotOnPages()
		lib.Everywhere(picked, lib.AgreeWith(lib.List(), "mounted_on"), "under a filter the detail list names the servers that a drive is mounted on as the list does", "GET-03", "DETAIL-02", "DETAIL-03", "PAGE-02")
		detailInEveryWay(lib, sameFilter+" between two others, with a field and a limit, as XML")
		detailByEachFilter(lib, sameFilter+", where all are asked for at once")
		lib.Among("two drives that differ in what can be filtered by", lib.SubjectsJudged() > 0, "os", "arch", "image_type", "name", "uuid")
		for _, value := range material.Discriminating(lib, "os", 1) {
			page := material.Where("os", value).Query() + "&limit=2&offset=1"
			inJSON := lib.Answer(Read{Path: LibdrivesPath, Query: page}).About("the list with " + page)
			if picked := lib.Answer(Read{Path: LibdrivesDetailPath, Query: page}).About("the detail list with " + page).AnsweredBy("DETAIL-01"); !inJSON.Pending() && lib.Usable(inJSON) {
				lib.Expect(picked).RelyingOn("FILTER-15", "DETAIL-03", "LIST-07").To(HaveMetaOf(inJSON), "a page of the detail list under a filter has the meta of the same page of the list")
				lib.IdenticalPages(picked, inJSON, sameFilter+", page by page")
			}
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
		if whole := lib.List(); !detail.Pending() && !lib.Large() && len(whole.Parts) == 1 && whole.Parts[0].Problem() == "" {
			lib.Expect(detail).RelyingOn("DETAIL-01", "DETAIL-02", "DETAIL-03", "PAGE-01", "PAGE-03", "PAGE-04", "PAGE-05", "FORMAT-02", "FORMAT-10").To(TellMetaAsJSON(whole.Parts[0]), "the detail list as XML has the meta of the list")
		}
		lib.ExpectPlacedInXML(LibdrivesDetailPath, lib.List(), "the detail list as XML tells its drives in the order of the list, in every answer of the run", append(byParts(lib), "DETAIL-01", "DETAIL-02", "PAGE-02", "FORMAT-02", "FORMAT-10", "LIST-05", "LIST-07")...)
		told := lib.TakenInXML().ListedAt(LibdrivesDetailPath).Unfiltered().Plainly().NotOnPages()
		lib.Everywhere(told, lib.AgreeInXMLWith(plain, "mounted_on"), "the detail list as XML names the servers that a drive is mounted on as the list as XML does", "PAGE-03", "FORMAT-02", "FORMAT-10", "DETAIL-02")
		lib.ExpectCountedInXML(LibdrivesDetailPath, lib.Page(""), "every answer with the detail list in XML counts what the list in JSON does, and tells as many drives as its limit and offset leave", append(byParts(lib), "DETAIL-01", "DETAIL-03", "DETAIL-04", "PAGE-01", "PAGE-02", "PAGE-03", "PAGE-04", "PAGE-05", "PAGE-06", "FIELDS-03", "FORMAT-02", "FORMAT-10", "LIST-05", "LIST-07", "DETAIL-02")...)
	})
}

// wholeList is the requirement that says what both whole lists hold, where the query asks for these.
func wholeList(query string) []string {
	if query == "limit=0" {
		return []string{"DETAIL-02"}
	}
	return nil
}

// byEachFilter asks a list of the library by all filters at once, with a field and a limit, as XML, the nth time.
func byEachFilter(lib *Library, path string, nth int) (answer Answer, terms []material.Term, expected []Drive) {
	const most = 4096 // characters: what is longer may be refused
	terms = material.EachFilter(lib)
	if len(terms) == 0 || len(queryOf(terms)) > most {
		return Answer{}, nil, nil
	}
	expected = material.Fitting(lib, terms...)
	read, about := inEveryWay(path, terms, len(expected))
	read.Nth = nth
	return lib.Answer(read).About(about), terms, expected
}

// isTooLong reports whether a query is refused for its length: by a status that says so, or, where it could not be made short, by 400.
func isTooLong(answer Answer, terms []material.Term) bool {
	if answer.Pending() {
		return false
	}
	status := answer.Status()
	return status == 414 || status == 431 || status == 400 && len(queryOf(terms)) > material.LongestQuery
}

// detailByEachFilter expects the detail list to tell what the plain list tells when both are asked so, each of three times.
func detailByEachFilter(lib *Library, rule string) {
	plain, terms, _ := byEachFilter(lib, LibdrivesPath, 0)
	if len(terms) == 0 {
		return
	}
	for nth := range 3 {
		detail, _, _ := byEachFilter(lib, LibdrivesDetailPath, nth)
		if plain.Pending() || detail.Pending() || isTooLong(detail, terms) {
			continue
		}
		if _, err := plain.ToldInXML(); err == nil {
			lib.Expect(detail.AnsweredBy("DETAIL-01")).RelyingOn("LIST-07", "DETAIL-01", "DETAIL-04", "DETAIL-06", "FORMAT-02", "FORMAT-10", "FILTER-19", "GET-03").RelyingOn(byParts(lib)...).To(BeLikeInXML(plain), rule)
		}
	}
}
