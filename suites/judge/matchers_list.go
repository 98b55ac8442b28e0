package judge

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// sameDrives compares which drives a list or a page names.
type sameDrives struct {
	want    []Drive
	from    *evidence.Exchange
	there   string // names the other side in the report
	ordered bool
	pages   bool            // what is wanted was worked out from a list that was put together from pages
	least   bool            // others may be there, too
	twice   map[string]bool // without an order: the drives that the whole list names twice itself
	other   *List           // in an order: the list that it is compared with, where it is one
}

// ListSameDrives matches a list, or an answer that is one, that names the same drives as the other in the same order.
func ListSameDrives(other List) types.GomegaMatcher {
	return sameDrives{want: other.Drives, from: other.Exchange(), there: other.Name, ordered: true, pages: len(other.Parts) > 1, other: &other}
}

// ListInOrder matches a list, or an answer that is one, of exactly these drives in this order; there says where the
// order comes from.
func ListInOrder(drives []Drive, from List, there string) types.GomegaMatcher {
	return sameDrives{want: drives, from: from.Exchange(), there: there, ordered: true, pages: len(from.Parts) > 1}
}

// ListExactly matches a list, or an answer that is one, of exactly these drives in any order, each once; there says what they are.
// That the whole list names one twice is for LIST-05 to say, and that two pages do for PAGE-02.
func ListExactly(drives []Drive, from List, there string) types.GomegaMatcher {
	return exactlyThese(drives, from, there)
}

func exactlyThese(drives []Drive, from List, there string) sameDrives {
	return sameDrives{want: drives, from: from.Exchange(), there: there, pages: len(from.Parts) > 1, twice: from.twice()}
}

// twice are the uuids that stand in the list more than once. They are found once for all who look at the list.
func (list List) twice() map[string]bool {
	if len(list.Parts) != 1 || list.part != nil || list.Pending || len(list.Drives) < ManyDrives {
		return repeated(list.Drives)
	}
	return Once(list.Lib.Evaluator, fmt.Sprintf("what the list of exchange %d names twice, of %d", list.Exchange().Number, len(list.Drives)), func() map[string]bool { return repeated(list.Drives) })
}

// repeated are the uuids that stand in a list more than once.
func repeated(drives []Drive) map[string]bool {
	var seen perUUID
	var twice map[string]bool
	for _, drive := range drives {
		known := seen.at(drive)
		if *known > 0 {
			if twice == nil {
				twice = map[string]bool{}
			}
			twice[drive.UUID] = true
		}
		*known = 1
	}
	return twice
}

// ListAtLeast matches a list, or an answer that is one, in which all of these drives are; there says what they are.
func ListAtLeast(drives []Drive, from List, there string) types.GomegaMatcher {
	m := exactlyThese(drives, from, there)
	m.least = true
	return m
}

// ListNothing matches a list, or an answer that is one, without any drive.
func ListNothing() types.GomegaMatcher { return sameDrives{there: "an empty list"} }

func (m sameDrives) drives(actual any) ([]Drive, error) {
	switch actual := actual.(type) {
	case List:
		if err := actual.unsound(); err != nil {
			return nil, err
		}
		if !m.ordered && len(actual.Parts) > 1 {
			return Unique(actual.Drives), nil
		}
		return m.once(actual.Drives), nil
	case Answer:
		if err := actual.unsound(); err != nil {
			return nil, err
		}
		if !actual.isList() {
			return nil, fmt.Errorf("the answer has no array `objects`")
		}
		return m.once(actual.Drives()), nil
	}
	return nil, fmt.Errorf("only a list names drives")
}

// once are the drives without those that are there a second time, where that is for others to say, and without what has no uuid.
func (m sameDrives) once(drives []Drive) []Drive {
	if m.ordered {
		return drives
	}
	var seen perUUID
	again := func(d Drive) bool {
		if d.UUID == "" || len(d.UUID) > longestID {
			return true
		}
		known := seen.at(d)
		*known++
		return *known > 1 && m.twice[d.UUID]
	}
	first := slices.IndexFunc(drives, again)
	if first < 0 {
		return slices.Clip(drives)
	}
	once := append(make([]Drive, 0, len(drives)), drives[:first]...)
	for _, d := range drives[first+1:] {
		if !again(d) {
			once = append(once, d)
		}
	}
	return once
}

// lacking and surplus are the drives that are missing from the actual, and those that should not be in it.
func (m sameDrives) sets(actual []Drive) (lacking, surplus []Drive) {
	var count perUUID
	for _, drive := range actual {
		*count.at(drive)++
	}
	for _, drive := range m.want {
		there := count.at(drive)
		if *there == 0 {
			lacking = append(lacking, drive)
			continue
		}
		*there--
	}
	for _, drive := range slices.Backward(actual) { // of a drive that is there twice, the later one is too many
		if there := count.at(drive); *there > 0 {
			*there--
			surplus = append(surplus, drive)
		}
	}
	if m.least {
		return lacking, nil
	}
	slices.Reverse(surplus)
	return lacking, surplus
}

