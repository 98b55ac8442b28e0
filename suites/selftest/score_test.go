package selftest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/suites/requirement"
)

const remedy = "the table is out of date: run make score"

// TestThePublishedScoreIsUpToDate compares the published table with what the faults and variants declare, without judging
// any of them; whether they come out as declared is for the selftest itself to say.
func TestThePublishedScoreIsUpToDate(t *testing.T) {
	text, err := os.ReadFile("SCORE.md")
	if err != nil {
		t.Fatalf("the published table must be there (make score makes it): %v", err)
	}
	published, madeByCode, there := strings.Cut(string(text), "\n"+markdown.MadeByCode+"\n")
	if !there || !strings.Contains(madeByCode, "## By condition") {
		t.Errorf("the published score does not say what became of faults that are made by code; %s", remedy)
	}
	declared := declared(t)
	rows := map[string][]string{} // the cells of the rows that begin with a name in backticks
	for line := range strings.Lines(published) {
		cells := strings.Split(line, " | ")
		name, isName := strings.CutPrefix(cells[0], "| `")
		if !isName {
			continue
		}
		name = strings.TrimSuffix(name, "`")
		if rows[name] != nil {
			t.Errorf("%s is in the published table twice; %s", name, remedy)
		}
		rows[name] = cells
	}
	if all := len(declared.Faults) + len(declared.Variants); len(rows) != all {
		t.Errorf("the published table has %d faults and variants, and %d are declared; %s", len(rows), all, remedy)
	}
	for _, f := range declared.Faults {
		if cells := rows[f.Name]; len(cells) != 3 {
			t.Errorf("the fault %s is not in the published table with what it breaks and why; %s", f.Name, remedy)
		} else if broken := strings.NewReplacer("**survived ", "", "**", "").Replace(cells[1]); !strings.HasPrefix(broken, strings.Join(f.Breaks, ", ")) {
			t.Errorf("the published table says that the fault %s breaks %s, and it declares %v; %s", f.Name, broken, f.Breaks, remedy)
		}
	}
	for _, v := range declared.Variants {
		if rows[v.Name] == nil {
			t.Errorf("the variant %s is not in the published table; %s", v.Name, remedy)
		}
	}
	if strings.Contains(published, markdown.NotAsItShouldBe) {
		return // a selftest in which not everything comes out as declared is another text, which make selftest fails on
	}
	var want strings.Builder
	if err := markdown.WriteMatrix(&want, declared); err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	if published != want.String() {
		t.Errorf("the published table is not the one that the declarations make; %s", remedy)
	}
}

// declared is the matrix of a selftest in which everything comes out as the faults and variants declare it.
func declared(t *testing.T) *reports.Matrix {
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the catalogue must load: %v", err)
	}
	m := &reports.Matrix{Requirements: catalogue.All(), Areas: catalogue.Areas()}
	for _, f := range fixtures.Faults() {
		m.Faults = append(m.Faults, reports.FaultOutcome{Name: f.Name, Why: f.Why, Breaks: f.Breaks, Killed: f.Breaks})
	}
	for _, v := range fixtures.Variants() {
		m.Variants = append(m.Variants, reports.VariantOutcome{Name: v.Name, Why: v.Why})
	}
	return m
}
