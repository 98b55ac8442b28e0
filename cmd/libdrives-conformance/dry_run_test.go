package main_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestADryRunPrintsItsPlan looks at standard output and at the JSON report.
func TestADryRunPrintsItsPlan(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	for _, further := range [][]string{nil, {"--quiet"}} {
		o := execute(t, nil, append([]string{"run", "--dry-run", "--select", "LIST-01,CLONE,AUTH-08", "--json", file}, further...)...)
		if o.code != 0 {
			t.Fatalf("exit code %d, the reference endpoint conforms:\n%s%s", o.code, o.stdout, o.stderr)
		}
		for _, words := range []string{
			"nothing was made", "would make 9 clones (", "and up to 4 more where the endpoint carries out what it should refuse",
			`side by side: a clone of "`, "unauthenticated clone: up to 1 drive where it is not refused",
		} {
			if !strings.Contains(o.stdout, words) {
				t.Errorf("standard output of run %v does not say %q:\n%s", further, words, o.stdout)
			}
		}
		if strings.Contains(o.stdout+o.stderr, "will make") {
			t.Errorf("a dry run says what it will make:\n%s%s", o.stdout, o.stderr)
		}
		var report struct {
			Plan struct {
				DryRun                   bool `json:"dry_run"`
				Clones, Servers, Refused int
				Scenarios                []struct{ Name string }
			}
			Requirements []struct{ ID, Verdict, Cause string }
		}
		if err := json.Unmarshal([]byte(read(t, file)), &report); err != nil {
			t.Fatalf("the report must be JSON: %v", err)
		}
		if p := report.Plan; !p.DryRun || p.Clones != 9 || p.Refused != 4 || len(p.Scenarios) == 0 {
			t.Errorf("the report has the plan %+v, want a dry run of 9 clones and up to 4 more", p)
		}
		for _, r := range report.Requirements {
			if r.ID == "CLONE-01" && (r.Verdict != "skip" || r.Cause != "dry run") {
				t.Errorf("CLONE-01 is %s with the cause %q, want it skipped for the dry run", r.Verdict, r.Cause)
			}
		}
	}
}
