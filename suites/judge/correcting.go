package judge

import (
	"bytes"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// corrected reports whether all that differs may be a correction: a text that describes the drive is another text now,
// which no request of the scenario said.
func (s Scenario) corrected(m equalJSON, actual any) bool {
	found, err := m.differences(actual)
	return err == nil && len(found) > 0 && !slices.ContainsFunc(found, func(d reports.Difference) bool {
		return !slices.Contains(evidence.Describing[:], d.Path) || !isText(d.Expected) || !isText(d.Found) || s.said(d.Found)
	})
}

// isText reports whether a value, as findings show it, is a text that is not empty.
func isText(shown string) bool { return len(shown) > len(`""`) && shown[0] == '"' }

// said reports whether a request of the scenario that writes held a text, or its beginning; of any, where none is named.
func (s Scenario) said(shown string) bool {
	const enough = 60
	text := []byte(strings.Trim(shown, `"`))
	text = text[:min(len(text), enough)]
	return slices.ContainsFunc(s.latestFirst(), func(x *evidence.Exchange) bool { return !reads(x) && bytes.Contains(x.Request.Body, text) })
}
