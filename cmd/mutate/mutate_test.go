package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// madeUp is a file of specs with an assertion of every kind.
const madeUp = `package suites

func made(s *Suite) {
	helper := func(field string) func(*Library) {
		return func(lib *Library) { lib.Expect(lib.List()).To(Have(field), "a field") }
	}
	s.Requirement("MADE-01", helper("uuid"))
	s.Requirement("MADE-02", func(lib *Library) {
		if !lib.Expect(lib.List()).RelyingOn("MADE-01").To(BeAList(), "a list") && more {
			return
		}
		stored := lib.Expect(lib.List())
		stored.
			To(Have("name"), "over two lines")
		named := lib.Expect(1).To(Be(lib.Expect(2).To(Be(2), "inner")), "outer") // two of one line
		to(named)
	})
	for _, id := range []string{"MADE-03", "MADE-04"} {
		s.Requirement(id, other)
	}
}
`

func TestEverySpecAndAssertionIsFound(t *testing.T) {
	found, err := find("made.go", []byte(madeUp))
	if err != nil {
		t.Fatalf("the made-up source must be readable: %v", err)
	}
	if want := []spec{{id: "MADE-01", at: "made.go:7"}, {id: "MADE-02", at: "made.go:8"}}; !slices.Equal(found.specs, want) {
		t.Errorf("the specs found are %v; those with an id in the source are %v", found.specs, want)
	}
	missing := map[string]bool{"MADE-03": true, "MADE-04": true, "MADE-05": true}
	if got, want := found.fromLoops(missing), []spec{{id: "MADE-03", at: "made.go:19"}, {id: "MADE-04", at: "made.go:19"}}; !slices.Equal(got, want) {
		t.Errorf("the specs that a loop makes are found as %v, and are %v", got, want)
	}
	if len(missing) != 1 || !missing["MADE-05"] {
		t.Errorf("after the loops, %v are still missing, want only MADE-05", missing)
	}
	var places []string
	for _, s := range inOrder(found.sites) {
		places = append(places, s.at)
	}
	if want := []string{"made.go:5", "made.go:9", "made.go:14", "made.go:15", "made.go:15"}; !slices.Equal(places, want) {
		t.Errorf("the assertions found are at %v; they are at %v: in helpers, conditions, stored ones and inner ones too", places, want)
	}
}

func TestWhatIsRewrittenCompilesAndKeepsItsLines(t *testing.T) {
	found, err := find("made.go", []byte(madeUp))
	if err != nil {
		t.Fatalf("the made-up source must be readable: %v", err)
	}
	rewritten := string(found.rewrite())
	if _, err := parser.ParseFile(token.NewFileSet(), "made.go", rewritten, 0); err != nil {
		t.Errorf("what was rewritten is no Go: %v\n%s", err, rewritten)
	}
	if strings.Contains(rewritten, ".To(") || strings.Count(rewritten, taker+`("made.go:`) != 5 {
		t.Errorf("each of the 5 assertions should be one that can be taken out:\n%s", rewritten)
	}
	for _, part := range []string{
		`lib.Expect(lib.List()).RelyingOn("MADE-01").` + taker + `("made.go:9", BeAList(), "a list") && more`,
		`lib.Expect(1).` + taker + `("made.go:15", Be(lib.Expect(2).` + taker + `("made.go:15", Be(2), "inner")), "outer")`,
	} {
		if !strings.Contains(rewritten, part) {
			t.Errorf("what was rewritten should have %s:\n%s", part, rewritten)
		}
	}
	if strings.Count(rewritten, "\n") != strings.Count(madeUp, "\n") {
		t.Error("lines were added or lost, so that places would be wrong")
	}
}

func TestExplanations(t *testing.T) {
	list, err := loadExplained([]byte(`
- {id: MADE-01, line: 'Have\(', reason: no endpoint can show it}
- {id: MADE-02, reason: the whole spec is beyond faults}
- {id: MADE-03, line: Gone, reason: long ago}
`))
	if err != nil {
		t.Fatalf("the list must be readable: %v", err)
	}
	survivors := []survivor{
		{mutant: mutant{id: "MADE-01", line: `lib.Expect(x).To(Have("uuid"), "")`}},
		{mutant: mutant{id: "MADE-01", line: `lib.Expect(x).To(BeAList(), "")`}},
		{mutant: mutant{id: "MADE-02", line: `lib.Expect(x).To(Have("uuid"), "")`}},
	}
	bare, stale := excuse(survivors, list, true, []string{"MADE-01", "MADE-02", "MADE-03"})
	if bare != 2 || survivors[0].reason == "" {
		t.Errorf("%d of 3 survivors have no reason, the first has %q; one line is explained, and an explanation of a whole spec is none of a line", bare, survivors[0].reason)
	}
	if len(stale) != 1 || stale[0].ID != "MADE-03" {
		t.Errorf("stale are %v; just the one of MADE-03 explains nothing", stale)
	}
	if _, stale := excuse(nil, list, true, []string{"MADE-01"}); len(stale) != 1 {
		t.Errorf("stale are %v; of specs that were not tried nothing is known", stale)
	}
	if bare, stale := excuse(survivors[2:], list, false, []string{"MADE-02"}); bare != 0 || len(stale) != 0 {
		t.Errorf("%d without a reason, stale %v; the whole spec is explained", bare, stale)
	}
}

func TestTheListOfExplanationsIsStrict(t *testing.T) {
	if _, err := loadExplained(explained); err != nil {
		t.Errorf("the real list can't be read: %v", err)
	}
	for _, wrong := range []string{"- {id: MADE-01}", "- {reason: x}", "- {id: A, reason: x, lin: y}", `- {id: A, reason: x, line: "("}`} {
		if _, err := loadExplained([]byte(wrong)); err == nil {
			t.Errorf("%s is taken; it lacks something, has an unknown key, or no regular expression", wrong)
		}
	}
}

func TestWrongUsageIsExitCode2(t *testing.T) {
	for _, args := range [][]string{{"--only", "OWNER-2"}, {"--no-such-flag"}, {"OWNER-02"}, {"--parallel", "0"}} {
		var stdout, stderr bytes.Buffer
		if code := mutate(t.Context(), args, &stdout, &stderr); code != exitUsage || stdout.Len() > 0 || stderr.Len() == 0 {
			t.Errorf("%v: exit code %d, stdout %q, stderr %q; wrong usage is %d and told on stderr", args, code, stdout.String(), stderr.String(), exitUsage)
		}
	}
}

// TestAnAssertionThatIsTakenOutIsMissed builds the real suite and takes the one assertion of a spec out.
func TestAnAssertionThatIsTakenOutIsMissed(t *testing.T) {
	if os.Getenv("CONFORMANCE_SOAK") == "" {
		t.Skip("it builds the suite anew twice, as make mutate does: make soak runs it")
	}
	t.Chdir(filepath.Join("..", ".."))
	var stdout, stderr bytes.Buffer
	if code := mutate(t.Context(), []string{"--only", "OWNER-02", "--each"}, &stdout, &stderr); code != exitNoticed || !strings.HasPrefix(stdout.String(), "1 mutants of 1 specs: 1 noticed") {
		t.Errorf("exit code %d; a suite without the assertion of OWNER-02 can't kill its faults:\n%s%s", code, stdout.String(), stderr.String())
	}
}
