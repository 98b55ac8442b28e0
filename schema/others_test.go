package schema_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/schema"
)

const (
	licence = `{"burstable": true, "long_name": "Some Server", "name": "srv_1", "resource_uri": "/l/1/", "type": "instance", "user_metric": "smp"}`
	entry   = `{"amount": 2, "license": ` + licence + `, "user": null}`
	job     = `{"uuid": "j1", "resource_uri": "/j/1/", "state": "started", "operation": "drive_clone", "data": {"progress": 12.5}}`
	server  = `{"uuid": "s1", "name": "web", "status": "stopped", "resource_uri": "/s/1/", "drives": [
		{"boot_order": 1, "dev_channel": "0:1", "device": "ide", "drive": {"uuid": "d1"}, "runtime": null}]}`
	envelope  = `{"meta": {}, "objects": []}`
	published = `{"fields": {}, "filtering": {}, "allowed_list_http_methods": [], "allowed_detail_http_methods": []}`
	refusal   = `[{"error_type": "notexist", "error_message": "no such drive", "error_point": null}]`
)

// Each case changes one field of a valid document: to a JSON text, or away where it is "".
func TestOtherSchemas(t *testing.T) {
	set := compiled(t)
	for _, c := range []struct {
		name                   schema.Name
		valid, why, field, set string
		want                   string // "" for valid
	}{
		{schema.LicenceEntry, entry, "an amount has to be there", "amount", "", "amount is missing"},
		{schema.LicenceEntry, entry, "a licence has to be there", "license", "", "license is missing"},
		{schema.LicenceEntry, entry, "a user has to be there", "user", "", "user is missing"},
		{schema.LicenceEntry, entry, "nobody has no licence", "amount", "0", "amount is 0, must be at least 1"},
		{schema.LicenceEntry, entry, "an amount is not negative", "amount", "-3", "amount is -3, must be at least 1"},
		{schema.LicenceEntry, entry, "half a licence is none", "amount", "1.5", "amount is 1.5, must be an integer"},
		{schema.LicenceEntry, entry, "an amount is a number", "amount", `"1"`, "amount is a string, must be an integer"},
		{schema.LicenceEntry, entry, "an amount is not null", "amount", "null", "amount is null, must be an integer"},
		{schema.LicenceEntry, entry, "a large amount is fine", "amount", "1e3", ""},
		{schema.LicenceEntry, entry, "the licence is nested, or its address", "license", `"/l/1/"`, `license is "/l/1/", must be text that matches /licenses/[^/]+/?$`},
		{schema.LicenceEntry, entry, "an address of a licence will do", "license", `"/api/2.0/licenses/windows/"`, ""},
		{schema.LicenceEntry, entry, "the licence is not null", "license", "null", "license is null, must be an object or a string"},
		{schema.LicenceEntry, entry, "a user may hold it", "user", `{"uuid": "u"}`, ""},
		{schema.LicenceEntry, entry, "a user may be a URI", "user", `"/u/1/"`, ""},
		{schema.LicenceEntry, entry, "a user is no number", "user", "5", "user is an integer, must be an object, a string or null"},
		{schema.LicenceEntry, entry, "further fields are fine", "since", "2020", ""},

		{schema.License, licence, "a type has to be there", "type", "", "type is missing"},
		{schema.License, licence, "a type is not null", "type", "null", "type is null, must be a string"},
		{schema.License, licence, "there are three types", "type", `"rent"`, `type is "rent", must be one of "install", "instance", "stub"`},
		{schema.License, licence, "stub is one", "type", `"stub"`, ""},
		{schema.License, licence, "the rest may be left out", "long_name", "", ""},
		{schema.License, licence, "the rest may be null", "burstable", "null", ""},
		{schema.License, licence, "the rest has types", "burstable", `"no"`, "burstable is a string, must be a boolean or null"},
		{schema.License, licence, "a name is a string", "name", "1", "name is an integer, must be a string or null"},

		{schema.Job, job, "a state has to be there", "state", "", "state is missing"},
		{schema.Job, job, "a state is a string", "state", "1", "state is an integer, must be a string"},
		{schema.Job, job, "an operation may be null", "operation", "null", ""},
		{schema.Job, job, "a job that waits may have no data", "data", "null", ""},
		{schema.Job, job, "a job that waits may have no progress", "data", "{}", ""},
		{schema.Job, job, "a progress is a number", "data", `{"progress": "100"}`, "data.progress is a string, must be a number or null"},
		{schema.Job, job, "children are resources", "children", "[7]", "children[0] is an integer, must be an object or a string"},
		{schema.Job, job, "resources are a list", "resources", "{}", "resources is an object, must be an array or null"},

		{schema.Server, server, "drives have to be there", "drives", "", "drives is missing"},
		{schema.Server, server, "drives are a list", "drives", "null", "drives is null, must be an array"},
		{schema.Server, server, "an attachment is an object", "drives", `["d1"]`, "drives[0] is a string, must be an object"},
		{schema.Server, server, "a drive may be named by uuid", "drives", `[{"drive": "d1"}]`, ""},
		{schema.Server, server, "a drive is no number", "drives", `[{}, {"drive": 1}]`, "drives[1].drive is an integer, must be an object, a string or null"},
		{schema.Server, server, "a boot order may be null", "drives", `[{"boot_order": null}]`, ""},
		{schema.Server, server, "a boot order is whole", "drives", `[{"boot_order": 0.5}]`, "drives[0].boot_order is 0.5, must be an integer or null"},
		{schema.Server, server, "memory is in bytes", "mem", `"1 GB"`, "mem is a string, must be an integer or null"},

		{schema.List, envelope, "meta has to be there", "meta", "", "meta is missing"},
		{schema.List, envelope, "meta is an object", "meta", "[]", "meta is an array, must be an object"},
		{schema.List, envelope, "meta is not null", "meta", "null", "meta is null, must be an object"},
		{schema.List, envelope, "objects have to be there", "objects", "", "objects is missing"},
		{schema.List, envelope, "objects are a list", "objects", "{}", "objects is an object, must be an array"},
		{schema.List, envelope, "what meta says is not judged", "meta", `{"limit": "x", "offset": -1.5}`, ""},
		{schema.List, envelope, "what is listed is not judged", "objects", "[1, null]", ""},

		{schema.PublishedSchema, published, "fields have to be there", "fields", "", "fields is missing"},
		{schema.PublishedSchema, published, "fields go by name", "fields", "[]", "fields is an array, must be an object"},
		{schema.PublishedSchema, published, "filters have to be there", "filtering", "", "filtering is missing"},
		{schema.PublishedSchema, published, "methods have to be there", "allowed_detail_http_methods", "", "allowed_detail_http_methods is missing"},
		{schema.PublishedSchema, published, "methods are a list", "allowed_list_http_methods", `"get"`, "allowed_list_http_methods is a string, must be an array"},
		{schema.PublishedSchema, published, "which methods is not judged", "allowed_list_http_methods", `["get", "put"]`, ""},
		{schema.PublishedSchema, published, "the default limit is not judged", "default_limit", `"x"`, ""},
	} {
		why := string(c.name) + ": "
		expect(t, why+"the document before the change is valid", sentences(t, set, c.name, c.valid))
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		expect(t, why+c.why, sentences(t, set, c.name, with(t, c.valid, c.field, c.set)), want...)
	}
}

