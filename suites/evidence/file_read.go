package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// ReadRecord reads a record that WriteRecord wrote, an exchange at a time. What was given as head and tail is decoded
// into the values that head and tail point to. The error says what is wrong with the file, and in which line.
func ReadRecord(from io.Reader, head, tail any) (*Record, error) {
	lines := &lineReader{from: bufio.NewReaderSize(from, longLine)}
	var first firstLine
	if _, err := lines.decode(&first); err != nil || first.Kind != fileKind {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty: give a file that run --record wrote")
		}
		return nil, errors.New("it is not a record: give a file that run --record wrote")
	}
	if first.Format > RecordFormat {
		return nil, fmt.Errorf("it is a record of format %d, and this version reads up to format %d: use a newer one", first.Format, RecordFormat)
	}
	if err := json.Unmarshal(first.Head, head); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	record := NewRecord(redact.New())
	record.restored = true
	lines.into = record
	for {
		var line struct {
			exchangeLine
			Exchanges *int            `json:"exchanges"`
			Tail      json.RawMessage `json:"tail"`
		}
		long, err := lines.decode(&line)
		switch {
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("it ends after line %d without its last line: it was cut off", lines.read)
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", lines.read, err)
		}
		if line.Exchanges == nil {
			if line.Number != record.Len()+1 {
				return nil, fmt.Errorf("line %d: exchange %d stands where %d should be", lines.read, line.Number, record.Len()+1)
			}
			record.restore(line.exchange(record, long))
			continue
		}
		if *line.Exchanges != record.Len() {
			return nil, fmt.Errorf("it holds %d exchanges, and its last line says %d", record.Len(), *line.Exchanges)
		}
		if err := json.Unmarshal(line.Tail, tail); err != nil {
			return nil, fmt.Errorf("line %d: %w", lines.read, err)
		}
		if _, err := lines.from.ReadByte(); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("something follows the last line, %d", lines.read)
		}
		return record, nil
	}
}

// IsRecord says whether a file begins as the files do that WriteRecord writes.
func IsRecord(content []byte) bool {
	var first firstLine
	line, _, _ := bytes.Cut(content, []byte("\n"))
	return json.Unmarshal(line, &first) == nil && first.Kind == fileKind
}

// restore takes an exchange into the record as it was.
func (r *Record) restore(x *Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(x)
	// Earlier versions wrote a space in a query as +, which means the same.
	spaced := answerKey{strings.ReplaceAll(x.Key, "+", "%20"), x.Round}
	if r.latest[spaced] == nil && strings.HasPrefix(x.Key, http.MethodGet+" ") {
		r.latest[spaced] = x
	}
}

// exchange is that of a line, of which a long body may be in the record already.
func (l exchangeLine) exchange(in *Record, long *Incoming) *Exchange {
	x := &Exchange{
		Number: l.Number, Key: string(l.Key), Round: l.Round, Attempt: l.Attempt, Purpose: string(l.Purpose), Started: l.Started, Duration: l.Duration,
		Failure: string(l.Failure), Broken: l.Broken, BadCoding: l.BadCoding,
		Request: Request{
			Method: l.Request.Method, URL: string(l.Request.URL), Header: in.headers.one(toHeader(l.Request.Header)), Body: l.Request.body(),
			As: l.Request.As, Auth: l.Request.Auth, Login: string(l.Request.Login), Logout: string(l.Request.Logout),
		},
	}
	// Records of before these two were kept have the sentence alone.
	x.Broken = x.Broken || x.Failure == ClosedUnanswered
	x.BadCoding = x.BadCoding || strings.Contains(x.Failure, "can't be unpacked")
	if l.Step != nil {
		x.Step = *l.Step
	}
	if l.Response != nil {
		var body Body
		if long != nil {
			body = long.Body()
		} else {
			body = in.Kept(l.Response.body())
		}
		x.Response = &Response{
			Status: l.Response.Status, Proto: l.Response.Proto, Header: in.headers.one(toHeader(l.Response.Header)), Body: body,
			WireSize: l.Response.WireSize, Truncated: l.Response.Truncated, Leaks: convert[string](l.Response.Leaks), Echoes: l.Response.echoes(),
		}
	}
	return x
}

// echoes are nil where there was no leak. In a record of before they were distinguished, all leaks were taken for certain.
func (l responseLine) echoes() []Echo {
	if len(l.Leaks) == 0 {
		return nil
	}
	echoes := []Echo{}
	if l.Echoes == nil {
		for _, leak := range l.Leaks {
			echoes = append(echoes, Echo{Location: string(leak), Certain: true})
		}
		return echoes
	}
	for _, echo := range *l.Echoes {
		echoes = append(echoes, Echo{Location: string(echo.Location), Certain: echo.Certain, Strong: echo.Strong})
	}
	return echoes
}

func toHeader(texts map[string][]text) http.Header {
	header := make(http.Header, len(texts))
	for name, values := range texts {
		header[name] = convert[string](values)
	}
	return header
}

func (l bodyLine) body() []byte {
	if l.Body == "" {
		return l.Base64
	}
	return []byte(l.Body)
}
