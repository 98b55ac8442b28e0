package suites

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// licenceNames says which licences a definition carries, by name and amount, in the order of the names: two definitions
// carry the same licences if they say the same.
func licenceNames(definition gjson.Result) string {
	list := definition.Get("licenses")
	switch {
	case !list.IsArray():
		return "licenses: " + clip(show(list))
	case len(list.Array()) == 0:
		return "none"
	}
	var names []string
	for _, entry := range list.Array() {
		amount := show(entry.Get("amount"))
		if n, whole := wholeNumber(entry.Get("amount")); whole {
			amount = fmt.Sprint(n)
		}
		name := entry.Get("license.name").String()
		if name == "" {
			name = clip(show(entry))
		}
		names = append(names, fmt.Sprintf("%s × %s", name, amount))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// licenceRow is a step of a story at which licences are shown, or could be.
type licenceRow struct {
	step   string
	shown  string // the licences, or why none are to be seen
	differ bool   // from those of the library drive
	drive  Drive  // whose definition shows them
}

// licenceRows are the steps of a story that show the licences of the clone, in the order in which they were taken. Each is
// compared with the library drive.
func (s Story) licenceRows(source Drive, steps []string) []licenceRow {
	var rows []licenceRow
	for _, step := range steps {
		a, taken := s.taken(step)
		if !taken {
			continue
		}
		row := licenceRow{step: step}
		drive, defined := a.defines()
		switch {
		case a.incomplete() != "":
			row.shown = "(" + a.exchange.Failure + ")"
		case !a.welcome():
			row.shown = fmt.Sprintf("(answered %d)", a.Status())
		case !defined:
			row.shown = fmt.Sprintf("(answered %d, without a definition)", a.Status())
		default:
			row.drive, row.shown = drive, licenceNames(drive.JSON)
			row.differ = row.shown != licenceNames(source.JSON)
		}
		rows = append(rows, row)
	}
	return rows
}

// licensed is a story of the clone of a licensed library drive.
type licensed struct {
	story  Story
	source Drive
	relies []string
}

// licensedClone is the story of the clone of the drive with the most licences. Where the library has none with any, the
// spec is skipped.
func (lib *Library) licensedClone() licensed {
	return licensedCloneOf(lib.Story(licensedClone), "source before")
}

func licensedCloneOf(story Story, source string) licensed {
	drive := story.source(source)
	if licenceNames(drive.JSON) == "none" {
		story.lib.Skip("the library has no disk with licences")
	}
	return licensed{story: story, source: drive}
}

// relying is the same story, where a failure says nothing new if one of the requirements fails.
func (l licensed) relying(ids ...string) licensed {
	l.relies = ids
	return l
}

// keeps asserts that the definitions at the steps carry the licences of the library drive. Edits that were refused show
// none and accuse nobody, but what is got after them must be there. A failure shows the licences step by step.
func (l licensed) keeps(rule string, steps ...string) {
	for _, step := range steps {
		// A look at the job is not always taken, nor is an edit that the library has no second licence for.
		if !polled.MatchString(step) && (step == steps[0] || step == steps[len(steps)-1] || l.story.Took(step)) {
			l.story.reached(step)
		}
	}
	l.judge(rule, l.story.licenceRows(l.source, steps))
}

// expect asserts it of one more definition.
func (l licensed) expect(rule string, drive Drive) {
	shown := licenceNames(drive.JSON)
	l.judge(rule, []licenceRow{{"detail entry", shown, shown != licenceNames(l.source.JSON), drive}})
}

func (l licensed) judge(rule string, rows []licenceRow) {
	judged := slices.IndexFunc(rows, func(row licenceRow) bool { return row.drive.from != nil })
	if judged < 0 {
		return
	}
	at := rows[judged].drive
	if wrong := slices.IndexFunc(rows, func(row licenceRow) bool { return row.differ }); wrong >= 0 {
		at = rows[wrong].drive
	}
	at.kind = "clone"
	var before []licenceRow
	if !slices.ContainsFunc(rows, func(row licenceRow) bool { return row.step == "clone done" }) {
		before = l.story.licenceRows(l.source, []string{"clone done"})
	}
	l.story.lib.Expect(at).RelyingOn(l.relies...).To(keepLicences{l.source, before, rows}, rule)
}

// reached ends the spec unless the story came to a step that shows licences, or was refused it.
func (s Story) reached(step string) {
	a := s.Step(step)
	edit := a.exchange.Request.Method != http.MethodGet && a.incomplete() == "" && a.Status() >= 400 && a.Status() < 500
	if !edit {
		s.lib.Require(a)
	}
}

// pollSteps are the names of the looks at the drive that a job makes.
func (s Story) pollSteps(step string) []string {
	steps := make([]string, len(s.polls(step)))
	for i := range steps {
		steps[i] = fmt.Sprintf("%s poll %d drive", step, i+1)
	}
	return steps
}

// keepLicences matches where no row differs.
type keepLicences struct {
	source       Drive
	before, rows []licenceRow
}

func (m keepLicences) Match(any) (bool, error) {
	return !slices.ContainsFunc(m.rows, func(row licenceRow) bool { return row.differ }), nil
}

func (m keepLicences) explain(any) (expected, found string) {
	return licenceNames(m.source.JSON), m.table()
}

func (m keepLicences) against() *evidence.Exchange { return m.source.from }

func (m keepLicences) FailureMessage(any) string {
	return "expected " + licenceNames(m.source.JSON) + " at every step:\n" + m.table()
}

func (m keepLicences) NegatedFailureMessage(any) string {
	return "expected other licences at some step"
}

// table shows the licences step by step; looks at a job that show the same are one row.
func (m keepLicences) table() string {
	rows := append([]licenceRow{{step: "library drive", shown: licenceNames(m.source.JSON)}}, m.before...)
	rows = append(rows, m.rows...)
	var short []licenceRow
	for _, row := range rows {
		if polled.MatchString(row.step) && strings.Contains(row.step, " poll ") {
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
