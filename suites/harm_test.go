package suites_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// isProbe reports whether an exchange could have destroyed something of the library.
func isProbe(x *evidence.Exchange) bool {
	switch x.Request.Method {
	case http.MethodPost, http.MethodPut, http.MethodDelete:
	default:
		return false
	}
	return strings.HasPrefix(x.Key, "forbidden methods/") || strings.Contains(x.Request.Path(), "recurse=")
}

// TestHarmIsAFactOfTheRun judges endpoints that carry out what they have to refuse. What was done is reported with the drive
// and the request, METHOD-08 fails, nothing that could destroy is sent afterwards, what could not be judged for that is
// blocked by the requirement that shows it, and the record says the same.
func TestHarmIsAFactOfTheRun(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for fault, c := range map[string]struct {
		kind     evidence.HarmKind
		request  string
		returned evidence.Returned
		fails    []string
		blocked  string // one that is kept from being judged
	}{
		"library-drive-deleted":                                 {evidence.HarmDeleted, "DELETE libdrives/LIB/", "", []string{"METHOD-08", "METHOD-06"}, "METHOD-03"},
		"library-drive-delete-refused-but-deletes":              {evidence.HarmDeleted, "DELETE libdrives/LIB/", "", []string{"METHOD-08"}, "METHOD-12"},
		"library-drive-deleted-through-drives":                  {evidence.HarmDeleted, "DELETE drives/LIB/", "", []string{"METHOD-08", "METHOD-12"}, ""},
		"library-deleted-in-bulk":                               {evidence.HarmDeleted, "DELETE libdrives/", "", []string{"METHOD-08", "METHOD-03"}, "METHOD-12"},
		"post-refused-but-adds":                                 {evidence.HarmAdded, "POST libdrives/", "", []string{"METHOD-08"}, "METHOD-05"},
		"refused-writes-unlist-a-drive":                         {evidence.HarmUnlisted, "POST libdrives/", "", []string{"METHOD-08"}, "METHOD-01"},
		"library-drive-edit-refused-but-written-through-drives": {evidence.HarmEdited, "PUT drives/LIB/", evidence.NotAccepted, []string{"METHOD-08", "METHOD-11"}, "METHOD-06"},
		"put-refused-but-renames":                               {evidence.HarmEdited, "PUT libdrives/LIB/", evidence.GivenBack, []string{"METHOD-08"}, "METHOD-06"},
		"put-to-library-drive-resizes":                          {evidence.HarmEdited, "PUT libdrives/LIB/", evidence.GivenBack, []string{"METHOD-08", "METHOD-05"}, "METHOD-06"},
		"delete-refused-but-marks":                              {evidence.HarmEdited, "DELETE libdrives/LIB/", evidence.NotAccepted, []string{"METHOD-08"}, "METHOD-03"},
		"recursive-delete-takes-library-cdroms":                 {evidence.HarmDeletedWithServer, "", "", []string{"ATTACH-08"}, "METHOD-08"},
	} {
		t.Run(fault, func(t *testing.T) {
			observer := &notes{}
			run := suites.Run(&recorder{}, suites.Config{
				Select: "METHOD,ATTACH-08", Level: requirement.May, Observer: observer, Reference: fixtures.Options{Faults: []string{fault}},
			})
			if len(run.Report.Harm) != 1 {
				t.Fatalf("%d times harm is told, once something was done that can't be undone: %v", len(run.Report.Harm), run.Report.Harm)
			}
			harm := run.Report.Harm[0]
			if harm.Kind != c.kind || harm.Returned != c.returned || harm.UUID == "" || harm.Name == "" || harm.Exchange == nil {
				t.Errorf("the harm is %+v, it should be of the kind %q with the definition %q, and name the drive and the exchange", harm, c.kind, c.returned)
			}
			if c.request != "" && !strings.Contains(harm.String(), strings.Replace(c.request, " ", " /api/2.0/", 1)) {
				t.Errorf("the harm is told as %q, without the request %s", harm, c.request)
			}
			if more := len(harm.More) > 0; more != (fault == "library-deleted-in-bulk") {
				t.Errorf("the harm names %d other drives; more than one drive is deleted in bulk, and by nothing else", len(harm.More))
			}
			if n := len(harm.More); n > 0 && !strings.Contains(harm.String(), fmt.Sprintf(" and %d other library drives (", n)) {
				t.Errorf("the harm is told as %q, without the %d other drives", harm, n)
			}
			if !slices.Equal(harm.Requirements, c.fails) {
				t.Errorf("the harm is shown by %v, want %v", harm.Requirements, c.fails)
			}
			for _, id := range c.fails {
				if r := result(t, run.Report, id); r.Verdict != reports.Fail {
					t.Errorf("%s is %s (%s), and has to fail", id, r.Verdict, r.Reason)
				}
			}
			if c.blocked != "" {
				if r := result(t, run.Report, c.blocked); r.Verdict != reports.Blocked || r.Cause.Kind != reports.CauseHarm || r.BlockedBy != c.fails[0] {
					t.Errorf("%s is %s by %q with the cause %q (%s), it has to be blocked by %s because of the harm", c.blocked, r.Verdict, r.BlockedBy, r.Cause, r.Reason, c.fails[0])
				}
			}
			after := false
			for _, x := range run.Record.All() {
				if after && isProbe(x) && !strings.Contains(x.Key, "/given back through ") {
					t.Errorf("%s %s (%s) was sent after harm was done", x.Request.Method, x.Request.Path(), x.Key)
				}
				after = after || x == harm.Exchange
			}
			if !strings.Contains(observer.text(), "this run "+verbOf(c.kind)) {
				t.Errorf("while the run goes, nothing is said of the harm: %s", observer.text())
			}
			var kept bytes.Buffer
			if err := run.WriteRecord(&kept); err != nil {
				t.Fatalf("the record must be written: %v", err)
			}
			again := suites.Judge(&kept, suites.Config{})
			if again.Report == nil || len(again.Report.Harm) != 1 || again.Report.Harm[0].String() != harm.String() || again.ExitCode() != run.ExitCode() {
				t.Errorf("judged again from its record, the harm should be the same, and is not: %v", again.Err)
			}
		})
	}
}

