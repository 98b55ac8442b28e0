package suites

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
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
func RepeatNoCredentials(echoes []evidence.Echo) types.GomegaMatcher {
	return whole{expected: "nothing of the credentials", echo: true, look: func(Answer) (string, bool) {
		places := make([]string, len(echoes))
		for i, echo := range echoes {
			places[i] = echo.Place
		}
		return "the credentials in: " + strings.Join(places, ", "), len(echoes) == 0
	}}
}

// echoes are where an answer repeats credentials. A password may be a word of the endpoint's own, such as the name of a
// drive. So where it is the password alone that stands there, the same read is made by HTTP Digest, which does not send
// it: what stands there too was not repeated. An answer to what is no read, or that Digest is not accepted for, is not
// held against the endpoint for such a word: what it repeats of the wrong password, and of credentials as they are sent, is.
func (lib *Library) echoes(a Answer) []evidence.Echo {
	echoes := slices.Clone(lib.record.Echoes(a.exchange))
	if !slices.ContainsFunc(echoes, func(echo evidence.Echo) bool { return !echo.Certain }) {
		return echoes
	}
	var without *evidence.Exchange
	if a.read.Path != "" && (a.read.As == evidence.ByBasic || a.read.As == evidence.Account && a.exchange.Request.Auth == "basic") {
		control := lib.Answer(a.read.By(evidence.ByDigest))
		if control.Pending() {
			return nil
		}
		without = control.exchange
	}
	return slices.DeleteFunc(echoes, func(echo evidence.Echo) bool {
		return !echo.Certain && (without.Status() != a.Status() || slices.ContainsFunc(lib.record.Echoes(without), func(other evidence.Echo) bool { return other.Place == echo.Place }))
	})
}
