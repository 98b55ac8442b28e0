package main_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
)

// keyPair writes a certificate that signs itself, and its key.
func keyPair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// inFront is a server that hands requests on to a reference endpoint.
func inFront(t *testing.T, look func(*http.Request) bool) *httptest.Server {
	t.Helper()
	endpoint, err := fixtures.Start(fixtures.Options{})
	if err != nil {
		t.Fatalf("the reference endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	behind, err := url.Parse(strings.TrimSuffix(endpoint.URL(), "/api/2.0/"))
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(behind)
	return httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !look(r) {
			http.Error(w, "{}", http.StatusForbidden)
			return
		}
		forward.ServeHTTP(w, r)
	}))
}

// TestAGatewayIsPassed: an endpoint behind a gateway that asks for a certificate and a header of its own is judged, and the header's
// value is in no report.
func TestAGatewayIsPassed(t *testing.T) {
	t.Parallel()
	const token = "gateway-token-0123456789"
	gateway := inFront(t, func(r *http.Request) bool {
		return len(r.TLS.PeerCertificates) == 1 && r.Header.Get("X-Gateway-Key") == token && r.Header.Get("X-Tenant") == "7"
	})
	gateway.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	gateway.StartTLS()
	t.Cleanup(gateway.Close)
	cert, key := keyPair(t)
	dir := t.TempDir()
	args := []string{"run", "-t", gateway.URL + "/api/2.0/", "-u", fixtures.DefaultUsername, "-s", "LIST,OWNER-02", "--insecure-skip-verify", "--cert", cert, "--key", key,
		"--header", "X-Gateway-Key=" + token, "--header", "x-tenant=7", "-o", dir}
	o := execute(t, []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}, args...)
	if o.code != 0 {
		t.Fatalf("exit code %d, the endpoint behind the gateway conforms:\n%s%s", o.code, o.stdout, o.stderr)
	}
	written := o.stdout + o.stderr
	for _, name := range []string{"report.xml", "report.json", "report.html", "report.md", "report.har", "run.jsonl"} {
		written += read(t, filepath.Join(dir, name))
	}
	if strings.Contains(written, token) {
		t.Error("the value of the header is in what was written")
	}
}

func TestAProxyIsUsed(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	endpoint, err := fixtures.Start(fixtures.Options{})
	if err != nil {
		t.Fatalf("the reference endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed.Add(1)
		httputil.NewSingleHostReverseProxy(&url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host}).ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	o := execute(t, []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}, "run", "--target", endpoint.URL(), "--username", fixtures.DefaultUsername, "--select", "LIST", "--proxy", proxy.URL)
	if o.code != 0 || passed.Load() == 0 {
		t.Errorf("exit code %d and %d requests through the proxy; all should go through it:\n%s%s", o.code, passed.Load(), o.stdout, o.stderr)
	}
}

// TestCheckSendsReadsOnly, with the right password only.
func TestCheckSendsReadsOnly(t *testing.T) {
	t.Parallel()
	var written atomic.Int64
	behind := inFront(t, func(r *http.Request) bool {
		if r.Method != http.MethodGet {
			written.Add(1)
		}
		return true
	})
	behind.Start()
	t.Cleanup(behind.Close)
	args := []string{"check", "--target", behind.URL + "/api/2.0/", "--username", fixtures.DefaultUsername, "--profile", "full"}
	o := execute(t, []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}, args...)
	if o.code != 0 || written.Load() > 0 {
		t.Errorf("exit code %d and %d requests that are no GET; a run can begin, 0, and a check only reads:\n%s%s", o.code, written.Load(), o.stdout, o.stderr)
	}
	for _, words := range []string{"login    by HTTP Digest: 200", "clock    the endpoint's is within", "would make 10 clones", "ready: a run can begin"} {
		if !strings.Contains(o.stdout, words) {
			t.Errorf("the check does not say %q:\n%s", words, o.stdout)
		}
	}
	o = execute(t, []string{"LIBDRIVES_PASSWORD=hunter2"}, args...)
	if o.code != 3 || !strings.Contains(o.stdout, "401") || strings.Contains(o.stdout+o.stderr, "hunter2") {
		t.Errorf("exit code %d; with a wrong password no run can begin, 3:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if o := execute(t, []string{"LIBDRIVES_PASSWORD=x"}, "check", "--target", "http://127.0.0.1:9/", "--username", "u"); o.code != 3 || !strings.Contains(o.stdout, "nothing listens") {
		t.Errorf("exit code %d; where nothing listens no run can begin, 3:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if o := execute(t, nil, "check"); o.code != 2 {
		t.Errorf("exit code %d; without a target there is nothing to check, 2", o.code)
	}
}
