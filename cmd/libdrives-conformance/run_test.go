package main_test

import (
	"crypto/tls"
	"encoding/xml"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// junit is as much of a JUnit report as the tests look at.
type junit struct {
	Suites []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// count returns how many requirements the report has, and how many of them passed.
func count(t *testing.T, file string) (all, passed int) {
	t.Helper()
	var report junit
	if err := xml.Unmarshal([]byte(read(t, file)), &report); err != nil {
		t.Fatalf("the JUnit report is not XML: %v", err)
	}
	for _, suite := range report.Suites {
		if suite.Name == "libdrives.run" {
			continue // the run as a whole, which is no requirement
		}
		for _, c := range suite.Cases {
			all++
			if c.Failure == nil && c.Error == nil && c.Skipped == nil {
				passed++
			}
		}
	}
	return all, passed
}

func TestTheReferenceEndpointConforms(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.xml")
	o := execute(t, nil, "run", "--junit", file)
	if o.code != 0 {
		t.Fatalf("exit code %d, the reference endpoint conforms:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if !strings.Contains(o.stdout, "conforms") {
		t.Errorf("the summary does not say that it conforms:\n%s", o.stdout)
	}
	if !strings.Contains(o.stderr, file) {
		t.Errorf("stderr does not say where the report was written:\n%s", o.stderr)
	}
	if all, passed := count(t, file); all == 0 || passed == 0 {
		t.Errorf("the report has %d requirements of which %d pass, there should be many of both", all, passed)
	}
	if strings.Contains(o.stdout+o.stderr, "\x1b[") {
		t.Error("there is colour in output that goes to no terminal")
	}
}

func TestAFaultIsFoundAndFailsTheRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.xml")
	o := execute(t, nil, "run", "--fault", "owner-missing-through-drives", "--select", "OWNER", "--junit", file)
	if o.code != 1 {
		t.Errorf("exit code %d, an endpoint without owners does not conform, 1:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if !strings.Contains(o.stdout, "OWNER-02") || !strings.Contains(read(t, file), "<failure") {
		t.Errorf("the fault is told neither in the summary nor in the report, it breaks OWNER-02:\n%s", o.stdout)
	}
	if len(o.errorLines()) > 0 {
		t.Errorf("a verdict is a result and no error:\n%s", o.stderr)
	}
}

func TestQuietSaysLittle(t *testing.T) {
	o := execute(t, nil, "run", "--quiet", "--select", "LIST", "--junit", filepath.Join(t.TempDir(), "report.xml"))
	if o.code != 0 || o.stderr != "" || strings.Count(o.stdout, "\n") > 2 {
		t.Errorf("exit code %d, stdout %q and stderr %q: quiet leaves the closing line", o.code, o.stdout, o.stderr)
	}
}

func TestAFilterThatSelectsNothingIsExitCode4(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.xml")
	o := execute(t, nil, "run", "--label-filter", "must && may", "--junit", file)
	if o.code != 4 {
		t.Errorf("exit code %d, a run that judged nothing is 4 and never green:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if !strings.Contains(o.stdout, "nothing was judged") {
		t.Errorf("the summary does not say that nothing was judged:\n%s", o.stdout)
	}
	if all, _ := count(t, file); all != 0 {
		t.Errorf("the report has %d requirements, none was selected", all)
	}
}

// serve starts a server that is no endpoint of the API.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestAnEndpointThatCannotBeJudgedIsExitCode3(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("no port for the test: %v", err)
	}
	unreachable := "http://" + closed.Addr().String() + "/"
	if err := closed.Close(); err != nil {
		t.Fatalf("the port for the test can't be freed: %v", err)
	}
	reference, err := fixtures.Start(fixtures.Options{})
	if err != nil {
		t.Fatalf("the reference endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = reference.Close() })
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0)
	secured.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	secured.StartTLS()
	t.Cleanup(secured.Close)

	for name, c := range map[string]struct {
		target string
		words  []string
	}{
		"unreachable": {unreachable, []string{unreachable, "reached"}},
		"web page": {serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<!DOCTYPE html><title>Welcome</title>"))
		}), []string{"web page"}},
		"login page": {serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example/?next="+r.URL.Path, http.StatusFound)
		}), []string{"302", "https://login.example/"}},
		"wrong base path":   {strings.Replace(reference.URL(), "/api/2.0/", "/api/1.0/", 1), []string{"404", "base"}},
		"bad certificate":   {secured.URL + "/", []string{"certificate"}},
		"wrong credentials": {reference.URL(), []string{"401", "credentials"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "report.xml")
			o := execute(t, []string{"LIBDRIVES_PASSWORD=hunter2", "LIBDRIVES_TARGET=" + c.target}, "run", "--username", "u", "--junit", file)
			if o.code != 3 {
				t.Errorf("exit code %d, an endpoint that can't be judged is 3:\n%s%s", o.code, o.stdout, o.stderr)
			}
			o.saysOneThing(t, c.words...)
			if all, passed := count(t, file); all == 0 || passed > 0 {
				t.Errorf("the report has %d requirements of which %d pass; all that were selected should be there, none judged", all, passed)
			}
			if strings.Contains(o.stdout+o.stderr+read(t, file), "hunter2") {
				t.Error("the password is shown")
			}
		})
	}
}

func TestAReportIsNotBegunBeforeTheConfigurationIsRight(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.xml")
	if o := execute(t, nil, "run", "--junit", file, "--select", "LICC"); o.code != 2 {
		t.Errorf("exit code %d, an unknown area is 2", o.code)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a report was left behind by a run that never began")
	}
}
