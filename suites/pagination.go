package suites

import (
	"fmt"
	"net/url"
	"slices"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
)

// Pagination: limit and offset cut pages out of a list, and meta says which and of how many.
func pagination(s *Suite) {
	const orderLost = "the list does not keep its order between two requests"

	s.Requirement("PAGE-01", func(lib *Library) {
		total := len(lib.List().Drives)
		limits := []int{1, 2, PageSize(total), total + 10}
		if lib.Large() {
			limits = []int{1, 2, Stretch} // PAGE-02 has longer ones, and PAGE-09 one that all fit in
		}
		for _, limit := range limits {
			page := lib.Page(fmt.Sprintf("limit=%d", limit))
			if lib.Expect(page).To(BeAList(), "a page can be asked for") {
				lib.Expect(page).To(HoldAtMost(limit), "a page holds at most as many drives as its limit")
				lib.Expect(page).To(HaveMeta("limit", limit), "meta.limit echoes the limit")
			}
		}
		lib.ExpectLimits(LibdrivesPath, WithoutFilters, "a page holds at most as many drives as its limit, which meta.limit echoes, in every answer of the run", "LIST-02", "PAGE-04", "PAGE-03")
	})

	s.Requirement("PAGE-02", func(lib *Library) {
		whole := lib.List()
		pages := lib.Walk(LibdrivesPath, "", len(whole.Drives))
		for i, page := range pages {
			lib.Expect(page).To(HaveMeta("offset", i*PageSize(len(whole.Drives))), "meta.offset echoes the offset")
		}
		lib.Expect(lib.EndToEnd("the pages laid end to end", pages)).Naming("LIST-07", orderLost).To(ListSameDrives(whole), "pages laid end to end are the whole list")
		for _, offset := range borders(len(whole.Drives)) {
			page := lib.Page(fmt.Sprintf("limit=1&offset=%d", offset))
			lib.Expect(page).Naming("LIST-07", orderLost).To(ListInOrder(whole.Drives[offset:offset+1], whole, fmt.Sprintf("the drive at index %d of the list", offset)), "offset is the index of the first drive returned")
			lib.Expect(page).To(HaveMeta("offset", offset), "meta.offset echoes the offset")
		}
		expectUneven(lib, LibdrivesPath, whole, "LIST-07", "FIELDS-01", "FIELDS-02", "PAGE-01")
		lib.ExpectOffsets(LibdrivesPath, WithoutFilters, "meta.offset echoes the offset in every answer of the run", "LIST-02", "PAGE-04")
		lib.ExpectPlacedAlike(LibdrivesPath, whole, "the library is the same list whoever asks for it and in which format: an answer holds the drives that stand at its places", append(changers(lib), "LIST-07", "LIST-05", "PAGE-01", "PAGE-03", "PAGE-09", "PAGE-05")...)
		told := lib.Taken().ListedAt(LibdrivesPath).Plainly().OnPages()
		lib.Everywhere(told, lib.AgreeWith(whole), "a drive on a page, of all drives or of those that a filter picks, is as in the whole list", "GET-03")
	})

	s.Requirement("PAGE-03", func(lib *Library) {
		lib.ListAt(LibdrivesPath, "", "the list").Readable("LIST-01", "LIST-02")
		page := lib.Page("limit=0")
		if lib.Expect(page).To(BeAList(), "limit=0 is answered") {
			lib.Expect(page).To(HaveMeta("total_count", len(page.Drives())), "limit=0 returns as many drives as total_count says")
		}
		lib.ExpectCounted(LibdrivesPath, "limit=0 returns as many drives as total_count says, in every answer of the run")
	})

	s.Requirement("PAGE-04", func(lib *Library) {
		for _, query := range append([]string{"limit=1"}, lib.PageQueries()...) {
			for _, number := range []string{"limit", "offset", "total_count"} {
				lib.Expect(lib.Page(query)).To(HaveJSON("meta."+number, BeWhole(0)), "meta."+number+" is a whole number, not negative")
			}
		}
		lib.ExpectNumbers(LibdrivesPath, "meta holds whole numbers, not negative, in every answer of the run that lists drives", "LIST-02")
	})

	s.Requirement("PAGE-05", func(lib *Library) {
		queries := append([]string{"limit=1"}, lib.PageQueries()...)
		first := lib.Page("")
		count := lib.Number(first, "meta.total_count", 0, "PAGE-04")
		for _, query := range queries {
			lib.Expect(lib.Page(query)).RelyingOn("PAGE-04").To(SameCount(count, first), "total_count is the same on every page")
		}
		lib.ExpectCountedAlike(LibdrivesPath, first, "total_count is the same in every answer of the run that lists the library, whoever asks and in which format", append(changers(lib), "PAGE-03", "PAGE-04", "FIELDS-03", "LIST-05", "LIST-07")...)
		lib.ExpectFull(LibdrivesPath, WithoutFilters, "a page holds as many drives as its limit and total_count leave, in every answer of the run",
			"PAGE-01", "PAGE-02", "PAGE-03", "PAGE-04", "PAGE-06", "PAGE-07", "PAGE-09", "LIST-05", "LIST-07", "FIELDS-03")
	})

	s.Requirement("PAGE-06", func(lib *Library) {
		whole := lib.List()
		limit := int(lib.Number(lib.PublishedSchema(), "default_limit", 1, "SCHEMA-05"))
		page, first := lib.Page(""), whole.Drives[:min(limit, len(whole.Drives))]
		lib.Expect(page).WithoutOrder(HaveJSON("objects.#", BeNumber(int64(len(first))))).To(ListInOrder(first, whole, fmt.Sprintf("the first %s of the list, by the published default_limit %d", Amount(len(first)), limit)), "without a limit, the published default_limit applies")
		lib.Expect(page).To(HaveMeta("limit", limit), "without a limit, meta.limit is the published default_limit")
		lib.ExpectDefaultLimit(LibdrivesPath, limit, "without a limit, meta.limit is the published default_limit, in every answer of the run", "LIST-02", "PAGE-04")
	})

	s.Requirement("PAGE-07", func(lib *Library) {
		whole := lib.List()
		total := len(whole.Drives)
		for _, offset := range []int{total, total + 1, total + 1000} {
			if offset > 0 { // an empty library has no end to go past
				lib.Expect(lib.Page(fmt.Sprintf("limit=20&offset=%d", offset))).RelyingOn("PAGE-02").Comparing(whole).To(ListNothing(), "past the end there is nothing, and that is no error")
			}
		}
	})
	furtherPagination(s)
}

