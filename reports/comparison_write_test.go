package reports_test

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

// comparisonWriters are all writers of a comparison.
func comparisonWriters() map[string]func(io.Writer, *reports.Comparison) error {
	return map[string]func(io.Writer, *reports.Comparison) error{
		"text":     func(w io.Writer, c *reports.Comparison) error { return text.WriteComparison(w, c, 0) },
		"json":     jsonreport.WriteComparison,
		"markdown": markdown.WriteComparison,
	}
}

func written(t testing.TB, format string, c *reports.Comparison) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return comparisonWriters()[format](b, c) })
}

func TestAComparisonAsText(t *testing.T) {
	old, new := twoReports(t)
	new.Configuration.Level = "should"
	example.Same(t, "the comparison", written(t, "text", reports.Compare(old, new)), `old  2026-03-04T04:06:07Z  `+example.Base+` (version 1.2.3)
new  2026-03-05T04:06:07Z  `+example.Base+` (version 1.2.3)

Notes

  another gate: must before, should now

Regressed

  pass → fail (must): drive `+example.Windows+` "Windows Server 2022"; a library
  drive belongs to nobody; expected owner: null; found owner: {"uuid": "5b4a0000", "email":
  "x@example.com"} (and 3 more); the statement is wider now, since edition 2 of the catalogue
    OWNER-02  `+"`owner`"+` is there and null in that answer. Absent is not null.

Vanished

  pass → not in the report: the new report has no verdict for it: it was not selected, or this
  version does not have it
    LIST-01  GET /libdrives/ answers 200.
  pass → skip: it was not judged: none there
    GET-01  GET /libdrives/LIB/ answers 200 for a listed uuid, with that uuid; no answer of the run
    to such a read, by any login and in any format, is 404.

Fixed

  fail (must) → pass: it holds
    DETAIL-02  The detail list is identical to the plain list over the whole library: the same
    drives, each with the same fields and the same values, in the same order where the plain list
    keeps its own. The report names each drive and field that differs.

New

  skip → pass: it holds
    LIC-01  Every entry of `+"`licenses`"+` has amount (a whole number, 1 or more), license (its
    resource_uri, or an object with name, long_name, type, user_metric, burstable and resource_uri)
    and user.
  skip → fail (must): drive `+example.Windows+` "Windows Server 2022"; a library
  drive belongs to nobody; expected owner: null; found owner: {"uuid": "5b4a0000", "email":
  "x@example.com"}
    LIC-04  A clone of a licensed library drive carries the same licences, each with the same amount
    and told whole, in the clone's answer and in every later answer of the run that defines it
    (detail list: LIC-11). It is tried on drives that tell most: several licences, an amount above
    1.

Unstable

  fail (must) → pass, unstable: drive 2: not in the second list; taken again, it did not show
  (requests 3)
    DETAIL-02  The detail list is identical to the plain list over the whole library: the same
    drives, each with the same fields and the same values, in the same order where the plain list
    keeps its own. The report names each drive and field that differs.

worse: 1 regressed, 2 vanished, 1 fixed, 2 new (1 of them failing), 1 unstable
`)
	all := example.Everything(t, 0)
	none := *all
	none.Results = nil
	if got := written(t, "text", reports.Compare(all, &none)); !strings.Contains(got, "version does not have it\n    LIST-01 LIST-05 ") {
		t.Errorf("what vanished in the same way should be told together:\n%s", got)
	}
}

func TestAComparisonAsJSON(t *testing.T) {
	var document struct {
		Format     int    `json:"format"`
		Conclusion string `json:"conclusion"`
		ExitCode   int    `json:"exit_code"`
		Old, New   struct{ Target, Version, Started string }
		Changes    []struct{ Kind, Requirement, States, Old, New, Says string }
		Notes      []string
	}
	if err := json.Unmarshal([]byte(written(t, "json", reports.Compare(twoReports(t)))), &document); err != nil {
		t.Fatalf("the comparison must be JSON: %v", err)
	}
	if document.Format != jsonreport.Format || document.ExitCode != 1 || !strings.HasPrefix(document.Conclusion, "worse: ") ||
		document.Old.Started != "2026-03-04T04:06:07.000Z" || len(document.Changes) != 7 || document.Changes[0].Kind != "regressed" || document.Notes == nil {
		t.Errorf("the document should hold all of the comparison: %+v", document)
	}
	if got := written(t, "json", reports.Compare(example.MadeUp(t), example.MadeUp(t))); !strings.Contains(got, `"changes": []`) || !strings.Contains(got, `"exit_code": 0`) {
		t.Errorf("no changes are [], and exit code 0:\n%s", got)
	}
}

