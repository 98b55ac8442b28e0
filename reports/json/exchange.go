package json

import (
	"net/http"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// An exchange in the document that Write makes. What a line does without is left out of one that is not whole.
type (
	jsonExchange struct {
		Number   int           `json:"number"`
		Whole    bool          `json:"whole"`
		Round    int           `json:"take"`
		Attempt  int           `json:"attempt"`
		Purpose  string        `json:"purpose,omitempty"`
		Started  string        `json:"started"`
		Seconds  float64       `json:"seconds"`
		Request  jsonRequest   `json:"request"`
		Response *jsonResponse `json:"response"`
		Failure  string        `json:"failure"`
		Curl     string        `json:"curl,omitempty"`
	}
	jsonRequest struct {
		Method  string      `json:"method"`
		URL     string      `json:"url"`
		As      string      `json:"as"`
		Headers http.Header `json:"headers,omitempty"`
		jsonBody
	}
	jsonResponse struct {
		Status  int         `json:"status"`
		Proto   string      `json:"proto,omitempty"`
		Headers http.Header `json:"headers,omitempty"`
		jsonBody
		Bytes     int      `json:"bytes"` // of the body, unpacked
		Truncated bool     `json:"truncated,omitempty"`
		Leaks     []string `json:"leaks,omitempty"`
	}
	// jsonBody is the beginning of a body: text where it is text, else base64.
	jsonBody struct {
		Body   string `json:"body,omitempty"`
		Base64 []byte `json:"body_base64,omitempty"`
	}
)

func jsonExchanges(r *reports.Report) []jsonExchange {
	all, whole := r.Exchanges()
	return show.Each(all, func(x *evidence.Exchange) jsonExchange { return toJSONExchange(x, whole[x]) })
}

func toJSONExchange(x *evidence.Exchange, whole bool) jsonExchange {
	document := jsonExchange{
		Number: x.Number, Whole: whole, Round: x.Round, Attempt: x.Attempt, Started: show.Timestamp(x.Started), Seconds: inSeconds(x.Duration),
		Request: jsonRequest{Method: x.Request.Method, URL: x.Request.URL, As: string(x.Request.As)}, Failure: x.Failure,
	}
	if x.Response != nil {
		document.Response = &jsonResponse{Status: x.Response.Status, Bytes: x.Response.Body.Len()}
	}
	if !whole {
		return document
	}
	document.Purpose, document.Curl = x.Purpose, x.Request.Curl()
	document.Request.Headers, document.Request.jsonBody = x.Request.Header, toJSONBody(x.Request.Body)
	if response := document.Response; response != nil {
		response.Proto, response.Headers, response.jsonBody = x.Response.Proto, x.Response.Header, toJSONBody(x.Response.Body.Beginning(show.MostShownBody+utf8.UTFMax))
		response.Truncated, response.Leaks = x.Response.Truncated, x.Response.Leaks
	}
	return document
}

func toJSONBody(body []byte) jsonBody {
	if text, _ := show.Head(string(body[:min(len(body), show.MostShownBody+utf8.UTFMax)]), show.MostShownBody); utf8.ValidString(text) {
		return jsonBody{Body: text}
	}
	return jsonBody{Base64: body[:min(len(body), show.MostShownBody)]}
}
