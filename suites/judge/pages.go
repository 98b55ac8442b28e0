package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// PageJudgedBy is the requirement that says that a page is answered with 200.
func PageJudgedBy(query string) string {
	switch {
	case query == "":
		return "LIST-01"
	case query == "limit=0":
		return "PAGE-03"
	case strings.HasPrefix(query, "limit=") && !strings.Contains(query, "&"):
		return "PAGE-01"
	case strings.HasPrefix(query, "limit=20&"):
		return "PAGE-07"
	}
	return "PAGE-02"
}

// PageSize cuts a list into about six pages, the last one ragged where that can be.
func PageSize(total int) int {
	size := max(1, (total+5)/6)
	if size > 2 && total%size == 0 {
		size--
	}
	return size
}

// walkQueries ask for a list of that many entries page by page.
func walkQueries(query string, total int) []string {
	var queries []string
	size := PageSize(total)
	for offset := 0; offset < total; offset += size {
		queries = append(queries, with(query, fmt.Sprintf("limit=%d&offset=%d", size, offset)))
	}
	return queries
}

// Walk is a list page by page.
func (lib *Library) Walk(path, query string, total int) []Answer {
	return lib.WalkOnceMore(path, query, total, 0)
}

// WalkOnceMore is the list page by page, asked for once more the nth time: 0 is the first.
func (lib *Library) WalkOnceMore(path, query string, total, nth int) []Answer {
	var pages []Answer
	for _, page := range walkQueries(query, total) {
		answer := lib.Answer(evidence.Read{Path: path, Query: page, Nth: nth}).About("the page " + PageName(page) + " of GET /" + path)
		if path == LibdrivesPath {
			answer = answer.AsPage()
		}
		pages = append(pages, answer)
	}
	return pages
}

// PageQueries are pages of every kind: by default, whole, the walk, of a large library a stretch at either end, and past the end.
func (lib *Library) PageQueries() []string {
	total := len(lib.List().Drives)
	walk := walkQueries("", total)
	if lib.Large() {
		lib.Covers("pages", 2*Stretch)
		walk = []string{fmt.Sprintf("limit=%d&offset=0", Stretch), fmt.Sprintf("limit=%d&offset=%d", Stretch, max(0, total-Stretch))}
	}
	queries := append([]string{"", "limit=0"}, walk...)
	return append(queries, fmt.Sprintf("limit=20&offset=%d", total+1))
}

// Miscounted are the answers of the run to whole lists of a path, without a filter and in JSON, whose total_count is not how many
// they list. An endpoint may count and list one after the other, and something may be made or deleted in between: so one such
// answer between two that agree with themselves is left out.
func (lib *Library) Miscounted(path string) []Answer {
	var wholes []Answer
	for _, a := range lib.Everything() {
		at, query, _ := lib.below(a.Exchange)
		told := Appearance{Query: query}
		limits, offset := query["limit"], query.Get("offset")
		asked := at == path && a.Exchange.Request.Method == http.MethodGet && len(limits) == 1 && limits[0] == "0" && strings.Trim(offset, "0") == ""
		if asked && !query.Has("fields") && !told.filtered() && a.Status() == http.StatusOK && a.Problem() == "" && a.isList() {
			wholes = append(wholes, a)
		}
	}
	slices.SortStableFunc(wholes, func(a, b Answer) int { return cmp.Compare(a.Exchange.Number, b.Exchange.Number) })
	wrong := make([]bool, len(wholes))
	for i, a := range wholes {
		total, counted := WholeNumber(a.TotalCount())
		wrong[i] = counted && total != int64(len(a.Drives())) // that there is a count is for PAGE-04 to say
	}
	var miscounted []Answer
	for i, a := range wholes {
		if wrong[i] && (i > 0 && wrong[i-1] || i+1 < len(wrong) && wrong[i+1]) {
			miscounted = append(miscounted, a)
		}
	}
	return miscounted
}

// ExpectCounted asserts that no whole list of a path miscounts itself, whoever asked for it and when. The first that does is the
// finding.
func (lib *Library) ExpectCounted(path, rule string, relying ...string) {
	for _, a := range lib.Miscounted(path) {
		if !lib.Expect(a).RelyingOn(relying...).To(HaveMeta("total_count", len(a.Drives())), rule) {
			return
		}
	}
}

func PageName(query string) string {
	if query == "" {
		return "without limit and offset"
	}
	return strings.ReplaceAll(query, "&", " ")
}

// Page is a page of the list, by its query. That it is answered is for PageJudgedBy to say.
func (lib *Library) Page(query string) Answer {
	return lib.Answer(Read{Path: LibdrivesPath, Query: query}).About("the page " + PageName(query)).AnsweredBy(PageJudgedBy(query)).AsPage()
}

// DetailPage is a page of the detail list. That it is answered is for DETAIL-01 to say.
func (lib *Library) DetailPage(query string) Answer {
	return lib.Answer(Read{Path: LibdrivesDetailPath, Query: query}).About("the page " + PageName(query) + " of the detail list").AnsweredBy("DETAIL-01")
}

// HaveMetaOf matches a page that has the meta of another. What meta says beside what is documented may be an address, which
// differs.
func HaveMetaOf(other Answer) types.GomegaMatcher {
	meta := DriveOf(other.at("meta"), other.Exchange)
	return HaveJSON("meta", EqualFields(meta, "this list", other.name(), "limit", "offset", "total_count"))
}

// EndToEnd is the list that pages make which are laid end to end, named for the report. Of no page at all there is nothing
// to be judged.
func (lib *Library) EndToEnd(name string, pages []Answer) List {
	list := List{Lib: lib, Name: name, Parts: pages, Pending: len(pages) == 0}
	for _, page := range pages {
		list.Pending = list.Pending || page.Pending()
		list.Drives = append(list.Drives, page.Drives()...)
	}
	return list
}

// Number is the whole number at a path of an answer, at least least. Where there is none, the spec is blocked by the
// requirement that says that there is.
func (lib *Library) Number(a Answer, path string, least int64, by string) int64 {
	lib.Require(a)
	value := a.at(path)
	n, whole := WholeNumber(value)
	if !whole || n < least {
		lib.Block(by, "%s of %s is %s", path, a.name(), Show(value))
		lib.stop()
	}
	return n
}

// HaveMeta matches a page whose meta has the number.
func HaveMeta(name string, number int) types.GomegaMatcher {
	return HaveJSON("meta."+name, BeNumber(int64(number)))
}

// HoldAtMost matches a page of so many drives, or fewer.
func HoldAtMost(most int) types.GomegaMatcher {
	return match{
		at:       listCount,
		expected: "at most " + Amount(most),
		holds:    func(count gjson.Result) bool { return int(count.Int()) <= most },
		found:    func(count gjson.Result) string { return Amount(int(count.Int())) },
	}
}
