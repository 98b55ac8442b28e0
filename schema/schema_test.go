package schema_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/libdrives/conformance/schema"
)

// compiled is a fresh set. Compiling takes milliseconds, so that tests need not share one.
func compiled(tb testing.TB) *schema.Set {
	tb.Helper()
	set, err := schema.Compile()
	if err != nil {
		tb.Fatalf("the embedded schemas do not compile: %v", err)
	}
	return set
}

// sentences are the violations of a document, as a user reads them.
func sentences(tb testing.TB, set *schema.Set, name schema.Name, document string) []string {
	tb.Helper()
	found, err := set.Validate(name, []byte(document))
	if err != nil {
		tb.Fatalf("%s could not be judged against %s: %v", document, name, err)
	}
	var all []string
	for _, violation := range found {
		all = append(all, violation.String())
	}
	return all
}

// with is a document with one field set to a JSON text, or taken away where the text is "".
func with(tb testing.TB, document, field, text string) string {
	tb.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(document), &fields); err != nil {
		tb.Fatalf("the test's own document is no JSON object: %v", err)
	}
	if text == "" {
		delete(fields, field)
	} else {
		fields[field] = json.RawMessage(text)
	}
	changed, err := json.Marshal(fields)
	if err != nil {
		tb.Fatalf("the test's own value for %s is no JSON: %v", field, err)
	}
	return string(changed)
}

func expect(tb testing.TB, why string, got []string, want ...string) {
	tb.Helper()
	if !slices.Equal(got, want) {
		tb.Errorf("%s:\n got  %q\n want %q", why, got, want)
	}
}

func TestEverySchemaIsDraft07AndCompiled(t *testing.T) {
	metaschema, err := gojsonschema.NewSchemaLoader().Compile(
		gojsonschema.NewReferenceLoader("http://json-schema.org/draft-07/schema#")) // gojsonschema carries it along
	if err != nil {
		t.Fatalf("the draft-07 metaschema does not compile: %v", err)
	}
	set := compiled(t)
	for _, name := range schema.Names() {
		result, err := metaschema.Validate(gojsonschema.NewBytesLoader(schema.Source(name)))
		if err != nil || !result.Valid() {
			t.Errorf("%s is no draft-07 schema: %v %v", name, err, result)
		}
		if _, err := set.Validate(name, []byte("{}")); err != nil {
			t.Errorf("%s is named but can't be used: %v", name, err)
		}
		if !strings.Contains(string(schema.Source(name)), `"description"`) {
			t.Errorf("%s does not describe what it is for", name)
		}
	}
}

// Messages are ours for these keywords only, and anyOf and its like would tell one deviation twice. enum needs a type
// beside it: gojsonschema panics on an enum that meets a number it can't hold.
func TestSchemasKeepToTheKeywordsWithMessages(t *testing.T) {
	known := strings.Fields("$schema $id $ref $comment title description type required properties items definitions enum pattern minimum minItems")
	var check func(where string, node map[string]any)
	check = func(where string, node map[string]any) {
		for keyword, value := range node {
			if !slices.Contains(known, keyword) {
				t.Errorf("%s uses %s, for which there is no message of ours", where, keyword)
			}
			child, isObject := value.(map[string]any)
			switch {
			case keyword == "enum" && node["type"] != "string":
				t.Errorf("%s has an enum without type string beside it", where)
			case keyword == "minimum" && node["type"] != "integer":
				t.Errorf("%s has a minimum without type integer beside it", where)
			case keyword == "items" && isObject:
				check(where+"[]", child)
			case (keyword == "properties" || keyword == "definitions") && isObject:
				for name, below := range child {
					check(where+"."+name, below.(map[string]any))
				}
			}
		}
	}
	for _, name := range schema.Names() {
		var root map[string]any
		if err := json.Unmarshal(schema.Source(name), &root); err != nil {
			t.Fatalf("%s is not JSON: %v", name, err)
		}
		check(string(name), root)
	}
}

