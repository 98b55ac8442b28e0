package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// LicenceURI is the address of the licence in an entry of `licenses`, which says the licence itself or its address alone. It is
// empty where there is none.
func LicenceURI(entry gjson.Result) string {
	licence := entry.Get("license")
	if licence.Type == gjson.String {
		return licence.Str
	}
	return licence.Get("resource_uri").String()
}

// HasLicences reports whether a drive carries any.
func HasLicences(drive Drive) bool {
	list := drive.Field("licenses")
	return list.IsArray() && len(list.Array()) > 0
}

// LicenceNames says which licences a definition carries, by name and amount, in the order of the names, for people: what tells
// two licences from each other is their address.
func LicenceNames(definition gjson.Result) string {
	return licencesBy(definition, func(entry gjson.Result) string {
		return cmp.Or(entry.Get("license.name").String(), LicenceURI(entry))
	})
}

// licenceKeys says which licences a definition carries, by address and amount: two definitions carry the same licences if they
// say the same.
func licenceKeys(definition gjson.Result) string {
	return licencesBy(definition, func(entry gjson.Result) string {
		return cmp.Or(address(LicenceURI(entry)), entry.Get("license.name").String())
	})
}

// address is an address as it is compared: with its last slash and without it is the same.
func address(uri string) string { return strings.TrimSuffix(uri, "/") }

func licencesBy(definition gjson.Result, called func(entry gjson.Result) string) string {
	list := definition.Get("licenses")
	switch {
	case !list.IsArray():
		return "licenses: " + Clip(Show(list))
	case len(list.Array()) == 0:
		return "none"
	}
	var names []string
	for _, entry := range list.Array() {
		amount := Show(entry.Get("amount"))
		if n, whole := WholeNumber(entry.Get("amount")); whole {
			amount = fmt.Sprint(n)
		}
		name := called(entry)
		if name == "" {
			name = Clip(Show(entry))
		}
		names = append(names, fmt.Sprintf("%s × %s", name, amount))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// nestedFields are what a nested licence says of itself.
var nestedFields = [...]string{"resource_uri", "name", "long_name", "type", "user_metric", "burstable"}

// carriesLicencesOf reports whether a definition carries the licences of another: the same ones, each with its amount. Where both
// nest a licence, they say the same of it.
func carriesLicencesOf(v, source gjson.Result) bool {
	return licenceKeys(v) == licenceKeys(source) && len(nestedOtherwise(v, licencesByURI(source.Get("licenses").Array(), "license"), false)) == 0
}

// licencesByURI are licences by their addresses.
func licencesByURI(entries []gjson.Result, at string) map[string]gjson.Result {
	known := map[string]gjson.Result{}
	for _, entry := range entries {
		licence := entry
		if at != "" {
			licence = entry.Get(at)
		}
		if uri := licence.Get("resource_uri"); uri.Type == gjson.String {
			known[address(uri.Str)] = licence
		}
	}
	return known
}

// nestedOtherwise are the places in which a definition's nested licences say something else than is known of them. What is told
// briefly may leave fields out.
func nestedOtherwise(v gjson.Result, known map[string]gjson.Result, briefly bool) (found []reports.Difference) {
	for i, entry := range v.Get("licenses").Array() {
		licence := entry.Get("license")
		there, is := known[address(licence.Get("resource_uri").String())]
		if !is || !licence.IsObject() {
			continue
		}
		for _, field := range nestedFields {
			says, knows := licence.Get(field), there.Get(field)
			if field == "resource_uri" && says.Type == gjson.String && address(says.Str) == address(knows.String()) {
				continue
			}
			if knows.Exists() && (says.Exists() || !briefly) {
				found = compare(found, fmt.Sprintf("licenses[%d].license.%s", i, field), knows, says, nil)
			}
		}
	}
	return found
}

// nestedOtherwiseInXML is the same of what a definition in XML tells below an element, by the addresses of licences wherever they stand.
func nestedOtherwiseInXML(v gjson.Result, known map[string]gjson.Result) (found []reports.Difference) {
	if there, is := known[address(strings.TrimSpace(v.Get("resource_uri").String()))]; is && v.IsObject() {
		for _, field := range nestedFields[1:] {
			if says, knows := v.Get(field), there.Get(field); says.Exists() && knows.Exists() {
				found = unlikeInXML(found, "licenses: "+field, knows, says)
			}
		}
		return found
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			found = append(found, nestedOtherwiseInXML(inside, known)...)
			return true
		})
	}
	return found
}

