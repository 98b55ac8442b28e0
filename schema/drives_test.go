package schema_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/libdrives/conformance/schema"
)

// libraryDrive is made up, with every documented field and one that is not.
const libraryDrive = `{
	"affinities": [], "allow_multimount": false, "arch": "64", "category": ["mailserver"], "description": "",
	"distribution": null, "favourite": true, "image_type": "live", "install_notes": "none", "jobs": [],
	"licenses": [], "media": "cdrom", "meta": {}, "mounted_on": [{"uuid": "s", "resource_uri": "/s/", "name": "mine"}],
	"name": "Rescue", "os": "other", "owner": null, "paid": false, "resource_uri": "/api/2.0/libdrives/d1/", "size": 4096,
	"status": "unmounted", "storage_type": null, "tags": [], "url": "", "uuid": "d1", "version": "7", "deprecated": true
}`

// drive is made up: what has to be there, and a runtime.
const drive = `{
	"licenses": [], "media": "disk", "name": "copy", "owner": {"uuid": "u1"}, "resource_uri": "/api/2.0/drives/d2/",
	"runtime": {"is_snapshotable": true, "snapshots_allocated_size": 0, "storage_type": "ssd"}, "size": 8192,
	"status": "cloning_dst", "uuid": "d2"
}`

// kinds are the JSON types a field can have: what the messages call them, and a value that is not of them. A number
// that is not whole is shown by its value.
var kinds = map[string]struct{ name, wrong, is string }{
	"string":  {"a string", "7", "an integer"},
	"boolean": {"a boolean", `"true"`, "a string"},
	"integer": {"an integer", "1.5", "1.5"},
	"array":   {"an array", "{}", "an object"},
	"object":  {"an object", "[]", "an array"},
}

// neverNull are the fields that a client can't do without, in both definitions.
var neverNull = map[string]string{
	"uuid": "string", "name": "string", "media": "string", "size": "integer", "status": "string",
	"resource_uri": "string", "licenses": "array",
}

func TestDefinitionsOfDrives(t *testing.T) {
	set := compiled(t)
	for _, definition := range []struct {
		name     schema.Name
		valid    string
		nullable map[string]string
	}{
		{schema.LibraryDrive, libraryDrive, map[string]string{
			"affinities": "array", "allow_multimount": "boolean", "arch": "string", "category": "array",
			"description": "string", "distribution": "string", "favourite": "boolean", "image_type": "string",
			"install_notes": "string", "jobs": "array", "meta": "object", "mounted_on": "array", "os": "string",
			"owner": "object", "paid": "boolean", "storage_type": "string", "tags": "array", "url": "string",
			"version": "string",
		}},
		{schema.Drive, drive, map[string]string{
			"affinities": "array", "allow_multimount": "boolean", "grantees": "array", "iops": "integer", "jobs": "array",
			"meta": "object", "mounted_on": "array", "owner": "object", "permissions": "array", "remote_snapshots": "array",
			"runtime": "object", "snapshots": "array", "storage_type": "string", "tags": "array",
		}},
	} {
		judge := func(field, text string) []string {
			return sentences(t, set, definition.name, with(t, definition.valid, field, text))
		}
		in := string(definition.name) + ": "
		expect(t, in+"a whole definition is valid", sentences(t, set, definition.name, definition.valid))
		expect(t, in+"an unknown field is no fault", judge("default_user", `{"any": [1.5]}`))
		for field, kind := range neverNull {
			must := ", must be " + kinds[kind].name
			expect(t, in+field+" has to be there", judge(field, ""), field+" is missing")
			expect(t, in+field+" must not be null", judge(field, "null"), field+" is null"+must)
			expect(t, in+field+" has a type", judge(field, kinds[kind].wrong), field+" is "+kinds[kind].is+must)
		}
		for field, kind := range definition.nullable {
			must := ", must be " + kinds[kind].name + " or null"
			expect(t, in+field+" may be left out", judge(field, ""))
			expect(t, in+field+" may be null", judge(field, "null"))
			expect(t, in+field+" has a type", judge(field, kinds[kind].wrong), field+" is "+kinds[kind].is+must)
		}
	}
}