// furtherPagination is about lists that page by the same rules, and about limits and offsets that not everybody tries.
func furtherPagination(s *Suite) {
	s.Requirement("PAGE-08", func(lib *Library) {
		pagesAlike(lib, LicensesPath, "LIC-03")
		pagesAlike(lib, DrivesPath, "", "HIDE-01", "HIDE-05")
		pagesAlike(lib, DrivesDetailPath, "", "HIDE-02", "HIDE-05")
		pagesAlike(lib, ServersPath, "")
		for _, path := range []string{LicensesPath, DrivesPath, DrivesDetailPath, ServersPath} {
			lib.ExpectNumbers(path, "meta holds whole numbers, not negative, in every answer of the run that is such a list")
			lib.ExpectObjects(path, "a list holds objects alone, in every answer of the run", "HIDE-01", "HIDE-02", "OWNER-06")
			lib.ExpectLimits(path, Anyhow, "a page holds at most as many as its limit, which meta.limit echoes, in every answer of the run")
			lib.ExpectOffsets(path, Anyhow, "meta.offset echoes the offset in every answer of the run")
			lib.ExpectOneDefault(path, "without a limit the same one applies, whatever the offset, whoever asks and in which format")
		}
		lib.ExpectFull(LicensesPath, WithoutFilters, "a page holds as many as its limit and total_count leave, in every answer of the run")
		for _, path := range []string{LicensesPath, DrivesPath, DrivesDetailPath, ServersPath} {
			lib.ExpectCounted(path, "limit=0 returns as many as total_count says, in every answer of the run")
		}
		alikeForAll(lib)
		lib.ExpectOwnCounted(WithoutFilters, "a list of the account's drives or servers holds as many as its limit and total_count leave, in every answer of the run to a read", "HIDE-01", "HIDE-02", "HIDE-05")
		lib.Everywhere(lib.Appearances().Under(DrivesPath).ByGet().InLists().Twice(), BeToldOnce(), "no list of drives, filtered or not, names one twice")
		ownDefined(lib)
	})

	s.Requirement("PAGE-09", func(lib *Library) {
		whole := lib.List()
		total := len(whole.Drives)
		limits := []int{total, total + 1}
		if lib.Large() {
			limits = limits[:1]
		}
		for _, limit := range limits {
			if limit > 0 { // a limit of 0 is another matter
				lib.Expect(lib.Page(fmt.Sprintf("limit=%d", limit))).RelyingOn("PAGE-01").
					To(ListSameDrives(whole), "a limit that is the number of drives, or one more, returns them all")
			}
		}
		for _, offset := range borders(total) {
			page := lib.Page(fmt.Sprintf("offset=%d", offset))
			if page.Pending() || !lib.Usable(page) {
				continue
			}
			due := whole.Drives[offset:min(offset+max(1, len(page.Drives())), total)]
			lib.Expect(page).RelyingOn("PAGE-02").WithoutOrder(BeAList()).
				To(ListInOrder(due, whole, fmt.Sprintf("the drives from index %d of the list", offset)), "an offset without a limit is applied")
			lib.Expect(page).RelyingOn("PAGE-02").To(HaveMeta("offset", offset), "without a limit, meta.offset echoes the offset")
		}
	})
}

