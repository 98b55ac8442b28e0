package judge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// namesDrives matches an answer in XML that tells of exactly some drives, in any order, each of them as it should.
type namesDrives struct {
	want   []Drive
	from   *evidence.Exchange
	there  string
	differ func(want, found Drive) []reports.Difference // nil where only their uuids count
}

// TellInXML matches an answer in XML that tells of exactly the drives of an answer in JSON, in any order, each with its uuid,
// name, media, size and number of licences.
func TellInXML(drives []Drive, from *evidence.Exchange) types.GomegaMatcher {
	return namesDrives{drives, from, "the drives of the JSON answer", unlikeJSON}
}

// NameInXML matches an answer in XML that names exactly these drives, in any order; there says what they are.
func NameInXML(drives []Drive, from *evidence.Exchange, there string) types.GomegaMatcher {
	return namesDrives{want: drives, from: from, there: there}
}

// BeLikeInXML matches an answer in XML that tells the same as another one, each drive with the same values.
func BeLikeInXML(other Answer) types.GomegaMatcher {
	var drives []Drive
	if !other.Pending() {
		drives, _ = other.XML() // that it is well-formed is for FORMAT-02 to say
	}
	return namesDrives{drives, other.Exchange, other.name(), func(want, found Drive) []reports.Difference {
		return differences(want.JSON(), found.JSON(), Volatile...)
	}}
}

func (m namesDrives) judgesStatus() {}

func (m namesDrives) against() *evidence.Exchange { return m.from }

// inXMLFormat is an answer that is XML; the error says why it is none.
func inXMLFormat(actual any) (Answer, error) {
	a, ok := actual.(Answer)
	if !ok {
		return Answer{}, errors.New("only an answer is XML")
	}
	if a.Status() != 200 || a.format() != "XML" {
		return Answer{}, fmt.Errorf("%s with %s", statusOf(a), a.format())
	}
	return a, nil
}

// look is what differs; the error says why nothing can be told.
func (m namesDrives) look(actual any) ([]reports.Difference, error) {
	a, err := inXMLFormat(actual)
	if err != nil {
		return nil, err
	}
	found, err := a.XML()
	if err != nil {
		return nil, fmt.Errorf("XML that is not well-formed: %w", err)
	}
	lacking, surplus := sameDrives{want: m.want, ordered: true}.sets(found)
	differ := append(naming("missing", lacking), naming("too many", surplus)...)
	if len(differ) > 0 || m.differ == nil {
		return differ, nil
	}
	entries := List{Drives: found}.Index()
	for _, want := range m.want {
		entry, _ := entries.Get(want.UUID)
		for _, d := range m.differ(want, entry) {
			d.Drive = want.Subject()
			differ = append(differ, d)
		}
	}
	return differ, nil
}

func (m namesDrives) Match(actual any) (bool, error) {
	differ, err := m.look(actual)
	return err == nil && len(differ) == 0, nil
}

func (m namesDrives) explain(actual any) reports.Finding {
	differ, err := m.look(actual)
	expected := fmt.Sprintf("XML that tells %s (%s)", m.there, Amount(len(m.want)))
	if err != nil {
		return inWords(expected, err.Error())
	}
	const most = 10
	return reports.Finding{Expected: expected, Differences: differ[:min(most, len(differ))]}
}

func (m namesDrives) FailureMessage(actual any) string { return message(m, actual) }

