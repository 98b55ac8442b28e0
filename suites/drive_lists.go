package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Library drives are in neither of the lists of drives.
func driveLists(s *Suite) {
	hidden := func(path string) func(*Library) {
		return func(lib *Library) {
			library := Unique(lib.List().Drives)
			list := lib.OwnDrives(path)
			lib.Expect(list).To(NameNoneOf(library), "no library drive is in GET /"+path)
			// One page more than there should be: what is on pages only may stand at their end.
			for _, page := range lib.Walk(path, "", len(list.Drives)+1) {
				lib.Expect(page).To(NameNoneOf(library), "no library drive is on a page of GET /"+path)
			}
		}
	}
	s.Requirement("HIDE-01", hidden(DrivesPath))
	s.Requirement("HIDE-02", hidden(DrivesDetailPath))

	s.Requirement("HIDE-03", func(lib *Library) {
		for _, drive := range material.Few(lib, 8) {
			for _, path := range []string{DrivesPath, DrivesDetailPath} {
				lib.Expect(lib.Answer(Read{Path: path, Query: material.FilterQuery("uuid", drive.UUID)}).AboutDrive(drive, "")).
					To(ListNothing(), "a library drive is not found among the drives by its uuid")
			}
		}
	})

	s.Requirement("HIDE-05", func(lib *Library) {
		library := Unique(lib.List().Drives)
		for i, path := range []string{DrivesPath, DrivesDetailPath} {
			hiding := []string{"HIDE-01", "HIDE-02"}[i]
			for _, query := range append([]string{"", "fields=uuid,name", "fields=uuid,name&limit=0"}, namesOf(lib)...) {
				lib.Expect(lib.Answer(Read{Path: path, Query: query}).About("GET /"+path+" with "+PageName(query))).RelyingOn(hiding, "HIDE-03").
					To(NameNoneOf(library), "however the account's drives are asked for, no library drive is among them")
			}
			// A tag that is nobody's may be refused.
			if tagged := lib.Answer(Read{Path: path, Query: material.FilterQuery("tag", tagOf(library, lib))}); !tagged.Pending() && tagged.Problem() == "" {
				lib.Expect(tagged.About("GET /"+path+" by a tag")).RelyingOn(hiding, "HIDE-03").To(NameNoneOf(library), "by a tag, no library drive is among the account's drives")
			}
			for _, inXML := range []Read{Read{Path: path, Query: "limit=0"}.With("Accept", TypeXML), Read{Path: path}.With("Accept", TypeXML)} {
				lib.Expect(lib.Answer(inXML).About("GET /"+inXML.Target()+" as XML")).RelyingOn(hiding).
					To(NameNoneInXML(library), "as XML, no library drive is among the account's drives")
			}
		}
		for _, told := range toldAsOwn(lib) {
			lib.Everywhere(told.BeforeWriting(lib), NotBeTold(), "whoever asks for the account's drives, and in which format, no library drive is among them in any answer before the run writes", "HIDE-01", "HIDE-02", "HIDE-03")
		}
	})

	s.Requirement("HIDE-04", func(lib *Library) {
		lib.AskFirst("HIDE-01", "HIDE-02", "HIDE-03", "HIDE-05")
		library := Unique(lib.List().Drives)
		used := lib.Scenarios(steps.LicensedClone, steps.Attaching)
		for i, when := range []string{"while it is cloned", "while it is attached to a server"} {
			if !used[i].Took(steps.Drives) && used[1-i].Took(steps.Drives) {
				continue // one of the two is enough to judge by
			}
			for _, look := range used[i].EveryList(steps.Drives) {
				lib.Expect(look).RelyingOn("HIDE-01").To(NameNoneOf(library), "a library drive stays out of GET /drives/ "+when)
			}
			for _, look := range used[i].EveryList(steps.DrivesDetail) {
				lib.Expect(look).RelyingOn("HIDE-02").To(NameNoneOf(library), "a library drive stays out of GET /drives/detail/ "+when)
			}
		}
		for _, told := range toldAsOwn(lib) {
			lib.Everywhere(told.SinceWriting(lib), NotBeTold(), "a library drive stays out of both drive lists in every answer since the run began to write", "HIDE-01", "HIDE-02", "HIDE-03", "HIDE-05")
		}
	})
}

