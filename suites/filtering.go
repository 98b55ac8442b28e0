package suites

import (
	"fmt"
	"strings"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Filtering: each published filter returns exactly the drives that match. The values are taken from the endpoint's own
// library so that some drives match and some don't; what should be returned is computed from the whole list.
func filtering(s *Suite) {
	for _, exact := range exactFilters {
		s.Requirement(exact.id, func(lib *Library) {
			values := material.TellingValues(lib, exact.field, 8)
			lib.Among("two drives that differ in "+exact.field, len(values) > 0, exact.field)
			expectEachFiltered(lib, exact.field, values)
			for _, lure := range material.Lures(lib, exact.field) {
				if exact.field != "uuid" || lure.Partly() { // a uuid in capitals, or with a blank, may be taken for the same uuid
					expectNotLured(lib, lure)
				}
			}
			switch exact.field {
			case "name":
				for _, name := range material.NamesWithBackslash(lib, 1) {
					expectInEitherSpelling(lib, name)
				}
				expectOwnFiltered(lib, "name", false, 2, "HIDE-01", "HIDE-02", "HIDE-05")
			case "uuid":
				expectOwnFiltered(lib, "uuid", false, 1, "HIDE-01", "HIDE-02", "HIDE-03")
				expectNoParts(lib, LibdrivesPath)
				expectNoOwnParts(lib, "HIDE-01", "HIDE-02", "HIDE-03")
			}
		})
	}

	s.Requirement("FILTER-06", func(lib *Library) {
		fragments := material.TellingWords(lib, 6)
		lib.Among("two drives of which one has a word in its name that the other has not", len(fragments) > 0, "name")
		expectEachFiltered(lib, "name__icontains", fragments)
		expectOwnFiltered(lib, "name__contains", false, 2, "HIDE-01", "HIDE-02", "HIDE-05") // the search of the drives API
	})

	s.Requirement("FILTER-10", func(lib *Library) {
		pairs := material.Covering(lib)
		lib.Among("drives of which some share one of two properties and some both", len(pairs) > 0, "os", "arch", "image_type", "distribution", "category")
		for _, pair := range pairs {
			builds := exactOf(pair[0], pair[1])
			if pair[0].Several() || pair[1].Several() {
				builds = append(builds, "FILTER-12")
			}
			expectFiltered(lib, builds, pair[0], pair[1])
		}
	})

	s.Requirement("FILTER-11", func(lib *Library) {
		categories := material.Overlapping(lib, "category", 3)
		kinds := material.Discriminating(lib, "os", 2)
		lib.Among("two categories that share some drives, and no two os", len(categories) > 0 || len(kinds) == 2, "category", "os")
		for _, pair := range categories {
			expectFiltered(lib, []string{"FILTER-02"}, material.Where("category", pair[0]), material.Where("category", pair[1]))
		}
		if len(kinds) == 2 {
			expectFiltered(lib, []string{"FILTER-07"}, material.Where("os", kinds[0]), material.Where("os", kinds[1]))
		}
	})

	s.Requirement("FILTER-12", func(lib *Library) {
		for _, field := range []string{"os", "distribution", "name", "uuid", "category"} {
			values := material.Discriminating(lib, field, 3)
			if len(values) > 0 && (field == "os" || field == "category") {
				twice := material.Where(field, values[0], values[0])
				expectFiltered(lib, exactOf(twice), twice)
				lib.ExpectEachOnce(listUnder(lib, twice.Query(), material.CountFitting(lib, twice)), "a value that is given twice finds each drive once", append(exactOf(twice), "LIST-05")...)
			}
			if len(values) < 3 {
				continue // two values of two are everything, which tells nothing
			}
			two, others := material.Where(field, values[:2]...), material.Where(field, values[2], values[0])
			expectFiltered(lib, exactOf(two), two)
			expectFiltered(lib, exactOf(others), others)
		}
		for _, drive := range material.Few(lib, 1) {
			expectFiltered(lib, []string{"FILTER-08"}, material.Where("uuid", drive.UUID, material.RandomUUID(lib)))
		}
		lib.Among("three drives that differ in os, distribution, name, uuid or category", lib.SubjectsJudged() > 0, "os", "distribution", "name", "uuid", "category")
	})

	s.Requirement("FILTER-13", func(lib *Library) {
		terms := material.Binding(lib, 3)
		lib.Among("drives by which (a or b) and c differs from a or (b and c)", len(terms) > 0, "os", "arch", "image_type", "distribution", "category")
		for _, pair := range terms {
			builds := append(exactOf(pair[0], pair[1]), "FILTER-10", "FILTER-12")
			expectFiltered(lib, builds, pair[0], pair[1])
			expectFiltered(lib, builds, pair[1], pair[0])
		}
	})

	s.Requirement("FILTER-14", func(lib *Library) {
		names := material.NamesWithComma(lib, 4)
		lib.Among("drive with a comma in its name", len(names) > 0, "name")
		for _, name := range names {
			expectFiltered(lib, []string{"FILTER-05"}, material.Where("name", name))
		}
		if part := material.PartWithComma(lib); part != "" {
			expectFiltered(lib, []string{"FILTER-06"}, material.Where("name__icontains", part))
		}
		own := lib.OwnDrives(DrivesDetailPath)
		terms := material.OwnWithComma(own.Drives, 1)
		if part, ok := material.OwnPartWithComma(own.Drives); ok {
			terms = append(terms, part)
		}
		for _, t := range terms {
			for _, path := range []string{DrivesPath, DrivesDetailPath} {
				lib.Expect(lib.ListAt(path, t.Query(), "GET /"+path+" with "+t.Query())).RelyingOn("FILTER-05", "FILTER-06", "HIDE-01", "HIDE-02", "HIDE-05", "PAGE-08").
					To(ListExactly(material.Matching(Unique(own.Drives), t), own, "the account's drives of "+t.String()), "a drive of the account's whose name has a comma is found by its escaped name, and by a part of it")
			}
		}
	})

	s.Requirement("FILTER-15", func(lib *Library) {
		whole := lib.List()
		for _, field := range []string{"os", "arch", "image_type"} {
			for _, value := range material.Discriminating(lib, field, walked(lib)) {
				t := material.Where(field, value)
				expected := material.Matching(whole.Drives, t)
				if !lib.Among("three drives that share their os, arch or image_type, and one that does not", len(expected) >= 3, "os", "arch", "image_type") {
					continue
				}
				pages := lib.Walk(LibdrivesPath, t.Query(), len(expected))
				for _, page := range pages {
					lib.Expect(page).RelyingOn(append(exactOf(t), "LIST-05", "PAGE-02")...).To(SameCount(int64(len(expected)), whole.First()), "under a filter, total_count counts the matching drives")
				}
				walked := lib.EndToEnd("the pages under "+t.Query(), pages)
				lib.Expect(walked).RelyingOn(append(exactOf(t), "LIST-05", "LIST-07")...).To(ListExactly(expected, whole, "the drives of "+t.String()), "under a filter, paging walks just the matching drives")
				once := BeListedOnceIn(walked)
				for _, drive := range Unique(walked.Drives) {
					lib.Expect(drive).RelyingOn("PAGE-02", "LIST-05", "LIST-07").To(once, "under a filter, paging walks each drive once")
				}
			}
		}
		lib.Among("three drives that share their os, arch or image_type, and one that does not", false, "os", "arch", "image_type")
		lib.ExpectLimits(LibdrivesPath, ByFilters, "under a filter a page holds at most as many drives as its limit, which meta.limit echoes, in every answer of the run", "PAGE-01", "PAGE-03", "PAGE-04")
		lib.ExpectOffsets(LibdrivesPath, ByFilters, "under a filter meta.offset echoes the offset, in every answer of the run", "PAGE-02", "PAGE-04")
		lib.ExpectFull(LibdrivesPath, ByFilters, "under a filter a page holds as many drives as its limit and total_count leave, in every answer of the run",
			"PAGE-01", "PAGE-02", "PAGE-03", "PAGE-04", "LIST-05", "LIST-07", "FIELDS-03", "FILTER-16", "FILTER-19")
		expectOwnPaged(lib)
		lib.ExpectOwnCounted(ByFilters, "under a filter a list of the account's drives holds as many as its limit and total_count leave, in every answer of the run", "PAGE-08", "FILTER-05", "FILTER-08", "HIDE-03", "HIDE-05")
	})

	s.Requirement("FILTER-16", func(lib *Library) {
		lib.List()
		nobody := material.UnknownUUIDs(lib)[0]
		for _, t := range []material.Term{
			material.Where("name", "no-such-name-"+nobody), material.Where("uuid", nobody), material.Where("os", "no-such-os"),
			material.Where("name__icontains", "no-such-word-"+nobody),
		} {
			answer := lib.Answer(Read{Path: LibdrivesPath, Query: t.Query()}).About("the list with " + t.Query())
			lib.Expect(answer).RelyingOn(exactOf(t)...).To(ListNothing(), "a value that matches nothing lists nothing")
			lib.Expect(answer).RelyingOn(exactOf(t)...).To(HaveJSON("meta.total_count", BeNumber(0)), "where nothing matches, total_count is 0")
		}
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			for _, filter := range []string{"tag", "name"} {
				query := material.FilterQuery(filter, nobody)
				// A tag that is nobody's may be refused.
				if answer := lib.Answer(Read{Path: path, Query: query}).About("GET /" + path + " with " + query); !answer.Pending() && answer.Problem() == "" {
					lib.Expect(answer).RelyingOn("FILTER-05", "HIDE-01", "HIDE-02", "HIDE-05").To(ListNothing(), "a value that matches none of the account's drives lists nothing")
				}
			}
		}
	})
	furtherFiltering(s)
}

