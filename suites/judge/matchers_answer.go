package judge

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

// beValid checks a value against a JSON Schema.
type beValid struct {
	evaluator *Evaluator
	name      schema.Name
}

// BeValid matches an answer, a drive or a value that is valid against the schema.
func (lib *Library) BeValid(name schema.Name) types.GomegaMatcher {
	return beValid{lib.Evaluator, name}
}

func (m beValid) violations(actual any) ([]schema.Violation, error) {
	v, err := value(actual)
	if err != nil {
		return nil, err
	}
	if !v.Exists() {
		return nil, fmt.Errorf("nothing is there")
	}
	// The same definition stands in many answers. Most are valid, of which there is no more to be kept.
	parsed := m.evaluator.Parsed
	if entry, is := entryOf(actual); is && parsed.matched.by(m.textKey()).has(entry) {
		return nil, nil
	}
	text := validText{m.name, m.evaluator.Record.Store().Digest(v.Raw)}
	if m.evaluator.valid.has(text) {
		return nil, nil
	}
	key := fmt.Sprintf("is valid as %s: %x", m.name, text.digest)
	if known, done := m.evaluator.memo.get(key); done {
		return known.(judgement).violations, known.(judgement).err
	}
	var judged judgement
	judged.violations, judged.err = m.evaluator.Schemas.Validate(m.name, []byte(v.Raw))
	if len(judged.violations) > 0 || judged.err != nil {
		m.evaluator.memo.put(key, judged)
	} else if entry, is := entryOf(actual); is {
		parsed.matched.by(m.textKey()).add(entry)
	} else {
		m.evaluator.valid.add(text)
	}
	return judged.violations, judged.err
}

// validText is a text that is valid against a schema.
type validText struct {
	schema schema.Name
	digest [2]uint64
}

// validTexts are the texts that were found valid. They may be used by many goroutines at once.
type validTexts struct {
	mu    sync.RWMutex
	known map[validText]bool
}

func (v *validTexts) has(text validText) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.known[text]
}

func (v *validTexts) add(text validText) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = map[validText]bool{}
	}
	v.known[text] = true
}

// judgement is what a schema says of a text.
type judgement struct {
	violations []schema.Violation
	err        error // why it can't be said
}

func (m beValid) textKey() string { return "valid as " + string(m.name) }

func (m beValid) Match(actual any) (bool, error) {
	violations, err := m.violations(actual)
	return err == nil && len(violations) == 0, err
}

// withValue is what is wrong with a value, and the value where that does not say it: "is a string, must be an integer: "1"".
func withValue(wrong, value string) string {
	if value == "" || strings.Contains(wrong, value) || !strings.ContainsAny(value[:1], `"-0123456789tf`) || !gjson.Valid(value) {
		return wrong
	}
	return wrong + ": " + Clip(value)
}

func (m beValid) explain(actual any) reports.Finding {
	violations, err := m.violations(actual)
	f := reports.Finding{Expected: fmt.Sprintf("valid against the %s schema", m.name)}
	if err != nil {
		return unsaid(f, err)
	}
	for _, v := range violations {
		f.Differences = append(f.Differences, reports.Difference{In: reports.InBody, Path: v.Field, Found: withValue(v.Message, v.Found), Value: v.Found})
	}
	return f
}

func (m beValid) FailureMessage(actual any) string { return message(m, actual) }

func (m beValid) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// haveStatus checks an answer's status.
type haveStatus struct{ codes []int }

// HaveStatus matches an answer with one of these status codes.
func HaveStatus(codes ...int) types.GomegaMatcher { return haveStatus{codes} }

func (m haveStatus) judgesStatus() {}

func (m haveStatus) Match(actual any) (bool, error) {
	a, ok := actual.(Answer)
	if !ok {
		return false, fmt.Errorf("only an answer has a status")
	}
	return slices.Contains(m.codes, a.Status()), nil
}

func (m haveStatus) explain(actual any) reports.Finding {
	codes := make([]string, len(m.codes))
	for i, code := range m.codes {
		codes[i] = strconv.Itoa(code)
	}
	d := reports.Difference{In: reports.InStatus, Expected: strings.Join(codes, " or ")}
	if a, ok := actual.(Answer); ok && a.Exchange != nil {
		d.Found = strconv.Itoa(a.Status())
		if a.Exchange.Response != nil && a.Exchange.Response.Body.Len() > 0 && a.Status() != 200 {
			d.Note = Clip(strings.Join(strings.Fields(string(a.Exchange.Response.Body.Beginning(500))), " "))
		}
	}
	return reports.Finding{Differences: []reports.Difference{d}}
}

func (m haveStatus) FailureMessage(actual any) string { return message(m, actual) }

func (m haveStatus) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// equalJSON compares with a value of another answer.
type equalJSON struct {
	other       gjson.Result
	with        *evidence.Exchange
	here, there string
	skip        []string
	only        []string // where not empty, just these fields are compared
	sameWords   bool     // that both say the same is known
}

// Definition is what shows a drive: an Answer, or a Drive of a list.
type Definition interface {
	definition() (shown gjson.Result, by *evidence.Exchange)
}

func (a Answer) definition() (gjson.Result, *evidence.Exchange) { return a.JSON(), a.Exchange }

