package judge

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// The media types that are asked for.
const (
	TypeJSON        = "application/json"
	TypeXML         = "application/xml"
	TypeHTML        = "text/html"
	TypeUnsupported = "image/png"
)

// FormatOf tells a body's format by how it begins.
func FormatOf(body []byte) string {
	text := bytes.TrimSpace(evidence.WithoutMark(body))
	switch {
	case len(text) == 0:
		return "nothing"
	case text[0] == '{' || text[0] == '[':
		return "JSON"
	case text[0] == '<' && !strings.HasPrefix(strings.ToLower(string(text[:min(len(text), 20)])), "<!doctype html") && !bytes.HasPrefix(bytes.ToLower(text[:min(len(text), 5)]), []byte("<html")):
		return "XML"
	}
	return "neither JSON nor XML"
}

// SaysJSON reports whether JSON was asked for and the answer says that it is.
func (a Answer) SaysJSON() bool {
	asked := a.Exchange.Request.Header.Get("Accept")
	return a.Incomplete() == "" && a.HasBody() && saysJSON(a) &&
		(asked == "" || strings.Contains(asked, TypeJSON)) && !strings.Contains(a.Exchange.Request.URL, "format=")
}

// TellsJSON reports whether JSON was asked for, or no format, and the answer is JSON of the API's own, whatever its Content-Type:
// what was granted below the API's collections, or a refusal in the API's form of errors. What a server in front of the API says
// in words of its own has the type that it likes.
func (lib *Library) TellsJSON(answer Answer) bool {
	x := answer.Exchange
	asked := x.Request.Header.Get("Accept")
	if asked != "" && (!strings.Contains(asked, TypeJSON) || strings.Contains(asked, TypeXML)) || strings.Contains(x.Request.URL, "format=") {
		return false
	}
	if x.Request.Method == http.MethodOptions || answer.Incomplete() != "" || answer.format() != "JSON" || mayLeaveTheAPI(x) || lib.Parsed.body(x).problem != "" {
		return false
	}
	if answer.Refused() {
		return len(TypesOf(answer)) > 0
	}
	path := strings.TrimPrefix(x.Request.Path(), lib.BasePath)
	return answer.Status()/100 == 2 && slices.ContainsFunc(collections[:], func(at string) bool { return strings.HasPrefix(path, at) })
}

// collections are the paths whose answers are documented as JSON.
var collections = [...]string{LibdrivesPath, DrivesPath, ServersPath, LicensesPath, "jobs/"}

// NotBeOfType matches an answer whose media type is another one.
func NotBeOfType(media string) types.GomegaMatcher {
	return AnswerMatch{expected: "a Content-Type other than " + media, header: "Content-Type", look: func(a Answer) (string, bool) {
		return "Content-Type " + cmp.Or(a.header("Content-Type"), "none"), MediaType(a) != media
	}}
}

// IsErrorOfAPI reports whether a refusal is an error in the API's own form, of a status that the documentation names. Of a 406 no type
// may be said that is not accepted; what says 503 may stand in front.
func (lib *Library) IsErrorOfAPI(answer Answer) bool {
	status := answer.Status()
	if !slices.Contains(errorStatuses[:], status) || status == http.StatusNotAcceptable || status == http.StatusServiceUnavailable {
		return false
	}
	formed, err := HaveErrorsAsDocumented().Match(answer)
	return formed && err == nil
}

// SayJSON matches an answer whose Content-Type is one of JSON.
func SayJSON() types.GomegaMatcher {
	return AnswerMatch{expected: "a Content-Type of JSON", header: "Content-Type", look: func(a Answer) (string, bool) {
		return "Content-Type " + cmp.Or(a.header("Content-Type"), "none"), saysJSON(a)
	}}
}

// BeIn matches an answer that is 200 with a body in the format, "JSON" or "XML", as far as its beginning tells.
func BeIn(format string) types.GomegaMatcher {
	return AnswerMatch{expected: "200 with " + format, look: func(a Answer) (string, bool) {
		found := a.format()
		return statusOf(a) + " with " + found, a.Status() == 200 && found == format
	}}
}

// BeWellFormedXML matches an answer that is well-formed XML, or that is no XML at all: that it is to be is for BeIn to say.
func BeWellFormedXML() types.GomegaMatcher {
	return AnswerMatch{expected: "well-formed XML", look: func(a Answer) (string, bool) {
		if a.format() != "XML" {
			return "no XML", true
		}
		_, err := a.XML()
		return fmt.Sprint(err), err == nil
	}}
}

// HaveType matches an answer with the media type, whatever its parameters.
func HaveType(media string) types.GomegaMatcher {
	return AnswerMatch{expected: "Content-Type " + media, header: "Content-Type", look: func(a Answer) (string, bool) {
		return "Content-Type " + cmp.Or(a.header("Content-Type"), "none"), MediaType(a) == media
	}}
}

// HaveOneType matches an answer with one Content-Type at most: of two a client takes either.
func HaveOneType() types.GomegaMatcher {
	return AnswerMatch{expected: "one Content-Type", header: "Content-Type", look: func(a Answer) (string, bool) {
		return "Content-Type " + cmp.Or(a.header("Content-Type"), "none"), len(a.Exchange.Response.Header.Values("Content-Type")) <= 1
	}}
}

