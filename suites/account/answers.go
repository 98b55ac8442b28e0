package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// Definition is what an answer shows of a drive or a server, read as leniently as can be: what a broken endpoint made has to
// be found and removed too.
type Definition struct {
	UUID, Name, Status, Media string
	Size                      int64
	Affinities                int  // how many
	nobodys                   bool // its owner is there and null
	licences                  []json.RawMessage
	jobs, mountedOn           []Definition
	uri                       string
	Drives                    []string // ids of a server's
	drivesReadable            bool     // it says which drives it has, each with an id
}

func ReadDefinition(raw []byte) (Definition, bool) {
	fields, ok := FieldsOf(raw)
	if !ok {
		return Definition{}, false
	}
	s := Definition{
		UUID: TextOf(fields["uuid"]), Name: TextOf(fields["name"]), Status: TextOf(fields["status"]),
		Media: TextOf(fields["media"]), uri: TextOf(fields["resource_uri"]), licences: listOf(fields["licenses"]),
		Affinities: len(listOf(fields["affinities"])),
		nobodys:    string(fields["owner"]) == "null",
		Size:       WholeOf(fields["size"]),
	}
	for _, entry := range listOf(fields["jobs"]) {
		job, _ := ReadDefinition(entry)
		s.jobs = append(s.jobs, job)
	}
	for _, entry := range listOf(fields["mounted_on"]) {
		server, _ := ReadDefinition(entry)
		s.mountedOn = append(s.mountedOn, server)
	}
	if raw := fields["drives"]; raw != nil {
		s.Drives, s.drivesReadable = mountedDrives(raw)
	}
	return s, true
}

// mountedDrives are the ids in a server's drives. readable is false where one of them can't be told.
func mountedDrives(raw json.RawMessage) (ids []string, readable bool) {
	var entries []struct {
		Drive json.RawMessage `json:"drive"`
	}
	if raw[0] != '[' || json.Unmarshal(raw, &entries) != nil {
		return nil, false
	}
	for _, entry := range entries {
		id := TextOf(entry.Drive)
		if one, isObject := ReadDefinition(entry.Drive); isObject {
			id = one.UUID
		} else if segments := strings.Split(strings.Trim(id, "/"), "/"); len(segments) > 1 {
			id = plainID(segments[len(segments)-1]) // a URI
		}
		if id == "" {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// FieldsOf are the fields of a text that is one JSON object; of a key that is given twice the last. Their values are
// parts of the text. Accounts are looked at so often that encoding/json would take a good part of a run.
func FieldsOf(raw []byte) (map[string]json.RawMessage, bool) {
	raw = evidence.WithoutMark(raw)
	decoder := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if begin, err := decoder.ReadToken(); err != nil || begin.Kind() != '{' {
		return nil, false
	}
	fields := map[string]json.RawMessage{}
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, false
		}
		key := name.String()
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, false
		}
		end := int(decoder.InputOffset())
		fields[key] = json.RawMessage(raw[end-len(value) : end : end])
	}
	_, err := decoder.ReadToken()
	_, more := decoder.ReadToken()
	return fields, err == nil && errors.Is(more, io.EOF)
}

// TextOf is a string's text; empty where the value is none. What is no UTF-8 in it is replaced, as everywhere in Go, of
// which the error tells.
func TextOf(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '"' {
		return ""
	}
	text, _ := jsontext.AppendUnquote(nil, raw)
	return string(text)
}

// WholeOf is a number without a fraction, of which 1.0 and 1e3 are some; 0 where the value is none.
func WholeOf(raw json.RawMessage) int64 {
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n
	}
	const most = 1 << 53 // what a float holds exactly
	var f float64
	if json.Unmarshal(raw, &f) != nil || f != math.Trunc(f) || math.Abs(f) > most {
		return 0
	}
	return int64(f)
}

