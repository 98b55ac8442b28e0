// Package json writes for programs: the report of a run, which it reads back too, a comparison, the matrix of a selftest and
// lists of requirements. The report is the source of all that is said of a run later; schema/report.json describes it.
//
// It must not know the other formats. What it wrote once, later versions go on reading.
package json

import (
	"encoding/json"
	"io"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// Format is the version of the document that Write makes. It goes up when a reader of an earlier one could be misled;
// new keys don't make it.
const Format = 1

// The document that Write makes; schema/report.json describes it for others.
type (
	jsonReport struct {
		Harm          []jsonHarm              `json:"harm"` // first, for whoever reads no further
		Format        int                     `json:"format"`
		Tool          reports.Tool            `json:"tool"`
		Edition       int                     `json:"edition"`
		Name          string                  `json:"name"`
		Target        string                  `json:"target"`
		Embedded      bool                    `json:"embedded"`
		Server        string                  `json:"server"`
		Conclusion    string                  `json:"conclusion"`
		ExitCode      int                     `json:"exit_code"`
		Started       string                  `json:"started"`
		Seconds       float64                 `json:"seconds"`
		Configuration reports.Configuration   `json:"configuration"`
		Counts        reports.Counts          `json:"counts"`
		Requests      jsonRequests            `json:"requests"`
		Resources     reports.Resources       `json:"resources"`
		Settlings     []jsonSettling          `json:"settlings"`
		Plan          *jsonPlan               `json:"plan"`
		BlindSpots    *jsonBlindSpots         `json:"blind_spots"`
		Incomplete    string                  `json:"incomplete"`
		Withheld      string                  `json:"withheld"`
		Unstable      []string                `json:"unstable"`
		Warnings      []string                `json:"warnings"`
		Waivers       []reports.WaiverOutcome `json:"waivers"`
		Baseline      *jsonComparison         `json:"baseline"`
		Areas         []requirement.Area      `json:"areas"`
		Requirements  []jsonRequirement       `json:"requirements"`
		Exchanges     []jsonExchange          `json:"exchanges"`
	}
	jsonHarm struct {
		Says string `json:"says"`
		reports.Harm
		Exchange int `json:"exchange"`
	}
	jsonPlan struct {
		DryRun    bool                      `json:"dry_run"`
		MaxClones int                       `json:"max_clones"`
		Clones    int                       `json:"clones"`
		Size      int64                     `json:"size"`
		Servers   int                       `json:"servers"`
		Refused   int                       `json:"refused"`
		Scenarios []reports.PlannedScenario `json:"scenarios"`
	}
	jsonBlindSpots struct {
		reports.BlindSpots
		Limit   float64 `json:"limit_seconds"`
		Seconds float64 `json:"seconds"`
	}
	jsonRequests struct {
		Sent    int          `json:"sent"`
		Retried int          `json:"retried"`
		Latency *jsonLatency `json:"latency"`
		Slowest []jsonCall   `json:"slowest"`
		Retries []jsonCall   `json:"retries"`
	}
	jsonLatency struct {
		Answers int     `json:"answers"`
		Sum     float64 `json:"sum_seconds"`
		Median  float64 `json:"p50_seconds"`
		P90     float64 `json:"p90_seconds"`
		P99     float64 `json:"p99_seconds"`
		Most    float64 `json:"max_seconds"`
	}
	jsonCall struct {
		reports.Call
		Seconds float64 `json:"seconds"`
	}
	jsonSettling struct {
		What    string  `json:"what"`
		Times   int     `json:"times"`
		Longest float64 `json:"longest_seconds"`
		Never   int     `json:"never"`
	}
	jsonComparison struct {
		Old     jsonSide         `json:"old"`
		New     jsonSide         `json:"new"`
		Changes []reports.Change `json:"changes"`
		Notes   []string         `json:"notes"`
	}
	jsonSide struct {
		Target  string `json:"target"`
		Version string `json:"version"`
		Started string `json:"started"`
	}
	jsonRequirement struct {
		ID          string                `json:"id"`
		Area        string                `json:"area"`
		Level       requirement.Level     `json:"level"`
		Effect      requirement.Effect    `json:"effect"`
		Source      string                `json:"source"`
		States      string                `json:"states"`
		Widened     int                   `json:"widened"`
		Read        []requirement.Section `json:"documentation"`
		Verdict     reports.Verdict       `json:"verdict"`
		Gated       bool                  `json:"gated"`
		Waived      *jsonWaived           `json:"waived"`
		Message     string                `json:"message"`
		Reason      string                `json:"reason"`
		BlockedBy   string                `json:"blocked_by"`
		Stack       string                `json:"stack,omitempty"`
		Cause       reports.CauseKind     `json:"cause"`
		RemovedFrom int                   `json:"removed_from,omitempty"` // the exchange
		Subjects    int                   `json:"subjects"`
		Covered     *reports.Coverage     `json:"covered,omitempty"`
		Findings    []jsonFinding         `json:"findings"`
		Unstable    []string              `json:"unstable"`
		Exchanges   []int                 `json:"exchanges"`
		Seconds     float64               `json:"seconds"`
	}
	jsonWaived struct {
		Reason string `json:"reason"`
		Until  string `json:"until"`
	}
	jsonFinding struct {
		Subject     string               `json:"subject"`
		About       reports.Subject      `json:"about"`
		Rule        string               `json:"rule"`
		Expected    string               `json:"expected"`
		Found       string               `json:"found"`
		Differences []reports.Difference `json:"differences"`
		Words       *jsonWords           `json:"words"`    // nil in what earlier versions wrote
		Exchange    int                  `json:"exchange"` // 0 where there is none
		Against     int                  `json:"against"`
	}
	jsonWords struct {
		Expected string         `json:"expected"`
		Found    string         `json:"found"`
		Under    string         `json:"under"`
		Compared *reports.Sides `json:"compared,omitempty"`
	}
)

// Write writes the report for programs: the source of all that is said of a run. The order is fixed, lists that are
// empty are [] and not null, and nothing in it tells more than the redacted record does. Of a result's exchanges the
// first five that its findings name are there whole, with bodies up to 20 KiB, and the others in a line.
func Write(w io.Writer, r *reports.Report) error {
	return write(w, toJSON(r))
}

// write writes a document as all of this package are written.
func write(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

func toJSON(r *reports.Report) jsonReport {
	document := jsonReport{
		Format: Format, Tool: r.Tool, Edition: r.Edition, Name: r.Name, Target: r.Target, Embedded: r.Embedded, Server: r.Server,
		Conclusion: r.Conclusion(), ExitCode: r.ExitCode(), Started: show.Timestamp(r.Started), Seconds: inSeconds(r.Duration),
		Configuration: r.Configuration, Counts: r.Counts(),
		Requests:  jsonRequests{r.Requests.Sent, r.Requests.Retried, toJSONLatency(r.Requests.Latency), show.Each(r.Requests.Slowest, toJSONCall), show.Each(r.Requests.Retries, toJSONCall)},
		Resources: reports.Resources{Made: neverNil(r.Resources.Made), Left: neverNil(r.Resources.Left)},
		Settlings: show.Each(r.Settlings, func(s reports.Settling) jsonSettling {
			return jsonSettling{s.What, s.Times, inSeconds(s.Longest), s.Never}
		}),
		Harm: show.Each(r.Harm, toJSONHarm), Plan: toJSONPlan(r.Plan), BlindSpots: toJSONBlindSpots(r.Blind),
		Incomplete: r.Incomplete, Withheld: r.Withheld, Unstable: neverNil(r.Unstable), Warnings: neverNil(r.Warnings),
		Waivers: neverNil(r.Waivers), Areas: neverNil(r.Areas),
		Requirements: show.Each(r.Results, toJSONRequirement),
		Exchanges:    jsonExchanges(r),
	}
	if r.Baseline != nil {
		document.Baseline = toJSONComparison(r.Baseline)
	}
	return document
}

func toJSONCall(c reports.Call) jsonCall { return jsonCall{c, inSeconds(c.Duration)} }

func toJSONLatency(l *reports.Latency) *jsonLatency {
	if l == nil {
		return nil
	}
	return &jsonLatency{l.Answers, inSeconds(l.Sum), inSeconds(l.Median), inSeconds(l.P90), inSeconds(l.P99), inSeconds(l.Most)}
}

func toJSONHarm(h reports.Harm) jsonHarm {
	says := h.String()
	h.Requirements = neverNil(h.Requirements)
	return jsonHarm{says, h, number(h.Exchange)}
}

func toJSONPlan(p *reports.Plan) *jsonPlan {
	if p == nil {
		return nil
	}
	clones, size := p.Clones()
	return &jsonPlan{p.DryRun, p.MaxClones, clones, size, p.Servers(), p.Refused(), show.Each(p.Scenarios, func(s reports.PlannedScenario) reports.PlannedScenario {
		s.Clones = neverNil(s.Clones)
		return s
	})}
}

func toJSONBlindSpots(b *reports.BlindSpots) *jsonBlindSpots {
	if b == nil {
		return nil
	}
	spots := *b
	spots.LeftOut = neverNil(spots.LeftOut)
	spots.Spots = show.Each(spots.Spots, func(s reports.BlindSpot) reports.BlindSpot {
		s.Requirements = neverNil(s.Requirements)
		return s
	})
	return &jsonBlindSpots{spots, inSeconds(b.Limit), inSeconds(b.Duration)}
}

func toJSONComparison(c *reports.Comparison) *jsonComparison {
	return &jsonComparison{toJSONSide(c.Old), toJSONSide(c.New), neverNil(c.Changes), neverNil(c.Notes)}
}

func toJSONSide(s reports.Side) jsonSide {
	return jsonSide{s.Target, s.Version, show.Timestamp(s.Started)}
}

func toJSONRequirement(r reports.Result) jsonRequirement {
	document := jsonRequirement{
		ID: r.Requirement.ID, Area: r.Requirement.Area, Level: r.Requirement.Level, Effect: r.Requirement.Effect,
		Source: r.Requirement.Source, States: r.Requirement.States, Widened: r.Requirement.Widened, Read: neverNil(r.Requirement.Documentation),
		Verdict: r.Verdict, Gated: r.Gated, Message: r.Message(), Reason: r.Reason, BlockedBy: r.BlockedBy, Stack: r.Stack, Cause: r.Cause.Kind, RemovedFrom: r.Cause.RemovedFrom, Subjects: r.Subjects, Covered: r.Covered,
		Findings: show.Each(r.Findings, func(f reports.Finding) jsonFinding {
			return jsonFinding{f.Subject.String(), f.Subject, f.Rule, f.ExpectedText(), f.FoundText(), neverNil(f.Differences),
				&jsonWords{f.Expected, f.Found, f.Under, f.Compared}, number(f.Exchange), number(f.Against)}
		}),
		Unstable: neverNil(r.Unstable), Exchanges: show.Each(r.Exchanges, number), Seconds: inSeconds(r.Duration),
	}
	if r.Waived != nil {
		document.Waived = &jsonWaived{r.Waived.Reason, r.Waived.Until}
	}
	return document
}

func number(x *evidence.Exchange) int {
	if x == nil {
		return 0
	}
	return x.Number
}

// neverNil is the list itself, and never nil: null is none.
func neverNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// inSeconds is a duration in seconds, to the millisecond.
func inSeconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }
