package json_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/evidence"
)

func jsonOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return jsonreport.Write(b, r) })
}

func TestJSONIsAsItsSchemaSays(t *testing.T) {
	set, err := schema.CompileReport()
	if err != nil {
		t.Fatalf("the schema of the report must compile: %v", err)
	}
	binary := example.MadeUp(t)
	binary.Results[4].Findings[0].Exchange.Response.Body = evidence.BodyOf([]byte{0xff, 0xfe, 0})
	for name, r := range map[string]*reports.Report{
		"made up": example.MadeUp(t), "complete": example.Complete(t), "planned": example.Planned(t), "attacked": example.Attacked(t), "binary body": binary, "empty": {Started: example.MadeUp(t).Started,
			Configuration: example.MadeUp(t).Configuration},
	} {
		violations, err := set.Validate(schema.Report, []byte(jsonOf(t, r)))
		if err != nil {
			t.Errorf("the JSON of the report %q can't be read: %v", name, err)
		}
		for _, v := range violations {
			t.Errorf("the JSON of the report %q breaks its schema: %s", name, v)
		}
	}
}

// TestTheSchemaKnowsEveryKey keeps the schema from falling behind: what JSON writes is described there.
func TestTheSchemaKnowsEveryKey(t *testing.T) {
	var document any
	if err := json.Unmarshal([]byte(jsonOf(t, example.Planned(t))), &document); err != nil {
		t.Fatalf("the report must be JSON: %v", err)
	}
	text := string(schema.Source(schema.Report))
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, entry := range value {
				walk(entry)
			}
		case map[string]any:
			for key, entry := range value {
				if key == "headers" {
					continue
				}
				if !strings.Contains(text, `"`+key+`"`) {
					t.Errorf("the schema of the report does not describe the key %q", key)
				}
				walk(entry)
			}
		}
	}
	walk(document)
}

func TestReadJSONGivesTheReportBack(t *testing.T) {
	want := example.Planned(t)
	got, err := jsonreport.Read(strings.NewReader(jsonOf(t, want)))
	if err != nil {
		t.Fatalf("a report that JSON wrote must be read: %v", err)
	}
	diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(1e6), cmpopts.EquateEmpty(),
		cmpopts.IgnoreTypes(&evidence.Exchange{}), cmpopts.IgnoreFields(reports.Result{}, "Exchanges", "Duration"),
		cmpopts.IgnoreFields(reports.Waiver{}, "Line"), cmpopts.IgnoreFields(reports.Cause{}, "Requirement")) // it is the one that blocks
	if diff != "" {
		t.Errorf("the report that was read differs from the one that was written (-written +read):\n%s", diff)
	}
	if want.ExitCode() != got.ExitCode() || want.Counts() != got.Counts() {
		t.Errorf("the report that was read comes to exit code %d and %+v, the one that was written to %d and %+v", got.ExitCode(), got.Counts(), want.ExitCode(), want.Counts())
	}
}

// TestReadJSONOfAnEarlierVersionKeepsItsWords reads a finding that has no more than words.
func TestReadJSONOfAnEarlierVersionKeepsItsWords(t *testing.T) {
	want := example.Planned(t)
	var document map[string]any
	if err := json.Unmarshal([]byte(jsonOf(t, want)), &document); err != nil {
		t.Fatalf("the report must be JSON: %v", err)
	}
	for _, r := range document["requirements"].([]any) {
		for _, f := range r.(map[string]any)["findings"].([]any) {
			delete(f.(map[string]any), "words")
		}
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatalf("the report can't be written again: %v", err)
	}
	got, err := jsonreport.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("a report of an earlier version must be read: %v", err)
	}
	for i, r := range want.Results {
		for j, f := range r.Findings {
			if kept := got.Results[i].Findings[j]; kept.ExpectedText() != f.ExpectedText() || kept.FoundText() != f.FoundText() {
				t.Errorf("the finding reads %q and %q, and was written as %q and %q", kept.ExpectedText(), kept.FoundText(), f.ExpectedText(), f.FoundText())
			}
		}
	}
}

func TestReadJSONSaysWhatIsWrong(t *testing.T) {
	whole := jsonOf(t, example.MadeUp(t))
	for _, c := range []struct{ why, text, want string }{
		{"nothing", "", "it is empty"},
		{"cut off", whole[:len(whole)/2], "ends in the middle"},
		{"not JSON", "<testsuites/>", "it is not JSON"},
		{"another JSON", `{"a": 1}`, "not a report of a run"},
		{"a list", `[]`, "not a report"},
		{"a newer format", strings.Replace(whole, `"format": 1`, `"format": 2`, 1), "format 2, and this version reads up to format 1"},
		{"two of them", whole + whole, "something follows the report"},
		{"a verdict of its own", strings.Replace(whole, `"verdict": "skip"`, `"verdict": "maybe"`, 1), `is "maybe", and should be pass, fail, skip or blocked`},
		{"a requirement twice", strings.Replace(whole, `"id": "LIST-04"`, `"id": "LIST-01"`, 1), `"LIST-01" is there twice`},
		{"a baseline without time", strings.Replace(jsonOf(t, example.Complete(t)), `"version": "1.2.2",
      "started": "2026`, `"version": "1.2.2",
      "started": "then`, 1), "baseline: started is"},
		{"no time", strings.Replace(whole, `"started": "2026`, `"started": "then`, 1), "should be a time"},
	} {
		if _, err := jsonreport.Read(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error should say %q, and is: %v", c.why, c.want, err)
		}
	}
}

func TestReadJSONFileNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	bad, good := filepath.Join(dir, "bad.json"), filepath.Join(dir, "good.json")
	for file, text := range map[string]string{bad: "<testsuites/>", good: jsonOf(t, example.MadeUp(t))} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatalf("the file for the test can't be written: %v", err)
		}
	}
	if r, err := jsonreport.ReadFile(good); err != nil || len(r.Results) != len(example.MadeUp(t).Results) {
		t.Errorf("a file that JSON wrote must be read: %v", err)
	}
	for file, want := range map[string]string{
		bad: "it is not JSON", dir: "is a directory (give a report that run --json wrote)", filepath.Join(dir, "none"): "no such file",
	} {
		if _, err := jsonreport.ReadFile(file); err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), file) != 1 {
			t.Errorf("the error should name %s once and say %q, and is: %v", file, want, err)
		}
	}
}

func TestJSONBoundsWhatIsShown(t *testing.T) {
	r := example.MadeUp(t)
	for range 200 {
		f := example.Owned(len(r.Results[4].Findings) + 10)
		f.Exchange.Response.Body = evidence.BodyOf(bytes.Repeat([]byte("ü"), 100<<10))
		r.Results[4].Findings = append(r.Results[4].Findings, f)
	}
	if size, most := len(jsonOf(t, r)), 1<<20; size > most {
		t.Errorf("200 findings with bodies of 200 KiB make a report of %d bytes, and should make less than %d", size, most)
	}
}