func verbOf(kind evidence.HarmKind) string {
	switch kind {
	case evidence.HarmDeletedWithServer:
		return "deleted"
	case evidence.HarmUnlisted:
		return "took"
	}
	return string(kind)
}

// TestHarmFailsTheRunWhateverIsSelected judges by a requirement that holds although harm was done.
func TestHarmFailsTheRunWhateverIsSelected(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Select: "METHOD-06", Reference: fixtures.Options{Faults: []string{"library-drive-delete-refused-but-deletes"}}})
	if r := result(t, run.Report, "METHOD-06"); r.Verdict != reports.Pass {
		t.Errorf("METHOD-06 is %s, it is about the answer only, which is right", r.Verdict)
	}
	if code := run.ExitCode(); code != reports.ExitDoesNot {
		t.Errorf("exit code %d, a run that deleted a library drive can't be green: %s", code, run.Report.Conclusion())
	}
}

// TestAWrongLookIsNoHarm answers one look at the library drive as if it were gone. It is there at the second.
func TestAWrongLookIsNoHarm(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	wrong := true
	config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if wrong && r.Header.Get(evidence.PurposeHeader) == "forbidden methods/PUT libdrives/LIB/ then drive" {
			wrong = false
			return refuse(w, http.StatusNotFound, "notexist", "There is no such drive.")
		}
		return false
	}))
	config.Select = "METHOD"
	run := suites.Run(&recorder{}, config)
	if wrong {
		t.Fatal("the look was not asked for")
	}
	if len(run.Report.Harm) > 0 || len(failures(run.Report)) > 0 {
		t.Errorf("harm %v and failures %v are held against an endpoint that was wrong once%s", run.Report.Harm, failures(run.Report), summary(run.Report))
	}
}

