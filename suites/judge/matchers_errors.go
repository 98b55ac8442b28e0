package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// errorStatuses are those of errors that the documentation names.
var errorStatuses = [...]int{400, 401, 402, 403, 404, 405, 406, 500, 503}

// SaysErrors reports whether the answer is an error whose form is documented: of a status that the documentation names,
// reported in JSON, and the API's own. What a server in front of the API says in words of its own is not held against it, and
// neither is an error without a body, or of another Content-Type. A body that only calls itself JSON is for
// FORMAT-09 to tell.
func (lib *Library) SaysErrors(answer Answer) bool {
	if !slices.Contains(errorStatuses[:], answer.Status()) || !answer.HasBody() || mayLeaveTheAPI(answer.Exchange) {
		return false
	}
	if answer.Status() == 503 && !answer.JSON().IsArray() {
		return false // that the service is out for a while is said by what stands in front of it too, in JSON of its own
	}
	return lib.Parsed.body(answer.Exchange).problem == "" && saysJSON(answer)
}

// saysJSON reports whether an answer's Content-Type is one of JSON.
func saysJSON(answer Answer) bool {
	media := MediaType(answer)
	return media == TypeJSON || media == "text/json" || strings.HasSuffix(media, "+json")
}

// mayLeaveTheAPI reports whether a server in front may take a request's path for one outside of the API, where something
// else answers: by its dots or slashes, escaped once or twice.
func mayLeaveTheAPI(x *evidence.Exchange) bool {
	path, _, _ := strings.Cut(x.Request.Path(), "?")
	for range 2 {
		if plain, err := url.PathUnescape(path); err == nil {
			path = plain
		}
	}
	return strings.Contains(path, "..") || strings.Contains(path, "//") || strings.Contains(path, `\`)
}

// errorTypes are the documented ones.
var errorTypes = [...]string{"validation", "notexist", "backend", "permission", "database", "concurrency", "billing", "payment"}

// HaveErrorsAsDocumented matches a refusal whose body is an error object, or an array of one or more, each with error_type,
// error_message and error_point: the text of the documentation says the one, its example the other.
func HaveErrorsAsDocumented() types.GomegaMatcher {
	return AnswerMatch{expected: "an error object, or an array of them, each with error_type, error_message and error_point", look: func(a Answer) (string, bool) {
		if problem := a.lib.Parsed.body(a.Exchange).problem; problem != "" {
			return "a body that is not JSON: " + problem, false
		}
		body := a.JSON()
		entries := errorsIn(body)
		holds := len(entries) > 0
		for _, entry := range entries {
			there := Members(entry)
			holds = holds && entry.IsObject() && there["error_type"].Type == gjson.String && there["error_message"].Type == gjson.String && there["error_point"].Exists()
		}
		return Clip(Show(body)), holds
	}}
}

// errorsIn are the errors of a body: its entries, or the one that it is itself.
func errorsIn(body gjson.Result) []gjson.Result {
	if body.IsArray() {
		return body.Array()
	}
	return []gjson.Result{body}
}

// byUUID is the path below the API base of something that a uuid names, and of the clone of it.
var byUUID = regexp.MustCompile(`(?i)^(libdrives|drives|servers|jobs)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/?(action/?)?$`)

// NotFound are the 404s of the run in the API's own form, with documented types, of what is named by a uuid: a drive, a server, a job,
// and a drive that is to be cloned. What another action than clone is told is left out: it may be the action that is not there.
func (lib *Library) NotFound() []Answer {
	return slices.DeleteFunc(lib.Everything(), func(a Answer) bool {
		path, query, _ := lib.below(a.Exchange)
		method := a.Exchange.Request.Method
		reads := method == http.MethodGet || method == http.MethodDelete
		clones := method == http.MethodPost && query.Get("do") == "clone" && strings.Contains(path, "/action")
		if a.Status() != http.StatusNotFound || !byUUID.MatchString(path) || !(reads && !strings.Contains(path, "/action") || clones) || !lib.SaysErrors(a) {
			return true
		}
		formed, _ := HaveErrorsAsDocumented().Match(a) // that it is not is for ERROR-04 to say, and of other types for ERROR-03
		documented, _ := HaveDocumentedErrorTypes().Match(a)
		return !formed || !documented
	})
}

// HaveErrorType matches a refusal whose errors are all of the type.
func HaveErrorType(kind string) types.GomegaMatcher {
	return AnswerMatch{expected: "error_type " + strconv.Quote(kind), look: func(a Answer) (string, bool) {
		found := TypesOf(a)
		return "error_type: " + shownTypes(found), len(found) > 0 && len(found) == len(errorsIn(a.JSON())) && !slices.ContainsFunc(found, func(t gjson.Result) bool { return t.Str != kind })
	}}
}

// HaveDocumentedErrorTypes matches an answer that names no error_type beyond those that are documented.
func HaveDocumentedErrorTypes() types.GomegaMatcher {
	return AnswerMatch{expected: "one of " + strings.Join(errorTypes[:], ", "), look: func(a Answer) (string, bool) {
		found := TypesOf(a)
		return "error_type: " + shownTypes(found), !slices.ContainsFunc(found, func(t gjson.Result) bool {
			return t.Type != gjson.String || !slices.Contains(errorTypes[:], t.Str)
		})
	}}
}

// TypesOf are the values of error_type in a body: an array of errors as documented, or one error alone.
func TypesOf(a Answer) []gjson.Result {
	var found []gjson.Result
	for _, entry := range errorsIn(a.JSON()) {
		if kind, there := Members(entry)["error_type"]; entry.IsObject() && there {
			found = append(found, kind)
		}
	}
	return found
}

func shownTypes(found []gjson.Result) string {
	if len(found) == 0 {
		return absent
	}
	texts := make([]string, len(found))
	for i, value := range found {
		texts[i] = Show(value)
	}
	return Clip(strings.Join(texts, ", "))
}

// wordsOfErrors stand in any error as values and keys, whatever drives are called so.
var wordsOfErrors = [...]string{
	"validation", "notexist", "backend", "permission", "database", "concurrency", "billing", "payment", "error_type", "error_message", "error_point", "null",
}

// HoldNoDrive matches an answer that tells of none of these drives: neither the uuid of one that was not asked for, nor
// a name as a value of its own.
func HoldNoDrive(drives []Drive) types.GomegaMatcher {
	bare := map[any]bool{} // of bodies, whether none stands in them, whatever was asked for: many answers are the same
	return AnswerMatch{expected: "no library drive in the answer", look: func(a Answer) (string, bool) {
		key := a.bodyKey()
		if key != nil && bare[key] {
			return "none", true
		}
		asked := false // for a drive that stands in it
		body := string(a.Body())
		inJSON := a.format() != "XML" // where the value of an attribute has quotes too
		var shown []string
		for _, drive := range drives {
			byUUID := len(drive.UUID) >= 8 && strings.Contains(body, drive.UUID)
			if byUUID && strings.Contains(a.Exchange.Request.URL, drive.UUID) {
				asked, byUUID = true, false
			}
			byName := len(drive.Name) < len(body) && drive.Name != "" && !slices.Contains(wordsOfErrors[:], drive.Name) &&
				(inJSON && strings.Contains(body, strconv.Quote(drive.Name)) || strings.Contains(body, ">"+drive.Name+"<"))
			if byUUID || byName {
				shown = append(shown, drive.Title())
			}
		}
		if len(shown) == 0 {
			if key != nil && !asked {
				bare[key] = true
			}
			return "none", true
		}
		return fmt.Sprintf("%s in the answer, the first being %s", Amount(len(shown)), shown[0]), false
	}}
}

// RepeatNoCredentials matches an answer in which nothing stood of the credentials that were sent; see Library.Echoes.
func RepeatNoCredentials(echoes []evidence.Echo) types.GomegaMatcher {
	return AnswerMatch{expected: "nothing of the credentials", echo: true, look: func(Answer) (string, bool) {
		locations := make([]string, len(echoes))
		for i, echo := range echoes {
			locations[i] = echo.Location
		}
		return "the credentials in: " + strings.Join(locations, ", "), len(echoes) == 0
	}}
}

// NotRepeatPassword matches an answer of which no header repeats the account's password, where that is no word of an endpoint's own.
func (lib *Library) NotRepeatPassword() types.GomegaMatcher {
	return AnswerMatch{expected: "no header with the account's password", echo: true, look: func(a Answer) (string, bool) {
		names := lib.Record.PasswordInHeaders(a.Exchange)
		return "the password in: " + strings.Join(names, ", "), len(names) == 0
	}}
}

// Echoes are where an answer repeats credentials. A password may be a word of the endpoint's own, such as the name of a
// drive. So where it is the password alone that stands there, the same read is made by HTTP Digest, which does not send
// it: what stands there too was not repeated. An answer to what is no read, or that Digest is not accepted for, is
// held against the endpoint only where the password is no word: in an error, it stands there for no good reason, whoever asked.
func (lib *Library) Echoes(a Answer) []evidence.Echo {
	echoes := slices.Clone(lib.Record.Echoes(a.Exchange))
	if !slices.ContainsFunc(echoes, func(echo evidence.Echo) bool { return !echo.Certain }) {
		return echoes
	}
	var without *evidence.Exchange
	if read := a.asked(); read.Path != "" && (read.As == evidence.ByBasic || read.As == evidence.Account && a.Exchange.Request.Auth == "basic") {
		control := lib.Answer(read.By(evidence.ByDigest))
		if control.Pending() {
			return nil
		}
		without = control.Exchange
	}
	return slices.DeleteFunc(echoes, func(echo evidence.Echo) bool {
		if echo.Strong && without == nil {
			return false
		}
		return !echo.Certain && (without.Status() != a.Status() || slices.ContainsFunc(lib.Record.Echoes(without), func(other evidence.Echo) bool { return other.Location == echo.Location }))
	})
}
