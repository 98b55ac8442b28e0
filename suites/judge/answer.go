package judge

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// MaxDepth is how deep the JSON of an answer may nest before it is called unreadable: a definition nests five deep.
const MaxDepth = 64

// Answer is what the endpoint answered to a read.
type Answer struct {
	lib      *Library
	read     *Asked // nil where no read was asked for
	Exchange *evidence.Exchange
	Subject  reports.Subject // what the read looks at, for the report
	soundBy  string          // the requirement that says that the read is answered with JSON; empty where this spec judges that itself
	OkBy     string          // the requirement that says that the read is answered with 200; likewise
	step     bool            // it answers a scenario's step, for which any 2xx will do
	page     bool            // it is a page of a list, and LIST-02 says that it has an object `meta`

	ofRun         bool // it is looked at as one of all answers of the run, which are told by their requests
	refusedForNow bool // it is judged as the endpoint's own refusal, though it says that the request may be sent again later
}

// asked is the read that it answers; of an answer to something else, an empty one.
func (a Answer) asked() evidence.Read {
	if a.read == nil {
		return evidence.Read{}
	}
	return a.read.Read
}

// Pending reports whether the plan has not come to this read yet.
func (a Answer) Pending() bool { return a.Exchange == nil }

// Status is the response's status, 0 where there is none.
func (a Answer) Status() int { return a.Exchange.Status() }

// JSON is the body. Where the body is not JSON, it does not exist.
func (a Answer) JSON() gjson.Result {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return gjson.Result{}
	}
	return a.lib.Parsed.value(a.Exchange)
}

// at is the value at a path of the body; it does not exist where the body is not JSON. It takes less room than to look for it in
// all of the JSON, where that is long.
func (a Answer) at(path string) gjson.Result {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return gjson.Result{}
	}
	return a.lib.Parsed.around(a.Exchange, path)
}

// About is the same answer, looked at for a subject that is named in words.
func (a Answer) About(words string) Answer {
	a.Subject = reports.InWords(words)
	return a
}

// AboutA is the same answer, looked at for something that has a kind: a field, the drive with a uuid.
func (a Answer) AboutA(kind, uuid, words string) Answer {
	a.Subject = reports.Subject{Kind: kind, UUID: uuid, Words: words}
	return a
}

// AboutDrive is the same answer, looked at for a drive; words say in which way, where it is looked at in more than one.
func (a Answer) AboutDrive(d Drive, words string) Answer {
	a.Subject = d.Subject()
	a.Subject.Words = words
	return a
}

// JudgedBy is the same answer, where another requirement judges whether it is sound at all.
func (a Answer) JudgedBy(id string) Answer {
	a.soundBy, a.OkBy = id, id
	return a
}

// AnsweredBy is the same answer, where another requirement judges whether its status is 200.
func (a Answer) AnsweredBy(id string) Answer {
	a.OkBy = id
	return a
}

// AsPage is the same answer, of which LIST-02 says that it has an object `meta`.
func (a Answer) AsPage() Answer {
	a.page = true
	return a
}

// blocker is the requirement that an unsound answer is to be held against; empty where it is this spec's own business.
func (a Answer) blocker() string {
	switch {
	case !a.Welcome():
		return a.OkBy
	case a.page:
		return "LIST-02"
	}
	return a.soundBy
}

// Welcome reports whether the status is one with which an answer can be looked into.
func (a Answer) Welcome() bool { return a.Status() == 200 || a.step && a.Status()/100 == 2 }

// AsList is the answer as a list of its own.
func (a Answer) AsList() List {
	list := List{Lib: a.lib, Name: a.name(), Pending: a.Pending()}
	if !list.Pending {
		list.Parts, list.Drives = []Answer{a}, a.Drives()
	}
	return list
}

// Incomplete says why no whole answer of the endpoint's own came; empty where one did. What stands before it may have
// answered, or it may have said no more than that it should be asked another time.
func (a Answer) Incomplete() string {
	switch {
	case a.Exchange == nil, a.refusedForNow:
		return ""
	case a.lib.Outage && (a.Status() == 429 || a.Status() == 503):
		return fmt.Sprintf("%s %s was answered %d when the endpoint went out of service", a.Exchange.Request.Method, a.Exchange.Request.Path(), a.Status())
	case a.lib.Outage && a.Exchange.IsPage():
		return fmt.Sprintf("%s %s was answered with a page of HTML when the endpoint went out of service", a.Exchange.Request.Method, a.Exchange.Request.Path())
	case a.Exchange.Failure == "":
		if obstacle := a.Exchange.ObstacleText(); obstacle != "" {
			return fmt.Sprintf("%s %s: %s", a.Exchange.Request.Method, a.Exchange.Request.Path(), obstacle)
		}
		return ""
	default:
		return fmt.Sprintf("%s %s: %s", a.Exchange.Request.Method, a.Exchange.Request.Path(), a.Exchange.Failure)
	}
}