func TestSourceIsACopyAndNilForNoSchema(t *testing.T) {
	schema.Source(schema.List)[0] = 'x'
	if schema.Source(schema.List)[0] != '{' {
		t.Error("writing into a schema's text changes the text for everybody")
	}
	for _, name := range []schema.Name{"", "documented", "../schema", "list.json"} {
		if text := schema.Source(name); text != nil {
			t.Errorf("Source(%q) answers a text, though there is no such schema", name)
		}
	}
}

func TestWhatCannotBeJudgedIsAnError(t *testing.T) {
	set := compiled(t)
	for why, document := range map[string]string{
		"empty text": "", "white space": " \n", "half an object": `{"a":`, "two values": `{} {}`,
		"bytes after the value": `{}x`, "a bare word": "nope", "a number with a leading zero": "01",
	} {
		if _, err := set.Validate(schema.List, []byte(document)); err == nil {
			t.Errorf("%s (%q) is judged as if it were one JSON value", why, document)
		}
	}
	if _, err := set.Validate("lost", []byte("{}")); err == nil || !strings.Contains(err.Error(), `"lost"`) {
		t.Errorf("an unknown name is not told by its name: %v", err)
	}
}

func TestAValueThatCannotBeJudgedNeverPasses(t *testing.T) {
	set := compiled(t)
	for _, c := range []struct {
		why, want string
		name      schema.Name
		value     any
	}{
		{"a mistyped name", `can't be judged: there is no schema "lost"`, "lost", map[string]any{}},
		{"a float64, which gojsonschema does not check", "can't be judged: it holds a Go float64, which decoding with UseNumber does not make",
			schema.LicenceEntry, map[string]any{"amount": 1.5, "z": []any{1.5}}},
		{"a typed slice, on which gojsonschema panics", "can't be judged: it holds a Go []string, which decoding with UseNumber does not make",
			schema.List, map[string]any{"objects": []string{}}},
	} {
		found := set.ValidateValue(c.name, c.value)
		if len(found) != 1 || found[0].Field != "" || found[0].Message != c.want {
			t.Errorf("%s: got %v, want one violation of the whole value: %s", c.why, found, c.want)
		}
	}
}

func TestViolationsAreSortedAsAReaderCounts(t *testing.T) {
	set := compiled(t)
	var licences []string
	for i := range 12 {
		licences = append(licences, fmt.Sprint(i))
	}
	document := with(t, with(t, with(t, libraryDrive, "licenses", "["+strings.Join(licences, ",")+"]"), "arch", "64"), "uuid", "")
	want := []string{"arch is an integer, must be a string or null"}
	for i := range 12 {
		want = append(want, fmt.Sprintf("licenses[%d] is an integer, must be an object", i))
	}
	want = append(want, "uuid is missing")
	for range 20 {
		expect(t, "violations come in the order of their places, every time", sentences(t, set, schema.LibraryDrive, document), want...)
	}
}

func TestASetServesManyGoroutines(t *testing.T) {
	set := compiled(t)
	broken := with(t, libraryDrive, "size", `"1"`)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				expect(t, "judged beside others", sentences(t, set, schema.LibraryDrive, broken), "size is a string, must be an integer")
			}
		})
	}
	group.Wait()
}

func BenchmarkValidate(b *testing.B) {
	set, document := compiled(b), []byte(libraryDrive)
	b.ReportAllocs()
	for b.Loop() {
		if found, err := set.Validate(schema.LibraryDrive, document); err != nil || len(found) > 0 {
			b.Fatalf("the library drive of the benchmark is not valid: %v %v", found, err)
		}
	}
}

func BenchmarkValidateValue(b *testing.B) {
	set := compiled(b)
	decoder := json.NewDecoder(strings.NewReader(libraryDrive))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		b.Fatalf("the library drive of the benchmark is no JSON: %v", err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if found := set.ValidateValue(schema.LibraryDrive, value); len(found) > 0 {
			b.Fatalf("the library drive of the benchmark is not valid: %v", found)
		}
	}
}