// pagesAlike expects a list that is none of the library's to page by the rules of those. Others may make and delete what it
// lists at any time: what stands on which page is judged only where the list names the same before and after.
func pagesAlike(lib *Library, path, answered string, relies ...string) {
	before := lib.Answer(Read{Path: path, Query: "limit=0"}).About("GET /" + path + " before").AnsweredBy(answered)
	if before.Pending() {
		return
	}
	if !lib.Expect(before).To(BeAList(), "limit=0 is answered") {
		return
	}
	there := before.Named()
	once := BeListedOnceIn(there)
	for _, entry := range Unique(there.Drives) {
		lib.Expect(entry).To(once, "the list names nothing twice")
	}
	lib.Expect(before).To(HaveMeta("total_count", len(there.Drives)), "limit=0 returns as many as total_count says")
	for _, limit := range []int{1, 2} {
		page := lib.Answer(Read{Path: path, Query: fmt.Sprintf("limit=%d", limit)}).About(fmt.Sprintf("the page limit=%d of GET /%s", limit, path)).AnsweredBy(answered)
		lib.Expect(page).To(HoldAtMost(limit), "a page holds at most as many as its limit")
		lib.Expect(page).To(HaveMeta("limit", limit), "meta.limit echoes the limit")
	}
	total := len(there.Drives)
	cut := cutUp(lib, path, answered, total, 0)
	pages, walked, last, rest := cut.pages, cut.walked, cut.last, cut.rest
	if total > 1 {
		lib.Expect(last).To(HaveMeta("limit", total), "meta.limit echoes the limit, where there are fewer left too")
		lib.Expect(rest).To(HaveMeta("offset", 1), "without a limit, meta.offset echoes the offset")
	}
	for i, page := range pages {
		lib.Expect(page).To(HaveMeta("offset", i*PageSize(total)), "meta.offset echoes the offset")
	}
	if walked.Pending {
		return // asked for after the pages
	}
	if path == LicensesPath {
		for licence, entry := range walked.Named().Shared(there) {
			lib.Expect(licence).RelyingOn(append(relies, "LIC-03")...).To(EqualFields(entry, "a page", "GET /"+path, ofLicences[:]...), "a page tells each licence as the whole list does")
		}
	}
	after := lib.Answer(Read{Path: path, Query: "limit=0"}.Again()).About("GET /" + path + " after").AnsweredBy(answered)
	// A list that comes in another order each time may come in the first one again by chance, but hardly twice in a row.
	still := lib.Answer(Read{Path: path, Query: "limit=0"}.Again().Again()).About("GET /" + path + " once more").AnsweredBy(answered)
	lib.ToldAlike(tellingOf(path), before, after, still)
	plainly := lib.Answer(Read{Path: path}).About("GET /" + path).AnsweredBy(answered)
	for _, again := range []Answer{after, still} {
		if same, err := ListSameDrives(there).Match(again.Named()); again.Pending() || !same || err != nil {
			return
		}
	}
	if total > 1 {
		var same []Answer
		for nth := range 3 { // pages that come and go show by the third time
			same = append(same, lib.Answer(Read{Path: path, Query: "limit=2&offset=1", Nth: nth}).About("the page limit=2 offset=1 of GET /"+path).AnsweredBy(answered))
		}
		lib.ToldAlike(tellingOf(path), same...)
	}
	if !cut.isOf(there) && !cut.isWrongAgain(lib, path, answered, there) {
		return
	}
	byOthers := path != LicensesPath && !countMore(append([]Answer{plainly}, pages...), total)
	if !byOthers || !countMore([]Answer{plainly}, total) {
		lib.Expect(plainly).RelyingOn(relies...).To(SameCount(int64(total), before), "total_count is the same without a limit")
	}
	if counts(last, total) {
		lib.Expect(last.Named()).RelyingOn(relies...).To(ListInOrder(there.Drives[total-1:], there, "the last of the list"), "offset is the index of the first that is returned")
	}
	if n := len(rest.Drives()); counts(rest, total) && n > 0 && n < total {
		lib.Expect(rest.Named()).RelyingOn(relies...).To(ListInOrder(there.Drives[1:n+1], there, "the list from its second entry on"), "an offset without a limit is applied")
	} else if counts(rest, total) {
		lib.Expect(rest).RelyingOn(relies...).Comparing(before).To(HaveJSON("objects.#", BeBetween(1, int64(total-1))), "an offset without a limit is applied")
	}
	if path == DrivesPath || path == DrivesDetailPath {
		expectUneven(lib, path, there, append(relies, "FIELDS-01")...)
		expectUnevenInXML(lib, path, there, append(relies, "FORMAT-02", "FORMAT-10")...)
	}
	for _, page := range pages {
		if !byOthers || !countMore([]Answer{page}, total) {
			lib.Expect(page).RelyingOn(relies...).To(SameCount(int64(total), before), "total_count is the same on every page")
		}
	}
	lib.Expect(walked.Named()).RelyingOn(relies...).To(ListSameDrives(there), "pages laid end to end are the whole list")
}