func listOf(raw json.RawMessage) []json.RawMessage {
	if len(raw) == 0 || string(raw) == "[]" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// DefinitionOf is the one resource that an answer shows.
func DefinitionOf(x *evidence.Exchange) (Definition, bool) {
	if !Succeeded(x) {
		return Definition{}, false
	}
	return ReadDefinition(evidence.WithoutMark(x.Response.Body.Bytes()))
}

// DefinitionsOf are the resources in an answer's `objects`, or the one that it is itself; total is what its meta counts.
func DefinitionsOf(x *evidence.Exchange) (objects []Definition, total int, isList bool) {
	if !Succeeded(x) {
		return nil, 0, false
	}
	if of := x.Response.Body; of.IsList() && evidence.CheckJSON(of.Frame(), mostNested) == nil && of.StrictEntries(mostNested) {
		return definitionsIn(of)
	}
	var body struct {
		Meta    json.RawMessage   `json:"meta"`
		Objects []json.RawMessage `json:"objects"`
	}
	if json.Unmarshal(evidence.WithoutMark(x.Response.Body.Bytes()), &body) != nil {
		return nil, 0, false
	}
	if body.Objects == nil {
		if one, ok := ReadDefinition(evidence.WithoutMark(x.Response.Body.Bytes())); ok && one.UUID != "" {
			return []Definition{one}, 1, false
		}
	}
	for _, raw := range body.Objects {
		if one, ok := ReadDefinition(raw); ok {
			objects = append(objects, one)
		}
	}
	return objects, totalIn(body.Meta), body.Objects != nil
}

// mostNested is how deep a list may nest that is read entry by entry; one that nests deeper is read as a whole.
const mostNested = 64

// definitionsIn are the resources in a list, which is read entry by entry: accounts are listed over and over.
func definitionsIn(list evidence.Body) (objects []Definition, total int, isList bool) {
	for _, e := range list.Entries() {
		if one, ok := ReadDefinition(list.Store().Text(e)); ok {
			objects = append(objects, one)
		}
	}
	frame, _ := FieldsOf(list.Frame())
	return objects, totalIn(frame["meta"]), true
}

// totalIn is what a list's meta counts; 0 where it does not.
func totalIn(meta json.RawMessage) int {
	var counts struct {
		Total int `json:"total_count"`
	}
	if json.Unmarshal(meta, &counts) != nil {
		return 0
	}
	return counts.Total
}

// Succeeded reports whether a whole answer came that says so; of no exchange it did not.
func Succeeded(x *evidence.Exchange) bool {
	return x.Status() >= 200 && x.Status() < 300 && x.Failure == ""
}

// Answered says in a few words how a request was answered, with the endpoint's own message where there is one.
func Answered(x *evidence.Exchange) string {
	if x.Response == nil {
		return "got no answer: " + x.Failure
	}
	text := fmt.Sprintf("was answered %d %s", x.Status(), http.StatusText(x.Status()))
	if message := client.Words(x); message != "" {
		text += fmt.Sprintf(" (%q)", message)
	}
	if x.Failure != "" {
		text += ", and " + x.Failure
	}
	return text
}

// listing is a list put together from as many answers as it took.
type listing struct {
	exchanges []*evidence.Exchange
	objects   []Definition
	complete  bool // every answer is a list, and they hold as many as the first one counts
}

// readList asks for a list: limit=0 first, which is everything, and where that is less than its total_count says, the
// pages after it, under "<step> page 2" and so on, until one shows nothing new.
func readList(ask func(step, target string) *evidence.Exchange, step, path string) listing {
	first := ask(step, path+"?limit=0")
	objects, total, isList := DefinitionsOf(first)
	list := listing{exchanges: []*evidence.Exchange{first}, objects: objects}
	size, page := len(objects), 2
	if !isList || size == 0 && total > 0 {
		// Who does not know limit=0 may still answer pages.
		size = evidence.PageSize
		x := ask(fmt.Sprintf("%s page %d", step, page), fmt.Sprintf("%s?limit=%d&offset=0", path, size))
		list.exchanges = append(list.exchanges, x)
		list.objects, total, isList = DefinitionsOf(x)
		page++
	}
	if !isList {
		return list
	}
	seen := map[string]bool{}
	note(seen, list.objects)
	for ; len(list.objects) < total && total <= evidence.MostCounted && page <= evidence.MostPages; page++ {
		x := ask(fmt.Sprintf("%s page %d", step, page), fmt.Sprintf("%s?limit=%d&offset=%d", path, size, len(list.objects)))
		list.exchanges = append(list.exchanges, x)
		more, _, _ := DefinitionsOf(x)
		if !note(seen, more) {
			break
		}
		list.objects = append(list.objects, more...)
	}
	list.complete = len(list.objects) >= total
	return list
}

// note notes what is shown. It reports whether some of it was not seen before.
func note(seen map[string]bool, objects []Definition) (fresh bool) {
	for _, one := range objects {
		if !seen[one.UUID] {
			seen[one.UUID], fresh = true, true
		}
	}
	return fresh
}
