package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"
)

// RecordFormat is the version of the files that WriteRecord writes. It goes up when an older reader could be misled;
// new keys don't make it.
const RecordFormat = 1

// fileKind is how a record's file is known for what it is.
const fileKind = "libdrives-conformance record"

// A record's file is JSON Lines: a first line that says what the file is and what its exchanges belong to, a line for
// each exchange, and a last line with what was known only at the end. So it is written and read an exchange at a time.
type (
	firstLine struct {
		Kind   string          `json:"kind"`
		Format int             `json:"format"`
		Head   json.RawMessage `json:"head"`
	}
	lastLine struct {
		Exchanges int             `json:"exchanges"`
		Tail      json.RawMessage `json:"tail"`
	}
	exchangeLine struct {
		Number    int           `json:"number"`
		Key       text          `json:"key"`
		Step      *Step         `json:"step,omitempty"`
		Round     int           `json:"take"`
		Attempt   int           `json:"attempt"`
		Purpose   text          `json:"purpose,omitempty"`
		Started   time.Time     `json:"started"`
		Duration  time.Duration `json:"nanoseconds"`
		Request   requestLine   `json:"request"`
		Response  *responseLine `json:"response,omitempty"`
		Failure   text          `json:"failure,omitempty"`
		Broken    bool          `json:"broken,omitempty"`
		BadCoding bool          `json:"bad_coding,omitempty"`
	}
	requestLine struct {
		Method string            `json:"method"`
		URL    text              `json:"url"`
		Header map[string][]text `json:"headers"`
		bodyLine
		As     Identity `json:"as,omitempty"`
		Auth   string   `json:"auth,omitempty"`
		Login  text     `json:"login,omitempty"`
		Logout text     `json:"logout,omitempty"`
	}
	responseLine struct {
		Status int               `json:"status"`
		Proto  string            `json:"proto"`
		Header map[string][]text `json:"headers"`
		bodyLine
		WireSize  int         `json:"wire_bytes"`
		Truncated bool        `json:"truncated,omitempty"`
		Leaks     []text      `json:"leaks,omitempty"`
		Echoes    *[]echoLine `json:"echoes,omitempty"` // nil where there is no leak, and in older records
	}
	echoLine struct {
		Location text `json:"place"`
		Certain  bool `json:"certain"`
		Strong   bool `json:"strong,omitempty"`
	}
	// bodyLine is a body: as text where it is text, else in base64.
	bodyLine struct {
		Body   string `json:"body,omitempty"`
		Base64 []byte `json:"body_base64,omitempty"`
	}
)

// text is a string that JSON gives back byte by byte: what an endpoint sends need not be UTF-8.
type text string

// notText is how a string is written that is not UTF-8.
type notText struct {
	Base64 []byte `json:"base64"`
}

func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(notText{[]byte(t)})
}

func (t *text) UnmarshalJSON(from []byte) error {
	if bytes.HasPrefix(from, []byte("{")) {
		var n notText
		err := json.Unmarshal(from, &n)
		*t = text(n.Base64)
		return err
	}
	return json.Unmarshal(from, (*string)(t))
}

// WriteRecord writes exchanges of a record, an exchange at a time. head is what they belong to, and tail what was known
// only at the end; both become JSON. Neither they nor the exchanges may hold a secret: they are as Shown gives them.
func WriteRecord(to io.Writer, head any, exchanges []*Exchange, tail any) error {
	first := firstLine{Kind: fileKind, Format: RecordFormat}
	last := lastLine{Exchanges: len(exchanges)}
	var err error
	if first.Head, err = json.Marshal(head); err != nil {
		return fmt.Errorf("the head of the record: %w", err)
	}
	if last.Tail, err = json.Marshal(tail); err != nil {
		return fmt.Errorf("the tail of the record: %w", err)
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(first); err != nil {
		return err
	}
	for _, x := range exchanges {
		if err := writeLine(to, x); err != nil {
			return err
		}
	}
	return encoder.Encode(last)
}

// writeLine writes the line of an exchange. A long body is not held in memory for it.
func writeLine(to io.Writer, x *Exchange) error {
	standIn, body := "", Body{}
	if x.Response != nil {
		body = x.Response.Body
		if standIn = body.StandIn(); standIn != "" {
			short, response := *x, *x.Response
			response.Body = BodyOf([]byte(standIn))
			short.Response, x = &response, &short
		}
	}
	if err := WriteJSON(to, toLine(x), standIn, body); err != nil {
		return err
	}
	_, err := io.WriteString(to, "\n")
	return err
}

func toLine(x *Exchange) exchangeLine {
	line := exchangeLine{
		Number: x.Number, Key: text(x.Key), Round: x.Round, Attempt: x.Attempt, Purpose: text(x.Purpose), Started: x.Started.UTC(), Duration: x.Duration,
		Failure: text(x.Failure), Broken: x.Broken, BadCoding: x.BadCoding,
		Request: requestLine{
			Method: x.Request.Method, URL: text(x.Request.URL), Header: toTexts(x.Request.Header), bodyLine: toBodyLine(x.Request.Body),
			As: x.Request.As, Auth: x.Request.Auth, Login: text(x.Request.Login), Logout: text(x.Request.Logout),
		},
	}
	if x.Step.Scenario != "" {
		line.Step = &x.Step
	}
	if x.Response != nil {
		line.Response = &responseLine{
			Status: x.Response.Status, Proto: x.Response.Proto, Header: toTexts(x.Response.Header), bodyLine: toBodyLine(x.Response.Body.Bytes()),
			WireSize: x.Response.WireSize, Truncated: x.Response.Truncated, Leaks: convert[text](x.Response.Leaks), Echoes: toEchoLines(x.Response.Echoes),
		}
	}
	return line
}

func toEchoLines(echoes []Echo) *[]echoLine {
	if echoes == nil {
		return nil
	}
	lines := make([]echoLine, len(echoes))
	for i, echo := range echoes {
		lines[i] = echoLine{text(echo.Location), echo.Certain, echo.Strong}
	}
	return &lines
}

func toBodyLine(body []byte) bodyLine {
	if utf8.Valid(body) {
		return bodyLine{Body: string(body)}
	}
	return bodyLine{Base64: body}
}

func toTexts(header http.Header) map[string][]text {
	texts := make(map[string][]text, len(header))
	for name, values := range header {
		texts[name] = convert[text](values)
	}
	return texts
}

// convert makes strings of one type into those of another.
func convert[B, A ~string](list []A) []B {
	if list == nil {
		return nil
	}
	converted := make([]B, len(list))
	for i, item := range list {
		converted[i] = B(item)
	}
	return converted
}
