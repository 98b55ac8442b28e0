package clients_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/clients"
)

// asked sends a request as a client does that takes its address and account from the environment.
func asked(environ []string, method, path, contentType, body string) (status int, answer []byte, err error) {
	value := func(name string) string {
		for _, entry := range environ {
			if text, found := strings.CutPrefix(entry, name+"="); found {
				return text
			}
		}
		return ""
	}
	request, err := http.NewRequest(method, value(clients.VariableTarget)+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.SetBasicAuth(value(clients.VariableUsername), value(clients.VariablePassword))
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// list is an answer that lists drives.
type list struct {
	Meta struct {
		Total int `json:"total_count"`
	} `json:"meta"`
	Objects []struct {
		UUID string `json:"uuid"`
	} `json:"objects"`
}

func read(environ []string, path string) (l list, err error) {
	_, answer, err := asked(environ, http.MethodGet, path, "", "")
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(answer, &l)
}

// sound reads the whole library page by page.
func sound(_ context.Context, environ []string, _ io.Writer) error {
	seen := 0
	for {
		page, err := read(environ, fmt.Sprintf("libdrives/?limit=20&offset=%d", seen))
		if err != nil {
			return err
		}
		if len(page.Objects) == 0 {
			return nil
		}
		if seen += len(page.Objects); seen >= page.Meta.Total {
			return nil
		}
	}
}

// readsOnePage takes the first page for all there is.
func readsOnePage(_ context.Context, environ []string, out io.Writer) error {
	page, err := read(environ, "libdrives/")
	if err != nil {
		return err
	}
	if len(page.Objects) < page.Meta.Total {
		_, _ = fmt.Fprintf(out, "there are %d drives, and I know of %d\n", page.Meta.Total, len(page.Objects))
		return errors.New("exit status 3")
	}
	return nil
}

// namesNoType clones a drive without saying what the body is.
func namesNoType(_ context.Context, environ []string, _ io.Writer) error {
	page, err := read(environ, "libdrives/?limit=1")
	if err != nil || len(page.Objects) == 0 {
		return err
	}
	_, _, err = asked(environ, http.MethodPost, "libdrives/"+page.Objects[0].UUID+"/action/?do=clone", "", `{"name": "mine"}`)
	return err
}

func run(t *testing.T, o clients.Options) *reports.Client {
	t.Helper()
	o.Command, o.Tool = []string{"a", "client"}, reports.Tool{Name: "tool"}
	report, err := clients.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("the client could not be run: %v", err)
	}
	return report
}

func TestASoundClientCopesWithEveryVariantThatItMeets(t *testing.T) {
	t.Parallel()
	report := run(t, clients.Options{Start: sound, Variants: []string{"chunked", "no-base-path", "empty-library", "thousands-of-drives", "newest-first"}})
	if report.ExitCode() != reports.ExitConforms || len(report.Undocumented) != 0 {
		t.Errorf("a client that keeps to the documentation ends with exit code %d: %s", report.ExitCode(), report.Conclusion())
	}
	if got := report.Conclusion(); got != "copes with 5 variants" {
		t.Errorf("it came to %q, want that it copes with 5 variants", got)
	}
}

func TestWhatAClientDoesNotCopeWithIsNamed(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	counting := func(ctx context.Context, environ []string, out io.Writer) error {
		runs.Add(1)
		return readsOnePage(ctx, environ, out)
	}
	options := clients.Options{Start: counting, Variants: []string{"one-drive", "thousands-of-drives", "chunked"}, Drives: 10}
	report := run(t, options)
	broken := report.BrokenBy()
	if len(broken) != 1 || broken[0].Name != "thousands-of-drives" {
		t.Fatalf("a client that reads one page only is said to be broken by %v, want thousands-of-drives alone", broken)
	}
	if r := broken[0]; r.Reason != "exit status 3" || !strings.Contains(r.Output, "I know of 20") || len(r.Last) != 1 || !strings.Contains(r.Last[0], "GET /libdrives/ answered 200") {
		t.Errorf("it is told by reason %q, output %q and last requests %q", r.Reason, r.Output, r.Last)
	}
	if report.ExitCode() != reports.ExitDoesNot {
		t.Errorf("the exit code is %d, want %d", report.ExitCode(), reports.ExitDoesNot)
	}
	if runs.Load() != 5 {
		t.Errorf("the command was run %d times, want once for each endpoint and once more for the one that broke it", runs.Load())
	}
	options.Waivers = []reports.ClientWaiver{
		{Name: "thousands-of-drives", Reason: "we page next year", Until: "2999-01-31"},
		{Name: "chunked", Reason: "we thought so", Until: "2999-01-31"},
		{Name: "no-base-path", Reason: "it is not run", Until: "2999-01-31"},
	}
	report = run(t, options)
	var states []reports.WaiverState
	for _, w := range report.Waivers {
		states = append(states, w.State)
	}
	if len(report.BrokenBy()) != 0 || !slices.Equal(states, []reports.WaiverState{reports.WaiverHolds, reports.WaiverStale, reports.WaiverNotJudged}) {
		t.Errorf("with waivers it is broken by %v, and they are %v", report.BrokenBy(), states)
	}
	if report.ExitCode() != reports.ExitDoesNot || !strings.Contains(report.Conclusion(), "the waiver of chunked is stale") {
		t.Errorf("a stale waiver ends with exit code %d and %q", report.ExitCode(), report.Conclusion())
	}
}

func TestWhatFailsOnlyOnceIsNotHeldAgainstTheClient(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	report := run(t, clients.Options{Variants: []string{"chunked"}, Start: func(ctx context.Context, environ []string, out io.Writer) error {
		if runs.Add(1) == 2 {
			return errors.New("a bad day")
		}
		return sound(ctx, environ, out)
	}})
	if !report.Variants[0].Unsteady || report.ExitCode() != reports.ExitConforms {
		t.Errorf("a run that failed once is unsteady: %v, exit code %d", report.Variants[0].Unsteady, report.ExitCode())
	}
}

func TestAClientThatFailsOnTheSoundEndpointIsTriedNoFurther(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(context.Context, []string, io.Writer) error{
		"it fails":            func(context.Context, []string, io.Writer) error { return errors.New("exit status 1") },
		"it sends nothing":    func(context.Context, []string, io.Writer) error { return nil },
		"it takes for ever":   func(ctx context.Context, _ []string, _ io.Writer) error { <-ctx.Done(); return ctx.Err() },
		"it reads one page":   readsOnePage,
		"its address is gone": func(_ context.Context, _ []string, _ io.Writer) error { return errors.New("exit status 7") },
	} {
		report := run(t, clients.Options{Start: start, Variants: []string{"chunked"}, Timeout: 200 * time.Millisecond})
		if report.Sound.Verdict != reports.Fail || report.Variants[0].Verdict != reports.Blocked || report.ExitCode() != reports.ExitDoesNot {
			t.Errorf("%s: the sound endpoint is %s, the variant %s, the exit code %d", name, report.Sound.Verdict, report.Variants[0].Verdict, report.ExitCode())
		}
	}
}

func TestWhatTheDocumentationDoesNotAllowIsToldOnce(t *testing.T) {
	t.Parallel()
	const no = "6d0f4a31-0000-4000-8000-000000000000"
	for _, c := range []struct{ method, path, contentType, body, rule, shape string }{
		{"POST", "drives/", "", `{}`, "content-type", "POST /drives/"},
		{"POST", "drives/", "text/plain", `{}`, "content-type", "POST /drives/"},
		{"POST", "drives/", "application/json", `{`, "well-formed-body", "POST /drives/"},
		{"GET", "drivez/" + no + "/", "", "", "known-path", "GET /drivez/{uuid}/"},
		{"DELETE", "libdrives/" + no + "/", "", "", "allowed-method", "DELETE /libdrives/{uuid}/"},
		{"POST", "libdrives/" + no + "/action/?do=copy", "application/json", "{}", "known-action", "POST /libdrives/{uuid}/action/?do=copy"},
		{"GET", "libdrives/?limit=ten", "", "", "page", "GET /libdrives/?limit=ten"},
		{"GET", "libdrives/?fields=uuid,colour", "", "", "known-field", "GET /libdrives/?fields=colour"},
		{"GET", "libdrives/?colour=red", "", "", "known-filter", "GET /libdrives/?colour=…"},
		{"GET", "libdrives/?format=yaml", "", "", "known-format", "GET /libdrives/?format=yaml"},
	} {
		report := run(t, clients.Options{Variants: []string{"chunked"}, Start: func(_ context.Context, environ []string, _ io.Writer) error {
			_, _, err := asked(environ, c.method, c.path, c.contentType, c.body)
			return err
		}})
		if len(report.Undocumented) != 1 {
			t.Errorf("%s %s: %d kinds of requests are told, want one: %v", c.method, c.path, len(report.Undocumented), report.Undocumented)
			continue
		}
		if u := report.Undocumented[0]; u.Rule != c.rule || u.Shape != c.shape || u.Count != 2 || u.States == "" || u.Source == "" || u.Found == "" {
			t.Errorf("%s %s is told as %+v; want the rule %s, the shape %s, twice", c.method, c.path, u, c.rule, c.shape)
		}
		if report.ExitCode() != reports.ExitDoesNot {
			t.Errorf("%s %s: the exit code is %d, want %d", c.method, c.path, report.ExitCode(), reports.ExitDoesNot)
		}
	}
	report := run(t, clients.Options{Variants: []string{"none"}, Start: namesNoType})
	if len(report.Undocumented) != 1 || report.Undocumented[0].Rule != "content-type" {
		t.Errorf("a clone request without a Content-Type is told as %v", report.Undocumented)
	}
}

func TestFaultsSayWhatAClientNotices(t *testing.T) {
	t.Parallel()
	report := run(t, clients.Options{Start: sound, Variants: []string{"none"}, Faults: []string{"owner-missing-through-drives"}})
	if report.ExitCode() != reports.ExitConforms || !strings.Contains(report.Conclusion(), "notices 0 of 1 fault") {
		t.Errorf("a fault that is not noticed ends with exit code %d: %s", report.ExitCode(), report.Conclusion())
	}
}

func TestNamesAndVariablesAreChecked(t *testing.T) {
	t.Parallel()
	for _, o := range []clients.Options{{Variants: []string{"chunkd"}}, {Faults: []string{"owner-missing-through-drive"}}} {
		o.Start = func(context.Context, []string, io.Writer) error {
			t.Error("a command is run though a name is unknown")
			return nil
		}
		if _, err := clients.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "did you mean") {
			t.Errorf("an unknown name is told as %v, want the nearest known one", err)
		}
	}
	for text, wrong := range map[string]bool{"API={target}": false, "API={targt}": true, "=x": true, "API": true, "A B=x": true, "API=fixed": false} {
		if _, err := clients.ParseVariable(text); (err != nil) != wrong {
			t.Errorf("--env %s: the error is %v", text, err)
		}
	}
	given := make(chan []string, 1)
	run(t, clients.Options{Variants: []string{"none"}, Env: []clients.Variable{{Name: "API", Template: "{username}@{host}{path}"}}, Start: func(ctx context.Context, environ []string, out io.Writer) error {
		given <- environ
		return sound(ctx, environ, out)
	}})
	environ := <-given
	if last := environ[len(environ)-1]; !strings.HasPrefix(last, "API=reference@libdrives.example@127.0.0.1:") || !strings.HasSuffix(last, "/api/2.0/") {
		t.Errorf("the client is told %q", last)
	}
}