func (m namesDrives) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// unlikeJSON is what of a drive in XML is not as in JSON, of what both are sure to tell.
func unlikeJSON(inJSON, found Drive) (differ []reports.Difference) {
	if laidIn(inJSON.Name) != laidIn(found.Name) {
		differ = append(differ, differing("name", fmt.Sprintf("%q", inJSON.Name), fmt.Sprintf("%q", found.Name)))
	}
	if want, got := inJSON.Field("media"), found.Field("media"); want.Str != laidIn(got.Str) {
		differ = append(differ, differing("media", Show(want), Show(got)))
	}
	if want, got := inJSON.Field("size"), found.Field("size"); want.Type == gjson.Number && !sameNumber(want.Raw, strings.TrimSpace(got.Str)) {
		differ = append(differ, differing("size", Show(want), Show(got)))
	}
	if want, got := len(inJSON.Field("licenses").Array()), licencesInXML(found.Field("licenses")); want != got {
		differ = append(differ, differing("licenses", fmt.Sprintf("%d entries", want), fmt.Sprintf("%d entries", got)))
	}
	return differ
}

// licencesInXML is how many licences an element tells of. How its entries are called is left open: each has an amount, or
// else what stands right below it is counted.
func licencesInXML(element gjson.Result) int {
	if n := withAmount(element); n > 0 {
		return n
	}
	n := 0
	element.ForEach(func(_, value gjson.Result) bool {
		if value.IsArray() {
			n += len(value.Array())
		} else {
			n++
		}
		return true
	})
	if !element.IsObject() && !element.IsArray() && strings.TrimSpace(element.Str) == "" {
		return 0
	}
	return n
}

// sameLicencesInXML reports whether one of two elements says the address of a licence in place of the licence, and both tell the
// same licences by address and amount.
func sameLicencesInXML(a, b gjson.Result) bool {
	as, bs := entriesInXML(nil, a), entriesInXML(nil, b)
	if !bareLicence(as) && !bareLicence(bs) {
		return false // they are compared in full
	}
	as, bs = byAddress(as), byAddress(bs)
	return len(as) == len(bs) && len(unshared(as, bs)) == 0
}

// entriesInXML are the entries of an element that holds licences, however they are called: what has an amount and a licence.
func entriesInXML(entries []gjson.Result, v gjson.Result) []gjson.Result {
	if v.IsObject() && v.Get("amount").Exists() && v.Get("license").Exists() {
		return append(entries, v)
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			entries = entriesInXML(entries, inside)
			return true
		})
	}
	return entries
}

// withAmount counts what has an amount.
func withAmount(v gjson.Result) (n int) {
	if v.IsObject() && Members(v)["amount"].Exists() {
		return 1
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			n += withAmount(inside)
			return true
		})
	}
	return n
}

// ToldInXML are the drives of an answer where that is 200 with XML that is well-formed.
func (a Answer) ToldInXML() ([]Drive, error) {
	if a.Pending() || a.Status() != 200 || a.format() != "XML" {
		return nil, errors.New("it is not answered in XML")
	}
	return a.XML()
}

// HoldOnly matches a drive in XML that has the fields of the names, and no other documented field that says what the drive's entry in
// the whole list says. An attribute of an element may be called as a field is.
func HoldOnly(whole List, documented []string, names ...string) types.GomegaMatcher {
	entries := whole.Index()
	keys := func(v gjson.Result) (found []string) {
		told := Members(v)
		entry, _ := entries.Get(strings.TrimSpace(told["uuid"].Str))
		for _, field := range documented {
			value := told[field]
			text := strings.TrimSpace(value.Str)
			if slices.Contains(names, field) && value.Exists() || value.IsObject() || value.IsArray() || text != "" && text == entry.Field(field).String() {
				found = append(found, field)
			}
		}
		return found
	}
	return match{
		expected: "of the documented fields exactly " + strings.Join(names, ", "),
		holds: func(v gjson.Result) bool {
			found, want := keys(v), slices.Sorted(slices.Values(names))
			slices.Sort(found)
			return slices.Equal(found, want)
		},
		found: func(v gjson.Result) string { return Clip(strings.Join(keys(v), ", ")) },
	}
}

// BeFilledIn matches an element that holds a text and no elements.
func BeFilledIn() types.GomegaMatcher {
	return match{expected: "a text", holds: func(v gjson.Result) bool { return v.Type == gjson.String && strings.TrimSpace(v.Str) != "" }}
}