func (m sameDrives) Match(actual any) (bool, error) {
	drives, err := m.drives(actual)
	if err != nil {
		return false, err
	}
	lacking, surplus := m.sets(drives)
	return len(lacking) == 0 && len(surplus) == 0 && (!m.ordered || m.outOfPlace(drives) < 0), nil
}

// outOfPlace is the first index at which another drive stands than should, or -1.
func (m sameDrives) outOfPlace(actual []Drive) int {
	for i := range min(len(actual), len(m.want)) {
		if actual[i].UUID != m.want[i].UUID {
			return i
		}
	}
	return -1
}

func (m sameDrives) explain(actual any) reports.Finding {
	f := reports.Finding{Expected: m.there, Differences: []reports.Difference{{In: reports.InCount, Expected: Amount(len(m.want))}}}
	drives, err := m.drives(actual)
	if err != nil {
		return unsaid(f, err)
	}
	lacking, surplus := m.sets(drives)
	f.Differences[0].Found = Amount(len(drives))
	if list, ok := actual.(List); ok && len(list.Parts) > 1 {
		f.Differences[0].Found += fmt.Sprintf(" in %d answers", len(list.Parts))
	}
	f.Differences = append(f.Differences, naming("missing", lacking)...)
	wanted := List{Drives: m.want}.Index()
	again := func(d Drive) bool { _, is := wanted.Get(d.UUID); return is }
	f.Differences = append(f.Differences, naming("once more", only(surplus, again))...)
	f.Differences = append(f.Differences, naming("too many", only(surplus, func(d Drive) bool { return !again(d) }))...)
	if i := m.outOfPlace(drives); m.ordered && i >= 0 && len(lacking)+len(surplus) == 0 {
		f.Differences = append(f.Differences, reports.Difference{
			In: reports.InOrder, Path: fmt.Sprintf("index %d", i), Expected: m.want[i].Title(), Found: drives[i].Title(), Drive: drives[i].Subject(),
		})
	}
	return f
}

func Amount(n int) string {
	if n == 1 {
		return "1 drive"
	}
	return fmt.Sprintf("%d drives", n)
}

// naming are drives that a list should name or not, the first ten by name.
func naming(what string, drives []Drive) []reports.Difference {
	const most = 10
	var named []reports.Difference
	for i, drive := range drives {
		if i == most {
			return append(named, reports.Difference{In: reports.InList, Path: what, Found: fmt.Sprintf("%d more", len(drives)-most)})
		}
		named = append(named, reports.Difference{In: reports.InList, Path: what, Drive: drive.Subject()})
	}
	return named
}

func (m sameDrives) against() *evidence.Exchange { return m.from }

// mayHaveMoved holds where two answers were compared: which drives there are, and so their places, may have changed
// between the two.
func (m sameDrives) mayHaveMoved(actual any) bool {
	_, err := m.drives(actual)
	return err == nil && m.from != nil
}

// ofPages holds where what is wanted was worked out from pages.
func (m sameDrives) ofPages() bool { return m.pages }

// orderAlone holds where the same drives are listed in another order.
func (m sameDrives) orderAlone(actual any) bool {
	drives, err := m.drives(actual)
	if err != nil || !m.ordered {
		return false
	}
	lacking, surplus := m.sets(drives)
	return len(lacking) == 0 && len(surplus) == 0
}

func (m sameDrives) FailureMessage(actual any) string { return message(m, actual) }

func (m sameDrives) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// NotList matches a list of anything but exactly these drives.
func NotList(drives []Drive, from List, there string) types.GomegaMatcher {
	return unlike{exactlyThese(drives, from, there)}
}

type unlike struct{ sameDrives }

func (m unlike) Match(actual any) (bool, error) {
	same, err := m.sameDrives.Match(actual)
	return err == nil && !same, err
}

func (m unlike) explain(actual any) reports.Finding {
	drives, err := m.drives(actual)
	if err != nil {
		return unsaid(inWords(m.there, ""), err)
	}
	return reports.Finding{Expected: m.there, Differences: naming("listed", drives)}
}

// BeListedOnceIn matches a drive that the list names once.
func BeListedOnceIn(list List) types.GomegaMatcher {
	m := listedOnce{list: list, times: &timesListed{}}
	for _, drive := range list.Drives {
		*m.times.at(drive)++
	}
	return m
}

type listedOnce struct {
	list  List
	times *timesListed
}

// timesListed is how often a list names a drive.
type timesListed struct {
	perUUID
	several map[string][]Drive // by uuid, what is not listed once; nil as long as nobody asked for it
}