// TestTheDriveAtStakeWouldBeMissedLeast looks at which library drive the methods are tried on.
func TestTheDriveAtStakeWouldBeMissedLeast(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Select: "METHOD"})
	list := run.Record.Answer("forbidden methods/before then list", 1)
	victim := drivesOf(t, run.Record.Answer("forbidden methods/before then drive", 1).Response.Body.Bytes())[0]
	kind := func(d map[string]any) []any {
		return []any{d["media"], d["os"], d["arch"], d["image_type"], d["distribution"]}
	}
	alike := 0
	for _, d := range drivesOf(t, list.Response.Body.Bytes()) {
		if slices.Equal(kind(d), kind(victim)) {
			alike++
		}
		licences, _ := d["licenses"].([]any)
		if d["status"] == "unmounted" && len(licences) == 0 && d["size"].(float64) < victim["size"].(float64) {
			others := 0
			for _, e := range drivesOf(t, list.Response.Body.Bytes()) {
				if slices.Equal(kind(d), kind(e)) {
					others++
				}
			}
			if others > 1 {
				t.Errorf("%v is at stake, and %v would be missed less", victim["name"], d["name"])
			}
		}
	}
	if licences, _ := victim["licenses"].([]any); len(licences) > 0 || victim["status"] != "unmounted" || alike < 2 {
		t.Errorf("%v is at stake: it has %d licences, is %v, and %d drives are of its kind", victim["name"], len(licences), victim["status"], alike)
	}
}

// TestMaxClonesBoundsWhatProbesMake judges endpoints that carry out what they should refuse. What can't be sent for lack
// of room is skipped for that cause, the same each time.
func TestMaxClonesBoundsWhatProbesMake(t *testing.T) {
	t.Parallel()
	broken := []string{"broken-body-clones", "unknown-action-clones", "clone-open-to-everybody", "clone-without-token-refused-but-made"}
	for limit := 1; limit <= 3; limit++ {
		var skipped [][]string
		for range 2 {
			config := suites.Config{
				Select: "ROBUST-04,ROBUST-05,AUTH-07,AUTH-08,CLONE-08,CLONE-16,METHOD-01", Level: requirement.May, MaxClones: limit,
				Reference: fixtures.Options{Faults: broken},
			}
			run := suites.Run(&recorder{}, config)
			if made := len(run.Report.Resources.Made); made > limit {
				t.Errorf("%d drives were made, --max-clones %d allows no more than that", made, limit)
			}
			var ids []string
			for _, r := range run.Report.Results {
				if r.Cause.Kind == reports.CauseMaxClones {
					ids = append(ids, r.Requirement.ID)
				}
			}
			skipped = append(skipped, ids)
		}
		if len(skipped[0]) == 0 || !slices.Equal(skipped[0], skipped[1]) {
			t.Errorf("with --max-clones %d, skipped for it are %v, and %v at another time", limit, skipped[0], skipped[1])
		}
	}
}

// TestTheAnnouncementCountsTheWorst compares what is said before the first write with what the worst endpoint makes.
func TestTheAnnouncementCountsTheWorst(t *testing.T) {
	t.Parallel()
	run := suites.Run(&recorder{}, suites.Config{Select: "ROBUST-04", Reference: fixtures.Options{Faults: []string{"broken-body-clones"}}})
	if clones, _ := run.Report.Plan.Clones(); clones != 0 || run.Report.Plan.Refused() != 3 {
		t.Errorf("announced are %d clones and up to %d more, want none and up to 3", clones, run.Report.Plan.Refused())
	}
	if made := len(run.Report.Resources.Made); made == 0 || made > run.Report.Plan.Refused() {
		t.Errorf("%d drives were made, announced were up to %d", made, run.Report.Plan.Refused())
	}
	if line := run.Report.Plan.Lines()[0]; !strings.Contains(line, "and up to 3 more where the endpoint carries out what it should refuse") {
		t.Errorf("the announcement %q does not say what a broken endpoint makes", line)
	}
	bounded := reports.Plan{MaxClones: 1, Scenarios: []reports.PlannedScenario{{Name: "bigger clone", Clones: []reports.PlannedClone{{Name: "small"}}}, {Name: "hostile clones", Refused: 3}}}
	all := strings.Join(bounded.Lines(), "\n")
	if strings.Contains(all, "up to") || !strings.Contains(all, "never more than 1 drive in all") || !strings.Contains(all, "hostile clones: no request that could make a drive") {
		t.Errorf("with --max-clones 1 the announcement is\n%s\nwhich promises what the bound does not allow", all)
	}
}

