package judge

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// Identical expects two lists to name the same drives in the same order, each with the same fields and values. What the entries
// are is not judged where one of the requirements that are relied on fails.
func (lib *Library) Identical(detail, list List, rule string, relying ...string) {
	if (detail.part != nil || list.part != nil) && !alike(detail, list) {
		detail, list = detail.all(), list.all()
	}
	if detail.Pending || list.Pending {
		return
	}
	lib.Expect(detail).To(ListSameDrives(list), rule)
	for drive, entry := range detail.Shared(list) {
		lib.Expect(drive).RelyingOn(relying...).To(EqualEntry(drive, entry, detail.Name, list.Name), rule)
	}
}

// IdenticalPages is Identical for pages of two lists. Where lists keep no order between two requests, no page is like
// another.
func (lib *Library) IdenticalPages(detail, list Answer, rule string) {
	if detail.Pending() || list.Pending() {
		return
	}
	same, _ := ListSameDrives(list.AsList()).Match(detail.AsList())
	if same || !lib.fails("LIST-07") {
		lib.Identical(detail.AsList(), list.AsList(), rule)
	}
}

// IdenticalUnder is Identical for both lists under a query. What the plain list does with it is for others to say.
func (lib *Library) IdenticalUnder(query, rule string, relying ...string) {
	plain := lib.ListAt(LibdrivesPath, query, "the list with "+query)
	detail := lib.DetailListUnder(query, "the detail list with "+query)
	if plain.Pending || detail.Pending {
		return
	}
	if !plain.Usable("FIELDS-01", "FIELDS-02", "FILTER-10", "FILTER-12", "FILTER-16") { // what the plain list does with the query
		return
	}
	lib.Identical(detail, plain, rule, relying...)
	inOne := len(plain.Parts) == 1 && len(detail.Parts) == 1 || plain.part != nil && detail.part != nil
	if inOne && plain.Parts[0].asked().Query == detail.Parts[0].asked().Query {
		lib.Expect(detail.Parts[0]).To(HaveMetaOf(plain.Parts[0]), rule+", in meta too")
	}
}

// List is a whole list, put together from as many answers as it took.
type List struct {
	nth      int // of the requests for it: 0 where it is asked for once; see evidence.Read
	Lib      *Library
	Name     string
	Drives   []Drive
	Parts    []Answer
	Pending  bool
	unending string  // why it was not asked for to its end; empty where it was
	okBy     string  // the requirement that says that the list is answered with 200; empty where the spec judges that
	part     *partOf // what is known of it, where that is not all
	entire   bool    // all of it is asked for, however large the library is
}

// pagesAtOnce is how many pages are asked for side by side: twice as many as before, where each of those showed something new.
const pagesAtOnce = 32

// ListAt is the whole list at a path, under a query ("" or "os=linux"), named for the report: what limit=0 returns,
// and, where that is less than its total_count says, the pages after it, until one brings nothing new. Where limit=0 is
// not answered soundly, the list is taken page by page.
func (lib *Library) ListAt(path, query, name string) List {
	return List{Lib: lib, Name: name}.fill(path, query)
}

// ListAtAgain asks for the same list once more, for the nth time after the first: what comes and goes shows there.
func (lib *Library) ListAtAgain(nth int, path, query, name string) List {
	return List{Lib: lib, Name: fmt.Sprintf("%s, once more (%d)", name, nth), nth: nth}.fill(path, query)
}

// fill asks for the list, once for each body that looks at it: the record stays as it is while one runs. Once all of it is
// answered it is put together for all who look at it.
func (list List) fill(path, query string) List {
	inPart := list.inPart(path, query)
	key := fmt.Sprintf("the list %s?%s, number %d, in round %d", path, query, list.nth, list.Lib.round)
	if inPart {
		key += ", in part"
	}
	asked := listAsked{key, list.Name, list.okBy}
	if known, done := list.Lib.lists[asked]; done {
		return known.listing(key)
	}
	kept, _ := list.Lib.memo.get(key)
	known, done := kept.(List)
	switch {
	case done:
	case inPart:
		known = list.gatherPart(path, query)
	default:
		known = list.gather(path, query, key)
	}
	list.unending, list.Pending, list.part = known.unending, known.Pending, known.part
	if list.Pending {
		list.Parts, list.Drives = known.Parts, known.Drives
	} else {
		if !done {
			list.Lib.memo.put(key, known.withoutLibrary())
			list.Lib.memo.take(key + soFar)
		}
		list.Parts = make([]Answer, len(known.Parts))
		for i, part := range known.Parts {
			list.Parts[i] = list.ask(part.asked())
		}
	}
	list.Lib.lists[asked] = list
	list = list.listing(key)
	list.covers()
	return list
}

