package reports

import (
	"fmt"
	"slices"
	"strings"
)

// htmlRun is what the page tells of the run itself.
type htmlRun struct {
	Unstable  []htmlRemark
	Waivers   []htmlWaiver
	Baseline  *htmlBaseline
	Made      htmlMade
	Leaks     []htmlLeak
	Slowest   []htmlCall
	Retries   []htmlCall
	Retried   int
	NotListed int // retries beyond those in the list
}

// htmlRemark is a sentence, and the requirement that it is about, if it is about one.
type htmlRemark struct{ ID, Text string }

// htmlRef is a requirement's id, which is a link where the requirement is on the page.
type htmlRef struct {
	ID   string
	Here bool
}

// htmlWaiver is a waiver and what became of it.
type htmlWaiver struct {
	Requirement                       htmlRef
	Reason, Until, Match, State, Says string
	Broken                            bool
}

// htmlBaseline is how the run compares with an earlier one.
type htmlBaseline struct {
	Told    string
	Notes   []string
	Changes []htmlChange
}

// htmlChange is a requirement that is not as it was.
type htmlChange struct {
	Requirement                  htmlRef
	Kind, States, Old, New, Says string
	Bad                          bool
}

// htmlMade is what the run made in the account.
type htmlMade struct {
	Told string
	Rows []htmlResource
	More int
}

// htmlResource is a resource that the run made.
type htmlResource struct {
	Kind, Name, UUID, Source, Size string
	Removed                        bool
}

// htmlLeak is an answer in which a secret of the run stood, and where in it.
type htmlLeak struct {
	Exchange       int
	Request, Where string
}

// htmlCall is an exchange in one line, and how long it took in thousandths of the slowest.
type htmlCall struct {
	Exchange              int
	Request, Outcome, For string
	Share                 int
}

const mostResources = 200

func newHTMLRun(r *Report, present map[string]bool) htmlRun {
	run := htmlRun{Unstable: r.unstableRemarks(), Made: r.Resources.html(), Leaks: r.htmlLeaks(), Retried: r.Requests.Retried}
	for _, w := range r.Waivers {
		run.Waivers = append(run.Waivers, htmlWaiver{
			Requirement: ref(w.Requirement, present), Reason: brief(w.Reason, 4*mostWidth), Until: oneLine(w.Until), Match: brief(w.Match, 2*mostWidth),
			State: string(w.State), Says: brief(w.Says, 4*mostWidth), Broken: w.State != WaiverHolds && w.State != WaiverNotJudged,
		})
	}
	if b := r.Baseline; b != nil {
		run.Baseline = b.html(present)
	}
	run.Slowest, run.Retries = htmlCalls(r.Requests.Slowest), htmlCalls(r.Requests.Retries)
	run.NotListed = max(0, r.Requests.Retried-len(r.Requests.Retries))
	return run
}

func (b *Comparison) html(present map[string]bool) *htmlBaseline {
	shown := &htmlBaseline{Told: fmt.Sprintf("The earlier report is of %s, by version %s, on %s.", brief(b.Old.Target, 2*mostWidth), oneLine(b.Old.Version), when(b.Old.Started))}
	for _, note := range b.Notes {
		shown.Notes = append(shown.Notes, brief(note, 4*mostWidth))
	}
	for _, c := range b.Changes {
		shown.Changes = append(shown.Changes, htmlChange{
			Requirement: ref(c.Requirement, present), Kind: string(c.Kind), States: brief(c.States, 4*mostWidth), Old: brief(c.Old, mostWidth), New: brief(c.New, mostWidth),
			Says: brief(c.Says, 4*mostWidth), Bad: c.Kind == Regressed || c.Kind == Vanished,
		})
	}
	return shown
}

func ref(id string, present map[string]bool) htmlRef { return htmlRef{oneLine(id), present[id]} }

func (r Resources) html() htmlMade {
	var shown htmlMade
	if len(r.Made) == 0 {
		return shown
	}
	removed, size := 0, int64(0)
	for i, made := range r.Made {
		size += made.Size
		if made.Removed {
			removed++
		}
		if i >= mostResources {
			shown.More++
			continue
		}
		row := htmlResource{Kind: made.Kind, Name: brief(made.Name, mostWidth), UUID: brief(made.UUID, mostWidth), Source: brief(made.Source, mostWidth), Removed: made.Removed}
		if made.Size > 0 {
			row.Size = gigabytes(made.Size)
		}
		shown.Rows = append(shown.Rows, row)
	}
	shown.Told = fmt.Sprintf("%s made, %s in all; %d removed.", plural(len(r.Made), "resource"), gigabytes(size), removed)
	return shown
}

