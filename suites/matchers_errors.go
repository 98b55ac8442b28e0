package suites

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// errorTypes are the documented ones.
var errorTypes = [...]string{"validation", "notexist", "backend", "permission", "database", "concurrency", "billing", "payment"}

// HaveErrorsAsDocumented matches a refusal whose body is an array of one or more error objects, each with error_type,
// error_message and error_point.
func HaveErrorsAsDocumented() types.GomegaMatcher {
	return whole{expected: "an array of error objects, each with error_type, error_message and error_point", look: func(a Answer) (string, bool) {
		if problem := a.lib.parsed.body(a.exchange).problem; problem != "" {
			return "a body that is not JSON: " + problem, false
		}
		list := a.JSON()
		holds := list.IsArray() && len(list.Array()) > 0
		for _, entry := range list.Array() {
			there := members(entry)
			holds = holds && entry.IsObject() && there["error_type"].Type == gjson.String && there["error_message"].Type == gjson.String && there["error_point"].Exists()
		}
		return clip(show(list)), holds
	}}
}

// HaveErrorType matches a refusal whose errors are all of the type.
func HaveErrorType(kind string) types.GomegaMatcher {
	return whole{expected: "error_type " + strconv.Quote(kind), look: func(a Answer) (string, bool) {
		found := typesOf(a)
		return "error_type: " + told(found), a.JSON().IsArray() && len(found) > 0 && !slices.ContainsFunc(found, func(t gjson.Result) bool { return t.Str != kind })
	}}
}

// HaveDocumentedErrorTypes matches an answer that names no error_type beyond those that are documented.
func HaveDocumentedErrorTypes() types.GomegaMatcher {
	return whole{expected: "one of " + strings.Join(errorTypes[:], ", "), look: func(a Answer) (string, bool) {
		found := typesOf(a)
		return "error_type: " + told(found), !slices.ContainsFunc(found, func(t gjson.Result) bool {
			return t.Type != gjson.String || !slices.Contains(errorTypes[:], t.Str)
		})
	}}
}

// typesOf are the values of error_type in a body: an array of errors as documented, or one error alone.
func typesOf(a Answer) []gjson.Result {
	body := a.JSON()
	entries := []gjson.Result{body}
	if body.IsArray() {
		entries = body.Array()
	}
	var found []gjson.Result
	for _, entry := range entries {
		if kind, there := members(entry)["error_type"]; entry.IsObject() && there {
			found = append(found, kind)
		}
	}
	return found
}

func told(found []gjson.Result) string {
	if len(found) == 0 {
		return missing
	}
	texts := make([]string, len(found))
	for i, value := range found {
		texts[i] = show(value)
	}
	return clip(strings.Join(texts, ", "))
}

// HoldNoDrive matches an answer that tells of none of these drives: neither the uuid of one that was not asked for, nor
// a name as a value of its own.
func HoldNoDrive(drives []Drive) types.GomegaMatcher {
	return whole{expected: "no library drive in the answer", look: func(a Answer) (string, bool) {
		body := string(a.body())
		var shown []string
		for _, drive := range drives {
			byUUID := len(drive.UUID) >= 8 && strings.Contains(body, drive.UUID) && !strings.Contains(a.exchange.Request.URL, drive.UUID)
			byName := drive.Name != "" && (strings.Contains(body, strconv.Quote(drive.Name)) || strings.Contains(body, ">"+drive.Name+"<"))
			if byUUID || byName {
				shown = append(shown, drive.title())
			}
		}
		if len(shown) == 0 {
			return "none", true
		}
		return fmt.Sprintf("%s in the answer, the first being %s", amount(len(shown)), shown[0]), false
	}}
}

// RepeatNoCredentials matches an answer in which nothing stood of the credentials that were sent.
func RepeatNoCredentials() types.GomegaMatcher {
	return whole{expected: "nothing of the credentials", look: func(a Answer) (string, bool) {
		leaks := a.exchange.Response.Leaks
		return "the credentials in: " + strings.Join(leaks, ", "), len(leaks) == 0
	}}
}
