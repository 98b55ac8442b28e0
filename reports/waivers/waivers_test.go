package waivers_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/waivers"
)

func TestParseWaivers(t *testing.T) {
	got, err := waivers.Parse("w.yaml", []byte(`# known
- requirement: owner-02 # in any case
  reason: |
    ticket 12:
    the billing team works on it
  until: 2099-12-31
  match: 'found owner: missing'
- {requirement: LIST-01, reason: "x", until: "2099-01-01", match: 404}
- requirement: OWNER-02
  reason: another failure of it
  until: 2099-12-31
  match: "owner: {"
`), example.Catalogue(t))
	if err != nil {
		t.Fatalf("the file is right, and refused: %v", err)
	}
	want := []reports.Waiver{
		{Requirement: "OWNER-02", Reason: "ticket 12: the billing team works on it", Until: "2099-12-31", Match: "found owner: missing", Line: 2},
		{Requirement: "LIST-01", Reason: "x", Until: "2099-01-01", Match: "404", Line: 8},
		{Requirement: "OWNER-02", Reason: "another failure of it", Until: "2099-12-31", Match: "owner: {", Line: 9},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the waivers are\n%+v\nthey should be\n%+v", got, want)
	}
	for name, text := range map[string]string{"nothing": "", "comments": "# none\n", "an empty list": "[]\n", "null": "null\n", "a mark": "---\n[]\n"} {
		if got, err := waivers.Parse("w.yaml", []byte(text), example.Catalogue(t)); err != nil || len(got) > 0 {
			t.Errorf("%s: %v and %v, a file without waivers is one", name, got, err)
		}
	}
}

func TestParseWaiversSaysWhatIsWrongAndWhere(t *testing.T) {
	const rest = "\n  reason: x\n  until: 2099-12-31\n"
	for name, c := range map[string]struct {
		text string
		want []string // a line each
	}{
		"an unknown id":       {"- requirement: ONWER-02" + rest, []string{`w.yaml:1: unknown requirement "ONWER-02": did you mean "OWNER-02"?`}},
		"an area":             {"- requirement: OWNER" + rest, []string{`w.yaml:1: unknown requirement "OWNER"`}},
		"no requirement":      {"- reason: x\n  until: 2099-12-31\n", []string{"w.yaml:1: the waiver names no requirement"}},
		"no reason":           {"- requirement: OWNER-02\n  until: 2099-12-31\n", []string{"w.yaml:1: the waiver of OWNER-02 has no reason"}},
		"an empty reason":     {"- requirement: OWNER-02\n  reason: '  '\n  until: 2099-12-31\n", []string{"w.yaml:2: the waiver of OWNER-02 has no reason"}},
		"a reason left out":   {"- requirement: OWNER-02\n  reason:\n  until: 2099-12-31\n", []string{"w.yaml:2: the waiver of OWNER-02 has no reason"}},
		"no until":            {"- requirement: OWNER-02\n  reason: x\n", []string{"w.yaml:1: the waiver of OWNER-02 has no until"}},
		"a word for until":    {"- requirement: OWNER-02\n  reason: x\n  until: tomorrow\n", []string{`w.yaml:3: until is "tomorrow": give the last day`}},
		"a day that is none":  {"- requirement: OWNER-02\n  reason: x\n  until: 2027-02-29\n", []string{`w.yaml:3: until is "2027-02-29"`}},
		"a short day":         {"- requirement: OWNER-02\n  reason: x\n  until: 2027-1-1\n", []string{`w.yaml:3: until is "2027-1-1"`}},
		"an unknown key":      {"- requirement: OWNER-02\n  reson: x\n  until: 2099-12-31\n", []string{`w.yaml:2: unknown key "reson": did you mean "reason"?`}},
		"a strange key":       {"- requirement: OWNER-02\n  colour: red" + rest, []string{`w.yaml:2: unknown key "colour" (known are requirement, reason, until, match)`}},
		"a list for a value":  {"- requirement: OWNER-02\n  reason: [x]\n  until: 2099-12-31\n", []string{"w.yaml:2: reason: sequence: give plain text"}},
		"twice":               {"- requirement: OWNER-02" + rest + "- requirement: owner-02" + rest, []string{"w.yaml:4: OWNER-02 is waived twice, the first is in line 1"}},
		"twice, alike":        {"- requirement: OWNER-02\n  match: a" + rest + "- requirement: owner-02\n  match: ' a '" + rest, []string{"w.yaml:5: OWNER-02 is waived twice"}},
		"a mapping":           {"requirement: OWNER-02\n", []string{"w.yaml:1: not a list of waivers: begin each with a dash"}},
		"a word":              {"\nnone\n", []string{"w.yaml:2: not a list of waivers"}},
		"a list of words":     {"- OWNER-02\n", []string{"w.yaml:1: not a waiver: give requirement, reason and until"}},
		"an empty entry":      {"-\n- requirement: OWNER-02" + rest, []string{"w.yaml:1: not a waiver"}},
		"a key twice":         {"- requirement: OWNER-02\n  requirement: LIST-01" + rest, []string{"w.yaml:2: "}},
		"no YAML":             {"- requirement: \"OWNER-02\n", []string{"w.yaml:1: "}},
		"two lists":           {"[]\n---\n[]\n", []string{"w.yaml has several documents"}},
		"several at once":     {"- requirement: ONWER-02\n  until: x\n- LIST\n", []string{`w.yaml:1: unknown requirement`, `w.yaml:1: the waiver of ONWER-02 has no reason`, `w.yaml:2: until is "x"`, "w.yaml:3: not a waiver"}},
		"a control character": {"- requirement: \x1b[2J" + rest, []string{"w.yaml"}},
	} {
		got, err := waivers.Parse("w.yaml", []byte(c.text), example.Catalogue(t))
		if err == nil || got != nil {
			t.Errorf("%s: the file %q is accepted as %v, it must be refused", name, c.text, got)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%s: the error has %d lines, it should have %d:\n%v", name, len(lines), len(c.want), err)
			continue
		}
		for _, want := range c.want {
			if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, want) }) {
				t.Errorf("%s: the error should say %q, it is:\n%v", name, want, err)
			}
		}
		if strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%s: the error holds a control character of the file: %q", name, err)
		}
	}
}

