package judge

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
)

// servedLive are the fields that the documentation says that live endpoints serve beyond the documented ones: that they are not
// published is no fault.
var servedLive = [...]string{"default_user", "deprecated", "created_at"}

// AgreeWith matches a definition whose every field is published, with a value of the published type or null.
func AgreeWith(fields gjson.Result) match {
	types := map[string]string{}
	fields.ForEach(func(name, field gjson.Result) bool {
		types[name.Str] = field.Get("type").Str
		return true
	})
	disagreements := func(v gjson.Result) (list []reports.Difference) {
		v.ForEach(func(name, value gjson.Result) bool {
			published, known := types[name.Str]
			switch {
			case !known && slices.Contains(servedLive[:], name.Str):
			case !known:
				list = append(list, reports.Difference{In: reports.InBody, Path: name.Str, Found: "is not a published field", Value: "a field"})
			case value.Type != gjson.Null && !hasPublishedType(value, published):
				shown := Clip(Show(value))
				list = append(list, reports.Difference{In: reports.InBody, Path: name.Str, Found: "is not of the published type " + published + ": " + shown, Value: shown})
			}
			return true
		})
		return list
	}
	return match{
		key:      fmt.Sprintf("published %x", sha256.Sum256([]byte(fields.Raw))),
		expected: "published fields, of the published types or null (default_user, deprecated and created_at, which live endpoints serve, need not be published)",
		holds:    func(v gjson.Result) bool { return len(disagreements(v)) == 0 },
		differs:  disagreements,
		found: func(v gjson.Result) string {
			return reports.Finding{Expected: "published fields", Differences: disagreements(v)}.FoundText()
		},
	}
}

// hasPublishedType reports whether a value is of a type as the published schema names it. A related field holds an
// object or a list of them. A type that the documentation does not name can't be held against a value.
func hasPublishedType(v gjson.Result, published string) bool {
	switch published {
	case "string", "datetime", "date":
		return v.Type == gjson.String
	case "boolean":
		return v.Type == gjson.True || v.Type == gjson.False
	case "integer":
		_, whole := WholeNumber(v)
		return whole
	case "list":
		return v.IsArray()
	case "dict":
		return v.IsObject()
	case "related":
		return v.IsArray() || v.IsObject()
	}
	return true
}
