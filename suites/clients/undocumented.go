package clients

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/schema"
)

// rule is what the documentation says of requests.
type rule struct {
	name   string
	states string // what is right
	source string // the page and section that says so
	page   string // where that can be read, below documentation
	// broken says what of a request is wrong, and about which part of the query it is; empty where nothing is.
	broken func(r request) (found, query string)
}

// documentation is where the API's can be read.
const documentation = "https://docs.cloudsigma.com/en/latest/"

// rules are in the order in which a request is looked at. One request may break several.
var rules = [...]rule{
	{"known-path", "A request asks for a documented path.", "General URL format", "general.html#general-url-format", unknownPath},
	{"allowed-method", "A path is asked with the methods that it allows; OPTIONS tells them.", "Allowed HTTP methods", "libdrives.html#allowed-http-methods", methodNotAllowed},
	{"known-action", "An action is one of those that the page of the resource names, in the parameter do.", "General URL format", "general.html#general-url-format", unknownAction},
	{"content-type", "A request with a body names its format in Content-Type: application/json or application/xml.", "General: Data Format", "general.html#data-format-content-types", contentType},
	{"well-formed-body", "A body is well-formed in the format that Content-Type names.", "General: Data Format", "general.html#data-format-content-types", body},
	{"token", "With cookies, a request other than GET and OPTIONS has the header X-CSRFToken.", "General: Cookie-based Authentication", "general.html#cookie-based-authentication", token},
	{"known-format", "The format that is asked for, by Accept or by the parameter format, is JSON or XML.", "General: Data Format", "general.html#data-format-content-types", format},
	{"page", "limit and offset are whole numbers from 0 on.", "Pagination: Options", "pagination.html#options", page},
	{"known-field", "The parameter fields names documented fields.", "Listing", "libdrives.html#listing", fields},
	{"known-filter", "A list is filtered by the fields that the published schema names for that.", "General: Filtering", "general.html#filtering", filters},
}

func isRule(name string) bool {
	return slices.ContainsFunc(rules[:], func(r rule) bool { return r.name == name })
}

// Rules are the names of what requests are held against, each with what it states.
func Rules() (names, states []string) {
	for _, r := range rules {
		names, states = append(names, r.name), append(states, r.states)
	}
	return names, states
}

// uuid is an id as paths hold it, and id one that is a number.
var (
	uuid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	id   = regexp.MustCompile(`/[0-9]+(/|$)`)
)

// note keeps the kinds of requests of a run that the documentation does not allow.
func (c *client) note(run string, heard []request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range heard {
		for _, rule := range rules {
			found, query := rule.broken(r)
			if found == "" {
				continue
			}
			shape := r.method + " /" + id.ReplaceAllString(uuid.ReplaceAllString(r.path, "{uuid}"), "/{id}$1")
			if query != "" {
				shape += "?" + query
			}
			known := slices.IndexFunc(c.undocumented, func(u reports.Undocumented) bool { return u.Rule == rule.name && u.Shape == shape })
			if known >= 0 {
				c.undocumented[known].Count++
				continue
			}
			c.undocumented = append(c.undocumented, reports.Undocumented{
				Rule: rule.name, States: rule.states, Source: rule.source, Link: documentation + rule.page, Shape: shape, Found: found, Count: 1, First: run, Status: r.status,
			})
		}
	}
}

func unknownPath(r request) (found, query string) {
	if _, known := fixtures.Methods(r.path); known || r.path == "" {
		return "", ""
	}
	return "the reference endpoint has no such path", ""
}

func methodNotAllowed(r request) (found, query string) {
	allowed, known := fixtures.Methods(r.path)
	if !known || slices.Contains(allowed, r.method) {
		return "", ""
	}
	return "the path allows " + strings.Join(allowed, ", "), ""
}

