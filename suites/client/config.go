package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says whom a client talks to, as whom, and within which limits.
type Config struct {
	Base               *url.URL                              // the API base; its path ends in a slash
	Username, Password string                                // the account of the run
	Auth               string                                // "basic" (default) or "digest": how evidence.Account authenticates
	RootCAs            *x509.CertPool                        // nil: the system's
	Certificates       []tls.Certificate                     // by which the client identifies itself
	Header             http.Header                           // sent with every request; what a request says itself beats it
	InsecureSkipVerify bool                                  // accept any certificate
	Concurrency        int                                   // requests in flight, and connections; 0 is DefaultConcurrency
	Rate               float64                               // requests a second; 0 is no limit
	RequestTimeout     time.Duration                         // the most that an attempt may take, its body included; 0 is DefaultRequestTimeout
	MaxBody            int64                                 // the longest body that is read, counted after unpacking; 0 is DefaultMaxBody
	MaxHeld            int64                                 // what all answers may hold in memory together; 0 is DefaultMaxHeld
	Retries            int                                   // further attempts after 429 and 503; 0 is DefaultRetries, negative is none
	RetryDelay         time.Duration                         // before the first further attempt, growing from there; 0 is DefaultRetryDelay
	UserAgent          string                                // the User-Agent of every request; empty is DefaultUserAgent
	Proxy              func(*http.Request) (*url.URL, error) // the proxy of a request; nil is by HTTPS_PROXY, HTTP_PROXY and NO_PROXY
	Dial               Dial                                  // makes connections; nil is by the network
	ReadOnly           bool                                  // nothing but GET, HEAD and OPTIONS leaves the machine
	Halt               func(error)                           // is informed once that the run has to end: *BodyError, *OutageError or *GoneError; may be nil
	Waiting            func(Wait)                            // is informed of waits that a person would wonder about, from many goroutines; may be nil
}

// Dial makes a connection to an address.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Defaults of a client.
const (
	DefaultConcurrency    = 16
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxBody        = 64 << 20  // a detailed list of some 50,000 drives
	DefaultMaxHeld        = 256 << 20 // of which lists of 100,000 drives take about a third
	DefaultRetries        = 4
	DefaultRetryDelay     = 200 * time.Millisecond
	DefaultUserAgent      = "libdrives-conformance (+https://github.com/libdrives/conformance)"
)

const (
	authBasic  = "basic"
	authDigest = "digest"
)

// complete returns the configuration with its defaults in place, or all that is wrong with it.
func (c Config) complete() (Config, error) {
	c.Auth = cmp.Or(c.Auth, authBasic)
	c.Concurrency = cmp.Or(c.Concurrency, DefaultConcurrency)
	c.RequestTimeout = cmp.Or(c.RequestTimeout, DefaultRequestTimeout)
	c.MaxBody = cmp.Or(c.MaxBody, DefaultMaxBody)
	c.MaxHeld = cmp.Or(c.MaxHeld, DefaultMaxHeld)
	c.Retries = cmp.Or(c.Retries, DefaultRetries)
	c.RetryDelay = cmp.Or(c.RetryDelay, DefaultRetryDelay)
	c.UserAgent = cmp.Or(c.UserAgent, DefaultUserAgent)
	c.Retries = max(c.Retries, 0)
	errs := []error{checkBase(c.Base)}
	if c.Auth != authBasic && c.Auth != authDigest {
		errs = append(errs, fmt.Errorf("auth: %q is none of basic, digest", c.Auth))
	}
	if strings.Contains(c.Username, ":") {
		errs = append(errs, errors.New("username: it has a colon in it, which neither HTTP Basic nor HTTP Digest can carry"))
	}
	if c.Concurrency < 0 || c.Rate < 0 || c.RequestTimeout < 0 || c.MaxBody < 0 || c.MaxHeld < 0 || c.RetryDelay < 0 {
		errs = append(errs, errors.New("concurrency, rate, request timeout, body limits and retry delay must not be negative"))
	}
	return c, errors.Join(errs...)
}

func checkBase(base *url.URL) error {
	switch {
	case base == nil:
		return errors.New("base: it is missing; give the API base, such as https://host/api/2.0/")
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "":
		return fmt.Errorf("base: %q is not an absolute http or https URL, such as https://host/api/2.0/", base.Redacted())
	case !strings.HasSuffix(base.Path, "/"):
		return fmt.Errorf("base: the path of %q does not end in a slash; give the API base, such as https://host/api/2.0/", base.Redacted())
	case base.User != nil, base.RawQuery != "", base.Fragment != "":
		return fmt.Errorf("base: %q has credentials, a query or a fragment; give the API base alone", base.Redacted())
	}
	return nil
}
