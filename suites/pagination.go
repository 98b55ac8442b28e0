package suites

import (
	"fmt"

	. "github.com/libdrives/conformance/suites/judge"
)

// Pagination: limit and offset cut pages out of a list, and meta says which and of how many.
func pagination(s *Suite) {
	page := func(lib *Library, query string) Answer {
		return lib.Answer(Read{Path: LibdrivesPath, Query: query}).About("the page " + PageName(query)).AsPage()
	}

	const orderLost = "the list does not keep its order between two requests"

	s.Requirement("PAGE-01", func(lib *Library) {
		total := len(lib.List().Drives)
		for _, limit := range []int{1, 2, PageSize(total), total + 10} {
			answer := page(lib, fmt.Sprintf("limit=%d", limit))
			lib.Expect(answer).To(BeAList(), "a page can be asked for")
			if answer.Pending() || answer.Problem() != "" {
				continue
			}
			n := len(answer.Drives())
			lib.Expect(answer).To(BeTrue(n <= limit, fmt.Sprintf("at most %s", Amount(limit)), Amount(n)), "a page holds at most as many drives as its limit")
			lib.Expect(answer).To(HaveJSON("meta.limit", BeNumber(int64(limit))), "meta.limit echoes the limit")
		}
	})

	s.Requirement("PAGE-02", func(lib *Library) {
		whole := lib.List()
		total := len(whole.Drives)
		var laid []Drive
		pages := lib.Walk(LibdrivesPath, "", total)
		for i, answer := range pages {
			if answer.Pending() {
				return
			}
			lib.Expect(answer).To(HaveJSON("meta.offset", BeNumber(int64(i*PageSize(total)))), "meta.offset echoes the offset")
			laid = append(laid, answer.Drives()...)
		}
		if len(pages) > 0 {
			end := List{Lib: lib, Name: "the pages laid end to end", Drives: laid, Parts: pages}
			lib.Expect(end).Naming("LIST-07", orderLost).To(ListSameDrives(whole), "pages laid end to end are the whole list")
		}
		for _, offset := range borders(total) {
			answer := page(lib, fmt.Sprintf("limit=1&offset=%d", offset))
			lib.Expect(answer).Naming("LIST-07", orderLost).To(ListInOrder(whole.Drives[offset:offset+1], whole, fmt.Sprintf("the drive at index %d of the list", offset)), "offset is the index of the first drive returned")
			lib.Expect(answer).To(HaveJSON("meta.offset", BeNumber(int64(offset))), "meta.offset echoes the offset")
		}
	})

	s.Requirement("PAGE-03", func(lib *Library) {
		lib.Whole(LibdrivesPath, "", "the list").Readable("LIST-01", "LIST-02")
		answer := page(lib, "limit=0")
		lib.Expect(answer).To(BeAList(), "limit=0 is answered")
		if answer.Pending() || answer.Problem() != "" {
			return
		}
		n := len(answer.Drives())
		lib.Expect(answer).To(HaveJSON("meta.total_count", BeNumber(int64(n))), "limit=0 returns as many drives as total_count says")
	})

	s.Requirement("PAGE-04", func(lib *Library) {
		lib.List()
		queries := append([]string{"limit=1"}, lib.PageQueries()...)
		for _, query := range queries {
			answer := page(lib, query).AnsweredBy(PageJudgedBy(query))
			for _, number := range []string{"limit", "offset", "total_count"} {
				lib.Expect(answer).To(HaveJSON("meta."+number, BeWhole(0)), "meta."+number+" is a whole number, not negative")
			}
		}
	})

	s.Requirement("PAGE-05", func(lib *Library) {
		lib.List()
		first := page(lib, "").AnsweredBy("LIST-01")
		if !lib.Usable(first) {
			return
		}
		count, whole := WholeNumber(first.JSON().Get("meta.total_count"))
		if !whole {
			lib.Block("PAGE-04", "meta.total_count of the first page is no whole number")
			return
		}
		for _, query := range append([]string{"limit=1"}, lib.PageQueries()...) {
			lib.Expect(page(lib, query).AnsweredBy(PageJudgedBy(query))).RelyingOn("PAGE-04").To(SameCount(count, first), "total_count is the same on every page")
		}
	})

	s.Requirement("PAGE-06", func(lib *Library) {
		whole := lib.List()
		published := lib.Answer(Get(LibdrivesSchemaPath)).About("the published schema").JudgedBy("SCHEMA-01")
		lib.Require(published)
		limit, isWhole := WholeNumber(published.JSON().Get("default_limit"))
		if !isWhole || limit < 1 {
			lib.Block("SCHEMA-05", "the published default_limit is %s", Show(published.JSON().Get("default_limit")))
			return
		}
		first := page(lib, "").AnsweredBy("LIST-01")
		if first.Pending() {
			return
		}
		end := min(limit, int64(len(whole.Drives)))
		firstOnes := ListInOrder(whole.Drives[:end], whole, fmt.Sprintf("the first %s of the list, by the published default_limit %d", Amount(int(end)), limit))
		if inOrder, err := firstOnes.Match(first); !inOrder && err == nil && lib.Fails("LIST-07") {
			firstOnes = HaveJSON("objects.#", BeNumber(end)) // which ones they are is chance
		}
		lib.Expect(first).To(firstOnes, "without a limit, the published default_limit applies")
		lib.Expect(first).To(HaveJSON("meta.limit", BeNumber(limit)), "without a limit, meta.limit is the published default_limit")
	})

	s.Requirement("PAGE-07", func(lib *Library) {
		whole := lib.List()
		total := len(whole.Drives)
		for _, offset := range []int{total, total + 1, total + 1000} {
			if offset == 0 {
				continue // an empty library has no end to go past
			}
			lib.Expect(page(lib, fmt.Sprintf("limit=20&offset=%d", offset))).Comparing(whole).To(ListNothing(), "past the end there is nothing, and that is no error")
		}
	})
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
