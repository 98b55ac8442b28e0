package board

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/page"
	"github.com/libdrives/conformance/reports/internal/show"
)

//go:embed page
var files embed.FS

// mostTold is how many requirements of an endpoint are told one by one: the endpoint's own report has them all.
const mostTold = 30

// WriteHTML writes the board as one page that needs no network. Without scripts it can be read whole; with its own one it can be
// searched, and each requirement of each endpoint be looked at by keyboard.
func WriteHTML(w io.Writer, b *Board) error {
	template, err := page.Template(files, "page/*.html")
	if err != nil {
		return err
	}
	view, err := newView(b)
	if err != nil {
		return err
	}
	return template.ExecuteTemplate(w, "board.html", view)
}

// view is what the page shows, in its order.
type view struct {
	page.Assets
	Title, State, Sign, Conclusion string
	Harm                           []string
	Tally                          []tally
	Facts                          []fact
	Changed                        []changeView
	Heads                          []headView
	Keys                           []kindView
	Endpoints                      []*endpointView
	Everywhere, Differing          []differenceView
	Notes                          []string
	Data                           data
}

type (
	tally struct {
		State, Sign, Word string
		Count             int
	}
	fact     struct{ Name, Value string }
	headView struct {
		Name, Title string
		Count       int
	}
	// kindView is how a kind is shown: a sign and a word stand for it everywhere, so that no colour has to be seen.
	kindView struct {
		Kind             Kind
		Name, Sign, Word string
	}
	squareView struct {
		kindView
		Anchor string // where it is told; empty where it is not
		Title  string
		Mark   string // new, or flaky
	}
	areaView struct {
		Name    string
		Squares []squareView
		Summary string // for whoever hears it
	}
	differenceView struct {
		ID, Level string
		States    []piece
		Gates     bool
		Endpoints []linkView
		Judged    int
	}
	linkView struct{ Href, Text string }
	// changeView is what changed in the same way at some endpoints.
	changeView struct {
		Endpoints  []linkView
		Before     string
		Came, Went []linkView // each at the first of the endpoints
		key        string
	}
)

func kinds() []kindView {
	return []kindView{
		{Failed, "fail", "✗", "failed"}, {Advisory, "advisory", "△", "advisory"}, {Waived, "waived", "≈", "waived"}, {Blocked, "blocked", "⊘", "blocked"},
		{Skipped, "skip", "–", "skipped"}, {Pass, "pass", "✓", "passed"}, {Absent, "absent", "", "not in the report"},
	}
}

func shown(kind Kind) kindView {
	for _, k := range kinds() {
		if k.Kind == kind {
			return k
		}
	}
	return kindView{kind, "absent", "", "unknown"}
}

func newView(b *Board) (*view, error) {
	assets, err := page.NewAssets(files, []string{"page/board.css", "page/endpoint.css"}, []string{"page/board.js"})
	if err != nil {
		return nil, err
	}
	v := &view{Assets: assets, Keys: kinds(), Notes: b.Notes, Data: dataOf(b)}
	for _, e := range b.Endpoints {
		shownAs := newEndpointView(b, e)
		v.Endpoints = append(v.Endpoints, shownAs)
		v.change(shownAs)
		for _, harm := range e.Newest().Harm {
			v.Harm = append(v.Harm, e.Name+": "+harm)
		}
	}
	for _, area := range b.Areas {
		v.Heads = append(v.Heads, headView{area.Name, show.OneLine(area.Title), len(b.within(area.Name))})
	}
	v.conclude(b)
	for _, d := range b.Differences {
		told := differenceView{ID: d.Requirement.ID, Level: string(d.Requirement.Level), States: statement(d.Requirement.States), Gates: d.Gates, Judged: d.Judged}
		for _, id := range d.Fails {
			e := b.Endpoint(id)
			told.Endpoints = append(told.Endpoints, linkView{"#" + id + "-" + d.Requirement.ID, e.Name})
		}
		if d.Everywhere() {
			v.Everywhere = append(v.Everywhere, told)
		} else {
			v.Differing = append(v.Differing, told)
		}
	}
	return v, nil
}

