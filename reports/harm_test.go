package reports_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/github"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/example"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

const harmSaid = `this run deleted the library drive ` + example.Windows + ` "Windows Server 2022": the endpoint carried out DELETE /libdrives/LIB/, which it has to refuse`

// TestHarmIsTheFirstThingThatEveryFormatSays looks at the beginning of each report.
func TestHarmIsTheFirstThingThatEveryFormatSays(t *testing.T) {
	r := example.MadeUp(t)
	r.Harm = []reports.Harm{example.Harm()}
	r.Results = r.Results[:1] // one that passed
	if code := r.ExitCode(); code != reports.ExitDoesNot {
		t.Errorf("exit code %d, a run that did harm can't be green", code)
	}
	firstLine := func(all string) string { return all[:strings.IndexByte(all, '\n')] }
	for _, o := range []text.Options{{}, {Quiet: true}} {
		if line := firstLine(textOf(t, r, o)); line != harmSaid {
			t.Errorf("with %+v the text begins with %q, want %q", o, line, harmSaid)
		}
	}
	annotations := example.Render(t, func(b *strings.Builder) error { return github.Write(b, r) })
	if line := firstLine(annotations); line != "::error title=harm to the library::"+harmSaid {
		t.Errorf("the annotations begin with %q", line)
	}
	page := example.Render(t, func(b *strings.Builder) error { return markdown.Write(b, r) })
	if line := firstLine(page); !strings.HasPrefix(line, "**this run deleted the library drive ") {
		t.Errorf("the Markdown begins with %q", line)
	}
	page = example.Render(t, func(b *strings.Builder) error { return html.Write(b, r) })
	_, body, _ := strings.Cut(page, `<header class="masthead`)
	if at := strings.Index(body, "this run deleted the library drive"); at < 0 || at > strings.Index(body, "kicker") {
		t.Error("the page does not begin with the harm")
	}
	jsonOf := example.Render(t, func(b *strings.Builder) error { return jsonreport.Write(b, r) })
	var document struct {
		Harm []struct{ Says, UUID, Kind string }
	}
	if err := json.Unmarshal([]byte(jsonOf), &document); err != nil || len(document.Harm) != 1 || document.Harm[0].Says != harmSaid || document.Harm[0].Kind != "deleted" {
		t.Errorf("the JSON has the harm %+v (%v)", document.Harm, err)
	}
	if lines := strings.Split(jsonOf, "\n"); !strings.Contains(lines[1], `"harm"`) {
		t.Errorf("the JSON begins with %q", lines[1])
	}
	if at := strings.Index(junitOf(t, r), "<testsuite "); !strings.HasPrefix(junitOf(t, r)[at:], `<testsuite name="libdrives.run"`) {
		t.Error("the JUnit report does not begin with the suite of the run as a whole")
	}
	if document := junitOf(t, r); !strings.Contains(document, `<error message="`+strings.ReplaceAll(harmSaid, `"`, "&#34;")+`" type="run">`) && !strings.Contains(document, `<error message="`+strings.ReplaceAll(harmSaid, `"`, "&quot;")+`" type="run">`) {
		t.Errorf("the JUnit report has no error that is the harm:\n%s", document)
	}
}

// TestHarmThatAWaiverPutsUpWithDoesNotFailTheRun waives the requirement that shows it. It is reported all the same.
func TestHarmThatAWaiverPutsUpWithDoesNotFailTheRun(t *testing.T) {
	r := example.MadeUp(t)
	r.Harm = []reports.Harm{example.Harm()}
	shows := r.Results[4]
	shows.Requirement = example.Lookup(t, "METHOD-08")
	shows.Waived = &reports.Waiver{Requirement: "METHOD-08", Until: "2026-12-31", Reason: "ticket 9"}
	r.Results = []reports.Result{r.Results[0], shows}
	if code := r.ExitCode(); code != reports.ExitConforms {
		t.Errorf("exit code %d (%s), the failure is waived", code, r.Conclusion())
	}
	if !strings.HasPrefix(textOf(t, r, text.Options{Quiet: true}), harmSaid) {
		t.Error("harm that is put up with is told all the same")
	}
}

// TestADryRunSaysWhatItWouldMake looks for the plan, and that nothing was made, in each report that people read.
func TestADryRunSaysWhatItWouldMake(t *testing.T) {
	r := example.Planned(t)
	r.Harm = nil
	for name, report := range map[string]string{
		"text":        textOf(t, r, text.Options{}),
		"quiet text":  textOf(t, r, text.Options{Quiet: true}),
		"JUnit":       junitOf(t, r),
		"Markdown":    example.Render(t, func(b *strings.Builder) error { return markdown.Write(b, r) }),
		"HTML":        example.Render(t, func(b *strings.Builder) error { return html.Write(b, r) }),
		"annotations": example.Render(t, func(b *strings.Builder) error { return github.Write(b, r) }),
	} {
		for _, words := range []string{"nothing was made in the account", "would make 1 clone (1.0 GB in all) and 1 server", "up to 2 more where the endpoint carries out what it should refuse"} {
			if !strings.Contains(report, words) {
				t.Errorf("the %s of a dry run does not say %q", name, words)
			}
		}
	}
}
