package markdown_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/suites/evidence"
)

func markdownOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return markdown.Write(b, r) })
}

func TestMarkdownTellsTheWholeRun(t *testing.T) {
	r := example.Complete(t)
	r.Results[1].Gated = true // LIST-04 fails the run
	r.Results[2].Gated = false
	r.Resources.Left = append(r.Resources.Left, reports.Resource{Kind: "drive", Name: "lost"})
	r.Waivers = append(r.Waivers, reports.WaiverOutcome{Waiver: reports.Waiver{Requirement: "GET-01", Reason: "ticket 13", Until: "2026-01-31"},
		State: reports.WaiverStale, Says: "it passes: take the waiver out"},
		reports.WaiverOutcome{Waiver: reports.Waiver{Requirement: "LIC-01", Reason: "ticket 14"}, State: reports.WaiverNotJudged, Says: "it was skipped"})
	page := parseMarkdown(t, markdownOf(t, r))
	for heading, wants := range map[string][]string{
		"❌ Library drives: does not conform: 1 requirement failed, a waiver is stale, 1 requirement regressed since the baseline": {
			"Judged 5 of 9 requirements: 1 failed, 1 advisory, 1 waived, 2 passed; 3 skipped, 1 blocked.",
			"Target: https://cloud.example/api/2.0/ (nginx). Judged on 2026-03-04 04:06 UTC by libdrives-conformance 1.2.3 (commit 0123456789ab of 2026-03-01) in 4.2 s, with 412 requests (3 retried).",
			"Profile read, gate must, sample 200, seed 1, authentication basic.",
		},
		"Failed (1)": {
			"LIST-04 (should)", example.Lookup(t, "LIST-04").Source, "drive     1  \"Debian\"", "request   GET /libdrives/?limit=0", "→ 200 in 48 ms",
			"rule      every field is there", "found     no os", "curl -sS -u \"$LIBDRIVES_USERNAME:$LIBDRIVES_PASSWORD\"", "'https://cloud.example/api/2.0/libdrives/?limit=0'",
		},
		"Advisories: these do not fail the run (1)":         {"DETAIL-02 (must)", "compared  with GET /libdrives/?limit=0", "'https://cloud.example/api/2.0/libdrives/detail/?limit=0'"},
		"Waived: these fail, as is known (1)":               {"OWNER-02", "(1 of 41 drives; 3 more like it)", "expected  owner: null", "Waived until 2026-12-31: ticket 12"},
		"Waivers that fail the run (1)":                     {"GET-01 stale: it passes: take the waiver out. Until 2026-01-31, because: ticket 13"},
		"Waivers that were not needed (1)":                  {"LIC-01 not judged: it was skipped."},
		"Changes since the earlier report (1)":              {"LIST-04 regressed: pass → fail (should). no os.", "by version 1.2.2", "another version."},
		"Left behind in the account (2)":                    {"libdrives-conformance-2", `drive "lost", which may have been made: nobody can see`},
		"Blocked: something that these build on failed (1)": {"the clone never ended (CLONE-01 has to hold first): LIC-09"},
		"Skipped: there is nothing to judge these by (3)": {
			"the library has no licensed drive: LIC-01, LIC-04", "the library has no CDROM: ATTACH-01",
		},
		"Unstable: differences between reads that did not persist (2)": {"DETAIL-02: drive 2: not in the second list", "the run saw drive 9 come and go"},
		"Warnings (1)": {"the certificate was not checked", "Made in the account: 1 drive (1.0 GB in all) and 0 servers; 1 of them removed; 1 more may have been made."},
	} {
		said, found := page.sections[heading]
		if !found {
			t.Errorf("the report has no heading %q; it has %q", heading, page.headings())
		}
		for _, want := range wants {
			if !strings.Contains(said, want) {
				t.Errorf("under %q the report should say %q, and says:\n%s", heading, want, said)
			}
		}
	}
	if want := []string{"**all**", "2", "1", "1", "1", "3", "1"}; !strings.Contains(markdownOf(t, r), "| "+strings.Join(want, " | ")+" |") {
		t.Errorf("the table's last row should be %v, for passed, failed, advisory, waived, skipped and blocked:\n%s", want, markdownOf(t, r))
	}
	if rows := len(page.rows); rows != 2+6 {
		t.Errorf("the table has %d rows, and should have a head, the areas judged and their sum", rows)
	}
}