// change adds what changed at an endpoint, to others at which the same did.
func (v *view) change(e *endpointView) {
	if len(e.Came)+len(e.Went) == 0 && e.Turned == "" {
		return
	}
	ids := func(links []linkView) string {
		return strings.Join(show.Each(links, func(l linkView) string { return l.Text }), " ")
	}
	key := strings.Join([]string{e.State, e.Turned, ids(e.Came), ids(e.Went)}, "|")
	endpoint := linkView{"#" + e.ID, e.Name}
	for i := range v.Changed {
		if v.Changed[i].key == key {
			v.Changed[i].Endpoints = append(v.Changed[i].Endpoints, endpoint)
			return
		}
	}
	v.Changed = append(v.Changed, changeView{[]linkView{endpoint}, e.Turned, e.Came, e.Went, key})
}

// conclude says how many endpoints conform.
func (v *view) conclude(b *Board) {
	counts := map[string]int{}
	versions := []string{}
	runs := 0
	oldest := time.Time{}
	for _, e := range b.Endpoints {
		counts[e.Newest().state()]++
		runs += len(e.Runs)
		if version := e.Newest().Version; version != "" && !slices.Contains(versions, version) {
			versions = append(versions, version)
		}
		if first := e.Runs[0].Started; oldest.IsZero() || first.Before(oldest) {
			oldest = first
		}
	}
	v.Conclusion = b.Conclusion()
	v.Title = "Drives library: " + v.Conclusion
	switch {
	case counts["bad"] > 0:
		v.State, v.Sign = "bad", "✗"
	case counts["unsure"] > 0 || len(b.Endpoints) == 0:
		v.State, v.Sign = "unsure", "!"
	default:
		v.State, v.Sign = "good", "✓"
	}
	v.Tally = []tally{{"bad", "✗", "not conforming", counts["bad"]}, {"unsure", "!", "not known", counts["unsure"]}, {"good", "✓", "conforming", counts["good"]}}
	slices.Sort(versions)
	v.Facts = []fact{
		{"Newest run", when(b.Newest)}, {"Runs", fmt.Sprintf("%d, since %s", runs, day(oldest))},
		{"Requirements", fmt.Sprint(len(b.Requirements))}, {"Suite", strings.Join(versions, ", ")},
	}
}

// piece is a part of a statement: code, as the catalogue marks it, or words.
type piece struct {
	Text string
	Code bool
}

func statement(text string) []piece {
	var pieces []piece
	for i, part := range strings.Split(show.Brief(text, show.MostSentence), "`") {
		if part != "" {
			pieces = append(pieces, piece{part, i%2 == 1})
		}
	}
	return pieces
}

func when(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
func day(t time.Time) string  { return t.UTC().Format("2 January 2006") }

// within are the indexes of the requirements of an area.
func (b *Board) within(area string) []int {
	var indexes []int
	for i, r := range b.Requirements {
		if r.Area == area {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// data is what the page's script needs of each requirement and run.
type data struct {
	Requirements []requirementData `json:"requirements"`
	Endpoints    []endpointData    `json:"endpoints"`
	Words        map[string]string `json:"words"`
}

type requirementData struct {
	ID     string `json:"id"`
	Level  string `json:"level"`
	States string `json:"states"`
}

type endpointData struct {
	Name string   `json:"name"`
	Days []string `json:"days"`
	// Runs has a letter for each requirement of each run.
	Runs []string `json:"runs"`
}

func dataOf(b *Board) data {
	d := data{Words: map[string]string{}}
	for _, kind := range kinds() {
		d.Words[string(kind.Kind)] = kind.Sign + " " + kind.Word
	}
	for _, r := range b.Requirements {
		d.Requirements = append(d.Requirements, requirementData{r.ID, string(r.Level), show.Brief(r.States, show.MostSentence)})
	}
	for _, e := range b.Endpoints {
		told := endpointData{Name: e.Name}
		for _, run := range e.Runs {
			letters := make([]byte, len(b.Requirements))
			for i, r := range b.Requirements {
				letters[i] = byte(run.Kind(r.ID))
			}
			told.Days = append(told.Days, run.Started.UTC().Format("2 Jan 15:04"))
			told.Runs = append(told.Runs, string(letters))
		}
		d.Endpoints = append(d.Endpoints, told)
	}
	return d
}
