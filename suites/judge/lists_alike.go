package judge

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/evidence"
)

// A list is the same list whoever asks for it and in which format: by another login, by the parameter `format`, by an Accept header.
// A library may change between two answers: a read that differs is taken again with what it differs from, and what can't be taken
// again counts where the whole lists before and after it are alike.

// listsOfReads are the lists of a path, asked for without a filter, that reads of the round were answered before the run began to
// write. They are there while the plan is made, too, once all reads have come.
func (lib *Library) listsOfReads(path string) []listAnswer {
	lib.All, lib.Compares = true, true
	if lib.Planning && !lib.Settled {
		return nil
	}
	first := lib.beganToWrite()
	return slices.DeleteFunc(WithoutFilters.of(lib.listAnswersSoFar(path)), func(a listAnswer) bool { return !lib.isOfThisRound(a.Exchange, first) })
}

// listsOfOthers are the other lists of a path, asked for without a filter: those of scenarios, and those of when the run is over.
func (lib *Library) listsOfOthers(path string) []listAnswer {
	first := lib.firstWrite()
	return slices.DeleteFunc(WithoutFilters.of(lib.listAnswers(path)), func(a listAnswer) bool {
		return a.Exchange.Step.Scenario == "" && (first == nil || a.Exchange.Started.Before(first.Started))
	})
}

// named is the list as findings name it: the same when it is taken again.
func (a listAnswer) named() Answer { return a.About(ClipTo(a.Exchange.Key, LongestShown)) }

// expectTaken asserts of lists that reads were answered that they match. The first that does not is the finding; it is taken again.
func (lib *Library) expectTaken(answers []listAnswer, with interface{ exchange() *evidence.Exchange }, matcher func(listAnswer) types.GomegaMatcher, rule string, relying ...string) {
	for _, a := range answers {
		m := matcher(a)
		if lib.holds(a.Answer, m) {
			continue
		}
		lib.takeAgain(a.Exchange)
		if !lib.Expect(a.named()).RelyingOn(relying...).Comparing(with).To(m, rule) {
			return
		}
	}
}

// ExpectCountedAlike asserts that every list of a path has the total_count of one of them, whoever asked for it and in which format.
func (lib *Library) ExpectCountedAlike(path string, one Answer, rule string, relying ...string) {
	count, counted := WholeNumber(one.TotalCount())
	if one.Pending() || !counted { // that there is a count is for others to say
		return
	}
	lib.expectTaken(lib.listsOfReads(path), one, func(listAnswer) types.GomegaMatcher { return SameCount(count, one) }, rule, relying...)
	for _, a := range lib.listsOfOthers(path) {
		whole, alike := lib.between(a, path)
		if !alike {
			continue
		}
		if m := HaveMeta("total_count", len(whole.Drives)); !lib.holds(a.Answer, m) && !lib.Expect(a.named()).RelyingOn(relying...).AsSuch().To(m, rule) {
			return
		}
	}
}

// ExpectPlacedAlike asserts that every list of a path that was asked for with all fields holds the drives that stand at its places in
// the whole list. Where fields are chosen no order is documented.
func (lib *Library) ExpectPlacedAlike(path string, whole List, rule string, relying ...string) {
	chosen := func(a listAnswer) bool {
		return a.query.Has("fields") || a.offset >= len(whole.Drives) // what is past the end is for PAGE-07 to say
	}
	if whole.Pending || whole.part != nil {
		return
	}
	part := func(of List, a listAnswer) []Drive {
		from := min(max(0, a.offset), len(of.Drives))
		return of.Drives[from:min(from+len(a.Drives()), len(of.Drives))] // how many there are to be is said apart
	}
	const there = "the drives at these places of the list"
	lib.expectTaken(slices.DeleteFunc(lib.listsOfReads(path), chosen), whole, func(a listAnswer) types.GomegaMatcher {
		return ListInOrder(part(whole, a), whole, there)
	}, rule, relying...)
	for _, a := range slices.DeleteFunc(lib.listsOfOthers(path), chosen) {
		of, alike := lib.between(a, path)
		if !alike {
			continue
		}
		if m := ListInOrder(part(of, a), of, there); !lib.holds(a.Answer, m) && !lib.Expect(a.named()).RelyingOn(relying...).AsSuch().To(m, rule) {
			return
		}
	}
}

// holds reports whether a list matches.
func (lib *Library) holds(list any, m types.GomegaMatcher) bool {
	matched, err := m.Match(list)
	return matched && err == nil
}