func TestMarkdownLeavesOutWhatIsNotThere(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[:1]
	r.Warnings, r.Unstable = nil, nil
	if page := parseMarkdown(t, markdownOf(t, r)); len(page.sections) != 1 || page.sections["✅ Library drives: conforms"] == "" {
		t.Errorf("a run in which all holds should have one heading, that it conforms; the report has %v", page.headings())
	}
	for want, change := range map[string]func(*reports.Report){
		"⚠️ Library drives: incomplete: interrupted":                             func(r *reports.Report) { r.Incomplete = "interrupted" },
		"⚠️ Library drives: conforms, but left 1 resource behind in the account": func(r *reports.Report) { r.Resources.Left = make([]reports.Resource, 1) },
		"⚠️ Library drives: nothing was judged":                                  func(r *reports.Report) { r.Results = nil },
	} {
		r := example.MadeUp(t)
		r.Results = r.Results[:1]
		change(r)
		if page := parseMarkdown(t, markdownOf(t, r)); page.sections[want] == "" {
			t.Errorf("the headline should be %q; the headings are %v", want, page.headings())
		}
	}
	r = example.MadeUp(t)
	r.Results[1].Gated, r.Incomplete = true, "interrupted"
	if text := markdownOf(t, r); !strings.Contains(text, "It is incomplete too: interrupted") {
		t.Errorf("a run that fails and is incomplete should say both, and says:\n%s", text)
	}
}

// TestMarkdownFoldsManyFailures: three are shown in full; of more, only what they state is seen before a click.
func TestMarkdownFoldsManyFailures(t *testing.T) {
	for failures, folded := range map[int]int{3: 0, 4: 4} {
		r := example.Everything(t, 1)
		r.Results = r.Results[1:]
		for i := range r.Results {
			r.Results[i].Gated = true
		}
		r.Results = r.Results[:failures]
		if page := parseMarkdown(t, markdownOf(t, r)); page.folds != folded {
			t.Errorf("of %d failures %d should be folded, and %d are", failures, folded, page.folds)
		}
	}
}

// TestMarkdownStaysWithinItsSize: whatever happened, a comment takes the report; what is lost is the least important,
// and the report says so.
func TestMarkdownStaysWithinItsSize(t *testing.T) {
	unlucky := example.Attacked(t)
	for i := range unlucky.Results {
		unlucky.Results[i].Verdict, unlucky.Results[i].Gated = reports.Fail, i%2 == 0
		unlucky.Results[i].Findings = unlucky.Results[1].Findings
	}
	for range 100 {
		unlucky.Waivers = append(unlucky.Waivers, reports.WaiverOutcome{Waiver: reports.Waiver{Requirement: "GET-01", Reason: example.Hostile}, State: reports.WaiverStale, Says: example.Hostile})
		unlucky.Resources.Left = append(unlucky.Resources.Left, reports.Resource{Kind: "drive", UUID: example.Windows, Name: example.Hostile})
	}
	huge := example.Everything(t, 3)
	for range 8 {
		huge.Results = append(huge.Results, huge.Results[:100]...)
		huge.Unstable = append(huge.Unstable, example.Hostile, strings.Repeat("x", 1<<16))
	}
	for name, r := range map[string]*reports.Report{"attacked": example.Attacked(t), "unlucky": unlucky, "everything fails": example.Everything(t, 5), "huge": huge} {
		text := markdownOf(t, r)
		if len(text) > 60<<10 {
			t.Errorf("%s: the report has %d bytes, and may have 61440", name, len(text))
		}
		page := parseMarkdown(t, text)
		page.isInert(t)
		shortened := strings.Contains(page.last, "Left out, to stay below 60 KiB: ")
		if needed := name != "attacked"; shortened != needed {
			t.Errorf("%s: the report of %d bytes ends in %q; it is %t that it should say there what was left out", name, len(text), page.last, needed)
		}
		if shortened && len(text) < 55<<10 {
			t.Errorf("%s: the report leaves things out and has %d bytes only, so more was left out than had to be", name, len(text))
		}
	}
	page := parseMarkdown(t, markdownOf(t, example.Everything(t, 5)))
	failing, others := 0, 0
	for _, r := range example.Everything(t, 5).Results {
		if r.FailsTheRun() {
			failing++
		} else {
			others++
		}
	}
	failed, advisories := fmt.Sprintf("Failed (%d)", failing), fmt.Sprintf("Advisories: these do not fail the run (%d)", others)
	for _, c := range []struct {
		title string
		want  int
	}{{"Failed", failing}, {"Advisories: these do not fail the run", others}} {
		if said := page.sections[fmt.Sprintf("%s (%d)", c.title, c.want)]; strings.Count(said, "(must)")+strings.Count(said, "(should)")+strings.Count(said, "(may)") != c.want {
			t.Errorf("where all %d of the catalogue fail, each should be told at least in a line under %q; the report says:\n%s", len(example.Everything(t, 5).Results), c.title, said)
		}
	}
	if evidence := strings.Count(page.sections[failed], "rule      a library drive"); evidence == 0 {
		t.Error("where all of the catalogue fails, there is room for the evidence of some failures, and none is told")
	}
	if strings.Contains(page.sections[advisories], "rule      a library drive") {
		t.Error("the evidence of failures was left out before that of advisories")
	}
}

