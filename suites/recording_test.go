package suites_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// kept is the file of a run's record.
func kept(t *testing.T, run *suites.Result) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := run.WriteRecord(&file); err != nil {
		t.Fatalf("the record of a run must be written: %v", err)
	}
	return file.Bytes()
}

// inJSON is the report in JSON, with what the patterns match taken out of it.
func inJSON(t *testing.T, report *reports.Report, aside ...string) string {
	t.Helper()
	var b bytes.Buffer
	if err := jsonreport.Write(&b, report); err != nil {
		t.Fatalf("a report must be written to memory: %v", err)
	}
	text := b.String()
	for _, pattern := range aside {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, "…")
	}
	return text
}

const seconds = `"seconds": [0-9.e-]+`

// TestARecordIsJudgedAsTheRunWas judges the records of sound and of faulty endpoints again: all that is said of them is
// the same, but for how long it took.
func TestARecordIsJudgedAsTheRunWas(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, config := range map[string]suites.Config{
		"sound": {}, "read only": {Profile: requirement.ReadProfile}, "another gate and selection": {Level: requirement.Must, Select: "LIC,OWNER-02", Seed: 7},
		"by digest":         {Auth: "digest", Select: "LIST,AUTH"},
		"nothing is judged": {Profile: requirement.ReadProfile, Select: "CLONE-01"},
		"a few clones":      {MaxClones: 1, Select: "CLONE,LIC,ATTACH"},
		"no licences":       {Select: "LIST,OWNER,CLONE,LIC", Reference: fixtures.Options{Library: "no-licences"}},
		"unstable":          {Profile: requirement.ReadProfile, Reference: fixtures.Options{Faults: []string{"drive-missing-now-and-then"}}},
		"several faults":    {Select: "OWNER,DETAIL,LIC", Reference: fixtures.Options{Faults: []string{"owner-missing-through-drives", "detail-amount-differs", "licences-gone-when-job-ends"}}},
	} {
		if !soaking() && (name == "read only" || name == "no licences") {
			continue // the others read too, and leave out what there is no material for
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if config.Level == "" {
				config.Level = requirement.May
			}
			run := suites.Run(&recorder{}, config)
			if run.Report == nil {
				t.Fatalf("the run did not begin: %v", run.Err)
			}
			again := suites.Judge(bytes.NewReader(kept(t, run)), suites.Config{})
			if again.Report == nil {
				t.Fatalf("the record can't be judged: %v", again.Err)
			}
			if run.ExitCode() != again.ExitCode() {
				t.Errorf("the run ended with exit code %d, judging its record with %d", run.ExitCode(), again.ExitCode())
			}
			if diff := cmp.Diff(inJSON(t, run.Report, seconds), inJSON(t, again.Report, seconds)); diff != "" {
				t.Errorf("judging the record says something else than the run (-run +record):\n%s", diff)
			}
			if first, second := kept(t, run), kept(t, again); !bytes.Equal(first, second) {
				t.Error("the record of a record is another one")
			}
		})
	}
}

// TestTheRecordOfAnEndedRunStaysIncomplete judges the record of a run that was interrupted, and of one that met nobody.
func TestTheRecordOfAnEndedRunStaysIncomplete(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	target := between(t, endpoint, func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if strings.Contains(r.URL.Path, "/libdrives/detail/") {
			cancel()
		}
		return false
	})
	interrupted := suites.RunContext(ctx, &recorder{}, account(t, target))
	strange := account(t, "http://127.0.0.1:1/")
	for name, run := range map[string]*suites.Result{"interrupted": interrupted, "unreachable": suites.Run(&recorder{}, strange)} {
		again := suites.Judge(bytes.NewReader(kept(t, run)), suites.Config{})
		if again.Report == nil || run.ExitCode() != 3 || again.ExitCode() != 3 {
			t.Fatalf("%s: the run ends with exit code %d and its record with %d, want 3 and 3 (%v)", name, run.ExitCode(), again.ExitCode(), again.Err)
		}
		if diff := cmp.Diff(inJSON(t, run.Report, seconds), inJSON(t, again.Report, seconds)); diff != "" {
			t.Errorf("%s: judging the record says something else than the run (-run +record):\n%s", name, diff)
		}
		var unreachable *suites.EndpointError
		if errors.As(run.Err, &unreachable) != errors.As(again.Err, &unreachable) {
			t.Errorf("%s: the run's error is %v, that of its record %v", name, run.Err, again.Err)
		}
	}
}

