package suites

import (
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/collect"
	"github.com/libdrives/conformance/suites/evidence"
)

// List is a whole list, put together from as many answers as it took.
type List struct {
	lib      *Library
	name     string
	Drives   []Drive
	parts    []Answer
	pending  bool
	unending string // why it was not asked for to its end; empty where it was
	answers  string // the requirement that says that the list is answered with 200; empty where the spec judges that
}

// The bounds of what is asked for where limit=0 does not return everything. A total_count may lie, so what is asked for
// follows from the drives that really came: twice as many pages as before only where each of those showed something new.
const (
	maxPages    = 400     // further pages of one list
	pagesAtOnce = 32      // pages that are asked for side by side
	mostCounted = 100_000 // a total_count above this is no reason to ask for anything
)

// Whole is the whole list at a path, under a query ("" or "os=linux"), named for the report: what limit=0 returns,
// and, where that is less than its total_count says, the pages after it, until one brings nothing new. Where limit=0 is
// not answered soundly, the list is taken page by page.
func (lib *Library) Whole(path, query, name string) List {
	return List{lib: lib, name: name}.fill(path, query)
}

// fill asks for the list. Once all of it is answered it is put together for all who look at it.
func (list List) fill(path, query string) List {
	key := fmt.Sprintf("the list %s?%s at take %d", path, query, list.lib.take)
	if known, done := list.lib.memo[key].(List); done {
		list.Drives, list.unending, list.parts = known.Drives, known.unending, make([]Answer, len(known.parts))
		for i, part := range known.parts {
			list.parts[i] = list.ask(part.read)
		}
		return list
	}
	list = list.gather(path, query)
	if !list.pending {
		list.lib.memo[key] = list
	}
	return list
}

// gather asks for the list, answer by answer.
func (list List) gather(path, query string) List {
	first := list.take(collect.Read{Path: path, Query: with(query, "limit=0")})
	if list.pending {
		return list
	}
	if first.problem() != "" || !first.isList() {
		const pageSize = 50
		fallback := list.ask(collect.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=0", pageSize))})
		if fallback.Pending() {
			list.pending = true
			return list
		}
		if fallback.problem() != "" {
			list.parts = append(list.parts, fallback)
			return list
		}
		first, list.parts, list.Drives = fallback, []Answer{fallback}, fallback.drives() // the first one has no drives
	}
	total, counted := wholeNumber(first.totalCount())
	if step := len(list.Drives); counted && step > 0 && int64(step) < total && total <= mostCounted {
		list.follow(path, query, step, int(total))
	}
	return list
}

// follow asks for the pages after the first answer, which held a step's drives: one, then two, four and so on, as long
// as each brings a drive that was not there before.
func (list *List) follow(path, query string, step, total int) {
	seen := make(map[string]bool, len(list.Drives))
	for _, drive := range list.Drives {
		seen[drive.identity()] = true
	}
	list.Drives = slices.Clip(list.Drives) // shared so far; what is appended is this list's own
	for page, atOnce := 1, 1; page*step < total; atOnce = min(2*atOnce, pagesAtOnce) {
		if page > maxPages {
			list.unending = fmt.Sprintf("GET %s has no end: total_count says %d, and after %d pages of %d it still goes on", list.parts[0].exchange.Request.Path(), total, maxPages, step)
			return
		}
		var answers []Answer
		for range min(atOnce, (total-1)/step-page+1) {
			answer := list.ask(collect.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=%d", step, page*step))})
			list.pending = list.pending || answer.Pending()
			answers = append(answers, answer)
			page++
		}
		if list.pending {
			return
		}
		for _, answer := range answers {
			if !list.extend(answer, seen) {
				return
			}
		}
	}
}

// extend adds the drives of one more answer. It reports whether there was one that was not seen before.
func (list *List) extend(answer Answer, seen map[string]bool) (fresh bool) {
	list.parts = append(list.parts, answer)
	for _, drive := range answer.drives() {
		if !seen[drive.identity()] {
			seen[drive.identity()], fresh = true, true
		}
		drive.Index = len(list.Drives)
		list.Drives = append(list.Drives, drive)
	}
	return fresh
}

// identity tells drives apart: by their uuids, where they are shown.
func (d Drive) identity() string {
	if d.UUID == "" {
		return d.JSON.Raw
	}
	return d.UUID
}

// ask looks at one answer of the list.
func (list *List) ask(read collect.Read) Answer {
	return list.lib.Answer(read).about(list.name).answered(list.answers)
}

// take begins the list with an answer.
func (list *List) take(read collect.Read) Answer {
	answer := list.ask(read)
	if answer.Pending() {
		list.pending = true
		return answer
	}
	list.parts, list.Drives = []Answer{answer}, answer.drives()
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

// sound ends the spec unless the list can be looked into, to its end. It is blocked by the first of the requirements that
// fails, or fails itself where they all hold.
func (list List) sound(grounds ...string) List {
	list = list.readable(grounds...)
	if list.unending != "" {
		list.lib.block(list.lib.firstFailing(append(grounds, "PAGE-03")...), "%s", list.unending)
		panic(blockSignal{})
	}
	return list
}

// readable is sound, but for a list that has no end: that is for PAGE-03 to say.
func (list List) readable(grounds ...string) List {
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