// walked is how many values of a filter are paged by.
func walked(lib *Library) int {
	if lib.Large() {
		return 1
	}
	return 2
}

// chosenAndWhole are queries beside which a filter picks the same drives.
var chosenAndWhole = [...]string{"fields=uuid", "fields=uuid,name,size"}

// furtherFiltering is about filters in ways that not everybody tries: escapes of escapes, three where two are the usual
// number, and with other things asked for.
func furtherFiltering(s *Suite) {
	s.Requirement("FILTER-17", func(lib *Library) {
		names := material.Discriminating(lib, "name", 3)
		lib.Among("two drives that differ in name", len(names) > 0, "name")
		for _, name := range names {
			whole, query := lib.List(), material.UnderEscapedBackslash(lib, "name", name)
			expected := material.Fitting(lib, material.Where("name", name))
			lib.Expect(listUnder(lib, query, len(expected))).RelyingOn("FILTER-05", "FILTER-12").
				To(ListExactly(expected, whole, "the drives of "+material.Where("name", name).String()), "a comma after an escaped backslash splits")
		}
	})

	s.Requirement("FILTER-18", func(lib *Library) {
		for _, field := range []string{"os", "distribution", "name", "uuid", "category", "version"} {
			for _, three := range material.Threes(lib, field) {
				expectFiltered(lib, append(exactOf(three...), "FILTER-12"), three...)
			}
		}
		for _, exact := range exactFilters {
			for _, several := range material.Combined(lib, exact.field) {
				expectFiltered(lib, []string{exact.id, "FILTER-12"}, several)
			}
		}
		for _, three := range material.TellingTriples(lib) {
			expectFiltered(lib, append(exactOf(three...), "FILTER-10"), three...)
		}
		for _, spread := range material.Spread(lib, 4) {
			expectFiltered(lib, append(exactOf(spread), "FILTER-12"), spread)
		}
		names := material.Discriminating(lib, "name", 1)
		for _, withComma := range material.NamesWithComma(lib, 2) {
			for _, other := range names {
				for _, both := range []material.Term{material.Where("name", withComma, other), material.Where("name", other, withComma)} {
					expectFiltered(lib, []string{"FILTER-05", "FILTER-12", "FILTER-14"}, both)
				}
			}
		}
		lib.Among("drives by which three values, or three filters, differ from two", lib.SubjectsJudged() > 0, "os", "arch", "image_type", "distribution", "name", "category", "version")
	})

	s.Requirement("FILTER-19", func(lib *Library) {
		for _, field := range []string{"os", "distribution", "category"} {
			for _, value := range material.Discriminating(lib, field, 1) {
				expectSameDrives(lib, material.Where(field, value))
			}
		}
		for _, word := range material.Fragments(lib, 1) {
			expectSameDrives(lib, material.Where("name__icontains", word))
		}
		if words := material.Fragments(lib, 3); len(words) == 3 {
			expectFiltered(lib, []string{"FILTER-06", "FILTER-12"}, material.Where("name__icontains", words[:2]...))
			expectFiltered(lib, []string{"FILTER-06", "FILTER-12"}, material.Where("name__icontains", words[2], words[0]))
		}
		for _, pair := range material.WordPairs(lib, 2) {
			expectFiltered(lib, []string{"FILTER-06", "FILTER-10", "FILTER-11"}, pair[0], pair[1])
		}
		for _, several := range material.Combined(lib, "name__icontains") {
			expectFiltered(lib, []string{"FILTER-06", "FILTER-12"}, several)
		}
		expectInEveryWay(lib)
		expectByEachFilter(lib)
		expectNoPartsInEveryWay(lib, LibdrivesPath, "FILTER-08", "FILTER-10", "FILTER-12", "FILTER-13", "FILTER-18")
		lib.Among("two drives that differ in os, distribution, category or name", lib.SubjectsJudged() > 0, "os", "distribution", "category", "name")
	})
}