// TestMarkdownKeepsTheFirstEvidence: where not every requirement can be named, ten failures are still reported whole.
func TestMarkdownKeepsTheFirstEvidence(t *testing.T) {
	r := example.Everything(t, 5)
	r.Results = append(r.Results, r.Results...)
	for i := range r.Results {
		r.Results[i].Gated = i < 60
	}
	page := parseMarkdown(t, markdownOf(t, r))
	if whole := strings.Count(page.sections["Failed (60)"], "rule      a library drive"); whole != 10 || !strings.Contains(page.last, "evidence of failures (50)") || !strings.Contains(page.last, "advisories (") {
		t.Errorf("of 60 failures among 286, 10 should be told whole and some advisories left out; %d are, and the report ends in %q", whole, page.last)
	}
}

// TestALongCurlLineIsNotCut: half of it would be another request.
func TestALongCurlLineIsNotCut(t *testing.T) {
	r := example.MadeUp(t)
	r.Results[4].Findings[0].Exchange = example.Get(5, "/drives/?name="+strings.Repeat("x", 4<<10), "[]")
	page := parseMarkdown(t, markdownOf(t, r))
	if said := page.sections["Failed (2)"]; strings.Contains(said, "c7105ec8-0a36-4f0b-8b5e-6d8f0d0f2b11") || strings.Contains(said, "xxxxx'") || !strings.Contains(said, "The line that repeats request 5 is too long to be shown here") {
		t.Errorf("a curl line of 4 KiB should be left out and spoken of, and the report says:\n%s", said)
	}
}

// nasty are what Markdown, HTML or GitHub make something of.
var nasty = []string{
	"|", "`", "``", "```", "~~~", "\\", "\\`", "<script>alert(1)</script>", "<b>", "</details>", "</summary>", "<!--", "-->", "<", ">", "&", "&lt;", "&#64;",
	"![x](http://evil.example/x.png)", "[evil](javascript:alert(1))", "[evil]: http://evil.example", "[^1]", "@octocat", "#123", "owner/repo#1", "GH-12",
	"0123456789abcdef0123456789abcdef01234567", "https://evil.example/", "www.evil.example", "ftp://evil.example", "me@evil.example", "*evil*", "__evil__", "~~evil~~", "$evil$",
	":evil:", "#", "##", "-", "+", "1.", "1)", "===", "---", "| --- |", "\n", "\r\n", "\t", " ", "  ", "a", "plain words", "ünïcødé", "\u202e", "\u200b", "\x00", "\x1b[2J",
	"\xff", "- [ ]", "a`me@evil.example`", "`me@evil.example`b", "> [!NOTE]", "(", ")", "!", "\"", "'", "=", "_", "*", "::error::",
}

