package judge

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// toldAlike matches an answer in XML that tells the same as an answer in JSON.
type toldAlike struct {
	json   []gjson.Result // what the answer tells: of a list its entries, else one
	meta   gjson.Result   // of a list
	shared bool           // only what both tell of is compared: others may make some more, and take some away
	name   string
	from   *evidence.Exchange
	fields []string
}

// TellAsJSON matches an answer in XML that tells of each thing of an answer in JSON the same, in the fields that are named. How the
// elements are called that are no fields is left open, and so is how what is empty or null is told.
func TellAsJSON(told Answer, fields ...string) types.GomegaMatcher {
	m := toldAlike{name: told.name() + " in JSON", from: told.Exchange, fields: fields}
	if !told.Pending() && told.Problem() == "" {
		m.json = definitionsIn(told.JSON())
		if told.isList() {
			m.meta = told.JSON().Get("meta")
		}
	}
	return m
}

// TellMetaAsJSON is TellAsJSON of the meta of two lists alone.
func TellMetaAsJSON(told Answer) types.GomegaMatcher {
	m := TellAsJSON(told).(toldAlike)
	m.json = nil
	return m
}

// TellSharedAsJSON is TellAsJSON of what both answers tell of.
func TellSharedAsJSON(told Answer, fields ...string) types.GomegaMatcher {
	m := TellAsJSON(told, fields...).(toldAlike)
	m.shared = true
	return m
}

// TellAsDefined is TellAsJSON of one thing, as a definition in JSON tells it.
func TellAsDefined(one Drive, name string, fields ...string) types.GomegaMatcher {
	return toldAlike{json: []gjson.Result{one.JSON()}, name: name, from: one.From, fields: fields}
}

func (m toldAlike) judgesStatus() {}

func (m toldAlike) against() *evidence.Exchange { return m.from }

// differences are what differs; the error says why nothing can be told.
func (m toldAlike) differences(actual any) (found []reports.Difference, err error) {
	a, err := inXMLFormat(actual)
	if err != nil {
		return nil, err
	}
	root, err := a.xmlTree()
	if err != nil {
		return nil, fmt.Errorf("XML that is not well-formed: %w", err)
	}
	entries := identifiedIn(nil, root, m.fields)
	if !m.shared && len(m.fields) > 0 && len(entries) != len(m.json) {
		return []reports.Difference{differing("", Amount(len(m.json)), Amount(len(entries)))}, nil
	}
	if meta := Members(root)["meta"]; m.meta.IsObject() {
		if !tellsAnywhere(root, "total_count") { // how XML calls what is around it is left open
			found = append(found, differing("meta", Show(m.meta), absent))
		}
		for _, field := range []string{"limit", "offset", "total_count"} {
			if meta.IsObject() && (!m.shared || field != "total_count") {
				found = unlikeInXML(found, "meta."+field, m.meta.Get(field), Members(meta)[field])
			}
		}
	}
	byID := map[string]gjson.Result{}
	for _, entry := range entries {
		byID[idOf(entry)] = entry
	}
	for _, want := range m.json {
		entry, there := byID[idOf(want)]
		if !there && m.shared {
			continue
		}
		if !there && len(m.json) == 1 && len(entries) == 1 {
			entry, there = entries[0], true
		}
		if !there {
			found = append(found, differing(idOf(want), "an element", absent))
			continue
		}
		told, says := Members(entry), Members(want)
		for _, field := range m.fields {
			if value, is := says[field]; is && !(field == "owner" && !told[field].Exists()) { // that XML may name nobody is OWNER-06's
				at := field
				if len(m.json) > 1 { // that the same field of another one differs later is another difference
					at = idOf(want) + "." + field
				}
				found = unlikeInXML(found, at, value, told[field])
			}
		}
	}
	return found, nil
}

func (m toldAlike) Match(actual any) (bool, error) {
	found, err := m.differences(actual)
	return err == nil && len(found) == 0, nil
}

func (m toldAlike) explain(actual any) reports.Finding {
	found, err := m.differences(actual)
	expected := "XML that tells the same as " + m.name
	if err != nil {
		return inWords(expected, err.Error())
	}
	const most = 10
	return reports.Finding{Expected: expected, Compared: &reports.Sides{There: m.name, Here: "this answer in XML"}, Differences: found[:min(most, len(found))]}
}