// expectSameDrives expects the filter to pick the drives that it picks alone, whatever else is asked for.
func expectSameDrives(lib *Library, t material.Term) {
	const rule = "a filter picks the same drives whatever else is asked for"
	whole := lib.List()
	expected := material.Fitting(lib, t)
	alone := exactOf(t)
	for _, more := range chosenAndWhole {
		query := t.Query() + "&" + more
		lib.Expect(listUnder(lib, query, len(expected))).RelyingOn(append(alone, "FIELDS-01", "FIELDS-02")...).
			To(ListExactly(expected, whole, "the drives of "+t.String()), rule)
	}
	for _, limit := range []int{len(expected), len(expected) + 1} {
		const most = 200 // how many drives at most a page may hold is left open
		if limit > most {
			continue
		}
		query := fmt.Sprintf("%s&limit=%d", t.Query(), limit)
		lib.Expect(lib.Answer(Read{Path: LibdrivesPath, Query: query}).About("the list with "+query)).RelyingOn(append(alone, "PAGE-01", "FILTER-15")...).
			To(ListExactly(expected, whole, "the drives of "+t.String()), rule)
	}
	if lib.Large() && len(expected) > Stretch {
		return // all of them as XML are long
	}
	all := Read{Path: LibdrivesPath, Query: t.Query() + "&limit=0"}
	about := "the list with " + all.Query + " as XML"
	if inJSON := lib.Answer(all); !inJSON.Pending() { // which an interrupted run does not come to
		if same, err := ListExactly(expected, whole, "").Match(inJSON); !same || err != nil {
			about += ", which is not as it should be as JSON either"
		}
	}
	lib.Expect(lib.Answer(all.With("Accept", TypeXML)).About(about)).RelyingOn(append(alone, "LIST-07", "PAGE-02", "PAGE-03", "FORMAT-02", "FORMAT-10")...).
		To(NameInXML(expected, whole.Exchange(), "the drives of "+t.String()), rule)
}

