package suites

import (
	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
)

// Schema: the endpoint publishes the fields, filters and methods of its library.
func publishedSchema(s *Suite) {
	s.Requirement("SCHEMA-01", func(lib *Library) {
		answer := lib.PublishedSchema()
		if !lib.Expect(answer).To(HaveStatus(200), "the schema can be got") {
			return // what it lacks then says nothing more
		}
		lib.Expect(answer).To(HoldAll("fields", "filtering", "allowed_list_http_methods", "allowed_detail_http_methods"), "the schema has its documented parts")
		lib.Expect(answer).To(HaveJSON("fields", BeAnObject()), "the schema publishes fields by name")
		lib.Expect(answer).To(HaveJSON("filtering", BeAnObject()), "the schema publishes filters by name")
		for _, other := range Besides([]Answer{answer}, lib.SchemasGot()) {
			lib.Expect(other).RelyingOn("FORMAT-09").To(HoldAll("fields", "filtering", "allowed_list_http_methods", "allowed_detail_http_methods"), "the schema has its documented parts, whoever asks for it")
		}
	})

	s.Requirement("SCHEMA-02", func(lib *Library) {
		for _, answer := range schemas(lib) {
			lib.Expect(answer).To(HaveJSON("allowed_list_http_methods", BeSetOf("get")), "only GET is allowed on the list")
			lib.Expect(answer).To(HaveJSON("allowed_detail_http_methods", BeSetOf("get")), "only GET is allowed on one drive")
		}
	})

	s.Requirement("SCHEMA-03", func(lib *Library) {
		for _, answer := range schemas(lib) {
			for _, field := range schema.Fields() {
				answer := answer.AboutA("field", "", field.Name)
				at := "fields." + Key(field.Name)
				if !lib.Expect(answer).To(HaveJSON(at, BeAnObject()), "every documented field is published") {
					continue
				}
				lib.Expect(answer).To(HaveJSON(at+".type", BeText(field.Type)), "a field is published with its documented type")
				lib.Expect(answer).To(HaveJSON(at+".readonly", BeBoolean(field.Readonly)), "a field is published with its documented readonly")
				lib.Expect(answer).To(HaveJSON(at+".required", BeBoolean(field.Required)), "a field is published with its documented required")
			}
		}
	})

	s.Requirement("SCHEMA-04", func(lib *Library) {
		for _, filter := range schema.Filters() {
			for _, answer := range schemas(lib) {
				lib.Expect(answer.About("filter "+filter)).To(HaveJSON("filtering."+Key(filter), BeThere()), "every documented filter is published")
			}
		}
	})

	s.Requirement("SCHEMA-05", func(lib *Library) {
		lib.Expect(lib.PublishedSchema()).To(HaveJSON("default_format", BeText("application/json")), "the default format is JSON")
		lib.Expect(lib.PublishedSchema()).To(HaveJSON("default_limit", BeWhole(1)), "the default limit is a whole number above zero")
		lib.Expect(lib.PublishedSchema()).To(HaveJSON("fields.media.choices", BeSetOf("cdrom", "disk")), "a drive's media is cdrom or disk")
	})

	s.Requirement("SCHEMA-07", func(lib *Library) {
		for _, field := range []string{"amount", "license", "user"} {
			lib.Expect(lib.PublishedSchema().AboutA("field", "", "licenses."+field)).RelyingOn("SCHEMA-03").
				To(HaveJSON("fields.licenses.fields."+field, BeAnObject()), "the schema says which fields an entry of licenses has")
		}
		for _, field := range schema.Fields() {
			answer := lib.PublishedSchema().AboutA("field", "", field.Name)
			at := "fields." + Key(field.Name)
			lib.Expect(answer).RelyingOn("SCHEMA-03").To(HaveJSON(at+".default", BeThere()), "the schema says what is there by default")
			lib.Expect(answer).RelyingOn("SCHEMA-03").To(HaveJSON(at+".help_text", BeAnyText()), "the schema says in words what a field is")
		}
		for _, filter := range schema.Filters() {
			if filter != "name__icontains" {
				lib.Expect(lib.PublishedSchema().About("filter "+filter)).RelyingOn("SCHEMA-04").
					To(HaveJSON("filtering."+Key(filter), BeExact()), "the schema says of a filter that it is exact")
			}
		}
	})

	s.Requirement("SCHEMA-06", func(lib *Library) {
		lib.Require(lib.PublishedSchema())
		fields := lib.PublishedSchema().JSON().Get("fields")
		agree := AgreeWith(fields)
		for _, drive := range lib.List().Drives {
			lib.Expect(drive).To(agree, "a drive is served as the schema publishes it; what live endpoints are documented to serve beyond that (default_user, deprecated, created_at) need not be published")
		}
	})
}

// schemas are three answers with the published schema, one after the other: of several servers behind one address one may be older
// than the others.
func schemas(lib *Library) []Answer {
	read := Get(LibdrivesSchemaPath)
	answers := []Answer{lib.PublishedSchema()}
	for range 2 {
		read = read.Again()
		answers = append(answers, lib.Answer(read).About("the published schema once more").JudgedBy("SCHEMA-01"))
	}
	return answers
}
