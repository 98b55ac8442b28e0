package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/evidence"
)

// sameDrives compares which drives a list or a page names.
type sameDrives struct {
	want    []Drive
	from    *evidence.Exchange
	there   string // names the other side in the report
	ordered bool
}

// ListSameDrives matches a list, or an answer that is one, that names the same drives as the other in the same order.
func ListSameDrives(other List) types.GomegaMatcher {
	return sameDrives{other.Drives, other.Exchange(), other.Name, true}
}

// ListInOrder matches a list, or an answer that is one, of exactly these drives in this order; there says where the
// order comes from.
func ListInOrder(drives []Drive, from List, there string) types.GomegaMatcher {
	return sameDrives{drives, from.Exchange(), there, true}
}

// ListExactly matches a list, or an answer that is one, of exactly these drives in any order; there says what they are.
func ListExactly(drives []Drive, from List, there string) types.GomegaMatcher {
	return sameDrives{drives, from.Exchange(), there, false}
}

// ListNothing matches a list, or an answer that is one, without any drive.
func ListNothing() types.GomegaMatcher { return sameDrives{there: "an empty list"} }

func (m sameDrives) drives(actual any) ([]Drive, error) {
	switch actual := actual.(type) {
	case List:
		if text := actual.Problem(); text != "" {
			return nil, fmt.Errorf("%s", text)
		}
		return actual.Drives, nil
	case Answer:
		if text := actual.Problem(); text != "" {
			return nil, fmt.Errorf("%s", text)
		}
		if !actual.isList() {
			return nil, fmt.Errorf("the answer has no array `objects`")
		}
		return actual.Drives(), nil
	}
	return nil, fmt.Errorf("only a list names drives")
}

// lacking and surplus are the drives that are missing from the actual, and those that should not be in it.
func (m sameDrives) sets(actual []Drive) (lacking, surplus []Drive) {
	if !m.ordered {
		actual = Unique(actual) // a drive that is listed twice is for LIST-05 and PAGE-02 to say
	}
	count := map[string]int{}
	for _, drive := range actual {
		count[drive.UUID]++
	}
	for _, drive := range m.want {
		if count[drive.UUID] == 0 {
			lacking = append(lacking, drive)
			continue
		}
		count[drive.UUID]--
	}
	for _, drive := range slices.Backward(actual) { // of a drive that is there twice, the later one is too many
		if count[drive.UUID] > 0 {
			count[drive.UUID]--
			surplus = append(surplus, drive)
		}
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

func (m sameDrives) explain(actual any) (expected, found string) {
	expected = fmt.Sprintf("%s (%s)", m.there, Amount(len(m.want)))
	drives, err := m.drives(actual)
	if err != nil {
		return expected, err.Error()
	}
	lacking, surplus := m.sets(drives)
	lines := []string{Amount(len(drives))}
	lines = append(lines, naming("missing", lacking)...)
	lines = append(lines, naming("too many", surplus)...)
	if i := m.outOfPlace(drives); m.ordered && i >= 0 && len(lacking)+len(surplus) == 0 {
		lines = append(lines, fmt.Sprintf("in another order: at index %d stands %s instead of %s", i, drives[i].Title(), m.want[i].Title()))
	}
	return expected, strings.Join(lines, "\n")
}

func Amount(n int) string {
	if n == 1 {
		return "1 drive"
	}
	return fmt.Sprintf("%d drives", n)
}

// naming tells drives one a line, the first ten by name.
func naming(what string, drives []Drive) []string {
	const most = 10
	var lines []string
	for i, drive := range drives {
		if i == most {
			lines = append(lines, fmt.Sprintf("%s: %d more", what, len(drives)-most))
			break
		}
		lines = append(lines, what+": "+drive.Title())
	}
	return lines
}

func (m sameDrives) against() *evidence.Exchange { return m.from }

// aboutExistence holds where two answers were compared: which drives there are, and so their places, may have changed
// between the two.
func (m sameDrives) aboutExistence(actual any) bool {
	_, err := m.drives(actual)
	return err == nil && m.from != nil
}

func (m sameDrives) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m sameDrives) NegatedFailureMessage(actual any) string {
	return "not " + m.FailureMessage(actual)
}

// NotList matches a list of anything but exactly these drives.
func NotList(drives []Drive, from List, there string) types.GomegaMatcher {
	return unlike{sameDrives{drives, from.Exchange(), there, false}}
}

type unlike struct{ sameDrives }

func (m unlike) Match(actual any) (bool, error) {
	same, err := m.sameDrives.Match(actual)
	return err == nil && !same, err
}

func (m unlike) explain(actual any) (expected, found string) {
	drives, err := m.drives(actual)
	if err != nil {
		return m.there, err.Error()
	}
	return m.there, strings.Join(naming("listed", drives), "\n")
}

// BeAList matches an answer, or all the answers of a list, that are 200 with a JSON object with an array `objects`.
func BeAList() types.GomegaMatcher { return beAList{} }

type beAList struct{}

func (beAList) problem(actual any) string {
	_, err := sameDrives{}.drives(actual)
	if err != nil {
		return err.Error()
	}
	return ""
}

func (m beAList) Match(actual any) (bool, error) { return m.problem(actual) == "", nil }

func (m beAList) explain(actual any) (expected, found string) {
	return "200 with an object that has an array `objects`", m.problem(actual)
}

func (m beAList) FailureMessage(actual any) string { return "expected a list: " + m.problem(actual) }

func (m beAList) NegatedFailureMessage(any) string { return "expected no list" }

// NameNoneOf matches a list, or an answer that is one, that names none of these drives.
func NameNoneOf(drives []Drive) types.GomegaMatcher { return nameNoneOf{drives} }

type nameNoneOf struct{ drives []Drive }

func (m nameNoneOf) named(actual any) ([]Drive, error) {
	listed, err := sameDrives{}.drives(actual)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, drive := range listed {
		there[drive.UUID] = true
	}
	return slices.DeleteFunc(slices.Clone(m.drives), func(d Drive) bool { return !there[d.UUID] }), nil
}

func (m nameNoneOf) Match(actual any) (bool, error) {
	named, err := m.named(actual)
	return err == nil && len(named) == 0, err
}

func (m nameNoneOf) explain(actual any) (expected, found string) {
	named, err := m.named(actual)
	if err != nil {
		return "no library drive", err.Error()
	}
	return "no library drive", strings.Join(naming("library drive", named), "\n")
}

func (m nameNoneOf) FailureMessage(actual any) string {
	expected, found := m.explain(actual)
	return fmt.Sprintf("expected %s, found %s", expected, found)
}

func (m nameNoneOf) NegatedFailureMessage(any) string { return "expected some library drive" }

// NameAllOf matches a list that names all of these drives.
func NameAllOf(drives []Drive) types.GomegaMatcher { return nameAllOf{sameDrives{want: drives}} }

type nameAllOf struct{ sameDrives }

func (m nameAllOf) Match(actual any) (bool, error) {
	drives, err := m.drives(actual)
	if err != nil {
		return false, err
	}
	lacking, _ := m.sets(drives)
	return len(lacking) == 0, nil
}

func (m nameAllOf) explain(actual any) (expected, found string) {
	drives, err := m.drives(actual)
	if err != nil {
		return "all drives that were there before", err.Error()
	}
	lacking, _ := m.sets(drives)
	return "all drives that were there before", strings.Join(naming("missing", lacking), "\n")
}
