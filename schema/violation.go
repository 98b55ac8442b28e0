package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/xeipuuv/gojsonschema"
)

// Violation is one place where a value breaks a schema.
type Violation struct {
	// Field is the place as a user reads it: licenses[1].amount. It is "" where the whole value is meant.
	Field string
	// Message says what is wrong there: "is a string, must be an integer". It stays the same from release to release.
	Message string
	// Expected is what the schema asks for: "an integer".
	Expected string
	// Found is what there is: `"1"`. Arrays and objects are named, not shown.
	Found string
}

// String is the violation as a sentence.
func (v Violation) String() string {
	return cmp.Or(v.Field, "the whole value") + " " + v.Message
}

// violations are the errors in our words: sorted, because gojsonschema reports in the order of Go's maps, and once each.
func violations(value any, errors []gojsonschema.ResultError) []Violation {
	type located struct {
		path []segment
		Violation
	}
	all := make([]located, 0, len(errors))
	for _, err := range errors {
		where, found := path(value, err.Context())
		violation := describe(err, found)
		if missing, ok := err.Details()["property"].(string); ok {
			where = append(where, segment{key: missing, index: -1})
		}
		violation.Field = field(where)
		all = append(all, located{where, violation})
	}
	slices.SortFunc(all, func(a, b located) int {
		return cmp.Or(slices.CompareFunc(a.path, b.path, compareSegments), cmp.Compare(a.Message, b.Message))
	})
	sorted := make([]Violation, 0, len(all))
	for _, one := range all {
		sorted = append(sorted, one.Violation)
	}
	return slices.Compact(sorted)
}

// describe says what an error is about, for the keywords that our schemas use. gojsonschema's own wording is left
// aside: it may change, and it does not say what was found.
func describe(err gojsonschema.ResultError, found any) Violation {
	details := err.Details()
	switch err.Type() {
	case "required":
		return Violation{Message: "is missing", Expected: "a value", Found: "nothing"}
	case "invalid_type":
		expected := kinds(fmt.Sprint(details["expected"]))
		return mismatch(kind(found, fmt.Sprint(details["given"])), expected, found)
	case "enum":
		choices := "one of " + fmt.Sprint(details["allowed"])
		return mismatch(show(found), choices, found)
	case "number_gte":
		return mismatch(show(found), fmt.Sprintf("at least %v", details["min"]), found)
	case "array_min_items":
		violation := Violation{Expected: fmt.Sprintf("at least %v", details["min"]), Found: "none"}
		if entries, ok := found.([]any); ok && len(entries) > 0 {
			violation.Found = fmt.Sprint(len(entries))
		}
		violation.Message = "has " + violation.Found + ", must have " + violation.Expected
		return violation
	case "pattern":
		return mismatch(show(found), fmt.Sprintf("text that matches %v", details["pattern"]), found)
	default:
		return Violation{
			Message:  "breaks the rule " + err.Type(),
			Expected: "what the schema says under " + err.Type(), Found: show(found),
		}
	}
}

func mismatch(is, expected string, found any) Violation {
	return Violation{Message: "is " + is + ", must be " + expected, Expected: expected, Found: show(found)}
}

// kind names the JSON type of what was found. A number that is not whole is shown, since "is a number, must be an
// integer" would leave the reader asking.
func kind(found any, given string) string {
	if given == gojsonschema.TYPE_NUMBER {
		return show(found)
	}
	return withArticle(given)
}

// kinds names the types that a schema asks for. gojsonschema writes one as name, and many as [name,name].
func kinds(types string) string {
	names := strings.Split(strings.Trim(types, "[]"), ",")
	for i, name := range names {
		names[i] = withArticle(name)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func withArticle(name string) string {
	switch name {
	case gojsonschema.TYPE_NULL:
		return name
	case gojsonschema.TYPE_ARRAY, gojsonschema.TYPE_OBJECT, gojsonschema.TYPE_INTEGER:
		return "an " + name
	default:
		return "a " + name
	}
}

// longest is how much of a value is shown, in runes: an install note fills pages, and a number can have a million digits.
const longest = 60

// show is a value as JSON, cut where it is long. Arrays and objects are only named: the exchange shows them in full.
func show(value any) string {
	switch value := value.(type) {
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	case json.Number:
		return cut(value.String())
	case string:
		// Cut first: quoting a text of megabytes to show one line of it would be slow.
		var text strings.Builder
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(cut(value)); err != nil {
			return "a string"
		}
		return strings.TrimSuffix(text.String(), "\n")
	case nil:
		return "null"
	default:
		return fmt.Sprint(value)
	}
}

// cut shortens a text at a rune, and shows that it did.
func cut(text string) string {
	runes := 0
	for at := range text {
		if runes == longest {
			return text[:at] + "…"
		}
		runes++
	}
	return text
}
