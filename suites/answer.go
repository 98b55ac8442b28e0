package suites

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/collect"
	"github.com/libdrives/conformance/suites/evidence"
)

// maxDepth is how deep the JSON of an answer may nest before it is called unreadable: a definition nests five deep.
const maxDepth = 64

// Answer is what the endpoint answered to a read.
type Answer struct {
	lib      *Library
	read     collect.Read
	exchange *evidence.Exchange
	subject  string // what the read looks at, for the report
	ground   string // the requirement that says that the read is answered with JSON; empty where this spec judges that itself
	answers  string // the requirement that says that the read is answered with 200; likewise
	step     bool   // it answers a story's step, for which any 2xx will do
	page     bool   // it is a page of a list, and LIST-02 says that it has an object `meta`
}

// Pending reports whether the plan has not come to this read yet.
func (a Answer) Pending() bool { return a.exchange == nil }

// Status is the response's status, 0 where there is none.
func (a Answer) Status() int { return a.exchange.Status() }

// JSON is the body. Where the body is not JSON, it does not exist.
func (a Answer) JSON() gjson.Result {
	if a.exchange == nil || a.exchange.Response == nil {
		return gjson.Result{}
	}
	return a.lib.parsed.body(a.exchange).value
}

// about is the same answer, looked at for a subject.
func (a Answer) about(subject string) Answer {
	a.subject = subject
	return a
}

// groundedOn is the same answer, where another requirement judges whether it is sound at all.
func (a Answer) groundedOn(id string) Answer {
	a.ground, a.answers = id, id
	return a
}

// answered is the same answer, where another requirement judges whether its status is 200.
func (a Answer) answered(id string) Answer {
	a.answers = id
	return a
}

// asPage is the same answer, of which LIST-02 says that it has an object `meta`.
func (a Answer) asPage() Answer {
	a.page = true
	return a
}

// blocker is the requirement that an unsound answer is to be held against; empty where it is this spec's own business.
func (a Answer) blocker() string {
	switch {
	case !a.welcome():
		return a.answers
	case a.page:
		return "LIST-02"
	}
	return a.ground
}

// welcome reports whether the status is one with which an answer can be looked into.
func (a Answer) welcome() bool { return a.Status() == 200 || a.step && a.Status()/100 == 2 }

// asList is the answer as a list of its own.
func (a Answer) asList() List {
	list := List{lib: a.lib, name: a.name(), pending: a.Pending()}
	if !list.pending {
		list.parts, list.Drives = []Answer{a}, a.drives()
	}
	return list
}

// incomplete says why no whole answer came; empty where one did.
func (a Answer) incomplete() string {
	switch {
	case a.exchange == nil:
		return ""
	case a.lib.outage && outOfService(a.exchange):
		return fmt.Sprintf("%s %s was answered %d when the endpoint went out of service", a.exchange.Request.Method, a.exchange.Request.Path(), a.Status())
	case a.exchange.Failure == "":
		return ""
	default:
		return fmt.Sprintf("%s %s: %s", a.exchange.Request.Method, a.exchange.Request.Path(), a.exchange.Failure)
	}
}

// problem says what keeps the answer from being looked into: not 200 (or, to a story's step, no 2xx), or not JSON.
// Empty where it is sound.
func (a Answer) problem() string {
	if text := a.incomplete(); text != "" {
		return text
	}
	where := func() string { return a.exchange.Request.Method + " " + a.exchange.Request.Path() }
	if !a.welcome() {
		return fmt.Sprintf("%s answers %d, not 200", where(), a.Status())
	}
	if p := a.lib.parsed.body(a.exchange); p.problem != "" {
		return fmt.Sprintf("%s answers %d with a body that is not JSON: %s", where(), a.Status(), p.problem)
	}
	if a.page && (!a.JSON().Get("meta").IsObject() || !a.isList()) {
		return fmt.Sprintf("%s answers without an object `meta` and an array `objects`", where())
	}
	return ""
}

// name says what the answer is of, as findings name it.
func (a Answer) name() string {
	if a.subject != "" {
		return a.subject
	}
	return a.read.Target()
}

// isList reports whether the body has an array `objects`.
func (a Answer) isList() bool {
	return a.exchange != nil && a.exchange.Response != nil && a.lib.parsed.body(a.exchange).listed
}

// totalCount is the list's meta.total_count.
func (a Answer) totalCount() gjson.Result {
	if a.exchange == nil || a.exchange.Response == nil {
		return gjson.Result{}
	}
	return a.lib.parsed.body(a.exchange).total
}

// Drive is an entry of a list.
type Drive struct {
	UUID   string
	Name   string
	JSON   gjson.Result
	Index  int                // zero-based, in the list
	from   *evidence.Exchange // the exchange that lists it
	kind   string             // what it is called in findings; "" means a drive
	fields *fields            // of the JSON, where many look at them; nil where few do
}

// title names the drive as findings do: `drive c7105ec8-… "Windows Server 2022"`.
func (d Drive) title() string {
	kind := d.kind
	if kind == "" {
		kind = "drive"
	}
	if d.Name == "" {
		return kind + " " + clipTo(d.UUID, longestID)
	}
	return fmt.Sprintf("%s %s  %q", kind, clipTo(d.UUID, longestID), clipTo(d.Name, longestShown))
}

// What is longer is asked for by nobody, and shown in part only.
const (
	longestID    = 100 // bytes of a uuid, which has 36
	longestShown = 300 // bytes of a name, or of a value to filter by
)

// path makes a key safe for gjson, for which some characters have meaning. Field names have none of them as a rule.
func path(key string) string {
	if strings.ContainsAny(key, `\.*?#@|!{}[]()<>=%"'~`) {
		return gjson.Escape(key)
	}
	return key
}
