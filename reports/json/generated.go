package json

import (
	"io"
	"time"

	"github.com/libdrives/conformance/reports"
)

// GeneratedFormat is the version of the JSON that WriteGenerated writes. It goes up when a reader of an earlier one could be
// misled; new keys don't make it.
const GeneratedFormat = 1

// WriteGenerated writes for programs what became of faults that were made by code. Lists that are empty are [], not null.
func WriteGenerated(w io.Writer, g *reports.Generated) error {
	type fault struct {
		Name      string   `json:"name"`
		Operator  string   `json:"operator"`
		Place     string   `json:"place"`
		Condition string   `json:"condition"`
		Outcome   string   `json:"outcome"`
		Breaks    []string `json:"breaks"`
		Failed    []string `json:"failed"`
		How       string   `json:"how,omitempty"`
		Reason    string   `json:"reason,omitempty"`
		Problem   string   `json:"problem,omitempty"`
		Seconds   float64  `json:"seconds"`
	}
	type counted struct {
		Name  string                        `json:"name"`
		Score float64                       `json:"score"`
		Of    map[reports.GeneratedKind]int `json:"outcomes"`
	}
	rows := func(counts []reports.GeneratedCount) []counted {
		rows := make([]counted, 0, len(counts))
		for _, c := range counts {
			rows = append(rows, counted{c.Name, c.Score(), c.Of})
		}
		return rows
	}
	faults := make([]fault, 0, len(g.Faults))
	for _, o := range g.Faults {
		faults = append(faults, fault{o.Name, o.Operator, o.Place, o.Condition, string(o.Outcome), neverNil(o.Breaks), neverNil(o.Failed), o.How, o.Reason, o.Problem, inSeconds(o.Duration)})
	}
	return write(w, struct {
		Format      int       `json:"format"`
		Tool        string    `json:"tool"`
		Version     string    `json:"version"`
		Commit      string    `json:"commit"`
		Date        string    `json:"date"`
		Started     string    `json:"started"`
		Seconds     float64   `json:"seconds"`
		Seed        uint64    `json:"seed"`
		Made        int       `json:"made"`
		OK          bool      `json:"ok"`
		Total       counted   `json:"total"`
		ByOperator  []counted `json:"by_operator"`
		ByPlace     []counted `json:"by_place"`
		ByCondition []counted `json:"by_condition"`
		Faults      []fault   `json:"faults"`
	}{GeneratedFormat, g.Tool.Name, g.Tool.Version, g.Tool.Commit, g.Tool.Date, g.Started.UTC().Format(time.RFC3339), inSeconds(g.Duration), g.Seed, g.Made, g.OK(),
		rows([]reports.GeneratedCount{g.Total()})[0], rows(g.ByOperator()), rows(g.ByPlace()), rows(g.ByCondition()), faults})
}
