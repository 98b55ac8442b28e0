package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/evidence"
)

// Everything is every whole answer of the endpoint's own in the run, whoever asked for it: some rules hold of all that an endpoint says. While
// the plan is made it is empty, for what others will ask is not known yet; so a spec that looks at everything also asks
// for a few answers of its own, lest there is nothing to look at when it is selected alone.
func (lib *Library) Everything() []Answer {
	lib.All = true
	if lib.Planning {
		return nil
	}
	return lib.wholeAnswers()
}

// wholeAnswers are those that are in the record so far.
func (lib *Library) wholeAnswers() []Answer {
	return lib.answersOf("everything", func(x *evidence.Exchange) bool { return x.Obstacle() == evidence.NoObstacle })
}

// RefusedForNow are the answers of the run that refuse a request for now (429, 503) in a JSON array. That is the API's form
// of errors: what stands before an endpoint has words of its own.
func (lib *Library) RefusedForNow() []Answer {
	lib.All = true
	if lib.Planning {
		return nil
	}
	answers := lib.answersOf("refused for now", func(x *evidence.Exchange) bool {
		return x.Obstacle() == evidence.Busy && lib.Parsed.value(x).IsArray()
	})
	for i := range answers {
		answers[i].refusedForNow = true
	}
	return answers
}

// answersOf are the whole answers of the run for which a condition holds. The name is the condition's.
func (lib *Library) answersOf(name string, holds func(*evidence.Exchange) bool) []Answer {
	found := Once(lib.Evaluator, fmt.Sprintf("%s, %d exchanges", name, lib.Record.Len()), func() []*evidence.Exchange {
		all := lib.Record.All()
		// Which of many requests was answered first differs from run to run, and must not show in what is reported of them.
		slices.SortStableFunc(all, func(a, b *evidence.Exchange) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Round, b.Round))
		})
		return slices.DeleteFunc(all, func(x *evidence.Exchange) bool { return x.Response == nil || x.Failure != "" || !holds(x) })
	})
	answers := make([]Answer, len(found))
	for i, x := range found {
		answers[i] = Answer{lib: lib, Exchange: x, ofRun: true}
	}
	return answers
}

// SinglesGot are the answers of the run to GET of a library drive below a path that are 200 with JSON.
func (lib *Library) SinglesGot(below string) (answers []Answer) {
	library := lib.List().Index()
	for _, answer := range lib.Everything() {
		path, query, drives := lib.below(answer.Exchange)
		one := strings.Trim(strings.TrimPrefix(path, below), "/")
		_, listed := library.Get(one)
		if listed && drives && strings.HasPrefix(path, below) && uuidForm.MatchString(one) && len(query) == 0 && answer.Exchange.Request.Method == http.MethodGet && answer.Status() == http.StatusOK && answer.SaysJSON() {
			answers = append(answers, answer)
		}
	}
	return answers
}

// SchemasGot are the answers of the run to GET of the published schema that are 200 with JSON, whoever asked.
func (lib *Library) SchemasGot() (answers []Answer) {
	for _, answer := range lib.Everything() {
		path, query, _ := lib.below(answer.Exchange)
		if path == LibdrivesSchemaPath && !query.Has("fields") && answer.Exchange.Request.Method == http.MethodGet && answer.Status() == http.StatusOK && answer.SaysJSON() {
			answers = append(answers, answer)
		}
	}
	return answers
}

// GotByItself are the answers of the run to GET of a drive of the account's by its uuid that are 200 with JSON.
func (lib *Library) GotByItself(drive Drive) (answers []Answer) {
	for _, answer := range lib.Everything() {
		path, query, _ := lib.below(answer.Exchange)
		if path == DrivesPath+drive.UUID+"/" && len(query) == 0 && answer.Exchange.Request.Method == http.MethodGet && answer.Status() == http.StatusOK && answer.SaysJSON() {
			answers = append(answers, answer)
		}
	}
	return answers
}

// BadlyCoded are the answers of the run with a body that could not be unpacked as their Content-Encoding says.
func (lib *Library) BadlyCoded() (answers []Answer) {
	lib.All = true
	for _, x := range lib.Record.All() {
		if x.BadCoding && !lib.Planning && x.Response != nil && x.Status() != http.StatusNoContent && x.Request.Method != http.MethodHead {
			answers = append(answers, Answer{lib: lib, Exchange: x, ofRun: true})
		}
	}
	return answers
}

