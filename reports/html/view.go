package html

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/page"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// htmlView is what the page shows, in its order.
type htmlView struct {
	page.Assets
	Title      string
	State      string // good, bad or unsure
	Sign       string
	Conclusion string
	Harm       []string // before anything else
	Why        []string
	FailedIDs  []string // those that fail the run, the first of them
	Start      string   // the command that serves the embedded endpoint once more, where something failed
	MoreFailed int
	Target     string
	Embedded   bool
	Tally      []htmlTally
	Bar        []htmlBar
	Notices    []htmlNotice
	Facts      []htmlFact
	Sections   []htmlSection
	Groups     []htmlGroup
	Total      int
	Failing    int
	Levels     []string
	htmlRun

	r       *reports.Report
	layouts layouts
	anchors map[string]bool
	present map[string]bool // the requirements that are on the page
	shared  map[string]reports.Shared
}

// htmlKind is a verdict as the page tells it: a failure that counts, one above the gate and one that is waived are reported
// apart. A sign and a word stand for it everywhere, so that no colour has to be seen.
type htmlKind struct{ Name, Sign, Word, Anchor, Title, Note string }

func htmlKinds() []htmlKind {
	return []htmlKind{
		{"fail", "✗", "failed", "failed", "Failed", ""},
		{"advisory", "△", "advisory", "advisories", "Advisories", "They fail, but lie above the gate and do not fail the run."},
		{"waived", "≈", "waived", "waived", "Waived", "They fail, and a waiver says why this is put up with for now."},
		{"blocked", "⊘", "blocked", "blocked", "Blocked", "Not judged, because something that they build on failed."},
		{"skip", "–", "skipped", "skipped", "Skipped", "Not judged, because the endpoint has no material for them."},
		{"pass", "✓", "passed", "passed", "Passed", ""},
	}
}

// htmlTally is how many requirements are of a kind.
type htmlTally struct {
	htmlKind
	Count int
}

// htmlBar is a part of the bar that shows the tally, in thousandths of its length.
type htmlBar struct {
	Name        string
	From, Width int
}

// htmlNotice is what a reader must not miss.
type htmlNotice struct {
	State  string // bad or unsure
	Title  string
	Lines  []string
	Anchor string // where there is more of it
}

// htmlFact is a line of the configuration.
type htmlFact struct{ Name, Value string }

// htmlSection is a row of the matrix.
type htmlSection struct {
	Area, Title, Summary string
	Chips                []htmlChip
}

// htmlChip is a requirement in the matrix.
type htmlChip struct{ ID, Number, Kind, Sign, Word, States string }

func newHTMLView(r *reports.Report) (*htmlView, error) {
	assets, err := page.NewAssets(htmlFiles,
		[]string{"page/page.css", "page/requirements.css", "page/evidence.css", "page/print.css"},
		[]string{"page/filter.js", "page/links.js", "page/copy.js"})
	if err != nil {
		return nil, err
	}
	v := &htmlView{
		Assets: assets, Target: show.Brief(r.Target, 4*show.MostWidth), Embedded: r.Embedded, Total: len(r.Results),
		r: r, layouts: layouts{left: mostToLay}, anchors: map[string]bool{}, present: map[string]bool{}, shared: r.Shared(),
	}
	for _, result := range r.Results {
		v.present[result.Requirement.ID] = true
	}
	v.htmlRun = newHTMLRun(r, v.present)
	v.conclude()
	v.Notices, v.Facts = notices(r), facts(r)
	v.sections()
	v.groups()
	return v, nil
}

// mostFailedIDs are named in the head of the page: more are not taken in at a glance.
const mostFailedIDs = 24