// exactFilters are the filters that take a whole value, each with the requirement that judges it alone.
var exactFilters = [...]struct{ id, field string }{
	{"FILTER-01", "arch"}, {"FILTER-02", "category"}, {"FILTER-03", "distribution"}, {"FILTER-04", "image_type"},
	{"FILTER-05", "name"}, {"FILTER-07", "os"}, {"FILTER-08", "uuid"}, {"FILTER-09", "version"},
}

// exactOf are the requirements that judge the terms' filters alone: what is judged with these filters relies on them.
func exactOf(terms ...material.Term) []string {
	var ids []string
	for _, t := range terms {
		for _, exact := range exactFilters {
			if exact.field == t.Filter {
				ids = append(ids, exact.id)
			}
		}
		if t.Filter == "name__icontains" {
			ids = append(ids, "FILTER-06")
		}
	}
	return ids
}

// expectEachFiltered expects the list under each value of a filter to be exactly the drives that match it. That of the value which
// fewest drives have is asked for whole, however many there are.
func expectEachFiltered(lib *Library, filter string, values []string) {
	var rarest material.Term
	if lib.Large() {
		for i, fewest := 0, len(lib.List().Drives)+1; i < len(values); i++ {
			if n := material.CountFitting(lib, material.Where(filter, values[i])); n < fewest {
				fewest, rarest = n, material.Where(filter, values[i])
			}
		}
	}
	for _, value := range values {
		if t := material.Where(filter, value); rarest.Filter != "" && t.Query() == rarest.Query() {
			lib.EntireListAt(LibdrivesPath, t.Query(), "the list with "+t.Query())
		}
		expectFiltered(lib, nil, material.Where(filter, value))
	}
}