func TestWithTLSTheClientIsToldWhomToTrust(t *testing.T) {
	t.Parallel()
	var file string
	report := run(t, clients.Options{TLS: true, Variants: []string{"chunked"}, Env: []clients.Variable{{Name: "CA", Template: "{ca}"}}, Start: func(_ context.Context, environ []string, _ io.Writer) error {
		target := strings.TrimPrefix(environ[0], clients.VariableTarget+"=")
		file = strings.TrimPrefix(environ[len(environ)-1], "CA=")
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return errors.New("the file holds no certificate")
		}
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get(target + "libdrives/")
		if err != nil {
			return err
		}
		return response.Body.Close()
	}})
	if report.ExitCode() != reports.ExitConforms {
		t.Errorf("a client that trusts the certificate comes to exit code %d: %s %s", report.ExitCode(), report.Conclusion(), report.Sound.Reason)
	}
	if _, err := os.Stat(file); err == nil {
		t.Errorf("the certificate's file %s is left behind", file)
	}
}

func TestAnInterruptedClientIsIncomplete(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	report, err := clients.Run(ctx, clients.Options{Variants: []string{"chunked"}, Start: func(_ context.Context, environ []string, out io.Writer) error {
		cancel(errors.New("stopped by a signal"))
		return sound(ctx, environ, out)
	}})
	if err != nil || report.ExitCode() != reports.ExitIncomplete || report.Variants[0].Verdict == reports.Pass {
		t.Errorf("an interrupted client comes to %v, %v", report, err)
	}
}