// between is what the last whole list before an answer and the first one after it name; alike says that both name the same in the
// same order. Of the detail list it is the plain list that tells: the two are one.
func (lib *Library) between(a listAnswer, path string) (whole List, alike bool) {
	var wholes []Answer
	if path == LicensesPath {
		for _, list := range lib.wholeListsOf(path) {
			wholes = append(wholes, list.Answer)
		}
	} else {
		wholes = lib.fullLists(nil)
	}
	before, after := listsAround(wholes, a.Exchange)
	if before.Pending() || after.Pending() {
		return List{}, false
	}
	was, is := before.Named(), after.Named()
	same, err := ListSameDrives(was).Match(is)
	return was, same && err == nil
}

// wholeListsOf are the answers of the run that list all of a path and count what they list, in the order in which they were asked for.
func (lib *Library) wholeListsOf(path string) []listAnswer {
	wholes := slices.DeleteFunc(WithoutFilters.of(lib.listAnswers(path)), func(a listAnswer) bool {
		total, counted := WholeNumber(a.TotalCount())
		return a.limit != 0 || a.offset > 0 || a.query.Has("fields") || !counted || total != int64(len(a.Drives()))
	})
	slices.SortStableFunc(wholes, func(a, b listAnswer) int { return a.Exchange.Started.Compare(b.Exchange.Started) })
	return wholes
}

// listsAround are the last of some lists that came before an exchange began, and the first that was asked for after it ended.
func listsAround(lists []Answer, x *evidence.Exchange) (before, after Answer) {
	ended := x.Started.Add(x.Duration)
	for _, list := range lists {
		switch {
		case list.Exchange.Started.Add(list.Exchange.Duration).Before(x.Started):
			before = list
		case after.Pending() && list.Exchange.Started.After(ended):
			after = list
		}
	}
	return before, after
}

// ExpectLicencesAlike asserts that every list of licences that says that it is whole names the same ones, each the same, whoever asked
// for it and in which format.
func (lib *Library) ExpectLicencesAlike(whole List, fields []string, rule string, relying ...string) {
	whole = whole.Named()
	partial := func(a listAnswer) bool { return !a.saysWhole() || a.query.Has("fields") }
	for _, a := range slices.DeleteFunc(lib.listsOfReads(LicensesPath), partial) {
		if m := ListExactly(whole.Drives, whole, whole.Name); !lib.holds(a.asNamed(), m) {
			lib.takeAgain(a.Exchange)
			if !lib.Expect(a.asNamed()).RelyingOn(relying...).Comparing(whole).To(m, rule) {
				return
			}
		}
		for entry, same := range sharedBy(a.asNamed(), whole, fields) {
			if !lib.holds(entry, same) {
				lib.takeAgain(a.Exchange)
				if !lib.Expect(entry).RelyingOn(relying...).Comparing(whole).To(same, rule) {
					return
				}
			}
		}
	}
	for _, a := range slices.DeleteFunc(lib.listsOfOthers(LicensesPath), partial) {
		of, alike := lib.between(a, LicensesPath)
		for entry, same := range sharedBy(a.asNamed(), of, fields) {
			if alike && !lib.holds(entry, same) && !lib.Expect(entry).RelyingOn(relying...).AsSuch().To(same, rule) {
				return
			}
		}
		if m := ListExactly(of.Drives, of, "the lists before and after"); alike && !lib.holds(a.asNamed(), m) && !lib.Expect(a.asNamed()).RelyingOn(relying...).AsSuch().To(m, rule) {
			return
		}
	}
}

// sharedBy are the entries of a list that another one has too, each with a matcher of what is the same as there.
func sharedBy(list, whole List, fields []string) iter.Seq2[Drive, types.GomegaMatcher] {
	return func(yield func(Drive, types.GomegaMatcher) bool) {
		there := whole.Index()
		for _, entry := range list.Drives {
			if other, is := there.Get(entry.UUID); is && !yield(entry, EqualFields(other, list.Name, whole.Name, fields...)) {
				return
			}
		}
	}
}

// asNamed is the list with what it lists told apart by its address where it has no uuid.
func (a listAnswer) asNamed() List { return a.named().Named() }

// ExpectDefaultLimit asserts that every list of a path that was asked for without a limit says the limit that applies then.
func (lib *Library) ExpectDefaultLimit(path string, limit int, rule string, relying ...string) {
	lib.expectFirst(slices.DeleteFunc(lib.listAnswers(path), func(a listAnswer) bool { return a.limit >= 0 }),
		func(listAnswer) types.GomegaMatcher { return HaveMeta("limit", limit) }, rule, relying...)
}

// ExpectOneDefault asserts that the lists of a path that were asked for without a limit, a filter and fields all say the same limit:
// which one applies then is left open, and not that it is one.
func (lib *Library) ExpectOneDefault(path, rule string, relying ...string) {
	answers := slices.DeleteFunc(lib.listsOfReads(path), func(a listAnswer) bool { return a.limit >= 0 || a.query.Has("fields") })
	if len(answers) == 0 {
		return
	}
	if limit, told := WholeNumber(answers[0].at("meta.limit")); told { // that it is told is said of every list
		lib.expectTaken(answers[1:], answers[0].Answer, func(listAnswer) types.GomegaMatcher { return HaveMeta("limit", int(limit)) }, rule, relying...)
	}
}