// listUnder is the list of library drives under a query, to which so many answer. Where these are few, all of it is asked for.
func listUnder(lib *Library, query string, expected int) List {
	const few = 2 * Stretch
	if expected <= few {
		return lib.EntireListAt(LibdrivesPath, query, "the list with "+query)
	}
	return lib.ListAt(LibdrivesPath, query, "the list with "+query)
}

// expectFiltered expects the list under the terms to be exactly the drives that match them all. Where it is not, and one
// of the requirements that it builds on fails, the spec is blocked by that one.
func expectFiltered(lib *Library, builds []string, terms ...material.Term) {
	whole := lib.List()
	var queries, names []string
	for _, t := range terms {
		queries, names = append(queries, t.Query()), append(names, t.String())
	}
	query := strings.Join(queries, "&")
	expected := material.Fitting(lib, terms...)
	lib.Expect(listUnder(lib, query, len(expected))).RelyingOn(builds...).
		To(ListExactly(expected, whole, "the drives of "+strings.Join(names, " and ")), "the filter returns exactly the drives that match")
}

// expectInEitherSpelling expects a name with a backslash to be found by the backslash as it is, or by one that is escaped.
func expectInEitherSpelling(lib *Library, name string) {
	expected := material.Fitting(lib, material.Where("name", name))
	exactly := ListExactly(expected, lib.List(), fmt.Sprintf("the drives of name %q", name))
	var lists []List
	for _, query := range material.InEitherSpelling("name", name) {
		lists = append(lists, listUnder(lib, query, len(expected)))
	}
	found := lists[1]
	if matched, err := exactly.Match(lists[0]); matched && err == nil {
		found = lists[0]
	}
	lib.Expect(found).To(exactly, "a name with a backslash is found, by itself or with the backslash escaped")
}

// expectNotLured expects a value that is nobody's not to find what a wrong way to compare would find by it: the drives of the value
// in other case, or without the blank at its end, or those without a value. What else is listed where nothing matches is for
// FILTER-16 to say.
func expectNotLured(lib *Library, lure material.Lure) {
	list := listUnder(lib, lure.Term.Query(), 0)
	if list.Pending || list.Problem() != "" {
		return
	}
	const rule = "the filter takes its value exactly: case, blanks and all, and a drive without a value is found by none"
	if len(list.Drives) == 0 {
		lib.Expect(list).To(ListNothing(), rule)
		return
	}
	lib.Expect(list).To(NotList(lure.Wrongly(lib), lib.List(), "no drives, for the filter takes its value exactly; found would be these if "+lure.Way), rule)
}

