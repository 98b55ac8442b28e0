package board

import (
	"fmt"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// endpointView is an endpoint on the page: its row of the matrix, and what is told of it.
type endpointView struct {
	ID, Name, Target, Profile string
	State, Sign, Conclusion   string
	Counts                    string // in the row
	Since                     string
	Turned                    string // what it came to before, where that is another thing
	Page, File                string
	Open                      bool
	Areas                     []areaView
	Facts                     []fact
	Came, Went, Flaky         []linkView
	Chart                     *chart
	Told                      []toldView
	More                      int // requirements that are not told one by one
}

// rowView are runs in a row in which a requirement was of the same kind: a sign for each.
type rowView struct{ Name, Signs, Said string }

func rowsOf(history string) []rowView {
	var rows []rowView
	for i := 0; i < len(history); {
		end := i + 1
		for end < len(history) && history[end] == history[i] {
			end++
		}
		kind := shown(Kind(history[i]))
		sign := kind.Sign
		if sign == "" {
			sign = "·"
		}
		rows = append(rows, rowView{kind.Name, strings.Repeat(sign, end-i), fmt.Sprintf("%d %s", end-i, kind.Word)})
		i = end
	}
	return rows
}

// toldView is a requirement of an endpoint, told.
type toldView struct {
	kindView
	ID, Anchor, Level string
	States            []piece
	Since, Steady     string
	Message           string
	Also              int // further ones that are blocked for the same reason
	Href              string
	History           []rowView
}

func newEndpointView(b *Board, e *Endpoint) *endpointView {
	run := e.Newest()
	v := &endpointView{
		ID: e.ID, Name: e.Name, Target: e.Target, Profile: string(e.Profile), State: run.state(), Conclusion: capitalized(run.Conclusion),
		Page: run.Page, File: run.File, Chart: chartOf(e), Since: e.since(),
	}
	v.Sign = map[string]string{"good": "✓", "bad": "✗", "unsure": "!"}[v.State]
	v.Open = v.State == "bad"
	v.Counts = e.counts()
	if e.Lasting < len(e.Runs) {
		if before := e.Runs[len(e.Runs)-2]; e.Lasting == 1 {
			v.Turned = before.Conclusion
		}
	}
	v.told(b, e)
	for _, area := range b.Areas {
		v.Areas = append(v.Areas, v.area(b, e, area.Name))
	}
	links := func(ids []string) []linkView {
		return show.Each(ids, func(id string) linkView { return linkView{"#" + e.ID + "-" + id, id} })
	}
	v.Came, v.Went, v.Flaky = links(e.Came), links(e.Went), links(e.Flaky)
	v.Facts = e.facts()
	return v
}

func capitalized(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// since says since when an endpoint comes to the same.
func (e *Endpoint) since() string {
	switch {
	case len(e.Runs) == 1:
		return "one run"
	case e.Lasting == len(e.Runs):
		return fmt.Sprintf("in all %d runs", e.Lasting)
	case e.Lasting == 1:
		return "new in this run"
	}
	return fmt.Sprintf("since %s, %d runs", day(e.Since), e.Lasting)
}

func (e *Endpoint) counts() string {
	var parts []string
	for _, kind := range kinds() {
		if n := e.count(kind.Kind); n > 0 && kind.Kind != Absent && kind.Kind != Skipped && kind.Kind != Pass {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind.Word))
		}
	}
	switch {
	case e.Newest().Unreported:
		return "no report"
	case len(parts) == 0:
		return fmt.Sprintf("%d passed", e.count(Pass))
	}
	return strings.Join(parts, ", ")
}

func (e *Endpoint) facts() []fact {
	run := e.Newest()
	facts := []fact{{"Newest run", when(run.Started)}}
	if e.Target != e.Name {
		facts = append(facts, fact{"Target", e.Target})
	}
	if run.Unreported {
		return facts
	}
	facts = append(facts, fact{"Profile", string(e.Profile)}, fact{"Judged", fmt.Sprintf("%d of %d", run.Counts.Pass+run.Counts.Fail, run.Counts.Total())},
		fact{"Requests", fmt.Sprintf("%d in %s", run.Sent, show.Elapsed(run.Duration))})
	if l := run.Latency; l != nil {
		text := fmt.Sprintf("half of them within %s, 99 of 100 within %s", show.Elapsed(l.Median), show.Elapsed(l.P99))
		if before := e.latencyBefore(); before != nil {
			text += fmt.Sprintf("; in the run before %s and %s", show.Elapsed(before.Median), show.Elapsed(before.P99))
		}
		facts = append(facts, fact{"Answers", text})
	}
	if run.Left > 0 {
		facts = append(facts, fact{"Left behind", show.Plural(run.Left, "resource")})
	}
	return facts
}

func (e *Endpoint) latencyBefore() *reports.Latency {
	if len(e.Runs) < 2 {
		return nil
	}
	return e.Runs[len(e.Runs)-2].Latency
}

