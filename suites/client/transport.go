package client

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// connectTimeout is the most that a TCP connection, or the TLS handshake after it, may take.
const connectTimeout = 10 * time.Second

// maxHeaderBytes is the most that the headers of an answer may take.
const maxHeaderBytes = 1 << 20

// readBuffer is how much of an answer is read at once: a list is much longer than the usual 4 KiB.
const readBuffer = 32 << 10

// newTransport makes the transport. It has no cookie jar and follows no redirect, for it is used without an http.Client:
// a redirect is an answer to be judged, and credentials go nowhere but to the base.
func newTransport(c Config) *http.Transport {
	dialer := &net.Dialer{Timeout: min(connectTimeout, c.RequestTimeout), KeepAlive: 30 * time.Second}
	proxy := c.Proxy
	if proxy == nil {
		proxy = http.ProxyFromEnvironment
	}
	dial := dialer.DialContext
	if c.Dial != nil {
		dial = c.Dial
	}
	return &http.Transport{
		Proxy:                  proxy,
		OnProxyConnectResponse: proxyConnected,
		DialContext:            dial,
		TLSClientConfig: &tls.Config{
			RootCAs:            c.RootCAs,
			Certificates:       c.Certificates,
			InsecureSkipVerify: c.InsecureSkipVerify,
			MinVersion:         tls.VersionTLS12,
		},
		TLSHandshakeTimeout:    min(connectTimeout, c.RequestTimeout),
		DisableCompression:     true, // else Go would ask for gzip by itself and hide what was answered
		Protocols:              protocols(),
		MaxConnsPerHost:        c.Concurrency,
		MaxIdleConns:           c.Concurrency,
		MaxIdleConnsPerHost:    c.Concurrency,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ReadBufferSize:         readBuffer,
	}
}

// perKind sends writes over connections of their own.
type perKind struct{ reads, writes http.RoundTripper }

func (t perKind) RoundTrip(request *http.Request) (*http.Response, error) {
	if evidence.IsRead(request.Method) {
		return t.reads.RoundTrip(request)
	}
	return t.writes.RoundTrip(request)
}

// freshConnections is a transport that uses each connection once. The other side may close one that is kept open just
// when it is used again; the answer to a read is then asked for again, but a write would be lost.
func freshConnections(transport *http.Transport) *http.Transport {
	fresh := transport.Clone()
	fresh.DisableKeepAlives = true
	fresh.ReadBufferSize = 0 // the usual one, for each connection has its own, and answers to writes are short
	return fresh
}

// protocols leaves HTTP/2 out: Go's client of it sends requests again by itself, writes too, for up to half a minute
// after a stream was reset. No write may ever be repeated unseen, and each attempt belongs into the record.
func protocols() *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return protocols
}

// unrepeatable is the body of a request without a body. Go sends reads without one again by itself where a connection
// that was used before breaks; with this one it leaves that to the client, who records it.
type unrepeatable struct{}

func (unrepeatable) Read([]byte) (int, error) { return 0, io.EOF }
func (unrepeatable) Close() error             { return nil }

// readOnly lets nothing through but requests that change nothing. It stands in the transport so that no caller can
// forget to ask.
type readOnly struct{ next http.RoundTripper }

func (t readOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	if !evidence.IsRead(request.Method) {
		if request.Body != nil {
			_ = request.Body.Close() // a RoundTripper closes the body in every case; nothing was read from it
		}
		return nil, &ReadOnlyError{Method: request.Method}
	}
	return t.next.RoundTrip(request)
}

// ReadOnlyError says that a request was not sent because the run must change nothing.
type ReadOnlyError struct{ Method string }

func (e *ReadOnlyError) Error() string {
	return fmt.Sprintf("%s was not sent: this run is read-only and sends only GET, HEAD and OPTIONS; --profile write allows more", e.Method)
}

// locate makes the URL whose path and query are sent byte by byte as given.
func locate(base *url.URL, path, query string) (*url.URL, error) {
	for name, text := range map[string]string{"path": path, "query": query} {
		if at := strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }); at >= 0 {
			return nil, fmt.Errorf("the %s %q can't be sent: byte %d has no place in a request line; escape it as %%%02X", name, text, at, text[at])
		}
	}
	if at := strings.IndexAny(path, "?#"); at >= 0 {
		return nil, fmt.Errorf("the path %q can't be sent: the %q at byte %d would end it; escape it as %%%02X", path, path[at], at, path[at])
	}
	escaped := base.EscapedPath() + path
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, RawQuery: query, RawPath: escaped}
	if plain, err := url.PathUnescape(escaped); err == nil {
		target.Path = plain
	}
	if target.EscapedPath() != escaped {
		// Go would correct the escapes: the opaque form is sent as it is.
		target.Path, target.RawPath, target.Opaque = "", "", escaped
		if strings.HasPrefix(escaped, "//") {
			target.Opaque = "//" + target.Host + escaped // else its first segment would be taken for the host
		}
	}
	return target, nil
}

// absolute is the URL as text, byte by byte as it is asked for.
func absolute(base *url.URL, path, query string) string {
	return base.Scheme + "://" + base.Host + base.EscapedPath() + evidence.Read{Path: path, Query: query}.Target()
}

// base is what a request's path is below: the API, or the host.
func (c *Client) base(r Request) *url.URL {
	if r.Rooted {
		return &url.URL{Scheme: c.config.Base.Scheme, Host: c.config.Base.Host}
	}
	return c.config.Base
}