func (m listedOnce) entries(actual any) []Drive {
	drive, _ := actual.(Drive)
	if *m.times.at(drive) == 1 {
		return only(m.list.Drives, func(d Drive) bool { return d.UUID == drive.UUID })
	}
	if m.times.several == nil {
		m.times.several = map[string][]Drive{}
		for _, d := range m.list.Drives {
			if *m.times.at(d) > 1 {
				m.times.several[d.UUID] = append(m.times.several[d.UUID], d)
			}
		}
	}
	return m.times.several[drive.UUID]
}

func (m listedOnce) Match(actual any) (bool, error) {
	drive, _ := actual.(Drive)
	return *m.times.at(drive) == 1, nil
}

func (m listedOnce) explain(actual any) reports.Finding {
	var indexes []int
	for _, drive := range m.entries(actual) {
		indexes = append(indexes, drive.Index)
	}
	return inWords("listed once", fmt.Sprintf("listed %d times, at the indexes %v", len(indexes), indexes))
}

func (m listedOnce) against() *evidence.Exchange {
	if m.ofPages() {
		return m.list.Exchange()
	}
	return nil
}

// ofPages holds where the list was put together from pages.
func (m listedOnce) ofPages() bool { return len(m.list.Parts) > 1 }

// mayHaveMoved holds where a drive is on two pages of the list.
func (m listedOnce) mayHaveMoved(actual any) bool {
	at := m.entries(actual)
	return len(at) > 0 && at[0].From != at[len(at)-1].From
}

// orderAlone never holds: it is how often the drive is listed that differs.
func (m listedOnce) orderAlone(any) bool { return false }

func (m listedOnce) FailureMessage(actual any) string { return message(m, actual) }

func (m listedOnce) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// listMatch is a matcher of a list, or of an answer that is one, that says what is not as it should be in it.
type listMatch struct {
	expected string
	wrong    func(listed []Drive) []reports.Difference
}

func (m listMatch) Match(actual any) (bool, error) {
	listed, err := sameDrives{ordered: true}.drives(actual)
	return err == nil && len(m.wrong(listed)) == 0, err
}

func (m listMatch) explain(actual any) reports.Finding {
	listed, err := sameDrives{ordered: true}.drives(actual)
	if err != nil {
		return unsaid(inWords(m.expected, ""), err)
	}
	return reports.Finding{Expected: m.expected, Differences: m.wrong(listed)}
}

func (m listMatch) FailureMessage(actual any) string { return message(m, actual) }

func (m listMatch) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// BeAList matches an answer, or all the answers of a list, that are 200 with a JSON object with an array `objects`.
func BeAList() types.GomegaMatcher {
	return listMatch{"200 with an object that has an array `objects`", func([]Drive) []reports.Difference { return nil }}
}

// NameNoneOf matches a list that names none of these drives.
func NameNoneOf(drives []Drive) types.GomegaMatcher {
	return listMatch{"no library drive", func(listed []Drive) []reports.Difference {
		if len(listed) == 0 {
			return nil
		}
		var there perUUID
		for _, drive := range listed {
			*there.at(drive) = 1
		}
		var shown []Drive
		for _, drive := range drives {
			if *there.at(drive) > 0 {
				shown = append(shown, drive)
			}
		}
		return naming("library drive", shown)
	}}
}

// NameAllOf matches a list that names all of these drives.
func NameAllOf(drives []Drive) types.GomegaMatcher {
	return listMatch{"all drives that were there before", func(listed []Drive) []reports.Difference {
		lacking, _ := sameDrives{want: drives}.sets(listed)
		return naming("missing", lacking)
	}}
}

// NameDrive matches a list that names the drive.
func NameDrive(uuid string) types.GomegaMatcher {
	expected := "drive " + uuid + " in it"
	return listMatch{expected, func(listed []Drive) []reports.Difference {
		if slices.ContainsFunc(listed, func(d Drive) bool { return d.UUID == uuid }) {
			return nil
		}
		return inWords(expected, Amount(len(listed))+", and it is none of them").Differences
	}}
}

// NotNameDrive matches a list that does not name the drive.
func NotNameDrive(uuid string) types.GomegaMatcher {
	return nameNone("no drive "+uuid+" in it", func(d Drive) bool { return d.UUID == uuid })
}

// NameNoDrive matches a list without a drive that has the name.
func NameNoDrive(name string) types.GomegaMatcher {
	return nameNone(fmt.Sprintf("no drive named %q in it", name), func(d Drive) bool { return d.Name == name })
}

func nameNone(expected string, is func(Drive) bool) types.GomegaMatcher {
	return listMatch{expected, func(listed []Drive) []reports.Difference { return naming("in it", only(listed, is)) }}
}

// only are those of the drives that are so.
func only(drives []Drive, is func(Drive) bool) []Drive {
	return slices.DeleteFunc(slices.Clone(drives), func(d Drive) bool { return !is(d) })
}
