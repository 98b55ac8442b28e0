package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/libdrives/conformance/suites/evidence"
)

// shown is what an answer shows of a drive or a server, read as leniently as can be: what a broken endpoint made has to
// be found and removed too.
type shown struct {
	uuid, name, status, media string
	size                      int64
	affinities                int  // how many
	nobodys                   bool // its owner is there and null
	licences                  []json.RawMessage
	jobs, mountedOn           []shown
	uri                       string
	drives                    []string // ids of a server's
	drivesReadable            bool     // it says which drives it has, each with an id
}

func readShown(raw []byte) (shown, bool) {
	fields, ok := fieldsOf(raw)
	if !ok {
		return shown{}, false
	}
	s := shown{
		uuid: textOf(fields["uuid"]), name: textOf(fields["name"]), status: textOf(fields["status"]),
		media: textOf(fields["media"]), uri: textOf(fields["resource_uri"]), licences: listOf(fields["licenses"]),
		affinities: len(listOf(fields["affinities"])),
		nobodys:    string(fields["owner"]) == "null",
		size:       wholeOf(fields["size"]),
	}
	for _, entry := range listOf(fields["jobs"]) {
		job, _ := readShown(entry)
		s.jobs = append(s.jobs, job)
	}
	for _, entry := range listOf(fields["mounted_on"]) {
		server, _ := readShown(entry)
		s.mountedOn = append(s.mountedOn, server)
	}
	if raw := fields["drives"]; raw != nil {
		s.drives, s.drivesReadable = mountedDrives(raw)
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
		id := textOf(entry.Drive)
		if one, isObject := readShown(entry.Drive); isObject {
			id = one.uuid
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

// fieldsOf are the fields of a text that is one JSON object; of a key that is given twice the last. Their values are
// parts of the text. Accounts are looked at so often that encoding/json would take a good part of a run.
func fieldsOf(raw []byte) (map[string]json.RawMessage, bool) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(evidence.WithoutMark(raw)), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
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

// textOf is a string's text; empty where the value is none. What is no UTF-8 in it is replaced, as everywhere in Go, of
// which the error tells.
func textOf(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '"' {
		return ""
	}
	text, _ := jsontext.AppendUnquote(nil, raw)
	return string(text)
}

// wholeOf is a number without a fraction; 0 where the value is none.
func wholeOf(raw json.RawMessage) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0
	}
	return n
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

// objectOf is the one resource that an answer shows.
func objectOf(x *evidence.Exchange) (shown, bool) {
	if !succeeded(x) {
		return shown{}, false
	}
	return readShown(evidence.WithoutMark(x.Response.Body))
}

// objectsOf are the resources in an answer's `objects`, or the one that it is itself; total is what its meta counts.
func objectsOf(x *evidence.Exchange) (objects []shown, total int, isList bool) {
	if !succeeded(x) {
		return nil, 0, false
	}
	var body struct {
		Meta    json.RawMessage   `json:"meta"`
		Objects []json.RawMessage `json:"objects"`
	}
	if json.Unmarshal(evidence.WithoutMark(x.Response.Body), &body) != nil {
		return nil, 0, false
	}
	if body.Objects == nil {
		if one, ok := readShown(evidence.WithoutMark(x.Response.Body)); ok && one.uuid != "" {
			return []shown{one}, 1, false
		}
	}
	for _, raw := range body.Objects {
		if one, ok := readShown(raw); ok {
			objects = append(objects, one)
		}
	}
	var meta struct {
		Total int `json:"total_count"`
	}
	if json.Unmarshal(body.Meta, &meta) != nil {
		meta.Total = 0
	}
	return objects, meta.Total, body.Objects != nil
}

func succeeded(x *evidence.Exchange) bool {
	return x.Response != nil && x.Failure == "" && x.Status() >= 200 && x.Status() < 300
}

// askedName is the name that a request's body gives.
func askedName(x *evidence.Exchange) string {
	one, _ := readShown(x.Request.Body)
	return one.name
}

// answered says in a few words how a request was answered, with the endpoint's own message where there is one.
func answered(x *evidence.Exchange) string {
	if x.Response == nil {
		return "got no answer: " + x.Failure
	}
	text := fmt.Sprintf("was answered %d %s", x.Status(), http.StatusText(x.Status()))
	if message := words(x); message != "" {
		text += fmt.Sprintf(" (%q)", message)
	}
	if x.Failure != "" {
		text += ", and " + x.Failure
	}
	return text
}

// words is the endpoint's own message in an answer: that of the API's errors, or the title of a page; clipped, and empty
// where there is none.
func words(x *evidence.Exchange) string {
	const longest, looked = 200, 64 << 10
	body := x.Response.Body[:min(len(x.Response.Body), looked)]
	var errors []struct {
		Message string `json:"error_message"`
	}
	text := ""
	if json.Unmarshal(evidence.WithoutMark(body), &errors) == nil && len(errors) > 0 {
		text = errors[0].Message
	} else if title := pageTitle.FindSubmatch(body); title != nil {
		text = html.UnescapeString(string(title[1]))
	}
	message := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " "))
	return string(message[:min(len(message), longest)])
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
