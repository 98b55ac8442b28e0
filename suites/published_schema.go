package suites

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

// Schema: the endpoint publishes the fields, filters and methods of its library.
func publishedSchema(s *Suite) {
	published := func(lib *Library) Answer {
		return lib.Answer(evidence.Get(libdrivesSchemaPath)).about("the published schema").groundedOn("SCHEMA-01")
	}

	s.Requirement("SCHEMA-01", func(lib *Library) {
		answer := published(lib)
		lib.Expect(answer).To(HaveStatus(200), "the schema can be got")
		if answer.Pending() || answer.Status() != 200 {
			return // what it lacks then says nothing more
		}
		lib.Expect(answer).To(HoldAll("fields", "filtering", "allowed_list_http_methods", "allowed_detail_http_methods"), "the schema has its documented parts")
		lib.Expect(answer).To(HaveJSON("fields", BeAnObject()), "the schema publishes fields by name")
		lib.Expect(answer).To(HaveJSON("filtering", BeAnObject()), "the schema publishes filters by name")
	})

	s.Requirement("SCHEMA-02", func(lib *Library) {
		lib.Expect(published(lib)).To(HaveJSON("allowed_list_http_methods", BeSetOf("get")), "only GET is allowed on the list")
		lib.Expect(published(lib)).To(HaveJSON("allowed_detail_http_methods", BeSetOf("get")), "only GET is allowed on one drive")
	})

	s.Requirement("SCHEMA-03", func(lib *Library) {
		for _, field := range schema.Fields() {
			answer := published(lib).about("field " + field.Name)
			at := "fields." + path(field.Name)
			if !lib.Expect(answer).To(HaveJSON(at, BeAnObject()), "every documented field is published") {
				continue
			}
			lib.Expect(answer).To(HaveJSON(at+".type", BeText(field.Type)), "a field is published with its documented type")
			lib.Expect(answer).To(HaveJSON(at+".readonly", BeBoolean(field.Readonly)), "a field is published with its documented readonly")
			lib.Expect(answer).To(HaveJSON(at+".required", BeBoolean(field.Required)), "a field is published with its documented required")
		}
	})

	s.Requirement("SCHEMA-04", func(lib *Library) {
		for _, filter := range schema.Filters() {
			lib.Expect(published(lib).about("filter "+filter)).To(HaveJSON("filtering."+path(filter), BeThere()), "every documented filter is published")
		}
	})

	s.Requirement("SCHEMA-05", func(lib *Library) {
		lib.Expect(published(lib)).To(HaveJSON("default_format", BeText("application/json")), "the default format is JSON")
		lib.Expect(published(lib)).To(HaveJSON("default_limit", BeWhole(1)), "the default limit is a whole number above zero")
		lib.Expect(published(lib)).To(HaveJSON("fields.media.choices", BeSetOf("cdrom", "disk")), "a drive's media is cdrom or disk")
	})

	s.Requirement("SCHEMA-06", func(lib *Library) {
		lib.Require(published(lib))
		fields := published(lib).JSON().Get("fields")
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(agreeWith(fields), "a drive is served as the schema publishes it")
		}
	})
}

// agreeWith matches a definition whose every field is published, with a value of the published type or null.
func agreeWith(fields gjson.Result) match {
	types := map[string]string{}
	fields.ForEach(func(name, field gjson.Result) bool {
		types[name.Str] = field.Get("type").Str
		return true
	})
	disagreements := func(v gjson.Result) []string {
		var lines []string
		v.ForEach(func(name, value gjson.Result) bool {
			published, known := types[name.Str]
			switch {
			case !known:
				lines = append(lines, fmt.Sprintf("%s: is not a published field", name.Str))
			case value.Type != gjson.Null && !hasPublishedType(value, published):
				lines = append(lines, fmt.Sprintf("%s: %s is not of the published type %s", name.Str, clip(show(value)), published))
			}
			return true
		})
		return lines
	}
	return match{
		expected: "published fields, of the published types or null",
		holds:    func(v gjson.Result) bool { return len(disagreements(v)) == 0 },
		found:    func(v gjson.Result) string { return strings.Join(disagreements(v), "\n") },
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
		_, whole := wholeNumber(v)
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
