package json

import (
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// ClientFormat is the version of the JSON that WriteClient writes. It goes up when a reader of an earlier one could be misled;
// new keys don't make it.
const ClientFormat = 1

type clientRun struct {
	Name     string          `json:"name"` // empty where the endpoint is sound
	Why      string          `json:"why"`
	Verdict  reports.Verdict `json:"verdict"`
	Reason   string          `json:"reason"`
	Unsteady bool            `json:"unsteady"`
	Waived   bool            `json:"waived"`
	Output   string          `json:"output"`
	LeftOut  int             `json:"left_out"` // bytes of the output before that
	Requests int             `json:"requests"`
	Last     []string        `json:"last"` // of these, the last ones
	Seconds  float64         `json:"seconds"`
}

type undocumented struct {
	Rule   string `json:"rule"`
	States string `json:"states"`
	Source string `json:"source"`
	Link   string `json:"url"`
	Shape  string `json:"request"`
	Found  string `json:"found"`
	Count  int    `json:"count"`
	First  string `json:"first"` // the variant or fault of the first run that sent it
	Status int    `json:"status"`
	Waived bool   `json:"waived"`
}

type clientWaiver struct {
	Name   string              `json:"name"`
	Reason string              `json:"reason"`
	Until  string              `json:"until"`
	State  reports.WaiverState `json:"state"`
}

// WriteClient writes what a client came to for programs. Lists that are empty are [], not null.
func WriteClient(w io.Writer, c *reports.Client) error {
	return write(w, struct {
		Format       int            `json:"format"`
		Tool         reports.Tool   `json:"tool"`
		Started      string         `json:"started"`
		Seconds      float64        `json:"seconds"`
		Command      []string       `json:"command"`
		Conclusion   string         `json:"conclusion"`
		ExitCode     int            `json:"exit_code"`
		Incomplete   string         `json:"incomplete"`
		Sound        clientRun      `json:"sound"`
		Variants     []clientRun    `json:"variants"`
		Faults       []clientRun    `json:"faults"`
		Undocumented []undocumented `json:"undocumented"`
		Waivers      []clientWaiver `json:"waivers"`
	}{
		ClientFormat, c.Tool, show.Timestamp(c.Started), inSeconds(c.Duration), neverNil(c.Command), c.Conclusion(), c.ExitCode(), c.Incomplete,
		toClientRun(c.Sound), neverNil(show.Each(c.Variants, toClientRun)), neverNil(show.Each(c.Faults, toClientRun)),
		neverNil(show.Each(c.Undocumented, func(u reports.Undocumented) undocumented {
			return undocumented{u.Rule, u.States, u.Source, u.Link, u.Shape, u.Found, u.Count, u.First, u.Status, u.Waived != nil}
		})),
		neverNil(show.Each(c.Waivers, func(w reports.ClientWaiver) clientWaiver { return clientWaiver{w.Name, w.Reason, w.Until, w.State} })),
	})
}

func toClientRun(r reports.ClientRun) clientRun {
	return clientRun{r.Name, r.Why, r.Verdict, r.Reason, r.Unsteady, r.Waived != nil, r.Output, r.LeftOut, r.Requests, neverNil(r.Last), inSeconds(r.Duration)}
}
