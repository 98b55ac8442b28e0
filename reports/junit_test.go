package reports_test

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

func tree(t testing.TB, document string) *node {
	t.Helper()
	root, err := parseXML(document)
	if err != nil {
		t.Fatalf("the JUnit report must be well-formed XML 1.0: %v", err)
	}
	return root
}

// everything is a report that selects the whole catalogue, with verdicts in turn.
func everything(t testing.TB, findings int) *reports.Report {
	r := madeUp(t)
	r.Results = nil
	for i, requirement := range catalogue(t).All() {
		result := reports.Result{Requirement: requirement, Duration: time.Duration(i) * 777 * time.Microsecond, Subjects: findings, Reason: "why"}
		result.Verdict = []reports.Verdict{reports.Pass, reports.Fail, reports.Skip, reports.Blocked}[i%4]
		result.Gated = i%3 != 0
		if findings > 0 {
			result.Verdict = reports.Fail
		}
		for j := range findings {
			f := owned(j + 1)
			f.Found += strings.Repeat(" and so on", 30)
			result.Findings = append(result.Findings, f)
		}
		r.Results = append(r.Results, result)
	}
	return r
}

func TestJUnitIsValidAgainstBothSchemas(t *testing.T) {
	for name, report := range map[string]*reports.Report{
		"made up": madeUp(t), "hostile": attacked(t), "whole catalogue": everything(t, 0), "nothing selected": {},
	} {
		root := tree(t, junit(t, report))
		if found := root.violations(ant); len(found) > 0 {
			t.Errorf("%s: Ant's schema refuses the report: %s", name, strings.Join(found, "; "))
		}
		if found := root.violations(jenkins); len(found) > 0 {
			t.Errorf("%s: the Jenkins schema refuses the report: %s", name, strings.Join(found, "; "))
		}
	}
}

func TestTheSchemaRulesRefuseWhatTheSchemasRefuse(t *testing.T) {
	good := junit(t, madeUp(t))
	for what, c := range map[string]struct {
		old, new string
		schema   map[string]form
	}{
		"totals on testsuites":        {`<testsuites>`, `<testsuites tests="9">`, ant},
		"an advisory's system-out":    {`</skipped>`, `</skipped><system-out/>`, ant},
		"no hostname":                 {` hostname="localhost"`, ``, ant},
		"a zone in timestamp":         {`06:07"`, `06:07Z"`, ant},
		"a failure without type":      {` type="must"`, ``, ant},
		"system-err first":            {`<system-out/>`, `<system-err/><system-out/>`, ant},
		"a time with exponent":        {`time="0.001" timestamp`, `time="1e-3" timestamp`, jenkins},
		"a negative time":             {`time="0.001" timestamp`, `time="-0.001" timestamp`, jenkins},
		"an attribute of skipped":     {`<skipped `, `<skipped level="must" `, jenkins},
		"an element within a failure": {`</failure>`, `<b/></failure>`, ant},
	} {
		if !strings.Contains(good, c.old) {
			t.Errorf("%s: the report no longer holds %q, so this case checks nothing", what, c.old)
		}
		bad := strings.ReplaceAll(good, c.old, c.new)
		if len(tree(t, bad).violations(c.schema)) == 0 {
			t.Errorf("the rules accept %s, the schema does not: the check of the reports would prove nothing", what)
		}
	}
}

func TestJUnitTellsEveryRequirementOnceInOrderAndItsCountsAddUp(t *testing.T) {
	root := tree(t, junit(t, everything(t, 0)))
	var got []string
	for _, c := range root.named("testcase") {
		id, _, _ := strings.Cut(c.attributes["name"], ": ")
		got = append(got, id)
		if area, _, _ := strings.Cut(id, "-"); c.attributes["classname"] != "libdrives."+area {
			t.Errorf("%s has classname %q, it should be its area's", id, c.attributes["classname"])
		}
	}
	var want, areas []string
	for _, r := range catalogue(t).All() {
		want = append(want, r.ID)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the cases are %v, every selected requirement should be there once, in catalogue order", got)
	}
	for i, s := range root.named("testsuite") {
		areas = append(areas, s.attributes["name"])
		if s.attributes["id"] != strconv.Itoa(i) {
			t.Errorf("suite %d has id %s, ids count from 0", i, s.attributes["id"])
		}
		sum := 0.0
		for _, c := range s.named("testcase") {
			seconds, err := strconv.ParseFloat(c.attributes["time"], 64)
			if err != nil || len(c.attributes["time"]) != len("0.000") {
				t.Errorf("a case has time %q, it should be seconds with three decimals", c.attributes["time"])
			}
			sum += seconds
		}
		if total, _ := strconv.ParseFloat(s.attributes["time"], 64); math.Abs(total-sum) > 1e-9 {
			t.Errorf("suite %s has time %s and its cases add up to %.3f", s.attributes["name"], s.attributes["time"], sum)
		}
		for attribute, number := range map[string]int{
			"tests": len(s.named("testcase")), "failures": len(s.named("failure")), "skipped": len(s.named("skipped")), "errors": 0,
		} {
			if s.attributes[attribute] != strconv.Itoa(number) {
				t.Errorf("suite %s has %s=%s and holds %d", s.attributes["name"], attribute, s.attributes[attribute], number)
			}
		}
	}
	if len(areas) != 17 || areas[0] != "libdrives.LIST" || areas[16] != "libdrives.ROBUST" {
		t.Errorf("the suites are %v, there should be one for each of the 17 areas, in catalogue order", areas)
	}
}