// cutList is a list that is asked for in pieces: its pages, its last entry by a limit that goes past the end, and what follows the first
// by an offset alone. A list of one entry has only its page.
type cutList struct {
	pages      []Answer
	walked     List // the pages laid end to end
	last, rest Answer
}

// cutUp is a list of so many in pieces; nth is 0 for the first time that it is asked for, 1 for the second.
func cutUp(lib *Library, path, answered string, total, nth int) cutList {
	cut := cutList{pages: lib.WalkOnceMore(path, "", total, nth)}
	cut.walked = lib.EndToEnd("the pages of GET /"+path+" laid end to end", cut.pages)
	if total > 1 {
		cut.last = lib.Answer(Read{Path: path, Query: fmt.Sprintf("limit=%d&offset=%d", total, total-1), Nth: nth}).About("the last page of GET /" + path).AnsweredBy(answered)
		cut.rest = lib.Answer(Read{Path: path, Query: "offset=1", Nth: nth}).About("GET /" + path + " with offset=1").AnsweredBy(answered)
	}
	return cut
}

// isOf reports whether the pieces hold what stands at their places in the whole list.
func (cut cutList) isOf(there List) bool {
	is := func(part List, drives []Drive) bool {
		same, err := ListInOrder(drives, there, there.Name).Match(part)
		return same && err == nil
	}
	total := len(there.Drives)
	if total > 1 {
		due := there.Drives[1:min(total, 1+max(1, len(cut.rest.Drives())))]
		if !is(cut.last.Named(), there.Drives[total-1:]) || !is(cut.rest.Named(), due) {
			return false
		}
	}
	return is(cut.walked.Named(), there.Drives)
}

// isWrongAgain reports whether pieces that are not those of the list are not when they are asked for once more, the list being the same
// after it. Somebody may have made an entry and deleted it while the pieces were asked for: then the list is the same before and after,
// and what stood on the pages was another. What comes and goes is noted. It is false, too, where that is not known: the pieces have not come,
// or the list is another by now.
func (cut cutList) isWrongAgain(lib *Library, path, answered string, there List) bool {
	again := cutUp(lib, path, answered, len(there.Drives), 1)
	yet := lib.Answer(Read{Path: path, Query: "limit=0", Nth: 3}).About("GET /" + path + " after the pages were asked for once more").AnsweredBy(answered)
	if again.walked.Pending || yet.Pending() {
		return false
	}
	if same, err := ListSameDrives(there).Match(yet.Named()); !same || err != nil {
		return false
	}
	if !again.isOf(there) {
		return true
	}
	for i, page := range append(cut.pages, cut.last, cut.rest) {
		lib.ToldAlike(tellingOf(path), page, append(again.pages, again.last, again.rest)[i])
	}
	return false
}