// toldAsOwn are the library drives that the lists of the account's drives tell, in JSON and in XML.
func toldAsOwn(lib *Library) (told []Appearances) {
	library := lib.List().Index()
	for _, all := range []Appearances{lib.Appearances(), lib.AppearancesInXML()} {
		told = append(told, all.Under(DrivesPath).InLists().Of(library))
	}
	return told
}

// ownDefined expects the drives that the account had before to be defined as drives, naming each thing once and as it is, in every
// answer that defines one whole. Of those that the run makes, CLONE-02 and CLONE-11 say so.
func ownDefined(lib *Library) {
	own := lib.Appearances().Under(DrivesPath).ByGet().NotOf(lib.List().Index()).NotMade(lib).Whole().Plainly()
	relying := append([]string{"HIDE-01", "HIDE-02", "OWNER-06", "FORMAT-09"}, lib.ThatRan(steps.LicensedClone, "HIDE-04", "CLONE-02")...)
	lib.Everywhere(own, lib.BeValid(schema.Drive), "every answer that defines a drive of the account's whole defines it as a drive", relying...)
	for _, field := range []string{"mounted_on", "jobs", "tags", "snapshots"} {
		lib.Everywhere(own.Having(field), HaveJSON(field, HoldSoundReferences()), "every answer that defines a drive of the account's whole names what is related to it by one uuid: "+field, relying...)
		if field != "mounted_on" { // somebody may have attached it by two channels
			lib.Everywhere(own.Having(field), HaveJSON(field, HoldNoneTwice()), "every answer that defines a drive of the account's whole names nothing twice: "+field, relying...)
		}
	}
	lib.Everywhere(own.Having("owner"), HaveJSON("owner", BeReference()), "every answer that defines a drive of the account's whole shows the uuid of whom it belongs to", relying...)
}

// tagOf is the uuid of a tag of a library drive; where none has any, one that is nobody's.
func tagOf(library []Drive, lib *Library) string {
	for _, drive := range library {
		if uuid := drive.Field("tags").Get("0.uuid").String(); uuid != "" {
			return uuid
		}
	}
	return material.RandomUUID(lib)
}

// namesOf are queries by the names of some library drives, and by parts of them.
func namesOf(lib *Library) (queries []string) {
	for _, name := range material.Discriminating(lib, "name", 3) {
		queries = append(queries, material.FilterQuery("name", material.EscapeValue(name)), material.FilterQuery("name__contains", material.EscapeValue(name)))
	}
	for _, word := range material.NameParts(lib, 2) {
		queries = append(queries, material.FilterQuery("name__contains", word))
	}
	return queries
}

// expectOwnFiltered expects the lists of the account's drives, where it has any, to pick by a filter just those that match.
func expectOwnFiltered(lib *Library, filter string, beyondASCII bool, most int, relies ...string) {
	own := lib.OwnDrives(DrivesDetailPath)
	for i, t := range material.OwnTerms(own.Drives, filter, beyondASCII, most) {
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			about := "GET /" + path + " with " + t.Query()
			answers := []List{lib.ListAt(path, t.Query(), about)}
			if i == 0 && !beyondASCII {
				answers = append(answers, lib.ListAtAgain(1, path, t.Query(), about), lib.ListAtAgain(2, path, t.Query(), about))
			}
			if !beyondASCII {
				answers = append(answers, lib.ListAt(path, t.Query()+"&fields=uuid", about+" and fields=uuid"))
			}
			for _, list := range answers {
				lib.Expect(list).RelyingOn(append(relies, "PAGE-08")...).
					To(ListExactly(material.Matching(Unique(own.Drives), t), own, "the account's drives of "+t.String()), "a filter of the account's drives returns exactly those that match")
			}
		}
	}
	if beyondASCII {
		return
	}
	expectOwnCombined(lib, own, filter, relies...)
	for _, query := range material.OwnCombinations(own.Drives, filter) { // what filters do beside each other is told once
		var asked []string
		for _, t := range query {
			asked = append(asked, t.Query())
		}
		all := strings.Join(asked, "&")
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			lib.Expect(lib.ListAt(path, all, "GET /"+path+" with "+all)).RelyingOn(append(relies, "PAGE-08")...).
				To(ListExactly(material.Matching(Unique(own.Drives), query...), own, "the account's drives of "+all), "filters of the account's drives return exactly those that match all of them, and one of the values of each")
		}
	}
}

