package suites_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// verdictsOf are those of a report, with what was found.
func verdictsOf(report *reports.Report) []string {
	var list []string
	for _, r := range report.Results {
		list = append(list, fmt.Sprintf("%s %s, %d findings", r.Requirement.ID, r.Verdict, len(r.Findings)))
	}
	return list
}

// ownWords are words of the reference endpoint's answers: keys, values, names, parts of uuids, texts of errors.
func ownWords(t *testing.T) []string {
	t.Helper()
	run := suites.Run(&recorder{}, suites.Config{Profile: requirement.ReadProfile})
	var words []string
	for _, x := range run.Record.All() {
		if x.Response == nil || len(words) > 100_000 {
			continue
		}
		separators := `"{}[],:<> ` + "\n"
		if x.Number%2 == 0 {
			separators = `"<>` // whole names and sentences
		}
		words = append(words, strings.FieldsFunc(string(x.Response.Body.Beginning(20_000)), func(r rune) bool { return strings.ContainsRune(separators, r) })...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// TestVerdictsDoNotDependOnThePassword judges sound and faulty endpoints whose passwords are words of their own.
func TestVerdictsDoNotDependOnThePassword(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	passwords := []string{"disk", "e"}
	words := []string{}
	if soaking() {
		passwords = append(passwords, `"`, "200")
		words = ownWords(t)
	}
	for range min(len(words), 1000) {
		passwords = append(passwords, words[rand.IntN(len(words))])
	}
	for _, c := range []struct {
		name   string
		config suites.Config
		each   int // which passwords are tried: in the short form not all with writes or faults
	}{
		{"sound", suites.Config{Level: requirement.May, Profile: requirement.ReadProfile}, 1},
		{"sound, with writes", suites.Config{Level: requirement.May, Select: whatWrites}, 6},
		{"faulty", suites.Config{Level: requirement.May, Profile: requirement.ReadProfile,
			Reference: fixtures.Options{Faults: []string{"owner-missing-through-drives", "error-repeats-credentials", "detail-amount-differs"}}}, 6},
	} {
		want := suites.Run(&recorder{}, c.config)
		for i, password := range passwords {
			if i%c.each != 0 && !soaking() {
				continue
			}
			config := c.config
			config.Reference.Password = password
			got := suites.Run(&recorder{}, config)
			if got.Report == nil {
				t.Fatalf("%s, the password %q: the run did not begin: %v", c.name, password, got.Err)
			}
			if diff := cmp.Diff(verdictsOf(want.Report), verdictsOf(got.Report)); diff != "" {
				t.Errorf("%s: with the password %q the verdicts are others (-usual +with it):\n%s", c.name, password, diff)
				for _, r := range got.Report.Results {
					if r.Verdict != reports.Pass {
						t.Logf("%s %s: %s %+v", r.Requirement.ID, r.Verdict, r.Reason, r.Findings)
					}
				}
			}
			for _, x := range got.Record.All() {
				if x.Response != nil && len(password) > 2 && bytes.Contains(x.Response.Body.Bytes(), []byte(password)) {
					t.Errorf("%s: the password %q is shown in the answer to %s", c.name, password, x.Key)
					break
				}
			}
			again := suites.Judge(bytes.NewReader(kept(t, got)), suites.Config{})
			if again.Report == nil {
				t.Errorf("%s: the record made with the password %q can't be judged: %v", c.name, password, again.Err)
				continue
			}
			live := verdictsOf(want.Report)
			for i, r := range again.Report.Results {
				was := want.Report.Results[i]
				withheld := r.Verdict == reports.Blocked && r.Cause.RemovedFrom > 0 && strings.Contains(r.Reason, "removed as a secret")
				if r.Verdict != was.Verdict && !withheld {
					t.Errorf("%s: judged by the record made with the password %q, %s is %s (%s %+v), was %q in the run, and nothing says that a removed value is why",
						c.name, password, r.Requirement.ID, r.Verdict, r.Reason, r.Findings, live[i])
				}
			}
		}
	}
}

// TestTheJournalHoldsNoPassword clones a drive whose uuid is the account's password: as unlikely as what an endpoint
// could put into an answer.
func TestTheJournalHoldsNoPassword(t *testing.T) {
	t.Parallel()
	journal := func(password string) string {
		config := account(t, start(t, fixtures.Options{Password: password}).URL())
		config.Password, config.Select = password, "CLONE-01"
		if run := suites.Run(&recorder{}, config); run.ExitCode() != 0 {
			t.Fatalf("with the password %q the run ends with exit code %d", password, run.ExitCode())
		}
		text, err := os.ReadFile(config.Journal)
		if err != nil {
			t.Fatalf("the journal that was asked for must be there: %v", err)
		}
		return string(text)
	}
	_, after, found := strings.Cut(journal("correct horse"), `"source":"`)
	source, _, _ := strings.Cut(after, `"`)
	if !found || source == "" {
		t.Fatal("the journal names no source: there is nothing to look for")
	}
	if text := journal(source); strings.Contains(text, source) {
		t.Errorf("the password %q stands in the journal:\n%s", source, text)
	}
}