func TestCheckWaivers(t *testing.T) {
	right := reports.Waiver{Requirement: "owner-02", Reason: "x", Until: "2099-12-31"}
	if err := reports.CheckWaivers([]reports.Waiver{right}, example.Catalogue(t)); err != nil {
		t.Errorf("a waiver that is right is refused: %v", err)
	}
	err := reports.CheckWaivers([]reports.Waiver{right, right, {Requirement: "LIST-01", Until: "2099-12-31"}}, example.Catalogue(t))
	for _, want := range []string{"waiver 2 of the list: OWNER-02 is waived twice, the first is number 1", "waiver 3 of the list: the waiver of LIST-01 has no reason"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error should say %q, it is %v", want, err)
		}
	}
}

func TestNoTextMakesTheParserPanic(t *testing.T) {
	catalogue := example.Catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"- ", "requirement", ": ", "OWNER-02", "\n", "  ", "reason", "until", "2099-12-31", "[", "]", "{", "}", "'", "\"",
			"|", ">", "&a", "*a", "!!str ", "---\n", "#", "\t", "<<", "?", "null", "1", "%", "\x00", "é"})).Draw(t, "pieces")
		_, _ = waivers.Parse("w.yaml", []byte(strings.Join(pieces, "")), catalogue)
	})
}

func drafted(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return waivers.Draft(b, r, example.Catalogue(t).All()) })
}

