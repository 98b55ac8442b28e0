package client_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// quietTLS starts a TLS server that keeps to itself what its clients do wrong.
func quietTLS(t *testing.T, change func(*tls.Config)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{}
	if change != nil {
		change(server.TLS)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func rootsOf(server *httptest.Server) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return roots
}

// selfSigned makes a certificate for 127.0.0.1 that is valid in the given time.
func selfSigned(t *testing.T, from, to time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("no key can be made: %v", err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, IPAddresses: []net.IP{{127, 0, 0, 1}}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatalf("no certificate can be made: %v", err)
	}
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
}

func TestAFailureSaysWhatHappenedAndWhatHelps(t *testing.T) {
	now := time.Now()
	sound := quietTLS(t, nil)
	past := quietTLS(t, func(c *tls.Config) {
		c.Certificates = []tls.Certificate{selfSigned(t, now.Add(-48*time.Hour), now.Add(-24*time.Hour))}
	})
	future := quietTLS(t, func(c *tls.Config) {
		c.Certificates = []tls.Certificate{selfSigned(t, now.Add(24*time.Hour), now.Add(48*time.Hour))}
	})
	guarded := quietTLS(t, func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert })
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(plain.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	alert := converse(t, func(c net.Conn, in *bufio.Reader) { hear(in); _, _ = io.WriteString(c, "\x15\x03\x01\x00\x02\x02\x28") })
	other := converse(t, func(c net.Conn, _ *bufio.Reader) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.6\r\n") })
	silent := converse(t, func(_ net.Conn, in *bufio.Reader) { hear(in) })
	for _, c := range []struct {
		name, address string
		roots         *x509.CertPool
		want          string
	}{
		{"nobody listens", gone.URL, nil, "was refused: nothing listens there"},
		{"an unknown authority", sound.URL, x509.NewCertPool(), "the certificate is signed by an authority that this machine does not know: --ca-file names one more"},
		{"another host's certificate", strings.Replace(sound.URL, "127.0.0.1", "localhost", 1), rootsOf(sound), "the certificate is for another host (example.com"},
		{"an old certificate", past.URL, rootsOf(past), "the certificate expired on 20"},
		{"a certificate of tomorrow", future.URL, rootsOf(future), "check this machine's clock"},
		{"a certificate of one's own wanted", guarded.URL, rootsOf(guarded), "the endpoint broke off TLS: certificate required"},
		{"TLS to a plain port", strings.Replace(plain.URL, "http:", "https:", 1), nil, "the endpoint speaks plain HTTP on this port, but was spoken to in TLS: use http://"},
		{"plain HTTP to a TLS port", strings.Replace(sound.URL, "https:", "http:", 1), nil, "the endpoint speaks TLS on this port, but was spoken to in plain HTTP: use https://"},
		{"plain HTTP to a TLS port that answers with an alert", alert, nil, "the endpoint speaks TLS on this port"},
		{"TLS to something else", strings.Replace(other, "http:", "https:", 1), nil, "what answers on this port does not speak TLS"},
		{"no answer", silent, nil, "the connection was closed before an answer came"},
	} {
		client, _ := connect(t, baseOf(t, c.address), func(config *client.Config) { config.RootCAs = c.roots })
		x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
		if !strings.Contains(x.Failure, c.want) || strings.Contains(x.Failure, "\n") {
			t.Errorf("%s is told as %q, want %q", c.name, x.Failure, c.want)
		}
	}
	client, _ := connect(t, baseOf(t, sound.URL), func(config *client.Config) { config.InsecureSkipVerify = true })
	if x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); x.Status() != 200 {
		t.Errorf("with verification off, the read ended as %s", x.Outcome())
	}
}

func TestCausesThatATestCanNotBringAboutAreDiagnosedToo(t *testing.T) {
	address := &net.TCPAddr{IP: net.IP{192, 0, 2, 1}, Port: 443}
	for want, err := range map[string]error{
		"": nil,
		"the host nowhere.example is unknown: its name does not resolve":                                &net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true},
		"the host h could not be looked up: server misbehaving":                                         &net.DNSError{Err: "server misbehaving", Name: "h"},
		"looking up the host h took too long":                                                           &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "i/o timeout", Name: "h", IsTimeout: true}},
		"there is no way to 192.0.2.1:443 from this machine's network":                                  &net.OpError{Op: "dial", Net: "tcp", Addr: address, Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH)},
		"the connection to 192.0.2.1:443 was refused: nothing listens there":                            &net.OpError{Op: "dial", Net: "tcp", Addr: address, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"the connection was closed before an answer came":                                               fmt.Errorf("reading: %w", &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}),
		"connecting to 192.0.2.1:443 took too long: it is down, or a firewall drops what is sent to it": &net.OpError{Op: "dial", Net: "tcp", Addr: address, Err: os.ErrDeadlineExceeded},
		"two lines in one": errors.New("two lines\n\tin one"),
	} {
		if got := client.Diagnose(err); got != want {
			t.Errorf("%v is told as %q, want %q", err, got, want)
		}
	}
}
