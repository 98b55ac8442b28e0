package suites

import (
	"fmt"
	"strings"
	"sync"

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
	case a.exchange == nil || a.exchange.Failure == "":
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
	where := fmt.Sprintf("%s %s", a.exchange.Request.Method, a.exchange.Request.Path())
	if !a.welcome() {
		return fmt.Sprintf("%s answers %d, not 200", where, a.Status())
	}
	if p := a.lib.parsed.body(a.exchange); p.problem != "" {
		return fmt.Sprintf("%s answers %d with a body that is not JSON: %s", where, a.Status(), p.problem)
	}
	if a.page && (!a.JSON().Get("meta").IsObject() || !a.isList()) {
		return fmt.Sprintf("%s answers without an object `meta` and an array `objects`", where)
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

// parsed keeps the JSON of bodies, so that each is read once however many specs look at it.
type parsed struct {
	mu     sync.Mutex
	bodies map[*evidence.Exchange]*parsedBody
	lists  map[*evidence.Exchange][]Drive
}

type parsedBody struct {
	value   gjson.Result
	problem string // why it is not JSON
	listed  bool   // it has an array `objects`
	total   gjson.Result
}

func newParsed() *parsed {
	return &parsed{bodies: map[*evidence.Exchange]*parsedBody{}, lists: map[*evidence.Exchange][]Drive{}}
}

// body reads the exchange's body. gjson reads values out of text that is not JSON, so validity and depth come first;
// keys given twice and bad UTF-8 are FORMAT-09's business.
func (p *parsed) body(x *evidence.Exchange) *parsedBody {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.bodies[x]; known != nil {
		return known
	}
	result := &parsedBody{}
	if err := evidence.CheckSyntax(x.Response.Body, maxDepth); err != nil {
		result.problem = err.Error()
	} else {
		result.value = gjson.ParseBytes(x.Response.Body)
		result.listed = result.value.Get("objects").IsArray()
		result.total = result.value.Get("meta.total_count")
	}
	p.bodies[x] = result
	return result
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

// objects are the drives of a list's body. They are shared: who changes them takes a copy.
func (p *parsed) objects(x *evidence.Exchange) []Drive {
	body := p.body(x)
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, found := p.lists[x]; found {
		return known
	}
	drives := []Drive{}
	if body.listed {
		for i, object := range body.value.Get("objects").Array() {
			drives = append(drives, Drive{UUID: object.Get("uuid").String(), Name: object.Get("name").String(), JSON: object, Index: i, from: x})
		}
	}
	p.lists[x] = drives
	return drives
}

// Drive is an entry of a list.
type Drive struct {
	UUID  string
	Name  string
	JSON  gjson.Result
	Index int                // zero-based, in the list
	from  *evidence.Exchange // the exchange that lists it
	kind  string             // what it is called in findings; "" means a drive
}

// title names the drive as findings do: `drive c7105ec8-… "Windows Server 2022"`.
func (d Drive) title() string {
	kind := d.kind
	if kind == "" {
		kind = "drive"
	}
	if d.Name == "" {
		return kind + " " + d.UUID
	}
	return fmt.Sprintf("%s %s  %q", kind, d.UUID, d.Name)
}

// path makes a key safe for gjson, for which some characters have meaning. Field names have none of them as a rule.
func path(key string) string {
	if strings.ContainsAny(key, `\.*?#@|!{}[]()<>=%"'~`) {
		return gjson.Escape(key)
	}
	return key
}