// told tells what did not pass, and what passes and is flaky or new.
func (v *endpointView) told(b *Board, e *Endpoint) {
	blocked := map[string]int{} // by the reason, where the first stands
	for _, kind := range []Kind{Failed, Advisory, Waived, Blocked, Pass} {
		for i, r := range b.Requirements {
			cell := e.Cells[i]
			if cell.Kind != kind || kind == Pass && !cell.Flaky && e.before(r.ID) != Failed && e.before(r.ID) != Advisory {
				continue
			}
			if first, found := blocked[cell.Message]; found && kind == Blocked {
				v.Told[first].Also++
				continue
			}
			if len(v.Told) >= mostTold {
				v.More++
				continue
			}
			told := toldView{
				kindView: shown(kind), ID: r.ID, Anchor: e.ID + "-" + r.ID, Level: string(r.Level),
				Since: e.lasting(cell), Message: cell.Message,
			}
			if kind != Pass { // of what passes now, its runs are what there is to see
				told.States = statement(r.States)
			}
			if cell.Lasting > 1 {
				told.Steady = "steady"
			}
			if cell.Flaky {
				told.Steady = "flaky"
				if cell.Changes < flakyChanges {
					told.Steady = "unstable: read in two ways in the newest run"
				}
			}
			if v.Page != "" {
				told.Href = v.Page + "#" + r.ID
			}
			if len(e.Runs) > 1 {
				told.History = rowsOf(e.History(r.ID))
			}
			if kind == Blocked {
				blocked[cell.Message] = len(v.Told)
			}
			v.Told = append(v.Told, told)
		}
	}
}

// lasting says since when a requirement is as it is.
func (e *Endpoint) lasting(c Cell) string {
	switch {
	case len(e.Runs) == 1:
		return ""
	case c.Lasting == 1:
		return "new in this run"
	case c.Since.Equal(e.Runs[0].Started):
		return fmt.Sprintf("in all runs since %s", day(c.Since))
	}
	return fmt.Sprintf("since %s, %s", day(c.Since), show.Plural(c.Lasting, "run"))
}

// area is a cell of the matrix: a square for each requirement of an area.
func (v *endpointView) area(b *Board, e *Endpoint, name string) areaView {
	indexes := b.within(name)
	a := areaView{Name: name}
	anchors := map[string]bool{}
	for _, told := range v.Told {
		anchors[told.Anchor] = true
	}
	counts := map[Kind]int{}
	for _, i := range indexes {
		id, cell := b.Requirements[i].ID, e.Cells[i]
		counts[cell.Kind]++
		square := squareView{kindView: shown(cell.Kind)}
		if anchor := e.ID + "-" + id; anchors[anchor] {
			square.Anchor, square.Title = anchor, id+" "+square.Word
			switch {
			case cell.Kind.Fails() && e.before(id) == Pass:
				square.Mark = "new"
				square.Title += ", new in this run"
			case cell.Flaky:
				square.Mark = "flaky"
				square.Title += ", flaky"
			}
		} else if cell.Kind.Fails() {
			square.Anchor, square.Title = e.ID, id+" "+square.Word
		}
		a.Squares = append(a.Squares, square)
	}
	var parts []string
	for _, kind := range kinds() {
		if n := counts[kind.Kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind.Word))
		}
	}
	a.Summary = strings.Join(parts, ", ")
	return a
}

// chart shows an endpoint's runs side by side: how many requirements failed, and how long answers took.
type chart struct {
	Width, Height int
	Bars          []bar
	Most          int
	Line          string // of the 99th percentile, as the points of a polyline; empty where nothing is known
	Slowest       string
}

type bar struct {
	X, Y, Height int
	State, Title string
	Page         string
}

const (
	barWidth  = 14
	barHeight = 40
)

func chartOf(e *Endpoint) *chart {
	if len(e.Runs) < 2 {
		return nil
	}
	c := &chart{Width: barWidth * len(e.Runs), Height: barHeight}
	slowest := time.Duration(1)
	for _, run := range e.Runs {
		c.Most = max(c.Most, run.Counts.Failed())
		if run.Latency != nil {
			slowest = max(slowest, run.Latency.P99)
		}
	}
	var points []string
	for i, run := range e.Runs {
		height := 3
		if c.Most > 0 {
			height += run.Counts.Failed() * (barHeight - 3) / c.Most
		}
		title := when(run.Started) + ": " + run.Conclusion
		if n := run.Counts.Failed(); n > 0 {
			title += fmt.Sprintf(" (%d failed)", n)
		}
		c.Bars = append(c.Bars, bar{barWidth * i, barHeight - height, height, run.state(), title, run.Page})
		if run.Latency != nil {
			points = append(points, fmt.Sprintf("%d,%d", barWidth*i+barWidth/2, barHeight-int(time.Duration(barHeight-4)*run.Latency.P99/slowest)-2))
		}
	}
	if len(points) > 1 {
		c.Line, c.Slowest = strings.Join(points, " "), show.Elapsed(slowest)
	}
	return c
}
