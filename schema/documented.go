package schema

import (
	"encoding/json"
	"fmt"
)

// Field is a documented field of a library drive, as the published schema describes it (Library Drives: Schema).
type Field struct {
	Name string `json:"name"`
	// Type is the published type: list, boolean, string, related, dict or integer.
	Type string `json:"type"`
	// Required is about writing: a required field may well be null when it is read.
	Required bool `json:"required"`
	Readonly bool `json:"readonly"`
}

// documentedFile holds the facts of the documentation that Fields and Filters tell.
const documentedFile = "documented.json"

type documented struct {
	Fields  []Field  `json:"fields"`
	Filters []string `json:"filters"`
}

func readDocumented() (documented, error) {
	var facts documented
	text, err := files.ReadFile(documentedFile)
	if err != nil {
		return documented{}, fmt.Errorf("schema: %w", err)
	}
	if err := json.Unmarshal(text, &facts); err != nil {
		return documented{}, fmt.Errorf("schema: %s: %w", documentedFile, err)
	}
	return facts, nil
}

// Fields are the 26 documented fields of a library drive, in the order of the documentation (Library Drives: Schema).
// The caller may keep and change the slice.
func Fields() []Field {
	// The file is part of the binary, so it reads now as it did in the tests; Compile tells an error all the same.
	facts, _ := readDocumented()
	return facts.Fields
}

// Filters are the documented filters of the library's lists, in the order of the documentation (Library Drives: Schema).
// The caller may keep and change the slice.
func Filters() []string {
	facts, _ := readDocumented() // see Fields
	return facts.Filters
}
