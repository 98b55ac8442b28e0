package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// expectNoParts expects the list of library drives at a path to find none by what is no uuid, or to refuse it.
func expectNoParts(lib *Library, path string, relies ...string) {
	t, ok := material.NoUUIDs(material.Few(lib, 4))
	if ok {
		expectNothingBy(lib, path, t, material.Between(lib, t), relies...)
	}
}

// expectNoOwnParts expects so of the lists of the account's drives.
func expectNoOwnParts(lib *Library, relies ...string) {
	own := Unique(lib.OwnDrives(DrivesDetailPath).Drives)
	t, ok := material.NoUUIDs(own)
	if !ok {
		return
	}
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		expectNothingBy(lib, path, t, material.OwnBetween(own, t), relies...)
	}
}

// expectNothingBy expects nothing to be found by a term, alone, three times, and between two others as XML: an endpoint may refuse its
// values.
func expectNothingBy(lib *Library, path string, t material.Term, between []material.Term, relies ...string) {
	const rule = "what is no uuid finds no drive: parts of uuids, two in one value, and a pattern"
	for nth := range 3 { // what finds some now and then shows by the third time
		query := t.Query() + "&limit=0"
		list := lib.Answer(Read{Path: path, Query: query, Nth: nth}).About("GET /" + path + " with " + query)
		if !list.Pending() && list.Problem() == "" && !lib.Expect(list).RelyingOn(relies...).To(ListNothing(), rule) {
			return
		}
	}
	read, about := inEveryWay(path, between, 1)
	inXML := lib.Answer(read).About(about)
	if _, err := inXML.ToldInXML(); err == nil {
		lib.Expect(inXML).RelyingOn(append(relies, "FORMAT-02", "FIELDS-02")...).To(NameInXML(nil, inXML.Exchange, "no drives"), rule)
	}
}
