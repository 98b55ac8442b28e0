package schema

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

// These tests need schemas of their own, which the public door rightly does not take.

func TestReferencesThatLeaveTheEmbeddedSchemasAreRefused(t *testing.T) {
	var asked atomic.Int32
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte("{}"))
	}))
	defer remote.Close()
	local := filepath.Join(t.TempDir(), "open.json")
	if err := os.WriteFile(local, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for why, reference := range map[string]string{
		"a remote schema":              remote.URL + "/open.json",
		"a part of a remote schema":    remote.URL + "/open.json#/definitions/a",
		"a file":                       "file://" + local,
		"a schema that is not there":   "other.json",
		"a definition that is missing": "#/definitions/lost",
	} {
		text := `{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "` + base + `one.json", "properties": {"a": {"$ref": "` + reference + `"}}}`
		_, err := compile(fstest.MapFS{"one.json": {Data: []byte(text)}}, []Name{"one"})
		if err == nil || !strings.Contains(err.Error(), "one.json") {
			t.Errorf("%s: a schema that refers to %s is not refused by its name: %v", why, reference, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("compiling made %d requests, and must make none", asked.Load())
	}
}

func TestBrokenFilesAreErrors(t *testing.T) {
	for why, text := range map[string]string{
		"no JSON":             `{`,
		"a foreign $id":       `{"$id": "https://example.com/one.json"}`,
		"no $id":              `{}`,
		"a type there is not": `{"$id": "` + base + `one.json", "type": "text"}`,
	} {
		if _, err := compile(fstest.MapFS{"one.json": {Data: []byte(text)}}, []Name{"one"}); err == nil {
			t.Errorf("a schema file with %s compiles", why)
		}
	}
	if _, err := compile(fstest.MapFS{}, []Name{"one"}); err == nil {
		t.Error("a schema without a file compiles")
	}
}

// Keys in a user's meta can be anything, and no schema of ours looks into them yet: a schema of the test does.
func TestPathsAreReadable(t *testing.T) {
	text := `{"$id": "` + base + `one.json", "type": ["object", "array"], "items": {"type": "null"}, "properties": {
		"a.b": {"type": "null"}, "1": {"items": {"properties": {"name_2": {"type": "null"}}}}, "": {"required": ["x y"]}}}`
	set, err := compile(fstest.MapFS{"one.json": {Data: []byte(text)}}, []Name{"one"})
	if err != nil {
		t.Fatalf("the schema of the test does not compile: %v", err)
	}
	for _, c := range []struct{ why, document, want string }{
		{"a dot in a key is no step", `{"a.b": 1}`, `["a.b"]`},
		{"a key of digits is no index", `{"1": [{}, {"name_2": 1}]}`, `["1"][1].name_2`},
		{"a missing field is named with its parent", `{"": {}}`, `[""]["x y"]`},
		{"an index at the root", `[null, 1]`, `[1]`},
	} {
		found, err := set.Validate("one", []byte(c.document))
		if err != nil || len(found) != 1 || found[0].Field != c.want {
			t.Errorf("%s: got %+v (%v), want field %s", c.why, found, err, c.want)
		}
	}
}