// conclude says whether the endpoint conforms, and what counted.
func (v *htmlView) conclude() {
	v.Conclusion = show.Brief(v.r.Conclusion(), 2*show.MostWidth)
	v.Title = v.Conclusion + ": " + show.Brief(v.r.Target, show.MostWidth)
	if v.r.Incomplete != "" && v.r.ExitCode() == reports.ExitIncomplete {
		v.Conclusion = "incomplete" // why is said below
	}
	v.Conclusion = strings.ToUpper(v.Conclusion[:1]) + v.Conclusion[1:]
	switch v.r.ExitCode() {
	case reports.ExitConforms:
		v.State, v.Sign = "good", "✓"
	case reports.ExitDoesNot:
		v.State, v.Sign = "bad", "✗"
	default:
		v.State, v.Sign = "unsure", "!"
	}
	counts := map[string]int{}
	for _, result := range v.r.Results {
		counts[result.Kind()]++
		if result.Verdict == reports.Fail {
			v.Failing++
		}
		switch {
		case !result.FailsTheRun():
		case len(v.FailedIDs) < mostFailedIDs:
			v.FailedIDs = append(v.FailedIDs, result.Requirement.ID)
		default:
			v.MoreFailed++
		}
	}
	from := 0
	for _, kind := range htmlKinds() {
		n := counts[kind.Name]
		v.Tally = append(v.Tally, htmlTally{kind, n})
		if n > 0 {
			to := from + n
			at := 1000 * from / v.Total
			v.Bar = append(v.Bar, htmlBar{kind.Name, at, 1000*to/v.Total - at})
			from = to
		}
	}
	if v.Failing > 0 {
		v.Start = show.Brief(v.r.Start(), 4*show.MostWidth)
	}
	v.Why = why(v.r)
	v.Harm = v.r.HarmLines()
	for _, level := range requirement.Levels() {
		if slices.ContainsFunc(v.r.Results, func(r reports.Result) bool { return r.Requirement.Level == level }) {
			v.Levels = append(v.Levels, string(level))
		}
	}
}

// why is what the conclusion rests on, a sentence each.
func why(r *reports.Report) []string {
	c := r.Counts()
	var why []string
	if n := c.Failed(); n > 0 {
		why = append(why, fmt.Sprintf("%s within the gate (%s) failed.", show.Plural(n, "requirement"), r.Configuration.Level))
	}
	if broken := show.Count(r.Waivers, reports.WaiverOutcome.Fails); broken > 0 {
		why = append(why, show.Plural(broken, "waiver")+" no longer right.")
	}
	if r.Baseline.Fails() {
		why = append(why, "It got worse than in the earlier report.")
	}
	if r.Incomplete != "" {
		why = append(why, "The run did not come to its end.")
	}
	if c.Blocked > 0 {
		why = append(why, show.Plural(c.Blocked, "requirement")+" could not be judged.")
	}
	if c.Failed() == 0 && c.Advisory > 0 {
		why = append(why, show.Plural(c.Advisory, "failure")+" above the gate: see the advisories.")
	}
	if judged := c.Pass + c.Fail; judged > 0 && len(why) == 0 {
		why = append(why, fmt.Sprintf("All %d requirements that were judged hold.", judged))
	}
	return why
}

// facts are what was judged, when, and how: in few words, for they stand in a line.
func facts(r *reports.Report) []htmlFact {
	c := r.Configuration
	var facts []htmlFact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, htmlFact{name, show.Brief(value, 4*show.MostWidth)})
		}
	}
	if r.Embedded { // else it is the title
		add("Endpoint", r.Target)
	}
	if c.Reference != nil {
		add("Faults", strings.Join(c.Reference.Faults, ", "))
	}
	add("Server", show.Brief(r.Server, show.MostWidth))
	add("Started", when(r.Started))
	add("Took", show.Elapsed(r.Duration))
	add("Suite", r.Tool.String())
	add("Profile", string(c.Profile))
	add("Gate", string(c.Level))
	if c.Strict {
		add("Strict", "yes")
	}
	add("Selected", c.Select)
	add("Label filter", c.LabelFilter)
	add("Authentication", c.Auth)
	add("Sample", c.Drives())
	add("Seed", fmt.Sprint(c.Seed))
	add("Requests", fmt.Sprintf("%d sent, %d retried", r.Requests.Sent, r.Requests.Retried))
	return facts
}

func when(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }
