package suites

import (
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

const byNoUUID = "what is no uuid finds no drive: parts of uuids, two in one value, and a pattern"

// expectNoParts expects the list of library drives at a path to find none by what is no uuid, or to refuse it.
func expectNoParts(lib *Library, path string, relies ...string) {
	if t, ok := material.NoUUIDs(material.Few(lib, 4), lib.List().Drives); ok {
		expectNothingBy(lib, path, t, relies...)
	}
}

// expectNoPartsInEveryWay expects so between two other filters, with a field and a limit, as XML.
func expectNoPartsInEveryWay(lib *Library, path string, relies ...string) {
	if t, ok := material.NoUUIDs(material.Few(lib, 4), lib.List().Drives); ok {
		expectNothingInXML(lib, path, material.Between(lib, t), relies...)
	}
}

// expectNoOwnParts expects so of the lists of the account's drives.
func expectNoOwnParts(lib *Library, relies ...string) {
	own := Unique(lib.OwnDrives(DrivesDetailPath).Drives)
	t, ok := material.NoUUIDs(own, own)
	if !ok {
		return
	}
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		expectNothingBy(lib, path, t, relies...)
		expectNothingInXML(lib, path, material.OwnBetween(own, t), relies...)
	}
}

// expectNothingBy expects nothing to be found by a term, each of three times: what finds some now and then shows by the third. An
// endpoint may refuse its values.
func expectNothingBy(lib *Library, path string, t material.Term, relies ...string) {
	query := t.Query() + "&limit=0"
	for nth := range 3 {
		list := lib.Answer(Read{Path: path, Query: query, Nth: nth}).About("GET /" + path + " with " + query)
		if !list.Pending() && list.Problem() == "" && !lib.Expect(list).RelyingOn(relies...).To(ListNothing(), byNoUUID) {
			return
		}
	}
}

// expectNothingInXML expects nothing to be found by terms, one of which is of such values.
func expectNothingInXML(lib *Library, path string, terms []material.Term, relies ...string) {
	read, about := inEveryWay(path, terms, 1)
	inXML := lib.Answer(read).About(about)
	if _, err := inXML.ToldInXML(); err == nil {
		lib.Expect(inXML).RelyingOn(append(relies, "FORMAT-02", "FIELDS-02")...).To(NameInXML(nil, inXML.Exchange, "no drives"), byNoUUID)
	}
}