// TellAllAsIn matches what an answer in XML tells of a drive that is the same as in the drive's entry of the list in JSON, in every
// documented field that does not change by itself. That it names no owner is OWNER-05's.
func (lib *Library) TellAllAsIn(list List) types.GomegaMatcher {
	m := TellAsIn(list).(toldAsIn)
	m.fields = lib.atRest()
	return m
}

// TellAsIn matches what an answer in XML tells of a drive that is the same as in the drive's entry of the list in JSON: its name,
// media, size and licences.
func TellAsIn(list List) types.GomegaMatcher { return toldAsIn{entries: list.Index(), of: list} }

type toldAsIn struct {
	entries *Index
	of      List
	fields  []string // that are compared beside
}

func (m toldAsIn) differences(actual any) []reports.Difference {
	a, is := actual.(Appearance)
	if !is {
		return nil
	}
	entry, listed := m.entries.entryOf(a.Drive)
	if !listed {
		return nil // which drives are told is for others to say
	}
	differ := unlikeJSON(entry, a.Drive)
	if len(differ) > 0 {
		return differ
	}
	want, got := licencesByAddress(entry.Field("licenses").Array()), licencesByAddress(entriesInXML(nil, a.Field("licenses")))
	if want != got && got != "" && strings.Contains(got, "/") {
		differ = append(differ, differing("licenses", want, got))
	}
	for _, field := range m.fields {
		if value := entry.Field(field); value.Exists() && len(differ) == 0 {
			differ = unlikeInXML(differ, field, value, a.Field(field))
		}
	}
	return differ
}

// licencesByAddress says which licences entries are of, by address and amount, in order.
func licencesByAddress(entries []gjson.Result) string {
	texts := make([]string, len(entries))
	for i, entry := range entries {
		texts[i] = fmt.Sprintf("%s × %s", strings.TrimSpace(LicenceURI(entry)), strings.TrimSpace(entry.Get("amount").String()))
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

func (m toldAsIn) Match(actual any) (bool, error) { return len(m.differences(actual)) == 0, nil }

func (m toldAsIn) explain(actual any) reports.Finding {
	return reports.Finding{
		Expected: "the same as in " + m.of.Name, Compared: &reports.Sides{There: m.of.Name, Here: "this answer"}, Differences: m.differences(actual),
	}
}

func (m toldAsIn) against() *evidence.Exchange { return m.of.Exchange() }

func (m toldAsIn) FailureMessage(actual any) string { return message(m, actual) }

func (m toldAsIn) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// NameNoneInXML matches an answer in XML that names none of these drives. What is no XML names none: that it is to be is for
// others to say.
func NameNoneInXML(drives []Drive) types.GomegaMatcher {
	return AnswerMatch{expected: "no library drive", look: func(a Answer) (string, bool) {
		found, err := a.XML()
		if a.format() != "XML" || err != nil {
			return "no XML", true
		}
		listed := List{Drives: found}.Index()
		for _, drive := range drives {
			if _, is := listed.Get(drive.UUID); is {
				return drive.Title(), false
			}
		}
		return "none", true
	}}
}

// NameNobody matches an owner as XML tells it: none at all, or an element in which nobody is named.
func NameNobody() types.GomegaMatcher {
	return match{expected: "an element without content, or none", holds: func(v gjson.Result) bool { return !names(v) }}
}

// NameSomebody matches an element in which somebody is named.
func NameSomebody() types.GomegaMatcher {
	return match{expected: "an element that names somebody", holds: names}
}

// names reports whether some text stands in an element that is more than a word for nothing.
func names(v gjson.Result) (named bool) {
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			named = names(inside)
			return !named
		})
		return named
	}
	switch strings.ToLower(strings.TrimSpace(v.Str)) {
	case "", "null", "none", "nil":
		return false
	}
	return true
}