// NestAsListed matches a definition whose nested licences say the same as the list of licences says of them.
func NestAsListed(licences List) types.GomegaMatcher {
	known := licencesListed(licences)
	return nesting(licences, func(v gjson.Result) []reports.Difference { return nestedOtherwise(v, known, false) })
}

// NestNothingElse is NestAsListed as far as the definition tells anything of a licence.
func NestNothingElse(licences List) types.GomegaMatcher {
	known := licencesListed(licences)
	return nesting(licences, func(v gjson.Result) []reports.Difference { return nestedOtherwise(v, known, true) })
}

// NestNothingElseInXML is NestNothingElse of a definition in XML.
func NestNothingElseInXML(licences List) types.GomegaMatcher {
	known := licencesListed(licences)
	return nesting(licences, func(v gjson.Result) []reports.Difference { return nestedOtherwiseInXML(v.Get("licenses"), known) })
}

func nesting(licences List, differences func(v gjson.Result) []reports.Difference) types.GomegaMatcher {
	return match{
		expected: "licences as in " + licences.Name,
		holds:    func(v gjson.Result) bool { return len(differences(v)) == 0 },
		differs:  differences,
	}
}

// licencesListed are the licences of a list by their addresses.
func licencesListed(licences List) map[string]gjson.Result {
	var listed []gjson.Result
	for _, licence := range licences.Drives {
		listed = append(listed, licence.JSON())
	}
	return licencesByURI(listed, "")
}

// licenceRow is a step of a scenario at which licences are shown, or could be.
type licenceRow struct {
	step   string
	shown  string // the licences, or why none are to be seen
	differ bool   // from those of the library drive
	drive  Drive  // whose definition shows them
}

// licenceRows are the steps of a scenario that show the licences of the clone, in the order in which they were taken. Each is
// compared with the library drive.
func (s Scenario) licenceRows(source Drive, taken []steps.Step) []licenceRow {
	var rows []licenceRow
	for _, step := range taken {
		a, there := s.Taken(step)
		if !there {
			continue
		}
		if found, is := s.foundAfter(step, a); is {
			a = found
		}
		row := licenceRow{step: string(step)}
		drive, defined := a.Defines()
		switch {
		case a.Incomplete() != "":
			row.shown = "(" + a.Exchange.Failure + ")"
		case !a.Welcome():
			row.shown = fmt.Sprintf("(answered %d)", a.Status())
		case !defined:
			row.shown = fmt.Sprintf("(answered %d, without a definition)", a.Status())
		default:
			row = licencesShown(string(step), drive, source)
		}
		rows = append(rows, row)
	}
	return rows
}

// licencesShown is a row of the licences that a definition shows. Where they are others of the same names, it shows the
// addresses.
func licencesShown(step string, drive, source Drive) licenceRow {
	row := licenceRow{step: step, drive: drive, shown: LicenceNames(drive.JSON()), differ: !carriesLicencesOf(drive.JSON(), source.JSON())}
	if row.differ && row.shown == LicenceNames(source.JSON()) {
		if nested := nestedOtherwise(drive.JSON(), licencesByURI(source.JSON().Get("licenses").Array(), "license"), false); len(nested) > 0 {
			row.shown += fmt.Sprintf(" (%s is %s, not %s)", nested[0].Path, nested[0].Found, nested[0].Expected)
			return row
		}
		row.shown = licenceKeys(drive.JSON()) + ", not " + licenceKeys(source.JSON())
	}
	return row
}

// licensed is a scenario of the clone of a licensed library drive.
type licensed struct {
	Scenario Scenario
	source   Drive
	relies   []string
}

// LicensedClone is the scenario of the clone of the drive with the most licences. Where the library has none with any, the
// spec is skipped.
func (lib *Library) LicensedClone() licensed {
	return LicensedCloneOf(lib.Scenario(steps.LicensedClone), steps.SourceBefore)
}

// LicensedCloneOf is another scenario of a clone of a licensed library drive, which it shows at the step.
func LicensedCloneOf(scenario Scenario, source steps.Step) licensed {
	drive := scenario.Source(source)
	if LicenceNames(drive.JSON()) == "none" {
		if text := scenario.refusedBefore(steps.Clone); text != "" {
			scenario.lib.Block("", "%s", text)
			scenario.lib.stop()
		}
		scenario.lib.Lack(sourceFields[:], "the library has no disk with licences")
	}
	return licensed{Scenario: scenario, source: drive}
}

