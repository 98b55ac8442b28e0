package suites_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	junitreader "github.com/joshdk/go-junit"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/fixtures/hostile"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/junit"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites"
)

// soakVariable asks for the long forms of the tests with hostile endpoints: `make soak` sets it.
const soakVariable = "CONFORMANCE_SOAK"

func soaking() bool { return os.Getenv(soakVariable) != "" }

// watched is a world that remembers what belongs to somebody else than the run, and how it was.
type watched struct {
	*fixtures.Endpoint
	mu      sync.Mutex
	foreign map[string]string // what GET answered, by path: "drives/UUID/"
	library []string
}

func watch(t *testing.T, endpoint *fixtures.Endpoint) *watched {
	t.Helper()
	w := &watched{Endpoint: endpoint, foreign: map[string]string{}, library: endpoint.LibraryUUIDs()}
	for _, uuid := range endpoint.DriveUUIDs() {
		w.keep("drives/" + uuid + "/")
	}
	for _, uuid := range endpoint.ServerUUIDs() {
		w.keep("servers/" + uuid + "/")
	}
	return w
}

func (w *watched) keep(path string) {
	definition := w.look(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foreign[path] = definition
}

// look asks the endpoint itself, past the behaviour.
func (w *watched) look(path string) string {
	r, err := http.NewRequest(http.MethodGet, w.URL()+path, nil)
	if err != nil {
		return err.Error()
	}
	r.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
	x, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = x.Body.Close() }()
	body, err := io.ReadAll(x.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %s", x.StatusCode, body)
}

func (w *watched) AddDrive(name string) string {
	uuid := w.Endpoint.AddDrive(name)
	w.keep("drives/" + uuid + "/")
	return uuid
}

func (w *watched) AddServer(name string, drives ...string) string {
	uuid := w.Endpoint.AddServer(name, drives...)
	w.keep("servers/" + uuid + "/")
	return uuid
}

func (w *watched) RemoveLibraryDrive(uuid string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := w.Endpoint.RemoveLibraryDrive(uuid)
	if gone {
		w.library = slices.DeleteFunc(w.library, func(other string) bool { return other == uuid })
	}
	return gone
}

// belongs is the kind of what somebody else has; "" where nobody has it.
func (w *watched) belongs(uuid string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path := range w.foreign {
		if strings.Contains(path, strings.ToLower(uuid)) {
			return strings.TrimSuffix(path[:strings.Index(path, "/")], "s")
		}
	}
	if slices.Contains(w.library, strings.ToLower(uuid)) {
		return "library drive"
	}
	return ""
}

// changes says what of somebody else's is not as it was.
func (w *watched) changes(front *hostile.Front) []string {
	w.mu.Lock()
	foreign, library := map[string]string{}, slices.Clone(w.library)
	for path, before := range w.foreign {
		foreign[path] = before
	}
	w.mu.Unlock()
	var changed []string
	for path, before := range foreign {
		uuid := strings.Split(path, "/")[1]
		if now := w.look(path); now != before && !front.Made(uuid) {
			changed = append(changed, fmt.Sprintf("%s was %.300s and is %.300s", path, before, now))
		}
	}
	there := w.LibraryUUIDs()
	for _, uuid := range library {
		if !slices.Contains(there, uuid) {
			changed = append(changed, "library drive "+uuid+" is gone")
		}
	}
	slices.Sort(changed)
	return changed
}

// behind serves a lived-in account of the reference endpoint behind a behaviour.
func behind(t *testing.T, b hostile.Behaviour, seed uint64) (*hostile.Front, *watched) {
	t.Helper()
	endpoint := start(t, fixtures.Options{})
	disk := endpoint.AddDrive("customer database")
	endpoint.AddDrive("libdrives-conformance-zzzzzzzzzz-1") // of another run that is under way
	endpoint.AddServer("customer web server", disk)
	world := watch(t, endpoint)
	front, err := hostile.Serve(b, hostile.Options{
		Origin: endpoint, World: world, Username: fixtures.DefaultUsername, Password: fixtures.DefaultPassword, Seed: seed,
	})
	if err != nil {
		t.Fatalf("%s can't be served: %v", b.Name, err)
	}
	t.Cleanup(func() {
		front.Close()
		if err := front.Err(); err != nil {
			t.Errorf("the behaviour %s is itself wrong: %v", b.Name, err)
		}
	})
	return front, world
}

// impatient shortens what a run waits for, so that endings come soon. In the short form what settles does so at once.
func impatient(c *suites.Config) {
	c.RequestTimeout, c.CloneTimeout, c.Timeout, c.RetryDelay = 2*time.Second, time.Second, 20*time.Second, time.Millisecond
	c.SettleTimeout, c.CleanupTimeout = 2*time.Second, 10*time.Second
	if !soaking() {
		c.SettleTimeout, c.CleanupTimeout = 500*time.Millisecond, 5*time.Second
	}
}

var reportSchema = sync.OnceValues(schema.CompileReport)

// invalid says what is wrong with a run's reports, whatever it came to.
func invalid(run *suites.Result) []string {
	if run.Report == nil {
		return []string{fmt.Sprintf("there is no report: %v", run.Err)}
	}
	var wrong []string
	note := func(format string, values ...any) { wrong = append(wrong, fmt.Sprintf(format, values...)) }
	var document, cases bytes.Buffer
	if err := json.Write(&document, run.Report); err != nil {
		note("the JSON report can't be written: %v", err)
	}
	set, err := reportSchema()
	if err != nil {
		return append(wrong, err.Error())
	}
	violations, err := set.Validate(schema.Report, document.Bytes())
	if err != nil {
		note("the JSON report is no JSON: %v", err)
	}
	for _, v := range violations {
		note("the JSON report is not valid: %v", v)
	}
	if err := junit.Write(&cases, run.Report); err != nil {
		note("the JUnit report can't be written: %v", err)
	}
	read, err := junitreader.Ingest(cases.Bytes())
	if err != nil {
		note("the JUnit report can't be read: %v", err)
	}
	number := 0
	for _, suite := range read {
		if suite.Name != "libdrives.run" {
			number += suite.Totals.Tests
		}
	}
	if number != len(run.Report.Results) {
		note("the JUnit report has %d cases, and %d requirements were selected", number, len(run.Report.Results))
	}
	return wrong
}

// left are the names of what the endpoint made for the run and still has.
func left(front *hostile.Front, world *watched) []string {
	front.Settle()
	var names []string
	account := world.Account()
	for _, r := range append(slices.Clone(account.Drives), account.Servers...) {
		if front.Made(r.UUID) {
			names = append(names, r.UUID+" "+r.Name)
		}
	}
	return names
}

// cleanupTime bounds a cleanup: it is about ending at all.
func cleanupTime(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 20*time.Second)
}
