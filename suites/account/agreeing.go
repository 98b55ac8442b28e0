package account

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// agreed are the fields of a drive and of a server that a write may change, and that every answer tells alike once it shows.
var agreed = [...]string{"name", "size", "media", "status", "meta", "tags", "affinities", "licenses", "mounted_on", "drives", "allow_multimount", "storage_type"}

// whileWritten are those that an answer to a write may tell otherwise than what is got after it: the write is not done yet.
var whileWritten = [...]string{"size", "status", "mounted_on"}

// GetLike reads what was written to until it is as the answer to the write says, or the settling time is over.
func (s *Writer) GetLike(ctx context.Context, step, target string, write *evidence.Exchange) *evidence.Exchange {
	told, defined := definitionIn(write)
	if !defined {
		return s.Get(ctx, step, target)
	}
	var x *evidence.Exchange
	s.awaitAgreement(ctx, func() bool {
		x = s.Get(ctx, step, target)
		now, seen := definitionIn(x)
		return !seen || agree(told, now, whileWritten[:]...)
	})
	return x
}

// EntryLike reads a list until its entry of a resource is as the resource was shown by itself, or the settling time is over.
func (s *Writer) EntryLike(ctx context.Context, step, target string, shown *evidence.Exchange) {
	told, defined := definitionIn(shown)
	s.awaitAgreement(ctx, func() bool {
		x := s.Get(ctx, step, target)
		objects, isList := objectsIn(x)
		at := slices.IndexFunc(objects, func(one map[string]json.RawMessage) bool { return SameID(TextOf(one["uuid"]), TextOf(told["uuid"])) })
		return !defined || !isList || at >= 0 && agree(told, objects[at])
	})
}

// awaitAgreement looks until a look shows what it should. Once something was waited for in vain, the scenario looks once each
// time: an endpoint that goes on telling something else is known by then, and each further wait would cost the settling time.
func (s *Writer) awaitAgreement(ctx context.Context, look func() bool) {
	if s.disagrees {
		look()
		return
	}
	agrees := false
	s.awaitSettled(ctx, EntryShown, time.Now(), func() bool {
		agrees = look()
		return agrees
	})
	s.disagrees = !agrees && ctx.Err() == nil
}

// definitionIn are the fields of the resource that an answer defines: of the body itself, or of the first of its `objects`.
func definitionIn(x *evidence.Exchange) (map[string]json.RawMessage, bool) {
	if !Succeeded(x) {
		return nil, false
	}
	if objects, isList := objectsIn(x); isList {
		if len(objects) == 0 {
			return nil, false
		}
		return objects[0], true
	}
	fields, ok := FieldsOf(x.Response.Body.Bytes())
	return fields, ok && TextOf(fields["uuid"]) != ""
}

// objectsIn are the fields of each of an answer's `objects`.
func objectsIn(x *evidence.Exchange) (objects []map[string]json.RawMessage, isList bool) {
	if !Succeeded(x) {
		return nil, false
	}
	body, ok := FieldsOf(x.Response.Body.Bytes())
	if !ok || len(body["objects"]) == 0 || body["objects"][0] != '[' {
		return nil, false
	}
	for _, raw := range listOf(body["objects"]) {
		if one, is := FieldsOf(raw); is {
			objects = append(objects, one)
		}
	}
	return objects, true
}

// agree reports whether two definitions tell the same, as far as both tell it.
func agree(a, b map[string]json.RawMessage, except ...string) bool {
	for _, field := range agreed {
		x, y := a[field], b[field]
		if x == nil || y == nil || slices.Contains(except, field) {
			continue
		}
		if field == "licenses" {
			x, y = byAddress(x), byAddress(y)
		}
		if !reflect.DeepEqual(withoutOrder(x), withoutOrder(y)) {
			return false
		}
	}
	return true
}

// byAddress is a list of licences with the address of each in place of the licence: an answer may tell either.
func byAddress(raw json.RawMessage) json.RawMessage {
	var entries []map[string]json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return raw
	}
	short := make([]map[string]json.RawMessage, len(entries))
	for i, entry := range entries {
		licence, _ := FieldsOf(entry["license"])
		address := entry["license"]
		if uri := licence["resource_uri"]; uri != nil {
			address = uri
		}
		short[i] = map[string]json.RawMessage{"amount": entry["amount"], "license": address}
	}
	text, err := json.Marshal(short)
	if err != nil {
		return raw
	}
	return text
}

// withoutOrder is a value as it can be compared: the entries of a list in the order of their texts.
func withoutOrder(raw json.RawMessage) any {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	list, isList := v.([]any)
	if !isList {
		return v
	}
	texts := make([]string, len(list))
	for i, entry := range list {
		text, err := json.Marshal(entry) // the keys in the order of their names
		if err != nil {
			return string(raw)
		}
		texts[i] = string(text)
	}
	slices.Sort(texts)
	return texts
}
