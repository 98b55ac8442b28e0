package judge

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// A whole list of a large library is long, and a run asks for dozens of lists. So of the lists of a large library, the whole one
// aside, the first entries and the last ones are asked for, and how many there are in all. A list that is not as it should be by
// these is asked for whole before anyone is accused, so that findings are those of whole lists.

// The bounds of lists of a large library.
const (
	ManyDrives = 5_000 // above so many, a library is large
	Stretch    = 500   // entries that are asked for at either end of a list
)

// partOf is a list of which the beginning and the end were asked for. They may be all of it, by its total_count: whether that
// counts right is not known.
type partOf struct {
	path, query string
	total       int   // entries that it has by its total_count
	offsets     []int // of its answers
}

func (p *partOf) key() string { return p.path + "?" + p.query }

// Large reports whether the library has so many drives that parts of its lists are asked for, as far as is known yet. It is by
// the reads of the first round, so that it is the same in all of them.
func (b *Evaluator) Large() bool {
	if b.WholeLists {
		return false
	}
	const firstRound = 1
	whole := b.Record.Answer(evidence.Get(LibdrivesPath+"?limit=0").Key(), firstRound)
	if whole.Status() == 200 && whole.Failure == "" && b.Parsed.body(whole).listed {
		return b.Parsed.around(whole, listCount).Int() > ManyDrives
	}
	page := b.Record.Answer(evidence.Get(LibdrivesPath).Key(), firstRound)
	if page.Status() != 200 || page.Failure != "" || !b.Parsed.body(page).listed {
		return false
	}
	total, counted := WholeNumber(b.Parsed.body(page).count())
	return counted && total > ManyDrives && total <= evidence.MostCounted
}

// inPart reports whether the beginning and the end of a list are asked for in place of all of it: not where all of it is in the
// record.
func (list List) inPart(path, query string) bool {
	another := query != "" && (path == LibdrivesDetailPath || path == LibdrivesPath)
	whole := evidence.Read{Path: path, Query: with(query, "limit=0")}
	return another && list.nth == 0 && !list.entire && list.Lib.Large() && list.Lib.Record.Answer(whole.Key(), list.Lib.round) == nil
}

// gatherPart asks for the beginning of the list and, where that is not all of it, for the end.
func (list List) gatherPart(path, query string) List {
	first := list.askFirst(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=0", Stretch))})
	switch {
	case list.Pending:
		return list
	case first.Problem() != "" || !first.isList():
		return list.whole(path, query) // so long a page may be refused
	}
	total, counted := WholeNumber(first.TotalCount())
	shown := int64(len(list.Drives))
	switch {
	case !counted || total > evidence.MostCounted || shown != min(total, Stretch):
		return list.whole(path, query) // it does not say what it is part of, or does not hold what it should
	case total == shown:
		list.part = &partOf{path, query, int(total), []int{0}}
		return list
	}
	at := max(shown, total-shown)
	last := list.ask(evidence.Read{Path: path, Query: with(query, fmt.Sprintf("limit=%d&offset=%d", Stretch, at))})
	switch {
	case last.Pending():
		list.Pending = true
		return list
	case int64(len(last.Drives())) != total-at:
		return list.whole(path, query)
	}
	list.Parts = append(list.Parts[:1:1], last)
	list.part = &partOf{path, query, int(total), []int{0, int(at)}}
	return list
}

// whole is the list with all its entries.
func (list List) whole(path, query string) List {
	return List{Lib: list.Lib, Name: list.Name, okBy: list.okBy, entire: true}.fill(path, query)
}

// all is the list with all its entries, where it is a part of it.
func (list List) all() List {
	if list.part == nil {
		return list
	}
	delete(list.Lib.covered, list.part.key())
	return list.whole(list.part.path, list.part.query)
}

// EntireListAt is ListAt, with all entries whatever the size of the library.
func (lib *Library) EntireListAt(path, query, name string) List {
	return List{Lib: lib, Name: name}.whole(path, query)
}

// total is how many entries the list has.
func (list List) total() int {
	if list.part != nil {
		return list.part.total
	}
	return len(list.Drives)
}

// stretch is some entries of a list that stand one after another in it.
type stretch struct {
	from   int
	drives []Drive
}

// stretches are the entries of a list that are known, by where they stand in it.
func (list List) stretches() []stretch {
	if list.part == nil {
		return []stretch{{0, list.Drives}}
	}
	var all []stretch
	for i, part := range list.Parts {
		all = append(all, stretch{list.part.offsets[i], part.Drives()})
	}
	return all
}

// alike reports whether two lists, of which one is a part, have as many entries and name the same drives in the same places, as far
// as these are known of both.
func alike(one, other List) bool {
	if one.total() != other.total() {
		return false
	}
	for _, a := range one.stretches() {
		for _, b := range other.stretches() {
			for at := max(a.from, b.from); at < min(a.from+len(a.drives), b.from+len(b.drives)); at++ {
				if a.drives[at-a.from].UUID != b.drives[at-b.from].UUID {
					return false
				}
			}
		}
	}
	return true
}

// judgesParts is a matcher of lists that knows of a part whether the list may be as it should.
type judgesParts interface {
	matchPart(list List) bool
}

// matchPart reports whether the list has as many entries as are wanted, and none in the part that is not. In which order they
// are listed is judged by alike.
func (m sameDrives) matchPart(list List) bool {
	if m.ordered {
		return m.other != nil && alike(list, *m.other)
	}
	if list.Problem() != "" || list.total() != len(m.want) && (!m.least || list.total() < len(m.want)) {
		return false
	}
	if m.least {
		return true
	}
	var wanted perUUID
	for _, drive := range m.want {
		*wanted.at(drive)++
	}
	for _, drive := range list.Drives {
		left := wanted.at(drive)
		if *left--; *left < 0 {
			return false
		}
	}
	return true
}

// matchPart reports whether the list is sure to be another one.
func (m unlike) matchPart(list List) bool {
	return list.Problem() == "" && !m.sameDrives.matchPart(list)
}

// fitsInPart reports whether a part of a list matches, by a matcher that may know parts where it is less than all.
func fitsInPart(list List, matcher types.GomegaMatcher) bool {
	if m, knows := matcher.(judgesParts); knows && len(list.Drives) < list.total() {
		return m.matchPart(list)
	}
	matched, err := matcher.Match(list)
	return matched && err == nil
}

// Covers notes that of a list, which is named in words, so many entries are looked at.
func (lib *Library) Covers(name string, entries int) {
	if all := len(lib.List().Drives); lib.Large() && entries < all {
		lib.covered[name] = reports.Coverage{Entries: entries, Of: all}
	}
}

// coverage is how much of the lists that were looked at in part was; nil where there is none.
func (lib *Library) coverage() *reports.Coverage {
	if len(lib.covered) == 0 {
		return nil
	}
	var all reports.Coverage
	for _, one := range lib.covered {
		all.Entries, all.Of = all.Entries+one.Entries, all.Of+one.Of
	}
	return &all
}

// covers notes that a part of a list is looked at.
func (list List) covers() {
	if list.part != nil && !list.Pending && len(list.Drives) < list.part.total {
		list.Lib.covered[list.part.key()] = reports.Coverage{Entries: len(list.Drives), Of: list.part.total}
	}
}
