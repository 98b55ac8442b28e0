package board

import (
	"encoding/json"
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// Format is the version of the document that WriteJSON makes. It goes up when a reader of an earlier one could be misled; new
// keys don't make it.
const Format = 1

type (
	document struct {
		Board       int                  `json:"board"` // the format: by this key it is told from the report of a run
		Conclusion  string               `json:"conclusion"`
		Newest      string               `json:"newest"`
		Endpoints   []documentEndpoint   `json:"endpoints"`
		Differences []documentDifference `json:"differences"`
		Notes       []string             `json:"notes"`
	}
	documentEndpoint struct {
		Name         string                `json:"name"`
		Target       string                `json:"target"`
		Profile      string                `json:"profile"`
		State        string                `json:"state"` // good, bad or unsure
		Since        string                `json:"since"`
		Runs         []documentRun         `json:"runs"`
		Came         []string              `json:"came"`
		Went         []string              `json:"went"`
		Flaky        []string              `json:"flaky"`
		Requirements []documentRequirement `json:"requirements"`
	}
	documentRun struct {
		Report     string         `json:"report"`
		Started    string         `json:"started"`
		ExitCode   int            `json:"exit_code"`
		Conclusion string         `json:"conclusion"`
		Harm       []string       `json:"harm"`
		Reported   bool           `json:"reported"`
		Counts     reports.Counts `json:"counts"`
		Requests   int            `json:"requests"`
		Median     *float64       `json:"p50_seconds"` // null where it is not known
		P99        *float64       `json:"p99_seconds"`
		Left       int            `json:"left"`
	}
	documentRequirement struct {
		ID      string `json:"id"`
		Level   string `json:"level"`
		Verdict string `json:"verdict"` // pass, fail, advisory, waived, blocked, skip or absent
		Since   string `json:"since"`
		Runs    int    `json:"runs"` // in a row that it is so
		Changes int    `json:"changes"`
		Flaky   bool   `json:"flaky"`
		Message string `json:"message"`
		History string `json:"history"` // a letter for each run: the first of the verdict's, and . for absent
	}
	documentDifference struct {
		Requirement string   `json:"requirement"`
		Fails       []string `json:"fails"` // names of endpoints
		Judged      int      `json:"judged"`
		Everywhere  bool     `json:"everywhere"`
	}
)

// WriteJSON writes the board for programs. The order is fixed: endpoints by trouble, requirements as in the catalogue.
func WriteJSON(w io.Writer, b *Board) error {
	made := document{
		Board: Format, Conclusion: b.Conclusion(), Newest: show.Timestamp(b.Newest), Notes: show.Each(b.Notes, show.OneLine),
		Endpoints: show.Each(b.Endpoints, func(e *Endpoint) documentEndpoint { return e.document(b) }),
		Differences: show.Each(b.Differences, func(d Difference) documentDifference {
			return documentDifference{d.Requirement.ID, show.Each(d.Fails, func(id string) string { return b.Endpoint(id).Name }), d.Judged, d.Everywhere()}
		}),
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(made)
}

func (e *Endpoint) document(b *Board) documentEndpoint {
	same := func(id string) string { return id }
	made := documentEndpoint{
		Name: e.Name, Target: e.Target, Profile: string(e.Profile), State: e.Newest().state(), Since: show.Timestamp(e.Since),
		Runs: show.Each(e.Runs, Run.document), Came: show.Each(e.Came, same), Went: show.Each(e.Went, same), Flaky: show.Each(e.Flaky, same),
		Requirements: []documentRequirement{},
	}
	for i, r := range b.Requirements {
		c := e.Cells[i]
		since := ""
		if c.Lasting > 0 {
			since = show.Timestamp(c.Since)
		}
		made.Requirements = append(made.Requirements, documentRequirement{
			r.ID, string(r.Level), shown(c.Kind).Name, since, c.Lasting, c.Changes, c.Flaky, c.Message, e.History(r.ID),
		})
	}
	return made
}

func (r Run) document() documentRun {
	made := documentRun{
		Report: r.File, Started: show.Timestamp(r.Started), ExitCode: r.ExitCode, Conclusion: r.Conclusion, Harm: show.Each(r.Harm, show.OneLine),
		Reported: !r.Unreported, Counts: r.Counts, Requests: r.Sent, Left: r.Left,
	}
	if l := r.Latency; l != nil {
		median, p99 := float64(l.Median.Milliseconds())/1000, float64(l.P99.Milliseconds())/1000
		made.Median, made.P99 = &median, &p99
	}
	return made
}
