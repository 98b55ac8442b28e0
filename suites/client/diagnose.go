package client

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
)

// Diagnose says in one line why a request came to nothing, for people: what happened, and what would help.
func Diagnose(err error) string {
	if err == nil {
		return ""
	}
	var proxy *ProxyError
	if errors.As(err, &proxy) {
		return proxy.Error()
	}
	for _, look := range []func(error) string{diagnoseTLS, diagnoseConnection, diagnoseTimeout} {
		if text := look(err); text != "" {
			return text
		}
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

func diagnoseTLS(err error) string {
	var record tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var alert *net.OpError
	switch {
	case errors.As(err, &record):
		if string(record.RecordHeader[:]) == "HTTP/" {
			return "the endpoint speaks plain HTTP on this port, but was spoken to in TLS: use http:// in the target"
		}
		return "what answers on this port does not speak TLS: check scheme and port of the target"
	case errors.As(err, &authority):
		return "the certificate is signed by an authority that this machine does not know: --ca-file names one more"
	case errors.As(err, &host):
		return fmt.Sprintf("the certificate is for another host (%s), not for %s", certificateNames(host.Certificate), host.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return expired(invalid.Cert)
	case errors.As(err, &verification):
		return "the certificate is not accepted: " + verification.Err.Error()
	case errors.As(err, &alert) && alert.Op == "remote error": // what crypto/tls calls an alert of the other side
		return "the endpoint broke off TLS: " + strings.TrimPrefix(alert.Err.Error(), "tls: ")
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`):
		return errTLSExpected.Error()
	}
	return ""
}

func certificateNames(certificate *x509.Certificate) string {
	if certificate == nil {
		return "unnamed"
	}
	names := append([]string(nil), certificate.DNSNames...)
	for _, address := range certificate.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 {
		return "it names none"
	}
	return strings.Join(names, ", ")
}

func expired(certificate *x509.Certificate) string {
	if certificate == nil {
		return "the certificate has expired or is not valid yet"
	}
	if time.Now().Before(certificate.NotBefore) {
		return "the certificate is not valid before " + certificate.NotBefore.UTC().Format(time.RFC3339) + ": check this machine's clock"
	}
	return "the certificate expired on " + certificate.NotAfter.UTC().Format(time.RFC3339)
}

func diagnoseConnection(err error) string {
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("the host %s is unknown: its name does not resolve", name.Name)
	case errors.As(err, &name) && !name.IsTimeout:
		return fmt.Sprintf("the host %s could not be looked up: %s", name.Name, name.Err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("the connection to %s was refused: nothing listens there", peer(err))
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return fmt.Sprintf("there is no way to %s from this machine's network", peer(err))
	}
	var body *bodyError
	if !errors.As(err, &body) && connectionLost(err) {
		return evidence.ClosedUnanswered
	}
	return ""
}

// peer is the address that an error is about.
func peer(err error) string {
	var operation *net.OpError
	if errors.As(err, &operation) && operation.Addr != nil {
		return operation.Addr.String()
	}
	return "the endpoint"
}

// connectionLost reports whether the other side broke the connection off.
func connectionLost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		// net/http tells these by text alone.
		err != nil && (strings.Contains(err.Error(), "server closed idle connection") ||
			strings.Contains(err.Error(), "http2: server sent GOAWAY"))
}

func diagnoseTimeout(err error) string {
	var own *timeoutError
	var name *net.DNSError
	var operation *net.OpError
	var network net.Error
	switch {
	case errors.As(err, &own):
		return own.Error()
	case errors.As(err, &name):
		return fmt.Sprintf("looking up the host %s took too long", name.Name)
	case !errors.As(err, &network) || !network.Timeout():
		return ""
	case errors.As(err, &operation) && operation.Op == "dial":
		return fmt.Sprintf("connecting to %s took too long: it is down, or a firewall drops what is sent to it", peer(err))
	case strings.Contains(err.Error(), "TLS handshake"):
		return "the TLS handshake took too long"
	}
	return ""
}

// Words is the endpoint's own message in an answer: that of the API's errors, or the title of a page; clipped, and empty
// where there is none.
func Words(x *evidence.Exchange) string {
	const longest, looked = 200, 64 << 10
	body := x.Response.Body.Beginning(looked)
	var errors []struct {
		Message string `json:"error_message"`
	}
	text := ""
	if json.Unmarshal(evidence.WithoutMark(body), &errors) == nil && len(errors) > 0 {
		text = errors[0].Message
	} else if title := pageTitle.FindSubmatch(body); title != nil {
		text = html.UnescapeString(string(title[1]))
	}
	message := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " "))
	return string(message[:min(len(message), longest)])
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