func TestJUnitByVerdict(t *testing.T) {
	r := madeUp(t)
	document := junit(t, r)
	for what, want := range map[string]string{
		"pass": `<testcase name="LIST-01: GET /libdrives/ answers 200." classname="libdrives.LIST" time="0.001"/>`,
		"fail": `<failure message="/libdrives/detail/; both lists are the same; expected 0 drives; found 1 drive and more" ` +
			`type="must">DETAIL-02  must   Detailed listing`,
		"advisory":          `<skipped message="advisory: drive 1 &quot;Debian&quot;; every field is there; found no os">LIST-04  should`,
		"skip":              `<skipped message="the library has no CDROM"/>`,
		"blocked":           `<skipped message="blocked: the clone never ended (CLONE-01 has to hold first)"/>`,
		"several findings":  `(and 3 more)"`,
		"unstable":          `<system-out>DETAIL-02: unstable: drive 2: not in the second list`,
		"remarks":           "<system-err>warning: the certificate was not checked\nunstable: the run saw drive 9 come and go</system-err>",
		"suite":             `<testsuite name="libdrives.LIC" package="libdrives" id="4" tests="3" failures="0" errors="0" skipped="3" time="0.003" timestamp="2026-03-04T04:06:07" hostname="localhost">`,
		"the curl line":     `repeat    curl -sS -u "$LIBDRIVES_USERNAME:$LIBDRIVES_PASSWORD"`,
		"the answer's body": `&lt; {"owner": {"uuid": "5b4a0000"`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("%s: the report should hold\n%s\nit is\n%s", what, want, document)
		}
	}
	if document != junit(t, r) {
		t.Error("two reports of one run differ: pipelines compare them")
	}
	if strings.Count(document, "certificate") != 1 {
		t.Error("a remark on the run should be told once, not in every suite")
	}
}

func TestJUnitReplacesWhatXMLCannotHold(t *testing.T) {
	r := madeUp(t)
	r.Results = r.Results[:1]
	r.Results[0].Requirement.Area = "A\x00\x1b\xff\uffff\"<&>\u00e9\U0001F600"
	got := tree(t, junit(t, r)).named("testsuite")[0].attributes["name"]
	if want := "libdrives.A\ufffd\ufffd\ufffd\ufffd\"<&>\u00e9\U0001F600"; got != want {
		t.Errorf("a hostile name comes out as %q, it should be %q: what XML has no place for is replaced, all else kept", got, want)
	}
	for _, c := range junit(t, attacked(t)) {
		if c < ' ' && c != '\n' || 0x7f <= c && c < 0xa0 || c == '\u202e' {
			t.Fatalf("the report holds %U: a control character from the endpoint reaches whoever shows the file", c)
		}
	}
}

func TestJUnitKeepsResultsOfUnknownAreasAndVerdicts(t *testing.T) {
	r := madeUp(t)
	r.Areas = nil
	r.Results = append(r.Results, reports.Result{Requirement: requirement.Requirement{ID: "NEW-01", Area: "NEW"}})
	root := tree(t, junit(t, r))
	if got := len(root.named("testcase")); got != len(r.Results) {
		t.Errorf("%d cases for %d results: nothing that was selected may be missing", got, len(r.Results))
	}
	if skipped := root.named("skipped"); !strings.HasPrefix(skipped[len(skipped)-1].attributes["message"], "blocked: ") {
		t.Error("a requirement without a verdict must not look as if it passed")
	}
}

func TestJUnitStaysSmallWhereEverythingIsWrong(t *testing.T) {
	document := junit(t, everything(t, 120))
	if most := 143 * 64 << 10; len(document) > most {
		t.Errorf("17,160 findings make a report of %d bytes, it should stay below %d", len(document), most)
	}
	if !strings.Contains(document, "70 more findings not told one by one") {
		t.Error("findings that are left out must be counted")
	}
}

// failing is a writer that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWritersReportWriteErrors(t *testing.T) {
	r := attacked(t)
	for name, err := range map[string]error{
		"JUnit":   reports.JUnit(failing{}, r),
		"Text":    reports.Text(failing{}, r, reports.TextOptions{}),
		"List":    reports.List(failing{}, "json", catalogue(t).All()),
		"Explain": reports.Explain(failing{}, reports.Explanation{}),
	} {
		if err == nil {
			t.Errorf("%s swallowed the error of a full disk: a report that is missing must be noticed", name)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	r := everything(b, 100)
	for name, write := range map[string]func() error{
		"JUnit":   func() error { return reports.JUnit(io.Discard, r) },
		"Text":    func() error { return reports.Text(io.Discard, r, reports.TextOptions{}) },
		"Verbose": func() error { return reports.Text(io.Discard, r, reports.TextOptions{Verbose: true}) },
	} {
		b.Run(fmt.Sprintf("%s/143x100", name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(); err != nil {
					b.Fatalf("writing to nowhere must not fail: %v", err)
				}
			}
		})
	}
}
