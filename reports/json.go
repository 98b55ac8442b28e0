package reports

import (
	"encoding/json"
	"io"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// JSONFormat is the version of the JSON that JSON writes. It goes up when a reader of an earlier one could be misled;
// new keys don't make it.
const JSONFormat = 1

// The document that JSON writes; schema/report.json describes it for others.
type (
	jsonReport struct {
		Format        int               `json:"format"`
		Tool          jsonTool          `json:"tool"`
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
	jsonWaiver struct {
		Requirement string      `json:"requirement"`
		Reason      string      `json:"reason"`
		Until       string      `json:"until"`
		Match       string      `json:"match"`
		State       WaiverState `json:"state"`
		Says        string      `json:"says"`
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
		Kind        ChangeKind `json:"kind"`
		Requirement string     `json:"requirement"`
		States      string     `json:"states"`
		Old         string     `json:"old"`
		New         string     `json:"new"`
		Says        string     `json:"says"`
	}
	jsonArea struct {
		Name  string `json:"name"`
		Title string `json:"title"`
	}
	jsonRequirement struct {
		ID          string        `json:"id"`
		Area        string        `json:"area"`
		Level       string        `json:"level"`
		Effect      string        `json:"effect"`
		Source      string        `json:"source"`
		States      string        `json:"states"`
		Verdict     Verdict       `json:"verdict"`
		Gated       bool          `json:"gated"`
		Waived      *jsonWaived   `json:"waived"`
		Message     string        `json:"message"`
		Reason      string        `json:"reason"`
		BlockedBy   string        `json:"blocked_by"`
		RemovedFrom int           `json:"removed_from,omitempty"` // the exchange
		Subjects    int           `json:"subjects"`
		Findings    []jsonFinding `json:"findings"`
		Unstable    []string      `json:"unstable"`
		Exchanges   []int         `json:"exchanges"`
		Seconds     float64       `json:"seconds"`
	}
	jsonWaived struct {
		Reason string `json:"reason"`
		Until  string `json:"until"`
	}
	jsonFinding struct {
		Subject  string `json:"subject"`
		Rule     string `json:"rule"`
		Expected string `json:"expected"`
		Found    string `json:"found"`
		Exchange int    `json:"exchange"` // 0 where there is none
		Against  int    `json:"against"`
	}
)

// JSON writes the report for programs: the source of all that is said of a run. The order is fixed, lists that are
// empty are [] and not null, and nothing in it tells more than the redacted record does. Of a result's exchanges the
// first five that its findings name are there whole, with bodies up to 20 KiB, and the others in a line.
func JSON(w io.Writer, r *Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(toJSON(r))
}

func toJSON(r *Report) jsonReport {
	c, counts := r.Configuration, r.Counts()
	document := jsonReport{
		Format: JSONFormat, Tool: jsonTool(r.Tool), Target: r.Target, Embedded: r.Embedded, Server: r.Server,
		Conclusion: r.Conclusion(), ExitCode: r.ExitCode(), Started: timestamp(r.Started), Seconds: inSeconds(r.Duration),
		Configuration: jsonConfiguration{string(c.Profile), string(c.Level), c.Select, c.LabelFilter, c.Auth, c.Sample, c.Seed},
		Counts:        jsonCounts{counts.Pass, counts.Fail, counts.Advisory, counts.Waived, counts.Skip, counts.Blocked},
		Requests:      jsonRequests{r.Requests.Sent, r.Requests.Retried, each(r.Requests.Slowest, toJSONCall), each(r.Requests.Retries, toJSONCall)},
		Resources:     jsonResources{each(r.Resources.Made, toJSONResource), each(r.Resources.Left, toJSONResource)},
		Incomplete:    r.Incomplete, Withheld: r.Withheld, Unstable: neverNil(r.Unstable), Warnings: neverNil(r.Warnings),
		Waivers: each(r.Waivers, func(w WaiverOutcome) jsonWaiver {
			return jsonWaiver{w.Requirement, w.Reason, w.Until, w.Match, w.State, w.Says}
		}),
		Areas:        each(r.Areas, func(a requirement.Area) jsonArea { return jsonArea(a) }),
		Requirements: each(r.Results, toJSONRequirement),
		Exchanges:    r.jsonExchanges(),
	}
	if r.Baseline != nil {
		document.Baseline = toJSONComparison(r.Baseline)
	}
	return document
}

// each makes a list of another, and never nil.
func each[A, B any](list []A, of func(A) B) []B {
	made := make([]B, 0, len(list))
	for _, item := range list {
		made = append(made, of(item))
	}
	return made
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func toJSONCall(c Call) jsonCall {
	return jsonCall{c.Exchange, c.Method, c.Path, c.Status, c.Failure, inSeconds(c.Duration)}
}

func toJSONResource(r Resource) jsonResource { return jsonResource(r) }

func toJSONComparison(c *Comparison) *jsonComparison {
	return &jsonComparison{toJSONSide(c.Old), toJSONSide(c.New), each(c.Changes, func(c Change) jsonChange { return jsonChange(c) }), neverNil(c.Notes)}
}

func toJSONSide(s Side) jsonSide { return jsonSide{s.Target, s.Version, timestamp(s.Started)} }

func toJSONRequirement(r Result) jsonRequirement {
	document := jsonRequirement{
		ID: r.Requirement.ID, Area: r.Requirement.Area, Level: string(r.Requirement.Level), Effect: string(r.Requirement.Effect),
		Source: r.Requirement.Source, States: r.Requirement.States,
		Verdict: r.Verdict, Gated: r.Gated, Message: r.message(), Reason: r.Reason, BlockedBy: r.BlockedBy, RemovedFrom: r.RemovedFrom, Subjects: r.Subjects,
		Findings: each(r.Findings, func(f Finding) jsonFinding {
			return jsonFinding{f.Subject, f.Rule, f.Expected, f.Found, number(f.Exchange), number(f.Against)}
		}),
		Unstable: neverNil(r.Unstable), Exchanges: each(r.Exchanges, number), Seconds: inSeconds(r.Duration),
	}
	if r.Waived != nil {
		document.Waived = &jsonWaived{r.Waived.Reason, r.Waived.Until}
	}
	return document
}

// message is what there is to say of a result in one line; nothing of one that passed.
func (r Result) message() string {
	switch r.Verdict {
	case Fail:
		return r.summary()
	case Skip, Blocked:
		return oneLine(because(r))
	}
	return ""
}

func number(x *evidence.Exchange) int {
	if x == nil {
		return 0
	}
	return x.Number
}

// exchanges are those that the results rest on, and of these the ones that are shown whole. They stand in the order in
// which the results name them, because their numbers depend on which of many requests was answered first.
func (r *Report) exchanges() (all []*evidence.Exchange, whole map[*evidence.Exchange]bool) {
	known := map[*evidence.Exchange]bool{}
	whole = map[*evidence.Exchange]bool{}
	add := func(x *evidence.Exchange) {
		if x != nil && !known[x] {
			known[x] = true
			all = append(all, x)
		}
	}
	for _, result := range r.Results {
		for _, x := range result.Exchanges {
			add(x)
		}
		if len(result.Findings) == 0 {
			continue
		}
		for i, x := range exhibits(result) {
			add(x)
			whole[x] = whole[x] || i < mostExchanges
		}
	}
	return all, whole
}