func (m toldAlike) FailureMessage(actual any) string { return message(m, actual) }

func (m toldAlike) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// tellsAnywhere reports whether there is an element of a name at any depth.
func tellsAnywhere(v gjson.Result, name string) bool {
	found := false
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(key, inside gjson.Result) bool {
			found = key.Str == name || tellsAnywhere(inside, name)
			return !found
		})
	}
	return found
}

// idOf is what a thing is found by: its uuid, or else its address.
func idOf(v gjson.Result) string {
	for _, field := range []string{"uuid", "resource_uri"} {
		if text := v.Get(field); text.Type == gjson.String && strings.TrimSpace(text.Str) != "" {
			return strings.ToLower(strings.TrimSpace(text.Str))
		}
	}
	return ""
}

// identifiedIn are the elements nearest to the root that have a uuid or an address, and one of the fields beside it.
func identifiedIn(entries []gjson.Result, v gjson.Result, fields []string) []gjson.Result {
	if v.IsObject() && idOf(v) != "" {
		has := 0
		for _, field := range fields {
			if v.Get(Key(field)).Exists() {
				has++
			}
		}
		if has > 1 {
			return append(entries, v)
		}
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			entries = identifiedIn(entries, inside, fields)
			return true
		})
	}
	return entries
}

// xmlTree is the root element of the answer's document. It is read once: what is long is kept in the store, as JSON.
func (a Answer) xmlTree() (gjson.Result, error) {
	const short = 1 << 20
	type tree struct {
		root gjson.Result
		kept evidence.Entry
		err  error
	}
	store, isLong := a.lib.Record.Store(), a.Exchange.Response.Body.Len() > short
	known := Once(a.lib.Evaluator, fmt.Sprintf("the elements of exchange %d", a.Exchange.Number), func() tree {
		root, err := xmlTree(a.Body())
		if isLong && err == nil {
			return tree{kept: store.Keep([]byte(root.Raw))}
		}
		return tree{root: root, err: err}
	})
	if isLong && known.err == nil {
		return gjson.Parse(store.String(known.kept)), nil
	}
	return known.root, known.err
}

// xmlTree is the root element of a document: texts, fields by their names, and those of one name in a list.
func xmlTree(body []byte) (gjson.Result, error) {
	decoder := xml.NewDecoder(strings.NewReader(withoutMark(string(body))))
	decoder.CharsetReader = inASCII
	var open []*element
	var root *element
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = unreadable(token)
		}
		if err != nil {
			return gjson.Result{}, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) == maxXMLDepth || root != nil && len(open) == 0 {
				return gjson.Result{}, errors.New("it nests too deep, or has more than one root")
			}
			e := newElement(token, len(open))
			if len(open) > 0 {
				open[len(open)-1].inside = append(open[len(open)-1].inside, e)
			} else {
				root = e
			}
			open = append(open, e)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if root == nil {
		return gjson.Result{}, errors.New("it has no root")
	}
	return gjson.ParseBytes(asJSON(root.value())), nil
}

// unlikeInXML are the places in which an element tells something else than a value in JSON.
func unlikeInXML(found []reports.Difference, at string, want, got gjson.Result) []reports.Difference {
	differs := func() []reports.Difference { return append(found, differing(at, Show(want), Show(got))) }
	switch {
	case isNothing(want):
		if names(got) {
			return differs()
		}
		return found
	case want.IsArray():
		return unlikeEntries(found, at, want.Array(), got)
	case want.IsObject():
		address := want.Get("resource_uri").Str
		if !got.IsObject() {
			if address != "" && got.Str == address && strings.Contains(address, want.Get("uuid").Str) {
				return found // a related resource is told by its address or by data
			}
			return differs()
		}
		told := Members(got)
		want.ForEach(func(key, value gjson.Result) bool {
			if isFieldName(key.Str) && (told[key.Str].Exists() || !slices.Contains(annotations[:], key.Str)) {
				found = unlikeInXML(found, join(at, key.Str), value, told[key.Str])
			}
			return true
		})
		return found
	case got.IsObject() && want.Type == gjson.String && got.Get("resource_uri").Str == want.Str && want.Str != "":
		return found
	case got.Type != gjson.String || !tellsScalar(want, got.Str):
		return differs()
	}
	return found
}

