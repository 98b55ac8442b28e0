package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// htmlGroup is all results of a kind.
type htmlGroup struct {
	htmlTally
	Folded  bool // its results are there, and not to be seen at once: nothing is wrong with them
	Full    bool // its results have findings, and are shown as articles; else in a line each
	Batches []htmlBatch
}

// htmlBatch is the results of a group that have something in common: a section, or the reason why they were not judged.
type htmlBatch struct {
	Title   string
	Reason  bool   // the title is one
	By      string // the requirement on this page that has to hold first
	Results []htmlResult
}

// htmlResult is a requirement as the page shows it.
type htmlResult struct {
	htmlKind
	ID, Level, Effect, Area, Section string
	Source                           string
	Sections                         []requirement.Section // of the documentation
	States                           []htmlPiece
	Looked                           string
	Waived                           string
	Unstable                         []string
	Stack                            string // where the suite itself failed
	First                            *htmlFinding
	Same                             string   // the requirement that tells of the value by which this one fails too
	Shared                           []string // what else the value has to do with
	Others                           []htmlFinding
	MoreCount, Omitted               string // of the other findings
	Shown                            []htmlEvidence
	MoreExchanges                    int
	Evidence                         string // what the evidence is
}

// htmlFinding is a finding as the page shows it.
type htmlFinding struct {
	Subject, Rule   string
	Expected, Found []htmlPiece
	Asked           []htmlAsked
	Curls           []htmlCurl
}

// htmlAsked is a request in one line.
type htmlAsked struct {
	Request, Outcome string
	Compared         bool
	Number           int
	Anchor           string // of the whole exchange, where it is shown
}

// sections makes the rows of the matrix.
func (v *htmlView) sections() {
	for _, s := range v.r.Sections() {
		c := reports.Count(s.Results)
		row := htmlSection{Area: s.Name, Title: show.OneLine(s.Title), Summary: fmt.Sprintf("%d of %d", c.Pass, c.Total())}
		for _, result := range s.Results {
			kind := kindOf(result)
			id := result.Requirement.ID
			row.Chips = append(row.Chips, htmlChip{id, strings.TrimPrefix(id, s.Name+"-"), kind.Name, kind.Sign, kind.Word,
				show.Brief(result.Requirement.States, 4*show.MostWidth)})
		}
		v.Sections = append(v.Sections, row)
	}
}

func kindOf(r reports.Result) htmlKind {
	name := r.Kind()
	all := htmlKinds()
	if i := slices.IndexFunc(all, func(k htmlKind) bool { return k.Name == name }); i >= 0 {
		return all[i]
	}
	return htmlKind{Name: name, Sign: "?", Word: name}
}

// shares are how much of what is bounded for the whole page each gets: a report in which everything is wrong must still
// open.
type shares struct {
	body     int // bytes of a body that is not the first of its requirement
	findings int // of a requirement that are reported one by one
	value    int // bytes of a value that is not of the first finding of its requirement
}

// The bounds of the page. The first finding of each requirement and the bodies that show it are shown in any case.
const (
	mostOtherBodies = 3 << 20
	mostOthers      = 3000
	mostOtherValues = 1 << 20
	leastBody       = 1 << 10
	leastFindings   = 10
	leastValue      = 120
)

func (v *htmlView) share() shares {
	bodies, failed, others := 0, 0, 0
	for _, r := range v.r.Results {
		shown, _ := proofsOf(r)
		for _, e := range shown {
			bodies += e.exchanges()
		}
		if len(shown) > 0 {
			bodies--
		}
		if len(r.Findings) > 0 {
			failed++
			others += min(len(r.Findings), show.MostFindings) - 1
		}
	}
	return shares{
		body:     min(show.MostShownBody, max(leastBody, mostOtherBodies/max(bodies, 1))),
		findings: min(show.MostFindings, max(leastFindings, mostOthers/max(failed, 1))),
		value:    min(512, max(leastValue, mostOtherValues/max(2*others, 1))),
	}
}

// groups makes the lists of requirements: what failed first, and each exactly once.
func (v *htmlView) groups() {
	share := v.share()
	for _, tally := range v.Tally {
		if tally.Count == 0 {
			continue
		}
		g := htmlGroup{htmlTally: tally}
		g.Full = slices.Contains([]string{"fail", "advisory", "waived"}, g.Name)
		g.Folded = g.Name == string(reports.Pass)
		for _, r := range v.r.Results {
			if r.Kind() != g.Name {
				continue
			}
			shown := v.result(r, show.OneLine(cmp.Or(v.r.AreaTitle(r.Requirement.Area), r.Requirement.Area)), share)
			batch := htmlBatch{Results: []htmlResult{shown}}
			switch {
			case r.Verdict == reports.Pass:
				batch.Title = shown.Section
			case !g.Full:
				batch.Title, batch.Reason = show.Brief(r.Because(), 4*show.MostWidth), true
				if v.present[r.BlockedBy] {
					batch.By = r.BlockedBy
				}
			}
			i := slices.IndexFunc(g.Batches, func(b htmlBatch) bool { return b.Title == batch.Title && b.By == batch.By })
			if i >= 0 {
				g.Batches[i].Results = append(g.Batches[i].Results, shown)
			} else {
				g.Batches = append(g.Batches, batch)
			}
		}
		v.Groups = append(v.Groups, g)
	}
}