// everyFilter are the published filters.
func everyFilter() (names []string) {
	for _, exact := range exactFilters {
		names = append(names, exact.field)
	}
	return append(names, "name__icontains")
}

// queryOf is how terms are asked for side by side.
func queryOf(terms []material.Term) string {
	var queries []string
	for _, t := range terms {
		queries = append(queries, t.Query())
	}
	return strings.Join(queries, "&")
}

// mostAtOnce is how many drives at most a page is asked for: how many one may hold is left open.
const mostAtOnce = 200

// inEveryWay asks for a list in XML by a term between two others, with a field and a limit. What a filter does wrong in any of
// these ways shows in one answer.
func inEveryWay(path string, terms []material.Term, expected int) (read Read, about string) {
	query := fmt.Sprintf("%s&fields=uuid&limit=%d", queryOf(terms), expected+1)
	return Read{Path: path, Query: query}.With("Accept", TypeXML), "GET /" + path + " with " + query + " as XML"
}

// expectInEveryWay expects each filter to pick the drives that it picks alone between two others, with a field and a limit, as XML.
func expectInEveryWay(lib *Library) {
	whole := lib.List()
	for _, filter := range everyFilter() {
		for _, t := range material.Combined(lib, filter) {
			terms := material.Between(lib, t)
			expected := material.Fitting(lib, terms...)
			if len(expected) > mostAtOnce {
				continue
			}
			read, about := inEveryWay(LibdrivesPath, terms, len(expected))
			lib.Expect(lib.Answer(read).About(about)).
				RelyingOn(append(exactOf(terms...), "FILTER-10", "FILTER-12", "FILTER-13", "FILTER-18", "FIELDS-02", "LIST-07", "PAGE-01", "PAGE-02", "FORMAT-02", "FORMAT-10")...).
				To(NameInXML(expected, whole.Exchange(), "the drives of "+named(terms)), "a filter picks the same drives between two others, with a field and a limit, as XML")
		}
	}
}

// named are terms in words.
func named(terms []material.Term) string {
	var names []string
	for _, t := range terms {
		names = append(names, t.String())
	}
	return strings.Join(names, " and ")
}

// detailInEveryWay expects the detail list to tell what the plain list tells when both are asked so.
func detailInEveryWay(lib *Library, rule string) {
	for _, filter := range everyFilter() {
		for _, t := range material.Combined(lib, filter) {
			terms := material.Between(lib, t)
			expected := len(material.Fitting(lib, terms...))
			if expected > mostAtOnce {
				continue
			}
			read, about := inEveryWay(LibdrivesPath, terms, expected)
			plain := lib.Answer(read).About(about)
			read, about = inEveryWay(LibdrivesDetailPath, terms, expected)
			detail := lib.Answer(read).About(about).AnsweredBy("DETAIL-01")
			if _, err := plain.ToldInXML(); err == nil && !detail.Pending() {
				lib.Expect(detail).RelyingOn("LIST-07", "DETAIL-01", "DETAIL-04", "DETAIL-06", "FORMAT-02", "FORMAT-10", "FILTER-19", "GET-03").RelyingOn(byParts(lib)...).To(BeLikeInXML(plain), rule)
			}
		}
	}
}

// expectByEachFilter expects all filters at once to pick just the drives that match them all, each of three times.
func expectByEachFilter(lib *Library) {
	for nth := range 3 { // what comes and goes shows by the third time
		answer, terms, expected := byEachFilter(lib, LibdrivesPath, nth)
		if len(terms) == 0 || isTooLong(answer, terms) {
			return
		}
		lib.Expect(answer).RelyingOn(append(exactOf(terms...), "FILTER-10", "FILTER-12", "FILTER-13", "FILTER-18", "FIELDS-02", "LIST-07", "PAGE-01", "PAGE-02", "FORMAT-02", "FORMAT-10")...).
			To(NameInXML(expected, lib.List().Exchange(), "the drives of "+named(terms)), "all filters at once pick the drives that match each of them")
	}
}
