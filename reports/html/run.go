package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// htmlRun is what the page tells of the run itself.
type htmlRun struct {
	Unstable  []htmlRemark
	Waivers   []htmlWaiver
	Baseline  *htmlBaseline
	Blind     *htmlBlind
	Made      htmlMade
	Leaks     []htmlLeak
	Slowest   []htmlCall
	Retries   []htmlCall
	Retried   int
	NotListed int // retries beyond those in the list
}

// htmlRemark is a sentence, and the requirement that it is about, if it is about one.
type htmlRemark struct{ ID, Text string }

func newHTMLRemark(remark reports.Remark) htmlRemark {
	return htmlRemark{remark.Requirement, show.Brief(remark.Text, 4*show.MostWidth)}
}

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
	Summary string
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
	Summary string
	Trailed []string // what took long to show after it was written
	Rows    []htmlResource
	More    int
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

func newHTMLRun(r *reports.Report, present map[string]bool) htmlRun {
	run := htmlRun{Unstable: show.Each(r.UnstableRemarks(), newHTMLRemark), Made: newHTMLMade(r.Resources, r.Trailed()), Leaks: htmlLeaks(r), Retried: r.Requests.Retried}
	for _, w := range r.Waivers {
		run.Waivers = append(run.Waivers, htmlWaiver{
			Requirement: ref(w.Requirement, present), Reason: show.Brief(w.Reason, 4*show.MostWidth), Until: show.OneLine(w.Until), Match: show.Brief(w.Match, 2*show.MostWidth),
			State: string(w.State), Says: show.Brief(w.Says, 4*show.MostWidth), Broken: w.Fails(),
		})
	}
	if b := r.Baseline; b != nil {
		run.Baseline = newHTMLBaseline(b, present)
	}
	run.Blind = newHTMLBlind(r, present)
	run.Slowest, run.Retries = htmlCalls(r.Requests.Slowest), htmlCalls(r.Requests.Retries)
	run.NotListed = max(0, r.Requests.Retried-len(r.Requests.Retries))
	return run
}

func newHTMLBaseline(b *reports.Comparison, present map[string]bool) *htmlBaseline {
	shown := &htmlBaseline{Summary: fmt.Sprintf("The earlier report is of %s, by version %s, on %s.", show.Brief(b.Old.Target, 2*show.MostWidth), show.OneLine(b.Old.Version), when(b.Old.Started))}
	for _, note := range b.Notes {
		shown.Notes = append(shown.Notes, show.Brief(note, 4*show.MostWidth))
	}
	for _, c := range b.Changes {
		shown.Changes = append(shown.Changes, htmlChange{
			Requirement: ref(c.Requirement, present), Kind: string(c.Kind), States: show.Brief(c.States, 4*show.MostWidth), Old: show.Brief(c.Old, show.MostWidth), New: show.Brief(c.New, show.MostWidth),
			Says: show.Brief(c.Says, 4*show.MostWidth), Bad: c.Kind.Worse(),
		})
	}
	return shown
}

func ref(id string, present map[string]bool) htmlRef { return htmlRef{show.OneLine(id), present[id]} }

func newHTMLMade(r reports.Resources, trailed []string) htmlMade {
	shown := htmlMade{Trailed: trailed}
	if len(r.Made) == 0 {
		return shown
	}
	size := int64(0)
	for i, made := range r.Made {
		size += made.Size
		if i >= mostResources {
			shown.More++
			continue
		}
		row := htmlResource{Kind: made.Kind, Name: show.Brief(made.Name, show.MostWidth), UUID: show.Brief(made.UUID, show.MostWidth), Source: show.Brief(made.Source, show.MostWidth), Removed: made.Removed}
		if made.Size > 0 {
			row.Size = show.Gigabytes(made.Size)
		}
		shown.Rows = append(shown.Rows, row)
	}
	shown.Summary = fmt.Sprintf("%s made, %s in all; %s.", show.Plural(len(r.Made), "resource"), show.Gigabytes(size), r.Became("%d removed"))
	return shown
}

func htmlCalls(calls []reports.Call) []htmlCall {
	var slowest int64 = 1
	for _, c := range calls {
		slowest = max(slowest, c.Duration.Milliseconds())
	}
	return show.Each(calls, func(c reports.Call) htmlCall {
		shown := htmlCall{Exchange: c.Exchange, Request: show.Brief(c.Method+" "+c.Path, 2*show.MostWidth), Outcome: "no response", For: show.Elapsed(c.Duration),
			Share: int(1000 * c.Duration.Milliseconds() / slowest)}
		if c.Status != 0 {
			shown.Outcome = fmt.Sprint(c.Status)
		}
		if c.Failure != "" {
			shown.Outcome += ", " + show.Brief(c.Failure, show.MostWidth)
		}
		return shown
	})
}

// notices are what must not be missed: it costs money, makes secrets known, or makes the verdicts worth less.
func notices(r *reports.Report) []htmlNotice {
	var all []htmlNotice
	add := func(state, title, anchor string, lines []string) {
		if len(lines) > 0 {
			all = append(all, htmlNotice{state, title, lines, anchor})
		}
	}
	if r.Dry() {
		add("unsure", strings.TrimSuffix(reports.NothingMade, "."), "", show.Each(r.Plan.Lines(), func(line string) string { return show.Brief(line, 8*show.MostWidth) }))
	}
	add("bad", "Left behind in the account: it may go on costing money", "made", show.Each(r.Resources.Left, reports.Title))
	if r.Incomplete != "" {
		add("unsure", "The run is incomplete", "", []string{show.Brief(r.Incomplete, 4*show.MostWidth)})
	}
	var waivers []string
	for _, w := range r.Waivers {
		if w.Fails() {
			waivers = append(waivers, fmt.Sprintf("%s (%s): %s", show.OneLine(w.Requirement), w.State, show.Brief(w.Says, 4*show.MostWidth)))
		}
	}
	add("bad", "Waivers that are no longer right", "waivers", waivers)
	var worse []string
	if r.Baseline.Fails() {
		for _, c := range r.Baseline.Changes {
			if c.Kind.Worse() {
				worse = append(worse, fmt.Sprintf("%s %s: it was %s, and is %s", show.OneLine(c.Requirement), c.Kind, show.Brief(c.Old, show.MostWidth), show.Brief(c.New, show.MostWidth)))
			}
		}
	}
	add("bad", "Worse than in the earlier report", "baseline", worse)
	add("unsure", "Warnings", "", show.Each(r.Warnings, func(w string) string { return show.Brief(w, 4*show.MostWidth) }))
	for i := range all {
		if lines := all[i].Lines; len(lines) > show.MostFindings {
			all[i].Lines = append(slices.Clone(lines[:show.MostFindings]), "… "+show.Plural(len(lines)-show.MostFindings, "more line"))
		}
	}
	return all
}

// htmlLeaks say in which answers a secret of the run stood. Whether that is wrong is for a requirement to say.
func htmlLeaks(r *reports.Report) []htmlLeak {
	var list []htmlLeak
	all, _ := r.Exchanges()
	for _, x := range all {
		if x.Response != nil && len(x.Response.Leaks) > 0 {
			list = append(list, htmlLeak{x.Number, show.Brief(x.Request.Method+" "+x.Request.Path(), 2*show.MostWidth), show.Brief(strings.Join(x.Response.Leaks, ", "), 2*show.MostWidth)})
		}
	}
	return list
}
