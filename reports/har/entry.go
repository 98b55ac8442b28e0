package har

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// An exchange in an HTTP archive. Names that begin with an underscore are this suite's own, as the format allows; of
// these _error and _transferSize are known to browsers.
type (
	harEntry struct {
		Page     string      `json:"pageref"`
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"`
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment,omitempty"`
		Number   int         `json:"_number"`
		Key      string      `json:"_key"`
		Round    int         `json:"_take"`
		Attempt  int         `json:"_attempt"`
		As       string      `json:"_as,omitempty"`
		Leaks    []string    `json:"_leaks,omitempty"`
	}
	harRequest struct {
		Method      string      `json:"method"`
		URL         string      `json:"url"`
		Proto       string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harPair   `json:"headers"`
		Query       []harPair   `json:"queryString"`
		Body        *harPosted  `json:"postData,omitempty"`
		HeadersSize int         `json:"headersSize"`
		BodySize    int         `json:"bodySize"`
	}
	harPosted struct {
		Type     string    `json:"mimeType"`
		Params   []harPair `json:"params"` // always empty: the text says it all
		Text     string    `json:"text"`
		Encoding string    `json:"_encoding,omitempty"`
	}
	harResponse struct {
		Status       int         `json:"status"`
		StatusText   string      `json:"statusText"`
		Proto        string      `json:"httpVersion"`
		Cookies      []harCookie `json:"cookies"`
		Headers      []harPair   `json:"headers"`
		Content      harContent  `json:"content"`
		Redirect     string      `json:"redirectURL"`
		HeadersSize  int         `json:"headersSize"`
		BodySize     int         `json:"bodySize"`
		TransferSize int         `json:"_transferSize"`
		Error        string      `json:"_error,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		Saved    int    `json:"compression,omitempty"`
		Type     string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"encoding,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harCookie struct {
		Name     string `json:"name"`
		Value    string `json:"value"`
		Path     string `json:"path,omitempty"`
		Domain   string `json:"domain,omitempty"`
		Expires  string `json:"expires,omitempty"`
		HTTPOnly bool   `json:"httpOnly"`
		Secure   bool   `json:"secure"`
	}
	// harTimings add up to the entry's time. What a run measures is the time until the last byte, so all of it is waiting.
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

// notMeasured is how the format says so of a size.
const notMeasured = -1

// harEntryOf is an exchange as an entry of the archive, with what stands for its body where that is long.
func harEntryOf(x *evidence.Exchange, standIn string) harEntry {
	took := float64(max(0, x.Duration).Microseconds()) / 1000
	e := harEntry{
		Page: harPageOf(x), Started: show.Timestamp(x.Started), Time: took, Timings: harTimings{Wait: took},
		Request: harRequestOf(x.Request),
		Response: harResponse{
			Proto: "unknown", Cookies: []harCookie{}, Headers: []harPair{}, HeadersSize: notMeasured, BodySize: notMeasured,
			Content: harContent{Type: "x-unknown"}, Error: x.Failure,
		},
		Number: x.Number, Key: x.Key, Round: x.Round, Attempt: x.Attempt, As: string(x.Request.As), Comment: harComment(x),
	}
	if x.Response != nil {
		e.Request.Proto, e.Leaks = characters(x.Response.Proto), x.Response.Leaks
		e.Response = harResponseOf(x.Response, standIn)
		e.Response.Error = x.Failure
	}
	return e
}

// harComment says why a request was sent, and what else a reader would want to know before looking at it.
func harComment(x *evidence.Exchange) string {
	parts := []string{}
	if x.Purpose != "" {
		parts = append(parts, "for "+x.Purpose)
	}
	if x.Round > 1 {
		parts = append(parts, fmt.Sprintf("take %d", x.Round))
	}
	if x.Attempt > 1 {
		parts = append(parts, fmt.Sprintf("attempt %d", x.Attempt))
	}
	if said := strings.Trim(plaintext.Credentials(x.Request), " ()"); said != "" {
		parts = append(parts, said)
	}
	return strings.Join(parts, "; ")
}

func harRequestOf(r evidence.Request) harRequest {
	_, query, _ := strings.Cut(r.URL, "?")
	made := harRequest{
		Method: r.Method, URL: characters(r.URL), Proto: "unknown", Cookies: []harCookie{}, Headers: harHeaders(r.Header), Query: harQuery(query),
		HeadersSize: notMeasured, BodySize: len(r.Body),
	}
	for _, line := range r.Header["Cookie"] {
		for pair := range strings.SplitSeq(line, ";") {
			if name, _, _ := strings.Cut(strings.TrimSpace(pair), "="); name != "" {
				made.Cookies = append(made.Cookies, harCookie{Name: characters(name), Value: evidence.Redacted})
			}
		}
	}
	if len(r.Body) > 0 {
		text, encoding := harBody(r.Body)
		made.Body = &harPosted{Type: characters(r.Header.Get("Content-Type")), Params: []harPair{}, Text: text, Encoding: encoding}
	}
	return made
}

func harResponseOf(r *evidence.Response, standIn string) harResponse {
	made := harResponse{
		Status: r.Status, StatusText: http.StatusText(r.Status), Proto: characters(r.Proto), Cookies: []harCookie{}, Headers: harHeaders(r.Header),
		Content: harContent{Size: r.Body.Len(), Type: characters(r.Header.Get("Content-Type"))}, Redirect: characters(r.Header.Get("Location")),
		HeadersSize: notMeasured, BodySize: r.WireSize, TransferSize: r.WireSize,
	}
	if made.Content.Text = standIn; standIn == "" {
		made.Content.Text, made.Content.Encoding = harBody(r.Body.Bytes())
	}
	if made.Content.Type == "" {
		made.Content.Type = "x-unknown"
	}
	if r.Header.Get("Content-Encoding") != "" {
		made.Content.Saved = max(0, r.Body.Len()-r.WireSize)
	}
	if r.Truncated {
		made.Content.Comment = "the body is longer; this is as much as the run reads of one"
	}
	for _, line := range r.Header["Set-Cookie"] {
		if cookie, err := http.ParseSetCookie(line); err == nil {
			made.Cookies = append(made.Cookies, harCookieOf(cookie))
		}
	}
	return made
}

// harCookieOf never tells a cookie's value, whatever the header says.
func harCookieOf(c *http.Cookie) harCookie {
	made := harCookie{
		Name: characters(c.Name), Value: evidence.Redacted, Path: characters(c.Path), Domain: characters(c.Domain), HTTPOnly: c.HttpOnly, Secure: c.Secure,
	}
	if !c.Expires.IsZero() {
		made.Expires = c.Expires.UTC().Format(time.RFC3339)
	}
	return made
}

// harBody is a body as text, or in base64 where it is none.
func harBody(body []byte) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

func harHeaders(header http.Header) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			pairs = append(pairs, harPair{characters(name), characters(value)})
		}
	}
	return pairs
}

// harQuery are the parameters of a query in their order, each as well as it can be read.
func harQuery(query string) []harPair {
	pairs := []harPair{}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{unescaped(name), unescaped(value)})
	}
	return pairs
}

func unescaped(text string) string {
	if read, err := url.QueryUnescape(text); err == nil {
		text = read
	}
	return characters(text)
}

// characters makes characters of bytes that are not UTF-8 as HTTP has it for headers, which is Latin-1: JSON holds no bytes.
func characters(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	read := make([]rune, len(text))
	for i, b := range []byte(text) {
		read[i] = rune(b)
	}
	return string(read)
}
