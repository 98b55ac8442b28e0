package board_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/board"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/suites/requirement"
)

var morning = time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)

// run is a run of an endpoint, some days before the newest, in which the verdicts of LIST-01, LIST-04 and OWNER-02 are given by
// their letters; LIST-04 is above the gate.
func run(t testing.TB, name string, daysBefore int, verdicts string) board.Run {
	t.Helper()
	r := example.MadeUp(t)
	r.Name, r.Started, r.Results = name, morning.AddDate(0, 0, -daysBefore), nil
	for i, id := range []string{"LIST-01", "LIST-04", "OWNER-02"} {
		result := reports.Result{Requirement: example.Lookup(t, id), Gated: id != "LIST-04"}
		switch verdicts[i] {
		case 'p':
			result.Verdict = reports.Pass
		case 'f':
			result.Verdict, result.Findings = reports.Fail, []reports.Finding{example.Owned(5)}
		case 's':
			result.Verdict, result.Reason = reports.Skip, "nothing of the kind"
		case 'b':
			result.Verdict, result.BlockedBy = reports.Blocked, "LIST-01"
		case 'u':
			result.Verdict, result.Unstable = reports.Pass, []string{"two reads differed"}
		default:
			continue
		}
		r.Results = append(r.Results, result)
	}
	return board.Condense(r, fmt.Sprintf("%s/%d/report.json", name, daysBefore), "")
}

// history are the runs of an endpoint, the oldest first.
func history(t testing.TB, name string, verdicts ...string) []board.Run {
	t.Helper()
	var runs []board.Run
	for i, v := range verdicts {
		runs = append(runs, run(t, name, len(verdicts)-1-i, v))
	}
	return runs
}

func TestTheBoardOrdersEndpointsByTrouble(t *testing.T) {
	t.Parallel()
	var runs []board.Run
	for name, verdicts := range map[string]string{"sound": "ppp", "one": "pps", "worst": "fpf", "bad": "ppf", "advice": "pfp", "unjudged": "sss", "stuck": "bpp"} {
		runs = append(runs, run(t, name, 0, verdicts))
	}
	runs = append(runs, board.Unreported("gone", "https://gone.example/", "gone/outcome.json", morning, 3, "can't be reached"))
	b := board.New(runs, nil)
	var order []string
	for _, e := range b.Endpoints {
		order = append(order, e.Name)
	}
	if got, want := strings.Join(order, " "), "worst bad gone stuck unjudged advice one sound"; got != want {
		t.Errorf("the endpoints are in the order %q, by trouble it should be %q", got, want)
	}
	if got, want := b.Conclusion(), "2 of 8 endpoints do not conform; of 3 it is not known"; got != want {
		t.Errorf("the board concludes %q, it should say %q", got, want)
	}
}

func TestTheBoardSaysSinceWhenAndWhatIsFlaky(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		verdicts         []string
		lasting, changes int // of OWNER-02
		flaky            bool
		came, went       string
		endpoint         int // runs that came to the same
	}{
		"fails from the beginning":    {[]string{"ppf", "ppf", "ppf"}, 3, 0, false, "", "", 3},
		"fails since yesterday":       {[]string{"ppp", "ppf", "ppf"}, 2, 1, false, "", "", 2},
		"fails anew":                  {[]string{"ppp", "ppp", "ppf"}, 1, 1, false, "OWNER-02", "", 1},
		"passes again":                {[]string{"ppp", "ppf", "ppp"}, 1, 2, true, "", "OWNER-02", 1},
		"was mended":                  {[]string{"ppf", "ppp", "ppp"}, 2, 1, false, "", "", 2},
		"was not judged in between":   {[]string{"ppf", "pps", "ppf"}, 2, 0, false, "", "", 1},
		"is not judged any more":      {[]string{"ppf", "ppp", "pps"}, 1, 1, false, "", "", 2},
		"is there for the first time": {[]string{"pp.", "pp.", "ppf"}, 1, 0, false, "", "", 1},
		"read in two ways":            {[]string{"ppp", "ppu"}, 2, 0, true, "", "", 2},
		"fails anew after a skip":     {[]string{"ppp", "pps", "ppf"}, 1, 1, false, "OWNER-02", "", 1},
	} {
		b := board.New(history(t, "e", c.verdicts...), nil)
		e := b.Endpoints[0]
		at := slices.IndexFunc(b.Requirements, func(r requirement.Requirement) bool { return r.ID == "OWNER-02" })
		cell := e.Cells[at]
		if cell.Lasting != c.lasting || cell.Changes != c.changes || cell.Flaky != c.flaky {
			t.Errorf("%s: it is so in %d runs, changed %d times, flaky %t; it should be %d, %d and %t", name, cell.Lasting, cell.Changes, cell.Flaky, c.lasting, c.changes, c.flaky)
		}
		if came, went := strings.Join(e.Came, " "), strings.Join(e.Went, " "); came != c.came || went != c.went {
			t.Errorf("%s: %q came and %q went, it should be %q and %q", name, came, went, c.came, c.went)
		}
		if e.Lasting != c.endpoint {
			t.Errorf("%s: the endpoint comes to the same in %d runs, it should be %d", name, e.Lasting, c.endpoint)
		}
	}
}