func TestListWaiversBeginsAFile(t *testing.T) {
	r := example.MadeUp(t)
	missing := example.Owned(9)
	missing.Rule, missing.Expected, missing.Found = "the owner is told", "owner: null", "no owner"
	r.Results[4].Findings = append(r.Results[4].Findings, missing)
	r.Results = append(r.Results[:7], reports.Result{Requirement: example.Lookup(t, "ATTACH-03"), Verdict: reports.Blocked, Reason: "it isn't known", BlockedBy: "OWNER-02"})
	got := drafted(t, r)
	example.Same(t, "the draft", got, `# Failures of `+example.Base+` on 2026-03-04, as libdrives-conformance 1.2.3 (commit 0123456789ab of
# 2026-03-01) judged it.
# Give each a reason, why it is put up with, and until, the last day on which it is, such as 2027-01-31; without them
# the file is refused. What is not put up with, take out. match: words that every finding has in it, as reports tell it
# in one line; without it, the requirement may fail in any way.

# DETAIL-02 (must): The detail list is identical to the plain list over the whole library: the same drives, each with
# the same fields and the same values, in the same order where the plain list keeps its own. The report names each drive
# and field that differs.
# Fails: /libdrives/detail/; both lists are the same; expected 0 drives; found 1 drive and more
- requirement: DETAIL-02
  reason: ''
  until: ''
  match: 'both lists are the same; expected 0 drives; found 1 drive and more'

# OWNER-02 (must): `+"`owner`"+` is there and null in that answer. Absent is not null.
# Fails: drive `+example.Windows+` "Windows Server 2022"; a library drive belongs to nobody; expected
# owner: null; found owner: {"uuid": "5b4a0000", "email": "x@example.com"} (and 3 more)
- requirement: OWNER-02
  reason: ''
  until: ''
  match: 'a library drive belongs to nobody; expected owner: null; found owner: {"uuid": "5b4a0000", "email": "x@example.com"}'
# Fails: drive `+example.Windows+` "Windows Server 2022"; the owner is told; expected owner: null;
# found no owner
- requirement: OWNER-02
  reason: ''
  until: ''
  match: 'the owner is told; expected owner: null; found no owner'

# ATTACH-03 (must): Whatever drive the server's definition names can be had through GET /drives/{uuid}/, and a null
# owner tells the library drive from the owned one.
# Blocked, and put up with only together with what blocks it: it isn't known (OWNER-02 has to hold first)
- requirement: ATTACH-03
  reason: ''
  until: ''
`)
	if _, err := waivers.Parse("w.yaml", []byte(got), example.Catalogue(t)); err == nil || strings.Count(err.Error(), "\n") != 7 {
		t.Errorf("a draft that nobody filled in must be refused, for each reason and each until: %v", err)
	}
	filled := filledIn(t, got)
	r.Waive(filled)
	if r.ExitCode() != reports.ExitConforms {
		t.Errorf("the draft, filled in, should waive all that fails: %s, %+v", r.Conclusion(), r.Waivers)
	}
	again := drafted(t, r)
	if kept, err := waivers.Parse("w.yaml", []byte(again), example.Catalogue(t)); err != nil || len(kept) != len(filled) || kept[0].Reason != "ticket 12" {
		t.Errorf("a draft of a report whose failures are waived should keep their reasons and days: %v\n%s", err, again)
	}
}

// filledIn is a draft as somebody completes it.
func filledIn(t testing.TB, draft string) []reports.Waiver {
	t.Helper()
	text := strings.NewReplacer("reason: ''", "reason: ticket 12", "until: ''", "until: "+example.EverNext).Replace(draft)
	waivers, err := waivers.Parse("w.yaml", []byte(text), example.Catalogue(t))
	if err != nil {
		t.Fatalf("a draft that was filled in must be accepted: %v\n%s", err, text)
	}
	return waivers
}

