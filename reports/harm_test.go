package reports_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
)

// harm is a library drive that a run deleted.
func harm() reports.Harm {
	return reports.Harm{
		Kind: reports.HarmDeleted, UUID: windows, Name: "Windows Server 2022", Method: "DELETE", Path: "/libdrives/" + windows + "/",
		Requirements: []string{"METHOD-08", "METHOD-06"},
	}
}

const harmSaid = `this run deleted the library drive ` + windows + ` "Windows Server 2022": the endpoint carried out DELETE /libdrives/LIB/, which it has to refuse`

// TestHarmIsTheFirstThingThatEveryFormatSays looks at the beginning of each report.
func TestHarmIsTheFirstThingThatEveryFormatSays(t *testing.T) {
	r := madeUp(t)
	r.Harm = []reports.Harm{harm()}
	r.Results = r.Results[:1] // one that passed
	if code := r.ExitCode(); code != reports.ExitDoesNot {
		t.Errorf("exit code %d, a run that did harm can't be green", code)
	}
	firstLine := func(text string) string { return text[:strings.IndexByte(text, '\n')] }
	for _, o := range []reports.TextOptions{{}, {Quiet: true}} {
		if line := firstLine(text(t, r, o)); line != harmSaid {
			t.Errorf("with %+v the text begins with %q, want %q", o, line, harmSaid)
		}
	}
	annotations := render(t, func(b *strings.Builder) error { return reports.Annotations(b, r) })
	if line := firstLine(annotations); line != "::error title=harm to the library::"+harmSaid {
		t.Errorf("the annotations begin with %q", line)
	}
	markdown := render(t, func(b *strings.Builder) error { return reports.Markdown(b, r) })
	if line := firstLine(markdown); !strings.HasPrefix(line, "**this run deleted the library drive ") {
		t.Errorf("the Markdown begins with %q", line)
	}
	html := render(t, func(b *strings.Builder) error { return reports.HTML(b, r) })
	_, body, _ := strings.Cut(html, `<header class="masthead`)
	if at := strings.Index(body, "this run deleted the library drive"); at < 0 || at > strings.Index(body, "kicker") {
		t.Error("the page does not begin with the harm")
	}
	var document struct {
		Harm []struct{ Says, UUID, Kind string }
	}
	if err := json.Unmarshal([]byte(jsonOf(t, r)), &document); err != nil || len(document.Harm) != 1 || document.Harm[0].Says != harmSaid || document.Harm[0].Kind != "deleted" {
		t.Errorf("the JSON has the harm %+v (%v)", document.Harm, err)
	}
	if lines := strings.Split(jsonOf(t, r), "\n"); !strings.Contains(lines[1], `"harm"`) {
		t.Errorf("the JSON begins with %q", lines[1])
	}
	root, err := parseXML(junit(t, r))
	if err != nil {
		t.Fatalf("the JUnit report must be XML: %v", err)
	}
	for name, rules := range map[string]map[string]form{"Ant": ant, "Jenkins": jenkins} {
		if broken := root.violations(rules); len(broken) > 0 {
			t.Errorf("the JUnit report breaks the schema of %s: %q", name, broken)
		}
	}
	if at := strings.Index(junit(t, r), "<testsuite "); !strings.HasPrefix(junit(t, r)[at:], `<testsuite name="libdrives.run"`) {
		t.Error("the JUnit report does not begin with the suite of the run as a whole")
	}
	if errors := root.named("error"); len(errors) != 1 || !strings.HasPrefix(errors[0].text, harmSaid) {
		t.Errorf("the JUnit report has the errors %+v, want one that begins with the harm", errors)
	}
}

// TestHarmThatAWaiverPutsUpWithDoesNotFailTheRun waives the requirement that shows it. It is told all the same.
func TestHarmThatAWaiverPutsUpWithDoesNotFailTheRun(t *testing.T) {
	r := madeUp(t)
	r.Harm = []reports.Harm{harm()}
	shows := r.Results[4]
	shows.Requirement = lookup(t, "METHOD-08")
	shows.Waived = &reports.Waiver{Requirement: "METHOD-08", Until: "2026-12-31", Reason: "ticket 9"}
	r.Results = []reports.Result{r.Results[0], shows}
	if code := r.ExitCode(); code != reports.ExitConforms {
		t.Errorf("exit code %d (%s), the failure is waived", code, r.Conclusion())
	}
	if !strings.HasPrefix(text(t, r, reports.TextOptions{Quiet: true}), harmSaid) {
		t.Error("harm that is put up with is told all the same")
	}
}

// TestADryRunSaysWhatItWouldMake looks for the plan, and that nothing was made, in each report that people read.
func TestADryRunSaysWhatItWouldMake(t *testing.T) {
	r := planned(t)
	r.Harm = nil
	for name, report := range map[string]string{
		"text":        text(t, r, reports.TextOptions{}),
		"quiet text":  text(t, r, reports.TextOptions{Quiet: true}),
		"JUnit":       junit(t, r),
		"Markdown":    render(t, func(b *strings.Builder) error { return reports.Markdown(b, r) }),
		"HTML":        render(t, func(b *strings.Builder) error { return reports.HTML(b, r) }),
		"annotations": render(t, func(b *strings.Builder) error { return reports.Annotations(b, r) }),
	} {
		for _, words := range []string{"nothing was made in the account", "would make 1 clone (1.0 GB in all) and 1 server", "up to 2 more where the endpoint carries out what it should refuse"} {
			if !strings.Contains(report, words) {
				t.Errorf("the %s of a dry run does not say %q", name, words)
			}
		}
	}
}
