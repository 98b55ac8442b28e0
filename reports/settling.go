package reports

import (
	"fmt"
	"time"
)

// Settling is how long something took to show after the writes that bring it about.
type Settling struct {
	What    string        // "a clone is listed"
	Times   int           // how often it was waited for
	Longest time.Duration // from the write to the look that showed it; 0 where the first one did
	Never   int           // how often it did not show within the settling time
}

// slowSettling is how long a write may take to show before people are informed.
const slowSettling = time.Second

// Trailed says what took long to show after a write, one sentence each.
func (r *Report) Trailed() []string {
	var lines []string
	for _, s := range r.Settlings {
		line := ""
		if s.Longest > slowSettling {
			line = fmt.Sprintf("took up to %s after its write", s.Longest.Round(100*time.Millisecond))
		}
		if s.Never > 0 {
			if line != "" {
				line += ", and "
			}
			line += fmt.Sprintf("did not come within the settling time %d of %d times", s.Never, s.Times)
		}
		if line != "" {
			lines = append(lines, fmt.Sprintf("That %s %s.", s.What, line))
		}
	}
	return lines
}
