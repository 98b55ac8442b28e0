package judge

import (
	"fmt"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// PageJudgedBy is the requirement that says that a page is answered with 200.
func PageJudgedBy(query string) string {
	switch {
	case query == "":
		return "LIST-01"
	case query == "limit=0":
		return "PAGE-03"
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
	var pages []Answer
	for _, page := range walkQueries(query, total) {
		answer := lib.Answer(evidence.Read{Path: path, Query: page}).About("the page " + PageName(page) + " of GET /" + path)
		if path == LibdrivesPath {
			answer = answer.AsPage()
		}
		pages = append(pages, answer)
	}
	return pages
}

// PageQueries are pages of every kind: by default, whole, the walk, and past the end.
func (lib *Library) PageQueries() []string {
	total := len(lib.List().Drives)
	queries := append([]string{"", "limit=0"}, walkQueries("", total)...)
	return append(queries, fmt.Sprintf("limit=20&offset=%d", total+1))
}

func PageName(query string) string {
	if query == "" {
		return "without limit and offset"
	}
	return strings.ReplaceAll(query, "&", " ")
}
