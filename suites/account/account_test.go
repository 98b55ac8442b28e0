package account_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios"
)

// soaking reports whether the long forms of the tests are asked for, as `make soak` does.
func soaking() bool { return os.Getenv("CONFORMANCE_SOAK") != "" }

// tenant is a run in the account of a reference endpoint.
type tenant struct {
	t        *testing.T
	endpoint *fixtures.Endpoint
	base     *url.URL // of the endpoint itself, whatever stands before it
	client   *client.Client
	record   *evidence.Record
	account  *account.Account
	journal  string
	before   fixtures.Account
	settle   func() // waits until the endpoint has answered whatever the run still asks for through a gate; the gate is closed then
}

// gate stands between a run and the endpoint; pass lets a request through.
type gate func(w http.ResponseWriter, r *http.Request, pass http.Handler)

func rent(t *testing.T, o fixtures.Options, front gate, change func(*account.Config)) *tenant {
	t.Helper()
	if o.CloneTime == 0 {
		o.CloneTime = 3 * time.Millisecond
	}
	endpoint, err := fixtures.Start(o)
	if err != nil {
		t.Fatalf("the endpoint does not start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	direct, err := url.Parse(endpoint.URL())
	if err != nil {
		t.Fatalf("the endpoint's URL is none: %v", err)
	}
	n := &tenant{t: t, endpoint: endpoint, base: direct, before: endpoint.Account(), journal: filepath.Join(t.TempDir(), "runs", "a.journal"), settle: func() {}}
	base := *direct
	if front != nil {
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: direct.Host})
		proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			front(w, r.WithContext(context.WithoutCancel(r.Context())), proxy) // what is under way arrives, whoever waits for it
		}))
		t.Cleanup(server.Close)
		n.settle = server.Close
		base.Host = strings.TrimPrefix(server.URL, "http://")
	}
	n.client, n.record = n.connect(&base)
	run := account.NewRunID()
	journal, err := account.OpenJournal(n.journal, run, direct.String())
	if err != nil {
		t.Fatalf("the journal does not open: %v", err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	config := account.Config{
		Client: n.client, Record: n.record, Journal: journal, Run: run,
		CloneTimeout: 20 * time.Second, SettleTimeout: 100 * time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 20 * time.Millisecond,
	}
	if change != nil {
		change(&config)
	}
	n.account = account.Open(config)
	return n
}

func (n *tenant) connect(base *url.URL) (*client.Client, *evidence.Record) {
	return connect(n.t, base)
}

// connect makes a client of the account.
func connect(t *testing.T, base *url.URL) (*client.Client, *evidence.Record) {
	t.Helper()
	record := evidence.NewRecord(evidence.NewRedactor())
	made, err := client.New(client.Config{
		Base: base, Username: fixtures.DefaultUsername, Password: fixtures.DefaultPassword, Retries: 2, RetryDelay: time.Millisecond,
	}, record)
	if err != nil {
		t.Fatalf("the client can't be made: %v", err)
	}
	t.Cleanup(made.Close)
	return made, record
}

// cleanUp cleans up as a later process would: with a client of its own that talks to the endpoint itself.
func (n *tenant) cleanUp(o account.CleanUpOptions) account.CleanUpResult {
	n.t.Helper()
	client, record := n.connect(n.base)
	o.PollMin, o.PollMax = 2*time.Millisecond, 20*time.Millisecond
	if o.SettleTimeout == 0 {
		o.SettleTimeout = 100 * time.Millisecond
	}
	result, err := account.CleanUp(n.t.Context(), client, record, o)
	if err != nil {
		n.t.Fatalf("the later clean-up ended with %v; notes: %q", err, result.Notes)
	}
	return result
}

func (n *tenant) entries() []account.Entry {
	n.t.Helper()
	entries, err := account.ReadJournal(n.journal)
	if err != nil {
		n.t.Fatalf("the journal can't be read: %v", err)
	}
	return entries
}

// unchanged fails the test unless the account is as it was before the run.
func (n *tenant) unchanged(when string) {
	n.t.Helper()
	if diff := cmp.Diff(n.before, n.endpoint.Account()); diff != "" {
		n.t.Errorf("%s the account is not as before (- before, + now):\n%s", when, diff)
	}
}

// clean cleans up and expects the account as it was.
func (n *tenant) clean() account.Leftovers {
	n.t.Helper()
	left := n.account.Cleanup(n.t.Context())
	if len(left.Left) > 0 {
		n.t.Errorf("the clean-up left %v: %q", left.Left, left.Notes)
	}
	n.unchanged("after the clean-up")
	return left
}

// ended fails the test unless the scenario ended with a reason that says all of it.
func (n *tenant) ended(scenario string, says ...string) {
	n.t.Helper()
	reason := n.account.Ended()[scenario]
	for _, text := range says {
		if !strings.Contains(reason, text) {
			n.t.Errorf("the scenario %q ended with %q, which does not say %q", scenario, reason, text)
		}
	}
}

// material chooses from the library as the suites do, more simply.
func (n *tenant) material() scenarios.Material {
	n.t.Helper()
	client, _ := n.connect(n.base)
	var library struct {
		Objects []struct {
			UUID, Name, Media string
			Size              int64
			Licenses          []json.RawMessage
		}
	}
	x := client.Do(n.t.Context(), evidence.Get("libdrives/?limit=0"), 1, "")
	if err := json.Unmarshal(x.Response.Body.Bytes(), &library); err != nil {
		n.t.Fatalf("the library can't be read: %v", err)
	}
	m := scenarios.Material{KnownUUIDs: map[string]bool{}, Names: map[string]string{}, UnknownUUID: "7c1f65a2-5c0e-4c41-a4d1-0d3c7e3f5b11"}
	var free []account.Source
	smallest := func(of **account.Source, one account.Source) {
		if *of == nil || (*of).Size > one.Size {
			*of = &one
		}
	}
	for _, o := range library.Objects {
		m.KnownUUIDs[o.UUID], m.Names[o.UUID] = true, o.Name
		one := account.Source{Path: "libdrives/" + o.UUID + "/", UUID: o.UUID, Name: o.Name, Size: o.Size}
		switch {
		case o.Media == "cdrom":
			smallest(&m.CDROM, one)
		case len(o.Licenses) == 0:
			free = append(free, one)
			smallest(&m.Unlicensed, one)
		case len(o.Licenses) == 1:
			smallest(&m.Licensed2, one)
		default:
			smallest(&m.Licensed, one)
		}
	}
	for _, one := range free {
		if one.UUID != m.Unlicensed.UUID && len(m.Probed) < 2 {
			m.Probed = append(m.Probed, one)
		}
	}
	m.OtherLicence = []byte(`{"name": "msft_6wc_00002", "long_name": "Another", "type": "install", "user_metric": "processor", "burstable": false, "resource_uri": "/api/2.0/licenses/x/"}`)
	return m
}

// runAll runs every scenario.
func (n *tenant) runAll(ctx context.Context, probes bool) {
	n.t.Helper()
	scenarios.Run(ctx, n.account, scenarios.Choose(n.material(), probes))
}

// raw asks the endpoint itself as another client of the account would.
func (n *tenant) raw(method, target, body string) map[string]any {
	n.t.Helper()
	request, err := http.NewRequestWithContext(n.t.Context(), method, n.base.String()+target, strings.NewReader(body))
	if err != nil {
		n.t.Fatalf("no request: %v", err)
	}
	request.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		n.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer map[string]any
	_ = json.NewDecoder(response.Body).Decode(&answer)
	if response.StatusCode >= 300 {
		n.t.Fatalf("%s %s was answered %d: %v", method, target, response.StatusCode, answer)
	}
	return answer
}

// drive makes a drive as another client of the account would, and returns its uuid.
func (n *tenant) drive(name string) string {
	n.t.Helper()
	answer := n.raw("POST", "drives/", `{"objects": [{"name": "`+name+`", "media": "disk", "size": 1048576}]}`)
	return answer["objects"].([]any)[0].(map[string]any)["uuid"].(string)
}

func isClone(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/action/") && r.URL.Query().Get("do") == "clone"
}

func answerWith(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`[{"error_type": "permission", "error_message": "` + message + `", "error_point": null}]`))
}