// SayUTF8 matches an answer whose Content-Type names no charset but UTF-8, unless its body is the same in any.
func SayUTF8() types.GomegaMatcher {
	return AnswerMatch{expected: "no charset but UTF-8", header: "Content-Type", look: func(a Answer) (string, bool) {
		_, parameters, err := mime.ParseMediaType(a.header("Content-Type"))
		charset := strings.ToLower(parameters["charset"])
		return "Content-Type " + a.header("Content-Type"), err != nil || charset == "" || charset == "utf-8" || charset == "utf8" ||
			!slices.ContainsFunc(a.Body(), func(b byte) bool { return b >= utf8.RuneSelf })
	}}
}

// MediaType is an answer's Content-Type without its parameters.
func MediaType(a Answer) string {
	text := a.header("Content-Type")
	if media, _, err := mime.ParseMediaType(text); err == nil {
		return media
	}
	media, _, _ := strings.Cut(text, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// BeUncompressed matches an answer without a Content-Encoding whose body is no gzip either.
func BeUncompressed() types.GomegaMatcher {
	return AnswerMatch{expected: "no Content-Encoding", header: "Content-Encoding", suffers: badCoding, look: func(a Answer) (string, bool) {
		encoding := a.header("Content-Encoding")
		if encoding == "" && looksPacked(a) {
			return "a body that is gzip, though nothing says so", false
		}
		return "Content-Encoding " + encoding, encoding == "" || strings.EqualFold(encoding, "identity")
	}}
}

// BeUnpackable matches an answer that is either plain or gzip that says so and is sound.
func BeUnpackable() types.GomegaMatcher {
	return AnswerMatch{expected: "a plain body, or gzip that says so", header: "Content-Encoding", suffers: badCoding, look: func(a Answer) (string, bool) {
		if text := a.Incomplete(); text != "" {
			return text, false
		}
		encoding := a.header("Content-Encoding")
		if looksPacked(a) {
			return "a body that is gzip once more than the Content-Encoding " + encoding + " says", false
		}
		return "Content-Encoding " + encoding, encoding == "" || strings.EqualFold(encoding, "gzip") || strings.EqualFold(encoding, "x-gzip") || strings.EqualFold(encoding, "identity")
	}}
}

func badCoding(x *evidence.Exchange) bool { return x.BadCoding }

func looksPacked(a Answer) bool {
	return a.HasBody() && string(a.Exchange.Response.Body.Beginning(2)) == "\x1f\x8b"
}

// BeStrictJSON matches a body that is UTF-8 and one JSON value in which no object holds a key twice.
func BeStrictJSON() types.GomegaMatcher {
	return AnswerMatch{expected: "one JSON value in UTF-8, no key twice", look: func(a Answer) (string, bool) {
		if err := a.lib.Parsed.body(a.Exchange).strict; err != nil {
			return err.Error(), false
		}
		return "one JSON value", true
	}}
}

// ShowInXML matches an XML body that shows these drives' uuids and names, in this order.
func ShowInXML(drives []Drive, from *evidence.Exchange) types.GomegaMatcher {
	return showInXML{drives, from}
}

type showInXML struct {
	want []Drive
	from *evidence.Exchange
}

func (m showInXML) judgesStatus() {}

func (m showInXML) against() *evidence.Exchange { return m.from }

// orderAlone holds where the same drives are shown in another order.
func (m showInXML) orderAlone(actual any) bool {
	a, ok := actual.(Answer)
	if !ok {
		return false
	}
	found, err := a.XML()
	if err != nil || len(found) != len(m.want) {
		return false
	}
	names := map[string][]string{}
	for _, drive := range found {
		names[drive.UUID] = append(names[drive.UUID], inXML(drive.Name))
	}
	return !slices.ContainsFunc(m.want, func(want Drive) bool { return !slices.Contains(names[want.UUID], inXML(want.Name)) })
}

func (m showInXML) difference(actual any) string {
	a, ok := actual.(Answer)
	if !ok {
		return "no answer"
	}
	found, err := a.XML()
	if err != nil {
		return "" // that it is not well-formed has been said
	}
	if len(found) != len(m.want) {
		return fmt.Sprintf("%s, not %s", Amount(len(found)), Amount(len(m.want)))
	}
	for i, want := range m.want {
		if found[i].UUID != want.UUID || inXML(found[i].Name) != inXML(want.Name) {
			return fmt.Sprintf("at index %d uuid %q and name %q, not uuid %q and name %q", i, found[i].UUID, found[i].Name, want.UUID, want.Name)
		}
	}
	return ""
}

func (m showInXML) Match(actual any) (bool, error) { return m.difference(actual) == "", nil }

func (m showInXML) explain(actual any) reports.Finding {
	return inWords(fmt.Sprintf("the uuids and names of the JSON answer (%s)", Amount(len(m.want))), m.difference(actual))
}

func (m showInXML) FailureMessage(actual any) string { return message(m, actual) }

func (m showInXML) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// formatCounts reports whether the answer can be judged by its format: where the same is not answered with 200 in JSON
// either, that is for others to say.
func (lib *Library) formatCounts(answer Answer) bool {
	if answer.Pending() || lib.Unheard(answer) {
		return false
	}
	if plain := lib.Plain().AnsweredBy("LIST-01"); plain.Pending() || plain.Status() != 200 {
		lib.Require(plain)
	}
	return answer.Status() == 200 || !lib.fails(answer.OkBy)
}
