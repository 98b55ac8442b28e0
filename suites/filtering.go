package suites

import (
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Filtering: each published filter returns exactly the drives that match. The values are taken from the endpoint's own
// library so that some drives match and some don't; what should be returned is computed from the whole list.
func filtering(s *Suite) {
	for _, exact := range exactFilters {
		s.Requirement(exact.id, func(lib *Library) {
			values := lib.discriminating(exact.field, 8)
			lib.Among("two drives that differ in "+exact.field, len(values) > 0)
			for _, value := range values {
				lib.expectFiltered(nil, where(exact.field, value))
			}
			if exact.field != "uuid" && len(values) > 0 { // a uuid in capitals is the same uuid
				lib.expectCaseToMatter(exact.field, values[0])
			}
		})
	}

	s.Requirement("FILTER-06", func(lib *Library) {
		fragments := lib.fragments(6)
		lib.Among("two drives of which one has a word in its name that the other has not", len(fragments) > 0)
		for _, fragment := range fragments {
			lib.expectFiltered(nil, where("name__icontains", fragment))
		}
	})

	s.Requirement("FILTER-10", func(lib *Library) {
		pairs := lib.crossing(4)
		lib.Among("drives of which some share one of two properties and some both", len(pairs) > 0)
		for _, pair := range pairs {
			lib.expectFiltered(exactOf(pair[0], pair[1]), pair[0], pair[1])
		}
	})

	s.Requirement("FILTER-11", func(lib *Library) {
		categories := lib.overlapping("category", 3)
		kinds := lib.discriminating("os", 2)
		lib.Among("two categories that share some drives, and no two os", len(categories) > 0 || len(kinds) == 2)
		for _, pair := range categories {
			lib.expectFiltered([]string{"FILTER-02"}, where("category", pair[0]), where("category", pair[1]))
		}
		if len(kinds) == 2 {
			lib.expectFiltered([]string{"FILTER-07"}, where("os", kinds[0]), where("os", kinds[1]))
		}
	})

	s.Requirement("FILTER-12", func(lib *Library) {
		for _, field := range []string{"os", "distribution", "name", "uuid", "category"} {
			values := lib.discriminating(field, 3)
			if len(values) < 3 {
				continue // two values of two are everything, which tells nothing
			}
			two, others := where(field, values[:2]...), where(field, values[2], values[0])
			lib.expectFiltered(exactOf(two), two)
			lib.expectFiltered(exactOf(others), others)
		}
		lib.Among("three drives that differ in os, distribution, name, uuid or category", lib.subjects() > 0)
	})

	s.Requirement("FILTER-13", func(lib *Library) {
		terms := lib.binding(3)
		lib.Among("drives by which (a or b) and c differs from a or (b and c)", len(terms) > 0)
		for _, pair := range terms {
			builds := append(exactOf(pair[0], pair[1]), "FILTER-10", "FILTER-12")
			lib.expectFiltered(builds, pair[0], pair[1])
			lib.expectFiltered(builds, pair[1], pair[0])
		}
	})

	s.Requirement("FILTER-14", func(lib *Library) {
		names := lib.namesWithComma(4)
		lib.Among("drive with a comma in its name", len(names) > 0)
		for _, name := range names {
			lib.expectFiltered([]string{"FILTER-05"}, where("name", name))
		}
	})

	s.Requirement("FILTER-15", func(lib *Library) {
		whole := lib.List()
		for _, field := range []string{"os", "arch", "image_type"} {
			for _, value := range lib.discriminating(field, 2) {
				t := where(field, value)
				expected := matching(whole.Drives, t)
				if !lib.Among("three drives that share their os, arch or image_type, and one that does not", len(expected) >= 3) {
					continue
				}
				var laid []Drive
				pages := lib.walk(libdrivesPath, t.query(), len(expected))
				for _, page := range pages {
					if page.Pending() {
						return
					}
					lib.Expect(page).RelyingOn(append(exactOf(t), "LIST-05")...).To(sameCount(int64(len(expected)), whole.first()), "under a filter, total_count counts the matching drives")
					laid = append(laid, page.drives()...)
				}
				walked := List{lib: lib, name: "the pages under " + t.query(), Drives: laid, parts: pages}
				lib.Expect(walked).RelyingOn(append(exactOf(t), "LIST-05")...).To(ListExactly(expected, whole, "the drives of "+t.String()), "under a filter, paging walks just the matching drives")
				lib.Expect(walked).RelyingOn("PAGE-02", "LIST-05").To(BeTrue(len(unique(laid)) == len(laid), "no drive twice", amount(len(laid)-len(unique(laid)))+" more than once"), "under a filter, paging walks each drive once")
			}
		}
		lib.Among("three drives that share their os, arch or image_type, and one that does not", false)
	})

	s.Requirement("FILTER-16", func(lib *Library) {
		lib.List()
		nobody := lib.unknownUUIDs()[0]
		for _, t := range []term{
			where("name", "no-such-name-"+nobody), where("uuid", nobody), where("os", "no-such-os"),
			where("name__icontains", "no-such-word-"+nobody),
		} {
			answer := lib.Answer(evidence.Read{Path: libdrivesPath, Query: t.query()}).about("the list with " + t.query())
			lib.Expect(answer).RelyingOn(exactOf(t)...).To(ListNothing(), "a value that matches nothing lists nothing")
			lib.Expect(answer).RelyingOn(exactOf(t)...).To(HaveJSON("meta.total_count", BeNumber(0)), "where nothing matches, total_count is 0")
		}
	})
}

// exactFilters are the filters that take a whole value, each with the requirement that judges it alone.
var exactFilters = [...]struct{ id, field string }{
	{"FILTER-01", "arch"}, {"FILTER-02", "category"}, {"FILTER-03", "distribution"}, {"FILTER-04", "image_type"},
	{"FILTER-05", "name"}, {"FILTER-07", "os"}, {"FILTER-08", "uuid"}, {"FILTER-09", "version"},
}

// exactOf are the requirements that judge the terms' filters alone: what is judged with these filters relies on them.
func exactOf(terms ...term) []string {
	var ids []string
	for _, t := range terms {
		for _, exact := range exactFilters {
			if exact.field == t.filter {
				ids = append(ids, exact.id)
			}
		}
		if t.filter == "name__icontains" {
			ids = append(ids, "FILTER-06")
		}
	}
	return ids
}

// expectFiltered expects the list under the terms to be exactly the drives that match them all. Where it is not, and one
// of the requirements that it builds on fails, the spec is blocked by that one.
func (lib *Library) expectFiltered(builds []string, terms ...term) {
	whole := lib.List()
	var queries, names []string
	for _, t := range terms {
		queries, names = append(queries, t.query()), append(names, t.String())
	}
	query := strings.Join(queries, "&")
	expected := matching(lib.distinct(), terms...)
	lib.Expect(lib.Whole(libdrivesPath, query, "the list with "+query)).RelyingOn(builds...).
		To(ListExactly(expected, whole, "the drives of "+strings.Join(names, " and ")), "the filter returns exactly the drives that match")
}

// expectCaseToMatter expects a value in the wrong case not to find the drives of the value. What else is listed where
// nothing matches is for FILTER-16 to say.
func (lib *Library) expectCaseToMatter(field, value string) {
	whole := lib.List()
	right, wrong := where(field, value), where(field, swapCase(value))
	drives := lib.distinct()
	if len(matching(drives, wrong)) > 0 || swapCase(value) == value {
		return
	}
	list := lib.Whole(libdrivesPath, wrong.query(), "the list with "+wrong.query())
	if list.pending || list.problem() != "" {
		return
	}
	lib.Expect(list).To(notList(matching(drives, right), whole, "not the drives of "+right.String()), "the filter takes its value exactly, case and all")
}
