package json

import (
	"io"
	"time"

	"github.com/libdrives/conformance/reports"
)

// MatrixFormat is the version of the JSON that WriteMatrix writes. It goes up when a reader of an earlier one could be
// misled; new keys don't make it.
const MatrixFormat = 1

// WriteMatrix writes the matrix for programs. Lists that are empty are [], not null.
func WriteMatrix(w io.Writer, m *reports.Matrix) error {
	type fault struct {
		Name       string   `json:"name"`
		Why        string   `json:"why"`
		OK         bool     `json:"ok"`
		Breaks     []string `json:"breaks"`
		Killed     []string `json:"killed"`
		Survived   []string `json:"survived"`
		NotJudged  []string `json:"not_judged"`
		Collateral []string `json:"collateral"`
		Misblamed  []string `json:"misblamed"`
		Problem    string   `json:"problem,omitempty"`
		Detail     string   `json:"story,omitempty"`
		Seconds    float64  `json:"seconds"`
	}
	type variant struct {
		Name    string   `json:"name"`
		Why     string   `json:"why"`
		OK      bool     `json:"ok"`
		Failed  []string `json:"failed"`
		Blocked []string `json:"blocked"`
		Skipped []string `json:"skipped"`
		Problem string   `json:"problem,omitempty"`
		Detail  string   `json:"story,omitempty"`
		Seconds float64  `json:"seconds"`
	}
	faults, variants := make([]fault, 0, len(m.Faults)), make([]variant, 0, len(m.Variants))
	for _, f := range m.Faults {
		faults = append(faults, fault{f.Name, f.Why, f.Caught(), neverNil(f.Breaks), neverNil(f.Killed), neverNil(f.Survived), neverNil(f.NotJudged), neverNil(f.Collateral), neverNil(f.Misblamed),
			f.Problem, f.Detail, inSeconds(f.Duration)})
	}
	for _, v := range m.Variants {
		variants = append(variants, variant{v.Name, v.Why, v.Clean(), neverNil(v.Failed), neverNil(v.Blocked), neverNil(v.Skipped), v.Problem, v.Detail, inSeconds(v.Duration)})
	}
	return write(w, struct {
		Format   int           `json:"format"`
		Tool     string        `json:"tool"`
		Version  string        `json:"version"`
		Commit   string        `json:"commit"`
		Date     string        `json:"date"`
		Started  string        `json:"started"`
		Seconds  float64       `json:"seconds"`
		Partial  bool          `json:"partial"`
		OK       bool          `json:"ok"`
		Score    reports.Score `json:"score"`
		Unkilled []string      `json:"unkilled"`
		Faults   []fault       `json:"faults"`
		Variants []variant     `json:"variants"`
	}{MatrixFormat, m.Tool.Name, m.Tool.Version, m.Tool.Commit, m.Tool.Date, m.Started.UTC().Format(time.RFC3339), inSeconds(m.Duration), m.Partial, m.OK(),
		m.Score(), neverNil(m.Unkilled()), faults, variants})
}
