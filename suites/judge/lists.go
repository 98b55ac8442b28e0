package judge

import (
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// Identical expects two lists to name the same drives in the same order, each with the same fields and values.
func (lib *Library) Identical(detail, list List, rule string) {
	if detail.Pending || list.Pending {
		return
	}
	lib.Expect(detail).To(ListSameDrives(list), rule)
	entries := list.Index()
	for _, drive := range detail.Drives {
		if entry, listed := entries[drive.UUID]; listed {
			lib.Expect(drive).To(EqualDrive(entry.JSON, entry.From, detail.Name, list.Name), rule)
		}
	}
}

// List is a whole list, put together from as many answers as it took.
type List struct {
	Lib     *Library
	Name    string
	Drives  []Drive
	Parts   []Answer
	Pending bool
	okBy    string // the requirement that says that the list is answered with 200; empty where the spec judges that
}

// maxPages bounds how many further pages are asked for where limit=0 does not return everything: a total_count may lie.
const maxPages = 400

// Whole is the whole list at a path, under a query ("" or "os=linux"), named for the report: what limit=0 returns,
// and, where that is less than its total_count says, the pages after it. Where limit=0 is not answered soundly, the
// list is taken page by page.
func (lib *Library) Whole(path, query, name string) List {
	return List{Lib: lib, Name: name}.fill(path, query)
}

// fill asks for the list.
func (list List) fill(path, query string) List {
	first := list.add(evidence.Read{Path: path, Query: with(query, "limit=0")})
	if list.Pending {
		return list
	}
	step := len(list.Drives)
	if first.Problem() != "" || !first.isList() {
		const pageSize = 50
		if fallback := list.add(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=0", pageSize))}); fallback.Pending() || fallback.Problem() != "" {
			return list
		}
		first, step = list.Parts[1], len(list.Drives)
		list.Parts = list.Parts[1:] // the first one has no drives
	}
	total, counted := WholeNumber(first.totalCount())
	if !counted || step == 0 {
		return list
	}
	for offset, page := int64(step), 0; offset < total && page < maxPages; offset, page = offset+int64(step), page+1 {
		list.add(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=%d", step, offset))})
	}
	return list
}

// add adds the drives of one more answer.
func (list *List) add(read evidence.Read) Answer {
	answer := list.Lib.Answer(read).About(list.Name).AnsweredBy(list.okBy)
	if answer.Pending() {
		list.Pending = true
		return answer
	}
	list.Parts = append(list.Parts, answer)
	if len(list.Parts) == 1 {
		list.Drives = answer.Drives()
		return answer
	}
	list.Drives = slices.Clip(list.Drives) // shared so far; what is appended is this list's own
	for _, drive := range answer.Drives() {
		drive.Index = len(list.Drives)
		list.Drives = append(list.Drives, drive)
	}
	return answer
}

// Drives are those that a list's answer holds; none where it is not sound.
func (a Answer) Drives() []Drive {
	if a.Pending() || a.Problem() != "" {
		return nil
	}
	return a.lib.Parsed.objects(a.Exchange)
}

// First is the answer that stands for the list in the report.
func (list List) First() Answer {
	if len(list.Parts) == 0 {
		return Answer{lib: list.Lib}
	}
	return list.Parts[0]
}

// weakest is the first answer that did not come whole, which keeps the list from being judged, or else the first.
func (list List) weakest() Answer {
	if i := slices.IndexFunc(list.Parts, func(part Answer) bool { return part.Incomplete() != "" }); i >= 0 {
		return list.Parts[i]
	}
	return list.First()
}

// Exchange is the one that stands for the list in the report.
func (list List) Exchange() *evidence.Exchange { return list.First().Exchange }

// Problem says why the list can't be looked into; empty where it can.
func (list List) Problem() string {
	for _, part := range list.Parts {
		if text := part.Problem(); text != "" {
			return text
		}
		if !part.isList() {
			return fmt.Sprintf("GET %s answers without an array `objects`", part.Exchange.Request.Path())
		}
	}
	return ""
}

// Sound ends the spec unless the list can be looked into. It is blocked by the first of the requirements that fails, or
// fails itself where they all hold.
func (list List) Sound(grounds ...string) List {
	if list.Pending {
		panic(PendingSignal{})
	}
	if text := list.Problem(); text != "" {
		list.Lib.unsound(list.First(), text, grounds...)
		panic(blockSignal{})
	}
	return list
}

// Index finds drives by uuid in long lists.
func (list List) Index() map[string]Drive {
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

// Unique leaves out drives without a uuid and those that were listed before: LIST-03 and LIST-05 are about them.
func Unique(drives []Drive) []Drive {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(drives), func(d Drive) bool {
		again := d.UUID == "" || seen[d.UUID]
		seen[d.UUID] = true
		return again
	})
}