// expectOwnPaged expects the lists of the account's drives to page by the same rules under a filter: what two pages hold is just what
// matches, each once.
func expectOwnPaged(lib *Library) {
	const most = 4
	own := lib.OwnDrives(DrivesDetailPath)
	var uuids []string
	for _, drive := range Unique(own.Drives)[:min(most, len(Unique(own.Drives)))] {
		uuids = append(uuids, drive.UUID)
	}
	if len(uuids) < 2 {
		return
	}
	t := material.Where("uuid", uuids...)
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		pagesOf := func(nth int) (pages []Answer) {
			for _, offset := range []int{0, len(uuids) - 1} {
				query := fmt.Sprintf("%s&limit=%d&offset=%d", t.Query(), len(uuids)-1, offset)
				pages = append(pages, lib.Answer(Read{Path: path, Query: query, Nth: nth}).About("GET /"+path+" with "+query))
			}
			return pages
		}
		pages := pagesOf(0)
		walked := lib.EndToEnd("the pages of GET /"+path+" under "+t.Query(), pages)
		matching := ListExactly(material.Matching(Unique(own.Drives), t), own, "the account's drives of "+t.String())
		if walked.Pending || walked.Problem() != "" {
			lib.Usable(pages[0])
			lib.Usable(pages[1])
			continue
		}
		if same, err := matching.Match(walked); (!same || err != nil) && !keepOrder(lib, pages, pagesOf) {
			continue
		}
		lib.Expect(walked).RelyingOn("FILTER-08", "HIDE-01", "HIDE-02", "HIDE-03", "HIDE-05", "PAGE-08").To(matching, "under a filter, paging walks just the matching drives of the account")
	}
}

// keepOrder reports whether pages of a list of the account's name the same in the same order when they are asked for twice more: of a list
// that keeps no order, which none of the account's has to, two pages may hold the same drive. What comes and goes is noted.
func keepOrder(lib *Library, pages []Answer, pagesOf func(nth int) []Answer) bool {
	keep := true
	once, twice := pagesOf(1), pagesOf(2)
	for i, page := range pages {
		lib.ToldAlike([]string{"uuid"}, page, once[i], twice[i])
		for _, again := range []Answer{once[i], twice[i]} {
			if page.Pending() || again.Pending() || page.Problem() != "" || again.Problem() != "" {
				keep = false
				continue
			}
			same, err := ListSameDrives(page.AsList()).Match(again.AsList())
			keep = keep && same && err == nil
		}
	}
	return keep
}

// expectOwnCombined expects the lists of the account's drives to pick by several values of a filter just the drives that match one
// of them: by these alone, and between two other filters, with a field and a limit, as XML.
func expectOwnCombined(lib *Library, own List, filter string, relies ...string) {
	around := append(slices.Clone(relies), "FILTER-05", "FILTER-08", "FILTER-10", "FILTER-11", "FILTER-12", "PAGE-08", "FORMAT-02", "FORMAT-10", "FIELDS-01")
	const rule = "a filter of the account's drives takes each of its values exactly, whatever else is asked for"
	times := map[string]int{"uuid": 2} // again: names stand beside the uuids, and what comes and goes shows by the third time
	for i, t := range material.OwnCombined(own.Drives, filter) {
		expected := material.Matching(Unique(own.Drives), t)
		between := material.OwnBetween(own.Drives, t)
		amongThese := material.Matching(Unique(own.Drives), between...)
		for _, path := range []string{DrivesPath, DrivesDetailPath} {
			about := "GET /" + path + " with " + t.Query()
			lib.Expect(lib.ListAt(path, t.Query(), about)).RelyingOn(append(relies, "PAGE-08")...).To(ListExactly(expected, own, "the account's drives of "+t.String()), rule)
			if i > 0 || len(amongThese) == 0 {
				continue
			}
			read, about := inEveryWay(path, between, len(amongThese))
			for nth := range times[filter] + 1 {
				read.Nth = nth
				if inXML := lib.Answer(read).About(about); !inXML.Pending() {
					lib.Expect(inXML).RelyingOn(around...).To(NameInXML(amongThese, own.Exchange(), "the account's drives of "+named(between)), rule)
				}
			}
		}
	}
}

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