// CarriesLicences reports whether the clone carries at a step the licences of the library drive that the scenario shows at another: what
// it never had it can't lose.
func (s Scenario) CarriesLicences(at, source steps.Step) bool {
	answer, taken := s.Taken(at)
	if !taken {
		return false
	}
	carries, err := CarryLicencesOf(s.Source(source)).Match(DriveOf(answer.JSON(), answer.Exchange))
	return err == nil && carries
}

// Relying is the same scenario, where a failure says nothing new if one of the requirements fails.
func (l licensed) Relying(ids ...string) licensed {
	l.relies = ids
	return l
}

// Keeps asserts that the definitions at the steps carry the licences of the library drive. Edits that were refused show
// none and accuse nobody, but what is got after them must be there. A failure shows the licences step by step.
func (l licensed) Keeps(rule string, at ...steps.Step) {
	for _, step := range at {
		// A look at the job is not always taken, nor is an edit that the library has no second licence for.
		if step.Position().Part != steps.DriveLook && (step == at[0] || step == at[len(at)-1] || l.Scenario.Took(step)) {
			l.Scenario.reached(step)
		}
	}
	l.judge(rule, l.Scenario.licenceRows(l.source, at))
}

// Expect asserts it of one more definition.
func (l licensed) Expect(rule string, drive Drive) {
	l.judge(rule, []licenceRow{licencesShown(string(steps.DetailEntry), drive, l.source)})
}

func (l licensed) judge(rule string, rows []licenceRow) {
	judged := slices.IndexFunc(rows, func(row licenceRow) bool { return row.drive.From != nil })
	if judged < 0 {
		return
	}
	at := rows[judged].drive
	if wrong := slices.IndexFunc(rows, func(row licenceRow) bool { return row.differ }); wrong >= 0 {
		at = rows[wrong].drive
	}
	at.Kind = "clone"
	var before []licenceRow
	if !slices.ContainsFunc(rows, func(row licenceRow) bool { return row.step == string(steps.CloneDone) }) {
		before = l.Scenario.licenceRows(l.source, []steps.Step{steps.CloneDone})
	}
	l.Scenario.lib.Expect(at).RelyingOn(l.relies...).To(keepLicences{l.source, before, rows}, rule)
}

// reached ends the spec unless the scenario came to a step that shows licences, or was refused it.
func (s Scenario) reached(step steps.Step) {
	a := s.Step(step)
	edit := a.Exchange.Request.Method != http.MethodGet && a.Incomplete() == "" && a.Status() >= 400 && a.Status() < 500
	if found, is := s.foundAfter(step, a); is {
		a = found
	}
	if !edit && !s.lib.shownAfter(a.Exchange) {
		s.lib.Require(a)
	}
}

// DriveLooks are the looks at the drive that a job makes: while the job runs, and the last one.
func (s Scenario) DriveLooks(job steps.Step) []steps.Step {
	var looks []steps.Step
	for n := range s.Polls(job) {
		looks = append(looks, job.DriveLook(n+1))
	}
	return append(looks, job.LastDriveLook())
}

// keepLicences matches where no row differs.
type keepLicences struct {
	source       Drive
	before, rows []licenceRow
}

func (m keepLicences) Match(any) (bool, error) {
	return !slices.ContainsFunc(m.rows, func(row licenceRow) bool { return row.differ }), nil
}

func (m keepLicences) explain(any) reports.Finding {
	return inWords(LicenceNames(m.source.JSON()), m.table())
}

func (m keepLicences) against() *evidence.Exchange { return m.source.From }

func (m keepLicences) FailureMessage(actual any) string { return message(m, actual) }

func (m keepLicences) NegatedFailureMessage(any) string {
	return "expected other licences at some step"
}

// table shows the licences step by step; looks at a job that show the same are one row.
func (m keepLicences) table() string {
	rows := append([]licenceRow{{step: "library drive", shown: LicenceNames(m.source.JSON())}}, m.before...)
	rows = append(rows, m.rows...)
	var short []licenceRow
	for _, row := range rows {
		if at := steps.Step(row.step).Position(); at.Part == steps.DriveLook && at.Nth > 0 {
			row.step = "while its job runs"
		}
		if n := len(short); n > 0 && short[n-1].step == row.step && short[n-1].shown == row.shown {
			continue
		}
		short = append(short, row)
	}
	widest := 0
	for _, row := range short {
		widest = max(widest, len(row.step))
	}
	var lines []string
	for _, row := range short {
		mark := "  "
		if row.differ {
			mark = "✗ "
		}
		lines = append(lines, fmt.Sprintf("%s%-*s  %s", mark, widest, row.step, row.shown))
	}
	return strings.Join(lines, "\n")
}