// tellingOf are the fields by which the entries of a list are told apart.
func tellingOf(path string) []string {
	if path == LicensesPath {
		return ofLicences[:]
	}
	return []string{"uuid"}
}

// alikeForAll expects the licences and the account's own drives to be listed alike by every login and in every format.
func alikeForAll(lib *Library) {
	for _, path := range []string{LicensesPath, DrivesPath, DrivesDetailPath} { // nobody else asks for them so
		lib.Answer(Get(path).By(ByDigest))
		lib.Answer(Read{Path: path, Query: "format=json"}.With("Accept", TypeXML))
	}
	eachListed(lib)
	inManyFields(lib)
	const counted = "total_count is the same in every answer of the run that lists the licences, whoever asks and in which format"
	whole := lib.ListAt(LicensesPath, "", "the list of licences")
	if whole.Pending || whole.Problem() != "" {
		return // that they are listed is for LIC-03 to say
	}
	lib.ExpectCountedAlike(LicensesPath, whole.First(), counted, "LIC-03")
	lib.ExpectLicencesAlike(whole, ofLicences[:], "a list of licences that says that it is whole tells the same ones, whoever asks and in which format", "LIC-03", "LIC-16")
	for _, own := range material.TellingOwn(lib, 2) {
		single := lib.Answer(Get(DrivesPath+url.PathEscape(own.UUID)+"/")).AboutA("drive", own.UUID, "of the account")
		if !single.Pending() && single.Status() == 200 { // somebody may have deleted it
			lib.Expect(single).RelyingOn("FORMAT-09").To(HaveJSON("uuid", BeText(own.UUID)), "a drive of the account's is answered by its uuid, as the detail list tells it")
		}
	}
	lib.ExpectOwnToldAlike(lib.OwnDrives(DrivesDetailPath), "a drive of the account's is told alike by the detail list, by every other list that it is in, and by itself", "HIDE-01", "HIDE-02", "OWNER-06")
	toldOfEach(lib)
	lib.ExpectOwnListed("a list of the account's drives that says that it is whole holds those that were there before and after, whoever asks and in which format", "LIST-02", "HIDE-01", "HIDE-02")
}

// toldOfEach expects a list of the account's drives, whichever part of it, to tell of each what the whole list tells of all, as far as
// that is documented of it. Of a drive that something is being done to, less may be known.
func toldOfEach(lib *Library) {
	library := lib.List().Index()
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		whole := lib.ListAt(path, "", "GET /"+path)
		if whole.Pending || whole.Problem() != "" || len(whole.Drives) == 0 {
			continue
		}
		fields := slices.DeleteFunc([]string{"uuid", "resource_uri", "name", "owner", "status", "media", "size", "licenses"}, func(field string) bool {
			return slices.ContainsFunc(whole.Drives, func(drive Drive) bool { return !drive.Field(field).Exists() })
		})
		told := lib.Taken().ListedAt(path).Plainly().NotOf(library).NotUnderWay()
		lib.Everywhere(told, HoldAll(fields...), "without chosen fields, every part of a list of the account's drives tells of each the fields that the whole list tells of all", "HIDE-01", "HIDE-02", "OWNER-06", "FORMAT-09")
	}
}

// eachListed expects the account's drives to be listed each where just their owner is asked for, which they share, and the licences.
func eachListed(lib *Library) {
	lib.Answer(Read{Path: LicensesPath, Query: "fields=type&limit=0"}) // that it is full is told of every answer
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		read, _ := allAlike(path, "owner", false, 0)
		alike := lib.Answer(read).About("GET /" + read.Target())
		if total, counted := WholeNumber(alike.TotalCount()); counted && !alike.Pending() && alike.Problem() == "" {
			lib.Expect(alike).RelyingOn("HIDE-01", "HIDE-02", "HIDE-05", "FIELDS-01").To(HaveJSON("objects.#", BeNumber(total)), "the account's drives are each listed where just their owner is asked for")
		}
	}
}

