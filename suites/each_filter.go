package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

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