// TestWordsOfTheEndpointDecideNothing judges an endpoint that says what the suite says of itself.
func TestWordsOfTheEndpointDecideNothing(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"dry run", "--max-clones"} {
		endpoint := start(t, fixtures.Options{})
		config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			if !strings.HasSuffix(r.URL.Path, "/profile/") {
				return false
			}
			r.Header.Del("Accept-Encoding")
			heard := httptest.NewRecorder()
			forward.ServeHTTP(heard, r)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(bytes.Replace(heard.Body.Bytes(), []byte(`"COUNTER"`), []byte(`"`+words+`"`), 1))
			return true
		}))
		config.Select = "CLONE-13"
		run := suites.Run(&recorder{}, config)
		if r := result(t, run.Report, "CLONE-13"); r.Verdict != reports.Skip || !strings.Contains(r.Reason, words) || r.Cause.Kind != reports.CauseMaterial {
			t.Errorf("CLONE-13 is %s for %q with the cause %q, the profile's clone_naming %q is not documented", r.Verdict, r.Reason, r.Cause, words)
		}
		if run.Report.Withheld != "" {
			t.Errorf("the report says %q, and nothing was withheld", run.Report.Withheld)
		}
	}
}

// drivesOf are the drives in the body of an answer, or the one that it is.
func drivesOf(t *testing.T, body []byte) []map[string]any {
	t.Helper()
	var list struct {
		Objects []map[string]any `json:"objects"`
	}
	var one map[string]any
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("the answer must be JSON: %v", err)
	}
	if list.Objects != nil {
		return list.Objects
	}
	if err := json.Unmarshal(body, &one); err != nil {
		t.Fatalf("the answer must be JSON: %v", err)
	}
	return []map[string]any{one}
}

// TestAFieldThatNobodyDocumentedHarmsNothing gives every definition a counter that is not documented and moves with each
// answer: no write is blamed for it, and nothing is given back.
func TestAFieldThatNobodyDocumentedHarmsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	var views atomic.Int64
	endpoint := start(t, fixtures.Options{})
	config := account(t, between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/libdrives/") || strings.HasSuffix(r.URL.Path, "/schema/") {
			return false
		}
		r.Header.Del("Accept-Encoding")
		heard := httptest.NewRecorder()
		forward.ServeHTTP(heard, r)
		for name, values := range heard.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(heard.Code)
		body := regexp.MustCompile(`"affinities":`).ReplaceAll(heard.Body.Bytes(), fmt.Appendf(nil, `"views": %d, "affinities":`, views.Add(1)))
		_, _ = w.Write(body)
		return true
	}))
	config.Select, config.Level = "METHOD-08,METHOD-11,METHOD-12,METHOD-15,ATTACH-06,CLONE-15,CLONE-21", requirement.May
	run := suites.Run(&recorder{}, config)
	if run.Report == nil || len(run.Report.Harm) > 0 {
		t.Fatalf("the run must begin, and nothing was harmed: %v", run.Err)
	}
	for _, r := range run.Report.Results {
		if r.Verdict != reports.Pass {
			t.Errorf("%s is %s (%s%s); a field that is not documented may change at any time", r.Requirement.ID, r.Verdict, r.Reason, firstFound(r))
		}
	}
	for _, x := range run.Record.All() {
		if strings.Contains(x.Key, "given back") {
			t.Errorf("%s was sent, and there is nothing to give back", x.Key)
		}
	}
	if views.Load() == 0 {
		t.Error("no answer had the field")
	}
}