// ExpectOwnListed asserts that the lists of the account's drives that say that they are whole name every drive that was there before
// and after, whoever asked for them and in which format.
func (lib *Library) ExpectOwnListed(rule string, relying ...string) {
	partial := func(a listAnswer) bool { return !a.saysWhole() }
	first, library := lib.firstWrite(), lib.List().Index()
	wholes := append(lib.wholeListsOf(DrivesPath), lib.wholeListsOf(DrivesDetailPath)...)
	slices.SortStableFunc(wholes, func(a, b listAnswer) int { return a.Exchange.Started.Compare(b.Exchange.Started) })
	for _, path := range []string{DrivesPath, DrivesDetailPath} {
		whole := lib.ListAt(path, "", "GET /"+path)
		if whole.Pending || whole.Problem() != "" {
			continue
		}
		// That one of the library is listed is for HIDE-01 to say.
		all := NameAllOf(only(Unique(whole.Drives), func(drive Drive) bool { return !library.has(drive) }))
		lib.expectTaken(slices.DeleteFunc(lib.listsOfReads(path), partial), whole, func(listAnswer) types.GomegaMatcher { return all }, rule, relying...)
		for _, a := range slices.DeleteFunc(lib.listsOfOthers(path), partial) {
			there := only(listedAround(a, wholes, first), func(drive Drive) bool { return !library.has(drive) })
			if m := NameAllOf(there); !lib.holds(a.Answer, m) && !lib.Expect(a.named()).RelyingOn(relying...).AsSuch().To(m, rule) {
				return
			}
		}
	}
}

// ExpectOwnCounted asserts that a list of the account's drives, or servers, holds as many as its own limit, offset and total_count
// leave: in reads, which are taken again, and in looks of scenarios for a drive or a server of the run by its uuid or name.
func (lib *Library) ExpectOwnCounted(which Lists, rule string, relying ...string) {
	first := lib.beganToWrite()
	for _, path := range []string{DrivesPath, DrivesDetailPath, ServersPath} {
		lib.All, lib.Compares = true, true
		if lib.Planning && !lib.Settled {
			return
		}
		for _, a := range which.of(lib.listAnswersSoFar(path)) {
			due, numbers := a.due()
			read := lib.isOfThisRound(a.Exchange, first)
			// Where nothing is listed, the drive or the server may be gone, and counted still.
			if !numbers || a.limit > mostAsked || !read && (lib.Planning || a.Exchange.Step.Scenario == "" || len(a.Drives()) == 0 || !a.byUUIDOrOwnName()) {
				continue
			}
			m := HaveJSON(listCount, BeNumber(int64(due)))
			if lib.holds(a.Answer, m) {
				continue
			}
			assertion := lib.Expect(a.named()).RelyingOn(relying...).AsSuch()
			if read { // others may make and delete some while it is counted
				lib.takeAgain(a.Exchange)
				assertion = lib.Expect(a.named()).RelyingOn(relying...).Comparing(a)
			}
			if !assertion.To(m, rule) {
				return
			}
		}
	}
}

// byUUIDOrOwnName reports whether a list was asked for by a uuid, or by a name that the run gave.
func (a listAnswer) byUUIDOrOwnName() bool {
	return len(a.query["uuid"]) == 1 || len(a.query["name"]) == 1 && ownName.MatchString(a.query.Get("name"))
}

// saysWhole reports whether a list says that all of it is there: it begins with the first entry, and its limit leaves nothing out.
func (a listAnswer) saysWhole() bool {
	limit, told := WholeNumber(a.at("meta.limit"))
	total, counted := WholeNumber(a.TotalCount())
	return a.offset <= 0 && (!a.query.Has("fields") || strings.Contains(a.query.Get("fields"), "uuid")) && told && counted && (limit == 0 || total <= limit)
}

// listedAround are the drives that a list from before the run began to write names, and another one after an answer: they were there
// all the while.
func listedAround(a listAnswer, wholes []listAnswer, firstWrite *evidence.Exchange) (there []Drive) {
	began, ended := a.Exchange.Started, a.Exchange.Started.Add(a.Exchange.Duration)
	if firstWrite != nil && firstWrite.Started.Before(began) {
		began = firstWrite.Started
	}
	var earlier, later []Drive
	var latest time.Time
	for _, whole := range wholes {
		from, to := whole.Exchange.Started, whole.Exchange.Started.Add(whole.Exchange.Duration)
		switch {
		case to.Before(began):
			earlier = whole.Drives()
		case from.After(ended) && from.After(latest):
			later, latest = whole.Drives(), from
		}
	}
	still := List{Drives: later}.Index()
	return only(Unique(earlier), still.has)
}
