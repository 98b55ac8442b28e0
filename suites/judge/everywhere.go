package judge

import (
	"cmp"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// lookedAt is what is known of a drive that is looked at everywhere. Of a large library there are many: each is as small as can be.
type lookedAt struct {
	first, wrong placeTold
	more         int32 // further appearances that are not as they should be
	isWrong      bool
}

// Everywhere asserts of every appearance that it matches. A drive is one subject, however many answers tell of it: of those in
// which it is not as it should be, the first one is the finding, which says how many more there are.
func (lib *Library) Everywhere(told Appearances, matcher types.GomegaMatcher, rule string, relying ...string) {
	var drives []lookedAt
	var at byNumber[int32] // where a drive is among these, from 1 on
	matching := matchedTexts{matcher: matcher, parsed: lib.Parsed}
	_, matching.ofAnswers = matcher.(interface{ ofAnswers() })
	for a := range told.each {
		place := at.of(lib.Parsed.numberOf(a.Drive))
		if *place == 0 {
			drives = append(drives, lookedAt{first: a.place})
			*place = int32(len(drives))
		}
		d := &drives[*place-1]
		if a.From.Key < told.from(d.first).Key { // which of them was answered first differs from run to run
			d.first = a.place
		}
		switch {
		case matching.matches(a):
		case !d.isWrong:
			d.wrong, d.isWrong = a.place, true
		case a.From.Key < told.from(d.wrong).Key:
			d.wrong = a.place
			d.more++
		default:
			d.more++
		}
	}
	told.sort(drives)
	known := map[string]bool{}
	for _, f := range lib.Findings {
		known[f.Subject.UUID] = known[f.Subject.UUID] || !f.compared
	}
	var whole *evidence.Exchange // the last that was found to be
	for _, d := range drives {
		subject := told.at(d.first)
		switch {
		case !d.isWrong && subject.From == whole && len(subject.UUID) <= longestID:
			lib.countDrive(cmp.Or(subject.Kind, reports.KindDrive), lib.Parsed.numberOf(subject.Drive), true)
			continue
		case d.isWrong && known[subject.UUID]:
			continue // it was found already where the drive was asked for
		case d.isWrong:
			subject = told.at(d.wrong)
			subject.more = int(d.more)
			lib.takeAgain(subject.From)
		}
		if lib.Expect(subject).RelyingOn(relying...).To(matcher, rule) && !d.isWrong && (Answer{lib: lib, Exchange: subject.From}).Incomplete() == "" {
			whole = subject.From
		}
	}
}

// from is the exchange in which a place is.
func (told Appearances) from(place placeTold) *evidence.Exchange {
	if place.answer < 0 {
		return told.mounts[place.index].From
	}
	return told.answers[place.answer].from
}

// at is the appearance at a place.
func (told Appearances) at(place placeTold) Appearance {
	if place.answer < 0 {
		return told.mounts[place.index]
	}
	t := told.answers[place.answer]
	return Appearance{Drive: told.parsed.toldAt(t, place.index), Path: t.path, Query: t.query, Listed: t.listed, place: place}
}

// sort has drives stand in the order of the requests by which they were told first, and of their places in the answers.
func (told Appearances) sort(drives []lookedAt) {
	index := func(place placeTold) int {
		if place.answer < 0 {
			return told.mounts[place.index].Index
		}
		return int(place.index)
	}
	before := func(a, b lookedAt) int {
		if a.first.answer == b.first.answer && a.first.answer >= 0 {
			return cmp.Compare(a.first.index, b.first.index)
		}
		return cmp.Or(cmp.Compare(told.from(a.first).Key, told.from(b.first).Key), cmp.Compare(index(a.first), index(b.first)))
	}
	if !slices.IsSortedFunc(drives, before) {
		slices.SortStableFunc(drives, before)
	}
}

// matchedTexts remembers what matches: what is told in the same words matches as it did before, unless it matters by which answer.
type matchedTexts struct {
	matcher   types.GomegaMatcher
	parsed    *parsed
	ofAnswers bool
	entries   byNumber[textMatch]
	longs     map[*fields]bool
}

type textMatch uint8

const (
	notMatched textMatch = iota // not yet
	textMatches
	textDiffers
)

func (m *matchedTexts) matches(a *Appearance) bool {
	f := a.fields
	switch {
	case m.ofAnswers || f == nil || f.held.isHere(): // nobody else has a text that is held: to remember it would be for nothing
		return m.match(a)
	case f.held != nil:
		matches, known := m.longs[f]
		if !known {
			if m.longs == nil {
				m.longs = map[*fields]bool{}
			}
			matches = m.match(a)
			m.longs[f] = matches
		}
		return matches
	}
	known := m.entries.of(uint32(f.entry))
	if *known == notMatched {
		*known = textDiffers
		if m.match(a) {
			*known = textMatches
		}
	}
	return *known == textMatches
}

func (m *matchedTexts) match(a *Appearance) bool {
	matched, err := m.parsed.matchOnce(m.matcher, a.Drive, *a)
	return matched && err == nil
}

// count notes that a subject was judged. A drive that was judged by itself is not another subject where an answer tells it, and
// one that is looked at in many answers is one.
func (lib *Library) count(actual any, subject reports.Subject) {
	if subject.UUID == "" {
		lib.looks[lib.Record.Store().Hash(subject.Kind, "", subject.Name, subject.Words)] = subject.Kind
		return
	}
	switch actual := actual.(type) {
	case Drive:
		if actual.UUID == subject.UUID { // whose number is at hand
			lib.countDrive(subject.Kind, lib.Parsed.numberOf(actual), false)
			return
		}
	case Appearance:
		lib.countDrive(subject.Kind, lib.Parsed.numberOfUUID(subject.UUID), true)
		return
	}
	lib.countDrive(subject.Kind, lib.Parsed.numberOfUUID(subject.UUID), false)
}

// countDrive is count of what has a uuid, by the uuid's number; told says that it is counted where an answer tells it.
func (lib *Library) countDrive(kind string, number uint32, told bool) {
	fresh := lib.counted.add(number)
	if told && !fresh {
		return
	}
	of := lib.looksOf[kind]
	if of == nil {
		of = &numberSet{}
		lib.looksOf[kind] = of
	}
	of.add(number)
}

// countLooks is how many subjects were judged of each kind.
func (lib *Library) countLooks() map[string]int {
	kinds := map[string]int{}
	for _, kind := range lib.looks {
		kinds[kind]++
	}
	for kind, of := range lib.looksOf {
		kinds[kind] += of.n
	}
	return kinds
}