func gigabytes(size int64) string { return fmt.Sprintf("%.1f GB", float64(size)/(1<<30)) }

func htmlCalls(calls []Call) []htmlCall {
	var slowest int64 = 1
	for _, c := range calls {
		slowest = max(slowest, c.Duration.Milliseconds())
	}
	return each(calls, func(c Call) htmlCall {
		shown := htmlCall{Exchange: c.Exchange, Request: brief(c.Method+" "+c.Path, 2*mostWidth), Outcome: "no response", For: elapsed(c.Duration),
			Share: int(1000 * c.Duration.Milliseconds() / slowest)}
		if c.Status != 0 {
			shown.Outcome = fmt.Sprint(c.Status)
		}
		if c.Failure != "" {
			shown.Outcome += ", " + brief(c.Failure, mostWidth)
		}
		return shown
	})
}

// unstableRemarks are the differences that did not persist, with the requirement that met each where one did.
func (r *Report) unstableRemarks() []htmlRemark {
	var all []htmlRemark
	told := map[string]bool{}
	for _, result := range r.Results {
		for _, sentence := range result.Unstable {
			told[sentence] = true
			all = append(all, htmlRemark{result.Requirement.ID, brief(sentence, 4*mostWidth)})
		}
	}
	for _, sentence := range r.Unstable {
		if !told[sentence] {
			all = append(all, htmlRemark{"", brief(sentence, 4*mostWidth)})
		}
	}
	return all
}

// notices are what must not be missed: it costs money, makes secrets known, or makes the verdicts worth less.
func (r *Report) notices() []htmlNotice {
	var all []htmlNotice
	add := func(state, title, anchor string, lines []string) {
		if len(lines) > 0 {
			all = append(all, htmlNotice{state, title, lines, anchor})
		}
	}
	if r.dry() {
		add("unsure", strings.TrimSuffix(nothingMade, "."), "", each(r.Plan.Lines(), func(line string) string { return brief(line, 8*mostWidth) }))
	}
	add("bad", "Left behind in the account: it may go on costing money", "made", each(r.Resources.Left, Title))
	if r.Incomplete != "" {
		add("unsure", "The run is incomplete", "", []string{brief(r.Incomplete, 4*mostWidth)})
	}
	var waivers []string
	for _, w := range r.Waivers {
		if w.State != WaiverHolds && w.State != WaiverNotJudged {
			waivers = append(waivers, fmt.Sprintf("%s (%s): %s", oneLine(w.Requirement), w.State, brief(w.Says, 4*mostWidth)))
		}
	}
	add("bad", "Waivers that are no longer right", "waivers", waivers)
	var worse []string
	if r.Baseline.Fails() {
		for _, c := range r.Baseline.Changes {
			if c.Kind == Regressed || c.Kind == Vanished {
				worse = append(worse, fmt.Sprintf("%s %s: it was %s, and is %s", oneLine(c.Requirement), c.Kind, brief(c.Old, mostWidth), brief(c.New, mostWidth)))
			}
		}
	}
	add("bad", "Worse than in the earlier report", "baseline", worse)
	add("unsure", "Warnings", "", each(r.Warnings, func(w string) string { return brief(w, 4*mostWidth) }))
	for i := range all {
		if lines := all[i].Lines; len(lines) > mostFindings {
			all[i].Lines = append(slices.Clone(lines[:mostFindings]), "… "+plural(len(lines)-mostFindings, "more line"))
		}
	}
	return all
}

// htmlLeaks say in which answers a secret of the run stood. Whether that is wrong is for a requirement to say.
func (r *Report) htmlLeaks() []htmlLeak {
	var list []htmlLeak
	all, _ := r.exchanges()
	for _, x := range all {
		if x.Response != nil && len(x.Response.Leaks) > 0 {
			list = append(list, htmlLeak{x.Number, brief(x.Request.Method+" "+x.Request.Path(), 2*mostWidth), brief(strings.Join(x.Response.Leaks, ", "), 2*mostWidth)})
		}
	}
	return list
}
