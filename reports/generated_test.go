package reports_test

import (
	"bytes"
	stdjson "encoding/json"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

// someGenerated has one fault of each kind, and one that could not be judged.
func someGenerated() *reports.Generated {
	g := &reports.Generated{Seed: 3, Made: 9000}
	for i, kind := range reports.GeneratedKinds {
		o := reports.GeneratedOutcome{Name: "library list, name: operator / always: " + string(kind), Operator: "operator", Place: "library list, name", Condition: "always", Outcome: kind}
		if i%2 == 1 {
			o.Condition = "in XML"
		}
		g.Faults = append(g.Faults, o)
	}
	g.Faults = append(g.Faults, reports.GeneratedOutcome{Name: "a fault that was not judged", Problem: "it was ended"})
	return g
}

func TestGeneratedFaultsAreCounted(t *testing.T) {
	t.Parallel()
	g := someGenerated()
	total := g.Total()
	if total.Counted() != 5 || total.Score() != 25 {
		t.Errorf("%d are counted, and the score is %.1f; of six one is not to be seen, and of the four that are not equivalent one is killed", total.Counted(), total.Score())
	}
	if places := g.ByPlace(); len(places) != 1 || places[0].Name != "library list" || places[0].Counted() != 5 {
		t.Errorf("the places are %+v; a place is counted without its field, and what was not judged not at all", places)
	}
	conditions := g.ByCondition()
	if len(conditions) != 2 || conditions[0].Name != "in XML" || conditions[0].Score() != 0 {
		t.Errorf("the conditions are %+v; those with the lowest score stand first", conditions)
	}
	if g.OK() {
		t.Error("all is well although one survived")
	}
	if empty := (reports.GeneratedCount{}); empty.Score() != 100 {
		t.Errorf("of nothing %.1f %% are killed; there is nothing that was missed", empty.Score())
	}
}

func TestGeneratedFaultsAreTold(t *testing.T) {
	t.Parallel()
	g := someGenerated()
	var b strings.Builder
	if err := text.WriteGenerated(&b, g, text.MatrixOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, told := range []string{"By operator", "By place", "By condition", "always: survived\n", "always: elsewhere\n", "always: explained\n", "a fault that was not judged: it was ended", "25.0 % killed of 4", "7 of 9000 that seed 3 makes"} {
		if !strings.Contains(b.String(), told) {
			t.Errorf("the text does not tell %q:\n%s", told, b.String())
		}
	}
	var body bytes.Buffer
	if err := json.WriteGenerated(&body, g); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Made   int
		OK     bool
		Total  struct{ Outcomes map[string]int }
		Faults []struct {
			Name, Outcome, Problem string
			Breaks                 []string
		}
	}
	if err := stdjson.Unmarshal(body.Bytes(), &read); err != nil {
		t.Fatalf("the JSON can't be read: %v", err)
	}
	if read.Made != 9000 || read.OK || read.Total.Outcomes["killed"] != 1 || len(read.Faults) != 7 || read.Faults[2].Outcome != "survived" || read.Faults[0].Breaks == nil {
		t.Errorf("the JSON says %+v", read)
	}
}

func TestGeneratedFaultsArePublished(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := markdown.WriteGenerated(&b, someGenerated()); err != nil {
		t.Fatal(err)
	}
	for _, told := range []string{markdown.MadeByCode, "make 9000 faults", "by seed 3", "A sample of 7", "1 of 4: 25.0 %", "## By operator", "## By place", "## By condition", "## Survived\n\n- library list, name: operator / always: survived", "| in XML | 0 |"} {
		if !strings.Contains(b.String(), told) {
			t.Errorf("the Markdown does not tell %q:\n%s", told, b.String())
		}
	}
	if !someGenerated().OK() && someGenerated().Judged() {
		t.Error("all were judged although one was not")
	}
}