// withoutLibrary is the list as others will look at it: what holds on to a body's library holds on to all that it noted.
func (list List) withoutLibrary() List {
	list.Lib, list.Drives, list.Parts = nil, nil, slices.Clone(list.Parts)
	for i := range list.Parts {
		list.Parts[i].lib = nil
	}
	return list
}

// listing is the list with its drives, which are not kept with it: many lists together are long.
func (list List) listing(key string) List {
	switch {
	case list.Pending:
	case len(list.Parts) == 1:
		list.Drives = list.Parts[0].Drives()
	default:
		list.Drives = list.Lib.Parsed.together(key, list.Parts)
	}
	return list
}

// together are the drives of several answers that make one list.
func (p *parsed) together(key string, parts []Answer) []Drive {
	p.mu.Lock()
	known, found := p.wholes.get(key)
	p.mu.Unlock()
	if found {
		return known
	}
	var drives []Drive
	for _, part := range parts {
		for _, drive := range part.Drives() {
			drive.Index = len(drives)
			drives = append(drives, drive)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wholes.put(key, slices.Clip(drives), len(drives))
	return slices.Clip(drives)
}

// soFar marks a list that is not whole yet.
const soFar = ", so far"

// listAsked is a list as a body asks for it.
type listAsked struct{ key, name, okBy string }

// gather asks for the list, answer by answer. While the plan is made it goes on where it came to for an earlier body: to
// begin anew with each of them takes a time that grows with the square of the pages.
func (list List) gather(path, query, key string) List {
	key += soFar
	kept, _ := list.Lib.memo.take(key) // a body that asks for it meanwhile begins anew
	f, begun := kept.(*following)
	if !begun || !list.Lib.Planning {
		list = list.begin(path, query)
		total, counted := WholeNumber(list.First().TotalCount())
		step := len(list.Drives)
		if list.Pending || !counted || step == 0 || int64(step) >= total || total > evidence.MostCounted {
			return list
		}
		f = &following{path: path, query: query, step: step, total: int(total), page: 1, atOnce: 1, seen: make(map[string]bool, step)}
		for _, drive := range list.Drives {
			f.seen[drive.identity()] = true
		}
		list.Drives = slices.Clip(list.Drives) // shared so far; what is appended is this list's own
	} else {
		list.Parts, list.Drives = f.parts, f.drives
	}
	list.follow(f)
	f.parts, f.drives = list.Parts, list.Drives
	list.Parts, list.Drives = slices.Clip(list.Parts), slices.Clip(list.Drives)
	if list.Lib.Planning {
		list.Lib.memo.put(key, f)
	}
	return list
}

// begin asks for the first answer of the list, which may be all of it.
func (list List) begin(path, query string) List {
	first := list.askFirst(evidence.Read{Path: path, Query: with(query, "limit=0")})
	if list.Pending {
		return list
	}
	if first.Problem() != "" || !first.isList() {
		fallback := list.ask(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=0", evidence.PageSize))})
		if fallback.Pending() {
			list.Pending = true
			return list
		}
		if fallback.Problem() != "" {
			list.Parts = append(list.Parts, fallback)
			return list
		}
		list.Parts, list.Drives = []Answer{fallback}, fallback.Drives() // the first one has no drives
	}
	return list
}

// following is how far the pages after the first answer, which held a step's drives, were asked for.
type following struct {
	path, query  string
	step, total  int
	page, atOnce int // the next page, and how many are asked for with it
	seen         map[string]bool
	parts        []Answer
	drives       []Drive
}

// follow asks for the pages after the first answer: one, then two, four and so on, as long as each brings a drive that
// was not there before.
func (list *List) follow(f *following) {
	for ; f.page*f.step < f.total; f.atOnce = min(2*f.atOnce, pagesAtOnce) {
		if f.page > evidence.MostPages {
			list.unending = fmt.Sprintf("GET %s has no end: total_count says %d, and after %d pages of %d it still goes on", list.Parts[0].Exchange.Request.Path(), f.total, evidence.MostPages, f.step)
			return
		}
		var answers []Answer
		for ahead := range min(f.atOnce, (f.total-1)/f.step-f.page+1) {
			answer := list.ask(evidence.Read{Path: f.path, Query: with(f.query, fmt.Sprintf("limit=%d&offset=%d", f.step, (f.page+ahead)*f.step))})
			list.Pending = list.Pending || answer.Pending()
			answers = append(answers, answer)
		}
		if list.Pending {
			return
		}
		f.page += len(answers)
		for _, answer := range answers {
			if !list.extend(answer, f.seen) {
				return
			}
		}
	}
}

// extend adds the drives of one more answer. It reports whether there was one that was not seen before.
func (list *List) extend(answer Answer, seen map[string]bool) (fresh bool) {
	list.Parts = append(list.Parts, answer)
	for _, drive := range answer.Drives() {
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
		return d.JSON().Raw
	}
	return d.UUID
}

// ask looks at one answer of the list.
func (list *List) ask(read evidence.Read) Answer {
	read.Nth = max(read.Nth, list.nth)
	return list.Lib.Answer(read).About(list.Name).AnsweredBy(list.okBy)
}

// askFirst begins the list with an answer.
func (list *List) askFirst(read evidence.Read) Answer {
	answer := list.ask(read)
	if answer.Pending() {
		list.Pending = true
		return answer
	}
	list.Parts, list.Drives = []Answer{answer}, answer.Drives()
	return answer
}

// Drives are those that a list's answer holds; none where it is not sound.
func (a Answer) Drives() []Drive {
	if a.Pending() || a.Problem() != "" {
		return nil
	}
	return a.lib.Parsed.objects(a.Exchange)
}

// Named is the list with what it lists told apart by its address where it has no uuid, as a licence.
func (list List) Named() List {
	list.Drives = slices.Clone(list.Drives)
	for i, entry := range list.Drives {
		if uri := entry.JSON().Get("resource_uri"); entry.UUID == "" {
			list.Drives[i].UUID, list.Drives[i].Kind = uri.String(), "entry"
		}
	}
	return list
}

// Named is the answer as a list; see List.Named.
func (a Answer) Named() List { return a.AsList().Named() }

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
	if err := list.unsound(); err != nil {
		return err.Error()
	}
	return ""
}

// unsound is Problem as an error, which knows where a status is the problem.
func (list List) unsound() error {
	for _, part := range list.Parts {
		if err := part.unsound(); err != nil {
			return err
		}
		if !part.isList() {
			return fmt.Errorf("GET %s answers without an array `objects`", part.Exchange.Request.Path())
		}
	}
	return nil
}

// Sound ends the spec unless the list can be looked into, to its end. It is blocked by the first of the requirements that
// fails, or fails itself where they all hold.
func (list List) Sound(grounds ...string) List {
	list = list.Readable(grounds...)
	if list.unending != "" {
		list.Lib.Block(list.Lib.FirstFailing(append(grounds, "PAGE-03")...), "%s", list.unending)
		list.Lib.stop()
	}
	return list
}

// Readable is Sound, but for a list that has no end: that is for PAGE-03 to say.
func (list List) Readable(grounds ...string) List {
	if list.Pending {
		list.Lib.stop()
	}
	weakest := list.weakest()
	if text := cmp.Or(weakest.Incomplete(), list.Problem()); text != "" {
		list.Lib.unsound(weakest, text, grounds...)
		list.Lib.stop()
	}
	return list
}

// Usable reports whether the list can be looked into. Where it can't, that is blocked: by what stood in the way of an answer of
// it, or by the first of the requirements that fails.
func (list List) Usable(grounds ...string) bool {
	weakest, text := list.weakest(), list.Problem()
	switch {
	case text == "":
		return true
	case weakest.Incomplete() != "":
		list.Lib.blockAt(weakest.Exchange, "", weakest.Incomplete())
	default:
		list.Lib.Block(list.Lib.FirstFailing(grounds...), "%s", text)
	}
	return false
}

func with(query, more string) string {
	if query == "" {
		return more
	}
	return query + "&" + more
}

// Unique leaves out drives without a uuid, or with one that is no uuid by its length, and those that were listed before:
// LIST-03, LIST-05 and LIST-06 are about them. What is returned is shared: who changes it takes a copy.
func Unique(drives []Drive) []Drive {
	var seen perUUID
	again := func(d Drive) bool {
		if d.UUID == "" || len(d.UUID) > longestID {
			return true
		}
		known := seen.at(d)
		*known++
		return *known > 1
	}
	first := slices.IndexFunc(drives, again)
	if first < 0 {
		return slices.Clip(drives)
	}
	unique := append(make([]Drive, 0, len(drives)), drives[:first]...)
	for _, d := range drives[first+1:] {
		if !again(d) {
			unique = append(unique, d)
		}
	}
	return unique
}

// ExpectEachOnce asserts that a list that came in one answer names each drive once.
func (lib *Library) ExpectEachOnce(list List, rule string, relying ...string) {
	if list.Pending || list.Problem() != "" || len(list.Parts) != 1 {
		return
	}
	once := BeListedOnceIn(list)
	for _, drive := range Unique(list.Drives) {
		lib.Expect(drive).RelyingOn(relying...).To(once, rule)
	}
}
