package evidence

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Exchange is one request and what came back for it. Once it is in a record it is read only.
type Exchange struct {
	Number    int           // 1, 2, 3 … in the order in which the exchanges ended
	Key       string        // the read, or the scenario's step, that it answers
	Step      Step          // the step of a scenario that it is of; nothing where it is of none
	Round     int           // 1; 2 and more where a read was made again to confirm a difference
	Attempt   int           // 1; more where a transient refusal (429, 503) was tried again
	Purpose   string        // why it was sent, as the endpoint's log shows it in PurposeHeader
	Request   Request       //
	Response  *Response     // nil where no response came
	Unsent    bool          // nothing of the request left the machine; not kept in files
	Failure   string        // why no whole response came: a sentence without a full stop; empty where one did
	Broken    bool          // no whole response came because the connection broke
	BadCoding bool          // a body came whose Content-Encoding can't be undone
	Started   time.Time     // when the request was sent
	Duration  time.Duration // until the last byte of the body
}

// Step says where in a scenario an exchange was made.
type Step struct {
	Scenario string `json:"scenario"`
	Name     string `json:"name"`
	Part     string `json:"part,omitempty"` // what of the step: a look at a job, a further page …; empty where it is the step itself
	Nth      int    `json:"nth,omitempty"`  // of several of the kind; 0 where there is one
}

// The keys of the requests that begin and end a session.
const (
	LoginKey  = "login"
	LogoutKey = "logout"
)

// NamePrefix begins the name of everything that a run makes. The run's id, a dash and a number follow.
const NamePrefix = "libdrives-conformance-"

// PurposeHeader is the request header that tells the endpoint's log why a request came.
const PurposeHeader = "X-Libdrives-Conformance"

// Identity says with whose credentials a request is sent.
type Identity string

// The identities.
const (
	Account       Identity = ""               // the account of the run, by the run's way of authentication
	Nobody        Identity = "nobody"         // no credentials
	WrongPassword Identity = "wrong password" // the account's name with a password that is not its own
	ByBasic       Identity = "HTTP Basic"     // the account, by HTTP Basic whatever the run uses
	ByDigest      Identity = "HTTP Digest"    // the account, by HTTP Digest whatever the run uses
	WrongDigest   Identity = "wrong digest"   // the account, by HTTP Digest with a response that is not right
	ForeignDigest Identity = "foreign digest" // the account, by HTTP Digest with a response that is right for another address; see ElsewhereOf
	BySession     Identity = "session"        // the cookies of a login, with X-CSRFToken where needed
	BySessionOnly Identity = "session only"   // the cookies of a login, never with X-CSRFToken

	// The account's name with what is nearly its password.
	EmptyPassword Identity = "empty password"
	CutPassword   Identity = "password without its last character"
	LongPassword  Identity = "password with one more character"
	CasePassword  Identity = "password in other case"
)

// Wrong reports whether a request by the identity has a wrong password, or a digest that is made of one or for another address.
func (i Identity) Wrong() bool {
	switch i {
	case WrongPassword, WrongDigest, ForeignDigest, EmptyPassword, CutPassword, LongPassword, CasePassword:
		return true
	}
	return false
}

// What the wrong identities give for the account's password, or add to it. It is nobody's, and the same in every run.
const (
	NotThePassword = "not-the-password-7f3a91"
	OneMore        = "x"
)

// ElsewhereOf is the address that a ForeignDigest is made for, by the path and query of the request that it stands in.
func ElsewhereOf(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return strings.TrimSuffix(path, "/") + "/elsewhere/"
}

// NoSuchPassword is the failure of a request with a wrong password that the account's password has no variant for: one of one
// character has none that lacks the last one and is not empty, and one without letters has none in other case.
const NoSuchPassword = "not sent: the account's password has no such variant"

// Request is a request as it was sent.
type Request struct {
	Method string
	URL    string // absolute, as sent
	Header http.Header
	Body   []byte
	As     Identity
	Auth   string // "basic" or "digest": how Account authenticates in this run; for the curl line
	Login  string // of a request by a session: the URL of the login that began it; of a login its own
	Logout string // of a request by a session that was ended before: the URL of the logout
}

// Response is a response as it came, its body unpacked.
type Response struct {
	Status    int
	Proto     string // "HTTP/1.1"
	Header    http.Header
	Body      Body     // after Content-Encoding was undone
	WireSize  int      // bytes of the body before Content-Encoding was undone
	Truncated bool     // the body is longer than the run's limit; Body holds its beginning
	Leaks     []string // where a secret of the run stood, of a response without it: "body", "header Location" …, sorted
	Echoes    []Echo   // which of the leaks are credentials that the endpoint repeats; nil where there is no leak
}

// Path is the URL without scheme and host, as one would say it: "/api/2.0/libdrives/?limit=0".
func (r Request) Path() string {
	rest := r.URL
	if _, after, found := strings.Cut(rest, "://"); found {
		rest = after
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			return rest[slash:]
		}
		return "/"
	}
	return rest
}

// Status is the response's status, or 0 where no response came.
func (x *Exchange) Status() int {
	if x == nil || x.Response == nil {
		return 0
	}
	return x.Response.Status
}

// ClosedUnanswered is the failure of a request whose connection the other side broke off.
const ClosedUnanswered = "the connection was closed before an answer came"

// Closed reports whether the other side broke the connection off instead of answering.
func (x *Exchange) Closed() bool { return x.Response == nil && x.Broken }

// Outcome says in a few words what came back: "200 in 48 ms", or why nothing did.
func (x *Exchange) Outcome() string {
	if x.Response == nil {
		return fmt.Sprintf("no response: %s", x.Failure)
	}
	text := fmt.Sprintf("%d in %d ms", x.Response.Status, x.Duration.Milliseconds())
	if x.Failure != "" {
		text += ", " + x.Failure
	}
	return text
}
