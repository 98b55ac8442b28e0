package suites

import (
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// List is a whole list, put together from as many answers as it took.
type List struct {
	lib     *Library
	name    string
	Drives  []Drive
	parts   []Answer
	pending bool
	answers string // the requirement that says that the list is answered with 200; empty where the spec judges that
}

// maxPages bounds how many further pages are asked for where limit=0 does not return everything: a total_count may lie.
const maxPages = 400

// Whole is the whole list at a path, under a query ("" or "os=linux"), named for the report: what limit=0 returns,
// and, where that is less than its total_count says, the pages after it. Where limit=0 is not answered soundly, the
// list is taken page by page.
func (lib *Library) Whole(path, query, name string) List {
	return List{lib: lib, name: name}.fill(path, query)
}

// fill asks for the list.
func (list List) fill(path, query string) List {
	first := list.take(evidence.Read{Path: path, Query: with(query, "limit=0")})
	if list.pending {
		return list
	}
	step := len(list.Drives)
	if first.problem() != "" || !first.isList() {
		const pageSize = 50
		if fallback := list.take(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=0", pageSize))}); fallback.Pending() || fallback.problem() != "" {
			return list
		}
		first, step = list.parts[1], len(list.Drives)
		list.parts = list.parts[1:] // the first one has no drives
	}
	total, counted := wholeNumber(first.totalCount())
	if !counted || step == 0 {
		return list
	}
	for offset, page := int64(step), 0; offset < total && page < maxPages; offset, page = offset+int64(step), page+1 {
		list.take(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=%d", step, offset))})
	}
	return list
}

// take adds the drives of one more answer.
func (list *List) take(read evidence.Read) Answer {
	answer := list.lib.Answer(read).about(list.name).answered(list.answers)
	if answer.Pending() {
		list.pending = true
		return answer
	}
	list.parts = append(list.parts, answer)
	if len(list.parts) == 1 {
		list.Drives = answer.drives()
		return answer
	}
	list.Drives = slices.Clip(list.Drives) // shared so far; what is appended is this list's own
	for _, drive := range answer.drives() {
		drive.Index = len(list.Drives)
		list.Drives = append(list.Drives, drive)
	}
	return answer
}

// drives are those that a list's answer holds; none where it is not sound.
func (a Answer) drives() []Drive {
	if a.Pending() || a.problem() != "" {
		return nil
	}
	return a.lib.parsed.objects(a.exchange)
}

// first is the answer that stands for the list in the report.
func (list List) first() Answer {
	if len(list.parts) == 0 {
		return Answer{lib: list.lib}
	}
	return list.parts[0]
}

// weakest is the first answer that did not come whole, which keeps the list from being judged, or else the first.
func (list List) weakest() Answer {
	if i := slices.IndexFunc(list.parts, func(part Answer) bool { return part.incomplete() != "" }); i >= 0 {
		return list.parts[i]
	}
	return list.first()
}

// exchange is the one that stands for the list in the report.
func (list List) exchange() *evidence.Exchange { return list.first().exchange }

// problem says why the list can't be looked into; empty where it can.
func (list List) problem() string {
	for _, part := range list.parts {
		if text := part.problem(); text != "" {
			return text
		}
		if !part.isList() {
			return fmt.Sprintf("GET %s answers without an array `objects`", part.exchange.Request.Path())
		}
	}
	return ""
}

// sound ends the spec unless the list can be looked into. It is blocked by the first of the requirements that fails, or
// fails itself where they all hold.
func (list List) sound(grounds ...string) List {
	if list.pending {
		panic(pendingSignal{})
	}
	if text := list.problem(); text != "" {
		list.lib.hinder(list.first(), text, grounds...)
		panic(blockSignal{})
	}
	return list
}

// index finds drives by uuid in long lists.
func (list List) index() map[string]Drive {
	drives := make(map[string]Drive, len(list.Drives))
	for _, drive := range list.Drives {
		drives[drive.UUID] = drive
	}
	return drives
}

func with(query, more string) string {
	if query == "" {
		return more
	}
	return query + "&" + more
}