// TestWhatARecordDoesNotHoldIsSkipped judges more than the run asked for, as a newer suite would.
func TestWhatARecordDoesNotHoldIsSkipped(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Select: "LIST"})
	again := suites.Judge(bytes.NewReader(kept(t, run)), suites.Config{Select: "LIST,GET-01,CLONE-01", Level: requirement.May})
	if again.ExitCode() != 0 {
		t.Errorf("exit code %d: what the record does not hold fails nothing: %v", again.ExitCode(), again.Report.Conclusion())
	}
	for id, want := range map[string]string{"GET-01": "the record holds no exchange for GET libdrives/", "CLONE-01": "the record does not hold the scenario"} {
		if r := result(t, again.Report, id); r.Verdict != reports.Skip || !strings.Contains(r.Reason, want) {
			t.Errorf("%s is %s (%s), and should be skipped, with the reason %q", id, r.Verdict, r.Reason, want)
		}
	}
	if r := result(t, again.Report, "LIST-01"); r.Verdict != reports.Pass {
		t.Errorf("LIST-01 is %s (%s), and the record holds all that it needs", r.Verdict, r.Reason)
	}
}

// TestAStepThatARecordDoesNotHoldIsSkipped takes a step out of a record, as one that an older suite did not know.
func TestAStepThatARecordDoesNotHoldIsSkipped(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Select: "CLONE-16"})
	var lines []string
	number := 0
	for line := range strings.Lines(string(kept(t, run))) {
		if strings.Contains(line, `"key":"refusals/unknown uuid"`) {
			continue
		}
		if strings.HasPrefix(line, `{"number":`) {
			number++
			line = regexp.MustCompile(`^\{"number":[0-9]+`).ReplaceAllString(line, fmt.Sprintf(`{"number":%d`, number))
		}
		lines = append(lines, regexp.MustCompile(`^\{"exchanges":[0-9]+`).ReplaceAllString(line, fmt.Sprintf(`{"exchanges":%d`, number)))
	}
	again := suites.Judge(strings.NewReader(strings.Join(lines, "")), suites.Config{Level: requirement.May})
	if again.Report == nil {
		t.Fatalf("the record can't be judged: %v", again.Err)
	}
	if r := result(t, again.Report, "CLONE-16"); r.Verdict != reports.Skip || !strings.Contains(r.Reason, "the record holds no step “unknown uuid”") {
		t.Errorf("CLONE-16 is %s (%s), and should be skipped, for its step is not in the record", r.Verdict, r.Reason)
	}
}

func TestWhatIsNoRecordIsWrongUsage(t *testing.T) {
	t.Parallel()
	run := suites.Judge(strings.NewReader("{}"), suites.Config{})
	if run.ExitCode() != 2 || run.Err == nil {
		t.Errorf("judging what is no record ends with exit code %d and %v, want 2 and an error", run.ExitCode(), run.Err)
	}
	sound := suites.Run(&recorder{}, suites.Config{Select: "LIST-01"})
	if run := suites.Judge(bytes.NewReader(kept(t, sound)), suites.Config{Select: "LIST-1"}); run.ExitCode() != 2 {
		t.Errorf("judging with a selection that is none ends with exit code %d, want 2", run.ExitCode())
	}
}

// TestTwoRunsSayTheSame judges one endpoint twice by the same seed.
func TestTwoRunsSayTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{Faults: []string{"owner-missing-through-drives", "list-answers-203"}})
	config := account(t, endpoint.URL())
	config.Profile, config.Level = requirement.ReadProfile, requirement.May
	say := func() string {
		var document map[string]any
		if err := json.Unmarshal([]byte(inJSON(t, suites.Run(&recorder{}, config).Report)), &document); err != nil {
			t.Fatalf("the report must be JSON: %v", err)
		}
		for _, times := range []string{"slowest", "latency"} {
			delete(document["requests"].(map[string]any), times)
		}
		withoutTimesAndNumbers(document)
		text, err := json.MarshalIndent(document, "", " ")
		if err != nil {
			t.Fatalf("what was JSON must be JSON again: %v", err)
		}
		return string(text)
	}
	if diff := cmp.Diff(say(), say()); diff != "" {
		t.Errorf("the second run says something else than the first, beside times and numbers of exchanges (-first +second):\n%s", diff)
	}
}

func withoutTimesAndNumbers(value any) {
	switch value := value.(type) {
	case []any:
		for i, entry := range value {
			if _, isNumber := entry.(float64); isNumber {
				value[i] = 0
			}
			withoutTimesAndNumbers(entry)
		}
	case map[string]any:
		for _, key := range []string{"seconds", "started", "number", "exchange", "against", "Date"} {
			delete(value, key)
		}
		if says, isText := value["body"].(string); isText {
			value["body"] = regexp.MustCompile(`exchange [0-9]+`).ReplaceAllString(says, "exchange")
		}
		for key, entry := range value {
			if text, isText := entry.(string); isText {
				value[key] = regexp.MustCompile(`\(exchange [0-9]+\)`).ReplaceAllString(text, "")
			}
			withoutTimesAndNumbers(entry)
		}
	}
}
