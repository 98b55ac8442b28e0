package reports_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

func list(t *testing.T, format string, c []requirement.Requirement) string {
	t.Helper()
	return render(t, func(b *strings.Builder) error { return reports.List(b, format, c) })
}

func few(t *testing.T) []requirement.Requirement {
	return []requirement.Requirement{
		lookup(t, "LIST-01"),
		{ID: "X-01", Area: "X", Level: requirement.May, Effect: requirement.Probe, Source: "a | b", States: "`<a|b>` is <not> a_b*.\nNor c."},
	}
}

func TestListAsATable(t *testing.T) {
	same(t, "the table", list(t, "table", few(t)), `id       level  effect  source   statement
LIST-01  must   read    Listing  GET /libdrives/ answers 200.
X-01     may    probe   a | b    `+"`<a|b>`"+` is <not> a_b*. Nor c.
`)
	if got := strings.Count(list(t, "table", catalogue(t).All()), "\n"); got != 144 {
		t.Errorf("the table has %d lines, it should have one for each of 143 requirements and a head", got)
	}
}

func TestListAsMarkdown(t *testing.T) {
	same(t, "the Markdown", list(t, "markdown", few(t)), `| Requirement | Level | Effect | Source | Statement |
|---|---|---|---|---|
| LIST-01 | must | read | Listing | GET /libdrives/ answers 200. |
| X-01 | may | probe | a \| b | `+"`<a\\|b>`"+` is &lt;not> a\_b\*. Nor c. |
`)
}

func TestListAsJSON(t *testing.T) {
	same(t, "the JSON", list(t, "json", few(t)[:1]), `[
  {
    "id": "LIST-01",
    "area": "LIST",
    "level": "must",
    "effect": "read",
    "source": "Listing",
    "statement": "GET /libdrives/ answers 200."
  }
]
`)
	same(t, "an empty list", list(t, "json", nil), "[]\n")
	var all []map[string]string
	if err := json.Unmarshal([]byte(list(t, "json", catalogue(t).All())), &all); err != nil || len(all) != 143 {
		t.Errorf("the JSON list has %d entries (%v), the catalogue has 143", len(all), err)
	}
}

func TestListRefusesAnUnknownFormat(t *testing.T) {
	err := reports.List(&strings.Builder{}, "markdwon", nil)
	var unknown *requirement.UnknownNameError
	if !errors.As(err, &unknown) || unknown.Nearest != "markdown" || !strings.Contains(err.Error(), "table, json, markdown") {
		t.Errorf("format markdwon gives %v, it should suggest markdown and name what is known", err)
	}
}

func TestExplain(t *testing.T) {
	got := render(t, func(b *strings.Builder) error {
		return reports.Explain(b, reports.Explanation{
			Requirement: lookup(t, "LIC-06"), SectionTitle: "Licensed drive images",
			Decided: []string{"A clone of a licensed drive is edited with an empty list; its licences before and after are compared.", "Both answers count."},
			Faults:  []reports.ExplainedFault{{Name: "licences-shed", Why: "an edit with an empty list drops them"}, {Name: "b", Why: "c"}},
		})
	})
	same(t, "the explanation", got, `LIC-06  Licensed drive images

  They stay when an edit says `+"`licenses: []`"+`, whether that edit is refused or accepted.

  level     must, the documentation states it
  effect    write, judging it makes, edits and deletes resources of its own in the
            account
  source    Licensed drive images
  decided   A clone of a licensed drive is edited with an empty list; its licences
            before and after are compared.
            Both answers count.
  catches   licences-shed: an edit with an empty list drops them
            b: c
`)
}
