package judge

import (
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// fields are those of a drive. Filters and comparisons look at the same ones again and again. The text that they stand in is
// in the store, or, where nobody else has it, here.
type fields struct {
	*named
	in    *place
	held  *heldText // where it is no entry of the store
	known *[]uint16 // by the number of a field, that of its value; see values
	entry evidence.Entry
}

// heldText is the text of fields that is no entry of a store: it is here, or, where that is long, a body of its own.
type heldText struct {
	value gjson.Result
	body  evidence.Body
}

// isHere reports whether the text is in no store.
func (h *heldText) isHere() bool { return h != nil && h.body.Store() == nil }

// place is where entries are, and where what is known of them is.
type place struct {
	*parsed
	store *evidence.Store
}

// named is what a drive is told by, which many answers have in common.
type named struct {
	strings [2]bool // whether uuid and name are strings
	number  uint32  // of the uuid; 0 where it has none
	texts   [2]string
	lower   string // the name in small letters
	next    *named // another that has the uuid
}

// The fields that every list is told by.
const (
	uuidText = iota
	nameText
)

// fieldsHeld are the fields of a value that is in no store.
func fieldsHeld(of gjson.Result) *fields {
	name := nameOf(of)
	for i, text := range name.texts { // findings name drives, and would hold all of the answer
		name.texts[i] = strings.Clone(text)
	}
	return &fields{held: &heldText{value: of}, named: &name}
}

// nameOf is the uuid and the name of a definition.
func nameOf(of gjson.Result) (n named) {
	for i, name := range [...]string{"uuid", "name"} {
		value := of.Get(name)
		n.texts[i], n.strings[i] = value.String(), value.Type == gjson.String
	}
	return n
}

// DriveOf is a drive as a value defines it that no list holds.
func DriveOf(definition gjson.Result, from *evidence.Exchange) Drive {
	f := fieldsHeld(definition)
	return Drive{UUID: f.texts[uuidText], Name: f.texts[nameText], From: from, fields: f}
}

// JSON is the drive's definition.
func (d Drive) JSON() gjson.Result {
	if d.fields == nil {
		return gjson.Result{}
	}
	return d.fields.json()
}

func (f *fields) json() gjson.Result {
	if f.held.isHere() {
		return f.held.value
	}
	p := f.in
	if f.held == nil {
		if value, kept := p.read.entry(p.store, f.entry); kept {
			return value
		}
	}
	p.latest.Lock()
	defer p.latest.Unlock()
	if p.latest.of != f {
		p.latest.of, p.latest.json = f, gjson.Parse(withoutMark(f.text()))
	}
	return p.latest.json
}

// text is what stands in the store.
func (f *fields) text() string {
	if f.held != nil {
		return string(f.held.body.Bytes())
	}
	return f.in.store.String(f.entry)
}

func withoutMark(text string) string { return strings.TrimPrefix(text, byteOrderMark) }

// latest is what was read back last: who looks at a drive looks at many of its fields.
type latest struct {
	sync.Mutex
	of   *fields
	json gjson.Result
}

// sameText reports whether both are defined in the same words. The store has each text once, so that its entries need not be read
// back.
func (d Drive) sameText(other Drive) bool {
	if d.fields.isEntry() && other.fields.isEntry() && d.fields.in == other.fields.in {
		return d.fields == other.fields
	}
	return d.fields != nil && d.fields == other.fields || d.JSON().Raw == other.JSON().Raw
}

// at is the value at a path of the definition. Where that is the name of a field, it may be at hand.
func (d Drive) at(path string) gjson.Result {
	if strings.ContainsFunc(path, func(r rune) bool { return r < 'a' && r != '_' || r > 'z' }) {
		return d.JSON().Get(path)
	}
	return d.Field(path)
}

// Look is what there is to look at in the drive.
func (d Drive) Look() *fields {
	if d.fields == nil {
		return fieldsHeld(gjson.Result{})
	}
	return d.fields
}

// Field is a field's value, of a key that is given twice the first. It does not exist where the drive has none.
func (d Drive) Field(name string) gjson.Result { return d.Look().value(name) }

func (f *fields) value(name string) gjson.Result {
	if known := f.find(name); known != nil {
		return known.value
	}
	return member(f.json(), name)
}

// member is the first value of a key.
func member(of gjson.Result, name string) (value gjson.Result) {
	if of.IsObject() {
		of.ForEach(func(key, v gjson.Result) bool {
			if key.Str == name {
				value = v
				return false
			}
			return true
		})
	}
	return value
}

// find is a field's value as many drives have it; nil where it is too long for that, or the fields are in no store.
func (f *fields) find(name string) *knownValue {
	if f.held.isHere() {
		return nil
	}
	f.in.mu.Lock()
	defer f.in.mu.Unlock()
	v := &f.in.values
	at := v.field(name)
	if at < 0 {
		return nil
	}
	if number := f.numberAt(at); number != tooLong {
		return v.all[number]
	}
	return nil
}

// numberAt is the number of the value of a field, by the field's number. The caller holds the lock.
func (f *fields) numberAt(field int) uint16 {
	if f.known == nil || field >= len(*f.known) {
		f.known = f.in.values.row(f.json())
	}
	return (*f.known)[field]
}

// row is the number of the value of each field that anybody asks for. Drives that are alike have one and the same. The caller
// holds the lock.
func (v *values) row(of gjson.Result) *[]uint16 {
	absent := v.number(0, gjson.Result{})
	row := v.room[:len(v.names)]
	for i := range row {
		row[i] = absent
	}
	var seen uint64
	if of.IsObject() {
		of.ForEach(func(key, value gjson.Result) bool {
			if at, asked := v.names[key.Str]; asked && seen&(1<<at) == 0 {
				seen |= 1 << at
				row[at] = v.number(at, value)
			}
			return true
		})
	}
	text := v.text[:0]
	for _, number := range row {
		text = append(text, byte(number), byte(number>>8))
	}
	if known := v.rows[string(text)]; known != nil {
		return known
	}
	own := slices.Clone(row)
	if len(v.rows) < mostRows {
		v.rows[string(text)] = &own
	}
	return &own
}

// Strings are a field's strings: the value itself, or the entries of a list field. null has none. They are shared.
func (f *fields) Strings(name string) []string {
	for i, own := range [...]string{"uuid", "name"} {
		if name == own {
			if !f.strings[i] {
				break
			}
			return f.texts[i : i+1 : i+1]
		}
	}
	if known := f.find(name); known != nil {
		return known.texts
	}
	return stringsOf(f.value(name))
}

// stringsOf are the strings of a value.
func stringsOf(v gjson.Result) (texts []string) {
	switch {
	case v.Type == gjson.String:
		texts = append(texts, v.Str)
	case v.IsArray():
		for _, entry := range v.Array() {
			if entry.Type == gjson.String {
				texts = append(texts, entry.Str)
			}
		}
	}
	return texts
}

// Lowered is a field's text in small letters; empty where it is none.
func (f *fields) Lowered(name string) string {
	if name == "name" && !f.held.isHere() && f.strings[nameText] {
		return f.lower
	}
	if known := f.find(name); known != nil {
		return known.lower
	}
	return strings.ToLower(f.value(name).Str)
}

// values are those of fields, each once: most drives of a library have the same few. They are bounded, for an endpoint chooses
// what it says.
type values struct {
	names map[string]int // the fields that were asked for
	texts map[string]uint16
	all   []*knownValue
	of    [mostFields]int // how many of them were seen of a field first
	long  [mostFields]int // how many bytes those of them have that are long
	rows  map[string]*[]uint16
	room  [mostFields]uint16
	text  [2 * mostFields]byte
}

// knownValue is a value with what is asked of it again and again.
type knownValue struct {
	value gjson.Result
	texts []string
	lower string
}

// The bounds of the values that are known, and what stands for one that is not.
const (
	mostFields   = 60
	mostRows     = 50_000
	mostKnown    = 1_000 // of one field: what has more differs from drive to drive
	shortKnown   = 200
	longestKnown = 4 << 10
	mostLong     = 32 << 10 // bytes of the long ones of one field: many drives have the same few licences

	tooLong = 0
	mostAll = 1 << 16 // numbers
)

// often are fields whose values many drives have, and that filters and comparisons ask for: they are looked for in a drive when it is
// looked at first. To find another one, all of the drive is read again.
var often = [...]string{
	"affinities", "allow_multimount", "arch", "category", "distribution", "favourite", "image_type", "jobs", "licenses", "media", "meta", "mounted_on",
	"os", "owner", "paid", "size", "status", "storage_type", "tags", "version",
}

func newValues() values {
	names := make(map[string]int, mostFields)
	for at, name := range often {
		names[name] = at
	}
	return values{names: names, texts: map[string]uint16{}, all: make([]*knownValue, tooLong+1), rows: map[string]*[]uint16{}}
}

// field is the number of a field; negative where there are too many.
func (v *values) field(name string) int {
	at, known := v.names[name]
	if !known {
		if at = len(v.names); at == mostFields {
			return -1
		}
		v.names[name] = at
	}
	return at
}

// number is that of a value; tooLong where it is not known by one.
func (v *values) number(field int, value gjson.Result) uint16 {
	if known, is := v.texts[value.Raw]; is {
		return known
	}
	if v.of[field] == mostKnown || len(v.all) == mostAll {
		return tooLong
	}
	if size := len(value.Raw); size > shortKnown {
		if size > longestKnown || v.long[field]+size > mostLong {
			return tooLong
		}
		v.long[field] += size
	}
	v.of[field]++
	own := gjson.Parse(strings.Clone(value.Raw))
	v.texts[own.Raw] = uint16(len(v.all))
	v.all = append(v.all, &knownValue{value: own, texts: stringsOf(own), lower: strings.ToLower(own.Str)})
	return uint16(len(v.all) - 1)
}

// TextsOf are the strings that a field has in drives that are alike in it, and how many these are: the drives together, in the order in
// which the first of them stand.
type TextsOf struct {
	Texts []string
	Count int
}

// GroupTexts are the strings of a field of drives. To look at each of many drives by itself takes long.
func GroupTexts(drives []Drive, field string) (groups []TextsOf) {
	var known byNumber[int32] // where the drives with a value are among these, from 1 on
	EachTexts(drives, field, func(_ int, value uint16, texts []string) {
		if value == 0 {
			if len(texts) > 0 {
				groups = append(groups, TextsOf{texts, 1})
			}
			return
		}
		at := known.of(uint32(value))
		if *at == 0 {
			groups = append(groups, TextsOf{Texts: texts})
			*at = int32(len(groups))
		}
		groups[*at-1].Count++
	})
	return groups
}

// EachTexts goes through drives with the strings that each has in a field. Those for which value is the same number above 0 have the
// same: what is worked out of them is worked out once.
func EachTexts(drives []Drive, field string, look func(at int, value uint16, texts []string)) {
	const atOnce = 64
	var known [atOnce]uint16
	var of [atOnce]*knownValue
	for from := 0; from < len(drives); from += atOnce {
		some := drives[from:min(from+atOnce, len(drives))]
		clear(known[:])
		if field != "uuid" && field != "name" {
			findAll(some, field, known[:], of[:])
		}
		for i, drive := range some {
			if known[i] != 0 {
				look(from+i, known[i], of[i].texts)
			} else {
				look(from+i, 0, drive.Look().Strings(field))
			}
		}
	}
}

// findAll is find for some drives, as far as these are in the store of the first of them: the numbers of the values, and these.
func findAll(drives []Drive, field string, known []uint16, of []*knownValue) {
	first := drives[0].Look()
	if first.held.isHere() {
		return
	}
	p := first.in
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.values.field(field)
	if at < 0 {
		return
	}
	for i, drive := range drives {
		if f := drive.fields; f != nil && !f.held.isHere() && f.in == p {
			known[i] = f.numberAt(at)
			of[i] = p.values.all[known[i]]
		}
	}
}
