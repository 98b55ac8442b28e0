package reports_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

func TestWhatRepeatsAFindingShowsWhatItIsAbout(t *testing.T) {
	f := example.Owned(1)
	if line := f.Repeat(f.Exchange); strings.Contains(line, " -i ") {
		t.Errorf("a value of a body needs no headers: %s", line)
	}
	for _, in := range []reports.Location{reports.InHeader, reports.InStatus} {
		f.Differences = []reports.Difference{{In: in, Path: "Content-Type", Expected: "Content-Type application/json", Found: "Content-Type none"}}
		line := f.Repeat(f.Exchange)
		if !strings.HasPrefix(line, "curl -sS -i ") || strings.Count(line, " -i ") != 1 {
			t.Errorf("curl should show the headers of what is found in the %s: %s", in, line)
		}
	}
	f.Exchange.Request.Method = "DELETE"
	if line := f.Repeat(f.Exchange); strings.Count(line, " -i ") != 1 {
		t.Errorf("curl shows them once: %s", line)
	}
	f.Exchange.Request.Method, f.Exchange.Request.As, f.Exchange.Request.Login = "GET", "session", example.Base+"accounts/action/?do=login"
	if line := f.Repeat(f.Exchange); strings.Count(line, "curl -sS -i ") != 1 || !strings.Contains(line, "do=login") || strings.Index(line, "do=login") > strings.Index(line, "curl -sS -i ") {
		t.Errorf("the login comes first, and the headers are those of the request: %s", line)
	}
}

// TestTheEmbeddedEndpointIsStartedFirst: when the report is read, it is gone.
func TestTheEmbeddedEndpointIsStartedFirst(t *testing.T) {
	r := example.MadeUp(t)
	if r.Start() != "" {
		t.Errorf("with a target there is nothing to start: %q", r.Start())
	}
	r.Embedded, r.Target = true, "http://127.0.0.1:4711/api/2.0/"
	r.Configuration.Reference = &reports.Reference{Faults: []string{"a", "b"}, Drives: 50, Latency: "20ms"}
	r.Configuration.Seed = 7
	const want = "libdrives-conformance reference --listen 127.0.0.1:4711 --fault a,b --drives 50 --latency 20ms --seed 7"
	if r.Start() != want {
		t.Errorf("the endpoint is started by %q, it should be by %q", r.Start(), want)
	}
	var printed, written strings.Builder
	if err := text.Write(&printed, r, text.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := markdown.Write(&written, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(printed.String(), "  start     "+want+"\n  repeat    curl") || !strings.Contains(written.String(), "```sh\n"+want+"\n```\n\n```sh\ncurl") {
		t.Errorf("the line that starts it should stand before the one that repeats:\n%s\n%s", printed.String(), written.String())
	}
	r.Configuration.Reference.Own = true
	if r.Start() != "" {
		t.Errorf("a library of the user's own is not in the report, and %q starts another", r.Start())
	}
}