// unlikeEntries compares the entries of a list, in any order. How their elements are called is left open.
func unlikeEntries(found []reports.Difference, at string, want []gjson.Result, got gjson.Result) []reports.Difference {
	var entries []gjson.Result
	if want[0].IsObject() {
		entries = entriesLike(nil, got, Members(want[0]))
	} else {
		entries = textsIn(nil, got)
	}
	if len(entries) != len(want) {
		return append(found, differing(at, fmt.Sprintf("%d entries", len(want)), fmt.Sprintf("%d entries", len(entries))))
	}
	for i, one := range want {
		like := slices.IndexFunc(entries, func(entry gjson.Result) bool { return len(unlikeInXML(nil, "", one, entry)) == 0 })
		if like < 0 {
			return append(found, differing(fmt.Sprintf("%s[%d]", at, i), Show(one), Show(got)))
		}
		entries = slices.Delete(entries, like, like+1)
	}
	return found
}

// entriesLike are the elements that have two of the fields of an entry, or the only one, and those beside them that are called alike
// and have none of these: each is an entry too, which tells nothing or something else.
func entriesLike(entries []gjson.Result, v gjson.Result, fields map[string]gjson.Result) []gjson.Result {
	if v.IsObject() {
		has := 0
		for field := range Members(v) {
			if _, is := fields[field]; is {
				has++
			}
		}
		if has >= min(2, len(fields)) {
			return append(entries, v)
		}
	}
	if v.IsObject() || v.IsArray() {
		var others []gjson.Result
		before := len(entries)
		v.ForEach(func(_, inside gjson.Result) bool {
			n := len(entries)
			if entries = entriesLike(entries, inside, fields); len(entries) == n && v.IsArray() {
				others = append(others, inside)
			}
			return true
		})
		if len(entries) > before {
			entries = append(entries, others...)
		}
	}
	return entries
}

// textsIn are the texts in an element, at any depth.
func textsIn(texts []gjson.Result, v gjson.Result) []gjson.Result {
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			texts = textsIn(texts, inside)
			return true
		})
		return texts
	}
	if v.Exists() && strings.TrimSpace(v.Str) != "" {
		texts = append(texts, v)
	}
	return texts
}

// isNothing reports whether a value in JSON says nothing: null, an empty text, or a list or object in which there is nothing.
func isNothing(v gjson.Result) bool {
	if v.IsArray() || v.IsObject() {
		nothing := true
		v.ForEach(func(_, inside gjson.Result) bool {
			nothing = isNothing(inside)
			return nothing
		})
		return nothing
	}
	return v.Type == gjson.Null || v.Type == gjson.String && laidIn(v.Str) == ""
}

// isFieldName reports whether a key can be the name of an element, so that it is sure to be told under it.
func isFieldName(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) && !strings.HasPrefix(key, "xml")
}

// tellsScalar reports whether a text in XML is what a value in JSON says.
func tellsScalar(want gjson.Result, text string) bool {
	switch want.Type {
	case gjson.String:
		return laidIn(want.Str) == laidIn(text)
	case gjson.Number:
		return sameNumber(want.Raw, strings.TrimSpace(text))
	case gjson.True, gjson.False:
		yes := slices.Contains([]string{"true", "1", "yes"}, strings.ToLower(strings.TrimSpace(text)))
		no := slices.Contains([]string{"false", "0", "no"}, strings.ToLower(strings.TrimSpace(text)))
		return yes && want.Type == gjson.True || no && want.Type == gjson.False
	}
	return false
}

// laidIn is a text as far as XML carries it, as inXML has it, with the white space at its ends unless that holds a line end: then it
// may lay the document out.
func laidIn(text string) string {
	const white = " \t\r\n"
	within := inXML(text)
	if within == "" {
		return ""
	}
	begin, end := text[:len(text)-len(strings.TrimLeft(text, white))], text[len(strings.TrimRight(text, white)):]
	if strings.ContainsAny(begin, "\r\n") {
		begin = ""
	}
	if strings.ContainsAny(end, "\r\n") {
		end = ""
	}
	return begin + within + end
}