func TestLicenceInsideAnEntry(t *testing.T) {
	set := compiled(t)
	judge := func(field, text string) []string {
		return sentences(t, set, schema.LicenceEntry, with(t, entry, "license", with(t, licence, field, text)))
	}
	for _, field := range strings.Fields("burstable long_name name resource_uri type user_metric") {
		kind := "string"
		if field == "burstable" {
			kind = "boolean"
		}
		must := ", must be " + kinds[kind].name
		expect(t, field+" of a licence has to be there", judge(field, ""), "license."+field+" is missing")
		expect(t, field+" of a licence is not null", judge(field, "null"), "license."+field+" is null"+must)
		expect(t, field+" of a licence has a type", judge(field, kinds[kind].wrong), "license."+field+" is "+kinds[kind].is+must)
	}
	expect(t, "which types there are is asked of the catalogue alone", judge("type", `"rent"`))
}

func TestErrors(t *testing.T) {
	set := compiled(t)
	for _, c := range []struct {
		why, document string
		want          []string
	}{
		{"an error without a point", refusal, nil},
		{"an error with a point, and more", `[{"error_type": "new", "error_message": "", "error_point": "name", "id": 4}]`, nil},
		{"an error that is no array", `{"error_type": "notexist"}`, []string{"the whole value is an object, must be an array"}},
		{"no errors at all", "[]", []string{"the whole value has none, must have at least 1"}},
		{"an entry that is no object", `["gone"]`, []string{"[0] is a string, must be an object"}},
		{"fields that are missing or wrong", `[{"error_type": null, "error_message": 5}]`, []string{
			"[0].error_message is an integer, must be a string",
			"[0].error_point is missing",
			"[0].error_type is null, must be a string",
		}},
		{"a point that is a number", `[{"error_type": "a", "error_message": "b", "error_point": 1}]`,
			[]string{"[0].error_point is an integer, must be a string or null"}},
	} {
		expect(t, c.why, sentences(t, set, schema.Errors, c.document), c.want...)
	}
}

func TestWhatAViolationShows(t *testing.T) {
	set := compiled(t)
	long := strings.Repeat("ä", 100)
	for _, c := range []struct {
		why, field, text string
		want             schema.Violation
	}{
		{"a field that is missing", "uuid", "", schema.Violation{Field: "uuid", Message: "is missing", Expected: "a value", Found: "nothing"}},
		{"a scalar", "size", `"a\"b<"`, schema.Violation{Field: "size", Message: "is a string, must be an integer", Expected: "an integer", Found: `"a\"b<"`}},
		{"a truth", "size", "true", schema.Violation{Field: "size", Message: "is a boolean, must be an integer", Expected: "an integer", Found: "true"}},
		{"a container is named, not shown", "name", `{"password": "x"}`, schema.Violation{Field: "name", Message: "is an object, must be a string", Expected: "a string", Found: "an object"}},
		{"a long value is cut at a character", "size", `"` + long + `"`, schema.Violation{Field: "size", Message: "is a string, must be an integer", Expected: "an integer", Found: `"` + strings.Repeat("ä", 60) + `…"`}},
	} {
		found, err := set.Validate(schema.LibraryDrive, []byte(with(t, libraryDrive, c.field, c.text)))
		if err != nil || len(found) != 1 || found[0] != c.want {
			t.Errorf("%s: got %+v (%v), want %+v", c.why, found, err, c.want)
		}
	}
	for _, document := range []string{"null", "[]", "1", `"x"`, "false"} {
		found, err := set.Validate(schema.LibraryDrive, []byte(document))
		if err != nil || len(found) != 1 || found[0].Field != "" || found[0].Expected != "an object" {
			t.Errorf("%s in place of a drive: got %+v (%v), want one violation of the whole value", document, found, err)
		}
	}
}