func (d Drive) definition() (gjson.Result, *evidence.Exchange) { return d.JSON(), d.From }

// EqualDrive matches a definition that is the same as the other, field by field, those aside that may change by
// themselves between two reads. here and there name the two sides in the report.
func EqualDrive(other Definition, here, there string) types.GomegaMatcher {
	shown, by := other.definition()
	return equalJSON{other: shown, with: by, here: here, there: there, skip: Volatile}
}

// EqualEntry is EqualDrive of two entries of lists. Most say the same in the same words, and are not read back.
func EqualEntry(entry, other Drive, here, there string) types.GomegaMatcher {
	if entry.fields != nil && entry.fields == other.fields {
		return equalJSON{sameWords: true, with: other.From, here: here, there: there}
	}
	return EqualDrive(other, here, there)
}

// EqualFields matches a definition whose named fields are the same as the other's.
func EqualFields(other Definition, here, there string, fields ...string) types.GomegaMatcher {
	shown, by := other.definition()
	return equalJSON{other: shown, with: by, here: here, there: there, only: fields}
}

func (m equalJSON) differences(actual any) ([]reports.Difference, error) {
	if m.sameWords {
		return nil, nil
	}
	v, err := value(actual)
	if err != nil {
		return nil, err
	}
	if v.Raw != "" && v.Raw == m.other.Raw {
		return nil, nil // most answers say the same in the same words
	}
	if len(m.only) == 0 {
		return presenceDiffers(differences(m.other, v, m.skip...), m.other, v), nil
	}
	var found []reports.Difference
	for _, field := range m.only {
		found = compare(found, field, m.other.Get(Key(field)), v.Get(Key(field)), nil)
	}
	return found, nil
}

// presenceDiffers adds which of the fields that change by themselves only one of two definitions of a library drive has: that it
// changes takes none away.
func presenceDiffers(found []reports.Difference, there, here gjson.Result) []reports.Difference {
	if !there.IsObject() || !here.IsObject() {
		return found
	}
	for _, field := range moved {
		if a, b := there.Get(field), here.Get(field); a.Exists() != b.Exists() {
			found = append(found, differing(field, Show(a), Show(b)))
		}
	}
	return found
}

// moved are the documented fields of a library drive that may change by themselves. That its status is there is said apart.
var moved = [...]string{"jobs", "mounted_on"}

func (m equalJSON) Match(actual any) (bool, error) {
	found, err := m.differences(actual)
	return err == nil && len(found) == 0, err
}

func (m equalJSON) explain(actual any) reports.Finding {
	f := reports.Finding{Expected: "the same as in " + m.there, Compared: &reports.Sides{There: m.there, Here: m.here}}
	list, err := m.differences(actual)
	if err != nil {
		return unsaid(f, err)
	}
	f.Differences = list
	return f
}

func (m equalJSON) against() *evidence.Exchange { return m.with }

func (m equalJSON) FailureMessage(actual any) string { return message(m, actual) }

func (m equalJSON) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// SameCount matches a page whose total_count is that of the first page.
func SameCount(count int64, first Answer) types.GomegaMatcher {
	return countLike{haveJSON{"meta.total_count", BeNumber(count)}, first.Exchange}
}

type countLike struct {
	haveJSON
	with *evidence.Exchange
}

func (m countLike) against() *evidence.Exchange { return m.with }

// mayHaveMoved holds where there is a count at all.
func (m countLike) mayHaveMoved(actual any) bool {
	v, err := valueAt(actual, m.path)
	return err == nil && v.Exists()
}

// SetCookie matches an answer that sets the cookie for the API. One that is for TLS alone is set as it should be; over plain
// HTTP no client sends it back.
func SetCookie(name string) types.GomegaMatcher {
	return AnswerMatch{expected: "the cookie " + name, look: func(a Answer) (string, bool) {
		from, err := url.Parse(a.Exchange.Request.URL)
		if err != nil {
			return "an answer to a request without a URL", false
		}
		base := *from
		base.Scheme, base.Path, base.RawPath, base.RawQuery = "https", a.lib.BasePath, "", ""
		var shown []string
		set := false
		for _, cookie := range evidence.Cookies(a.Exchange.Response.Header, from, &base) {
			text := cookie.Name
			if cookie.Why != "" {
				text += " (which is not sent to the API: " + cookie.Why + ")"
			}
			shown = append(shown, text)
			set = set || cookie.Name == name && cookie.Why == ""
		}
		return "cookies: " + strings.Join(shown, ", "), set
	}}
}

// BeUnder matches a resource_uri that is the path of the drive below the collection. What stands before the
// collection is left open: an endpoint behind a gateway may not know its own base path.
func BeUnder(collection, uuid string) match {
	own := "/" + collection + uuid
	return match{expected: "…" + own + "/", holds: func(v gjson.Result) bool {
		before, ends := strings.CutSuffix(v.Str, own)
		if !ends {
			before, ends = strings.CutSuffix(v.Str, own+"/")
		}
		// No segment of what stands before it is empty.
		segments := before == "" || before[0] == '/' && !strings.Contains(before+"/", "//")
		return v.Type == gjson.String && ends && segments
	}}
}
