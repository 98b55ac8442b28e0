package run

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// connection is how the endpoint is reached, beyond its address: by which proxy, with which headers and certificates.
type connection struct {
	proxy        func(*http.Request) (*url.URL, error) // nil is by the environment
	header       http.Header
	certificates []tls.Certificate
}

// decidedHeaders are those that a run decides itself, because requirements are about them.
var decidedHeaders = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Host", "Trailer", "Transfer-Encoding",
	"Upgrade", "User-Agent", "X-Csrftoken",
}

// connection reads what the configuration says of it.
func (c Config) connection() (made connection, err error) {
	var errs []error
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		switch {
		case err != nil || proxy.Host == "" || !slices.Contains([]string{"http", "https", "socks5"}, proxy.Scheme):
			errs = append(errs, errors.New("proxy: it is no address of a proxy: give one such as http://host:3128 or socks5://host:1080"))
		case proxy.User != nil:
			errs = append(errs, errors.New("proxy: credentials on the command line can be read by every user of the machine: give a proxy that takes some by HTTPS_PROXY, as http://user:password@host:port"))
		default:
			made.proxy = http.ProxyURL(proxy)
		}
	}
	for _, line := range c.Headers {
		name, value, found := strings.Cut(line, "=")
		name = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
		switch {
		case !found || name == "" || strings.ContainsAny(name, " \t:\r\n") || strings.ContainsAny(value, "\r\n\x00"):
			errs = append(errs, errors.New("header: it is not of the form NAME=VALUE, such as X-Tenant=7")) // without what was given, which may be a secret
		case slices.Contains(decidedHeaders, name):
			errs = append(errs, fmt.Errorf("header: %s is decided by the run, for requirements are about it: leave it out", name))
		default:
			if made.header == nil {
				made.header = http.Header{}
			}
			made.header.Add(name, strings.TrimSpace(value))
		}
	}
	switch {
	case (c.CertFile == "") != (c.KeyFile == ""):
		missing := map[bool]string{true: "cert: a private key is given without its certificate", false: "key: a certificate is given without its private key"}
		errs = append(errs, errors.New(missing[c.CertFile == ""]))
	case c.CertFile != "":
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			errs = append(errs, fmt.Errorf("cert: the certificate and its key can't be read: %s", strings.TrimPrefix(err.Error(), "tls: ")))
		}
		made.certificates = []tls.Certificate{pair}
	}
	return made, errors.Join(errs...)
}

// secretFrom is how long the value of a header has to be to be taken for a secret: shorter ones name a tenant or a route, and would be
// taken out of words that have nothing to do with them.
const secretFrom = 8

// secrets are the values of headers that must not be told.
func (c connection) secrets() []string {
	var found []string
	for _, values := range c.header {
		for _, value := range values {
			if len(value) >= secretFrom {
				found = append(found, value)
			}
		}
	}
	slices.Sort(found)
	return found
}
