package evidence

import (
	"net/http"
	"strconv"
	"strings"
)

// Read is one GET, HEAD or OPTIONS request. It is a value: two requirements that describe the same read share one
// request and its answer.
type Read struct {
	Method string   // "" means GET
	Path   string   // below the API base, escaped as it is sent: "libdrives/detail/"
	Rooted bool     // the path is one of the host, as a resource_uri is: "/api/2.0/libdrives/detail/"
	Query  string   // escaped as it is sent, without the question mark: "limit=0"
	Header string   // headers beyond the usual ones, one "Name: value" a line; "Accept:" sends none
	As     Identity // with whose credentials
	Nth    int      // 0; 1 is a deliberate second request of the same kind, and so on
}

// The bounds of what is asked for of a list beyond its first answer. A total_count may lie, so that further pages are asked
// for only after one that showed something new.
const (
	MostPages   = 400     // further pages of one list
	MostCounted = 100_000 // a total_count above this is no reason to ask for anything
	PageSize    = 50      // how much is asked for at a time of who does not answer limit=0
)

// Volatile are the fields of a definition that may change by themselves between two reads.
var Volatile = [...]string{"status", "jobs", "mounted_on", "runtime"}

// Describing are the fields of a library drive that only describe it, and that a provider may correct while we look.
var Describing = [...]string{"description", "install_notes", "url", "version", "distribution"}

// Get is the read of a path, with an optional query in one string: Get("libdrives/?limit=0").
func Get(target string) Read {
	path, query, _ := strings.Cut(target, "?")
	return Read{Path: path, Query: query}
}

// With is the same read with one more header line.
func (r Read) With(name, value string) Read {
	line := strings.TrimSpace(name + ": " + value)
	if r.Header != "" {
		line = r.Header + "\n" + line
	}
	r.Header = line
	return r
}

// By is the same read with other credentials.
func (r Read) By(identity Identity) Read {
	r.As = identity
	return r
}

// Again is the same read asked for once more.
func (r Read) Again() Read {
	r.Nth++
	return r
}

// Key names the read in the record: the same for equal reads, different for different ones.
func (r Read) Key() string { return string(r.AppendKey(nil)) }

// AppendKey appends that name.
func (r Read) AppendKey(key []byte) []byte {
	key = append(append(key, r.Verb()...), ' ')
	key = append(key, r.Path...)
	if r.Query != "" {
		key = append(append(key, '?'), r.Query...)
	}
	if r.Rooted {
		key = append(key, " from the host"...)
	}
	for line := range strings.SplitSeq(r.Header, "\n") {
		if line != "" {
			key = append(append(append(key, " ["...), line...), ']')
		}
	}
	if r.As != Account {
		key = append(append(key, " as "...), r.As...)
	}
	if r.Nth > 0 {
		key = strconv.AppendInt(append(key, " #"...), int64(r.Nth)+1, 10)
	}
	return key
}

// Target is path and query as they are sent, below the API base.
func (r Read) Target() string {
	if r.Query == "" {
		return r.Path
	}
	return r.Path + "?" + r.Query
}

// Verb is the method as it is sent.
func (r Read) Verb() string {
	if r.Method == "" {
		return "GET"
	}
	return r.Method
}

// IsRead reports whether a request by the method changes nothing.
func IsRead(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
