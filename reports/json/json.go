// Package json writes for programs: the report of a run, which it reads back too, a comparison, the matrix of a selftest and
// lists of requirements. The report is the source of all that is said of a run later; schema/report.json describes it.
//
// It must not know the other formats. What it wrote once, later versions go on reading.
package json

import (
	"encoding/json"
	"io"

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
		Harm          []jsonHarm        `json:"harm"` // first, for whoever reads no further
		Format        int               `json:"format"`
		Tool          jsonTool          `json:"tool"`
		Edition       int               `json:"edition"`
		Target        string            `json:"target"`
		Embedded      bool              `json:"embedded"`
		Server        string            `json:"server"`
		Conclusion    string            `json:"conclusion"`
		ExitCode      int               `json:"exit_code"`
		Started       string            `json:"started"`
		Seconds       float64           `json:"seconds"`
		Configuration jsonConfiguration `json:"configuration"`
		Counts        jsonCounts        `json:"counts"`
		Requests      jsonRequests      `json:"requests"`
		Resources     jsonResources     `json:"resources"`
		Settlings     []jsonSettling    `json:"settlings"`
		Plan          *jsonPlan         `json:"plan"`
		Incomplete    string            `json:"incomplete"`
		Withheld      string            `json:"withheld"`
		Unstable      []string          `json:"unstable"`
		Warnings      []string          `json:"warnings"`
		Waivers       []jsonWaiver      `json:"waivers"`
		Baseline      *jsonComparison   `json:"baseline"`
		Areas         []jsonArea        `json:"areas"`
		Requirements  []jsonRequirement `json:"requirements"`
		Exchanges     []jsonExchange    `json:"exchanges"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Commit  string `json:"commit"`
		Date    string `json:"date"`
	}
	jsonConfiguration struct {
		Profile     string `json:"profile"`
		Level       string `json:"level"`
		Select      string `json:"select"`
		LabelFilter string `json:"label_filter"`
		Auth        string `json:"auth"`
		Sample      int    `json:"sample"`
		Seed        uint64 `json:"seed"`
	}
	jsonCounts struct {
		Pass     int `json:"pass"`
		Fail     int `json:"fail"`
		Advisory int `json:"advisory"`
		Waived   int `json:"waived"`
		Skip     int `json:"skip"`
		Blocked  int `json:"blocked"`
	}
	jsonRequests struct {
		Sent    int        `json:"sent"`
		Retried int        `json:"retried"`
		Slowest []jsonCall `json:"slowest"`
		Retries []jsonCall `json:"retries"`
	}
	jsonCall struct {
		Exchange int     `json:"exchange"`
		Method   string  `json:"method"`
		Path     string  `json:"path"`
		Status   int     `json:"status"`
		Failure  string  `json:"failure"`
		Seconds  float64 `json:"seconds"`
	}
	jsonResources struct {
		Made []jsonResource `json:"made"`
		Left []jsonResource `json:"left"`
	}
	jsonResource struct {
		Kind    string `json:"kind"`
		UUID    string `json:"uuid"`
		Name    string `json:"name"`
		Source  string `json:"source"`
		Size    int64  `json:"size"`
		Removed bool   `json:"removed"`
	}
	jsonSettling struct {
		What    string  `json:"what"`
		Times   int     `json:"times"`
		Longest float64 `json:"longest_seconds"`
		Never   int     `json:"never"`
	}
	jsonWaiver struct {
		Requirement string              `json:"requirement"`
		Reason      string              `json:"reason"`
		Until       string              `json:"until"`
		Match       string              `json:"match"`
		State       reports.WaiverState `json:"state"`
		Says        string              `json:"says"`
	}
	jsonComparison struct {
		Old     jsonSide     `json:"old"`
		New     jsonSide     `json:"new"`
		Changes []jsonChange `json:"changes"`
		Notes   []string     `json:"notes"`
	}
	jsonSide struct {
		Target  string `json:"target"`
		Version string `json:"version"`
		Started string `json:"started"`
	}
	jsonChange struct {
		Kind        reports.ChangeKind `json:"kind"`
		Requirement string             `json:"requirement"`
		States      string             `json:"states"`
		Old         string             `json:"old"`
		New         string             `json:"new"`
		Says        string             `json:"says"`
		Fails       bool               `json:"fails"`
	}
	jsonArea struct {
		Name  string `json:"name"`
		Title string `json:"title"`
	}
	jsonRequirement struct {
		ID          string            `json:"id"`
		Area        string            `json:"area"`
		Level       string            `json:"level"`
		Effect      string            `json:"effect"`
		Source      string            `json:"source"`
		States      string            `json:"states"`
		Widened     int               `json:"widened"`
		Verdict     reports.Verdict   `json:"verdict"`
		Gated       bool              `json:"gated"`
		Waived      *jsonWaived       `json:"waived"`
		Message     string            `json:"message"`
		Reason      string            `json:"reason"`
		BlockedBy   string            `json:"blocked_by"`
		Stack       string            `json:"stack,omitempty"`
		Cause       reports.CauseKind `json:"cause"`
		RemovedFrom int               `json:"removed_from,omitempty"` // the exchange
		Subjects    int               `json:"subjects"`
		Findings    []jsonFinding     `json:"findings"`
		Unstable    []string          `json:"unstable"`
		Exchanges   []int             `json:"exchanges"`
		Seconds     float64           `json:"seconds"`
	}
	jsonWaived struct {
		Reason string `json:"reason"`
		Until  string `json:"until"`
	}
	jsonFinding struct {
		Subject     string           `json:"subject"`
		About       jsonSubject      `json:"about"`
		Rule        string           `json:"rule"`
		Expected    string           `json:"expected"`
		Found       string           `json:"found"`
		Differences []jsonDifference `json:"differences"`
		Words       *jsonWords       `json:"words"`    // nil in what earlier versions wrote
		Exchange    int              `json:"exchange"` // 0 where there is none
		Against     int              `json:"against"`
	}
	jsonWords struct {
		Expected string     `json:"expected"`
		Found    string     `json:"found"`
		Under    string     `json:"under"`
		Compared *jsonSides `json:"compared,omitempty"`
	}
	jsonSides struct {
		There string `json:"there"`
		Here  string `json:"here"`
	}
	jsonSubject struct {
		Kind  string `json:"kind"`
		UUID  string `json:"uuid"`
		Name  string `json:"name"`
		Words string `json:"words"`
	}
	jsonDifference struct {
		In       string       `json:"in"`
		Path     string       `json:"path"`
		Expected string       `json:"expected"`
		Found    string       `json:"found"`
		Value    string       `json:"value,omitempty"`
		Drive    *jsonSubject `json:"drive,omitempty"`
		Note     string       `json:"note,omitempty"`
	}
)

// Write writes the report for programs: the source of all that is said of a run. The order is fixed, lists that are
// empty are [] and not null, and nothing in it tells more than the redacted record does. Of a result's exchanges the
// first five that its findings name are there whole, with bodies up to 20 KiB, and the others in a line.
func Write(w io.Writer, r *reports.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(toJSON(r))
}

func toJSON(r *reports.Report) jsonReport {
	c, counts := r.Configuration, r.Counts()
	document := jsonReport{
		Format: Format, Tool: jsonTool(r.Tool), Edition: r.Edition, Target: r.Target, Embedded: r.Embedded, Server: r.Server,
		Conclusion: r.Conclusion(), ExitCode: r.ExitCode(), Started: show.Timestamp(r.Started), Seconds: inSeconds(r.Duration),
		Configuration: jsonConfiguration{string(c.Profile), string(c.Level), c.Select, c.LabelFilter, c.Auth, c.Sample, c.Seed},
		Counts:        jsonCounts{counts.Pass, counts.Fail, counts.Advisory, counts.Waived, counts.Skip, counts.Blocked},
		Requests:      jsonRequests{r.Requests.Sent, r.Requests.Retried, show.Each(r.Requests.Slowest, toJSONCall), show.Each(r.Requests.Retries, toJSONCall)},
		Resources:     jsonResources{show.Each(r.Resources.Made, toJSONResource), show.Each(r.Resources.Left, toJSONResource)},
		Settlings: show.Each(r.Settlings, func(s reports.Settling) jsonSettling {
			return jsonSettling{s.What, s.Times, inSeconds(s.Longest), s.Never}
		}),
		Harm: show.Each(r.Harm, toJSONHarm), Plan: toJSONPlan(r.Plan),
		Incomplete: r.Incomplete, Withheld: r.Withheld, Unstable: neverNil(r.Unstable), Warnings: neverNil(r.Warnings),
		Waivers: show.Each(r.Waivers, func(w reports.WaiverOutcome) jsonWaiver {
			return jsonWaiver{w.Requirement, w.Reason, w.Until, w.Match, w.State, w.Says}
		}),
		Areas:        show.Each(r.Areas, func(a requirement.Area) jsonArea { return jsonArea(a) }),
		Requirements: show.Each(r.Results, toJSONRequirement),
		Exchanges:    jsonExchanges(r),
	}
	if r.Baseline != nil {
		document.Baseline = toJSONComparison(r.Baseline)
	}
	return document
}

func toJSONCall(c reports.Call) jsonCall {
	return jsonCall{c.Exchange, c.Method, c.Path, c.Status, c.Failure, inSeconds(c.Duration)}
}

func toJSONResource(r reports.Resource) jsonResource { return jsonResource(r) }

func toJSONComparison(c *reports.Comparison) *jsonComparison {
	return &jsonComparison{toJSONSide(c.Old), toJSONSide(c.New), show.Each(c.Changes, func(c reports.Change) jsonChange { return jsonChange(c) }), neverNil(c.Notes)}
}

func toJSONSide(s reports.Side) jsonSide {
	return jsonSide{s.Target, s.Version, show.Timestamp(s.Started)}
}

func toJSONRequirement(r reports.Result) jsonRequirement {
	document := jsonRequirement{
		ID: r.Requirement.ID, Area: r.Requirement.Area, Level: string(r.Requirement.Level), Effect: string(r.Requirement.Effect),
		Source: r.Requirement.Source, States: r.Requirement.States, Widened: r.Requirement.Widened,
		Verdict: r.Verdict, Gated: r.Gated, Message: r.Message(), Reason: r.Reason, BlockedBy: r.BlockedBy, Stack: r.Stack, Cause: r.Cause.Kind, RemovedFrom: r.Cause.RemovedFrom, Subjects: r.Subjects,
		Findings: show.Each(r.Findings, func(f reports.Finding) jsonFinding {
			return jsonFinding{f.Subject.String(), jsonSubject(f.Subject), f.Rule, f.ExpectedText(), f.FoundText(), show.Each(f.Differences, toJSONDifference),
				&jsonWords{f.Expected, f.Found, f.Under, (*jsonSides)(f.Compared)}, number(f.Exchange), number(f.Against)}
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

func toJSONDifference(d reports.Difference) jsonDifference {
	made := jsonDifference{In: string(d.In), Path: d.Path, Expected: d.Expected, Found: d.Found, Value: d.Value, Note: d.Note}
	if d.Drive != (reports.Subject{}) {
		made.Drive = (*jsonSubject)(&d.Drive)
	}
	return made
}
