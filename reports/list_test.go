package reports_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports/internal/example"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites/requirement"
)

func list(t *testing.T, format string, c []requirement.Requirement) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error {
		return map[string]func(io.Writer, []requirement.Requirement) error{
			"table": text.WriteList, "json": jsonreport.WriteList, "markdown": markdown.WriteList,
		}[format](b, c)
	})
}

func TestListAsATable(t *testing.T) {
	example.Same(t, "the table", list(t, "table", example.Few(t)), `id       level  effect  source   statement
LIST-01  must   read    Listing  GET /libdrives/ answers 200.
X-01     may    probe   a | b    `+"`<a|b>`"+` is <not> a_b*. Nor c.
`)
	if got := strings.Count(list(t, "table", example.Catalogue(t).All()), "\n"); got != 172 {
		t.Errorf("the table has %d lines, it should have one for each of 171 requirements and a head", got)
	}
}

func TestListAsMarkdown(t *testing.T) {
	example.Same(t, "the Markdown", list(t, "markdown", example.Few(t)), `| Requirement | Level | Effect | Source | Statement |
|---|---|---|---|---|
| LIST-01 | must | read | [Listing](https://docs.cloudsigma.com/en/latest/libdrives.html#listing) | GET /libdrives/ answers 200. |
| X-01 | may | probe | a \| b | `+"`<a\\|b>`"+` is &lt;not&gt; a\_b\*. Nor c. |
`)
}

func TestListAsJSON(t *testing.T) {
	example.Same(t, "the JSON", list(t, "json", example.Few(t)[:1]), `[
  {
    "id": "LIST-01",
    "area": "LIST",
    "level": "must",
    "effect": "read",
    "source": "Listing",
    "statement": "GET /libdrives/ answers 200.",
    "documentation": [
      {
        "section": "Listing",
        "url": "https://docs.cloudsigma.com/en/latest/libdrives.html#listing"
      }
    ]
  }
]
`)
	example.Same(t, "an empty list", list(t, "json", nil), "[]\n")
	var all []map[string]any
	if err := json.Unmarshal([]byte(list(t, "json", example.Catalogue(t).All())), &all); err != nil || len(all) != 171 {
		t.Errorf("the JSON list has %d entries (%v), the catalogue has 171", len(all), err)
	}
}

func TestExplain(t *testing.T) {
	got := example.Render(t, func(b *strings.Builder) error {
		return text.Explain(b, text.Explanation{
			Requirement: example.Lookup(t, "LIC-06"), SectionTitle: "Licensed drive images",
			Decided: []string{"A clone of a licensed drive is edited with an empty list; its licences before and after are compared.", "Both answers count."},
			Faults:  []text.ExplainedFault{{Name: "licences-shed", Why: "an edit with an empty list drops them"}, {Name: "b", Why: "c"}},
		})
	})
	example.Same(t, "the explanation", got, `LIC-06  Licensed drive images

  They stay when an edit says `+"`licenses: []`"+`, whether that edit is refused or accepted.

  level     must, the documentation states it
  effect    write, judging it makes, edits and deletes resources of its own in the
            account
  source    Licensed drive images
  read      https://docs.cloudsigma.com/en/latest/libdrives.html#licensed-drive-images
  decided   A clone of a licensed drive is edited with an empty list; its licences
            before and after are compared.
            Both answers count.
  catches   licences-shed: an edit with an empty list drops them
            b: c
`)
}
