package fleet

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/libdrives/conformance/reports/board"
)

// outcomeFile is the file that stands in the place of a report where a run left none.
const outcomeFile = "outcome.json"

// outcome is what a fleet knows of a run that left no report: it could not begin, or its process was killed.
type outcome struct {
	Outcome  int       `json:"outcome"` // the format
	Name     string    `json:"name"`
	Target   string    `json:"target"`
	Started  time.Time `json:"started"`
	ExitCode int       `json:"exit_code"`
	Says     string    `json:"says"`
}

const outcomeFormat = 1

func outcomeOf(t *Target, begun time.Time, o Outcome) outcome {
	return outcome{Name: t.Name, Target: t.URL, Started: begun.UTC(), ExitCode: o.ExitCode, Says: o.Conclusion}
}

func (o outcome) write(w io.Writer) error {
	o.Outcome = outcomeFormat
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(o)
}

func readOutcome(text []byte, file string) (*board.Run, error) {
	var o outcome
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, err
	}
	if o.Outcome != outcomeFormat || o.Name == "" || o.Started.IsZero() {
		return nil, fmt.Errorf("it is not what a fleet writes of a run")
	}
	run := board.Unreported(o.Name, o.Target, file, o.Started, o.ExitCode, o.Says)
	return &run, nil
}