func TestDetailsOfDrives(t *testing.T) {
	set := compiled(t)
	for _, c := range []struct {
		why, field, text string
		want             []string
	}{
		{"what a uuid looks like is not judged", "uuid", `"NO-UUID"`, nil},
		{"a size of zero is not judged", "size", "0", nil},
		{"a negative size is not judged", "size", "-1", nil},
		{"1.0 is an integer in draft-07", "size", "1.0", nil},
		{"1e3 is an integer in draft-07", "size", "1e3", nil},
		{"a size beyond 64 bits is an integer", "size", "123456789012345678901234567890", nil},
		{"1.5 is no integer", "size", "1.5", []string{"size is 1.5, must be an integer"}},
		{"1e-3 is no integer", "size", "1e-3", []string{"size is 1e-3, must be an integer"}},
		{"an exponent that nobody can compute is no integer", "size", "1e999999999", []string{"size is 1e999999999, must be an integer"}},
		{"a number in quotes is no integer", "size", `"1"`, []string{"size is a string, must be an integer"}},
		{"true is no integer", "size", "true", []string{"size is a boolean, must be an integer"}},
		{"a number is no boolean", "allow_multimount", "0", []string{"allow_multimount is an integer, must be a boolean or null"}},
		{"media has two choices", "media", `"floppy"`, []string{`media is "floppy", must be one of "cdrom", "disk"`}},
		{"media is spelled in lower case", "media", `"DISK"`, []string{`media is "DISK", must be one of "cdrom", "disk"`}},
		{"the inside of a licence is not judged", "licenses", `[{}, {"amount": "x"}]`, nil},
		{"a licence is an object", "licenses", `[{}, null]`, []string{"licenses[1] is null, must be an object"}},
		{"an owner is not judged by its being there", "owner", `{"uuid": "u"}`, nil},
		{"entries of a plain list are not judged", "affinities", `[1, null]`, nil},
		{"related resources may be URIs", "tags", `["/api/2.0/tags/t/", {"uuid": "t"}]`, nil},
		{"a related resource is no number", "jobs", `[{}, 5]`, []string{"jobs[1] is an integer, must be an object or a string"}},
		{"meta holds what it likes", "meta", `{"a.b": {"c": 1.5}, "": null}`, nil},
	} {
		for name, valid := range map[schema.Name]string{schema.LibraryDrive: libraryDrive, schema.Drive: drive} {
			expect(t, string(name)+": "+c.why, sentences(t, set, name, with(t, valid, c.field, c.text)), c.want...)
		}
	}
	for field, wrong := range map[string]string{
		"is_downloadable": "boolean", "is_ephemeral": "boolean", "is_snapshotable": "boolean",
		"snapshots_allocated_size": "integer", "storage_type": "string",
	} {
		expect(t, "runtime."+field+" may be null", sentences(t, set, schema.Drive, with(t, drive, "runtime", `{"`+field+`": null}`)))
		expect(t, "runtime."+field+" has a type",
			sentences(t, set, schema.Drive, with(t, drive, "runtime", `{"`+field+`": `+kinds[wrong].wrong+`}`)),
			"runtime."+field+" is "+kinds[wrong].is+", must be "+kinds[wrong].name+" or null")
	}
	for _, text := range []string{"null", "{}", "[]", `"/api/2.0/b/"`, ""} {
		expect(t, "backup_scheduler may be to one or to many: "+text, sentences(t, set, schema.Drive, with(t, drive, "backup_scheduler", text)))
	}
	expect(t, "backup_scheduler is no boolean", sentences(t, set, schema.Drive, with(t, drive, "backup_scheduler", "true")),
		"backup_scheduler is a boolean, must be an object, an array, a string or null")
}

func TestTheLibraryDriveHasTheDocumentedFields(t *testing.T) {
	fields, filters := schema.Fields(), schema.Filters()
	if len(fields) != 26 || len(filters) != 9 {
		t.Errorf("the documentation has 26 fields and 9 filters, the data %d and %d", len(fields), len(filters))
	}
	var source struct {
		Properties map[string]struct {
			Type any    `json:"type"`
			Ref  string `json:"$ref"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(schema.Source(schema.LibraryDrive), &source); err != nil {
		t.Fatalf("the library drive's schema is no JSON: %v", err)
	}
	if len(source.Properties) != len(fields) {
		t.Errorf("the schema has %d properties, the documentation %d fields", len(source.Properties), len(fields))
	}
	allowed := map[string][]string{
		"list": {"array"}, "boolean": {"boolean"}, "string": {"string"}, "dict": {"object"}, "integer": {"integer"},
		"related": {"array", "object"},
	}
	for _, field := range fields {
		property, ok := source.Properties[field.Name]
		if !ok {
			t.Errorf("%s is documented, but the schema does not know it", field.Name)
			continue
		}
		kind := "array" // what the only reference stands for
		switch declared := property.Type.(type) {
		case string:
			kind = declared
		case []any:
			kind, _ = declared[0].(string)
		}
		if !slices.Contains(allowed[field.Type], kind) {
			t.Errorf("%s is documented as %s, the schema says %s", field.Name, field.Type, kind)
		}
	}
}

func TestDocumentedFieldsAreCopies(t *testing.T) {
	schema.Fields()[0].Name, schema.Filters()[0] = "changed", "changed"
	if schema.Fields()[0].Name != "affinities" || schema.Filters()[0] != "arch" {
		t.Error("a caller that writes into Fields or Filters changes them for everybody")
	}
}