// suffered reports whether that no whole answer came is something to judge by the matcher. That a connection broke may lie in
// the way there, however often it does, and of an endpoint that was gone in the end nobody knows when it went.
func (a Answer) suffered(m judgesBroken) bool {
	return m.judgesBroken(a.Exchange) && !a.Exchange.Closed() && !(a.lib.Gone && a.Exchange.Response == nil)
}

// Problem says what keeps the answer from being looked into: not 200 (or, to a scenario's step, no 2xx), or not JSON.
// Empty where it is sound.
func (a Answer) Problem() string {
	if text := a.Incomplete(); text != "" {
		return text
	}
	where := func() string { return a.Exchange.Request.Method + " " + a.Exchange.Request.Path() }
	if !a.Welcome() {
		return fmt.Sprintf("%s answers %d, not %s", where(), a.Status(), a.due())
	}
	if p := a.lib.Parsed.body(a.Exchange); p.problem != "" {
		return fmt.Sprintf("%s answers %d with a body that is not JSON: %s", where(), a.Status(), p.problem)
	}
	if a.page && (!a.at("meta").IsObject() || !a.isList()) {
		return fmt.Sprintf("%s answers without an object `meta` and an array `objects`", where())
	}
	return ""
}

// due is the status with which the answer could be looked into, in words.
func (a Answer) due() string {
	switch {
	case !a.step || a.Exchange.Request.Method == http.MethodGet:
		return "200"
	case creates(a.Exchange) == "clone":
		return "202"
	case creates(a.Exchange) == "server":
		return "201"
	case a.Exchange.Request.Method == http.MethodDelete:
		return "204"
	}
	return "a 2xx"
}

// unsound is Problem as an error, which knows where the status is the problem.
func (a Answer) unsound() error {
	text := a.Problem()
	switch {
	case text == "":
		return nil
	case a.Incomplete() == "" && !a.Welcome():
		return &statusError{text, a.Status()}
	}
	return errors.New(text)
}

// name says what the answer is of, as findings name it.
func (a Answer) name() string { return a.subject().String() }

func (a Answer) subject() reports.Subject {
	if a.Subject != (reports.Subject{}) {
		return a.Subject
	}
	if a.ofRun {
		x := a.Exchange
		return reports.InWords(fmt.Sprintf("%s %s (exchange %d)", x.Request.Method, ClipTo(x.Request.Path(), 200), x.Number))
	}
	return reports.InWords(a.asked().Target())
}

// isGone reports whether a drive that was listed is not found: it may have been taken away in between.
func (a Answer) isGone() bool {
	return a.Exchange != nil && a.Status() == http.StatusNotFound && a.Subject.Kind == reports.KindDrive
}

// isList reports whether the body has an array `objects`.
func (a Answer) isList() bool {
	return a.Exchange != nil && a.Exchange.Response != nil && a.lib.Parsed.body(a.Exchange).listed
}

// totalCount is the list's meta.total_count.
func (a Answer) TotalCount() gjson.Result {
	if a.Exchange == nil || a.Exchange.Response == nil {
		return gjson.Result{}
	}
	return a.lib.Parsed.body(a.Exchange).count()
}

// Drive is an entry of a list.
type Drive struct {
	UUID   string
	Name   string
	Index  int                // zero-based, in the list
	From   *evidence.Exchange // the exchange that lists it
	Kind   string             // what it is called in findings; "" means a drive
	fields *fields            // of its definition
}

// Title names the drive as findings do: `drive c7105ec8-… "Windows Server 2022"`.
func (d Drive) Title() string { return d.Subject().String() }

// Subject is the drive as findings are about it.
func (d Drive) Subject() reports.Subject {
	return reports.Subject{Kind: cmp.Or(d.Kind, reports.KindDrive), UUID: ClipTo(d.UUID, longestID), Name: ClipTo(d.Name, LongestShown)}
}

// longestID is the longest uuid, in bytes, that is asked for and shown whole: a sound one has 36.
const longestID = 100

// LongestShown is the longest name, key or value to filter by, in bytes, that is asked for and shown whole.
const LongestShown = 300

// Key makes a key safe for gjson, for which some characters have meaning. Field names have none of them as a rule.
func Key(key string) string {
	if strings.ContainsAny(key, `\.*?#@|!{}[]()<>=%"'~`) {
		return gjson.Escape(key)
	}
	return key
}