// TestRunsOfAnEndpointAreFoundByNameTargetAndProfile: nothing else groups them, and never the folder.
func TestRunsOfAnEndpointAreFoundByNameTargetAndProfile(t *testing.T) {
	t.Parallel()
	report := func(name, target string, profile requirement.Profile, days int) board.Run {
		r := example.MadeUp(t)
		r.Name, r.Target, r.Configuration.Profile, r.Started = name, target, profile, morning.AddDate(0, 0, -days)
		return board.Condense(r, "x.json", "")
	}
	b := board.New([]board.Run{
		report("", "https://a.example/", "read", 0), report("", "https://a.example/", "read", 1), report("", "https://b.example/", "read", 0),
		report("c", "https://old.example/", "read", 1), report("c", "https://new.example/", "read", 0), report("c", "https://new.example/", "full", 0),
		board.Unreported("d", "", "outcome.json", morning, 3, "why"),
	}, nil)
	var got []string
	for _, e := range b.Endpoints {
		got = append(got, fmt.Sprintf("%s: %d runs at %s", e.Name, len(e.Runs), e.Target))
	}
	slices.Sort(got)
	want := []string{"c (full): 1 runs at https://new.example/", "c (read): 2 runs at https://new.example/", "d: 1 runs at ", "https://a.example/: 2 runs at https://a.example/", "https://b.example/: 1 runs at https://b.example/"}
	if !slices.Equal(got, want) {
		t.Errorf("the endpoints are %q, they should be %q", got, want)
	}
	with := board.New([]board.Run{report("a", "https://a.example/", "full", 1), board.Unreported("a", "", "outcome.json", morning, 3, "why")}, nil)
	if len(with.Endpoints) != 1 || !with.Endpoints[0].Newest().Unreported {
		t.Errorf("a run without a report belongs to the endpoint of its name; there are %d endpoints", len(with.Endpoints))
	}
}

func TestTheBoardSaysWhatDiffersBetweenEndpoints(t *testing.T) {
	t.Parallel()
	b := board.New([]board.Run{run(t, "a", 0, "fff"), run(t, "b", 0, "pfs"), run(t, "c", 0, "pfp")}, nil)
	var got []string
	for _, d := range b.Differences {
		got = append(got, fmt.Sprintf("%s at %d of %d, everywhere %t", d.Requirement.ID, len(d.Fails), d.Judged, d.Everywhere()))
	}
	want := []string{"LIST-01 at 1 of 3, everywhere false", "OWNER-02 at 1 of 2, everywhere false", "LIST-04 at 3 of 3, everywhere true"}
	if !slices.Equal(got, want) {
		t.Errorf("the differences are %q, they should be %q", got, want)
	}
	if alone := board.New([]board.Run{run(t, "a", 0, "fff")}, nil); len(alone.Differences) != 0 {
		t.Errorf("one endpoint differs from no other, and there are %d differences", len(alone.Differences))
	}
}

// TestTheSameReportsMakeTheSameBoard in whatever order they are read.
func TestTheSameReportsMakeTheSameBoard(t *testing.T) {
	t.Parallel()
	runs := slices.Concat(history(t, "a", "ppp", "ppf"), history(t, "b", "fpp", "ppp"), history(t, "c", "ppp", "ppp"))
	all := func(runs []board.Run) string {
		b := board.New(runs, []string{"x.json: it is no report"})
		return example.Render(t, func(w *strings.Builder) error { return board.WriteJSON(w, b) }) +
			example.Render(t, func(w *strings.Builder) error { return board.WriteMarkdown(w, b) }) +
			example.Render(t, func(w *strings.Builder) error { return board.WriteHTML(w, b) })
	}
	first := all(runs)
	for range 5 {
		slices.Reverse(runs)
		runs = append(runs[2:], runs[:2]...)
		if all(runs) != first {
			t.Fatal("the same reports in another order make another board")
		}
	}
}

func TestTheBoardAsJSONTellsEachRequirementOverTime(t *testing.T) {
	t.Parallel()
	text := example.Render(t, func(w *strings.Builder) error {
		return board.WriteJSON(w, board.New(history(t, "a", "ppp", "pps", "ppf"), nil))
	})
	var document struct {
		Board     int
		Endpoints []struct {
			Name, State  string
			Requirements []struct{ ID, Verdict, Since, History, Message string }
		}
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatalf("the board is no JSON: %v", err)
	}
	r := document.Endpoints[0].Requirements[2]
	if document.Board != board.Format || r.ID != "OWNER-02" || r.Verdict != "fail" || r.History != "psf" || r.Since != "2026-11-26T05:00:00.000Z" || !strings.Contains(r.Message, "belongs to nobody") {
		t.Errorf("of OWNER-02 it says %+v", r)
	}
}

// TestNoTextOfAnEndpointIsMarkupOnTheBoard: in Markdown it stands in code, and in a page it is text.
func TestNoTextOfAnEndpointIsMarkupOnTheBoard(t *testing.T) {
	t.Parallel()
	attacked := example.Attacked(t)
	attacked.Name = example.Hostile + "`|x` **b**"
	b := board.New([]board.Run{board.Condense(attacked, example.Hostile, ""), run(t, "b", 0, "ppp")}, []string{example.Hostile})
	page := example.Render(t, func(w *strings.Builder) error { return board.WriteHTML(w, b) })
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "\x1b") {
		t.Error("what an endpoint said is markup in the page")
	}
	markdown := example.Render(t, func(w *strings.Builder) error { return board.WriteMarkdown(w, b) })
	for line := range strings.Lines(markdown) {
		outside := ""
		for i, part := range strings.Split(line, "`") {
			if i%2 == 0 {
				outside += part
			}
		}
		if strings.Contains(outside, "<") || strings.Contains(outside, "alert") {
			t.Errorf("what an endpoint said stands outside of code: %s", line)
		}
	}
}
