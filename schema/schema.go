package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/tidwall/gjson"
	"github.com/xeipuuv/gojsonschema"
)

// Set is the schemas, compiled. It does not change and may be used by many goroutines at once.
type Set struct {
	compiled map[Name]*gojsonschema.Schema
}

// Compile compiles the embedded schemas. It needs no network, and takes some milliseconds: once a run is enough.
func Compile() (*Set, error) {
	if _, err := readDocumented(); err != nil {
		return nil, err
	}
	return compile(files, Names())
}

// CompileReport compiles the schema of our own report.
func CompileReport() (*Set, error) { return compile(files, []Name{Report}) }

// compile takes the files as a parameter so that a test can show what a schema that leaves them would do.
func compile(from fs.FS, names []Name) (*Set, error) {
	loader := gojsonschema.NewSchemaLoader()
	loader.Draft = gojsonschema.Draft7
	// All are loaded before any is compiled, because they refer to each other.
	for _, name := range names {
		text, err := fs.ReadFile(from, name.file())
		if err != nil {
			return nil, fmt.Errorf("schema: %w", err)
		}
		if err := loader.AddSchemas(gojsonschema.NewBytesLoader(text)); err != nil {
			return nil, fmt.Errorf("schema: %s: %w", name.file(), err)
		}
	}
	set := &Set{compiled: make(map[Name]*gojsonschema.Schema, len(names))}
	for _, name := range names {
		schema, err := loader.Compile(offline{base + name.file()})
		if err != nil {
			return nil, fmt.Errorf("schema: %s: %w", name.file(), err)
		}
		set.compiled[name] = schema
	}
	return set, nil
}

// Validate tells where a document, one JSON value, breaks a schema. No violations means that it is valid. The error is
// for what can't be judged: text that is not one JSON value, or a name that is none of the schemas.
func (s *Set) Validate(name Name, document []byte) ([]Violation, error) {
	if s.compiled[name] == nil {
		return nil, fmt.Errorf("schema: there is no schema %q", string(name))
	}
	value, err := decode(document)
	if err != nil {
		return nil, fmt.Errorf("schema: not one JSON value: %w", err)
	}
	return s.ValidateValue(name, value), nil
}

// ValidateValue is Validate for a value that is already decoded, with UseNumber. What can't be judged is a violation of
// the whole value, so that neither a mistyped name nor a value decoded without UseNumber passes for valid.
func (s *Set) ValidateValue(name Name, value any) []Violation {
	schema := s.compiled[name]
	if schema == nil {
		return []Violation{{
			Message:  fmt.Sprintf("can't be judged: there is no schema %q", string(name)),
			Expected: "the name of a schema", Found: fmt.Sprintf("%q", string(name)),
		}}
	}
	if stranger := notDecoded(value); stranger != "" {
		return []Violation{{
			Message:  "can't be judged: it holds a Go " + stranger + ", which decoding with UseNumber does not make",
			Expected: "a value decoded with UseNumber", Found: "a Go " + stranger,
		}}
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(value))
	if err != nil {
		return []Violation{{
			Message:  "can't be judged: " + err.Error(),
			Expected: "a value that can be judged", Found: "an error",
		}}
	}
	if result.Valid() {
		return nil
	}
	return violations(value, result.Errors())
}

// decode reads one JSON value and nothing after it. Numbers keep their text: gojsonschema checks no others. A large library has many
// definitions: encoding/json, which takes twice the time, only says what is wrong with what can't be read.
func decode(document []byte) (any, error) {
	if gjson.ValidBytes(document) {
		return decoded(gjson.ParseBytes(document)), nil
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty")
		}
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the first value")
	}
	return value, nil
}

// decoded is a value as decoding with UseNumber makes it. Of a key that is there twice the last counts.
func decoded(value gjson.Result) any {
	switch {
	case value.IsObject():
		object := map[string]any{}
		value.ForEach(func(key, v gjson.Result) bool {
			object[key.Str] = decoded(v)
			return true
		})
		return object
	case value.IsArray():
		array := []any{}
		value.ForEach(func(_, v gjson.Result) bool {
			array = append(array, decoded(v))
			return true
		})
		return array
	case value.Type == gjson.Number:
		return json.Number(value.Raw)
	case value.Type == gjson.String:
		return value.Str
	case value.Type == gjson.Null:
		return nil
	}
	return value.Bool()
}

// notDecoded is the Go type of the first value found that decoding with UseNumber does not make, "" where all is well.
// gojsonschema would skip every check on a float64, and panic on a slice that is not []any.
func notDecoded(value any) string {
	switch value := value.(type) {
	case nil, bool, string, json.Number:
		return ""
	case []any:
		for _, entry := range value {
			if stranger := notDecoded(entry); stranger != "" {
				return stranger
			}
		}
		return ""
	case map[string]any:
		// Which of several is found first does not matter much, but it has to be the same one every time.
		least := ""
		for _, entry := range value {
			if stranger := notDecoded(entry); stranger != "" && (least == "" || stranger < least) {
				least = stranger
			}
		}
		return least
	default:
		return fmt.Sprintf("%T", value)
	}
}
