package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// TwoLists are two answers to the same request for the whole list, the second as what is asserted of: two that show that the
// list does not stay as it is, where the run has such, and else the two that this asks for, one after the other.
func (lib *Library) TwoLists() (earlier Answer, later Assertion) {
	read := Get(LibdrivesPath + "?limit=0")
	ask := func(read Read, name string) Answer {
		list := lib.Answer(read).About(name).JudgedBy("LIST-02").AnsweredBy(PageJudgedBy("limit=0"))
		if list.Pending() {
			lib.stop()
		}
		return list
	}
	first, second := ask(read, "the list"), ask(read.Again(), "the list, taken again")
	if before, after, restless := lib.restless(first, second); restless {
		return before, lib.Expect(after).AsSuch()
	}
	return first, lib.Expect(second)
}

// restless reports whether the list of the library does not stay as it is between two requests, beside what others may do
// to the library: its order changes more than once, or a drive that was gone comes back. It looks at every whole list that
// the run was answered, for two that are alike prove nothing, and returns the first two that differ so. A single change may
// be a drive that was renamed.
func (lib *Library) restless(taken ...Answer) (earlier, later Answer, restless bool) {
	lists := lib.fullLists(taken)
	changes := 0
	var last byNumber[int32] // the list that names a drive last, from 1 on
	var gone byNumber[int32] // the list before that in which a drive is missing, likewise
	for i, list := range lists {
		drives := Unique(list.Drives())
		for _, drive := range drives {
			number := lib.Parsed.numberOf(drive)
			if before := *gone.of(number); before > 0 {
				return lists[before-1], lists[before], true
			}
			*last.of(number) = int32(i) + 1
		}
		if i == 0 {
			continue
		}
		for number, at := range last.values {
			if known := gone.of(uint32(number)); at > 0 && int(at) < i+1 && *known == 0 {
				*known = at
			}
		}
		if !sameOrder(Unique(lists[i-1].Drives()), drives) {
			if changes++; changes == 1 {
				earlier, later = lists[i-1], list
			}
		}
	}
	return earlier, later, changes > 1
}

// fullLists are the answers to requests for the whole library, in the order in which they were asked for.
func (lib *Library) fullLists(taken []Answer) []Answer {
	if len(taken) > 0 || lib.Planning {
		return lib.fullListsBeside(taken)
	}
	lib.All = true // whoever finds it first, all who ask look at everything
	return slices.Clone(Once(lib.Evaluator, fmt.Sprintf("full lists, %d exchanges", lib.Record.Len()), func() []Answer { return lib.fullListsBeside(nil) }))
}

// fullListsBeside are fullLists, with some that may be no part of everything that was answered.
func (lib *Library) fullListsBeside(taken []Answer) []Answer {
	seen := map[*evidence.Exchange]bool{}
	var lists []Answer
	for _, list := range append(slices.Clone(taken), lib.Everything()...) {
		x := list.Exchange
		// Not those under headers of their own: what differs there is for others to say.
		asked := x.Request.Method == http.MethodGet && strings.HasSuffix(x.Request.Path(), "/"+LibdrivesPath+"?limit=0") && !strings.Contains(x.Key, "[")
		if seen[x] || !asked || list.Problem() != "" {
			continue
		}
		if total, counted := WholeNumber(list.TotalCount()); !counted || total != int64(len(list.Drives())) {
			continue
		}
		seen[x] = true
		lists = append(lists, list)
	}
	slices.SortStableFunc(lists, func(a, b Answer) int {
		return cmp.Or(a.Exchange.Started.Compare(b.Exchange.Started), a.Exchange.Number-b.Exchange.Number)
	})
	var ended time.Time // of two that were under way at once, nobody knows which came first
	return slices.DeleteFunc(lists, func(list Answer) bool {
		if list.Exchange.Started.Before(ended) {
			return true
		}
		ended = list.Exchange.Started.Add(list.Exchange.Duration)
		return false
	})
}

// sameOrder reports whether the drives that both lists name stand in the same order.
func sameOrder(a, b []Drive) bool {
	var index perUUID // from 1 on
	for i, drive := range a {
		*index.at(drive) = int32(i) + 1
	}
	last := int32(0)
	for _, drive := range b {
		at := *index.at(drive)
		if at > 0 && at < last {
			return false
		}
		last = max(last, at)
	}
	return true
}