func TestAComparisonAsMarkdown(t *testing.T) {
	got := written(t, "markdown", reports.Compare(twoReports(t)))
	for what, want := range map[string]string{
		"the conclusion as heading": "## Worse: 1 regressed, 2 vanished, 1 fixed, 2 new (1 of them failing), 1 unstable\n\n",
		"the sides":                 "- old: `2026-03-04T04:06:07Z " + example.Base + " (version 1.2.3)`\n",
		"a kind":                    "\n### Vanished\n\n| Requirement | Before | Now | What the new report says |\n|---|---|---|---|\n| LIST-01: GET /libdrives/ answers 200. | pass | not in the report | `the new",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the Markdown should hold %s, %q:\n%s", what, want, got)
		}
	}
	old, new := example.Attacked(t), example.Attacked(t)
	for i := range old.Results {
		old.Results[i].Verdict, old.Results[i].Unstable = reports.Pass, nil
	}
	new.Results[4].Findings[0].Rule = "a | b ` code <img src=x> `` @someone #1 ![i](http://x)\n| new | row |"
	new.Results[3].Requirement.States = "`<b>` [l](http://x) | ~~x~~ \\| *y*"
	new.Results[3].Verdict = reports.Fail
	new.Results[3].Findings = []reports.Finding{example.Owned(1)}
	for line := range strings.Lines(written(t, "markdown", reports.Compare(old, new))) {
		if strings.HasPrefix(line, "| ") && strings.Count(line, "|")-strings.Count(line, `\|`) != 5 {
			t.Errorf("a text ends the cell that it stands in: %s", line)
		}
		if outside := outsideCode(line); strings.ContainsAny(outside, "<>@[]!`~") {
			t.Errorf("a text outside of code may be markup: %s", outside)
		}
	}
}

// outsideCode is a line of Markdown without its code and without what a backslash takes the meaning from.
func outsideCode(line string) string {
	var outside strings.Builder
	for i := 0; i < len(line); {
		run := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		end := -1
		if run > 0 {
			closing := regexp.MustCompile("[^`](`{" + fmt.Sprint(run) + "})([^`]|$)")
			if at := closing.FindStringSubmatchIndex(line[i+run:]); at != nil {
				end = i + run + at[3]
			}
		}
		switch {
		case end > 0:
			i = end
		case line[i] == '\\':
			i += 2
		default:
			outside.WriteByte(line[i])
			i++
		}
	}
	return outside.String()
}

func TestAComparisonCannotBeHijacked(t *testing.T) {
	old, new := example.Attacked(t), example.Attacked(t)
	for i := range old.Results {
		old.Results[i].Verdict, old.Results[i].Unstable, old.Results[i].Requirement.ID = reports.Pass, nil, fmt.Sprint(example.Hostile, i)
		new.Results[i].Requirement.ID = fmt.Sprint(example.Hostile, i)
	}
	old.Tool.Version, new.Target = example.Hostile, example.Hostile
	for format := range comparisonWriters() {
		for _, c := range written(t, format, reports.Compare(old, new)) {
			if c < ' ' && c != '\n' || format != "json" && (0x7f <= c && c < 0xa0 || c == '\u202e') {
				t.Errorf("%s: the comparison holds %U from a report: it could move the cursor or hide what was found", format, c)
				break
			}
		}
	}
}

func TestAComparisonTellsWriteErrors(t *testing.T) {
	c := reports.Compare(example.MadeUp(t), example.MadeUp(t))
	for format, write := range comparisonWriters() {
		if write(example.FullDisk{}, c) == nil {
			t.Errorf("%s swallowed the error of a full disk: a comparison that is missing must be noticed", format)
		}
	}
}
