package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// ProxyError says that a request came no further than a proxy.
type ProxyError struct {
	Proxy  string // its host
	Status int    // what it answered in the endpoint's place; 0 where it answered nothing
	Cause  error  // why it can't be spoken to; nil where it answered
}

func (e *ProxyError) Error() string {
	const whence = "HTTPS_PROXY or HTTP_PROXY names it; NO_PROXY takes a host out"
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return fmt.Sprintf("the proxy %s asks for a login (407): HTTPS_PROXY or HTTP_PROXY takes one, as http://user:password@host:port", e.Proxy)
	case e.Status != 0:
		return fmt.Sprintf("the proxy %s does not let the request through: it answered %d %s (%s)", e.Proxy, e.Status, http.StatusText(e.Status), whence)
	case errors.Is(e.Cause, syscall.ECONNREFUSED):
		return fmt.Sprintf("the proxy %s can't be reached: the connection was refused, for nothing listens there (%s)", e.Proxy, whence)
	}
	return fmt.Sprintf("the proxy %s can't be reached: %s (%s)", e.Proxy, Diagnose(e.Cause), whence)
}

func (e *ProxyError) Unwrap() error { return e.Cause }

// proxyConnected looks at what a proxy answers to the request for a tunnel.
func proxyConnected(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Status: response.StatusCode}
}

// proxyRefused is the error of an answer that can only be a proxy's: no endpoint asks for a proxy's login. Where a tunnel
// leads to the endpoint, what comes out of it is the endpoint's.
func (c *Client) proxyRefused(request *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusProxyAuthRequired || request.URL.Scheme == "https" {
		return nil
	}
	proxy, err := c.proxy(request)
	if proxy == nil || err != nil {
		return nil
	}
	_ = response.Body.Close() // it is not the endpoint's, and not looked at
	return &ProxyError{Proxy: proxy.Host, Status: response.StatusCode}
}

// throughProxy tells an error on the way to a proxy from one on the way to the endpoint.
func (c *Client) throughProxy(request *http.Request, err error) error {
	var ours *ProxyError
	var operation *net.OpError
	if errors.As(err, &ours) || !errors.As(err, &operation) || operation.Op != "dial" && operation.Op != "proxyconnect" {
		return err
	}
	proxy, failed := c.proxy(request)
	if proxy == nil || failed != nil {
		return err
	}
	var name *net.DNSError
	cause := err
	switch {
	case errors.As(err, &name):
		cause = name
	case operation.Op == "proxyconnect" && operation.Err != nil:
		cause = operation.Err
	}
	return &ProxyError{Proxy: proxy.Host, Cause: cause}
}