// GotBy are the answers of the run to GET of one of the paths by somebody.
func (lib *Library) GotBy(as Identity, paths ...string) (answers []Answer) {
	for _, answer := range lib.Everything() {
		path, _, _ := lib.below(answer.Exchange)
		if answer.Exchange.Request.Method == http.MethodGet && answer.Exchange.Request.As == as && slices.Contains(paths, path) {
			answers = append(answers, answer)
		}
	}
	return answers
}

// OddLimits are the answers of the run to GET of the library by a negative limit.
func (lib *Library) OddLimits() []Answer {
	return slices.DeleteFunc(lib.GotBy(evidence.Account, LibdrivesPath), func(a Answer) bool {
		_, query, _ := lib.below(a.Exchange)
		return !strings.HasPrefix(query.Get("limit"), "-")
	})
}

// UUIDAsked is the uuid of the drive that an answer to GET of one was asked for.
func (lib *Library) UUIDAsked(a Answer) string {
	path, _, _ := lib.below(a.Exchange)
	return path[strings.LastIndex(strings.TrimSuffix(path, "/"), "/")+1 : len(strings.TrimSuffix(path, "/"))]
}

// NotGot are the reads of the round of a listed library drive by itself, below a path, that are answered 404: by any login, in any format.
// They are taken again.
func (lib *Library) NotGot(below string) (answers []Answer) {
	lib.All, lib.Compares = true, true
	if lib.Planning && !lib.Settled {
		return nil
	}
	library, first := lib.List().Index(), lib.beganToWrite()
	for _, a := range lib.wholeAnswers() {
		path, _, _ := lib.below(a.Exchange)
		one, isBelow := strings.CutPrefix(path, below)
		drive, listed := library.Get(strings.Trim(one, "/"))
		if isBelow && listed && a.Status() == http.StatusNotFound && lib.isOfThisRound(a.Exchange, first) {
			lib.takeAgain(a.Exchange)
			answers = append(answers, a.AboutDrive(drive, ClipTo(a.Exchange.Key, LongestShown)))
		}
	}
	return answers
}

// BeSingleDefinition matches an answer whose body is JSON and one object with a uuid.
func BeSingleDefinition() types.GomegaMatcher {
	return AnswerMatch{expected: "an object with a uuid", look: func(a Answer) (string, bool) {
		body := a.JSON()
		return Clip(Show(body)), a.lib.Parsed.body(a.Exchange).problem != "" || body.IsObject() && body.Get("uuid").Exists() // what is no JSON is FORMAT-09's
	}}
}

// Await is the answer, for which the spec waits. It is blocked where no whole answer of the endpoint's own came.
func (a Answer) Await() Answer {
	if a.Pending() || a.lib.Incomplete(a) {
		a.lib.stop()
	}
	return a
}

// Complete are those of the answers that came whole, each once. While the plan is made there may be none of them yet.
func Complete(answers ...Answer) []Answer {
	var whole []Answer
	seen := map[*evidence.Exchange]bool{}
	for _, answer := range answers {
		if !answer.Pending() && !seen[answer.Exchange] && answer.Incomplete() == "" {
			seen[answer.Exchange] = true
			whole = append(whole, answer)
		}
	}
	return whole
}

// Besides are those of the answers that are none of the others.
func Besides(others, answers []Answer) []Answer {
	return slices.DeleteFunc(answers, func(a Answer) bool {
		return slices.ContainsFunc(others, func(other Answer) bool { return other.Exchange == a.Exchange })
	})
}

// Refused reports whether the answer is an error, the client's or the endpoint's.
func (a Answer) Refused() bool { return a.Status() >= 400 }

// header is a header of the response; empty where there is none.
func (a Answer) header(name string) string {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return ""
	}
	return strings.Join(a.Exchange.Response.Header.Values(name), ", ")
}

// Body is the response's body as it came, unpacked.
func (a Answer) Body() []byte {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return nil
	}
	return a.Exchange.Response.Body.Bytes()
}

// bodyKey is what two answers have in common that have the same body, in the same format; nil where that is not known.
func (a Answer) bodyKey() any {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return nil
	}
	return a.Exchange.Response.Body.Key()
}

// HasBody reports whether a body came that is not empty.
func (a Answer) HasBody() bool {
	return a.Exchange != nil && a.Exchange.Response != nil && a.Exchange.Response.Body.Len() > 0
}

// ClipTo keeps a shown text short.
func ClipTo(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
