package junit_test

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/junit"
	"github.com/libdrives/conformance/reports/text"
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

func TestJUnitIsValidAgainstBothSchemas(t *testing.T) {
	for name, report := range map[string]*reports.Report{
		"made up": example.MadeUp(t), "hostile": example.Attacked(t), "planned": example.Planned(t), "whole catalogue": example.Everything(t, 0), "nothing selected": {},
	} {
		root := tree(t, junitOf(t, report))
		if found := root.violations(ant); len(found) > 0 {
			t.Errorf("%s: Ant's schema refuses the report: %s", name, strings.Join(found, "; "))
		}
		if found := root.violations(jenkins); len(found) > 0 {
			t.Errorf("%s: the Jenkins schema refuses the report: %s", name, strings.Join(found, "; "))
		}
	}
}

func TestTheSchemaRulesRefuseWhatTheSchemasRefuse(t *testing.T) {
	good := junitOf(t, example.MadeUp(t))
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
	root := tree(t, junitOf(t, example.Everything(t, 0)))
	var got []string
	for _, c := range root.Named("testcase") {
		id, _, _ := strings.Cut(c.Attributes["name"], ": ")
		got = append(got, id)
		if area, _, _ := strings.Cut(id, "-"); c.Attributes["classname"] != "libdrives."+area {
			t.Errorf("%s has classname %q, it should be its area's", id, c.Attributes["classname"])
		}
	}
	var want, areas []string
	for _, r := range example.Catalogue(t).All() {
		want = append(want, r.ID)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the cases are %v, every selected requirement should be there once, in catalogue order", got)
	}
	for i, s := range root.Named("testsuite") {
		areas = append(areas, s.Attributes["name"])
		if s.Attributes["id"] != strconv.Itoa(i) {
			t.Errorf("suite %d has id %s, ids count from 0", i, s.Attributes["id"])
		}
		sum := 0.0
		for _, c := range s.Named("testcase") {
			seconds, err := strconv.ParseFloat(c.Attributes["time"], 64)
			if err != nil || len(c.Attributes["time"]) != len("0.000") {
				t.Errorf("a case has time %q, it should be seconds with three decimals", c.Attributes["time"])
			}
			sum += seconds
		}
		if total, _ := strconv.ParseFloat(s.Attributes["time"], 64); math.Abs(total-sum) > 1e-9 {
			t.Errorf("suite %s has time %s and its cases add up to %.3f", s.Attributes["name"], s.Attributes["time"], sum)
		}
		for attribute, number := range map[string]int{
			"tests": len(s.Named("testcase")), "failures": len(s.Named("failure")), "skipped": len(s.Named("skipped")), "errors": 0,
		} {
			if s.Attributes[attribute] != strconv.Itoa(number) {
				t.Errorf("suite %s has %s=%s and holds %d", s.Attributes["name"], attribute, s.Attributes[attribute], number)
			}
		}
	}
	if len(areas) != 17 || areas[0] != "libdrives.LIST" || areas[16] != "libdrives.ROBUST" {
		t.Errorf("the suites are %v, there should be one for each of the 17 areas, in catalogue order", areas)
	}
}

func TestJUnitByVerdict(t *testing.T) {
	r := example.MadeUp(t)
	document := junitOf(t, r)
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
	if document != junitOf(t, r) {
		t.Error("two reports of one run differ: pipelines compare them")
	}
	if strings.Count(document, "certificate") != 1 {
		t.Error("a remark on the run should be told once, not in every suite")
	}
}

func TestJUnitReplacesWhatXMLCannotHold(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[:1]
	r.Results[0].Requirement.Area = "A\x00\x1b\xff\uffff\"<&>\u00e9\U0001F600"
	got := tree(t, junitOf(t, r)).Named("testsuite")[0].Attributes["name"]
	if want := "libdrives.A\ufffd\ufffd\ufffd\ufffd\"<&>\u00e9\U0001F600"; got != want {
		t.Errorf("a hostile name comes out as %q, it should be %q: what XML has no place for is replaced, all else kept", got, want)
	}
	for _, c := range junitOf(t, example.Attacked(t)) {
		if c < ' ' && c != '\n' || 0x7f <= c && c < 0xa0 || c == '\u202e' {
			t.Fatalf("the report holds %U: a control character from the endpoint reaches whoever shows the file", c)
		}
	}
}

func TestJUnitKeepsResultsOfUnknownAreasAndVerdicts(t *testing.T) {
	r := example.MadeUp(t)
	r.Areas = nil
	r.Results = append(r.Results, reports.Result{Requirement: requirement.Requirement{ID: "NEW-01", Area: "NEW"}})
	root := tree(t, junitOf(t, r))
	if got := len(root.Named("testcase")); got != len(r.Results) {
		t.Errorf("%d cases for %d results: nothing that was selected may be missing", got, len(r.Results))
	}
	if skipped := root.Named("skipped"); !strings.HasPrefix(skipped[len(skipped)-1].Attributes["message"], "blocked: ") {
		t.Error("a requirement without a verdict must not look as if it passed")
	}
}

func TestJUnitStaysSmallWhereEverythingIsWrong(t *testing.T) {
	document := junitOf(t, example.Everything(t, 120))
	if most := 171 * 64 << 10; len(document) > most {
		t.Errorf("17,160 findings make a report of %d bytes, it should stay below %d", len(document), most)
	}
	if !strings.Contains(document, "70 more findings not listed one by one") {
		t.Error("findings that are left out must be counted")
	}
}

func TestWritersReportWriteErrors(t *testing.T) {
	r := example.Attacked(t)
	for name, err := range map[string]error{
		"JUnit":   junit.Write(example.FullDisk{}, r),
		"Text":    text.Write(example.FullDisk{}, r, text.Options{}),
		"List":    json.WriteList(example.FullDisk{}, example.Catalogue(t).All()),
		"Explain": text.Explain(example.FullDisk{}, text.Explanation{}),
	} {
		if err == nil {
			t.Errorf("%s swallowed the error of a full disk: a report that is missing must be noticed", name)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	r := example.Everything(b, 100)
	for name, write := range map[string]func() error{
		"JUnit":   func() error { return junit.Write(io.Discard, r) },
		"Text":    func() error { return text.Write(io.Discard, r, text.Options{}) },
		"Verbose": func() error { return text.Write(io.Discard, r, text.Options{Verbose: true}) },
	} {
		b.Run(fmt.Sprintf("%s/171x100", name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(); err != nil {
					b.Fatalf("writing to nowhere must not fail: %v", err)
				}
			}
		})
	}
}

func junitOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return junit.Write(b, r) })
}