// TestMarkdownKeepsHostileTextInert tries it with texts put together from what is dangerous.
func TestMarkdownKeepsHostileTextInert(t *testing.T) {
	parseMarkdown(t, markdownOf(t, example.Attacked(t))).isInert(t)
	rapid.Check(t, func(rt *rapid.T) {
		hostile := func(what string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 1, 12).Draw(rt, what), rapid.SampledFrom([]string{"", " "}).Draw(rt, "between"))
		}
		r, everythingFails := example.Complete(t), rapid.Bool().Draw(rt, "everything fails")
		r.Target, r.Server, r.Incomplete, r.Warnings, r.Unstable = hostile("target"), hostile("server"), hostile("incomplete"), []string{hostile("warning")}, []string{hostile("unstable")}
		r.Configuration.Select, r.Configuration.LabelFilter, r.Areas[0].Title = hostile("select"), hostile("filter"), hostile("title")
		r.Resources.Left[0].Name = hostile("left")
		r.Waivers[0].State, r.Waivers[0].Says, r.Waivers[0].Reason = reports.WaiverDiffers, hostile("says"), hostile("why")
		r.Baseline.Changes[0].Says, r.Baseline.Notes[0], r.Baseline.Old.Target = hostile("change"), hostile("note"), hostile("old")
		for i := range r.Results {
			result := &r.Results[i]
			result.Requirement.States, result.Reason = hostile("states"), hostile("reason")
			if result.Verdict == reports.Fail || everythingFails {
				result.Verdict, result.Gated = reports.Fail, rapid.Bool().Draw(rt, "gated")
				x := example.Get(1, "/"+hostile("path"), hostile("body"))
				x.Request.Method, x.Failure = hostile("method"), hostile("failure")
				result.Findings = []reports.Finding{{Subject: reports.Subject{Kind: "drive", Words: hostile("subject")}, Rule: hostile("rule"), Expected: hostile("expected"), Found: hostile("found"),
					Exchange: x, Against: rapid.SampledFrom([]*evidence.Exchange{nil, x}).Draw(rt, "against")}}
			}
		}
		r.Areas = append(r.Areas[:0:0], r.Areas...)
		parseMarkdown(rt, markdownOf(t, r)).isInert(rt)
	})
}

// onceMarkup are texts in which a reader once saw markup, or of which something was lost.
var onceMarkup = map[string]string{
	"an address in code beside a backtick":      "a`a`me@evil.example`|",
	"an entity behind three backticks":          "```&#64;",
	"backticks that close with other backticks": "`|```&#64;",
}

func TestMarkdownKeepsTextsInertThatOnceWereMarkup(t *testing.T) {
	for name, text := range onceMarkup {
		t.Run(name, func(t *testing.T) {
			r := example.Complete(t)
			for i := range r.Results {
				r.Results[i].Reason = text
			}
			r.Warnings = []string{text}
			r.Results[1].Findings[0].Expected, r.Results[1].Findings[0].Found = "`", text
			parseMarkdown(t, markdownOf(t, r)).isInert(t)
			losesNothing(t, example.MadeUp(t), text)
		})
	}
}

func TestMarkdownReadsAsItWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		"`owner` is null": "owner is null", "a `` b": "a `` b", "a `b": "a `b", "` `": "` `", "see #1 and `@me` or me@x": "see #1 and @me or me@x",
		"1. one": "1. one", "2026-01-31": "2026-01-31", "`a`@b": "a@b", "*a* _b_ [c](d) | e": "*a* _b_ [c](d) | e",
	} {
		r := example.MadeUp(t)
		r.Warnings = []string{text}
		if got := strings.TrimSpace(parseMarkdown(t, markdownOf(t, r)).sections["Warnings (1)"]); got != want {
			t.Errorf("the text %q should read %q, and reads %q", text, want, got)
		}
	}
	r := example.MadeUp(t)
	r.Results[4].Findings[0].Found = "a fence of its own: `````"
	if text := markdownOf(t, r); !strings.Contains(text, "\n``````text\n") {
		t.Errorf("the fence of a block should be longer than any in it:\n%s", text)
	}
}

// TestMarkdownLosesNothingOfAText: what keeps a text inert is not seen by who reads it.
func TestMarkdownLosesNothingOfAText(t *testing.T) {
	seen := regexp.MustCompile(`^[ -~]+$`)
	rapid.Check(t, func(rt *rapid.T) {
		warning := strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty).Filter(seen.MatchString), 1, 8).Draw(rt, "warning"), rapid.SampledFrom([]string{"", " "}).Draw(rt, "between"))
		losesNothing(rt, example.MadeUp(t), warning)
	})
}

func losesNothing(t tester, r *reports.Report, warning string) {
	squeeze := strings.NewReplacer("`", "", " ", "")
	r.Warnings, r.Incomplete = []string{warning}, warning
	r.Results[1].Gated = true
	r.Results[1].Requirement.States = warning
	var b strings.Builder
	if err := markdown.Write(&b, r); err != nil {
		t.Errorf("writing to memory must not fail: %v", err)
	}
	page := parseMarkdown(t, b.String())
	for place, said := range map[string]string{"Warnings (1)": "", "❌ Library drives: does not conform": "It is incomplete too: ", "Failed (3)": "LIST-04 (should) "} {
		if want := squeeze.Replace(said + warning); !strings.Contains(squeeze.Replace(page.sections[place]), want) {
			t.Errorf("the text %q under %q reads\n%s", warning, place, page.sections[place])
		}
	}
}
