package clients

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/fixtures"
)

// listener is a reference endpoint that notes what is sent to it.
type listener struct {
	endpoint *fixtures.Endpoint
	server   *http.Server
	at       net.Listener
	scheme   string
	base     string // the path of the API, with its last slash
	once     sync.Once

	mu       sync.Mutex
	requests []request
}

// request is what the client sent and what it was answered.
type request struct {
	method  string
	path    string // below the API's; as it was sent
	query   url.Values
	header  http.Header
	body    []byte // its beginning
	whole   bool   // the body is all of it
	status  int
	message string // of an error
}

// mostBody is how much of a request's body is looked at, and of an answer's.
const mostBody = 1 << 20

// listen serves an endpoint, by https where there is a certificate.
func listen(options fixtures.Options, trusted *certificate) (*listener, error) {
	endpoint, err := fixtures.Start(options)
	if err != nil {
		return nil, err
	}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		_ = endpoint.Close()
		return nil, err
	}
	own, err := url.Parse(endpoint.URL())
	if err != nil {
		_, _ = endpoint.Close(), at.Close()
		return nil, err
	}
	l := &listener{endpoint: endpoint, at: at, scheme: "http", base: own.Path}
	l.server = &http.Server{Handler: l, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)} // a client that trusts it not is told so itself
	if trusted != nil {
		l.scheme, at = "https", tls.NewListener(at, trusted.config)
	}
	go func() { _ = l.server.Serve(at) }() // it ends when it is closed
	return l, nil
}

func (l *listener) address() string { return l.at.Addr().String() }

func (l *listener) url() string { return l.scheme + "://" + l.address() + l.base }

func (l *listener) close() {
	l.once.Do(func() { _, _ = l.server.Close(), l.endpoint.Close() })
}

func (l *listener) heard() []request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests
}

// ServeHTTP has the endpoint answer, and notes the request in the order in which answers end.
func (l *listener) ServeHTTP(w http.ResponseWriter, h *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(h.Body, mostBody)) // an error is the endpoint's to meet
	rest := h.Body
	h.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), rest}
	query, _ := url.ParseQuery(h.URL.RawQuery) // what can't be read is left out
	heard := request{
		method: h.Method, path: strings.TrimPrefix(h.URL.EscapedPath(), l.base), query: query, header: h.Header.Clone(), body: body, whole: len(body) < mostBody,
	}
	answer := &answered{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		heard.status, heard.message = answer.status, messageOf(answer.body.Bytes())
		l.mu.Lock()
		defer l.mu.Unlock()
		l.requests = append(l.requests, heard)
	}()
	l.endpoint.ServeHTTP(answer, h)
}

// answered notes the status of an answer and the beginning of an error.
type answered struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answered) Write(p []byte) (int, error) {
	if a.status >= 400 && a.body.Len() < mostBody {
		a.body.Write(p)
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController: variants break connections and flush.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Flush implements http.Flusher: some variants answer in pieces.
func (a *answered) Flush() {
	_ = http.NewResponseController(a.ResponseWriter).Flush() // where it can't be done, the piece goes with the next
}

// messageOf is what an error says of itself, where it is documented JSON.
func messageOf(body []byte) string {
	var errors []struct {
		Message string `json:"error_message"`
	}
	if json.Unmarshal(body, &errors) != nil || len(errors) == 0 {
		return ""
	}
	return errors[0].Message
}

// String is the request in a line.
func (r request) String() string {
	text := fmt.Sprintf("%s /%s", r.method, r.path)
	if query := r.query.Encode(); query != "" {
		text += "?" + query
	}
	text += fmt.Sprintf(" answered %d", r.status)
	if r.message != "" {
		text += ": " + r.message
	}
	return text
}