func TestADraftSurvivesWhatIsAnotherNextTime(t *testing.T) {
	with := func(rule, expected string, found ...string) []reports.Finding {
		var all []reports.Finding
		for _, f := range found {
			all = append(all, reports.Finding{Subject: reports.Subject{Kind: "drive", UUID: example.Windows}, Rule: rule, Expected: expected, Found: f})
		}
		return all
	}
	long := strings.Repeat("0123456789 ", 30)
	for name, c := range map[string]struct {
		findings []reports.Finding
		want     string
	}{
		"a uuid":                 {with("no owner", "null", "owner: "+example.Windows), "no owner; expected null; found owner:"},
		"a uuid at once":         {with("no owner", "null", example.Windows), "no owner; expected null"},
		"an address":             {with("no owner", "", `"http://127.0.0.1:4242/"`), "no owner"},
		"a day":                  {with("no owner", "x", "since 2026-03-04T05:06:07Z"), "no owner; expected x; found since"},
		"findings that differ":   {with("no owner", "null", "owner: 12", "owner: 17"), "no owner; expected null; found owner:"},
		"nothing in common":      {with("no owner", "null", "a", "b"), "no owner; expected null"},
		"one says more":          {with("no owner", "null", "a", "a b"), "no owner; expected null; found a"},
		"a long value":           {with("no owner", "null", long), "no owner; expected null; found 0123456789"},
		"no rule":                {with("", "null", "a"), "expected null; found a"},
		"a uuid in the rule":     {with(example.Windows+" is there", "", "a"), ""},
		"quotes and backslash":   {with(`it's "so"`, `a\b`, "# no: comment"), `it's "so"; expected a\b; found # no: comment`},
		"letters beyond ASCII":   {with("ü", "", "né 1", "nè 2"), "ü"},
		"a control character":    {with("a\x1bb", "", ""), `a\x1bb`},
		"many ways":              {slices.Concat(with("a", "", ""), with("b", "", ""), with("c", "", ""), with("d", "", ""), with("e", "", ""), with("f", "", ""), with("g", "", "")), ""},
		"alike but for a uuid":   {slices.Concat(with("drive "+example.Windows, "", ""), with("drive "+strings.ToUpper(example.Windows), "", "")), "drive"},
		"one that can't be told": {slices.Concat(with("a", "", ""), with(example.Windows, "", "")), ""},
	} {
		r := example.MadeUp(t)
		r.Results = r.Results[4:5]
		r.Results[0].Findings = c.findings
		waivers := filledIn(t, drafted(t, r))
		if len(waivers) != 1 || !strings.HasPrefix(waivers[0].Match, c.want) || c.want == "" && waivers[0].Match != "" ||
			name != "a long value" && waivers[0].Match != c.want {
			t.Errorf("%s: the draft matches %+v, it should match %q", name, waivers, c.want)
		}
		r.Waive(waivers)
		if r.Results[0].Waived == nil {
			t.Errorf("%s: the draft does not match the failure that it was made from: %+v", name, r.Waivers)
		}
	}
}

func TestADraftOfNothing(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[:2] // one passes, one fails as an advisory
	if got := drafted(t, r); len(filledIn(t, got)) != 0 || !strings.Contains(got, "# Nothing that was asked for fails the run") {
		t.Errorf("where nothing fails the run, the draft should be an empty list that says so:\n%s", got)
	}
	none := example.Render(t, func(b *strings.Builder) error { return waivers.Draft(b, example.MadeUp(t), example.Few(t)) })
	if waivers := filledIn(t, none); len(waivers) != 0 {
		t.Errorf("what was not asked for should not be drafted: %+v", waivers)
	}
}

func TestADraftHoldsWhateverAnEndpointSays(t *testing.T) {
	for _, w := range filledIn(t, drafted(t, example.Attacked(t))) {
		if !strings.HasPrefix(w.Requirement, "DETAIL") && !strings.HasPrefix(w.Requirement, "OWNER") {
			t.Errorf("a hostile text became a waiver of its own: %+v", w)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := example.MadeUp(t)
		r.Results = r.Results[4:5]
		r.Results[0].Findings = []reports.Finding{{Subject: reports.InWords(rapid.String().Draw(rt, "subject")), Rule: rapid.String().Draw(rt, "rule"), Found: rapid.String().Draw(rt, "found")}}
		r.Waive(filledIn(t, drafted(t, r)))
		if r.Results[0].Waived == nil {
			rt.Errorf("the draft does not match the failure that it was made from: %+v", r.Waivers)
		}
	})
}
