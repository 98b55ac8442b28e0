package suites

import (
	"github.com/libdrives/conformance/suites/evidence"
)

// Detailed listing: the list has the level of detail of the detail list already, so the two are identical.
func detailedListing(s *Suite) {
	s.Requirement("DETAIL-01", func(lib *Library) {
		lib.Expect(lib.Answer(evidence.Get(libdrivesDetailPath)).about("the detail list")).To(HaveStatus(200), "the library can be listed in detail")
	})

	s.Requirement("DETAIL-02", func(lib *Library) {
		list, detail := lib.List(), lib.DetailList()
		lib.identical(detail, list, "the detail list is identical to the list")
	})

	s.Requirement("DETAIL-03", func(lib *Library) {
		lib.List()
		for _, page := range lib.pageQueries() {
			plain := lib.Answer(evidence.Read{Path: libdrivesPath, Query: page}).about("the page " + pageName(page) + " of the list").answered(answeredBy(page)).asPage()
			detail := lib.Answer(evidence.Read{Path: libdrivesDetailPath, Query: page}).about("the page " + pageName(page) + " of the detail list").answered("DETAIL-01")
			if plain.Pending() || detail.Pending() || !lib.usable(plain) {
				continue
			}
			meta := lib.Expect(detail)
			if page == "limit=0" {
				meta = meta.RelyingOn("DETAIL-02")
			}
			meta.To(EqualFields(plain.JSON(), plain.exchange, detail.subject, plain.subject, "meta"), "a page of the detail list has the meta of the same page of the list")
			if page != "limit=0" { // what the whole lists hold is for DETAIL-02 to say
				lib.identical(detail.asList(), plain.asList(), "a page of the detail list is identical to the same page of the list")
			}
		}
	})

	s.Requirement("DETAIL-04", func(lib *Library) {
		lib.List()
		for _, fields := range []string{"fields=uuid,name", "fields=uuid,name,licenses,size,meta"} {
			lib.sameUnder(fields)
		}
	})

	s.Requirement("DETAIL-05", func(lib *Library) {
		for _, value := range lib.discriminating("os", 2) {
			lib.sameUnder(filterQuery("os", escapeValue(value)))
		}
		for _, value := range lib.discriminating("arch", 1) {
			lib.sameUnder(filterQuery("arch", escapeValue(value)))
		}
		for _, value := range lib.discriminating("image_type", 2) {
			lib.sameUnder(filterQuery("image_type", escapeValue(value)))
		}
		lib.Among("two drives that differ in os, arch or image_type", lib.subjects() > 0)
	})
}

// sameUnder expects both lists to be identical under a query.
func (lib *Library) sameUnder(query string) {
	plain := lib.Whole(libdrivesPath, query, "the list with "+query)
	detail := lib.detailList(query, "the detail list with "+query)
	if plain.pending || detail.pending {
		return
	}
	if text := plain.problem(); text != "" {
		lib.block("", "%s", text) // what the plain list does with the query is for others to say
		return
	}
	lib.identical(detail, plain, "the detail list is identical to the list under the same "+queryKind(query))
}

func queryKind(query string) string {
	if len(query) > 6 && query[:6] == "fields" {
		return "`fields`"
	}
	return "filter"
}

// identical expects two lists to name the same drives in the same order, each with the same fields and values.
func (lib *Library) identical(detail, list List, rule string) {
	if detail.pending || list.pending {
		return
	}
	lib.Expect(detail).To(ListSameDrives(list), rule)
	entries := list.index()
	for _, drive := range detail.Drives {
		if entry, listed := entries[drive.UUID]; listed {
			lib.Expect(drive).To(EqualDrive(entry.JSON, entry.from, detail.name, list.name), rule)
		}
	}
}