// inManyFields asks the account's drives for most of their fields, whole and by page, in JSON and in XML: the plain list tells few by
// itself. What these answers tell is judged where every answer is.
func inManyFields(lib *Library) {
	const fields = "fields=uuid,resource_uri,owner,name,media,size,status,licenses,meta,mounted_on,tags,affinities,allow_multimount,storage_type"
	whole := Read{Path: DrivesPath, Query: "limit=0&" + fields}
	for _, read := range []Read{
		whole, whole.With("Accept", TypeXML), {Path: DrivesPath, Query: "limit=3&offset=1&" + fields}, {Path: DrivesDetailPath, Query: "limit=3&offset=1&" + fields},
	} {
		lib.Answer(read)
	}
}

// ofLicences are the fields of a licence in GET /licenses/.
var ofLicences = [...]string{"burstable", "long_name", "name", "resource_uri", "type", "user_metric"}

// countMore reports whether all of the answers count more than there are. Of the account's own lists one that does may be of a moment at
// which somebody had made one more.
func countMore(answers []Answer, than int) bool {
	return !slices.ContainsFunc(answers, func(a Answer) bool {
		n, whole := WholeNumber(a.TotalCount())
		return !whole || n <= int64(than)
	})
}

// counts reports whether a page is of a list of so many. Where it is not, somebody made or deleted something meanwhile.
func counts(page Answer, total int) bool {
	n, whole := WholeNumber(page.TotalCount())
	return whole && total > 1 && n == int64(total)
}

// uneven is a query for the last page by an offset that is no multiple of its limit, so that it is full to its last place; empty where
// the list is too short.
func uneven(total int) (query string, offset int) {
	for limit := 2; limit < total; limit++ {
		if total%limit != 0 {
			return fmt.Sprintf("limit=%d&offset=%d", limit, total-limit), total - limit
		}
	}
	return "", 0
}

// expectUneven expects such a page to hold the last drives of the list, with fields too.
func expectUneven(lib *Library, path string, whole List, relies ...string) {
	const rule = "offset is the index of the first drive that is returned, whatever the limit"
	total := len(whole.Drives)
	query, offset := uneven(total)
	if query == "" {
		return
	}
	page := lib.Answer(Read{Path: path, Query: query}).About("the page " + PageName(query) + " of GET /" + path)
	for nth := range 3 { // of which it is told that just these are there; what leaves some out now and then shows by the third time
		lib.Answer(Read{Path: path, Query: "fields=name,size,owner,licenses&limit=2&offset=1", Nth: nth})
	}
	if !lib.Large() {
		lib.Answer(Read{Path: path, Query: "fields=name,size,owner,licenses&limit=0"})
	}
	const fields = "fields=uuid,name"
	chosen := lib.ListAt(path, fields, "GET /"+path+" with "+fields)
	part := lib.Answer(Read{Path: path, Query: fields + "&" + query}).About("the page " + PageName(query) + " of GET /" + path + " with " + fields)
	if !chosen.Pending && !part.Pending() && chosen.Problem() == "" && part.Problem() == "" && len(chosen.Drives) == total && counts(part, total) {
		lib.Expect(part).RelyingOn(relies...).To(ListInOrder(chosen.Drives[offset:], chosen, "the last of the list with "+fields), rule+", with fields too")
	}
	if !page.Pending() && counts(page, total) {
		lib.Expect(page.Named()).RelyingOn(relies...).To(ListInOrder(whole.Drives[offset:], whole, "the last of the list"), rule)
	}
}

// expectUnevenInXML expects such a page as XML to tell the last drives of the list.
func expectUnevenInXML(lib *Library, path string, whole List, relies ...string) {
	query, offset := uneven(len(whole.Drives))
	if query == "" {
		return
	}
	page := lib.Answer(Read{Path: path, Query: query}).About("the page " + PageName(query) + " of GET /" + path)
	inXML := lib.Answer(Read{Path: path, Query: query}.With("Accept", TypeXML)).About("the page " + PageName(query) + " of GET /" + path + " as XML")
	if !page.Pending() && !inXML.Pending() && counts(page, len(whole.Drives)) {
		lib.Expect(inXML).RelyingOn(relies...).To(NameInXML(whole.Drives[offset:], whole.Exchange(), "the last of the list"), "a page as XML tells the drives of its part of the list")
	}
}

// borders are the offsets at which an off-by-one shows: the first drive, those around the default page, the last one.
func borders(total int) []int {
	var offsets []int
	seen := map[int]bool{}
	for _, offset := range []int{0, 1, 19, 20, 21, total - 2, total - 1} {
		if offset >= 0 && offset < total && !seen[offset] {
			seen[offset] = true
			offsets = append(offsets, offset)
		}
	}
	return offsets
}