func (v *htmlView) result(r reports.Result, section string, share shares) htmlResult {
	shown := htmlResult{
		htmlKind: kindOf(r), ID: r.Requirement.ID, Level: string(r.Requirement.Level), Effect: string(r.Requirement.Effect),
		Area: r.Requirement.Area, Section: section, Source: show.OneLine(r.Requirement.Source), Sections: r.Requirement.Documentation, States: htmlQuoted(r.Requirement.States),
	}
	if r.Subjects > 0 {
		shown.Looked = r.LookedAt()
	}
	if r.Waived != nil {
		shown.Waived = show.Brief(r.Waived.Reason, 4*show.MostWidth) + " (until " + show.OneLine(r.Waived.Until) + ")"
	}
	for _, line := range r.Unstable[:min(len(r.Unstable), show.MostFindings)] {
		shown.Unstable = append(shown.Unstable, show.Brief(line, 4*show.MostWidth))
	}
	if r.Stack != "" {
		shown.Stack = strings.Join(show.VisibleLines(r.Stack), "\n")
	}
	if r.Verdict == reports.Fail {
		v.evidence(&shown, r, share)
	}
	if shared := v.shared[r.Requirement.ID]; shared.By != "" {
		shown.Same, shown.First, shown.Others = shared.By, nil, nil
	} else {
		shown.Shared = shared.Lines()
	}
	return shown
}

// evidence adds what shows that a requirement does not hold.
func (v *htmlView) evidence(shown *htmlResult, r reports.Result, share shares) {
	list, left := proofsOf(r)
	for i, e := range list {
		most := share.body
		if i == 0 {
			most = show.MostShownBody
		}
		made := v.proof(shown.ID, e, most)
		if i == 0 && len(r.Findings) > 0 && r.Findings[0].Exchange == e.x {
			made.withoutCurl() // the first finding shows it
		}
		shown.Shown = append(shown.Shown, made)
	}
	shown.MoreExchanges = left
	for i, f := range r.Findings[:min(len(r.Findings), share.findings)] {
		if i == 0 {
			first := v.finding(shown.ID, f, show.MostValue, true)
			shown.First = &first
			continue
		}
		before := r.Findings[i-1]
		other := v.finding(shown.ID, f, share.value, f.Exchange != before.Exchange || f.Against != before.Against)
		if f.Rule == before.Rule {
			other.Rule = ""
		}
		shown.Others = append(shown.Others, other)
	}
	shown.Evidence = evidenceSummary(list)
	shown.MoreCount = fmt.Sprint(len(r.Findings) - 1)
	if more := len(r.Findings) - share.findings; more > 0 {
		shown.Omitted = show.Plural(more, "more finding") + " not listed one by one."
	}
}

// evidenceSummary says what there is to see of a requirement beside its findings.
func evidenceSummary(list []proof) string {
	exchanges := 0
	for _, e := range list {
		exchanges += e.exchanges()
	}
	if exchanges == 1 {
		return "the request and its response"
	}
	return show.Plural(exchanges, "request") + " with their responses"
}

// finding makes one ready. Where repeat is false the requests are those of the finding before, and are not reported again.
func (v *htmlView) finding(id string, f reports.Finding, most int, repeat bool) htmlFinding {
	expected, found := f.Words()
	shown := htmlFinding{
		Subject: show.Brief(f.Subject.String(), 4*show.MostWidth), Rule: show.Brief(f.Rule, 4*show.MostWidth),
		Expected: said(expected, most), Found: said(found, most),
	}
	if !repeat {
		return shown
	}
	p := &plaintext.Printer{Base: v.r.Target, Whole: true}
	for _, x := range f.Exchanges() {
		asked := htmlAsked{Request: show.Clip(p.Request(x), 4*show.MostWidth), Outcome: show.Brief(x.Outcome(), show.MostWidth), Compared: x != f.Exchange, Number: x.Number}
		if anchor := exchangeAnchor(id, x); v.anchors[anchor] {
			asked.Anchor = anchor
		}
		shown.Asked = append(shown.Asked, asked)
		if asked.Anchor == "" || most == show.MostValue {
			shown.Curls = append(shown.Curls, newHTMLCurl(x, f))
		}
	}
	return shown
}