func unknownAction(r request) (found, query string) {
	known := fixtures.Actions(r.path)
	if known == nil || r.method != http.MethodPost {
		return "", ""
	}
	action := r.query.Get("do")
	switch {
	case action == "":
		return "no action is named; known are " + strings.Join(known, ", "), ""
	case slices.Contains(known, action):
		return "", ""
	}
	return "known are " + strings.Join(known, ", "), "do=" + url.QueryEscape(action)
}

// typeOf is the media type of a body; empty where none is named.
func typeOf(r request) string {
	named := r.header.Get("Content-Type")
	if parsed, _, err := mime.ParseMediaType(named); err == nil {
		return parsed
	}
	return named
}

func contentType(r request) (found, query string) {
	switch named := typeOf(r); {
	case len(r.body) == 0, named == "application/json", named == "application/xml":
		return "", ""
	case named == "":
		return "no Content-Type", ""
	default:
		return "Content-Type is " + strconv.Quote(named), ""
	}
}

func body(r request) (found, query string) {
	if len(r.body) == 0 || !r.whole {
		return "", ""
	}
	switch typeOf(r) {
	case "application/json":
		if !json.Valid(r.body) {
			return "the body is no well-formed JSON", ""
		}
	case "application/xml":
		decoder := xml.NewDecoder(strings.NewReader(string(r.body)))
		for {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				return "", ""
			}
			if err != nil {
				return "the body is no well-formed XML", ""
			}
		}
	}
	return "", ""
}

func token(r request) (found, query string) {
	switch r.method {
	case http.MethodGet, http.MethodOptions, http.MethodHead:
		return "", ""
	}
	session := slices.ContainsFunc((&http.Request{Header: r.header}).Cookies(), func(c *http.Cookie) bool { return c.Name == "sessionid" && c.Value != "" })
	if !session || r.header.Get("Authorization") != "" || r.header.Get("X-CSRFToken") != "" || strings.HasPrefix(r.path, "accounts/") && r.query.Get("do") == "login" {
		return "", ""
	}
	return "a cookie, and no X-CSRFToken", ""
}

func format(r request) (found, query string) {
	if named, given := r.query["format"]; given && r.method == http.MethodGet {
		if last := named[len(named)-1]; last != "json" && last != "xml" {
			return fmt.Sprintf("the format %q", last), "format=" + url.QueryEscape(last)
		}
		return "", ""
	}
	if r.status == http.StatusNotAcceptable {
		return "Accept is " + strconv.Quote(r.header.Get("Accept")), ""
	}
	return "", ""
}

func page(r request) (found, query string) {
	for _, name := range []string{"limit", "offset"} {
		for _, value := range r.query[name] {
			if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < 0 {
				return fmt.Sprintf("%s is %q", name, value), name + "=" + url.QueryEscape(value)
			}
		}
	}
	return "", ""
}

// isLibraryList reports whether a request asks for one of the library's lists.
func isLibraryList(r request) bool {
	path := strings.Trim(r.path, "/")
	return r.method == http.MethodGet && (path == "libdrives" || path == "libdrives/detail")
}

func fields(r request) (found, query string) {
	if !isLibraryList(r) {
		return "", ""
	}
	for _, value := range r.query["fields"] {
		for name := range strings.SplitSeq(value, ",") {
			known := slices.ContainsFunc(schema.Fields(), func(f schema.Field) bool { return f.Name == strings.TrimSpace(name) })
			if !known {
				return fmt.Sprintf("no documented field is called %q", name), "fields=" + url.QueryEscape(name)
			}
		}
	}
	return "", ""
}

func filters(r request) (found, query string) {
	if !isLibraryList(r) {
		return "", ""
	}
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		switch {
		case slices.Contains([]string{"limit", "offset", "fields", "format"}, name), slices.Contains(schema.Filters(), name):
		default:
			return fmt.Sprintf("%q is no filter of the library; known are %s", name, strings.Join(schema.Filters(), ", ")), url.QueryEscape(name) + "=…"
		}
	}
	return "", ""
}
