package client

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// maxPurpose keeps the header that tells the purpose short: some servers refuse long headers.
const maxPurpose = 200

// headers are the headers of a request: the usual ones, then the credentials, then what the header lines say instead.
func (c *Client) headers(r Request, credentials http.Header) (http.Header, error) {
	header := http.Header{
		"Accept":               {"application/json"},
		"Accept-Encoding":      {"gzip"},
		"User-Agent":           {c.config.UserAgent},
		evidence.PurposeHeader: {headerSafe(r.Purpose)},
	}
	for name, values := range c.config.Header {
		header[name] = values
	}
	if r.Purpose == "" {
		header.Del(evidence.PurposeHeader)
	}
	if len(r.Body) > 0 {
		header.Set("Content-Type", "application/json")
	}
	if r.ContentType != "" {
		header.Set("Content-Type", r.ContentType)
	}
	for name, values := range credentials {
		header[name] = values
	}
	lines, err := parseHeader(r.Header)
	if err != nil {
		return nil, err
	}
	for name, values := range lines {
		header[name] = values
		if len(values) == 0 {
			delete(header, name)
		}
	}
	return header, nil
}

// parseHeader reads header lines. A name without a value has no values.
func parseHeader(lines string) (http.Header, error) {
	header := http.Header{}
	for line := range strings.SplitSeq(lines, "\n") {
		if line == "" {
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found || name == "" || strings.TrimSpace(name) != name {
			return nil, fmt.Errorf("the header line %q can't be sent: it is not of the form Name: value", line)
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		if name == "Content-Length" || name == "Transfer-Encoding" || name == "Trailer" {
			return nil, fmt.Errorf("the header line %q can't be sent: the body decides it", line)
		}
		values := header[name]
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
		header[name] = values
	}
	return header, nil
}

// headerSafe makes a header's value of any text.
func headerSafe(text string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r <= '~':
			return r
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		}
		return '?'
	}, text)
	return strings.TrimSpace(safe[:min(len(safe), maxPurpose)])
}
